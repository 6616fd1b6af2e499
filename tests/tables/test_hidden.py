"""Hidden numbers as offices write them: words and ranges in cells of counts, never in headings."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.office_files import STAND, refusal
from support.tidy_files import total, write

from zwkprognose.errors import TableError
from zwkprognose.tables import read_table, resolve_status
from zwkprognose.tables.hidden import hidden_flag
from zwkprognose.tables.signs import read_cell, read_cells

#: What is printed, and the smallest and largest number that it can be.
PRINTED = (
    ("< 5", 1, 4), ("<5", 1, 4), ("≤ 3", 1, 3), ("<= 3", 1, 3), ("≤3", 1, 3), ("unter 3", 1, 2), ("Unter 10", 1, 9),
    ("weniger als 5", 1, 4), ("höchstens 3", 1, 3), ("bis zu 3", 1, 3), ("max. 4", 1, 4), ("1–4", 1, 4), ("1-4", 1, 4),
    ("1 - 4", 1, 4), ("1 bis 4", 1, 4), ("1 oder 2", 1, 2), ("1 u. 2", 1, 2), ("0 bis 2", 0, 2), ("0–3", 0, 3),
)  # fmt: skip
HEAD = "Stadtteil;unter 3;1–4;5 bis 17;18 u. m."
FORMS = st.sampled_from([text for text, _, _ in PRINTED] + ["k. A.", "k.A.", "geheim", "."])


@pytest.mark.parametrize(("text", "smallest", "largest"), PRINTED)
def test_a_hidden_number_is_taken_as_the_middle_of_what_it_can_be(text: str, smallest: int, largest: int) -> None:
    table = read_table(_File(f"{STAND}\nStadtteil;männlich;weiblich\nAltstadt;{text};110\nHafen;50;60\n"))
    cell = table.cells[table.cells["status"] == "hidden"]
    assert len(cell) == 1
    assert math.isnan(cell["value"].iloc[0])
    with pytest.raises(TableError, match="Zeichen statt einer Zahl"):
        resolve_status(table)
    assert total(resolve_status(table, hidden="midpoint")) == 110 + 50 + 60 + (smallest + largest) / 2


@pytest.mark.parametrize("text", ["k. A.", "k.A.", "keine Angabe", "geheim", "Geheim", "geheim gehalten"])
def test_a_hidden_number_without_a_bound_is_asked_for(tmp_path: Path, text: str) -> None:
    path = write(tmp_path, f"jahr;gebiet;anzahl\n2023;01;{text}\n2023;02;50\n", "b.csv")
    table = read_table(path)
    with pytest.raises(TableError, match="bis zu welcher Zahl"):
        resolve_status(table, hidden="midpoint")
    assert total(resolve_status(table, hidden="midpoint", largest_hidden=3)) == 52
    own = read_table(path, signs={text: "null"})
    assert own.cells["value"].tolist() == [0.0, 50.0]


@pytest.mark.parametrize("text", ["5-1", "2-2", "3–7", "18-24", "2023-2024", "unter 1", "<= 0", "1.4.2023"])
def test_what_hides_no_small_number_is_refused_with_its_line(tmp_path: Path, text: str) -> None:
    said = refusal(tmp_path, STAND, "Stadtteil;männlich;weiblich", "Altstadt;10;110", f"Hafen;{text};60")
    assert f"Zeile 4: „{text}“ ist weder eine Zahl" in said


@given(st.lists(st.lists(FORMS | st.integers(1, 999).map(str), min_size=4, max_size=4), min_size=2, max_size=6))
def test_wherever_they_stand_no_cell_is_lost_and_headings_stay_ages(rows: list[list[str]]) -> None:
    lines = [STAND, HEAD, *(f"Ort {'ABCDEF'[i]};{';'.join(row)}" for i, row in enumerate(rows))]
    if not any(_is_counted(text) for row in rows for text in row[-2:]):
        return  # nothing tells rows of hidden numbers from headings: see the next test
    cells = read_table(_File("\n".join(lines))).cells
    assert len(cells) == 4 * len(rows)
    assert cells["age_from"].tolist() == [0, 1, 5, 18] * len(rows)
    printed = [text for row in rows for text in row]
    assert (cells["status"] == "hidden").tolist() == [not text.isdigit() for text in printed]


def _is_counted(text: str) -> bool:
    return read_cell(text) is not None


def test_a_table_that_hides_everything_is_refused_as_one_that_does() -> None:
    """What stands in its cells may stand there; but what is no number at all is said first."""
    with pytest.raises(TableError, match="jede Zahl verborgen: „1–4“ in Zeile 3, Spalte B") as caught:
        read_table(_File(f"{STAND}\n{HEAD}\nAu;1–4;unter 3;1-4;unter 5\nBerg;1–4;1–4;unter 3;1-4\n"))
    assert "Größere Gebiete" in str(caught.value.remedy)
    with pytest.raises(TableError, match=r"„ca\. 20“ in Zeile 3, Spalte C ist keine Zahl"):
        read_table(_File(f"{STAND}\n{HEAD}\nAu;1–4;ca. 20;1-4;unter 5\nBerg;1–4;1–4;unter 3;1-4\n"))


@given(st.integers(0, 1), st.integers(2, 99), st.sampled_from(["-", "–", " bis ", " – "]))
def test_a_range_keeps_both_of_its_ends(first: int, last: int, dash: str) -> None:
    assert hidden_flag(f"{first}{dash}{last}") == f"{first}-{last}"


def test_a_range_is_no_figure_where_it_may_be_an_age() -> None:
    assert read_cell("1–4") is None
    assert read_cell("unter 3") is None
    frame, bad = read_cells(["1–4", "unter 3", "7"])
    assert not bad.any()
    assert frame["flag"].tolist() == ["1-4", "<3", ""]


class _File:
    """Text as a file."""

    def __init__(self, text: str) -> None:
        self.name, self._data = "tabelle.csv", text.encode("utf-8")

    def read_bytes(self) -> bytes:
        """The whole file."""
        return self._data
