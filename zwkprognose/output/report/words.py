"""Sentences of the report: what a figure shows, said in words."""

from __future__ import annotations

import numpy as np

from zwkprognose.german import about, counted, number, percent, signed
from zwkprognose.output.content.numbers import Numbers
from zwkprognose.output.content.services import Need
from zwkprognose.output.content.spans import Spans, span_text, typical
from zwkprognose.output.publication.rounding import Floats
from zwkprognose.output.tables.cross import key_years, relative
from zwkprognose.output.tables.needs import short_of_places


def headline(numbers: Numbers, area: int | None = None) -> str:
    """The result in one sentence: from where to where, and between which scenarios."""
    facts, totals = numbers.facts, numbers.totals(area)
    start, end = totals[numbers.main, 0], totals[numbers.main, -1]
    way = (
        f"von {number(start)} am 31.12.{facts.base_year} auf {number(end)} am 31.12.{facts.target_year} "
        f"({change_text(start, end)})."
    )
    if len(facts.scenarios) == 1:
        return f"Die Bevölkerung {_moves(start, end)} {way}"
    low, high = int(np.argmin(totals[:, -1])), int(np.argmax(totals[:, -1]))
    titles = [f"»{scenario.title}«" for scenario in facts.scenarios]
    return (
        f"Im Szenario {titles[numbers.main]} {_moves(start, end)} die Bevölkerung {way} "
        f"Alle Szenarien reichen {facts.target_year} von {number(totals[low, -1])} ({titles[low]}) "
        f"bis {number(totals[high, -1])} ({titles[high]})."
    )


def change_text(start: float, end: float) -> str:
    """``+1.234 Personen, +3,2 %``; no per cent if nobody was there."""
    share = relative(np.array(end - start), np.array(start))
    text = f"{signed(end - start)} Personen"
    return text if np.isnan(share) else f"{text}, {percent(float(share))}"


def spans_text(numbers: Numbers, spans: Spans, area: int) -> str:
    """The limits of an area's total in one sentence, and whether the main scenario keeps them; empty if unknown."""
    if spans.totals is None:
        return ""
    facts, own = numbers.facts, spans.totals.sel(area=list(numbers.facts.areas)[area])
    found = {year: span_text(own, year_end=year) for year in key_years(facts.base_year, facts.target_year)[-2:]}
    texts = ", ".join(f"{year} zwischen {limits[0]} und {limits[1]}" for year, limits in found.items() if limits)
    if not texts:
        return "Das Gebiet ist zu klein oder zu unruhig, als dass frühere Fehler eine brauchbare Spanne ergäben."
    end, last = numbers.totals(area)[numbers.main, -1], own.sel(year_end=facts.target_year)
    outside = "darunter" if end < last["lower"] else "darüber" if end > last["upper"] else ""
    note = f" »{facts.main.title}« liegt {facts.target_year} {outside}." if outside else ""
    return f"Nach den Fehlern früherer Prognosen liegt die Zahl in 80 von 100 Fällen {texts}.{note}"


def typical_text(numbers: Numbers, spans: Spans) -> str:
    """How wide the limits of the middle area are, in one sentence; empty if unknown."""
    if spans.totals is None:
        return ""
    years = key_years(numbers.facts.base_year, numbers.facts.target_year)[-2:]
    limits = [(year, *map(percent, typical(spans.totals, year), (0, 0))) for year in years]
    texts = ", ".join(f"{year} von {low} bis {high}" for year, low, high in limits)
    return f"In einem mittleren Gebiet reicht die Spanne {texts} um die Zahl, die »{spans.method}« erwarten lässt."


def need_text(numbers: Numbers, need: Need) -> str:
    """Demand of the city now and later, and in how many areas the places do not suffice."""
    years = (numbers.facts.base_year, *key_years(numbers.facts.base_year, numbers.facts.target_year)[-2:])
    demand = {year: float(need.demand[numbers.main, numbers.year(year), 0]) for year in years}
    known = [f"{year} rund {about(value)}" for year, value in demand.items() if value == value]
    text = f"Insgesamt {', '.join(known)}." if known else "Die Zahlen sind zu klein, um veröffentlicht zu werden."
    if need.places is None:
        return text
    short = counted(short_of_places(numbers, need), "Gebiet", "Gebieten")
    return f"{text} Vorhanden sind {number(need.places[0])} Plätze; {years[-1]} reichen sie in {short} nicht."


def pyramid_text(numbers: Numbers, name: str, base: Floats, target: Floats) -> tuple[str, str]:
    """Alternative text of a pyramid: what always holds, and what the chosen year and scenario show."""
    facts = numbers.facts
    lead = f"Bevölkerungspyramide {name}: Männer links, Frauen rechts, Werte in der Tabelle darunter."
    return (
        f"{lead} Umriss {facts.base_year}: {_sexes(base)}.",
        f"Flächen {facts.target_year}, {facts.main.title}: {_sexes(target)}.",
    )


def lines_text(numbers: Numbers, name: str, area: int | None) -> str:
    """Alternative text of the scenario lines."""
    ends = zip(numbers.facts.scenarios, numbers.totals(area)[:, -1], strict=True)
    listed = ", ".join(f"{scenario.title} {number(value)}" for scenario, value in ends)
    return f"Linien der Bevölkerung {name}; {numbers.facts.target_year}: {listed}. Die Werte stehen in der Tabelle."


def stacks_text(numbers: Numbers, name: str, parts: dict[str, Floats]) -> str:
    """Alternative text of the components."""
    listed = ", ".join(f"{part} {signed(float(values.sum()))}" for part, values in parts.items())
    years = f"{numbers.flow_years[0]} bis {numbers.flow_years[-1]}"
    return f"Komponenten {name}, Summe {years}: {listed}. Die Jahreswerte stehen in der Tabelle."


def index_text(numbers: Numbers, name: str, area: int | None) -> str:
    """Alternative text of the comparison with the city."""
    own, city = numbers.totals(area)[numbers.main], numbers.totals()[numbers.main]
    ends = [float(relative(np.array(v[-1] - v[0]), np.array(v[0]))) + 100 for v in (own, city)]
    year = numbers.facts.target_year
    return (
        f"Zwei Linien, {numbers.facts.base_year} = 100; {year}: {name} {number(ends[0], 1)}, "
        f"Stadt insgesamt {number(ends[1], 1)}. Die Werte stehen in der Tabelle."
    )


def _moves(start: float, end: float) -> str:
    if round(end) == round(start):
        return "bleibt"
    return "wächst" if end > start else "sinkt"


def _sexes(values: Floats) -> str:
    women, men = values.sum(axis=1)
    return f"{number(men)} Männer und {number(women)} Frauen"
