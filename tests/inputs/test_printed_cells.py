"""Errors of cells name them as the table prints them: the whole age group, its number or sign, file and line."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.tidy_files import write

from zwkprognose import build_inputs
from zwkprognose.errors import InputError
from zwkprognose.names import label
from zwkprognose.tables import Table, read_table

AGES = [(0, 4), (5, 9), (10, 14), (15, 19), (20, 24), (25, 44), (45, 64), (65, "")]
STOCK = "jahr;gebiet;geschlecht;alter_von;alter_bis;anzahl"


def stock(folder: Path, printed: str = "20") -> Table:
    """One cell of women of 20 to 24 in area 02 prints something else; line 1 is the header."""
    rows = [
        f"2023;{area};{sex};{first};{last};{printed if (area, sex, first) == ('02', 'w', 20) else 20}"
        for area in ("01", "02")
        for sex in "mw"
        for first, last in AGES
    ]
    return read_table(write(folder, "\n".join([STOCK, *rows]) + "\n", "bestand.csv"))


def test_a_negative_count_of_five_years_is_one_cell(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        build_inputs(stock(tmp_path, "-3"))
    said = str(caught.value)
    assert "Bevölkerung: Keine mögliche Anzahl steht in 1 Zelle." in said
    assert (
        "Gebiet: 02, Jahr: 2023, Geschlecht: weiblich, Alter: 20 bis 24, Wert: −3, Datei: bestand.csv, Zeile: 30"
        in said
    )
    assert len(caught.value.cells) == 1


def test_a_sign_is_named_with_its_group(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        build_inputs(stock(tmp_path, "."))
    (cell,) = caught.value.cells
    assert (cell["age"], cell["Zeichen"], cell["line"]) == ("20 bis 24", label("status", "hidden"), 30)


@pytest.mark.parametrize(
    ("event", "name"), [("sterbefaelle", "Sterbefälle"), ("zuzuege", "Zuzüge"), ("fortzuege", "Fortzüge")]
)
def test_negative_events_too(tmp_path: Path, event: str, name: str) -> None:
    rows = [
        f"2023;{area};{event};{first};{last};{-2 if (area, first) == ('01', 65) else 1}"
        for area in ("01", "02")
        for first, last in AGES
    ]
    head = "jahr;gebiet;ereignis;alter_von;alter_bis;anzahl"
    events = read_table(write(tmp_path, "\n".join([head, *rows]) + "\n", "ereignisse.csv"))
    with pytest.raises(InputError, match=f"{name}: Keine mögliche Anzahl") as caught:
        build_inputs(stock(tmp_path), events)
    (cell,) = caught.value.cells
    assert (cell["age"], cell["value"]) == ("65 und älter", -2)
