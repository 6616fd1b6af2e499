"""Events in areas where nobody lives are said: how many of which kind, and where."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.tidy_files import write

from zwkprognose.tables import check, read_table

STOCK = "jahr;gebiet;name;geschlecht;alter_von;alter_bis;anzahl"
EVENTS = "jahr;gebiet;ereignis;ziel;anzahl"


def said(folder: Path, stocks: dict[tuple[int, str], int], events: list[str]) -> list[str]:
    """Messages for stocks by year and area (each in four cells), and events."""
    names = {"01": "Au", "02": "Hafen", "03": "Wald"}
    rows = [
        f"{year};{area};{names[area]};{sex};{age};{persons}"
        for (year, area), persons in stocks.items()
        for sex in "mw"
        for age in ("0;39", "40;")
    ]
    stock = read_table(write(folder, "\n".join([STOCK, *rows]) + "\n", "bestand.csv"))
    moved = read_table(write(folder, "\n".join([EVENTS, *events]) + "\n", "ereignisse.csv"))
    frame = check(stock, moved).frame
    return frame.loc[frame["rule"] == "T42", "message"].tolist()


EMPTY = {(year, area): 0 if area == "02" else 500 for year in (2021, 2022, 2023) for area in ("01", "02", "03")}


@pytest.mark.parametrize(
    ("event", "name"),
    [("geburten", "Geburten"), ("sterbefaelle", "Sterbefälle"), ("fortzuege", "Fortzüge"), ("zuzuege", "Zuzüge")],
)
def test_events_where_nobody_lives_are_counted_and_named(tmp_path: Path, event: str, name: str) -> None:
    events = [f"{year};{area};{event};;{area[1]}" for year in (2022, 2023) for area in ("01", "02", "03")]
    (message,) = said(tmp_path, EMPTY, events)
    assert message.startswith(f"{name}, wo am 31.12. davor und danach niemand wohnt: 4, in Hafen (2022 bis 2023).")


def test_moves_out_of_an_empty_area(tmp_path: Path) -> None:
    (message,) = said(tmp_path, EMPTY, ["2022;02;umzuege;01;3", "2022;01;umzuege;03;5"])
    assert ": 3, in Hafen (2022)" in message
    assert "Niveau der ganzen Stadt" in message


def test_who_has_come_or_gone_in_the_year_leaves_nobody_behind(tmp_path: Path) -> None:
    """An area that empties or fills in a year has people in it during the year."""
    events = ["2022;02;sterbefaelle;;3", "2022;01;sterbefaelle;;3"]
    assert said(tmp_path, EMPTY | {(2021, "02"): 8}, events) == []
    assert said(tmp_path, EMPTY | {(2022, "02"): 8}, events) == []
    assert len(said(tmp_path, EMPTY | {(2023, "02"): 8}, events)) == 1


def test_no_events_no_word(tmp_path: Path) -> None:
    assert said(tmp_path, EMPTY, ["2022;02;sterbefaelle;;0", "2022;01;sterbefaelle;;3"]) == []


def test_stocks_of_some_years_only(tmp_path: Path) -> None:
    """Stocks of 2015 and 2020: an event of 2018 lies between them."""
    stocks = {(year, area): 0 if area == "02" else 500 for year in (2015, 2020) for area in ("01", "02")}
    assert len(said(tmp_path, stocks, ["2018;02;sterbefaelle;;3", "2018;01;sterbefaelle;;3"])) == 1
    assert said(tmp_path, stocks | {(2020, "02"): 1}, ["2018;02;sterbefaelle;;3", "2018;01;sterbefaelle;;3"]) == []
