"""Crosswalks, hierarchies, universes, leading zeros."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.tidy_files import full_tidy, tidy, total, write

from zwkprognose.errors import TableError
from zwkprognose.tables import (
    Crosswalk,
    Source,
    Table,
    adjust_level,
    aggregate_areas,
    apply_crosswalk,
    area_totals,
    check,
    check_hierarchy,
    official_hierarchy,
    parts_only,
    read_crosswalk,
    read_hierarchy,
    read_table,
    restore_zeros,
    with_universe,
)

SMALL = "jahr;gebiet;anzahl"


def _small(tmp_path: Path, rows: list[str], name: str = "tabelle.csv") -> Table:
    return read_table(write(tmp_path, tidy(rows, SMALL), name))


def test_crosswalk_splits_and_merges_with_stated_shares(tmp_path: Path) -> None:
    table = _small(tmp_path, ["2020;a;100", "2020;b;10", "2020;c;7", "2021;x;3"])
    path = write(tmp_path, "alt;neu;anteil;name\na;n;0,25;Nord\na;s;0,75;Süd\nb;n;1;Nord\n", "umstieg.csv")
    new = apply_crosswalk(table, read_crosswalk(path, gebietsstand="1.1.2021"), years=[2020])
    got = new.cells.set_index(["year", "area"])["value"].to_dict()
    assert got == {(2020, "c"): 7, (2021, "x"): 3, (2020, "n"): 35, (2020, "s"): 75}
    assert new.source.gebietsstand == "1.1.2021"
    assert dict(zip(new.cells["area"], new.cells["area_name"], strict=True))["s"] == "Süd"


def test_crosswalk_joins_an_area_that_exists(tmp_path: Path) -> None:
    table = _small(tmp_path, ["2020;1210;100", "2020;1211;10"])
    merged = apply_crosswalk(
        table, Crosswalk(pd.DataFrame({"old": ["1211"], "new": ["1210"], "name": [""], "share": [1.0]}))
    )
    assert merged.cells[["area", "value"]].to_numpy().tolist() == [["1210", 110.0]]


def test_crosswalk_moves_destinations_too(tmp_path: Path) -> None:
    rows = ["2020;a;umzuege;b;8", "2020;b;umzuege;a;4"]
    table = read_table(write(tmp_path, tidy(rows, "jahr;gebiet;ereignis;ziel;anzahl")))
    cross = Crosswalk(pd.DataFrame({"old": ["a", "a"], "new": ["n", "s"], "name": ["", ""], "share": [0.5, 0.5]}))
    cells = apply_crosswalk(table, cross).cells
    got = {(a, d): v for a, d, v in cells[["area", "destination", "value"]].itertuples(index=False)}
    assert got == {("n", "b"): 4, ("s", "b"): 4, ("b", "n"): 2, ("b", "s"): 2}


@settings(max_examples=50)
@given(st.lists(st.integers(0, 10**6), min_size=2, max_size=5), st.lists(st.integers(1, 99), min_size=1, max_size=4))
def test_crosswalk_keeps_every_total(counts: list[int], weights: list[int]) -> None:
    cells = pd.concat([_stock(f"a{i}", count) for i, count in enumerate(counts)], ignore_index=True)
    shares = np.array(weights) / sum(weights)
    frame = pd.DataFrame({"old": "a0", "new": [f"n{i}" for i in range(len(shares))], "name": "", "share": shares})
    new = apply_crosswalk(Table(cells, Source("f", "tidy")), Crosswalk(frame))
    assert np.isclose(new.cells["value"].sum(), sum(counts), rtol=1e-12)
    assert "a0" not in set(new.cells["area"])


def _stock(area: str, count: float) -> pd.DataFrame:
    from zwkprognose.tables.frame import cells_frame

    return cells_frame({"area": [area], "year": [2020], "variable": "population", "value": [count], "status": "number"})


@pytest.mark.parametrize(
    "text",
    [
        "alt;neu;anteil\na;n;0,5\n",
        "alt;neu;anteil\na;n;1,5\na;s;-0,5\n",
        "alt;neu\na;n\n",
        "alt;neu;anteil\na;n;halb\n",
    ],
)
def test_bad_crosswalks_are_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(TableError):
        read_crosswalk(write(tmp_path, text))


def test_crosswalk_refuses_unknown_areas_and_signs(tmp_path: Path) -> None:
    cross = Crosswalk(pd.DataFrame({"old": ["z"], "new": ["n"], "name": [""], "share": [1.0]}))
    with pytest.raises(TableError, match="nicht gibt: z"):
        apply_crosswalk(_small(tmp_path, ["2020;a;1"]), cross)
    with pytest.raises(TableError, match="ohne Zahl"):
        apply_crosswalk(_small(tmp_path, ["2020;z;."]), cross)
    with pytest.raises(TableError, match="Zielgebiete"):
        apply_crosswalk(_small(tmp_path, ["2020;z;5", "2020;n;."]), cross)


PARENTS = """gebiet;name;uebergeordnet
stadt;Musterlingen;
ost;Bezirk Ost;stadt
west;Bezirk West;stadt
o1;Hafen;ost
o2;Markt;ost
"""


def test_hierarchy_sums_upwards_also_where_a_branch_is_short(tmp_path: Path) -> None:
    tree = read_hierarchy(write(tmp_path, PARENTS, "gebiete.csv"))
    assert tree.path("o1") == ("ost", "stadt")
    table = _small(tmp_path, ["2020;o1;3", "2020;o2;4", "2020;west;10", "2020;ost;7"])
    districts = aggregate_areas(table, tree, depth=1).cells
    assert dict(zip(districts["area"], districts["value"], strict=True)) == {"ost": 7, "west": 10}
    city = aggregate_areas(table, tree, depth=0).cells
    assert city[["area", "area_name", "value"]].to_numpy().tolist() == [["stadt", "Musterlingen", 17.0]]


def test_hierarchy_checks_printed_sums(tmp_path: Path) -> None:
    tree = read_hierarchy(write(tmp_path, PARENTS, "gebiete.csv"))
    good = _small(tmp_path, ["2020;o1;3", "2020;o2;4", "2020;ost;7", "2020;stadt;99"])
    assert check_hierarchy(good, tree).frame.empty  # "west" is not printed, so the city cannot be checked
    bad = _small(tmp_path, ["2020;o1;3", "2020;o2;4", "2020;ost;8"])
    (message,) = check_hierarchy(bad, tree).frame["message"]
    assert "ausgewiesen 8, Summe der Teilgebiete 7" in message


@pytest.mark.parametrize(
    ("text", "match"),
    [
        ("gebiet;uebergeordnet\na;b\nb;a\n", "selbst übergeordnet"), ("gebiet;uebergeordnet\na;\na;\n", "doppelt"),
        ("gebiet;name\na;A\n", "keine Gebietstabelle"),
    ],
)  # fmt: skip
def test_bad_hierarchies_are_refused(tmp_path: Path, text: str, match: str) -> None:
    with pytest.raises(TableError, match=match):
        read_hierarchy(write(tmp_path, text))


def test_unknown_area_is_not_dropped(tmp_path: Path) -> None:
    tree = read_hierarchy(write(tmp_path, PARENTS, "gebiete.csv"))
    with pytest.raises(TableError, match=r"fehlen Gebiete .1.: fremd"):
        aggregate_areas(_small(tmp_path, ["2020;fremd;1"]), tree, depth=0)


def test_official_keys_carry_their_own_hierarchy() -> None:
    tree = official_hierarchy(["DG", "03", "031", "03101", "03241", "03241001"])
    assert tree.path("03241001") == ("03241", "03", "DG")
    assert tree.path("03101") == ("031", "03", "DG")


def test_parts_that_exceed_their_whole_are_found(tmp_path: Path) -> None:
    header = "jahr;gebiet;anzahl"
    table = read_table(write(tmp_path, tidy(["2020;03;10", "2020;03101;6", "2020;03102;5"], header)))
    assert check(table).errors.frame["rule"].tolist() == ["T07", "T26"]


@pytest.mark.shared
def test_bremen_adds_up_through_all_levels(shared: Path) -> None:
    table = read_table(shared / "data/bremen/12411-03-03-2023.csv")
    keys = [key for key in table.cells["area"].unique() if key not in ("04", "04012")]
    parents = {key: max((k for k in keys if key != k and key.startswith(k)), key=len, default="") for key in keys}
    from zwkprognose.tables import Hierarchy

    tree = Hierarchy(parents, {})
    city = table.with_cells(table.cells[table.cells["area"].isin(keys)])
    assert check_hierarchy(city, tree).frame.empty
    summed = aggregate_areas(parts_only(city), tree, depth=0)
    assert total(summed) == 577026


def test_mixed_universes_are_a_finding(tmp_path: Path) -> None:
    register = with_universe(_small(tmp_path, ["2022;a;100"], "register.csv"), "Melderegister, Hauptwohnung")
    census = with_universe(_small(tmp_path, ["2023;a;97"], "fortschreibung.csv"), "Fortschreibung, Zensus 2022")
    findings = check(register, census)
    assert findings.errors.frame["rule"].tolist() == ["T19"]
    assert "Melderegister" in findings.errors.frame["message"].iloc[0]
    other_area = with_universe(_small(tmp_path, ["2023;b;97"], "c.csv"), "Fortschreibung")
    assert "T19" in set(check(register, other_area).warnings.frame["rule"])
    assert check(census, with_universe(other_area, "Fortschreibung, Zensus 2022")).frame["rule"].eq("T19").sum() == 0


def test_level_of_another_universe_keeps_the_structure(tmp_path: Path) -> None:
    register = read_table(write(tmp_path, tidy(full_tidy(years=[2020])), "register.csv"))
    level = with_universe(_small(tmp_path, ["2020;0101;1000", "2020;0102;606"], "niveau.csv"), "Fortschreibung")
    adjusted = adjust_level(register, level)
    assert total(adjusted.table, area="0101") == pytest.approx(1000)
    assert adjusted.table.source.universe == "Fortschreibung"
    before, after = (t.cells["value"].to_numpy()[:12] for t in (register, adjusted.table))
    assert np.allclose(after / before, 1000 / before.sum())
    assert adjusted.factors["factor"].tolist() == pytest.approx([1000 / before.sum(), 606 / before.sum()])
    with pytest.raises(TableError, match="fehlt das Niveau"):
        adjust_level(register, _small(tmp_path, ["2020;0101;1000"]))


def test_area_totals_prefer_the_printed_total(tmp_path: Path) -> None:
    header = "jahr;gebiet;geschlecht;alter;anzahl"
    rows = [
        "2020;a;m;insgesamt;4",
        "2020;a;w;insgesamt;6",
        "2020;a;insgesamt;0-9;3",
        "2020;a;insgesamt;10+;7",
        "2020;b;m;0-9;5",
        "2020;b;w;0-9;6",
    ]
    totals = area_totals(read_table(write(tmp_path, tidy(rows, header))))
    assert totals.to_dict() == {("a", 2020): 10, ("b", 2020): 11}


def test_zeros_are_given_back_only_when_asked(tmp_path: Path) -> None:
    table = _small(tmp_path, ["2020;1001;5", "2020;16077;6"])
    assert table.cells["area"].tolist() == ["1001", "16077"]
    assert restore_zeros(table, width=5).cells["area"].tolist() == ["01001", "16077"]
    with pytest.raises(TableError, match="4 Stellen"):
        restore_zeros(table, width=4)


def test_a_jump_that_events_do_not_explain(tmp_path: Path) -> None:
    stock = _small(tmp_path, ["2020;a;10000", "2021;a;10010", "2022;a;9300"])
    events = [
        f"{year};a;{event};{count}"
        for year in (2021, 2022)
        for event, count in {"geburten": 90, "sterbefaelle": 100, "zuzuege": 500, "fortzuege": 480}.items()
    ]
    flows = read_table(write(tmp_path, tidy(events, "jahr;gebiet;ereignis;anzahl"), "ereignisse.csv"))
    findings = check(stock, flows).warnings.frame
    assert findings["rule"].tolist() == ["T21"]
    assert "2022" in findings["message"].iloc[0]
    assert findings["value"].iloc[0] == -720


def test_area_row_without_key_must_be_the_sum(tmp_path: Path) -> None:
    summed = _small(tmp_path, ["2020;a;5", "2020;b;6", "2020;;11"])
    assert "T16" not in set(check(summed).frame["rule"])
    assert total(summed) == 11  # nobody is counted twice
    assert "deren Summe" in summed.source.notes[0]
    nearly = _small(tmp_path, ["2020;a;500", "2020;b;600", "2020;;1101"])
    assert total(nearly) == 1100
    (warning,) = check(nearly).warnings.frame["message"]
    assert "zählt 2020 aber 1.101 statt 1.100 Personen (Unterschied 1" in warning
    for rows in (["2020;a;50", "2020;b;60", "2020;;160"], ["2020;a;5", "2020;b;.", "2020;insgesamt;11"]):
        assert "T16" in set(check(_small(tmp_path, rows)).errors.frame["rule"])


def test_events_of_the_whole_stay_beside_a_stock_of_areas(tmp_path: Path) -> None:
    stock = _small(tmp_path, ["2020;a;5", "2020;b;6", "2020;;11"])
    births = read_table(write(tmp_path, tidy(["2020;;geburten;1"], "jahr;gebiet;ereignis;anzahl"), "b.csv"))
    assert set(stock.cells["area"]) == {"a", "b"}
    assert births.cells["area"].tolist() == [""]
    assert "T16" not in set(check(stock, births).frame["rule"])


@pytest.mark.parametrize(("whole", "doubted"), [(1300, True), (1035, True), (960, False), (600, False)])
def test_an_area_called_like_the_whole_is_doubted_if_it_holds_all_others(
    tmp_path: Path, whole: int, doubted: bool
) -> None:
    """The three others have 1,000 together; a whole that is larger may hold one that is missing."""
    table = _small(tmp_path, ["2020;Nord;500", "2020;Ost;300", "2020;West;200", f"2020;Stadt Auental;{whole}"])
    found = check(table).frame.query("rule == 'T26'")
    assert found["severity"].tolist() == ["warning"] * doubted
    if doubted:
        assert "Stadt Auental heißt wie das Ganze und ist so groß wie die 3 anderen zusammen" in found["message"].item()


def test_keys_that_are_no_levels_are_filled_to_the_width(tmp_path: Path) -> None:
    """Four digits are no official key, so 8 beside them is no Land either: a city's own numbers."""
    table = _small(tmp_path, ["2020;8;1", "2020;999;2", "2020;8111000;3"])
    assert sorted(restore_zeros(table, width=8).cells["area"].unique()) == ["00000008", "00000999", "08111000"]


@pytest.mark.parametrize("width", [1, 13, 5.0, "5", None])
def test_a_width_that_is_none_is_refused(tmp_path: Path, width: object) -> None:
    with pytest.raises(TableError, match="keine Stellenzahl"):
        restore_zeros(_small(tmp_path, ["2020;8;1"]), width=width)  # type: ignore[arg-type]


def test_the_narrowest_and_the_widest_keys(tmp_path: Path) -> None:
    table = _small(tmp_path, ["2020;8;1", "2020;12;1"])
    for width in (2, 12):
        assert set(map(len, restore_zeros(table, width=width).cells["area"])) == {width}
    with pytest.raises(TableError, match="nicht auf 2 Stellen") as error:
        restore_zeros(_small(tmp_path, ["2020;8;1", "2020;123;1"]), width=2)
    assert error.value.cells == ({"area": "123"},)
