"""Errors speak German, name the cells and say what to do."""

from __future__ import annotations

from zwkprognose.errors import CELLS_SHOWN, InputError


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
