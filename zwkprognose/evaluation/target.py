"""Backcast: what would have to change for a number of persons to be reached?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from numbers import Real
from typing import TYPE_CHECKING, Any, get_args

import numpy as np

from zwkprognose.complaints import written
from zwkprognose.engine import doors
from zwkprognose.engine.arrays import Flows
from zwkprognose.engine.case.room import Room
from zwkprognose.engine.compiled import compute
from zwkprognose.engine.grid import projection_of
from zwkprognose.errors import EngineError, ScenarioError
from zwkprognose.evaluation.case import Case
from zwkprognose.evaluation.levers import Ground, LeverName, between, lever_of
from zwkprognose.evaluation.milestones import check_band
from zwkprognose.german import ages as ages_in_words
from zwkprognose.german import decimal
from zwkprognose.scenarios import Scenario
from zwkprognose.scenarios.documents import kind_of
from zwkprognose.scenarios.fields import parse_ages
from zwkprognose.scenarios.masks import known_areas, matching, unknown_area
from zwkprognose.scenarios.statements import LARGEST

if TYPE_CHECKING:
    import xarray as xr

#: Persons by which the goal may be missed.
CLOSE = 0.01
#: Share of the largest setting that can be computed to which it is looked for.
NEARLY = 1e-6
#: Persons that are none: rounding, beyond which no search goes on.
MET = 1e-7
#: Flows that bring or take people, and their sign.
_MIGRATION = {"in_moves": 1, "moves_in": 1, "erstbezug": 1, "out_moves": -1, "moves_out": -1}


@dataclass(frozen=True)
class Goal:
    """Persons of an age band in some areas on 31.12. of a year."""

    persons: float
    year: int
    areas: tuple[str, ...] | None = None
    ages: tuple[int, int | None] = (0, None)

    def __str__(self) -> str:
        where = f" in {', '.join(self.areas)}" if self.areas else ""
        who = "" if self.ages == (0, None) else f" ({ages_in_words(*self.ages)})"
        return f"{decimal(self.persons, 0)} Personen{who}{where} am 31.12.{self.year}"


@dataclass(frozen=True)
class Answer:
    """What would have to change.

    Attributes
    ----------
    reachable : bool
        Whether the goal can be reached within ``bounds``.
    value : float
        Setting of the lever, in ``unit``; at the nearest bound if the goal cannot be reached.
    unit : str
    bounds : (float, float)
        Settings that were allowed and can be computed.
    persons, without : float
        Persons with this setting, and without any change.
    net_migration : float
        Persons who move in less those who move out, mean per year, with this setting.
    path : list of float
        Persons on 31.12. of every year, from the start.
    scenario : Scenario
        The case's scenario with the answer as a statement, under a name of its own: run it to check.
    text : str
        The answer in German, with what is assumed.
    """

    reachable: bool
    value: float
    unit: str
    bounds: tuple[float, float]
    persons: float
    without: float
    net_migration: float
    path: list[float]
    scenario: Scenario
    text: str


def reach(
    case: Case,
    *,
    persons: float,
    year: int,
    lever: LeverName = "zuzuege",
    areas: Sequence[str] | None = None,
    ages: tuple[int, int | None] | str = (0, None),
    lever_ages: str | None = None,
    outside_share: float = 0.5,
    most: float | None = None,
) -> Answer:
    """Find the setting of one lever with which a number of persons is reached.

    Parameters
    ----------
    case : Case
        Everything else: population, rates, scenario.
    persons : float
        Goal on 31.12. of ``year``.
    year : int
        Year of the goal.
    lever : {"zuzuege", "wohnungen", "halten"}
        Additional in-moves a year, new dwellings a year, or a share of those who would leave and stay.
    areas : sequence of str, optional
        Where the goal counts and the lever works; default: everywhere.
    ages : (first, last) or str
        Age band of the goal; last ``None`` is open. Also as documents write it: ``"65+"``.
    lever_ages : str, optional
        Ages on which the lever works, such as ``"18-30"``; default: all.
    outside_share : float
        For dwellings: share of the persons who come from outside the city.
    most : float, optional
        Largest setting that is allowed; default: 20 % of the population a year, 100 % for ``halten``.

    Returns
    -------
    Answer
        With ``reachable=False`` if even the largest setting is not enough, or none is needed.

    Raises
    ------
    ScenarioError
        If the goal names an unknown area, ages that are not told apart, or no possible number.
    """
    goal = _goal(case, persons, year, areas, ages)
    if lever not in get_args(LeverName):
        raise ScenarioError(
            f"Einen Hebel {kind_of(lever)} gibt es hier nicht.",
            remedy=f"Möglich sind {', '.join(get_args(LeverName))}.",
        )
    grid = case.grid(year)
    check_band(goal.ages, int(grid.start["age"].max()), "ages")
    has_moves = bool(case.rates["in_moves"].sum() > 0)
    ground = Ground(grid, _keys(grid.start, goal.areas), goal.areas is None, lever_ages, has_moves)
    search = _Search(case, goal, lever, ground, outside_share)
    allowed = search.lever.largest(ground) if most is None else most
    bounds = (0.0, search.possible(allowed))
    return search.answer(_solve(search, bounds), bounds, short=bounds[1] < allowed)


class _Search:
    """One question: the models at zero and at one are built once, all settings lie on their line.

    Of a setting that was tried its path is kept, not the projection.
    """

    def __init__(self, case: Case, goal: Goal, lever: LeverName, ground: Ground, outside_share: float) -> None:
        self.case, self.goal, self.ground = case, goal, ground
        self.lever = lever_of(lever, outside_share)
        base = case.base(goal.year)
        self.ends = base.model(self._with(0.0)), base.model(self._with(1.0))
        self._paths: dict[float, list[float]] = {}
        self._room = Room()

    def missing(self, setting: float) -> float:
        """Persons that are missing with a setting."""
        missing = self.goal.persons - self.path(setting)[-1]
        return missing if abs(missing) > MET else 0.0

    def path(self, setting: float) -> list[float]:
        """Persons of the goal's areas and ages on every 31.12."""
        if setting not in self._paths:
            first, last = self.goal.ages
            ages = self.ground.grid.start["age"].values
            chosen = (ages >= first) & (ages <= (np.inf if last is None else last))
            people = self.flows(setting, stocks_only=True)["population"]
            if not self.ground.everywhere:
                people = people[self._positions()]
            totals = people.sum(axis=(0, 2, 3))[:, chosen].sum(axis=1)
            self._paths[setting] = [float(total) for total in totals]
        return self._paths[setting]

    def possible(self, setting: float) -> float:
        """The setting, or the largest below it that can be computed: new dwellings take people from other areas."""
        low, high = 0.0, setting
        self.path(low)
        if self._can(high):
            return high
        while high - low > NEARLY * high:
            middle = (low + high) / 2
            low, high = (middle, high) if self._can(middle) else (low, middle)
        return low

    def _can(self, setting: float) -> bool:
        try:
            self.path(setting)
        except EngineError:
            return False
        return True

    def flows(self, setting: float, *, stocks_only: bool = False) -> Flows:
        """The projection with a setting, as arrays (area, year, …), until the next one is asked for."""
        model = between(*self.ends, setting)
        flows = self._room.flows(model, stocks_only=stocks_only)
        compute.run(model, flows)
        if not flows["population"].min() >= 0:
            doors.check_stock(projection_of(self.ground.grid, flows)["population"])
        return flows

    def answer(self, value: float, bounds: tuple[float, float], *, short: bool = False) -> Answer:
        """The answer with its words."""
        without = self.path(0.0)[-1]
        path, net = self.path(value), self._net(value)
        reachable = abs(self.goal.persons - path[-1]) <= CLOSE
        scenario = self._with(value)
        text = " ".join([
            f"Ziel: {self.goal}. Ohne Änderung wären es {decimal(without, 0)}.",
            self._found(value, reachable, bounds, path[-1], net, short),
            self._assumed(),
        ])  # fmt: skip
        named = self._named(scenario, value, text)
        return Answer(reachable, value, self.lever.unit, bounds, path[-1], without, net, path, named, text)

    def _named(self, scenario: Scenario, value: float, text: str) -> Scenario:
        """The scenario of the answer under a name of its own, with lever and goal in title and text."""
        title = f"{scenario.title or scenario.name}, Ziel {self.goal}: {decimal(value, 0)} {self.lever.unit}"
        return scenario.renamed(f"{scenario.name}-ziel-{self.goal.year}", title).model_copy(update={"text": text})

    def _with(self, setting: float) -> Scenario:
        """The scenario of the case with the lever at a setting beside everything that it says itself."""
        base = self.case.scenario or Scenario.from_document({"name": "ziel", "titel": "Zielrechnung"})
        if setting == 0:
            return base
        more = Scenario.from_document({"name": "ziel", **self.lever.statements(setting, self.ground)})
        return base.plus(more)

    def _positions(self) -> list[int]:
        labels = self.ground.grid.labels("area")
        return [labels.index(key) for key in self.ground.areas]

    def _net(self, setting: float) -> float:
        """Persons who come less those who go, mean per year, first occupation of dwellings included."""
        flows, areas = self.flows(setting), self._positions()
        total = sum(sign * float(flows[name][areas].sum()) for name, sign in _MIGRATION.items() if name in flows)
        return total / len(self.ground.grid.years)

    def _found(
        self, value: float, reachable: bool, bounds: tuple[float, float], persons: float, net: float, short: bool
    ) -> str:
        if reachable:
            years = f"von {self.ground.grid.years[0]} bis {self.goal.year}"
            saldo = f"Der Wanderungssaldo beträgt dann im Mittel {decimal(net, 0)} Personen im Jahr."
            return f"Erreicht wird es {years} mit {decimal(value, 1)} {self.lever.dative}. {saldo}"
        if value == bounds[0]:
            return "Das Ziel liegt unter dieser Zahl; es ist keine zusätzliche Änderung nötig."
        return (
            f"Mit höchstens {decimal(bounds[1], 1)} {self.lever.dative} ist es nicht erreichbar: "
            f"Dann wären es {decimal(persons, 0)} Personen."
            + (" Bei mehr gingen irgendwo mehr Personen fort, als da sind." if short else "")
        )

    def _assumed(self) -> str:
        given = self.case.scenario
        rest = f"das Szenario „{given.title or given.name}“" if given else "gleichbleibende Verhältnisse"
        return f"Angenommen sind für alles andere {rest}; {self.lever.assumed(self.ground)}."


