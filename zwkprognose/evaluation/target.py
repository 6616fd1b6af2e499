"""Backcast: what would have to change for a number of persons to be reached?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from zwkprognose.engine import compute, doors
from zwkprognose.engine.housing import Housing
from zwkprognose.engine.layout import Grid
from zwkprognose.engine.model import Flows, allocate
from zwkprognose.engine.project import labelled
from zwkprognose.errors import ScenarioError
from zwkprognose.evaluation.case import Case
from zwkprognose.scenarios import Scenario
from zwkprognose.scenarios.masks import known_areas, matching
from zwkprognose.scenarios.measures import PERSONS_PER_DWELLING
from zwkprognose.scenarios.wording import ages as ages_in_words
from zwkprognose.scenarios.wording import decimal

if TYPE_CHECKING:
    import xarray as xr

    from zwkprognose.engine.model import Model
    from zwkprognose.evaluation.shapley import Floats

Lever = Literal["zuzuege", "wohnungen", "halten"]

#: What each lever counts.
UNITS = {
    "zuzuege": "zusätzliche Zuzüge im Jahr",
    "wohnungen": "neue Wohnungen im Jahr",
    "halten": "% der Fortziehenden bleiben",
}
DATIVE = {
    "zuzuege": "zusätzlichen Zuzügen im Jahr",
    "wohnungen": "neuen Wohnungen im Jahr",
    "halten": "% derer, die sonst fortzögen und nun bleiben",
}
#: Largest value that is tried: per cent of the population a year, or per cent of those who leave.
MOST_ARRIVALS = 20.0
#: Persons by which the goal may be missed.
CLOSE = 0.01


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
        Settings that were allowed.
    persons : float
        Persons with this setting.
    without : float
        Persons without any change.
    net_migration : float
        Persons who move in less those who move out, mean per year, with this setting.
    scenario : Scenario
        The case's scenario with the answer as a statement: run it to check.
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
    scenario: Scenario
    text: str


@dataclass(frozen=True)
class Goal:
    """Persons of an age band in some areas on 31.12. of a year."""

    persons: float
    year: int
    areas: tuple[str, ...] | None = None
    ages: tuple[int, int | None] = (0, None)

    def __str__(self) -> str:
        where = f" in {', '.join(self.areas)}" if self.areas else ""
        who = "" if self.ages == (0, None) else f" ({ages_in_words(self.ages)})"
        return f"{decimal(self.persons, 0)} Personen{who}{where} am 31.12.{self.year}"


def reach(
    case: Case,
    *,
    persons: float,
    year: int,
    lever: Lever = "zuzuege",
    areas: Sequence[str] | None = None,
    ages: tuple[int, int | None] = (0, None),
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
    ages : (first, last)
        Age band of the goal; last ``None`` is open.
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
        If the goal lies outside of the projection or names an unknown area.
    """
    goal = Goal(persons, year, tuple(areas) if areas else None, ages)
    search = _Search(case, goal, lever, lever_ages, outside_share)
    bounds = (0.0, search.largest() if most is None else most)
    value = _solve(search.missing, bounds)
    return search.answer(value, bounds)


