"""A scenario read aloud: plain German sentences, with today's level where it is known."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from html import escape
from numbers import Integral
from typing import TYPE_CHECKING, Any

from zwkprognose.errors import ScenarioError
from zwkprognose.german import counted, decimal, listed
from zwkprognose.names import LAST_YEAR, label
from zwkprognose.scenarios.controls import Control, held_in
from zwkprognose.scenarios.documents import kind_of
from zwkprognose.scenarios.fields import EVERY_YEAR
from zwkprognose.scenarios.measures import Attraction, Facility, Housing, Retention, Shock
from zwkprognose.scenarios.statements import Assumption, Timed
from zwkprognose.scenarios.wording import glide_period, one_year, percent, period, shares, whom

if TYPE_CHECKING:
    import xarray as xr

    from zwkprognose.scenarios.effects.verdict import Verdict
    from zwkprognose.scenarios.scenario import Scenario

SUBJECT = {
    "geburten": "Die Geburtenziffern",
    "sterblichkeit": "Die Sterbewahrscheinlichkeiten",
    "zuzuege": "Die Zuzüge",
    "fortzuege": "Die Fortzugswahrscheinlichkeiten",
    "umzuege": "Die Umzugswahrscheinlichkeiten innerhalb der Stadt",
    "einbuergerungen": "Die Einbürgerungswahrscheinlichkeiten",
}
GOAL = {
    "geburten": ("Die zusammengefasste Geburtenziffer", "Kinder je Frau"),
    "sterblichkeit": ("Die Lebenserwartung bei Geburt", "Jahre"),
    "zuzuege": ("Die Zahl der Zuzüge", "Personen im Jahr"),
    "fortzuege": ("Der Anteil der Fortziehenden", "% der Bevölkerung im Jahr"),
    "umzuege": ("Der Anteil der Umziehenden", "% der Bevölkerung im Jahr"),
    "einbuergerungen": ("Der Anteil der Eingebürgerten", "% der Bevölkerung im Jahr"),
}
KINDS = {
    "frei": ("frei finanzierte Wohnung", "frei finanzierte Wohnungen"),
    "gefoerdert": ("geförderte Wohnung", "geförderte Wohnungen"),
    "gemischt": ("Wohnung", "Wohnungen"),
}

#: What is built and decided comes first, what is assumed of everybody after it, what the sum must be last.
ORDER = ("housing", "facilities", "shocks", "retention", "attraction", "assumptions", "controls")


def describe(
    scenario: Scenario, rates: xr.Dataset | None = None, stock: xr.DataArray | None = None, until: int | None = None
) -> str:
    """Title, reason and every statement of a scenario, one sentence each.

    Parameters
    ----------
    scenario : Scenario
    rates, stock : optional
        Estimated rates and population at the start: goals are then told with the level of today, and areas by
        the names that stand there.
    until : int, optional
        Last year of a run from the stock (coordinate ``year_end``): adds what has no effect in it.
    """
    lines = [_title(scenario), *([" ".join(scenario.text.split())] if scenario.text else [])]
    names = _names(rates, stock)
    lines += [
        f"Gebietstyp {name}: {listed([names.get(area, area) for area in areas])}."
        for name, areas in scenario.area_types.items()
    ]
    lines += [f"– {text}" for text in statements_told(scenario, rates, stock)]
    lines += [f"Achtung: {verdict}" for verdict in _without_effect(scenario, rates, stock, until)]
    return "\n".join(lines)


def html_of(scenario: Scenario) -> str:
    """Title, reason and statements for a notebook; every text is escaped."""
    kinds = [f"Gebietstyp {name}: {listed(areas)}." for name, areas in scenario.area_types.items()]
    told = "".join(f"<li>{escape(text)}</li>" for text in [*kinds, *statements_told(scenario, None, None)])
    reason = f"<p>{escape(' '.join(scenario.text.split()))}</p>" if scenario.text else ""
    return f"<div><p><strong>{escape(_title(scenario))}</strong></p>{reason}<ul>{told}</ul></div>"


def statements_told(scenario: Scenario, rates: xr.Dataset | None, stock: xr.DataArray | None) -> list[str]:
    """Every statement of a scenario in a sentence, or that nothing changes."""
    from zwkprognose.scenarios.context import levels_today

    names = _names(rates, stock)
    levels = {"assumptions": {} if rates is None else levels_today(scenario, rates, stock)}
    said = [
        sentence(_by_name(statement, names), levels.get(field, {}).get(index))
        for field in ORDER
        for index, statement in enumerate(getattr(scenario, field))
    ]
    return said or ["Alle Raten und Zuzüge bleiben, wie sie im Basiszeitraum geschätzt wurden."]


def _names(*given: xr.Dataset | xr.DataArray | None) -> dict[str, str]:
    """Areas by the names that come with the data; keys stay where two areas share a name."""
    for data in given:
        names = getattr(data, "coords", {}).get("area_name")
        if names is not None and names.dims == ("area",) and len(set(names.values.tolist())) == names.size:
            return dict(zip(map(str, names["area"].values), map(str, names.values), strict=True))
    return {}


def _by_name(statement: Any, names: Mapping[str, str]) -> Any:
    """The statement as it is read aloud."""
    said: dict[str, Any] = {}
    if getattr(statement, "areas", None):
        said["areas"] = tuple(names.get(area, area) for area in statement.areas)
    if getattr(statement, "area", None) in names:
        said["area"] = names[statement.area]
    return statement.model_copy(update=said) if said else statement


def _without_effect(
    scenario: Scenario, rates: xr.Dataset | None, stock: xr.DataArray | None, until: int | None
) -> list[Verdict]:
    """What of the scenario has no effect up to a year; nothing without rates, stock and year."""
    from zwkprognose.scenarios.effects.judge import judged
    from zwkprognose.scenarios.run import run_of

    if rates is None or stock is None or until is None:
        return []
    return judged(scenario, run_of(rates, _years(stock, until), stock=stock), rates)


def _years(stock: xr.DataArray, until: Any) -> range:
    """Years from the stock on to the last one."""
    end = getattr(stock, "coords", {}).get("year_end")
    if end is None or end.ndim:
        raise ScenarioError(
            "Der Bestand ist nicht der eines einzelnen 31.12.",
            remedy='Zum Beispiel inputs["population"].isel(year_end=-1) angeben.',
        )
    first = int(end) + 1
    if isinstance(until, bool) or not isinstance(until, Integral) or not first <= int(until) <= LAST_YEAR:
        raise ScenarioError(
            f"Das letzte Jahr (until) ist {kind_of(until)}; möglich ist ein Jahr ab {first}.",
            remedy=f"Ein Jahr angeben, zum Beispiel until={first + 9}.",
        )
    return range(first, int(until) + 1)


def sentence(statement: Any, today: float | None = None) -> str:
    """One statement as a sentence; ``today`` is the present level of a goal."""
    told = _TELL[type(statement)](statement) if today is None else _goal(statement, today)
    said = " ".join(statement.reason.split())
    reason = f" Grund: {said}{'' if said.endswith(('.', '!', '?')) else '.'}" if said else ""
    return f"{told}.{reason}"


def _title(scenario: Scenario) -> str:
    date = f"{scenario.date:%d.%m.%Y}" if scenario.date else ""
    signed = ", ".join(part for part in (scenario.author, date) if part)
    return f"{scenario.title or scenario.name}." + (f" ({signed})" if signed else "")


def _assumption(a: Assumption) -> str:
    if a.goal is not None:
        return _goal(a)
    return f"{SUBJECT[a.quantity]}{whom(a)} {_change(a)}"


def _goal(a: Assumption, today: float | None = None) -> str:
    subject, unit = GOAL[a.quantity]
    now = "" if today is None else f" von bisher {decimal(today)}"
    if a.course == "gleitend":
        verb = f"verändert sich {glide_period(a)} gleitend{now} auf"
    else:
        verb = f"liegt {period(a)} bei" + (f" statt bisher {decimal(today)}" if today is not None else "")
    if unit.startswith("Personen"):
        unit = unit.replace("Personen", one_or_many(a.goal or 0.0, "Person", "Personen"), 1)
    return f"{subject}{whom(a)} {verb} {decimal(a.goal or 0.0)} {unit}"


def _change(a: Assumption) -> str:
    level = a.level
    if a.course == "sprung" or level == 1:
        return f"sind {period(a)} {_compared(level)}"
    verb = "sinken" if level < 1 else "steigen"
    if a.course == "jaehrlich":
        then = "" if a.last_year is None and a.duration is None else " und bleiben danach auf diesem Stand"
        return f"{verb} {period(a)} {'' if one_year(a) else 'jedes Jahr '}um {percent(level)}{then}"
    goal = "auf null" if level == 0 else f"um {percent(level)} gegenüber dem Basiszeitraum"
    return f"{verb} {glide_period(a)} gleitend {goal}"


def _compared(level: float) -> str:
    if level in (0, 1):
        return "null" if level == 0 else "unverändert"
    return f"um {percent(level)} {'niedriger' if level < 1 else 'höher'} als im Basiszeitraum"


def _retention(r: Retention) -> str:
    return f"Halten{whom(r)}: {_begin(r)} bleiben {decimal(r.percent)} % derer, die sonst fortziehen"


def _attraction(a: Attraction) -> str:
    if a.percent is not None:
        return f"Anziehen{whom(a)}: {_begin(a)} ziehen {decimal(a.percent)} % mehr Personen zu"
    return f"Anziehen{whom(a)}: {_arrivals(a, 'mehr')}"


def _shock(s: Shock) -> str:
    return f"Ereignis {s.name}{whom(s)}: {_arrivals(s, 'zusätzlich')}"


def _begin(statement: Timed) -> str:
    said = period(statement)
    return said[0].upper() + said[1:]


def _arrivals(statement: Attraction | Shock, more: str) -> str:
    persons = counted(statement.persons or 0.0, "Person", "Personen")
    verb = one_or_many(statement.persons or 0.0, "zieht", "ziehen")
    spread = (
        "im Alter verteilt nach dem Modell von Rogers und Castro"
        if statement.profile == "standard"
        else "verteilt wie die Zuzüge des Basiszeitraums"
    )
    each = "" if one_year(statement) else "je Jahr "
    return f"{_begin(statement)} {verb} {each}{persons} {more} zu, {spread}"


def _housing(h: Housing) -> str:
    years = f"{h.first_year}" if h.last_year in (None, h.first_year) else f"{h.first_year} bis {h.last_year}"
    each = (
        f"{counted(h.persons, 'Person', 'Personen')} je Wohnung{'' if h.persons_per_dwelling else ' (üblicher Wert)'}"
    )
    whole = counted(round(h.dwellings * h.persons), "Person", "Personen")
    ages = f"; im Alter: {shares(h.ages)}" if h.ages else ""
    return (
        f"Erstbezug {h.name} in {h.area}: {counted(h.dwellings, *KINDS[h.kind])}, fertig {years}{_moving_in(h)}, mit "
        f"{each}, zusammen {whole}; {_from_outside(h.outside_share)}{ages}"
    )


def _moving_in(h: Housing) -> str:
    """When people move in, if not at once."""
    if h.spread == (1.0,):
        return ""
    lags = ("im selben Jahr", "ein Jahr später", *(f"{lag} Jahre später" for lag in range(2, len(h.spread))))
    moved = [f"zu {decimal(100 * share)} % {lag}" for share, lag in zip(h.spread, lags, strict=False) if share]
    return f" (bezogen {listed(moved)})"


def _from_outside(share: float) -> str:
    if share in (0, 1):
        return "alle kommen von außerhalb der Stadt" if share else "alle kommen aus anderen Gebieten der Stadt"
    return f"davon kommen {decimal(100 * share)} % von außerhalb der Stadt, die anderen aus ihren übrigen Gebieten"


def _facility(f: Facility) -> str:
    places = listed([f"{counted(n, 'Platz', 'Plätze')} ab 31.12.{year}" for year, n in f.capacity.items()])
    closing = f"; schließt am 31.12.{f.closing}; {_afterwards(f.stay_share)}" if f.closing else ""
    who = [label("nationality", f.nationality)] if f.nationality else []
    who += [label("sex", f.sex)] if f.sex else []
    return f"Sondergruppe {f.name} in {f.area}: {places}, belegt: {', '.join([*who, shares(f.ages)])}{closing}"


def _afterwards(stay_share: float) -> str:
    """Where the residents of a home go when it closes."""
    if stay_share == 0:
        return "alle, die dort wohnen, verlassen dann die Stadt"
    if stay_share == 1:
        return "alle, die dort wohnen, bleiben dann in der Stadt"
    stay = decimal(100 * stay_share)
    return f"{stay} % derer, die dort wohnen, bleiben dann in der Stadt, die anderen verlassen sie"


def _control(c: Control) -> str:
    who = f"{whom(c)}{' in jedem der Gebiete' if c.areas else ' in jedem Gebiet'}" if c.each else whom(c)
    if c.dwellings is not None:
        return f"Eckwert nach Wohnungen{who}: {_occupied(c)}; Zu- und Fortzüge folgen"
    said = [_values(key, values) for key, values in c.stated.items()]
    path = ", gleitend von Jahr zu Jahr vom Bestand am Anfang an" if c.persons and c.glides else ""
    change = "dazu werden Zu- und Fortzüge angepasst"
    if c.persons is None:
        change = "wo das sonst nicht so wäre, werden Zu- und Fortzüge so wenig wie möglich angepasst"
    return f"Eckwert: Die Bevölkerung{who} beträgt {listed(said)}{path}; {change}"


def _values(key: str, values: Mapping[int, float]) -> str:
    """Numbers of an Eckwert by year: exactly, at least or at most."""
    word = {"personen": "genau", "mindestens": "mindestens", "hoechstens": "höchstens"}[key]
    if EVERY_YEAR in values:
        return f"in jedem Jahr {word} {counted(values[EVERY_YEAR], 'Person', 'Personen')}"
    since = "am" if key == "personen" else "ab"
    return listed([f"{since} 31.12.{year} {word} {counted(n, 'Person', 'Personen')}" for year, n in values.items()])


def _occupied(c: Control) -> str:
    assert c.dwellings is not None
    empty = f", davon {decimal(100 * c.vacancy)} % leer" if c.vacancy else ""
    parts = []
    for year, count in c.dwellings.items():
        each = held_in(c.household or {}, year, glides=True, before=True) or 0.0
        people = counted(c.residents(year), "Person", "Personen")
        homes = f"am 31.12.{year} {counted(count, 'Wohnung', 'Wohnungen')}{empty}"
        parts.append(f"{homes}, mit {decimal(each)} Personen je bewohnter Wohnung, zusammen {people}")
    return "; ".join(parts)


def one_or_many(count: float, one: str, many: str) -> str:
    """The word that agrees with a number as it is shown."""
    return counted(count, one, many).rpartition(" ")[2]


_TELL: dict[type, Callable[[Any], str]] = {
    Assumption: _assumption, Retention: _retention, Attraction: _attraction, Shock: _shock,
    Housing: _housing, Facility: _facility, Control: _control,
}  # fmt: skip
