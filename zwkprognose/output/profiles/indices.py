"""Figures by which areas are compared: from published numbers alone, the whole before its areas."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from zwkprognose.german import SENSELESS, number, signed
from zwkprognose.output.content.numbers import Numbers
from zwkprognose.output.content.spans import Spans, outward
from zwkprognose.output.publication.rounding import Floats
from zwkprognose.output.publication.whole_tables import LEAVING
from zwkprognose.output.tables.cross import relative
from zwkprognose.output.tables.ranges import place_key

#: Projected years over which balances and turnover are averaged: one year alone says little of a small area.
FLOW_YEARS = 5
#: Height of a figure that shares its page with tables.
LOW = 255
INSIDE = ("moves_in", "moves_out")


@dataclass(frozen=True, slots=True)
class Index:
    """Title, unit and decimals of a figure, and whether it carries a sign."""

    title: str
    unit: str
    digits: int = 1
    signed: bool = False

    def text(self, value: float) -> str:
        """As it is printed; ``x`` where nobody lives to form it."""
        if np.isinf(value):
            return SENSELESS
        said = signed(value, self.digits) if self.signed else number(value, self.digits)
        return f"{said}\u202f%" if self.unit == "%" and value == value else said


#: Key of a figure in the document of thresholds → what it is.
INDICES: dict[str, Index] = {
    "personen": Index("Personen", "Personen", 0),
    "veraenderung": Index("Veränderung bis {target}", "%", 1, signed=True),
    "unter_20": Index("Anteil unter 20 Jahren", "%"),
    "ab_65": Index("Anteil ab 65 Jahren", "%"),
    "ab_80": Index("Anteil ab 80 Jahren", "%"),
    "jugendquotient": Index("Jugendquotient", "je 100"),
    "altenquotient": Index("Altenquotient", "je 100"),
    "auslaenderanteil": Index("Ausländeranteil", "%"),
    "natuerlicher_saldo": Index("Natürlicher Saldo je 1.000 und Jahr", "je 1.000", 1, signed=True),
    "wanderungssaldo": Index("Wanderungssaldo je 1.000 und Jahr", "je 1.000", 1, signed=True),
    "umschlag": Index("Zu- und Fortzüge je 100 und Jahr", "je 100"),
    "spanne": Index("Unsicherheit {target} (halbe Spanne)", "%"),
}


def indices(numbers: Numbers, spans: Spans) -> dict[str, Floats]:
    """Figures [1 + area] in the main scenario; NaN where they may not be shown or are not known."""
    places = [None, *range(len(numbers.facts.areas))]
    rows = [_of(numbers, spans, place) for place in places]
    return {key: np.array([row.get(key, np.nan) for row in rows]) for key in INDICES}


def title(key: str, target: int) -> str:
    """German title of a figure."""
    return INDICES[key].title.format(target=target)


def place_name(numbers: Numbers, area: int | None) -> str:
    """Name of an area or of the whole."""
    return numbers.facts.regions.total if area is None else list(numbers.facts.areas.values())[area]


def _of(numbers: Numbers, spans: Spans, area: int | None) -> dict[str, float]:
    totals = numbers.totals(area)[numbers.main]
    start, end = float(totals[0]), float(totals[-1])
    found = {"personen": start, "veraenderung": _share(end - start, start)}
    found |= _ages(numbers, area) | _flows(numbers, area)
    groups = numbers.city_by_nationality if area is None else numbers.by_nationality[:, :, area]
    if "foreign" in numbers.nationalities:
        base = groups[numbers.main, 0]
        found["auslaenderanteil"] = _share(base[numbers.nationalities.index("foreign")], base.sum())
    return found | _range(numbers, spans, area)


def _ages(numbers: Numbers, area: int | None) -> dict[str, float]:
    """Shares and ratios of broad ages in the base year."""
    bands, counts = numbers.broad(area)
    firsts, people = [band.first for band in bands], counts[numbers.main, 0]
    if not {20, 65, 80} <= set(firsts):
        return {}
    young, working, old, oldest = (
        float(people[[k for k, age in enumerate(firsts) if low <= age < high]].sum())
        for low, high in ((0, 20), (20, 65), (65, 999), (80, 999))
    )
    whole = young + working + old
    return {
        "unter_20": _share(young, whole), "ab_65": _share(old, whole), "ab_80": _share(oldest, whole),
        "jugendquotient": _share(young, working), "altenquotient": _share(old, working),
    }  # fmt: skip


def _flows(numbers: Numbers, area: int | None) -> dict[str, float]:
    """Balances and turnover of the first projected years, per year and mean population."""
    years = min(FLOW_YEARS, len(numbers.flow_years))
    events = {name: numbers.events(name, area)[numbers.main, :years].sum() / years for name in numbers.flows}
    moves = [name for name in events if name in ("in_moves", "out_moves") or (name in INSIDE and area is not None)]
    stock = numbers.totals(area)[numbers.main, : years + 1]
    mean = float((stock[1:] + stock[:-1]).mean() / 2)
    balance = sum(-events[name] if name in LEAVING else events[name] for name in moves)
    natural = events.get("births", np.nan) - events.get("deaths", np.nan)
    return {
        "natuerlicher_saldo": 10 * _share(float(natural), mean),
        "wanderungssaldo": 10 * _share(float(balance), mean),
        "umschlag": _share(float(sum(events[name] for name in moves)), mean),
    }


def _range(numbers: Numbers, spans: Spans, area: int | None) -> dict[str, float]:
    """Half the width of the limits in the last year, as a share of their middle."""
    if spans.totals is None or not numbers.shown(area):
        return {}
    one = spans.totals.sel(area=place_key(numbers, area), year_end=numbers.facts.target_year)
    low, high = map(float, outward(one["lower"].values, one["upper"].values))
    return {"spanne": _share((high - low) / 2, (high + low) / 2)}


def _share(part: float, whole: float) -> float:
    """In per cent; infinite, so printed as senseless, where nobody is there."""
    return np.inf if whole == 0 else float(relative(np.array(part, dtype=float), np.array(whole, dtype=float)))
