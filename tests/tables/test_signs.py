"""Signs and numbers as German offices print them."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.office_files import STAND, refusal

from zwkprognose.tables.signs import decimal_mark, read_cell, read_cells, read_number
from zwkprognose.tables.table import Status


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("-", Status.ZERO), ("–", Status.ZERO), (".", Status.HIDDEN), ("·", Status.HIDDEN), ("*", Status.HIDDEN),
        ("<3", Status.HIDDEN), ("/", Status.UNRELIABLE), ("x", Status.NOT_APPLICABLE), ("X", Status.NOT_APPLICABLE),
        ("...", Status.LATE), ("…", Status.LATE), ("", Status.ABSENT), ("  ", Status.ABSENT), ("0", Status.NUMBER),
        ("17", Status.NUMBER), ("-17", Status.NUMBER),
    ],
)  # fmt: skip
def test_every_sign_of_din_55301_keeps_its_meaning(text: str, status: Status) -> None:
    cell = read_cell(text)
    assert cell is not None
    assert cell.status is status
    assert math.isnan(cell.value) == (status not in (Status.ZERO, Status.NUMBER))


@pytest.mark.parametrize(
    ("text", "value", "flag"), [("(12)", 12, "()"), ("12 p", 12, "p"), ("1.234r", 1234, "r"), ("(1,5)", 1.5, "()")]
)
def test_a_mark_beside_the_number_is_kept(text: str, value: float, flag: str) -> None:
    cell = read_cell(text)
    assert cell is not None
    assert (cell.value, cell.flag) == (value, flag)


def test_the_bound_of_a_hidden_number_is_kept() -> None:
    cell = read_cell("< 3")
    assert cell is not None
    assert cell.flag == "<3"


@pytest.mark.parametrize(
    ("text", "decimal", "value"),
    [
        ("1.234.567", ",", 1234567), ("1 234", ",", 1234), ("1\u202f234,5", ",", 1234.5), ("2930,00", ",", 2930),
        ("1,234.5", ".", 1234.5), ("0.5", ".", 0.5), ("−4", ",", -4), ("1'234", ",", 1234),
    ],
)  # fmt: skip
def test_numbers_with_thousands_and_decimals(text: str, decimal: str, value: float) -> None:
    assert read_number(text, decimal) == value


@pytest.mark.parametrize(
    "text", ["12a", "1.23", "1..2", "zwölf", "1,2,3", "12.34.56", "0x10", "1e5", "٣", "nan", "inf"]
)
def test_what_is_not_a_german_number_is_not_read(text: str) -> None:
    assert read_number(text, ",") is None


@pytest.mark.parametrize(
    ("texts", "mark"),
    [
        (["1", "2"], ","), (["1,5", "2"], ","), (["1.5", "2"], "."), (["1.234", "17"], ","), (["1,234", "17"], "."),
        (["1.234,5"], ","), (["1,234.5"], "."), (["0.123", "1.234"], "."), (["1.234", "12345"], None),
        (["1.234,5", "1,234.5"], None), (["1.234", "5,678"], None), (["292,00", "-", "."], ","),
        (["1.250", "300.0"], None), (["1,250", "300,00"], None), (["1.250", "300.5"], "."), (["1.250", "0.5"], "."),
        (["1250.0", "300.0"], "."), (["1.250", "2.300"], ","), (["12,50", "1,250"], ","),
    ],
)  # fmt: skip
def test_decimal_mark_is_found_and_doubt_is_said(texts: list[str], mark: str | None) -> None:
    assert decimal_mark(texts) == mark


@pytest.mark.parametrize("text", ["1.250", "1,250"])
def test_thousands_beside_whole_numbers_with_decimals_are_asked_for(tmp_path: Path, text: str) -> None:
    other = "300.0" if "." in text else "300,0"
    said = refusal(tmp_path, STAND, "Stadtteil;männlich;weiblich", f"Altstadt;{text};7", f"Hafen;17;{other}")
    assert f"„{text}“ (Zeile 3) und „{other}“ (Zeile 4)" in said


@settings(max_examples=50)
@given(st.integers(-(10**9), 10**9))
def test_every_whole_number_survives_german_printing(number: int) -> None:
    printed = f"{number:,}".replace(",", ".")
    assert read_number(printed, ",") == number
    assert read_number(str(number), ".") == number


@settings(max_examples=50)
@given(st.lists(st.sampled_from(["-", ".", "7", "8,5", "oha", ""])))
def test_reading_many_cells_is_reading_each(texts: list[str]) -> None:
    frame, bad = read_cells(texts)
    for i, text in enumerate(texts):
        cell = read_cell(text)
        assert bad[i] == (cell is None)
        if cell is not None:
            assert frame["status"][i] == cell.status.value
            assert frame["value"][i] == cell.value or math.isnan(cell.value)
