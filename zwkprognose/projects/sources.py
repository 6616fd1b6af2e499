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
    from zwkprognose.tables import Source, Table
    from zwkprognose.tables.ledger import Ledger


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
    files = [*stock_files(project), *event_files(project)]
    _check_unchanged(project, files)
    stocks, events = _stocks_and_events(_read(project, files))
    prepared = _prepared(project, _as_said(project, stocks))
    return [prepared] if events is None else [prepared, _completed(project, _as_said(project, events), prepared)]


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
                f"{project.where('daten', key, index)}: Die Datei „{entry}“ gibt es nicht (gesucht wurde "
                f"{project.path(entry)}).",
                remedy="Den Pfad prüfen; er gilt ab dem Ordner des Projektdokuments.",
            )
        found += matches
    return found


def _matches(project: Project, entry: str) -> list[Path]:
    path = project.path(entry)
    try:
        if path.exists() or not any(sign in entry for sign in "*?["):
            return [path] if path.exists() else []
        root = Path(path.anchor) if path.is_absolute() else Path()
        found = root.glob(str(path.relative_to(path.anchor) if path.is_absolute() else path))
        return sorted(match for match in found if match.is_file())
    except (OSError, ValueError, NotImplementedError, RecursionError) as error:
        raise ScenarioError(
            f"{project.where('daten')}: „{entry[:200]}“ ist kein Muster für Dateien.",
            remedy="* und ? für beliebige Zeichen eines Namens verwenden; ** steht nur allein zwischen zwei "
            "Schrägstrichen, für beliebig viele Ordner.",
        ) from error


def _check_unchanged(project: Project, files: Sequence[Path]) -> None:
    """A document written by a run records the tables it used; other tables would give other results."""
    recorded = project.data.checksums
    known = {project.path(name).resolve(): checksum_then for name, checksum_then in recorded.items()}
    changed = [path for path in files if path.resolve() in known and checksum(path) != known[path.resolve()]]
    if changed:
        raise InputError(
            "Diese Tabellen haben sich seit dem Lauf, den das Dokument festhält, geändert: "
            + ", ".join(map(str, changed)) + ".",
            remedy="Die damaligen Tabellen verwenden, oder den Abschnitt [daten.pruefsummen] löschen, um mit den "
            "neuen zu rechnen.",
        )  # fmt: skip


def _stocks_and_events(table: Table) -> tuple[Table, Table | None]:
    """Tables with any stocks, and those of events alone; a workbook of both goes with the stocks as a whole."""
    cells = table.cells
    with_stocks = set(cells.loc[cells["variable"] == "population", "file"].unique())
    is_stock = cells["file"].isin(with_stocks)
    if is_stock.all() or not with_stocks:
        return table, None
    both = [table.with_cells(cells[mask].reset_index(drop=True)) for mask in (is_stock, ~is_stock)]
    stocks, events = (
        replace(part, source=_of_files(table.source, set(part.cells["file"].unique())), ledger=ledger)
        for part, ledger in zip(both, _ledgers(table, with_stocks), strict=True)
    )
    return stocks, events


def _ledgers(table: Table, stocks: set[str]) -> tuple[Ledger, Ledger]:
    """The account of each file with its table; what was not read goes with the stocks."""
    events = set(table.cells["file"].unique()) - stocks
    of_stocks = table.ledger.of_files(lambda file: file not in events)
    return replace(of_stocks, unread=table.ledger.unread), table.ledger.of_files(events.__contains__)


def _of_files(source: Source, files: set[str]) -> Source:
    """The source of some of the files that were put together."""
    from zwkprognose.tables.read import joint_source

    parts = [part for part in source.parts if part.file in files]
    return parts[0] if len(parts) == 1 else joint_source(parts)


def _prepared(project: Project, stocks: Table) -> Table:
    """Stocks with the differences, areas and choices for signs that the project states."""
    from zwkprognose.inputs.select import select_areas
    from zwkprognose.tables import resolve_status

    data = project.data
    for difference in data.differences:
        stocks = add_difference(stocks, difference)
    if data.areas:
        is_stock = stocks.cells["variable"] == "population"
        chosen = select_areas(stocks.cells[is_stock], data.areas).index
        stocks = stocks.with_cells(stocks.cells[~is_stock | stocks.cells.index.isin(chosen)])
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

    data = project.data
    table = read_table(
        files,
        kind=data.kind,
        sheets=data.sheets or None,
        signs={} if data.signs is None else data.signs.meanings,
        titles="strict" if data.titles is None else "trusted",
    )
    return table if data.key_width is None else restore_zeros(table, width=data.key_width)


def _as_said(project: Project, table: Table) -> Table:
    """The table with what the project says about its source."""
    said = project.data.source
    if said is None:
        return table
    values = {name: value for name, value in said.model_dump().items() if value}
    parts = tuple(replace(part, secrecy=said.secrecy or part.secrecy) for part in table.source.parts)
    return replace(table, source=replace(table.source, **values, parts=parts))
