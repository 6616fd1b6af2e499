"""Squares of moves between areas."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.frames import town
from support.office_files import office_table, refusal
from support.tidy_files import total

from zwkprognose.inputs import build_inputs
from zwkprognose.tables import check

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
        (("01;-;5;9", "02;7;3;10"), "nicht stimmen: 1"),
        (("01;-;5;5", "02;7;drei;10"), "„drei“ ist weder eine Zahl"),
    ],
)
def test_squares_that_are_none(tmp_path: Path, rows: tuple[str, ...], match: str) -> None:
    assert match in refusal(tmp_path, TITLE, "von/nach;01;02;Summe", *rows)


YEARBOOK = (
    "Umzüge innerhalb der Stadt München 2023 nach Stadtbezirken;;;;;;",
    "vom Stadtbezirk …;;zogen in den Stadtbezirk …;;;;",
    "Nr.;Name;1;2;3;nicht zuzuordnen;insg.",
)
ROWS_OF_BEZIRKE = ("1;Altstadt;{0};5;7;1;13", "2;Ludwigsvorstadt;4;{0};6;-;10", "3;Maxvorstadt;8;9;{0};2;19")


@pytest.mark.parametrize("diagonal", ["", "x", "X", "–", "-"])
@pytest.mark.parametrize("total", ["insg.", "München zusammen", "Zusammen", "Stadt München", "Summe"])
def test_the_matrix_of_a_yearbook(tmp_path: Path, diagonal: str, total: str) -> None:
    rows = [row.format(diagonal) for row in ROWS_OF_BEZIRKE]
    table = office_table(tmp_path, *YEARBOOK, *rows, f";{total};12;14;13;3;42", "Quelle: Statistisches Amt")
    moves = table.cells.set_index(["area", "destination"])["value"]
    assert moves.drop([(key, key) for key in "123" if (key, key) in moves.index]).to_dict() == {
        ("1", "2"): 5, ("1", "3"): 7, ("2", "1"): 4, ("2", "3"): 6, ("3", "1"): 8, ("3", "2"): 9
    }  # fmt: skip
    assert dict(zip(table.cells["area"], table.cells["area_name"], strict=True))["3"] == "Maxvorstadt"
    assert set(table.cells["status"]) <= {"number", "zero"}
    (said,) = table.source.repairs
    assert "3 Umzüge ohne bekanntes Gebiet" in said
    assert table.ledger.figures("value") in (6, 9)
    assert table.ledger.figures("sum") == 3 + 3 + 5  # the columns on the right and the last row


def test_names_across_below_numbers_and_the_other_direction(tmp_path: Path) -> None:
    head = ("Umzüge 2023", ";;Umgezogen aus …;;;", ";;1;2;3;", "nach …;;Nord;Mitte;Süd;zus.")
    rows = ("1;Nord;x;5;7;12", "2;Mitte;4;x;6;10", "3;Süd;8;9;x;17", ";insgesamt;12;14;13;39")
    table = office_table(tmp_path, *head, *rows)
    moves = table.cells.set_index(["area", "destination"])["value"].to_dict()
    assert len(moves) == 6
    assert moves[("2", "1")] == 5  # from Mitte (across) to Nord (down)
    assert sum(moves.values()) == 39


def test_sums_that_are_a_little_off_are_said_and_wrong_ones_refused(tmp_path: Path) -> None:
    rows = ("01;-;500;500", "02;700;-;700")
    table = office_table(tmp_path, TITLE, "von/nach;01;02;Summe", *rows, "Summe;700;501;1201")
    assert total(table) == 1200
    assert "abweichen: 2 (" in table.source.repairs[0]  # the column of 02, and the corner
    assert "„Summe“ / „02“ in Zeile 5, Spalte C: ausgewiesen 501, Summe der Teile 500" in table.source.repairs[0]
    assert "nicht stimmen" in refusal(tmp_path, TITLE, "von/nach;01;02;Summe", *rows, "Summe;700;800;1500")


SQUARE = ("A;-;3;2;5", "B;1;-;1;2", "C;1;2;-;3", "Summe;2;5;3;10")  # ten moves


@pytest.mark.parametrize(
    ("at", "right", "wrong", "said"),
    [
        (3, "3;10", "3;11", "„Summe“ / „Summe“ in Zeile 6, Spalte E: ausgewiesen 11, Summe der Teile 10"),
        (0, "2;5", "2;6", "„A“ / „Summe“ in Zeile 3, Spalte E: ausgewiesen 6, Summe der Teile 5"),
        (3, "2;5", "2;4", "„Summe“ / „B“ in Zeile 6, Spalte C: ausgewiesen 4, Summe der Teile 5"),
    ],
)
def test_every_sum_of_the_square_is_compared(tmp_path: Path, at: int, right: str, wrong: str, said: str) -> None:
    head = ("Umzüge 2023", "von / nach;A;B;C;Summe")
    exact = office_table(tmp_path, *head, *SQUARE)
    assert total(exact) == 10
    assert exact.source.repairs == ()
    rows = [row.replace(right, wrong) if i == at else row for i, row in enumerate(SQUARE)]
    table = office_table(tmp_path, *head, *rows)
    assert total(table) == 10
    (found,) = check(table).warnings.frame.query("rule == 'T15'")["message"]
    assert said in found


def test_a_corner_far_from_its_parts_is_refused_with_its_cell(tmp_path: Path) -> None:
    rows = [*SQUARE[:3], "Summe;2;5;3;100"]
    said = refusal(tmp_path, "Umzüge 2023", "von / nach;A;B;C;Summe", *rows)
    assert "Zeile 6, Spalte E: ausgewiesen 100, Summe der Teile 10" in said


def test_a_sum_with_a_hidden_part_cannot_be_compared(tmp_path: Path) -> None:
    rows = ("A;-;.;20;25", "B;1;-;1;2", "C;1;2;-;3", "Summe;2;7;21;30")
    table = office_table(tmp_path, "Umzüge 2023", "von / nach;A;B;C;Summe", *rows)
    assert table.source.repairs == ()
