"""Key figures of the city or an area: heading, number, explanation."""

from __future__ import annotations

import numpy as np

from zwkprognose.german import number, signed
from zwkprognose.output.content.numbers import Numbers
from zwkprognose.output.content.spans import Spans, span_text
from zwkprognose.output.report import words
from zwkprognose.output.report.balances import inside, named
from zwkprognose.output.tables.ranges import place_key

Tile = tuple[str, str, str]


def tiles(numbers: Numbers, area: int | None = None, spans: Spans | None = None) -> list[Tile]:
    """Population with its range, balances and the share of the old, main scenario."""
    facts, totals = numbers.facts, numbers.totals(area)[numbers.main]
    change = words.change_text(totals[0], totals[-1])
    return [
        (f"Bevölkerung {facts.base_year}", number(totals[0]), "am 31.12., Ausgangsbestand"),
        (f"Bevölkerung {facts.target_year}", number(totals[-1]), change + _range(numbers, area, spans)),
        *_balances(numbers, area),
        *_old_share(numbers, area),
    ]


def _range(numbers: Numbers, area: int | None, spans: Spans | None) -> str:
    """The limits in the target year; nothing where there are none."""
    if spans is None or spans.totals is None:
        return ""
    limits = span_text(spans.totals, area=place_key(numbers, area), year_end=numbers.facts.target_year)
    return f"; Spanne {limits[0]}–{limits[1]}" if limits else ""


def _balances(numbers: Numbers, area: int | None) -> list[Tile]:
    sums = {name: float(numbers.events(name, area)[numbers.main].sum()) for name in numbers.flows}
    facts = numbers.facts
    first = facts.base_year + 1
    period = f"im Jahr {first}" if first == facts.target_year else f"Summe {first}–{facts.target_year}"
    return [
        (title, signed(sums[coming] - sums[going]), period)
        for title, (coming, going) in named(facts).items()
        if {coming, going} <= set(sums) and not (area is None and title == inside(facts))
    ]


def _old_share(numbers: Numbers, area: int | None) -> list[Tile]:
    bands, counts = numbers.broad(area)
    first = next((k for k, band in enumerate(bands) if band.first == 65), None)
    people = counts[numbers.main]
    if first is None or np.isnan(people).any() or not people.sum(axis=1).all():
        return []
    shares = 100 * people[:, first:].sum(axis=1) / people.sum(axis=1)
    base = f"{numbers.facts.base_year}: {number(shares[0], 1)}\u202f%"
    return [("Anteil ab 65 Jahren", f"{number(shares[-1], 1)}\u202f%", base)]
