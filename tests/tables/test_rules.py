"""The rules about rates, shares, sizes and sources, each on a table that breaks it and one that does not."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from support.tidy_files import full_tidy, tidy, write

from zwkprognose.names import label
from zwkprognose.tables import Source, Table, check, read_table
from zwkprognose.tables.frame import cells_frame


def _table(file: str = "a.csv", **columns: object) -> Table:
    """One or more cells of area "a", 2020, population of everybody unless said otherwise."""
    given = {"area": "a", "year": 2020, "variable": "population", "status": "number", "file": file, **columns}
    length = max(len(v) for v in given.values() if isinstance(v, list))
    return Table(cells_frame({"line": list(range(1, length + 1)), **given}), Source(file, "tidy"))


def _rules(*tables: Table) -> set[str]:
    return set(check(*tables).frame["rule"])


def test_fractional_counts_are_said_once_per_file(tmp_path: Path) -> None:
    rows = [row + ",5" for row in full_tidy(["0101"])]
    found = check(read_table(write(tmp_path, tidy(rows)))).warnings.frame
    assert found["rule"].tolist() == ["T10"]
    assert found["value"].tolist() == [24]
    assert "100,5" in found["message"].iloc[0]


@pytest.mark.parametrize(("value", "wrong"), [(0.0, False), (1.0, False), (1.01, True), (-0.01, True)])
def test_probabilities_lie_between_zero_and_one(value: float, wrong: bool) -> None:
    assert ("T22" in _rules(_table(variable="death_prob", value=[value]))) == wrong
    assert ("T22" in _rules(_table(variable="population_share/high", value=[value]))) == wrong


@pytest.mark.parametrize(("rate", "wrong"), [(45.0, False), (0.045, True), (450.0, True)])
def test_fertility_is_that_of_a_population(rate: float, wrong: bool) -> None:
    ages = [float(age) for age in range(15, 50)]
    table = _table(variable="births_per_1000_women", value=[rate] * 35, age_from=ages, age_to=[age + 1 for age in ages])
    assert ("T22" in _rules(table)) == wrong


@pytest.mark.parametrize(
    ("rates", "wrong"),
    [([0.15, 0.15], False), ([0.15, 0.149], True), ([4.5, 4.5], False), ([4.5, 4.51], True)],
)
@pytest.mark.parametrize(("variable", "women"), [("births_per_woman", 1), ("births_per_1000_women", 1000)])
def test_three_tenths_to_nine_children_per_woman_are_possible(
    variable: str, women: int, rates: list[float], wrong: bool
) -> None:
    given = {"variable": variable, "age_from": [25.0, 26.0], "age_to": [26.0, 27.0]}
    assert ("T22" in _rules(_table(value=[women * rate for rate in rates], **given))) == wrong


def test_death_and_survival_add_up_to_one() -> None:
    both = {"variable": ["death_prob", "survival_prob"], "age_from": [70.0, 70.0], "age_to": [71.0, 71.0]}
    assert "T23" not in _rules(_table(value=[0.02, 0.98], **both))
    assert "T23" in _rules(_table(value=[0.02, 0.97], **both))


@pytest.mark.parametrize(("share", "wrong"), [(0.3, False), (0.2, True), (0.25, True)])
def test_a_share_of_women_is_held_against_the_women(share: float, wrong: bool) -> None:
    """30 of 100 women are 65 and older, 20 of 100 men, 50 of 200 persons."""
    ages = {"age_from": [0.0, 65.0, 0.0, 65.0], "age_to": [65.0, float("nan"), 65.0, float("nan")]}
    stock = _table(value=[70.0, 30.0, 80.0, 20.0], sex=["female", "female", "male", "male"], **ages)
    printed = _table(
        "b.csv", variable="population_share", value=[share], sex="female", age_from=[65.0], age_to=[float("nan")]
    )
    assert ("T24" in _rules(stock, printed)) == wrong


@pytest.mark.parametrize(("share", "wrong"), [(0.2, False), (0.17, True)])
def test_printed_shares_agree_with_printed_counts(share: float, wrong: bool) -> None:
    stock = _table(value=[80.0, 20.0], age_from=[0.0, 65.0], age_to=[65.0, float("nan")])
    printed = _table("b.csv", variable="population_share", value=[share], age_from=[65.0], age_to=[float("nan")])
    findings = check(stock, printed)
    assert ("T24" in set(findings.warnings.frame["rule"])) == wrong
    if wrong:
        assert "ausgewiesen 17 %, nach den Anzahlen 20 %" in findings.summary()


@pytest.mark.parametrize(
    ("first", "end", "share", "counted"),
    [
        (0.0, 6.0, 0.3, None),  # 100 + 200 of 1000
        (0.0, 6.0, 0.25, "ausgewiesen 25 %, nach den Anzahlen 30 %"),
        (3.0, 18.0, 0.5, None),  # 200 + 300
        (3.0, 18.0, 0.7, "ausgewiesen 70 %, nach den Anzahlen 50 %"),
        (6.0, 65.0, 0.3, None),  # 6 to 17 is known, 18 to 64 only with the oldest: nothing can be said
        (4.0, 18.0, 0.3, None),  # 4 and 5 are not known alone
    ],
)
def test_printed_shares_of_closed_ages_are_counted_from_the_cells_inside(
    first: float, end: float, share: float, counted: str | None
) -> None:
    """0–2: 100, 3–5: 200, 6–17: 300, 18 and older: 400."""
    stock = _table(value=[100.0, 200.0, 300.0, 400.0], age_from=[0.0, 3.0, 6.0, 18.0],
                   age_to=[3.0, 6.0, 18.0, float("nan")])  # fmt: skip
    printed = _table("b.csv", variable="population_share", value=[share], age_from=[first], age_to=[end])
    found = check(stock, printed).frame
    said = found.loc[found["rule"] == "T24", "message"].tolist()
    assert len(said) == (counted is not None)
    assert counted is None or counted in said[0]


@pytest.mark.parametrize(
    ("head", "row", "said"),
    [
        ("insgesamt;65 und älter;in %", "280.726;60.301;17,16", "ausgewiesen 17,16 %, nach den Anzahlen 21,48 %."),
        ("insgesamt;65 und älter;in %", "280.726;60.301;21,48", None),
        (
            "insgesamt;unter 18;in %;18 bis 64;in %;65 und älter;in %", "1.000;170;17;600;60;230;17",
            "ausgewiesen 17 %, nach den Anzahlen 23 %. So groß ist der Anteil im Alter 0 bis 17.",
        ),
    ],
)  # fmt: skip
def test_a_share_that_slipped_into_another_column_is_said(
    tmp_path: Path, head: str, row: str, said: str | None
) -> None:
    """Kreis Düren prints 17.16 % beside 60,301 persons of 65 and older among 280,726, without the ages between."""
    path = tmp_path / "kreis.csv"
    path.write_text(f"Einwohner am 31.12.2023\nKreis;{head}\nKreis Düren;{row}\n", encoding="utf-8")
    found = check(read_table(path)).frame
    messages = found.loc[found["rule"] == "T24", "message"].tolist()
    assert len(messages) == (said is not None)
    assert said is None or said in messages[0]


def test_collective_keys_and_small_areas_are_said() -> None:
    table = _table(area=["00000000", "01011101"], value=[30.0, 700.0])
    found = check(table).frame
    assert found.loc[found["rule"] == "T18", "area"].tolist() == ["00000000"]
    sizes = found.loc[found["rule"] == "T17", "message"]
    assert [text.split(";")[0] for text in sizes] == [
        "Gebiete unter 500 Personen: 1 von 2",
        "Gebiete unter 1.000 Personen: 2 von 2",
        "Gebiete unter 8.000 Personen: 2 von 2",
    ]


def test_unknown_ages_are_said() -> None:
    found = check(_table(value=[3.0], age_from=[float("nan")], age_to=[float("nan")])).warnings.frame
    assert found["rule"].tolist() == ["T12"]
    assert "3 Personen ohne Altersangabe" in found["message"].iloc[0]


def test_mixed_gebietsstand_is_said() -> None:
    old, new = (
        Table(table.cells, replace(table.source, gebietsstand=stand))
        for table, stand in ((_table(value=[9.0]), "1.1.2019"), (_table("b.csv", year=2021, value=[9.0]), "1.1.2021"))
    )
    assert "T20" in _rules(old, new)
    assert "T20" not in _rules(old, old.with_cells(new.cells))


def test_two_sources_that_agree_are_no_duplicate() -> None:
    assert "T01" not in _rules(_table(value=[9.0]), _table("b.csv", value=[9.0]))
    assert "T01" in _rules(_table(value=[9.0]), _table("b.csv", value=[10.0]))


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ([10_000, 10_000], [10_400, 10_400], True),  # 800 persons, 4 %
        ([10_000, 10_000], [10_300, 10_300], False),  # 3 %, as much as a town may
        ([10_000, 10_000], [10_300, 10_301], True),
        ([3_000, 3_000], [3_150, 3_150], False),  # 5 %, but 300 persons
        ([3_000, 3_000], [3_150, 3_151], True),
        ([10_000, 10_000], [9_600, 9_600], True),
        ([20_000], [20_800], False),  # a single area may grow more
    ],
)
def test_all_areas_together_change_little_in_a_year(before: list[int], after: list[int], told: bool) -> None:
    areas = list("ab"[: len(before)])
    given = {"area": areas * 2, "year": [2020] * len(areas) + [2021] * len(areas), "value": [*before, *after]}
    found = check(_table(**given)).frame
    whole = found[found["message"].str.startswith("Alle Gebiete zusammen, 2021: Sprung von ")]
    assert whole["rule"].tolist() == ["T21"] * told
    births = {name: [*column, column[0]] for name, column in given.items()}
    births |= {"variable": ["population"] * 2 * len(areas) + ["births"]}
    assert not check(_table(**births)).frame["message"].str.startswith("Alle Gebiete zusammen").any()


def test_sudden_growth_without_known_events() -> None:
    grown = _table(year=[2020, 2021], value=[1000.0, 1600.0])
    assert "T21" in _rules(grown)
    slow = _table(year=[2016, 2020], value=[1000.0, 1600.0])  # 15 % a year over four years
    assert "T21" not in _rules(slow)


def test_every_rule_has_a_german_name_and_every_finding_a_remedy() -> None:
    for number in range(1, 33):
        assert label("rules", f"T{number:02d}") != f"T{number:02d}"
    negative = check(_table(value=[-1.0])).frame
    assert negative["remedy"].ne("").all()
    assert isinstance(negative, pd.DataFrame)


@pytest.mark.shared
def test_konstanz_quota_of_main_residents_does_not_fit_pyramids_with_second_homes(shared: Path) -> None:
    folder = shared / "data/konstanz/bevoelkerung"
    quota = read_table(folder / "jugend_altenquote.csv")
    good = [folder / f"pyramiden/pyramide_{year}.csv" for year in (2009, 2010, 2023, 2025)]
    assert "T24" not in _rules(quota, read_table(good))
    findings = check(quota, read_table(folder / "pyramiden/pyramide_2004.csv")).warnings.frame
    assert {"T19", "T24"} <= set(findings["rule"])


@pytest.mark.shared
def test_konstanz_events_do_not_explain_the_short_pyramid(shared: Path) -> None:
    folder = shared / "data/konstanz/bevoelkerung"
    stock = read_table([folder / f"pyramiden/pyramide_{year}.csv" for year in range(2017, 2024)])
    flows = read_table([folder / "natuerliche_entwicklung.csv", folder / "zu_und_wegzug.csv"])
    found = check(stock, flows).warnings.frame
    assert found.loc[found["rule"] == "T21", "year"].tolist() == [2020, 2021]  # 658 missing, then back again