class _Search:
    """One question: the model is built once for every setting that is tried."""

    def __init__(self, case: Case, goal: Goal, lever: Lever, lever_ages: str | None, outside_share: float) -> None:
        self.case, self.goal, self.lever = case, goal, lever
        self.lever_ages, self.outside_share = lever_ages, outside_share
        self.grid = case.grid(goal.year)
        self.keys = _keys(self.grid.start, goal.areas)
        self.reduce = _goal_matrix(self.grid, goal.ages)
        self.ends = self._with(0.0).model(goal.year), self._with(1.0).model(goal.year)
        self._known: dict[float, float] = {}

    def largest(self) -> float:
        """Largest setting that is tried."""
        if self.lever == "halten":
            return 100.0
        people = float(self.grid.start.sel(area=self.keys).sum())
        arrivals = MOST_ARRIVALS / 100 * people
        return arrivals if self.lever == "zuzuege" else arrivals / PERSONS_PER_DWELLING["gemischt"]

    def missing(self, setting: float) -> float:
        """Persons that are missing with a setting."""
        if setting not in self._known:
            flows = self._flows(setting)
            people = flows["population"][self._positions(), -1].reshape(len(self.keys), -1) @ self.reduce
            self._known[setting] = self.goal.persons - float(people.sum())
        return self._known[setting]

    def answer(self, value: float, bounds: tuple[float, float]) -> Answer:
        """The answer with its words."""
        case = self._with(value)
        assert case.scenario is not None
        reachable = abs(self.missing(value)) <= CLOSE
        persons, without = (self.goal.persons - self.missing(x) for x in (value, 0.0))
        text = self._text(value, reachable, bounds, persons, without)
        return Answer(
            reachable, value, UNITS[self.lever], bounds, persons, without, self._net(value), case.scenario, text
        )

    def _with(self, setting: float) -> Case:
        """The case with the lever at a setting; without a setting it is the case itself."""
        base = self.case.scenario or Scenario.from_document({"name": "ziel", "titel": "Zielrechnung"})
        if setting == 0:
            return replace(self.case, scenario=base)
        patch = Scenario.from_document({"name": "ziel", **_STATEMENTS[self.lever](self, setting)})
        return replace(self.case, scenario=base | patch)

    def _positions(self) -> list[int]:
        labels = self.grid.labels("area")
        return [labels.index(key) for key in self.keys]

    def _flows(self, setting: float) -> Flows:
        """The projection with a setting, as arrays (area, year, …)."""
        model = _between(*self.ends, setting)
        flows = {name: values[0] for name, values in allocate([model]).items()}
        compute.run(model, flows)
        doors.check_stock(labelled(self.grid, flows)["population"])
        return flows

    def _net(self, setting: float) -> float:
        """Persons who come less those who go, mean per year, first occupation of dwellings included."""
        flows, areas = self._flows(setting), self._positions()
        signs = {"in_moves": 1, "moves_in": 1, "erstbezug": 1, "out_moves": -1, "moves_out": -1}
        total = sum(sign * float(flows[name][areas].sum()) for name, sign in signs.items() if name in flows)
        return total / len(self.grid.years)

    def _text(self, value: float, reachable: bool, bounds: tuple[float, float], persons: float, without: float) -> str:
        begin = f"Ziel: {self.goal}. Ohne Änderung wären es {decimal(without, 0)}."
        if reachable:
            years = f"von {self.grid.years[0]} bis {self.goal.year}"
            net = f"Der Wanderungssaldo beträgt dann im Mittel {decimal(self._net(value), 0)} Personen im Jahr."
            found = f"Erreicht wird es {years} mit {decimal(value, 1)} {DATIVE[self.lever]}. {net}"
        elif value == bounds[0]:
            found = "Das Ziel liegt unter dieser Zahl; es ist keine zusätzliche Änderung nötig."
        else:
            found = (
                f"Mit höchstens {decimal(bounds[1], 1)} {DATIVE[self.lever]} ist es nicht erreichbar: "
                f"Dann wären es {decimal(persons, 0)} Personen."
            )
        return f"{begin} {found} {self._assumed()}"

    def _assumed(self) -> str:
        """What is assumed, said plainly."""
        title = f"das Szenario »{self.case.scenario.title or self.case.scenario.name}«" if self.case.scenario else (
            "gleichbleibende Verhältnisse"
        )  # fmt: skip
        spread = {
            "zuzuege": "die zusätzlichen Zuzüge sind im Alter verteilt wie die des Basiszeitraums"
            if self._has_moves()
            else "die zusätzlichen Zuzüge sind im Alter nach dem Modell von Rogers und Castro verteilt",
            "wohnungen": f"je Wohnung ziehen {decimal(PERSONS_PER_DWELLING['gemischt'])} Personen ein, "
            f"{decimal(100 * self.outside_share)} % davon von außerhalb",
            "halten": "die Fortzugswahrscheinlichkeiten sinken um diesen Anteil",
        }[self.lever]
        return f"Angenommen sind für alles andere {title}; {spread}."

    def _has_moves(self) -> bool:
        return bool(self.case.rates["in_moves"].sum() > 0)


def _arrivals(search: _Search, setting: float) -> dict[str, Any]:
    profile = "zuzuege" if search._has_moves() else "standard"
    return {"anziehen": [{"personen": setting, "profil": profile, **_selection(search)}]}


