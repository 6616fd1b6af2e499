"""Signs become numbers by a named choice only."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from support.office_files import STAND, office_table
from support.tidy_files import tidy, total, write

from zwkprognose.errors import TableError
from zwkprognose.tables import Table, parts_only, read_table, resolve_status

HEADER = "jahr;gebiet;geschlecht;alter;anzahl"


def _table(tmp_path: Path, rows: list[str]) -> Table:
    return read_table(write(tmp_path, tidy(rows, HEADER)))


def _hidden_cells(table: Table) -> list[float]:
    return table.cells.loc[table.cells["flag"] == "geschätzt", "value"].tolist()


def test_no_choice_is_an_error_that_names_the_cells(tmp_path: Path) -> None:
    table = _table(tmp_path, ["2020;a;m;0-17;.", "2020;a;w;0-17;5"])
    with pytest.raises(TableError, match="Zeichen statt einer Zahl: 1") as caught:
        resolve_status(table)
    assert "männlich" in str(caught.value)


def test_zero_and_keep(tmp_path: Path) -> None:
    table = _table(tmp_path, ["2020;a;m;0-17;/", "2020;a;w;0-17;x", "2020;a;w;18+;..."])
    assert _hidden_cells(resolve_status(table, unreliable="zero", not_applicable="zero", late="zero")) == [0, 0, 0]
    kept = resolve_status(table, unreliable="keep", not_applicable="keep", late="keep")
    assert kept.cells["status"].tolist() == ["unreliable", "not_applicable", "late"]


def test_midpoint_needs_a_bound(tmp_path: Path) -> None:
    table = _table(tmp_path, ["2020;a;m;0-17;<3", "2020;a;w;0-17;."])
    with pytest.raises(TableError, match="bis zu welcher Zahl"):
        resolve_status(table, hidden="midpoint")
    # "<3" hides 1 and 2, so the middle is 1.5; a publisher that hides up to 5 has the middle 3.
    assert _hidden_cells(resolve_status(table, hidden="midpoint", largest_hidden=5)) == [1.5, 3.0]


def test_one_gap_in_a_sum_is_reckoned_exactly(tmp_path: Path) -> None:
    rows = [
        "2020;a;m;0-17;.",
        "2020;a;w;0-17;20",
        "2020;a;insgesamt;0-17;27",
        "2020;a;m;18+;30",
        "2020;a;m;insgesamt;37",
    ]
    table = resolve_status(_table(tmp_path, rows), hidden="impute_from_total")
    assert _hidden_cells(table) == [7]
    assert "aus den Summen" in table.source.notes[-1]


def test_a_hidden_total_is_the_sum_of_its_parts(tmp_path: Path) -> None:
    rows = ["2020;a;m;insgesamt;.", "2020;a;m;0-17;12", "2020;a;m;18+;30"]
    assert _hidden_cells(resolve_status(_table(tmp_path, rows), hidden="impute_from_total")) == [42]


def test_several_gaps_meet_every_margin(tmp_path: Path) -> None:
    # 2 × 2 hidden: margins by sex 10 and 30, by age 8 and 32; even odds give the product of the margins.
    rows = [
        *(f"2020;a;{sex};{age};." for sex in "mw" for age in ("0-17", "18+")),
        "2020;a;m;insgesamt;10", "2020;a;w;insgesamt;30", "2020;a;insgesamt;0-17;8", "2020;a;insgesamt;18+;32",
    ]  # fmt: skip
    got = _hidden_cells(resolve_status(_table(tmp_path, rows), hidden="impute_from_total"))
    assert np.allclose(got, [2, 8, 6, 24])


def test_contradicting_totals_and_lone_cells_are_refused(tmp_path: Path) -> None:
    negative = _table(tmp_path, ["2020;a;m;0-17;.", "2020;a;w;0-17;20", "2020;a;insgesamt;0-17;17"])
    with pytest.raises(TableError, match=r"müsste .* −3 sein"):
        resolve_status(negative, hidden="impute_from_total")
    alone = _table(tmp_path, ["2020;a;m;0-17;.", "2020;a;m;18+;30"])
    with pytest.raises(TableError, match="in keiner ausgewiesenen Summe"):
        resolve_status(alone, hidden="impute_from_total")


def test_parts_only_drops_sums_and_loses_nobody(tmp_path: Path) -> None:
    rows = [
        "2020;a;m;0-17;1", "2020;a;w;0-17;2", "2020;a;insgesamt;0-17;3", "2020;a;insgesamt;18+;40",
        "2020;a;insgesamt;insgesamt;43",
    ]  # fmt: skip
    parts = parts_only(_table(tmp_path, rows))
    assert total(parts) == 43  # the sexes of children, and adults who are not split
    assert len(parts.cells) == 3


def test_a_total_below_its_known_part_leaves_nothing_to_infer(tmp_path: Path) -> None:
    table = office_table(
        tmp_path, STAND, "Stadtteil;Geschlecht;unter 18;18 bis 64;ab 65;insgesamt", "Am Hang;männlich;5;.;.;4",
        "Am Hang;weiblich;85;255;75;415",
    )  # fmt: skip
    with pytest.raises(TableError, match=r"Am Hang.*zusammen −1"):
        resolve_status(table, hidden="impute_from_total")
