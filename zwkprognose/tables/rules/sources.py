"""Rules about where tables come from: repairs, what was not read, mixed universes, mixed Gebietsstände."""

from __future__ import annotations

from itertools import combinations
from typing import Any

from zwkprognose.german import number_text
from zwkprognose.tables.findings import Findings
from zwkprognose.tables.ledger import Unread
from zwkprognose.tables.reporting import findings
from zwkprognose.tables.table import Source, Table
from zwkprognose.tables.universe import CENSUS_DAY, universe_of

#: Words that exclude each other within a universe.
_OPPOSED = (
    {"Register", "Fortschreibung"},
    {"Hauptwohnung", "Haupt- und Nebenwohnung"},
    {"Zensus 1987", "Zensus 2011", "Zensus 2022"},
)


def repaired(table: Table) -> Findings:
    """T15: something was put right on reading."""
    return findings(
        [{"text": text} for text in table.source.repairs], "T15", "warning", "{text}",
        "Prüfen, ob die Berichtigung stimmt, und die Quelle berichtigen lassen.",
    )  # fmt: skip


def unread(table: Table) -> Findings:
    """T33: a sheet or member of an archive that holds figures and was not read, and every hidden sheet."""
    left = [_unread_text(one) for one in table.ledger.unread]
    message, remedy = "„{file}“ ist nicht gelesen: {why}{figures}.", (
        "Prüfen, ob die Zahlen gebraucht werden. Wenn ja, das Blatt einblenden, seine Spalten überschreiben oder es "
        "ausdrücklich nennen (sheets=, im Projekt „blaetter“); wenn nein, die anderen Blätter nennen."
    )  # fmt: skip
    warnings = findings([row for row in left if row["figures"]], "T33", "warning", message, remedy)
    return warnings + findings([row for row in left if not row["figures"]], "T33", "info", message, remedy)


def _unread_text(one: Unread) -> dict[str, Any]:
    said = f". Es enthält {number_text(float(one.figures))} Zahlen" if one.figures else ""
    return {"file": one.file, "why": one.why, "figures": said, "amount": float(one.figures)}


def universes(table: Table) -> Findings:
    """T19: stocks of different universes: an error where they meet in the same area."""
    found = [(same, _both(one, other)) for one, other, same in _opposed(table)]
    message = "Verschiedene Grundgesamtheiten: „{one}“ und „{other}“ ({files})."
    remedy = "Eine wählen, oder ausdrücklich auf ein Niveau umrechnen (adjust_level)."
    errors = findings([row for same, row in found if same], "T19", "error", message, remedy)
    return errors + findings([row for same, row in found if not same], "T19", "warning", message, remedy)


def _both(one: Source, other: Source) -> dict[str, str]:
    return {"one": one.universe, "other": other.universe, "files": f"{one.file}, {other.file}"}


def census_day(table: Table) -> Findings:
    """T25: a census, counted in May and not at the end of the year."""
    days = {source.file: source.universe for source in _sources(table) if CENSUS_DAY in source.universe}
    return findings(
        [{"file": file, "day": universe.split(CENSUS_DAY)[-1]} for file, universe in days.items()], "T25", "warning",
        "„{file}“ zählt am Zensusstichtag {day}, nicht am 31.12. dieses Jahres.",
        "Die Tabelle als Struktur verwenden und auf den Bestand vom 31.12. bringen (adjust_level).",
    )  # fmt: skip


def gebietsstand(table: Table) -> Findings:
    """T20: tables of different Gebietsstand."""
    stands = sorted({source.gebietsstand for source in _sources(table) if source.gebietsstand})
    return findings(
        [{"stands": ", ".join(stands)}] if len(stands) > 1 else [], "T20", "warning",
        "Die Tabellen haben verschiedene Gebietsstände: {stands}.",
        "Auf einen gemeinsamen Gebietsstand umrechnen (apply_crosswalk).",
    )  # fmt: skip


def _sources(table: Table) -> tuple[Source, ...]:
    return table.source.parts or (table.source,)


def _opposed(table: Table) -> list[tuple[Source, Source, bool]]:
    """One example of every pair of universes that exclude each other, and whether their stocks share an area."""
    first: dict[frozenset[str], Source] = {}
    for source in _sources(table):
        first.setdefault(universe_of(source), source)
    stock = table.cells[table.cells["variable"] == "population"]
    areas = {file: set(group) for file, group in stock.groupby("file")["area"].unique().items()}
    pairs = [(a, b) for (u, a), (v, b) in combinations(first.items(), 2) if _exclude(u, v)]
    return [(a, b, bool(areas.get(a.file, set()) & areas.get(b.file, set()))) for a, b in pairs]


def _exclude(one: frozenset[str], other: frozenset[str]) -> bool:
    return any((one & words) and (other & words) and not (one & other & words) for words in _OPPOSED)
