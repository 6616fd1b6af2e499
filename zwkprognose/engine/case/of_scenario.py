"""What a scenario builds, opens and promises, as the engine takes it: dwellings, facilities, Eckwerte."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from zwkprognose.arithmetic import summed, total
from zwkprognose.engine.assemble import Plan
from zwkprognose.engine.features.eckwerte import Eckwert, age_bands
from zwkprognose.engine.features.housing import Erstbezug
from zwkprognose.engine.features.special import Sondergruppe
from zwkprognose.engine.grid import Grid
from zwkprognose.errors import EngineError, ScenarioError
from zwkprognose.german import ages as ages_in_words
from zwkprognose.scenarios import Scenario
from zwkprognose.scenarios.controls import BOUND_OF, Control
from zwkprognose.scenarios.effects.years import moving_in
from zwkprognose.scenarios.fields import parse_ages
from zwkprognose.scenarios.levels import at_risk
from zwkprognose.scenarios.masks import Place, area_keys, known_areas
from zwkprognose.scenarios.measures import Housing

CELL = ("nationality", "sex", "age")
#: Areas that a message about an Eckwert names.
NAMED = 5
#: Persons per dwelling, outside share, shares of age bands: dwellings that are alike.
Kind = tuple[float, float, tuple[tuple[str, float], ...]]
#: Dwellings by year and area.
Built = dict[tuple[int, str], float]


@dataclass(frozen=True)
class Site:
    """Where a scenario is carried out: the grid of the run and the stock with which the scenario began."""

    grid: Grid
    stock: xr.DataArray
    areas: Mapping[str, str]
    part: bool = False

    def has(self, area: str) -> bool:
        """May an area be here? Of a part it is known by its key, and others are elsewhere."""
        return not self.part or area in self.areas

    def key(self, area: str, place: Place) -> str:
        """Key of an area that is named by key or name."""
        return area_keys((area,), self.areas, place)[0]


def refuse_twice(plan: Plan, scenario: Scenario) -> None:
    """Refuse dwellings that are given both by the scenario and by the call."""
    if scenario.housing and plan.erstbezug is not None:
        raise EngineError(
            f"Erstbezug steht im Szenario „{scenario.name}“ und im Aufruf.", remedy="Nur an einer Stelle angeben."
        )


def planned(plan: Plan, scenario: Scenario, grid: Grid, stock: xr.DataArray, *, part: bool = False) -> Plan:
    """The plan of a projection with what its scenario adds; profiles follow the stock with which the scenario begins.

    In a ``part``, the areas of one city among others, what is planned elsewhere is left out.

    Raises
    ------
    ScenarioError
        If a statement names an unknown area, lies outside of the years, or its ages have no inhabitants.
    EngineError
        If dwellings are given both by the scenario and by the call.
    """
    if not (scenario.housing or scenario.facilities or scenario.controls):
        return plan
    refuse_twice(plan, scenario)
    site = Site(grid, stock, known_areas(stock), part)
    return replace(
        plan,
        erstbezug=_erstbezug(scenario, site) or plan.erstbezug,
        sondergruppen=(*plan.sondergruppen, *_facilities(scenario, site)),
        eckwerte=(*plan.eckwerte, *_controls(scenario, site)),
    )


def _erstbezug(scenario: Scenario, site: Site) -> Erstbezug | None:
    """All building projects that are still to come; equal kinds of dwellings are one type."""
    kinds: dict[Kind, Built] = {}
    places: dict[Kind, Place] = {}
    for index, project in enumerate(scenario.housing):
        place = Place(scenario, ("erstbezug", index))
        dwellings = _dwellings(project, site, place) if site.has(project.area) else {}
        if dwellings:
            kind = (project.persons, project.outside_share, tuple(project.age_shares.items()))
            places.setdefault(kind, place)
            built = kinds.setdefault(kind, {})
            for at, number in dwellings.items():
                built[at] = built.get(at, 0.0) + number
    return _by_kind(kinds, places, site) if kinds else None


def _by_kind(kinds: Mapping[Kind, Built], places: Mapping[Kind, Place], site: Site) -> Erstbezug:
    types = xr.Variable("dwelling_type", np.arange(len(kinds)))
    dwellings = xr.align(*map(_table, kinds.values()), join="outer", fill_value=0.0)
    profiles = [profile(dict(shares), site.stock, place) for (_, _, shares), place in places.items()]
    persons, outside = (np.array(values) for values in zip(*((p, o) for p, o, _ in kinds), strict=True))
    if len(site.areas) == 1:
        # whoever moves inside the only area stays in it: only those from outside count
        persons, outside = persons * outside, np.ones_like(outside)
    return Erstbezug(
        dwellings=xr.concat(dwellings, types),
        persons=xr.DataArray(persons, coords={"dwelling_type": types}),
        profile=xr.concat(profiles, types),
        outside_share=xr.DataArray(outside, coords={"dwelling_type": types}),
    )


def _table(built: Built) -> xr.DataArray:
    """Dwellings of all projects of a kind in their years and areas."""
    years, areas = (sorted(set(labels)) for labels in zip(*built, strict=True))
    values = [[built.get((year, area), 0.0) for area in areas] for year in years]
    return xr.DataArray(values, coords={"year": years, "area": areas}, dims=("year", "area"))


def profile(
    shares: Mapping[str, float],
    stock: xr.DataArray,
    place: Place,
    nationality: str | None = None,
    sex: str | None = None,
) -> xr.DataArray:
    """Shares of age bands spread over cells: inside a band like the population of all areas.

    Returns
    -------
    xr.DataArray [nationality, sex, age]
        By age reached at the end of the year; sums to 1.
    """
    people = summed(at_risk(stock.drop_vars([c for c in stock.coords if c not in stock.dims])), ["area"])
    people = _only(people, {"nationality": nationality, "sex": sex}, place)
    bands = [_band(people, parse_ages(ages), share, place) for ages, share in shares.items()]
    with xr.set_options(arithmetic_join="exact"):
        return sum(bands[1:], start=bands[0]).transpose(*CELL)


def _dwellings(project: Housing, site: Site, place: Place) -> Built:
    """Dwellings by the year in which people move in, as far as it is still to come."""
    area = site.key(project.area, place.at("gebiet"))
    return {(year, area): n for year, n in sorted(moving_in(project).items()) if year in site.grid.years}


def _only(people: xr.DataArray, wanted: Mapping[str, str | None], place: Place) -> xr.DataArray:
    """The population of one group or sex, zero elsewhere."""
    for dim, value in wanted.items():
        if value is not None and value not in people[dim].values:
            raise ScenarioError(
                f"{place}: „{value}“ gibt es in dieser Vorausberechnung nicht.", remedy="Die Angabe weglassen."
            )
        if value is not None:
            people = xr.where(people[dim] == value, people, 0.0)
    return people


def _band(people: xr.DataArray, band: tuple[int, int | None], share: float, place: Place) -> xr.DataArray:
    first, last = band
    ages = people["age"]
    chosen = xr.where((ages >= first) & (ages <= (np.inf if last is None else last)), people, 0.0)
    whole = float(total(chosen.transpose(*CELL).values))
    if whole == 0 and share > 0:
        raise ScenarioError(
            f"{place.at('alter')}: Von {first} bis {last or 'zum höchsten Alter'} wohnt niemand im Bestand; "
            "das Profil lässt sich nicht bilden.",
            remedy="Die Altersspannen weiter fassen.",
        )
    return chosen * (share / whole if whole else 0.0)


def _facilities(scenario: Scenario, site: Site) -> list[Sondergruppe]:
    found = []
    for index, home in enumerate(scenario.facilities):
        if site.has(home.area):
            place = Place(scenario, ("sondergruppe", index))
            area = site.key(home.area, place.at("gebiet"))
            cells = profile(home.ages, site.stock, place, home.nationality, home.sex)
            found.append(Sondergruppe(home.name, area, home.capacity, cells, home.closing, home.stay_share))
    return found


def _controls(scenario: Scenario, site: Site) -> list[Eckwert]:
    found = []
    for index, control in enumerate(scenario.controls):
        place = Place(scenario, ("eckwert", index))
        for key in control.stated if control.areas is None or control.areas else ():
            found.append(_control(control, key, site, place))
    return [eckwert for eckwert in found if eckwert.target.size]


def _control(control: Control, key: str, site: Site, place: Place) -> Eckwert:
    """Target values with one dimension of length one for every filter of the statement, or one for the areas."""
    groups: dict[str, tuple[str, Mapping[Any, Any]]] = {}
    said: dict[str, str] = {}  # a selection is called by what it selects, so that messages name it
    keys = area_keys(control.areas, site.areas, place.at("gebiete")) if control.areas else list(site.areas)
    if control.areas and not control.each:
        said["gebiete"] = ", ".join(keys[:NAMED]) + (" …" if len(keys) > NAMED else "")
        groups["gebiete"] = ("area", dict.fromkeys(keys, said["gebiete"]))
    if control.ages:
        said["altersgruppe"] = ages_in_words(*control.ages)
        groups["altersgruppe"] = age_bands({said["altersgruppe"]: control.ages})
    target = _targets(control, key, site, keys)
    dims = {dim: [text] for dim, text in said.items()} | _chosen(control)
    return Eckwert(str(place), target.expand_dims(dims), groups=groups, bound=BOUND_OF[key])


def _targets(control: Control, key: str, site: Site, keys: Sequence[str]) -> xr.DataArray:
    """Values [year_end], for each of the areas if they count apart."""
    people = _people(control, site, keys) if control.glides else np.zeros(len(keys))
    begin, years = int(site.stock["year_end"]), site.grid.years.tolist()
    starts = people.tolist() if control.each else [float(total(people))]
    values = [control.targets(key, years, {begin: start}) for start in starts]
    held = sorted(values[0])
    table = np.array([[column[year] for column in values] for year in held]).reshape(len(held), len(values))
    if control.each:
        return xr.DataArray(table, {"year_end": held, "area": list(keys)}, ("year_end", "area"))
    return xr.DataArray(table[:, 0], {"year_end": held}, ("year_end",))


def _people(control: Control, site: Site, keys: Sequence[str]) -> NDArray[np.float64]:
    """Persons of each area of whom an Eckwert speaks, at the start."""
    people = site.stock.sel({"area": list(keys)} | _chosen(control))
    if control.ages:
        first, last = control.ages
        people = people.where((people["age"] >= first) & (people["age"] <= (np.inf if last is None else last)), 0.0)
    return total(people.transpose("area", ...).values.reshape(len(keys), -1), axis=1)


def _chosen(control: Control) -> dict[str, list[str]]:
    wanted = {"nationality": control.nationality, "sex": control.sex}
    return {dim: [value] for dim, value in wanted.items() if value is not None}
