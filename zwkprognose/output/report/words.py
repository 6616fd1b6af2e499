"""Sentences of the report: what a figure shows, said in words."""

from __future__ import annotations

import numpy as np

from zwkprognose.german import about, counted, number, percent, signed
from zwkprognose.output.content.numbers import Numbers
from zwkprognose.output.content.services import Need
from zwkprognose.output.content.spans import WIDE, Spans, outward, span_text, typical
from zwkprognose.output.publication.rounding import Floats
from zwkprognose.output.tables.cross import key_years, relative
from zwkprognose.output.tables.needs import short_of_places
from zwkprognose.output.tables.ranges import place_key
from zwkprognose.regions import Kind

#: Stands beside limits that lie far apart.
VERY_WIDE = "Die Spanne ist sehr weit; die Zahl nennt nur die Größenordnung."
#: Stands for the demand of a city whose published ages do not give it.
UNKNOWN_NEED = "Aus den veröffentlichten Altersgruppen lässt sich diese Zahl nicht bilden."


def headline(numbers: Numbers, area: int | None = None) -> str:
    """The result in one sentence: from where to where, and between which scenarios."""
    facts, totals = numbers.facts, numbers.totals(area)
    start, end = float(totals[numbers.main, 0]), float(totals[numbers.main, -1])
    way = _way(start, end, facts.base_year, facts.target_year)
    if len(facts.scenarios) == 1:
        return f"Die Bevölkerung {way}"
    verb, rest = way.split(" ", 1)
    return f"Im Szenario „{facts.main.title}“ {verb} die Bevölkerung {rest} {_between(numbers, totals[:, -1])}"


def change_text(start: float, end: float) -> str:
    """``+1.234 Personen, +3,2 %``; no per cent if nobody was there."""
    share = relative(np.array(end - start), np.array(start))
    text = f"{signed(end - start)} {noun(end - start)}"
    return text if np.isnan(share) else f"{text}, {percent(float(share))}"


def noun(persons: float) -> str:
    """``Person`` or ``Personen``, as the number before it asks.

    Examples
    --------
    >>> noun(-1), noun(0), noun(2)
    ('Person', 'Personen', 'Personen')
    """
    return "Person" if abs(round(persons)) == 1 else "Personen"


def spans_text(numbers: Numbers, spans: Spans, area: int | None) -> str:
    """The limits of an area or the city in one sentence, and whether the main scenario keeps them; empty if unknown."""
    if spans.totals is None:
        return ""
    facts, own = numbers.facts, spans.totals.sel(area=place_key(numbers, area))
    found = {year: span_text(own, year_end=year) for year in key_years(facts.base_year, facts.target_year)[-2:]}
    texts = [f"zwischen {limits[0]} und {limits[1]}" for limits in found.values() if limits]
    years = [year for year, limits in found.items() if limits]
    if not texts:
        return no_span(facts.regions.whole if area is None else facts.kind)
    end, last = numbers.totals(area)[numbers.main, -1], own.sel(year_end=facts.target_year)
    low, high = outward(last["lower"].values, last["upper"].values)
    outside = "darunter" if end < low else "darüber" if end > high else ""
    note = f" Das Szenario „{facts.main.title}“ liegt {facts.target_year} {outside}." if outside else ""
    wide = f" {VERY_WIDE}" if high > WIDE * low else ""
    later = "".join(f", {year} {text}" for year, text in zip(years[1:], texts[1:], strict=True))
    return f"In 80 von 100 Fällen liegt die Bevölkerung {years[0]} {texts[0]}{later}.{wide}{note}"


def typical_text(numbers: Numbers, spans: Spans) -> str:
    """How wide the limits of the middle area are, in one sentence; empty if unknown."""
    if spans.totals is None or not spans.lead:
        return ""
    years = key_years(numbers.facts.base_year, numbers.facts.target_year)[-2:]
    limits = [(year, *(_aside(limit) for limit in typical(spans.totals, year))) for year in years]
    texts = ", ".join(f"{year} von {low} bis {high}" for year, low, high in limits)
    return f"Im Median der {numbers.facts.kind.plural} reicht die Spanne {texts} dem berechneten Wert."


