"""The tables of a project: found, unchanged since the last run, read, and completed by stated differences."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from zwkprognose.errors import InputError, ScenarioError
from zwkprognose.projects.difference import add_difference

if TYPE_CHECKING:
    from zwkprognose.projects.document import Project
    from zwkprognose.tables import Table


def read_tables(project: Project) -> list[Table]:
    """Read all tables of a project: stocks first, then events.

    Raises
    ------
    ScenarioError, InputError, TableError
        If a file is missing, has changed since the run that the document records, or cannot be read.
    """
    from zwkprognose.examples import example_tables

    if project.data.example is not None:
        return example_tables(project.data.example)
    stocks, events = stock_files(project), event_files(project)
    _check_unchanged(project, [*stocks, *events])
    prepared = _prepared(project, _read(project, stocks))
    return [prepared, _completed(project, _read(project, events), prepared)] if events else [prepared]


def stock_files(project: Project) -> list[Path]:
    """Files of the stocks, patterns such as ``bestand_*.csv`` written out."""
    return _files(project, "bestand", project.data.stocks)


def event_files(project: Project) -> list[Path]:
    """Files of the events, patterns written out."""
    return _files(project, "ereignisse", project.data.events)


def checksum(path: Path) -> str:
    """SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _files(project: Project, key: str, entries: Sequence[str]) -> list[Path]:
    found = []
    for index, entry in enumerate(entries):
        matches = _matches(project, entry)
        if not matches:
            raise ScenarioError(
                f"{project.where('daten', key, index)}: Die Datei »{entry}« gibt es nicht (gesucht wurde "
                f"{project.path(entry)}).",
                remedy="den Pfad prüfen; er gilt ab dem Ordner des Projektdokuments",
            )
        found += matches
    return found


def _matches(project: Project, entry: str) -> list[Path]:
    path = project.path(entry)
    if not any(sign in entry for sign in "*?["):
        return [path] if path.exists() else []
    root = Path(path.anchor) if path.is_absolute() else Path()
    return sorted(root.glob(str(path.relative_to(path.anchor) if path.is_absolute() else path)))


def _check_unchanged(project: Project, files: Sequence[Path]) -> None:
    """A document written by a run records the tables it used; other tables would give other results."""
    recorded = project.data.checksums
    changed = [path for path in files if str(path) in recorded and checksum(path) != recorded[str(path)]]
    if changed:
        raise InputError(
            "Diese Tabellen haben sich seit dem Lauf, den das Dokument festhält, geändert: "
            + ", ".join(map(str, changed)) + ".",
            remedy="die damaligen Tabellen verwenden, oder den Abschnitt [daten.pruefsummen] löschen, um mit den "
            "neuen zu rechnen",
        )  # fmt: skip


def _prepared(project: Project, stocks: Table) -> Table:
    """Stocks with the differences, areas and choices for signs that the project states."""
    from zwkprognose.inputs.select import select_areas
    from zwkprognose.tables import resolve_status

    data = project.data
    for difference in data.differences:
        stocks = add_difference(stocks, difference)
    if data.areas:
        stocks = stocks.with_cells(select_areas(stocks.cells, data.areas))
    if data.signs is not None:
        stocks = resolve_status(stocks, **data.signs.options())
    return stocks


def _completed(project: Project, events: Table, stocks: Table) -> Table:
    """Events with a zero where the project says that cells not listed are zero, in every area of the stocks."""
    from zwkprognose.tables.unlisted import with_unlisted

    signs = project.data.signs
    if signs is None or signs.unlisted_events is None:
        return events
    return with_unlisted(events, stocks.cells["area"].unique())


def _read(project: Project, files: list[Path]) -> Table:
    from zwkprognose.tables import read_table, restore_zeros

    table = read_table(files, kind=project.data.kind, sheets=project.data.sheets or None)
    if project.data.key_width is not None:
        table = restore_zeros(table, width=project.data.key_width)
    said = project.data.source
    if said is None:
        return table
    values = {name: value for name, value in said.model_dump().items() if value}
    parts = tuple(replace(part, secrecy=said.secrecy or part.secrecy) for part in table.source.parts)
    return replace(table, source=replace(table.source, **values, parts=parts))
