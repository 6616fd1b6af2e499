"""Ages in every wording."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zwkprognose.tables.ages import Age, is_range, parse_age, parse_age_code, range_end


@pytest.mark.parametrize(
    ("text", "age"),
    [
        ("unter 1 Jahr", (0, 1)),
        ("unter 3", (0, 3)),
        ("1 bis unter 2 Jahre", (1, 2)),
        ("0 bis unter 1 Jahre", (0, 1)),
        ("20 bis 24 Jahre", (20, 25)),
        ("20-24", (20, 25)),
        ("20 – 24", (20, 25)),
        ("15 to under 45 years", (15, 45)),
        ("90 und mehr", (90, None)),
        ("90 u. m.", (90, None)),
        ("90 u.m.", (90, None)),
        ("90 Jahre und älter", (90, None)),
        ("90 Jahre und mehr", (90, None)),
        ("85+", (85, None)),
        ("104+", (104, None)),
        ("50 years and over", (50, None)),
        ("95 und älter", (95, None)),
        ("ab 80", (80, None)),
        ("Insgesamt", (0, None)),
        ("zusammen", (0, None)),
        ("under 15 years", (0, 15)),
        ("17 Jahre", (17, 18)),
        ("1 Jahr", (1, 2)),
        ("104", (104, 105)),
        ("0_bis_unter_1", (0, 1)),
        ("103_bis_unter_104", (103, 104)),
    ],
)
def test_every_wording_is_half_open(text: str, age: Age) -> None:
    assert parse_age(text) == age


@pytest.mark.parametrize("text", ["Mitte", "", "Jahre", "20 bis", "etwa 60", "unbekannt", "2020-12-31", "männlich"])
def test_what_is_not_an_age_is_not_read(text: str) -> None:
    assert parse_age(text) is None


def test_neighbours_tell_how_a_pair_ends() -> None:
    assert range_end(["unter 3", "3 - 6", "6 - 10", "90 und mehr"]) == "exclusive"
    assert range_end(["0-4", "5-9", "10-14", "95+"]) == "inclusive"
    assert range_end(["00_05", "05_10", "95 und älter"]) == "exclusive"
    assert range_end(["20-24"]) is None
    assert is_range("3 - 6")
    assert not is_range("3 bis unter 6")


@pytest.mark.parametrize(
    ("code", "label", "age"),
    [
        ("ALT000", "unter 1 Jahr", (0, 1)),
        ("ALT089", "89-Jährige", (89, 90)),
        ("ALT090UM", "90 Jahre und mehr", (90, None)),
        ("ALT015B20", "15 bis unter 20 Jahre", (15, 20)),
        ("ALT010B019", "10 bis 19 Jahre", (10, 20)),
        ("ALT080BXXX", "80 Jahre und älter", (80, None)),
        ("", "Insgesamt", (0, None)),
        ("INSGESAMT", "Insgesamt", (0, None)),
    ],
)
def test_the_two_meanings_of_b_are_told_apart(code: str, label: str, age: Age) -> None:
    assert parse_age_code(code, label) == age


def test_a_label_that_contradicts_its_code_is_refused() -> None:
    assert parse_age_code("ALT015B20", "15 bis unter 25 Jahre") is None


@settings(max_examples=50)
@given(st.integers(0, 120), st.integers(1, 20))
def test_printed_groups_come_back(start: int, width: int) -> None:
    end = start + width
    assert parse_age(f"{start} bis unter {end} Jahre") == (start, end)
    assert parse_age(f"{start}-{end - 1}") == (start, end)
    assert parse_age(f"{start} - {end}", upper="exclusive") == (start, end)
    assert parse_age(f"{start} und mehr") == (start, None)
