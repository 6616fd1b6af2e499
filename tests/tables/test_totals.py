"""Rows for the whole town among its quarters, exact or not: nobody is counted twice, and no quarter is lost."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy.stats import chi2
from support.tidy_files import write

from zwkprognose.errors import ZwkError
from zwkprognose.inputs import build_inputs
from zwkprognose.tables import check, read_table
from zwkprognose.tables.areas.doubled import families
from zwkprognose.tables.areas.nested import agrees, by_chance

AGES = (("0", "17"), ("18", "64"), ("65", "79"), ("80", ""))
#: Share of each sex and age group in a town.
SHAPE = np.array([0.09, 0.31, 0.07, 0.02, 0.085, 0.305, 0.08, 0.04])
#: Smaller quarters leave only the name to tell a total by: noise of three in every cell is as large as chance.
HUNDREDS = np.array([120, 400, 90, 30, 115, 400, 100, 60])
NAMES = (
    "Insgesamt", "insg.", "zus.", "zusammen", "ges.", "Sa.", "Summe", "Σ", "Gesamtergebnis", "Alle", "Stadt Auental",
    "Auental", "Stadt insgesamt", "Total",
)  # fmt: skip


def quarters(seed: int, number: int) -> np.ndarray:
    """Persons [quarter, group] of a town without any rule but chance: sizes, ages and counts are drawn."""
    random = np.random.default_rng(seed)
    sizes = np.exp(random.uniform(np.log(300), np.log(20_000), number))
    shape = SHAPE * random.uniform(0.8, 1.2, (number, len(SHAPE)))
    return random.poisson(sizes[:, np.newaxis] * shape)


def crosstab(names: list[str], counts: np.ndarray) -> str:
    """Areas down, ages across, a row for each sex."""
    header = ";".join(f"{a} bis {b}" if b else f"{a} und älter" for a, b in AGES)
    rows = [
        f"{name};{sex};{';'.join(map(str, own))}"
        for name, row in zip(names, counts, strict=True)
        for sex, own in zip(("männlich", "weiblich"), np.split(row, 2), strict=True)
    ]
    return "\n".join(["Einwohner am 31.12.2023", f"Stadtteil;Geschlecht;{header}", *rows]) + "\n"


def simple(names: list[str], counts: np.ndarray) -> str:
    """The same as one row per cell, with keys beside the names."""
    rows = [
        f"2023;{i:02d};{name};{sex};{a};{b};{count}"
        for i, (name, row) in enumerate(zip(names, counts, strict=True), start=1)
        for (sex, (a, b)), count in zip(((s, age) for s in "mw" for age in AGES), row, strict=True)
    ]
    return "\n".join(["jahr;gebiet;name;geschlecht;alter_von;alter_bis;anzahl", *rows]) + "\n"


def persons(text: str) -> tuple[float, bool]:
    """People of the inputs built from a file, ``-1`` where it is refused; and whether the check complains of areas."""
    with TemporaryDirectory() as folder:
        path = write(Path(folder), text)
        try:
            table = read_table(path)
        except ZwkError:
            return -1.0, True
    has_error = not {"T16", "T26"}.isdisjoint(check(table).frame["rule"])
    try:
        return round(float(build_inputs(table)["population"].sum()), 6), has_error
    except ZwkError:
        return -1.0, has_error


def distorted(counts: np.ndarray, way: str, seed: int) -> np.ndarray:
    """Counts as an office prints them."""
    random = np.random.default_rng(seed)
    if way == "noise":
        return np.where(counts > 0, np.maximum(counts + random.integers(-3, 4, counts.shape), 0), 0)
    return 5 * np.round(counts / 5).astype(int) if way == "rounded" else counts


@settings(max_examples=25)
@given(
    st.integers(0, 2**32 - 1), st.integers(2, 9), st.sampled_from(NAMES), st.booleans(), st.booleans(),
    st.sampled_from(["exact", "noise", "rounded", "unplaced", "lost"]),
)  # fmt: skip
def test_a_row_of_the_town_is_never_one_more_quarter(
    seed: int, number: int, name: str, is_first: bool, is_tidy: bool, way: str
) -> None:
    parts = quarters(seed, number)
    if name == "Auental":
        parts = parts + HUNDREDS
    town = parts.sum(axis=0)
    if way == "unplaced":
        town = town + np.random.default_rng(seed).poisson(0.002 * town)
    printed = distorted(np.vstack([parts, town]), way, seed)
    if way == "lost" and number > 2:
        printed = np.delete(printed, seed % number, axis=0)
    names = [f"Quartier {chr(65 + i)}" for i in range(len(printed) - 1)]
    at = 0 if is_first else len(names)
    rows = np.insert(printed[:-1], at, printed[-1], axis=0)
    found, has_error = persons((simple if is_tidy else crosstab)([*names[:at], name, *names[at:]], rows))
    if way == "lost" and number > 2 and name == "Auental":
        return  # a name like that of any quarter, and numbers that are no sum: nothing tells the town
    assert found in (-1.0, printed[:-1].sum())
    assert has_error == (found == -1.0)
    hard = name not in ("Auental", "Stadt Auental", "Alle")
    if way != "lost" and hard:
        assert found == printed[:-1].sum()


@settings(max_examples=25)
@given(st.integers(0, 2**32 - 1), st.integers(1, 12), st.booleans())
def test_a_town_without_a_total_loses_no_quarter(seed: int, number: int, is_tidy: bool) -> None:
    counts = quarters(seed, number)
    names = [f"Quartier {chr(65 + i)}" for i in range(number)]
    found, has_error = persons((simple if is_tidy else crosstab)(names, counts))
    assert (found, has_error) == (counts.sum(), False)


@pytest.mark.parametrize("beside", [[], [[0, 1, 0, 0, 0, 0, 1, 0]], [[0] * 8], [[0] * 8, [0, 0, 1, 0, 0, 0, 0, 0]]])
def test_quarters_of_one_size_are_no_total_of_each_other(beside: list[list[int]]) -> None:
    one, other = [90, 300, 100, 20, 95, 310, 105, 31], [91, 299, 101, 20, 95, 311, 104, 31]
    counts = np.array([one, other, *beside])
    assert persons(crosstab([f"Quartier {i}" for i in range(len(counts))], counts)) == (counts.sum(), False)


def test_quarters_of_one_shape_are_no_total_of_each_other() -> None:
    """A little more than two others together in every cell: no noise goes one way only."""
    shape = np.array([26, 90, 31, 14, 26, 88, 36, 16])
    counts = np.array([shape, shape + 1, np.round(2.2 * shape).astype(int), [0, 1, 0, 0, 0, 1, 0, 0]])
    assert persons(crosstab([f"Quartier {i}" for i in range(4)], counts)) == (counts.sum(), False)


@settings(max_examples=12)
@given(st.integers(0, 2**32 - 1), st.sampled_from(["exact", "noise", "rounded"]), st.booleans())
@example(1_920_712_149, "noise", False)  # one of the two is told from chance only because the other is a sum
def test_districts_among_their_quarters(seed: int, way: str, is_before: bool) -> None:
    """Subtotals under a name of their own, nearly right: refused by name, and the finest areas hold everybody."""
    parts = quarters(seed, 7) + HUNDREDS
    groups = ([0, 1, 2], [3, 4, 5, 6])
    rows, names = [], []
    for label, group in zip("NS", groups, strict=True):
        own = [(f"Quartier {i}", parts[i]) for i in group]
        whole = (f"Viertel {label}", parts[group].sum(axis=0))
        block = [whole, *own] if is_before else [*own, whole]
        names += [name for name, _ in block]
        rows += [row for _, row in block]
    printed = distorted(np.array(rows), way, seed)
    with TemporaryDirectory() as folder:
        table = read_table(write(Path(folder), crosstab(names, printed)))
    found = check(table).errors.frame
    assert sorted(found["area"]) == ["Viertel N", "Viertel S"]
    with pytest.raises(ZwkError, match="Viertel N"):
        build_inputs(table)
    finest = build_inputs(table, areas="feinste")["population"]
    assert round(float(finest.sum()), 6) == printed[[name.startswith("Quartier") for name in names]].sum()


def test_named_subtotals_are_left_out_with_the_difference_said() -> None:
    parts = quarters(3, 4)
    north, south = parts[:2].sum(axis=0), parts[2:].sum(axis=0)
    north[1] += 4
    names = ["Hafen", "Markt", "Altstadt Ergebnis", "Berg", "Tal", "Neustadt Ergebnis", "Gesamtergebnis"]
    text = crosstab(names, np.vstack([parts[:2], north, parts[2:], south, north + south]))
    with TemporaryDirectory() as folder:
        table = read_table(write(Path(folder), text))
    assert sorted(table.cells["area"].unique()) == ["Berg", "Hafen", "Markt", "Tal"]
    said = check(table).warnings.frame["message"].tolist()
    assert any("„Altstadt Ergebnis“" in text and "(Unterschied 4" in text for text in said)
    assert any("„Gesamtergebnis“" in text and "(Unterschied 4" in text for text in said)
    assert not any("Neustadt" in text for text in said)


def test_a_sum_is_told_from_chance() -> None:
    parts = np.array([[90, 300, 100, 95, 310, 105], [80, 250, 70, 85, 255, 75]])
    assert agrees(parts.sum(axis=0) + np.array([0, 0, 0, 0, 0, 5]), parts, 1e-4)
    assert not agrees(parts.sum(axis=0) + np.array([30, -40, 20, -10, 30, 20]), parts, 1e-4)
    assert not agrees(parts[0], np.vstack([parts[0], np.zeros(6)]), 1e-4)


def test_how_near_a_sum_is_by_chance_is_a_chi_square() -> None:
    """Each count apart from its sum by chance twice over and by a twentieth of it; a half stands for whole numbers."""
    summed = np.array([200.0, 0.0, 50.0, 900.0])
    gap = np.array([3.0, 0.0, -2.0, 40.0])
    told = [0, 2, 3]  # where nobody is, nothing is told
    distance = sum((gap[i] ** 2 + 1 / 12) / (2 * summed[i] + (0.05 * summed[i]) ** 2) for i in told)
    assert by_chance(gap, summed) == pytest.approx(chi2.cdf(distance, len(told)), rel=1e-12)
    assert by_chance(np.zeros(3), np.zeros(3)) == 1.0


def test_families_of_keys() -> None:
    assert families(["Süd", "Südstadt", "A", "AB"]) == {}
    assert families(["01.1", "01", "02"]) == {"01": ["01.1"]}
    assert families(["DG", "11", "11000", "11001"]) == {"11": ["11000", "11001"], "DG": ["11"]}


def test_persons_without_a_quarter_stay_and_are_said() -> None:
    parts = np.vstack([quarters(5, 3), [[3, 9, 2, 1, 2, 8, 3, 1]]])
    names = ["Hafen", "Markt", "Tal", "nicht zuzuordnen"]
    with TemporaryDirectory() as folder:
        table = read_table(write(Path(folder), crosstab([*names, "Insgesamt"], np.vstack([parts, parts.sum(axis=0)]))))
    assert float(build_inputs(table)["population"].sum()) == pytest.approx(parts.sum())
    (said,) = check(table).warnings.frame.query("rule == 'T32'")["message"]
    assert "29 Personen am 31.12.2023" in said


def test_an_open_group_that_is_counted_twice_is_found_by_the_total(tmp_path: Path) -> None:
    """85 and older stands once more in 80 and older: the ages have more people than the town."""
    rows = [f"2020;01;{sex};{age};{count}" for sex in "mw" for age, count in
            (("0;79", 1000), ("80;84", 90), ("85;", 110), (";", 1145))]  # fmt: skip
    text = "\n".join(["jahr;gebiet;geschlecht;alter_von;alter_bis;anzahl", *rows]) + "\n"
    (first, _) = check(read_table(write(tmp_path, text))).errors.frame.query("rule == 'T06'")["message"]
    assert "ausgewiesen 1.145, Summe der Teile (Altersgruppen) 1.200" in first


def test_old_and_new_keys_of_a_reform_are_named(tmp_path: Path) -> None:
    rows = ["2015;03152012;m;0;17;90", "2020;03159016;m;0;17;95", "2020;16056000;m;0;17;5"]
    text = "\n".join(["jahr;gebiet;geschlecht;alter_von;alter_bis;anzahl", *rows]) + "\n"
    (said,) = check(read_table(write(tmp_path, text))).warnings.frame.query("rule == 'T31'")["message"]
    assert said.startswith("Göttingen hat seit dem 1.11.2016 den Schlüssel 03159016")
