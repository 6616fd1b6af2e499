"""Rules about single cells: printed twice, negative, fractional, hidden, of an impossible age."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from zwkprognose.german import number_text
from zwkprognose.names import label
from zwkprognose.tables.codes import repeated
from zwkprognose.tables.counts import KEY
from zwkprognose.tables.findings import Findings
from zwkprognose.tables.reporting import KNOWN, findings
from zwkprognose.tables.rules.checked import Checked
from zwkprognose.tables.table import Status, Table
from zwkprognose.tables.wording import records

OLDEST = 125


def duplicates(table: Table) -> Findings:
    """T01: the same cell twice in one file, or with different numbers in two."""
    cells = table.cells
    twice = cells[repeated(cells, KEY, all_of_them=True)]
    if twice.empty:
        return Findings.of([])
    groups = twice.groupby(KEY, dropna=False, sort=False)
    same_file = twice.duplicated([*KEY, "file"], keep=False)
    differing = groups["value"].transform("nunique") > 1
    bad = twice[same_file | differing]
    rows = [_duplicate(group) for _, group in bad.groupby(KEY, dropna=False, sort=False)]
    return findings(
        rows, "T01", "error", "{cell}: kommt {times}-mal vor ({places}).",
        "Jede Zelle nur einmal behalten; von zwei Quellen eine wählen.",
    )  # fmt: skip


def negative(table: Checked) -> Findings:
    """T09: a count below zero."""
    cells = table.counted
    bad = cells[cells["value"] < 0]
    return findings(
        records(bad.assign(amount=bad["value"], text=bad["value"].map(number_text))), "T09", "error",
        "{cell}: {text} Personen ist keine mögliche Zahl.", "Die Zahl in der Quelle berichtigen.",
    )  # fmt: skip


def fractional(table: Checked) -> Findings:
    """T10: counts that are not whole; they were estimated or rounded somewhere. One finding per file."""
    cells = table.counted
    bad = cells[cells["value"].notna() & (np.mod(cells["value"], 1) != 0)]
    rows = [
        {"amount": len(group), "file": file, "cell_text": number_text(group["value"].iloc[0])}
        for file, group in bad.groupby("file", sort=False)
    ]
    return findings(
        rows, "T10", "warning",
        "„{file}“: Anzahlen, die nicht ganz sind: {times} (zum Beispiel {cell_text}).",
        "Prüfen, ob die Zahlen geschätzt sind und ob das Dezimalzeichen stimmt.",
    )  # fmt: skip


def ages_out_of_range(table: Table) -> Findings:
    """T11: an age beyond any human life."""
    cells = table.cells
    bad = cells[(cells["age_from"] > OLDEST).fillna(False)]
    return findings(records(bad), "T11", "error", "{cell}: Dieses Alter gibt es nicht.", "Das Alter berichtigen.")


def unknown_ages(table: Checked) -> Findings:
    """T12: persons of unknown age; they belong to the total but to no age."""
    cells = table.counted
    bad = cells[(cells["age_from"] < 0) & (cells["value"] > 0)]
    return findings(
        records(bad.assign(amount=bad["value"], text=bad["value"].map(number_text))), "T12", "warning",
        "{cell}: {text} Personen ohne Altersangabe.",
        "Wählen, wie sie auf die Alter verteilt werden (im Projekt [daten.zeichen], in Python impute_from_total).",
    )  # fmt: skip


def hidden(table: Table) -> Findings:
    """T13: cells that print a sign instead of a number. One finding per file, sign and variable."""
    cells = table.cells
    shown = (*KNOWN, Status.ABSENT.value)
    return _per_status(
        cells[~cells["status"].isin(shown)], "T13", "„{file}“, {what}: {times}-mal „{meaning}“.",
        "Wählen, wie diese Zellen zu Zahlen werden: im Projekt unter [daten.zeichen], in Python mit "
        "resolve_status(tabelle, hidden=…), dort zero, midpoint, impute_from_total oder error.",
    )  # fmt: skip


def absent(table: Table) -> Findings:
    """T14: areas without any number in a year (info), and single cells with nothing in them (warning)."""
    cells = table.cells
    is_absent = cells["status"] == Status.ABSENT.value
    whole = is_absent.groupby([cells["area"], cells["year"]]).transform("all")
    areas = [
        {"file": file, "amount": float(group["area"].nunique()), "names": ", ".join(group["area"].unique()[:5])}
        for file, group in cells[whole].groupby("file", sort=False)
    ]
    return findings(
        areas, "T14", "info",
        "„{file}“: Gebiete ohne Zahlen in einem Jahr (aufgelöst oder neu): {times}, zum Beispiel {names}.",
        "Gebiete wählen, die in allen Jahren bestehen, oder sie umrechnen (apply_crosswalk).",
    ) + _per_status(
        cells[is_absent & ~whole], "T14", "„{file}“, {what}: {times}-mal eine leere Zelle ({lines}).",
        "Leer heißt nicht null. Die Zahl eintragen; wohnt dort niemand, 0 oder –.",
    )  # fmt: skip


def _per_status(cells: pd.DataFrame, rule: str, message: str, remedy: str) -> Findings:
    rows = [
        {
            "amount": len(group),
            "file": file,
            "what": label("variables", str(variable)),
            "meaning": label("status", str(status)),
            "lines": _lines_text(group["line"].drop_duplicates().tolist()),
        }
        for (file, variable, status), group in cells.groupby(["file", "variable", "status"], sort=False)
    ]
    return findings(rows, rule, "warning", message, remedy)


def _lines_text(lines: list[int]) -> str:
    """Lines of the file, the first ones of many.

    >>> _lines_text([4]), _lines_text([4, 7]), _lines_text(list(range(10, 20)))
    ('Zeile 4', 'Zeilen 4, 7', 'Zeilen 10, 11, 12, 13, 14 …')
    """
    text = ", ".join(map(str, lines[:5])) + (" …" if len(lines) > 5 else "")
    return f"Zeilen {text}" if len(lines) > 1 else f"Zeile {text}"


def _duplicate(group: pd.DataFrame) -> dict[str, Any]:
    first = records(group.iloc[:1])[0]
    shown = group.iloc[:4]
    places = [
        f"„{file}“ Zeile {line}: {number_text(value) if value == value else '–'}"
        for file, line, value in zip(shown["file"], shown["line"], shown["value"], strict=True)
    ]
    return {**first, "amount": len(group), "places": "; ".join(places)}
