"""Squares of moves between areas."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.frames import town
from support.office_files import office_table, refusal
from support.tidy_files import total

from zwkprognose.inputs import build_inputs

TITLE = "Umzüge zwischen den Stadtteilen 2023"
ROWS = ("01;-;5;5", "02;7;3;10", "Summe;7;8;15")


@pytest.mark.parametrize(("corner", "origin"), [("von \\ nach", "01"), ("Ziel / Herkunft", "02")])
def test_both_directions_of_the_square(tmp_path: Path, corner: str, origin: str) -> None:
    table = office_table(tmp_path, TITLE, f"{corner};01;02;Summe", *ROWS, "", "Quelle: Melderegister")
    assert table.source.kind == "umzugsmatrix"
    other = "02" if origin == "01" else "01"
    assert total(table, area=origin, destination=other) == 5
    assert total(table, area=other, destination=origin) == 7
    assert total(table) == 15
    moves = build_inputs(town(), table)["moves"]
    assert float(moves.sel(year=2023, origin=origin, destination=other)) == 5
    assert float(moves.sel(year=2023, origin="02", destination="02")) == 3


@pytest.mark.parametrize(
    ("rows", "match"),
    [
        (("01;-;5;5", "03;7;3;10"), "nicht dieselben Gebiete"),
        (("01;-;5;5", "01;7;3;10"), "nicht dieselben Gebiete"),
        (("01;-;5;6", "02;7;3;10"), "nicht stimmen: 1"),
        (("01;-;5;5", "02;7;drei;10"), "„drei“ ist weder eine Zahl"),
    ],
)
def test_squares_that_are_none(tmp_path: Path, rows: tuple[str, ...], match: str) -> None:
    assert match in refusal(tmp_path, TITLE, "von/nach;01;02;Summe", *rows)
