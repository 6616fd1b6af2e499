"""Errors speak German, name the cells and say what to do."""

from __future__ import annotations

import errno
import os

import pytest
import xarray as xr

from zwkprognose.engine.doors import refuse
from zwkprognose.errors import CELLS_SHOWN, EngineError, InputError, system_words


def test_an_error_names_cells_and_remedy() -> None:
    error = InputError("Etwas fehlt.", cells=[{"area": "0101", "line": 7, "Anteil": 0.5}], remedy="Ergänzen.")
    assert str(error).splitlines() == [
        "Etwas fehlt.", "  – Gebiet: 0101, Zeile: 7, Anteil: 0,5", "Was tun: Ergänzen.",
    ]  # fmt: skip


def test_all_cells_are_kept_and_ten_are_shown() -> None:
    error = InputError("Viele.", cells=({"age": age} for age in range(25)))
    assert len(error.frame) == 25
    assert str(error).count("Alter:") == CELLS_SHOWN
    assert "15 weitere Stellen" in str(error)


@pytest.mark.parametrize(("cells", "more"), [(10, ""), (11, "1 weitere Stelle"), (12, "2 weitere Stellen")])
def test_what_is_not_shown_is_counted(cells: int, more: str) -> None:
    lines = str(InputError("Viele.", cells=({"age": age} for age in range(cells)))).splitlines()
    assert lines[1:11] == [f"  – Alter: {age}" for age in range(10)]
    assert lines[11:] == [f"  – … und {more}"] * bool(more)


def test_cells_are_named_in_german_wherever_they_come_from() -> None:
    """The engine knows its cells by the words of the contract."""
    cell = {"area": "01", "nationality": "total", "sex": "female", "age": 3}
    assert "Gebiet: 01, Staatsangehörigkeit: insgesamt, Geschlecht: weiblich, Alter: 3" in str(
        EngineError("Nichts.", cells=[cell])
    )


def test_one_cell_is_spoken_of_in_the_singular() -> None:
    mask = xr.DataArray([[True, False]], {"age": [0, 1]}, ("scenario", "age"))
    with pytest.raises(EngineError) as caught:
        refuse(mask, "In {n} Zellen gehen mehr Personen, als da sind.", "Nichts.")
    assert caught.value.message == "In einer Zelle gehen mehr Personen, als da sind."
    assert caught.value.cells == ({"age": 0},)  # a place among one is no label
    with pytest.raises(EngineError, match="Geburten: 2 Zellen sind leer"):
        refuse(~mask | True, "Geburten: {n} Zellen sind leer.", "Nichts.")


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.ENOENT, "nicht vorhanden"), (errno.EACCES, "Berechtigung"), (errno.EISDIR, "Ordner"),
        (errno.ENOSPC, "kein Platz"), (errno.EEXIST, "schon vorhanden"), (errno.EROFS, "schreibgeschützt"),
        (errno.ENAMETOOLONG, "zu lang"), (errno.EPIPE, f"Fehler {errno.EPIPE} des Systems"), (None, "des Systems"),
    ],
)  # fmt: skip
def test_what_the_system_refuses_is_said_in_german(number: int | None, words: str) -> None:
    error = OSError() if number is None else OSError(number, os.strerror(number))
    said = system_words(error)
    assert words in said
    assert number is None or os.strerror(number) not in said
