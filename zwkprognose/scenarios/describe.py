"""A scenario read aloud: plain German sentences, with today's level where it is known."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from zwkprognose.german import decimal, listed
from zwkprognose.scenarios.measures import Attraction, Control, Facility, Housing, Retention, Shock
from zwkprognose.scenarios.statements import Assumption
from zwkprognose.scenarios.wording import glide_period, percent, period, whom

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
    "frei": "frei finanzierte Wohnungen", "gefoerdert": "geförderte Wohnungen", "gemischt": "Wohnungen"
}  # fmt: skip


def describe(
    scenario: Scenario, rates: xr.Dataset | None = None, stock: xr.DataArray | None = None, until: int | None = None
) -> str:
    """Title, reason and every statement of a scenario, one sentence each.

    Parameters
    ----------
    scenario : Scenario
    rates, stock : optional
        Estimated rates and population at the start: goals are then told with the level of today.
    until : int, optional
        Last year of a run from the stock (coordinate ``year_end``): adds what has no effect in it.
    """
    lines = [_title(scenario), *([" ".join(scenario.text.split())] if scenario.text else [])]
    lines += [f"Gebietstyp {name}: {listed(areas)}." for name, areas in scenario.area_types.items()]
    lines += [f"– {text}" for text in statements_told(scenario, rates, stock)]
    lines += [f"Achtung: {verdict}" for verdict in _without_effect(scenario, rates, stock, until)]
    return "\n".join(lines)


def statements_told(scenario: Scenario, rates: xr.Dataset | None, stock: xr.DataArray | None) -> list[str]:
    """Every statement of a scenario in a sentence, or that nothing changes."""
    from zwkprognose.scenarios.compose import ADDRESS
    from zwkprognose.scenarios.context import levels_today

    today = {} if rates is None else levels_today(scenario, rates, stock)
    said = [sentence(a, today.get(index)) for index, a in enumerate(scenario.assumptions)]
    said += [sentence(s) for field in ADDRESS if field != "assumptions" for s in getattr(scenario, field)]
    return said or ["Alle Raten und Zuzüge bleiben, wie sie im Basiszeitraum geschätzt wurden."]


def _without_effect(
    scenario: Scenario, rates: xr.Dataset | None, stock: xr.DataArray | None, until: int | None
) -> list[Verdict]:
    """What of the scenario has no effect up to a year; nothing without rates, stock and year."""
    from zwkprognose.scenarios.effects.judge import judged
    from zwkprognose.scenarios.run import run_of

    if rates is None or stock is None or until is None:
        return []
    first = int(stock["year_end"]) + 1
    return judged(scenario, run_of(rates, range(first, until + 1), stock=stock), rates)


def sentence(statement: Any, today: float | None = None) -> str:
    """One statement as a sentence; ``today`` is the present level of a goal."""
    told = _TELL[type(statement)](statement) if today is None else _goal(statement, today)
    reason = f" Grund: {' '.join(statement.reason.split())}" if statement.reason else ""
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
        verb = f"beträgt {period(a)}" + (f" statt bisher {decimal(today)}" if today is not None else "")
    return f"{subject}{whom(a)} {verb} {decimal(a.goal or 0.0)} {unit}"


def _change(a: Assumption) -> str:
    level = a.level
    if a.course == "sprung" or level == 1:
        return f"sind {period(a)} {_compared(level)}"
    verb = "sinken" if level < 1 else "steigen"
    if a.course == "jaehrlich":
        return f"{verb} {period(a)} jedes Jahr um {percent(level)}"
    goal = "auf null" if level == 0 else f"um {percent(level)} gegenüber dem Basiszeitraum"
    return f"{verb} {glide_period(a)} gleitend {goal}"


def _compared(level: float) -> str:
    if level in (0, 1):
        return "null" if level == 0 else "unverändert"
    return f"um {percent(level)} {'niedriger' if level < 1 else 'höher'} als im Basiszeitraum"


def _retention(r: Retention) -> str:
    return f"Halten{whom(r)}: Von denen, die sonst fortziehen, bleiben {period(r)} {decimal(r.percent)} %"


def _attraction(a: Attraction) -> str:
    if a.percent is not None:
        return f"Anziehen{whom(a)}: {_begin(a)} ziehen {decimal(a.percent)} % mehr Personen zu"
    return f"Anziehen{whom(a)}: {_begin(a)} ziehen je Jahr {_persons(a)} mehr zu{_spread(a)}"


def _shock(s: Shock) -> str:
    return f"Ereignis {s.name}{whom(s)}: {_begin(s)} ziehen je Jahr {_persons(s)} zusätzlich zu{_spread(s)}"


def _begin(statement: Attraction | Shock) -> str:
    said = period(statement)
    return said[0].upper() + said[1:]


def _persons(statement: Attraction | Shock) -> str:
    return f"{decimal(statement.persons or 0.0, 0)} Personen"


def _spread(statement: Attraction | Shock) -> str:
    if statement.profile == "standard":
        return ", im Alter verteilt nach dem Modell von Rogers und Castro"
    return ", verteilt wie die Zuzüge des Basiszeitraums"


def _housing(h: Housing) -> str:
    years = f"{h.first_year}" if h.last_year in (None, h.first_year) else f"{h.first_year} bis {h.last_year}"
    people = h.dwellings * h.persons
    source = "" if h.persons_per_dwelling else " (üblicher Wert)"
    return (
        f"Erstbezug {h.name} in {h.area}: {decimal(h.dwellings, 0)} {KINDS[h.kind]}, fertig {years}, mit "
        f"{decimal(h.persons)} Personen je Wohnung{source}, zusammen {decimal(people, 0)} Personen; davon kommen "
        f"{decimal(100 * h.outside_share)} % von außerhalb der Stadt, die anderen aus ihren übrigen Gebieten"
    )


def _facility(f: Facility) -> str:
    places = listed([f"ab 31.12.{year} {decimal(n, 0)} Plätze" for year, n in f.capacity.items()])
    closing = f"; schließt am 31.12.{f.closing}; {_afterwards(f.stay_share)}" if f.closing else ""
    return f"Sondergruppe {f.name} in {f.area}: {places}{closing}"


def _afterwards(stay_share: float) -> str:
    """Where the residents of a home go when it closes."""
    if stay_share == 0:
        return "alle, die dort wohnen, verlassen dann die Stadt"
    if stay_share == 1:
        return "alle, die dort wohnen, bleiben dann in der Stadt"
    stay = decimal(100 * stay_share)
    return f"{stay} % derer, die dort wohnen, bleiben dann in der Stadt, die anderen verlassen sie"


def _control(c: Control) -> str:
    values = listed([f"{decimal(n, 0)} am 31.12.{year}" for year, n in c.persons.items()])
    return f"Eckwert: Die Bevölkerung{whom(c)} ist {values}; dazu werden Zu- und Fortzüge angepasst"


_TELL: dict[type, Callable[[Any], str]] = {
    Assumption: _assumption, Retention: _retention, Attraction: _attraction, Shock: _shock,
    Housing: _housing, Facility: _facility, Control: _control,
}  # fmt: skip