def need_text(numbers: Numbers, need: Need) -> str:
    """Demand of the city now and later, and in how many areas the places do not suffice."""
    years = (numbers.facts.base_year, *key_years(numbers.facts.base_year, numbers.facts.target_year)[-2:])
    demand = {year: float(need.demand[numbers.main, numbers.year(year), 0]) for year in years}
    known = [f"{year} rund {about(value)}" for year, value in demand.items() if value == value]
    text = f"Insgesamt {', '.join(known)}." if known else UNKNOWN_NEED
    if need.places is None:
        return text
    places = number(need.places[0])
    text += f" Vorhanden ist {places} Platz." if need.places[0] == 1 else f" Vorhanden sind {places} Plätze."
    return f"{text} {_enough(numbers, need, years[-1])}" if known else text


def _enough(numbers: Numbers, need: Need, year: int) -> str:
    """In how many areas the places do not suffice; where no area shows its demand, whether they do in all."""
    short, shown = short_of_places(numbers, need), ~np.isnan(need.demand[numbers.main, -1])
    if len(numbers.facts.areas) > 1 and short:
        return f"{year} reichen sie in {counted(short, numbers.facts.unit[0], numbers.facts.kind.plural_dative)} nicht."
    assert need.places is not None
    if need.places[0] < need.demand[numbers.main, -1, 0]:
        return f"{year} reichen sie insgesamt nicht."
    if shown.all():
        return f"{year} reichen sie überall."
    return f"{year} reichen sie überall, wo der Bedarf ausgewiesen ist."


def pyramid_text(numbers: Numbers, name: str, base: Floats, target: Floats) -> tuple[str, str]:
    """Alternative text of a pyramid: what always holds, and what the chosen year and scenario show."""
    facts = numbers.facts
    lead = f"Bevölkerungspyramide {name}: Männer links, Frauen rechts, Werte in der Tabelle darunter."
    return (
        f"{lead} Umriss {facts.base_year}: {_sexes(base)}.",
        f"Flächen {facts.target_year}, {facts.main.title}: {_sexes(target)}.",
    )


def no_pyramid(numbers: Numbers) -> str:
    """Stands where no pyramid is drawn."""
    if len(numbers.sexes) != 2:
        return "Die Daten sind nicht nach Geschlecht gegliedert."
    return "Der Altersaufbau wird hier nicht gezeigt (Schutz kleiner Zahlen)."


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
        f"{numbers.facts.regions.total} {number(ends[1], 1)}. Die Werte stehen in der Tabelle."
    )


def no_span(kind: Kind) -> str:
    """Stands where there is nothing to be wrong about."""
    the = kind.the
    return f"Keine Spanne: {the[0].upper()}{the[1:]} ist im Ausgangsbestand unbewohnt."


def _way(start: float, end: float, first: int, last: int) -> str:
    """``wächst von 100 am … auf 120 am … (+20 Personen, +20,0 %).``"""
    if round(end) == round(start):
        same = counted(round(end), "Person", "Personen")
        return f"bleibt vom 31.12.{first} bis zum 31.12.{last} mit {same} unverändert."
    verb = "wächst" if end > start else "sinkt"
    return f"{verb} von {number(start)} am 31.12.{first} auf {number(end)} am 31.12.{last} ({change_text(start, end)})."


def _between(numbers: Numbers, ends: Floats) -> str:
    """Between which scenarios the population lies in the last year."""
    facts, low, high = numbers.facts, int(np.argmin(ends)), int(np.argmax(ends))
    if round(float(ends[low])) == round(float(ends[high])):
        return f"In allen Szenarien ist sie {facts.target_year} gleich groß."
    lowest, highest = (f"{number(ends[k])} („{facts.scenarios[k].title}“)" for k in (low, high))
    return f"In den Szenarien liegt die Bevölkerung {facts.target_year} zwischen {lowest} und {highest}."


def _aside(share: float) -> str:
    """``10 % unter``, ``9 % über``."""
    return f"{number(abs(share))}\u202f% {'unter' if share < 0 else 'über'}"


def _sexes(values: Floats) -> str:
    women, men = values.sum(axis=1)
    return f"{counted(round(men), 'Mann', 'Männer')} und {counted(round(women), 'Frau', 'Frauen')}"
