"""A city as its state minus the other city."""

from __future__ import annotations

from pathlib import Path

import pytest

from zwkprognose.errors import InputError
from zwkprognose.projects.difference import add_difference
from zwkprognose.projects.document import Difference
from zwkprognose.tables import read_table

HEAD = "jahr;gebiet;name;geschlecht;alter_von;alter_bis;anzahl\n"


def table(tmp_path: Path, rows: str):
    path = tmp_path / "land.csv"
    path.write_text(HEAD + rows, encoding="utf-8")
    return read_table(path)


def bremerhaven(**changes: object) -> Difference:
    return Difference.model_validate(
        {"gebiet": "04012", "name": "Bremerhaven", "von": "04", "abzueglich": ["04011"]} | changes
    )


STATE = "2020;04;Land;m;0;64;500\n2020;04;Land;m;65;;90\n"
CITY = "2020;04011;Stadt;m;0;64;400\n2020;04011;Stadt;m;65;;90\n"


def test_the_difference_is_taken_cell_by_cell(tmp_path: Path) -> None:
    result = add_difference(table(tmp_path, STATE + CITY), bremerhaven())
    added = result.cells[result.cells["area"] == "04012"]
    assert added["value"].tolist() == [100, 0]
    assert added["status"].tolist() == ["number", "zero"]
    assert set(added["area_name"]) == {"Bremerhaven"}
    assert len(result.cells) == 6
    assert result.source.notes[-1] == "Bremerhaven 2020: berechnet als 04 abzüglich 04011."


def test_printed_years_stay_as_printed(tmp_path: Path) -> None:
    printed = "2020;04012;Bremerhaven;m;0;64;77\n2020;04012;Bremerhaven;m;65;;1\n"
    given = table(tmp_path, STATE + CITY + printed)
    assert add_difference(given, bremerhaven()) is given


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        (STATE + "2020;04011;Stadt;m;0;64;400\n", "04011 nicht in denselben Zellen"),
        (STATE + "2020;04011;Stadt;m;0;64;.\n2020;04011;Stadt;m;65;;90\n", "04011 hat nicht in allen Zellen"),
        (STATE, "04011 hat nicht in allen Zellen"),
    ],
)
def test_missing_cells_are_refused(tmp_path: Path, rows: str, sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        add_difference(table(tmp_path, rows), bremerhaven())
