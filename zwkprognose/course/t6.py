"""Tasks of T6, scenarios: write an assumption, read it aloud, compare, split a difference, what can be reached."""

from __future__ import annotations

from functools import cache

import xarray as xr

from zwkprognose.course.answers import Task
from zwkprognose.course.town import town
from zwkprognose.engine import project
from zwkprognose.scenarios import Scenario

_STATION, _HARBOUR, _UNTIL = "02", "06", 2033
#: Dwellings, persons in each, share from outside of the project at the harbour.
_DWELLINGS, _PERSONS, _OUTSIDE = 300, 2.2, 0.5
#: Persons without a change, with the first, the second and both of two changes.
_NOTHING, _FIRST, _SECOND, _BOTH = 1000.0, 1100.0, 900.0, 950.0
_GOAL, _MORE = 5000.0, 100.0
_BIRTHS = {"groesse": "geburten", "prozent": 10}
_IN_MOVES = {"groesse": "zuzuege", "prozent": -20}


def _people(scenario: Scenario | None) -> xr.DataArray:
    return project(town().inputs, town().rates, scenario, until=_UNTIL)["population"].sel(year_end=_UNTIL)


@cache
def _changed(births: bool, in_moves: bool) -> float:
    """Persons of the town with two changes or without."""
    said = [one for one, chosen in ((_BIRTHS, births), (_IN_MOVES, in_moves)) if chosen]
    return float(_people(Scenario.from_document({"name": "x", "annahme": said}) if said else None).sum())


def _of_births() -> float:
    """Mean of what more births change first and last."""
    first = _changed(True, False) - _changed(False, False)
    last = _changed(True, True) - _changed(False, True)
    return (first + last) / 2


def _fewer(share: float = 0.2, ages: slice = slice(18, 29)) -> float:
    """Foreigners fewer in the quarter at the station after a year: those who did not come would mostly have lived."""
    rates = town().rates.sel(area=_STATION, nationality="foreign", age=ages)
    return float((share * rates["in_moves"] * (1 - rates["death_prob"] / 2)).sum())


@cache
def _harbour(more: float) -> float:
    """Persons of the harbour with additional in-moves a year."""
    said = {"gebiete": ["Hafen"], "personen": more}
    scenario = Scenario.from_document({"name": "x", "anziehen": [said]}) if more else None
    return float(_people(scenario).sel(area=_HARBOUR).sum())


def _needed() -> float:
    """In-moves are added up, so persons grow in a straight line with them."""
    return _MORE * (_GOAL - _harbour(0.0)) / (_harbour(_MORE) - _harbour(0.0))


TASKS = {
    "T6.1": Task(
        lambda: _DWELLINGS * _PERSONS * _OUTSIDE,
        "Wohnungen mal Personen je Wohnung mal Anteil von außen.",
        (
            (lambda: _DWELLINGS * _PERSONS, "Das sind alle, die einziehen. Die Hälfte zieht in der Stadt um."),
            (lambda: _DWELLINGS * _OUTSIDE, "Das sind Wohnungen. Gefragt sind Personen."),
        ),
    ),
    "T6.2": Task(
        lambda: 100 * (0.8 * 1.5 - 1),
        "Beide Annahmen gelten für diese Personen. Als Faktoren schreiben, malnehmen, dann in Prozent zurück.",
        (
            (
                lambda: 50.0 - 20,
                "Prozente lassen sich nicht addieren: Aus −20 % und +50 % werden die Faktoren 0,8 und 1,5.",
            ),
            (lambda: 50.0, "Das ist nur die zweite Annahme. Auch die erste gilt für sie."),
            (lambda: -20.0, "Das ist nur die erste Annahme. Auch die zweite gilt für sie."),
            (
                lambda: 100 * 0.8 * 1.5,
                "Das ist, wie viele es dann sind. Gefragt ist, um wie viel Prozent es mehr sind.",
            ),
        ),
    ),
    "T6.3": Task(
        lambda: "alter",
        "Beschluss und Satz Wort für Wort vergleichen: Eine Einschränkung fehlt. Gefragt ist, wie ihre Angabe heißt.",
        (
            (lambda: "prozent", "Zehn Prozent sind eine von zehn; das stimmt."),
            (lambda: "gebiete", "Der Campus steht da; das stimmt."),
        ),
    ),
    "T6.4": Task(
        _fewer,
        "Ein Fünftel der Zuzüge von Ausländerinnen und Ausländern von 18 bis 29 Jahren ins Bahnhofsviertel.",
        (
            (lambda: _fewer(1.0), "Das sind alle, die zuziehen. Fehlen wird davon ein Fünftel."),
            (lambda: _fewer(0.8), "Das sind die, die noch zuziehen. Gefragt sind die, die fehlen."),
            (lambda: _fewer(ages=slice(0, None)), "Das sind alle Alter. Gefragt sind 18 bis 29 Jahre."),
            (lambda: -_fewer(), "Die Antwort ist eine Zahl von Personen, die fehlen, also ohne Minus."),
        ),
        within=0.1,
    ),
    "T6.5": Task(
        lambda: ((_FIRST - _NOTHING) + (_BOTH - _SECOND)) / 2,
        "Zweimal fragen, was der Neubau ändert: wenn er zuerst kommt und wenn er zuletzt kommt. Davon die Mitte.",
        (
            (lambda: _FIRST - _NOTHING, "Das gilt, wenn der Neubau zuerst kommt. Es fehlt die andere Reihenfolge."),
            (lambda: _BOTH - _SECOND, "Das gilt, wenn der Neubau zuletzt kommt. Es fehlt die andere Reihenfolge."),
            (lambda: _BOTH - _NOTHING, "Das ist der ganze Unterschied. Gefragt ist der Teil des Neubaus."),
            (
                lambda: ((_SECOND - _NOTHING) + (_BOTH - _FIRST)) / 2,
                "Das ist der Teil des Zuzugs. Gefragt ist der des Neubaus.",
            ),
        ),
    ),
    "T6.6": Task(
        _of_births,
        "Wie in der vorigen Aufgabe: mehr Geburten zuerst und mehr Geburten zuletzt, davon die Mitte.",
        (
            (lambda: _changed(True, False) - _changed(False, False), "Das gilt, wenn die Geburten zuerst steigen."),
            (lambda: _changed(True, True) - _changed(False, True), "Das gilt, wenn die Geburten zuletzt steigen."),
            (lambda: _changed(True, True) - _changed(False, False), "Das ist der ganze Unterschied beider Annahmen."),
        ),
        within=0.1,
    ),
    "T6.7": Task(
        _needed,
        "Was hundert Zuzüge im Jahr bringen, steht da. Wie oft passt das in das, was bis 5.000 fehlt? Mal hundert.",
        (
            (
                lambda: (_GOAL - _harbour(0.0)) / 10,
                "So viele fehlen im Jahr. Wer zuzieht, zieht aber zum Teil wieder fort: Es müssen mehr sein.",
            ),
            (lambda: _GOAL - _harbour(0.0), "So viele fehlen 2033. Gefragt sind Zuzüge im Jahr."),
        ),
        within=0.6,
    ),
}
