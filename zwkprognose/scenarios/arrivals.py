"""Additional persons who move in: events and people attracted by number."""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping
from typing import TYPE_CHECKING

import xarray as xr

from zwkprognose.arithmetic import summed
from zwkprognose.errors import ScenarioError
from zwkprognose.scenarios.levels import at_risk
from zwkprognose.scenarios.masks import Place
from zwkprognose.scenarios.measures import Shock
from zwkprognose.scenarios.run import Run
from zwkprognose.scenarios.select import selected

if TYPE_CHECKING:
    from zwkprognose.scenarios.scenario import Scenario


def add(now: MutableMapping[str, xr.DataArray], base: xr.Dataset, scenario: Scenario, run: Run) -> None:
    """In-moves plus all additional persons of a scenario.

    They are spread over the selected cells like the in-moves of the base period (``profil = "zuzuege"``), or
    by the age schedule of Rogers and Castro and the population of areas and groups (``"standard"``).
    """
    for shock, place in arrivals(scenario):
        if run.misses(selected(base, "in_moves", shock, run, place)):
            continue
        persons = run.yearly(shock.persons * shock.active(run.years, run.anchor))
        with xr.set_options(arithmetic_join="exact", keep_attrs=True):
            more = now["in_moves"] + persons * share_of_cells(base, shock, run, place)
        order = ("year", *(dim for dim in base["in_moves"].dims if dim != "year"))
        now["in_moves"] = more.transpose(*order).assign_attrs(base["in_moves"].attrs).rename("in_moves")


def arrivals(scenario: Scenario) -> Iterator[tuple[Shock, Place]]:
    """Every statement that brings a number of persons, with its place."""
    for index, shock in enumerate(scenario.shocks):
        yield shock, Place(scenario, ("ereignis", index))
    for index, drawn in enumerate(scenario.attraction):
        if drawn.persons is not None:
            yield drawn.arrivals(), Place(scenario, ("anziehen", index))


def share_of_cells(rates: xr.Dataset, shock: Shock, run: Run, place: Place) -> xr.DataArray:
    """Share of each cell in the additional persons; sums to 1 over the cells of a year, of all areas together."""
    chosen = profile(rates, shock, run, place)
    return chosen / (whole_of(chosen, place) if run.wholes is None else run.wholes[place.path])


def whole_of(chosen: xr.DataArray, place: Place) -> xr.DataArray:
    """What the profile of additional persons sums to; :class:`ScenarioError` if that is nothing."""
    whole = summed(chosen, [dim for dim in chosen.dims if dim != "year"])
    if not bool((whole > 0).all()):
        raise ScenarioError(
            f"{place}: In den genannten Gebieten, Gruppen und Altern zieht im Basiszeitraum niemand zu; "
            "die Personen lassen sich nicht verteilen.",
            remedy='profil = "standard" angeben oder die Auswahl weiter fassen.',
        )
    return whole


def profile(rates: xr.Dataset, shock: Shock, run: Run, place: Place) -> xr.DataArray:
    """The in-moves, or the standard profile, of the cells that are selected."""
    moves = rates["in_moves"] if shock.profile == "zuzuege" else standard_profile(rates["in_moves"], run, place)
    hit = selected(rates, "in_moves", shock, run, place)
    return moves if hit is None else xr.where(hit, moves, 0.0)


def standard_profile(moves: xr.DataArray, run: Run, place: Place) -> xr.DataArray:
    """Rogers–Castro by age, both sexes alike, areas and groups by their population."""
    from zwkprognose.rates.migration.rogers_castro import STANDARD, rogers_castro

    if run.stock is None:
        raise ScenarioError(
            f"{place.at('profil')}: Für das Standardprofil fehlt der Bestand.",
            remedy="apply_scenario(…, stock=bestand) aufrufen; project() tut das von selbst.",
        )
    stock = at_risk(run.stock.drop_vars([c for c in run.stock.coords if c not in run.stock.dims]))
    by_age = xr.DataArray(
        rogers_castro(moves["age"].values, **STANDARD), coords={"age": moves["age"].values}, dims="age"
    )
    people = summed(stock, ["sex", "age"]) * by_age
    return (people * xr.ones_like(moves)).transpose(*moves.dims)
