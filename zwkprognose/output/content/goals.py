"""Answers to milestones that may be published: rounded like a demand, and none where few persons stand behind them."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING, Any

from zwkprognose.evaluation.milestones import milestone_sentences, tenths_text
from zwkprognose.german import HIDDEN, decimal, number
from zwkprognose.output.content.services import STEP
from zwkprognose.output.files.long_table import field, write_rows
from zwkprognose.output.tables.cross import Cell, CrossTable

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

#: Persons behind a ratio from which on it is shown with one decimal.
DECIMAL_FROM = 500
TITLE = "Meilensteine: was die Vorausberechnung zu den Zielen sagt"
_TOLD = ("met", "chance", "since", "trigger_year", "act_by")
_NUMBERS = ("today", "value", "low", "high", "gap")
_COLUMNS = {
    "name": "meilenstein", "scenario": "szenario", "title": "szenario_titel", "year": "jahr", "unit": "einheit",
    "direction": "richtung", "target": "ziel", "start_year": "ausgangsjahr", "today": "ausgangswert", "value": "wert",
    "low": "spanne_von", "high": "spanne_bis", "met": "erreicht", "chance": "erreicht_in_faellen_von_10",
    "gap": "fehlt", "since": "auf_dauer_ab", "trigger": "ausloeser", "trigger_year": "ausloeser_ab",
    "act_by": "handeln_bis", "action": "massnahme", "office": "zustaendig", "due": "faellig", "no_range": "ohne_spanne",
}  # fmt: skip


#: What a milestone tells apart → the published table that must show its areas.
_TABLES = {"": "total", "age": "by_age", "group": "population"}


def published_goals(
    table: pd.DataFrame | None, *, internal: bool, min_cell: int, published: xr.Dataset | None = None
) -> pd.DataFrame | None:
    """The evaluation of milestones as it may be shown.

    Persons are multiples of five, ratios have at most one decimal. Numbers behind which fewer than ``min_cell`` persons
    stand are left out, and so is what speaks of an area, alone or in a sum, that ``published`` hides in that detail. An
    internal edition keeps everything.
    """
    if table is None or internal:
        return table
    import pandas as pd

    closed = {} if published is None else {split: _closed(published, name) for split, name in _TABLES.items()}
    whole = set() if published is None else {str(key) for key in published["area"].values}
    rows = []
    for row in table.to_dict("records"):
        named = set(row["areas"])
        hides = named != whole and not named.isdisjoint(closed.get(row["split"], ()))
        rows.append(_blank(row) if hides else _published(row, min_cell))
    return pd.DataFrame(rows)


def _closed(published: xr.Dataset, name: str) -> set[str]:
    """Areas that a table hides."""
    values = published[name]
    hidden = values.isnull().any([dim for dim in values.dims if dim != "area"])
    return {str(key) for key in values["area"].values[hidden.values]}


def goal_sentences(table: pd.DataFrame | None) -> tuple[str, ...]:
    """The answers in sentences; none without milestones."""
    return () if table is None else tuple(milestone_sentences(table))


def goal_table(table: pd.DataFrame) -> CrossTable:
    """The answers as a sheet: one row per milestone and scenario."""
    columns = ("Meilenstein", "Szenario", "Größe", "Jahr", "Ziel", "Ergebnis", "Fälle von 10", "Auslöser", "Maßnahme",
               "Zuständig", "Fällig", "Ausgangswert", "Wert", "Spanne von", "Spanne bis", "Es fehlen")  # fmt: skip
    rows = tuple(_row(row) for row in table.to_dict("records"))
    ratios = table["unit"].str.startswith("je 100").any()
    note = "Negative Werte bei „Es fehlen“ sind Reserve. Zur Veröffentlichung sind Personen auf 5 gerundet."
    reasons = dict.fromkeys(reason for reason in table.get("no_range", ()) if reason)
    if reasons:
        note += f" Ohne Spanne: {'; '.join(reasons)}."
    return CrossTable(TITLE, columns, rows, heads=11, decimals=frozenset(columns[11:] if ratios else ()), note=note)


def plan_rows(table: pd.DataFrame, scenario: str) -> list[dict[str, str]]:
    """The plan in texts: what is to be reached, how likely it is, what is done about it, by whom and until when.

    Of several scenarios the one named is shown, or the first. What may not be shown is a point.
    """
    chosen = table[table["scenario"] == scenario]
    return [_of_plan(row) for row in (table.drop_duplicates("name") if chosen.empty else chosen).to_dict("records")]


def plan_of(table: pd.DataFrame | None, scenario: str, key: str, areas: Collection[str]) -> list[dict[str, str]]:
    """The part of the plan that speaks of one place: of the whole (``""``) all of it, of an area what names it.

    A milestone for all areas together belongs to the whole; ``shared`` says how many areas it is counted for.
    """
    if table is None:
        return []
    own = table["areas"].map(lambda named: not key or (key in named and (len(named) < len(areas) or len(areas) == 1)))
    some = table[own]
    if some.empty:
        return []
    named = some.drop_duplicates("name").set_index("name")["areas"]
    rows = plan_rows(some, scenario)
    return [row | {"shared": str(len(named[row["name"]])) if len(named[row["name"]]) > 1 else ""} for row in rows]


def _of_plan(row: dict[Any, Any]) -> dict[str, str]:
    digits = 1 if row["unit"].startswith("je 100") else 0
    hidden = row["met"] is None or not _told(row["value"])
    chance = tenths_text(row["chance"])
    return {
        "name": row["name"],
        "goal": f"{row['direction'].replace('oe', 'ö')} {decimal(row['target'])} {row['unit']}",
        "year": str(row["year"]),
        "value": HIDDEN if hidden else number(row["value"], digits),
        "span": f"{number(row['low'], digits)} bis {number(row['high'], digits)}" if _told(row["low"]) else "",
        "verdict": "" if hidden else "erreicht" if row["met"] else "nicht erreicht",
        "chance": f"in {chance} von 10 Fällen erreicht" if chance else "",
        "trigger": _trigger(row),
        "action": row["action"],
        "office": row["office"],
        "due": str(int(row["due"])) if _told(row["due"]) else "",
    }


def write_goals(table: pd.DataFrame, path: str | Path) -> Path:
    """The answers as CSV for Excel."""
    tenths = table.assign(chance=[tenths_text(chance) for chance in table["chance"]])
    rows = (";".join(field(_plain(row[name])) for name in _COLUMNS) for row in tenths.to_dict("records"))
    return write_rows(path, list(_COLUMNS.values()), rows)


def _published(row: dict[Any, Any], min_cell: int) -> dict[Any, Any]:
    """A row with rounded numbers, or with none and no verdict that would tell them."""
    count = row["count"]
    if count < min_cell:
        return _blank(row)
    step = STEP if not row["unit"].startswith("je 100") else 0.1 if count >= DECIMAL_FROM else 1.0
    chance = {"chance": round(row["chance"], 1) if _told(row["chance"]) else row["chance"]}
    return row | {name: _rounded(row[name], step) for name in _NUMBERS} | chance


def _blank(row: dict[Any, Any]) -> dict[Any, Any]:
    return row | dict.fromkeys((*_NUMBERS, *_TOLD), None)


def _rounded(value: float | None, step: float) -> float | None:
    return None if value is None or value != value else round(round(value / step) * step, 1) + 0.0


def _row(row: dict[Any, Any]) -> tuple[Cell, ...]:
    direction, hidden = row["direction"].replace("oe", "ö"), row["met"] is None
    since = f", auf Dauer ab {int(row['since'])}" if _told(row["since"]) else ""
    verdict = f"{'erreicht' if row['met'] else 'nicht erreicht'}{since}"
    texts = (row["name"], row["title"], row["unit"], str(row["year"]), f"{direction} {decimal(row['target'])}",
             HIDDEN if hidden else verdict, tenths_text(row["chance"]), _trigger(row), row["action"], row["office"],
             str(int(row["due"])) if _told(row["due"]) else "")  # fmt: skip
    return (*texts, *(_cell(row[name], hidden) for name in _NUMBERS))


def _cell(value: float | None, hidden: bool) -> Cell:
    if value is not None and value == value:
        return float(value)
    return HIDDEN if hidden else ""


def _trigger(row: dict[Any, Any]) -> str:
    if not _told(row["trigger"]) or row["met"] is None:
        return ""
    if not _told(row["trigger_year"]):
        return f"{decimal(row['trigger'])} nicht erreicht"
    when = "sofort" if row["act_by"] <= row["start_year"] else f"bis {int(row['act_by'])}"
    return f"{decimal(row['trigger'])} ab {int(row['trigger_year'])}, handeln {when}"


def _told(value: Any) -> bool:
    return value is not None and value == value


def _plain(value: Any) -> Any:
    if isinstance(value, bool):
        return "ja" if value else "nein"
    return "" if not _told(value) else int(value) if isinstance(value, float) and value.is_integer() else value
