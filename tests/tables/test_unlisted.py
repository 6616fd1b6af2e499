"""Exports of registers that list only what occurs: zeros by a named choice, and only where they are certain."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from support.tidy_files import full_tidy, tidy, total, write

from zwkprognose.errors import InputError, TableError
from zwkprognose.inputs import build_inputs
from zwkprognose.tables import Table, check, concat_tables, read_table, resolve_status
from zwkprognose.tables.counts import KEY
from zwkprognose.tables.unlisted import with_unlisted

EVENTS = "jahr;gebiet;ereignis;ziel;geschlecht;alter_von;alter_bis;anzahl"


def _stock(folder: Path, rows: list[str]) -> Table:
    return read_table(write(folder, tidy(rows), "bestand.csv"))


def _events(folder: Path, *rows: str) -> Table:
    return read_table(write(folder, tidy(rows, EVENTS), "ereignisse.csv"))


def test_the_zeros_of_a_full_table_come_back_when_they_were_left_out(tmp_path: Path) -> None:
    rows = [row if i % 3 else row.rpartition(";")[0] + ";0" for i, row in enumerate(full_tidy())]
    rows = [row.replace("18;64;0", "18;64;7").replace("2020;0102;Ort 0102;w;A;0;17;0", "2020;0102;Ort 0102;w;A;0;17;3")
            for row in rows]  # fmt: skip
    full = _stock(tmp_path, rows)
    sparse = resolve_status(_stock(tmp_path, [row for row in rows if not row.endswith(";0")]), unlisted="zero")
    order = [name for name in KEY if name != "age_to"]
    expected, got = (t.cells.sort_values(order)[[*KEY, "value"]].reset_index(drop=True) for t in (full, sparse))
    pd.testing.assert_frame_equal(got, expected)
    assert set(sparse.cells.loc[sparse.cells["flag"] == "nicht genannt", "value"]) == {0.0}


def test_without_the_choice_the_error_names_it(tmp_path: Path) -> None:
    rows = full_tidy()[:-1]
    remedies = check(_stock(tmp_path, rows)).errors.frame["remedy"]
    assert remedies.str.contains("bestand_nicht_genannt").all()
    with pytest.raises(InputError, match='unlisted="zero"'):
        build_inputs(_stock(tmp_path, rows))


def test_an_area_that_a_year_lacks_is_no_zero(tmp_path: Path) -> None:
    rows = [row for row in full_tidy() if not row.startswith("2020;0102")]
    sparse = resolve_status(_stock(tmp_path, rows), unlisted="zero")
    assert len(sparse.cells) == len(rows)
    assert "T05" in set(check(sparse).errors.frame["rule"])


def test_the_choice_is_a_finding_with_its_count_also_beside_other_tables(tmp_path: Path) -> None:
    sparse = resolve_status(_stock(tmp_path, full_tidy()[:-2]), unlisted="zero")
    other = read_table(write(tmp_path, tidy(full_tidy(years=[2018])), "2018.csv"))
    found = check(concat_tables([sparse, other])).warnings.frame
    assert found["message"].tolist() == ["„bestand.csv“: Nicht genannte Zellen zählen als null: Bevölkerung 2."]


def test_single_ages_have_no_gap_and_reach_100(tmp_path: Path) -> None:
    events = _events(tmp_path, "2020;a;sterbefaelle;;m;80;80;1", "2020;b;sterbefaelle;;w;83;83;2",
                     "2020;b;geburten;;;20;20;1", "2020;a;geburten;;;23;23;1")  # fmt: skip
    cells = resolve_status(events, unlisted="zero").cells
    deaths, births = (cells[cells["variable"] == name] for name in ("deaths", "births"))
    assert len(deaths) == 2 * 2 * 101
    assert sorted(set(births["age_from"])) == [20, 21, 22, 23]
    assert (deaths["value"].sum(), births["value"].sum()) == (3, 2)


def test_events_of_the_whole_city_are_not_split_and_empty_areas_of_the_stock_are_known(tmp_path: Path) -> None:
    events = _events(tmp_path, "2020;99;geburten;;;;;30", "2020;0101;sterbefaelle;;insgesamt;;;4",
                     "2021;0102;sterbefaelle;;insgesamt;;;5")  # fmt: skip
    cells = with_unlisted(events, ["0101", "0102", "0103"]).cells
    assert cells.loc[cells["variable"] == "births", "area"].tolist() == ["99"]
    assert (cells["variable"] == "deaths").sum() == 3 * 2


def test_moves_need_no_empty_pairs_and_no_diagonal(tmp_path: Path) -> None:
    stock = _stock(tmp_path, full_tidy(["0101", "0102", "0103"], [2019, 2020]))
    moves = _events(tmp_path, "2020;0101;umzuege;0102;insgesamt;;;7", "2020;0103;umzuege;0101;insgesamt;;;2")
    with pytest.raises(InputError, match="ereignis_nicht_genannt") as error:
        build_inputs(stock, moves)
    assert len(error.value.cells) == 3 * 3 - 3 - 2
    square = build_inputs(stock, resolve_status(moves, unlisted="zero"))["moves"]
    assert float(square.sum()) == 9
    assert float(square.sel(origin="0101", destination="0102", year=2020)) == 7


def test_moves_to_an_unknown_area_are_refused(tmp_path: Path) -> None:
    stock = _stock(tmp_path, full_tidy())
    with pytest.raises(InputError, match="Gebiete, die es im Bestand nicht gibt") as error:
        build_inputs(stock, _events(tmp_path, "2020;0101;umzuege;0777;insgesamt;;;7"))
    assert error.value.cells == ({"area": "0777"},)


def test_a_grid_beyond_all_bounds_is_refused(tmp_path: Path) -> None:
    rows = [f"2020;{i};umzuege;{i + 1};m;{i % 100};{i % 100};1" for i in range(300)]
    with pytest.raises(TableError, match="Zellen"):
        resolve_status(_events(tmp_path, *rows), unlisted="zero")


def test_sums_beside_parts_stay_as_printed(tmp_path: Path) -> None:
    rows = [*full_tidy(["0101"], [2020])[:-1], "2020;0101;Ort 0101;insgesamt;insgesamt;0;;1110"]
    cells = resolve_status(_stock(tmp_path, rows), unlisted="zero")
    assert len(cells.cells) == len(rows) + 1
    assert total(cells, sex="total") == 1110