def _kept(search: _Search, setting: float) -> dict[str, Any]:
    return {"halten": [{"prozent": setting, **_selection(search)}]}


def _dwellings(search: _Search, setting: float) -> dict[str, Any]:
    """The same number of dwellings every year, in the areas by their population."""
    people = search.grid.start.sel(area=search.keys).sum(["nationality", "sex", "age"])
    years = search.grid.years
    shares = (people / people.sum()).values.tolist()
    projects = [
        {"name": "Ziel", "gebiet": key, "wohnungen": setting * share * len(years), "von": int(years[0]),
         "bis": int(years[-1]), "anteil_von_aussen": search.outside_share}
        for key, share in zip(search.keys, shares, strict=True) if share > 0
    ]  # fmt: skip
    return {"erstbezug": projects}


_STATEMENTS: dict[str, Callable[[_Search, float], dict[str, Any]]] = {
    "zuzuege": _arrivals, "halten": _kept, "wohnungen": _dwellings,
}  # fmt: skip


def _selection(search: _Search) -> dict[str, Any]:
    selection: dict[str, Any] = {"gebiete": search.keys} if search.goal.areas else {}
    return selection | ({"alter": search.lever_ages} if search.lever_ages else {})


def _solve(missing: Callable[[float], float], bounds: tuple[float, float]) -> float:
    """Setting at which nothing is missing, or the bound that comes nearest.

    The population grows with every lever, and in a straight line with additional in-moves: the secant
    between the bounds is nearly the answer, a few steps of the Illinois method do the rest.
    """
    low, high = bounds
    gap_low, gap_high = missing(low), missing(high)
    if gap_low <= 0:
        return low
    if gap_high > 0:
        return high
    side = 0
    for _ in range(60):
        middle = (low * gap_high - high * gap_low) / (gap_high - gap_low)
        gap = missing(middle)
        if abs(gap) <= CLOSE / 10:
            return middle
        if gap > 0:
            low, gap_low = middle, gap
            gap_high = gap_high / 2 if side == 1 else gap_high
            side = 1
        else:
            high, gap_high = middle, gap
            gap_low = gap_low / 2 if side == -1 else gap_low
            side = -1
    return middle


def _between(without: Model, one: Model, setting: float) -> Model:
    """The model with the lever at a setting: in-moves, exits and dwellings change in a straight line."""
    rates = replace(
        without.rates,
        in_moves=_line(without.rates.in_moves, one.rates.in_moves, setting),
        out=_line(without.rates.out, one.rates.out, setting),
    )
    return replace(without, rates=rates, housing=_housing(without.housing, one.housing, setting))


def _housing(without: Housing | None, one: Housing | None, setting: float) -> Housing | None:
    """Dwellings of the case and of the lever; the types of the case come first."""
    if one is None:
        return None
    inside, outside = (
        _line(
            _padded(None if without is None else getattr(without, name), getattr(one, name)),
            getattr(one, name),
            setting,
        )
        for name in ("inside", "outside")
    )
    return Housing(inside, outside, one.profile)


def _padded(values: Floats | None, like: Floats) -> Floats:
    """Values by type of dwelling, zero for the types that are not there."""
    padded = np.zeros_like(like)
    if values is not None:
        padded[..., : values.shape[-1]] = values
    return padded


def _line(without: Floats, one: Floats, setting: float) -> Floats:
    return without if without is one else without + setting * (one - without)


def _goal_matrix(grid: Grid, ages: tuple[int, int | None]) -> Floats:
    """(group·sex·age, 1): 1 for the ages of the goal."""
    first, last = ages
    values = grid.start["age"].values
    chosen = (values >= first) & (values <= (np.inf if last is None else last))
    return np.tile(chosen.astype(float)[:, None], (grid.size("nationality") * grid.size("sex"), 1))


def _keys(stock: xr.DataArray, areas: Sequence[str] | None) -> list[str]:
    known = known_areas(stock)
    if areas is None:
        return list(known)
    found = {key: None for word in areas for key in matching(word, known)}
    missing = [word for word in areas if not matching(word, known)]
    if missing:
        raise ScenarioError(
            f"Ein Gebiet »{missing[0]}« gibt es in dieser Rechnung nicht.", remedy="Schlüssel oder Namen prüfen"
        )
    return list(found)
