"""A year held against its forecast, as tables for people: components, areas, milestones, causes."""

from __future__ import annotations

from typing import Any

import pandas as pd
import xarray as xr

from zwkprognose.evaluation.milestones import tenths_text
from zwkprognose.german import decimal, number, signed
from zwkprognose.names import label
from zwkprognose.output.tables.cross import Cell, CrossTable

#: Components in the order in which they are shown.
COMPONENTS = ("population", "births", "deaths", "in_moves", "out_moves")
NUMBERS = ("erwartet", "gezählt", "Abweichung", "in %", "Spanne von", "Spanne bis", "Lage")
NOTE = (
    "Die Spanne umfasst 80 von 100 Fällen. Sie folgt aus den Ziehungen der Vorausberechnung oder, ohne solche, aus den "
    "Abweichungen, die dieselben Verfahren von früheren Beständen aus gehabt hätten; ohne Angabe reichen diese nicht."
)
MARK = "*"


def component_table(table: pd.DataFrame) -> CrossTable:
    """The whole, one row per component."""
    rows = tuple((label("variables", row["component"]), *_numbers(row)) for row in _of(table, ""))
    return _compared("Bestandteile", ("Bestandteil", *NUMBERS), rows)


def area_table(table: pd.DataFrame) -> CrossTable:
    """The population of every area."""
    stock = table[(table["area"] != "") & (table["component"] == "population")]
    rows = tuple((row["name"] or row["area"], *_numbers(row)) for row in stock.to_dict("records"))
    return _compared("Bevölkerung der Gebiete", ("Gebiet", *NUMBERS), rows)


def deviation_table(table: pd.DataFrame) -> CrossTable | None:
    """How far off every component was in every area; None where only the stock was counted."""
    known = [name for name in COMPONENTS if table.loc[table["component"] == name, "observed"].notna().any()]
    if len(known) < 2:
        return None
    rows = []
    for area in dict.fromkeys(table["area"]):
        own = {row["component"]: row for row in _of(table, area)}
        rows.append((own["population"]["name"] or area, *(_deviation(own[name]) for name in known)))
    columns = ("Gebiet", *(label("variables", name) for name in known))
    note = f"{MARK} außerhalb der Spanne für 80 von 100 Fällen"
    return CrossTable("Abweichung nach Bestandteil", columns, tuple(rows), total=True, note=note)


def goal_table(goals: pd.DataFrame) -> CrossTable:
    """Every milestone as it was and as it is now, and who has to do what."""
    columns = ("Meilenstein", "Jahr", "Zielwert", "bisher", "jetzt", "Fälle von 10", "Maßnahme", "Zuständig", "Fällig")
    rows = tuple(map(_goal, goals.to_dict("records")))
    said = [k for k in range(len(columns)) if any(row[k] for row in rows)]
    rows = tuple(tuple(row[k] for k in said) for row in rows)
    return CrossTable("Was es für die Meilensteine heißt", tuple(columns[k] for k in said), rows)


def cause_table(decomposition: xr.Dataset) -> CrossTable:
    """Why the number of the last year moved; the causes sum to the change exactly."""
    end = int(decomposition["year_end"][-1])
    causes = causes_of(decomposition)
    rows = (*((name, persons) for name, persons in causes), ("zusammen", float(sum(persons for _, persons in causes))))
    title = f"Warum sich die Zahl für den 31.12.{end} ändert"
    return CrossTable(title, ("Ursache", "Personen"), rows, signed=frozenset({"Personen"}))


def causes_of(decomposition: xr.Dataset) -> list[tuple[str, float]]:
    """Causes in words with their persons, the largest first; those without any effect are left out."""
    parts = decomposition["contribution"].isel(year_end=-1).sum(["area", "age_group"])
    found = dict(zip(parts["component"].values.tolist(), parts.values.tolist(), strict=True))
    ordered = sorted(found.items(), key=lambda item: -abs(item[1]))
    return [(label("components", name), persons) for name, persons in ordered if persons]


def cause_bars(decomposition: xr.Dataset) -> list[dict[str, Any]]:
    """The causes as bars: where each begins and how long it is, in percent of the width."""
    causes = causes_of(decomposition)
    largest = max((abs(persons) for _, persons in causes), default=1.0)
    return [
        {"name": name, "text": signed(persons), "less": persons < 0, "width": round(46 * abs(persons) / largest, 2),
         "start": round(50 - (46 * abs(persons) / largest if persons < 0 else 0), 2)}
        for name, persons in causes
    ]  # fmt: skip


def tiles(table: pd.DataFrame) -> list[dict[str, str]]:
    """The whole at a glance: what was counted, beside what was expected; what was not counted has no tile."""
    return [
        {
            "name": label("variables", row["component"]),
            "counted": number(row["observed"]),
            "expected": f"erwartet {number(row['projected'])} ({signed(row['deviation'])})",
            "place": row["place"],
        }
        for row in _of(table, "")
        if row["observed"] == row["observed"]
    ]


def _of(table: pd.DataFrame, area: str) -> list[dict[Any, Any]]:
    return table[table["area"] == area].to_dict("records")


def _compared(title: str, columns: tuple[str, ...], rows: tuple[tuple[Cell, ...], ...]) -> CrossTable:
    known = any(row[-1] for row in rows)
    return CrossTable(
        title, columns, rows, signed=frozenset({"Abweichung"}), percent=frozenset({"in %"}), note=NOTE if known else ""
    )


def _numbers(row: dict[Any, Any]) -> tuple[Cell, ...]:
    """Projected, observed and their difference, range and place; what was not counted has no number."""
    if row["observed"] != row["observed"]:
        return row["projected"], "nicht gezählt", "", "", *_range(row), ""
    off = row["percent"] if row["percent"] == row["percent"] else ""
    return row["projected"], row["observed"], row["deviation"], off, *_range(row), row["place"]


def _range(row: dict[Any, Any]) -> tuple[Cell, Cell]:
    return (row["low"], row["high"]) if row["low"] == row["low"] else ("", "")


def _deviation(row: dict[Any, Any]) -> str:
    if row["observed"] != row["observed"]:
        return ""
    return signed(row["deviation"]) + (MARK if row["place"] and not row["place"].startswith("in") else "")


def _goal(row: dict[Any, Any]) -> tuple[Cell, ...]:
    digits = 1 if row["unit"].startswith("je 100") else 0
    told = [
        f"{number(row[f'value_{when}'], digits)} ({'erreicht' if row[f'met_{when}'] else 'nicht erreicht'})"
        for when in ("before", "now")
    ]
    wanted = f"{row['direction'].replace('oe', 'ö')} {decimal(row['target'])} {row['unit']}"
    chances = [tenths_text(row[f"chance_{when}"]) for when in ("before", "now")]
    chance = " → ".join(chances) if all(chances) else ""
    due = str(int(row["due"])) if row["due"] is not None and row["due"] == row["due"] else ""
    return row["name"], str(row["year"]), wanted, *told, chance, row["action"], row["office"], due