def _solve(search: _Search, bounds: tuple[float, float]) -> float:
    """Setting at which nothing is missing, or the bound that comes nearest; people grow with every lever."""
    from scipy.optimize import brentq

    low, high = bounds
    if search.missing(low) <= 0:
        return low
    if search.missing(high) > 0:
        return high
    return float(brentq(search.missing, low, high, xtol=1e-11 * high, rtol=1e-12))


def _keys(stock: xr.DataArray, areas: Sequence[str] | None) -> tuple[str, ...]:
    known = known_areas(stock)
    if areas is None:
        return tuple(known)
    for word in areas:
        if not matching(word, known):
            raise unknown_area("", word, known)
    return tuple({key: None for word in areas for key in matching(word, known)})


def _goal(case: Case, persons: Any, year: Any, areas: Any, ages: Any) -> Goal:
    """The goal, refused unless it can be one."""
    if not isinstance(case, Case):
        raise ScenarioError(
            f"Gefragt wird zu einem Fall, nicht zu {kind_of(case)}.",
            remedy="Case(inputs, rates, scenario) aus zwkprognose.evaluation angeben.",
        )
    if isinstance(persons, bool) or not isinstance(persons, Real) or not 0 <= float(persons) <= LARGEST:
        raise ScenarioError(
            f"Das Ziel (persons) ist {kind_of(persons)}; nötig ist eine Personenzahl ab 0.",
            remedy="Zum Beispiel persons=10000 angeben.",
        )
    words = (areas,) if isinstance(areas, str) else areas
    if words is not None and (not list(words) or not all(isinstance(word, str) for word in words)):
        raise ScenarioError(
            f"Die Gebiete (areas) sind {written(list(words))}; nötig sind Schlüssel oder Namen.",
            remedy="Zum Beispiel areas=[\"0101\"] angeben, oder areas weglassen für alle Gebiete.",
        )
    try:
        band = (0, None) if ages is None else parse_ages(ages)
    except ValueError as error:
        raise ScenarioError(f"ages: {error}.", remedy='Zum Beispiel ages="18-29" angeben.') from None
    return Goal(float(persons), year, None if words is None else tuple(words), band)
