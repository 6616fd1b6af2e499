"""Numbers in context: today's levels, what has been observed, and values that need a second look."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import TYPE_CHECKING

import xarray as xr

from zwkprognose.german import decimal, listed
from zwkprognose.names import label
from zwkprognose.scenarios.compose import ADDRESS
from zwkprognose.scenarios.controls import BOUND_OF
from zwkprognose.scenarios.describe import GOAL
from zwkprognose.scenarios.levels import level, life_expectancy
from zwkprognose.scenarios.masks import Place
from zwkprognose.scenarios.run import Run, run_of
from zwkprognose.scenarios.select import selected
from zwkprognose.scenarios.statements import RATE_OF, Assumption, Selected
from zwkprognose.scenarios.turnover import acting, acting_sentence

if TYPE_CHECKING:
    from zwkprognose.scenarios.controls import Control
    from zwkprognose.scenarios.scenario import Scenario

#: Changes of a level beyond which a warning is due: a half less or a half more than in the base period.
USUAL_FACTORS = (0.5, 1.5)
UNUSED_TYPE = "dieser Gebietstyp kommt in keiner Angabe vor und bewirkt nichts"
#: Change of the yearly growth, in per cent of the population, from which a path has a bend.
USUAL_BEND = 0.1
#: Yearly growth of a city, and of a part of it, beyond which a warning is due, per cent.
USUAL_GROWTH = (3.0, 10.0)
#: Yearly change of mortality beyond which a warning is due, per cent.
USUAL_YEARLY = 3.0


def levels_today(scenario: Scenario, rates: xr.Dataset, stock: xr.DataArray | None) -> dict[int, float]:
    """Level of the base period for every goal of a scenario, by the position of its assumption."""
    run = run_of(rates, [0], stock=stock)
    found = {}
    for index, assumption in enumerate(scenario.assumptions):
        if assumption.goal is not None:
            found[index] = _today(assumption, rates, run, Place(scenario, ("annahme", index)))
    return found


def warnings(scenario: Scenario, rates: xr.Dataset | None = None, stock: xr.DataArray | None = None) -> list[str]:
    """German sentences about values outside of what has been observed; nothing is corrected.

    Goals for birth rate and life expectancy are held against the German series since 1972 and 1991, changes
    against the usual range of ±50 %; with rates, goals for moves are held against today's level, and with the
    stock of a 31.12. (coordinate ``year_end``) Eckwerte against the growth they ask for, and slow changes
    against the first year.
    """
    today = {} if rates is None else levels_today(scenario, rates, stock)
    found = [_at(scenario.place("gebietstypen", name), UNUSED_TYPE) for name in unused_types(scenario)]
    for index, assumption in enumerate(scenario.assumptions):
        said = (*_doubts(assumption, today.get(index)), *_doubtful_start(assumption, stock))
        found += [_at(scenario.place("annahme", index), text) for text in said]
    found += _on_assumed_moves(scenario, rates)
    for index, control in enumerate(scenario.controls):
        place = Place(scenario, ("eckwert", index))
        found += [_at(str(place), text) for text in doubtful_growth(control, stock, place)]
    return found


def _at(place: str, text: str) -> str:
    """A doubt at its place, as a sentence."""
    return f"{place}: {text[0].upper()}{text[1:]}."


def _on_assumed_moves(scenario: Scenario, rates: xr.Dataset | None) -> Iterator[str]:
    """Statements that change in- or out-moves by a share, where nobody has counted those."""
    if rates is None or rates.attrs.get("migration") != "residual":
        return
    found = [f"{key} {index + 1}" for key, index in acting(scenario)]
    if found:
        turnover = decimal(100 * float(rates.attrs.get("turnover", 0.0)))
        yield (
            f"Szenario „{scenario.called}“, {listed(found)}: Zuzüge und Fortzüge sind nicht gezählt, sondern mit "
            f"einem Umschlag von {turnover} % angenommen; die Wirkung hängt von dieser Annahme ab."
            f"{acting_sentence(rates.attrs, scenario)}"
        )


def unused_types(scenario: Scenario) -> list[str]:
    """Types of areas that no statement speaks of."""
    spoken = [s.areas or () for field in ADDRESS for s in getattr(scenario, field) if isinstance(s, Selected)]
    words = {word for areas in (*spoken, *scenario.area_types.values()) for word in areas}
    return [name for name in scenario.area_types if f"@{name}" not in words]


def doubtful_growth(control: Control, stock: xr.DataArray | None, place: Place) -> Iterator[str]:
    """Steps from the stock to an Eckwert, or from one to the next, that ask for more growth than is usual."""
    exact = [values for key, values in control.stated.items() if BOUND_OF[key] == "exact"]
    if not exact or control.each:
        return
    known = dict(exact[0])
    if stock is not None and "year_end" in stock.coords:
        known |= {int(stock["year_end"]): _persons(control, stock, place)}
    known = dict(sorted(known.items()))
    if control.glides:
        yield from _bends(known)
    usual = USUAL_GROWTH[control.areas is not None or control.ages is not None]
    for (before, start), (after, goal) in pairwise(known.items()):
        if not control.glides and after - before > 1:
            yield (
                f"der Wert gilt allein für den 31.12.{after}: Was bis dahin fehlt, zieht im Jahr {after} auf einmal zu "
                'oder fort; verlauf = "gleitend" verteilt es auf die Jahre davor'
            )
        if start <= 0:
            continue
        yearly = 100 * ((goal / start) ** (1 / (after - before)) - 1)
        if abs(yearly) > usual:
            verb = "wachsen" if yearly > 0 else "schrumpfen"
            yield (
                f"von {decimal(start, 0)} am 31.12.{before} auf {decimal(goal, 0)} am 31.12.{after} müsste die "
                f"Bevölkerung jedes Jahr um {decimal(abs(yearly), 1)} % {verb}; üblich sind bis {decimal(usual)} %"
            )


def _bends(known: Mapping[int, float]) -> Iterator[str]:
    """Years in which a path changes its direction."""
    steps = [(after, (goal - start) / (after - before)) for (before, start), (after, goal) in pairwise(known.items())]
    for (year, one), (_, other) in pairwise(steps):
        if abs(other - one) > USUAL_BEND / 100 * known[year]:
            yield (
                f"am 31.12.{year} hat der Weg einen Knick: bis dahin {_signed(one)}, danach {_signed(other)} Personen "
                "im Jahr; Zu- und Fortzüge ändern sich in einem Jahr um den Unterschied"
            )


def _signed(persons: float) -> str:
    return f"{'+' if persons > 0 else ''}{decimal(persons, 0)}"


def _persons(control: Control, stock: xr.DataArray, place: Place) -> float:
    """Persons of whom an Eckwert speaks."""
    people = stock.to_dataset(name="population")
    hit = selected(people, "population", control, run_of(people, [0]), place)
    return float(stock.sum() if hit is None else stock.where(hit, 0.0).sum())


def observed_birth_rates() -> tuple[float, float]:
    """Lowest and highest total fertility rate of Germany in the national schedules."""
    from zwkprognose.national import fertility_rate, fertility_years

    rates = [float(fertility_rate(year).sum()) for year in fertility_years()]
    return min(rates), max(rates)


def observed_life_expectancy(sex: str) -> tuple[float, float]:
    """Lowest and highest life expectancy at birth of one sex in the national life tables."""
    from zwkprognose.national import death_prob, periods
    from zwkprognose.rates.mortality.year_end import year_end_death_prob

    tables = [year_end_death_prob(death_prob(period), 95).sel(sex=sex) for period in periods()]
    values = [float(life_expectancy(table)) for table in tables]
    return min(values), max(values)


def _today(assumption: Assumption, rates: xr.Dataset, run: Run, place: Place) -> float:
    name = RATE_OF[assumption.quantity]
    hit = selected(rates, name, assumption, run, place)
    now = level(assumption.quantity, rates[name], hit, run.stock)
    return float(now.isel(year=0) if "year" in now.dims else now)


def _doubts(assumption: Assumption, today: float | None) -> Iterator[str]:
    if assumption.goal is None:
        yield from _doubtful_change(assumption)
    elif assumption.quantity == "geburten":
        yield from _outside(assumption.goal, observed_birth_rates(), "die Geburtenziffer", "in Deutschland seit 1972")
    elif assumption.quantity == "sterblichkeit":
        sex = assumption.sex or "female"
        low, high = observed_life_expectancy(sex)
        what = f"die Lebenserwartung ({label('sex', sex)})"
        yield from _outside(assumption.goal, (low, high + 8), what, "in Deutschland seit 1991 und bis 8 Jahre darüber")
    elif today is not None and today > 0:
        yield from _doubtful_factor(assumption.goal / today, GOAL[assumption.quantity][0])


def _doubtful_start(assumption: Assumption, stock: xr.DataArray | None) -> Iterator[str]:
    """Slow changes that should have begun before the projection does."""
    first = assumption.first_year
    if stock is None or "year_end" not in stock.coords or first is None or assumption.course == "sprung":
        return
    begin = int(stock["year_end"]) + 1
    if first < begin:
        yield (
            f"„von“ ({first}) liegt vor dem ersten Prognosejahr ({begin}); was bis dahin geschehen sein sollte, wirkt "
            "im ersten Jahr auf einmal"
        )


def _doubtful_change(assumption: Assumption) -> Iterator[str]:
    if assumption.course == "jaehrlich":
        yearly = round(100 * abs(assumption.level - 1), 9)  # 1.03 is no more than 3 % above 1
        if yearly > USUAL_YEARLY:
            usual = decimal(USUAL_YEARLY)
            yield f"{decimal(yearly)} % Veränderung in jedem Jahr summieren sich schnell; üblich sind bis {usual} %"
    elif assumption.level > 0:
        yield from _doubtful_factor(assumption.level, "Die Größe")


def _doubtful_factor(factor: float, what: str) -> Iterator[str]:
    low, high = USUAL_FACTORS
    if not low <= factor <= high:
        yield f"{what} wird auf das {decimal(factor)}-Fache gesetzt; üblich sind Änderungen bis zur Hälfte"


def _outside(value: float, observed: tuple[float, float], what: str, where: str) -> Iterator[str]:
    low, high = observed
    if not low <= value <= high:
        yield f"{decimal(value)} ist ungewöhnlich: {what} lag {where} zwischen {decimal(low)} und {decimal(high)}"
