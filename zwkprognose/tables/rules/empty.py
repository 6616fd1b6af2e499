"""A rule about births, deaths and moves in areas where nobody lives."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from zwkprognose.german import number_text
from zwkprognose.names import label
from zwkprognose.tables.findings import Findings
from zwkprognose.tables.parts import parts_only
from zwkprognose.tables.reporting import findings
from zwkprognose.tables.table import Table

_LEVEL = "Eine eigene Rate haben diese Gebiete nicht; die Zahlen gehen nur in das Niveau der ganzen Stadt ein."
_GONE = "Am Ende des Jahres ist dort niemand von ihnen im Bestand."
#: Events → what becomes of them.
_EVENTS = {"births": _LEVEL, "deaths": _LEVEL, "out_moves": _LEVEL, "moves": _LEVEL, "in_moves": _GONE}
_SHOWN = 5


def where_nobody_lives(table: Table, totals: pd.Series) -> Findings:
    """T42: events of areas without persons on the 31.12. before and after; they count for the town's level only.

    One finding for each kind of event.
    """
    if not table.cells["variable"].isin(_EVENTS).any():
        return Findings.of([])
    return findings(
        _rows(table, totals), "T42", "warning",
        "{what}, wo am 31.12. davor und danach niemand wohnt: {number}, in {places}. {effect}",
        "Prüfen, ob die Bewegungen zum richtigen Gebiet gehören (Schlüssel, Sammelanschrift, Einrichtung) oder "
        "Personen im Bestand fehlen.",
    )  # fmt: skip


def _rows(table: Table, totals: pd.Series) -> Iterator[dict[str, Any]]:
    cells = table.cells[table.cells["variable"].isin(_EVENTS)]
    events = parts_only(table.with_cells(cells)).cells
    events = events[(events["value"] > 0) & (events["area"] != "")]
    empty = _empty_years(totals)
    named = table.cells[["area", "area_name"]].drop_duplicates().astype(str)
    named = named[named["area_name"] != ""]
    names = dict(zip(named["area"], named["area_name"], strict=True))
    for variable, effect in _EVENTS.items():
        own = events[events["variable"] == variable]
        sums = own.groupby(["area", "year"], observed=True)["value"].sum().reset_index()
        rows = zip(sums["area"], sums["year"], sums["value"], strict=True)
        found = {(str(area), int(year)): float(value) for area, year, value in rows if _is_empty(empty, area, year)}
        if found:
            areas = list(dict.fromkeys(area for area, _ in found))
            said = [names.get(area) or area for area in areas[:_SHOWN]] + (["…"] if len(areas) > _SHOWN else [])
            number = number_text(sum(found.values()))
            places = f"{', '.join(said)} ({_years([year for _, year in found])})"
            what = label("variables", variable)
            yield {"what": what, "number": number, "places": places, "effect": effect, "amount": float(len(areas))}


def _empty_years(totals: pd.Series) -> dict[str, dict[int, bool]]:
    """Area → year of a stock → whether nobody lives there."""
    found: dict[str, dict[int, bool]] = {}
    known = totals.dropna().rename("persons").reset_index()
    for area, year, persons in zip(known["area"], known["year"], known["persons"], strict=True):
        found.setdefault(str(area), {})[int(year)] = persons == 0
    return found


def _is_empty(empty: dict[str, dict[int, bool]], area: Any, year: Any) -> bool:
    """Whether the stocks next to a year, before and after, are both zero, or the one that there is."""
    stocks = empty.get(str(area), {})
    before = max((known for known in stocks if known < year), default=None)
    after = min((known for known in stocks if known >= year), default=None)
    beside = [stocks[known] for known in (before, after) if known is not None]
    return bool(beside) and all(beside)


def _years(years: list[int]) -> str:
    known = sorted(set(years))
    return str(known[0]) if len(known) == 1 else f"{known[0]} bis {known[-1]}"
