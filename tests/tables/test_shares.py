"""Shares beside undivided counts are compared with them as they are rounded; what cannot be compared is said."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.office_files import STAND, office_table

from zwkprognose.tables import Table, check

HEADINGS = (
    "%", "Anteil", "Anteil in %", "in %", "Anteil an insgesamt", "Anteil an der Stadt",
    "Anteil an der Gesamtbevölkerung in %",
    "% der Bevölkerung", "Anteil an der Bevölkerung",
)  # fmt: skip


def said(table: Table, rule: str) -> list[str]:
    frame = check(table).frame
    return frame.loc[frame["rule"] == rule, "message"].tolist()


@pytest.mark.parametrize("heading", HEADINGS)
@pytest.mark.parametrize("total", [(), ("Insgesamt;600;100,0",)])
def test_a_share_of_the_town_is_compared(tmp_path: Path, heading: str, total: tuple[str, ...]) -> None:
    """50, 150 and 400 of 600 are 8.3, 25.0 and 66.7 percent."""
    head = f"Stadtteil;Einwohner;{heading}"
    right = office_table(tmp_path, STAND, head, "Au;50;8,3", "Berg;150;25,0", "Tal;400;66,7", *total)
    assert said(right, "T24") == said(right, "T41") == []
    assert right.cells["value"].tolist() == [50, 150, 400]
    assert f"Anteile sind mit den Anzahlen verglichen und ausgelassen: „{heading}“." in right.source.notes
    wrong = office_table(tmp_path, STAND, head, "Au;50;8,3", "Berg;150;52,0", "Tal;400;66,7", *total)
    (message,) = said(wrong, "T24")
    assert message.startswith(
        f"„{heading}“, Berg, 2023, Zeile 4, Spalte C: ausgewiesen 52, gerechnet („Einwohner“ von "
    )
    assert message.endswith(", in %) 25.")


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(1, 5000), min_size=3, max_size=8), st.integers(0, 2), st.booleans(), st.data())
def test_rounding_as_printed_is_no_contradiction(
    tmp_path_factory: pytest.TempPathFactory, counts: list[int], digits: int, as_part: bool, data: st.DataObject
) -> None:
    """Shares rounded to any digit, as percent or as a part of one; one that is off by a step is found."""
    folder = tmp_path_factory.mktemp("t")
    scale, digits = (1, digits + 2) if as_part else (100, digits)
    shares = [round(scale * count / sum(counts), digits) for count in counts]

    def table(values: list[float]) -> Table:
        rows = [
            f"Ort{i};{count};{value:.{digits}f}".replace(".", ",")
            for i, (count, value) in enumerate(zip(counts, values, strict=True))
        ]
        return office_table(folder, STAND, "Stadtteil;Einwohner;Anteil", *rows)

    assert said(table(shares), "T24") == []
    at = data.draw(st.integers(0, len(counts) - 1))
    wrong = [share + 10**-digits * (3 if i == at else 0) for i, share in enumerate(shares)]
    assert len(said(table(wrong), "T24")) == 1


def test_shares_of_men_and_women_and_of_foreigners(tmp_path: Path) -> None:
    head = "Stadtteil;Insgesamt;männlich;%;weiblich;%"
    rows = ("Au;50;20;40,0;30;60,0", "Berg;150;70;46,7;80;{}")
    assert said(office_table(tmp_path, STAND, head, rows[0], rows[1].format("53,3")), "T24") == []
    (message,) = said(office_table(tmp_path, STAND, head, rows[0], rows[1].format("55,3")), "T24")
    assert "ausgewiesen 55,3, gerechnet („weiblich“ von „Insgesamt“, in %) 53,33" in message
    head = "Stadtteil;Deutsche;Ausländer;Anteil in %"  # of both, though their sum is not printed
    assert said(office_table(tmp_path, STAND, head, "Au;20;30;60,0", "Berg;70;80;53,3"), "T24") == []
    assert len(said(office_table(tmp_path, STAND, head, "Au;20;30;60,0", "Berg;70;80;35,3"), "T24")) == 1


def test_shares_of_each_year_and_of_the_larger_area(tmp_path: Path) -> None:
    head = ("Einwohner am 31.12.", "Stadtteil;2022;%;2023;%")
    assert said(office_table(tmp_path, *head, "Au;50;25,0;60;30,0", "Berg;150;75,0;140;70,0"), "T24") == []
    (message,) = said(office_table(tmp_path, *head, "Au;50;25,0;60;28,0", "Berg;150;75,0;140;70,0"), "T24")
    assert "Au, 2023, Zeile 3, Spalte E" in message
    down = (
        "Einwohner am 31.12.",
        "Jahr;Stadtteil;Einwohner;%",
        "2022;Au;50;25,0",
        "2022;Berg;150;75,0",
        "2023;Au;60;30,0",
    )
    assert said(office_table(tmp_path, *down, "2023;Berg;140;70,0"), "T24") == []
    district = ("Bezirk;Stadtteil;Einwohner;%", "Mitte;Au;50;25,0", ";Berg;150;75,0", "West;Tal;30;33,3", ";Fels;60;{}")
    assert said(office_table(tmp_path, STAND, *(row.format("66,7") for row in district)), "T24") == []
    (message,) = said(office_table(tmp_path, STAND, *(row.format("76,7") for row in district)), "T24")
    assert "dem größeren Gebiet" in message


def test_a_share_of_something_that_is_not_printed_is_said_to_be_set_aside(tmp_path: Path) -> None:
    table = office_table(tmp_path, STAND, "Stadtteil;Einwohner;%", "Au;50;1,3", "Berg;150;3,9", "Tal;400;10,4")
    assert said(table, "T24") == []
    (message,) = said(table, "T41")
    assert "Spalte C („%“) ist nicht verwendet" in message


def test_shares_of_births(tmp_path: Path) -> None:
    head = ("Geburten 2023", "Stadtteil;Geburten;%")
    assert said(office_table(tmp_path, *head, "Au;5;25,0", "Berg;15;75,0", "Insgesamt;20;100,0"), "T24") == []
    assert len(said(office_table(tmp_path, *head, "Au;5;25,0", "Berg;15;57,0", "Insgesamt;20;100,0"), "T24")) == 1
