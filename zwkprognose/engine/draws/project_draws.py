"""Random projections: thousands of draws reduced to means, quantiles and probabilities, or kept whole."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import xarray as xr

from zwkprognose import names
from zwkprognose.engine.arrays import Array
from zwkprognose.engine.assemble import Plan
from zwkprognose.engine.base import Base, stock_of
from zwkprognose.engine.compiled.compute import usable_threads
from zwkprognose.engine.draws.areas import Job, Reduced, each_area, job_of, keep_areas
from zwkprognose.engine.draws.coupled import each_area_coupled, keep_city
from zwkprognose.engine.draws.problems import check_homes, check_size
from zwkprognose.engine.draws.summary import Band, Bands, Summary, bands_of, limit_names, summarise
from zwkprognose.engine.draws.total import halves, whole_of
from zwkprognose.engine.draws.uncertainty import Uncertainty
from zwkprognose.engine.features.eckwerte import Eckwert
from zwkprognose.engine.features.housing import Erstbezug
from zwkprognose.engine.features.special import Sondergruppe
from zwkprognose.engine.grid import Grid, grid_of
from zwkprognose.engine.model import Model
from zwkprognose.engine.timing import Timing
from zwkprognose.engine.who_can import can
from zwkprognose.engine.without_effect import given_by
from zwkprognose.errors import EngineError
from zwkprognose.inputs.handed import handed
from zwkprognose.scenarios.effects.verdict import tell

if TYPE_CHECKING:
    from zwkprognose.scenarios import Scenario

QUANTILES = (0.025, 0.1, 0.5, 0.9, 0.975)


def project_draws(
    inputs: xr.Dataset,
    rates: xr.Dataset,
    scenario: Scenario | None = None,
    *,
    until: int,
    timing: str | Timing = "cohort",
    citizens: str | None = None,
    eckwerte: Sequence[Eckwert] = (),
    erstbezug: Erstbezug | None = None,
    sondergruppen: Sequence[Sondergruppe] = (),
    draws: int = 1000,
    seed: int = 1,
    uncertainty: Uncertainty | None = None,
    bands: Mapping[str, Band] | None = None,
    quantiles: Sequence[float] = QUANTILES,
    exceed: Mapping[str, float] | None = None,
    threads: int | None = None,
) -> xr.Dataset:
    """Project many times with chance and say how the results scatter.

    Areas that do not depend on each other are worked on one by one and only their sums are kept, so that the
    memory needed does not grow with the number of areas. Otherwise all areas are drawn together, year by year:
    from the persons drawn so far follows the year to be expected, with moves inside the city, dwellings,
    facilities and Eckwerte, and from this the chances of every person. The same seed gives the same draws
    whatever the number of threads or draws, and of areas on their own whatever the others.

    Under chance an Eckwert holds in the mean: every year is aimed at it anew from the persons drawn, so that only
    the chance of the year itself remains. New dwellings and moves inside the city are drawn person by person, the
    residents of facilities are whole numbers.

    Parameters
    ----------
    inputs, rates, scenario, until, timing, citizens, eckwerte, erstbezug, sondergruppen
        As in :func:`zwkprognose.project`.
    draws, seed : int
        Number of draws; start of the random numbers.
    uncertainty : Uncertainty, optional
        What is uncertain; by default events and rates.
    bands : mapping of name to (first age, last age or None), optional
        Age bands whose numbers are wanted; by default everybody and groups of five years.
    quantiles : sequence of float
    exceed : mapping of band to persons, optional
        Limits: how probable is it that more than so many live there?
    threads : int, optional
        All processors unless given.

    Returns
    -------
    xr.Dataset
        ``mean``, ``sd`` [year_end, area, age_band], ``quantiles`` [quantile, year_end, area, age_band] in
        persons; ``city_mean`` … without area, errors that are common to all areas included; with ``exceed``
        ``exceedance`` and ``city_exceedance`` [limit, year_end, (area)], probabilities.

    Raises
    ------
    EngineError
        If an Eckwert cannot be reached from the persons of a draw (names draw, year and target), if the sums take
        more than two gigabytes (names what would fit), or under the time conventions of the United Nations with
        events.
    """
    plan = Plan.of(timing, citizens, eckwerte, erstbezug, sondergruppen)
    asked = Asked(draws, seed, uncertainty, bands, quantiles, exceed, threads)
    return summaries(inputs, rates, scenario, until, plan, asked)


class Asked(NamedTuple):
    """What is asked of chance, as :func:`project_draws` says it; ``first`` is the number of the first draw."""

    draws: int = 1000
    seed: int = 1
    uncertainty: Uncertainty | None = None
    bands: Mapping[str, Band] | None = None
    quantiles: Sequence[float] = QUANTILES
    exceed: Mapping[str, float] | None = None
    threads: int | None = None
    first: int = 0

    def checked(self) -> Asked:
        """With the uncertainty there is; :class:`EngineError` for what is none of this."""
        given = Uncertainty() if self.uncertainty is None else self.uncertainty
        if not isinstance(given, Uncertainty):
            raise EngineError(
                f"Statt „Uncertainty“ wurde {handed(given)} übergeben.",
                remedy="Uncertainty(…) aus zwkprognose.engine angeben.",
            )
        _check_numbers(self.draws, self.seed)
        return self._replace(uncertainty=given)

    def parts(self, ages: int) -> tuple[Bands, list[tuple[int, float]]]:
        """Age bands and limits, for so many ages."""
        bands = bands_of(self.bands, ages)
        return bands, _limits(self.exceed or {}, bands)

    def summary(self, values: Array, limits: list[tuple[int, float]]) -> Summary:
        """What is kept of draws [year, band, draw]."""
        return summarise(values, self.quantiles, limits)


class Part(NamedTuple):
    """Random projections of some areas: what is kept of each, and the sum of all on two grids [half, year, band, draw].

    Parts of the same projection are joined by putting areas side by side and adding the sums, whatever the order.
    """

    areas: xr.Dataset
    sums: Array


def summaries(
    inputs: xr.Dataset, rates: xr.Dataset, scenario: Scenario | None, until: int, plan: Plan, asked: Asked
) -> xr.Dataset:
    """What :func:`project_draws` says, for a plan."""
    part = part_of(inputs, rates, scenario, until, plan, asked)
    return with_city(part.areas, part.sums, inputs["population"].sizes["age"], asked)


def part_of(
    inputs: xr.Dataset, rates: xr.Dataset, scenario: Scenario | None, until: int, plan: Plan, asked: Asked
) -> Part:
    """Draws of all areas of the inputs."""
    asked = asked.checked()
    grid, model = model_of(inputs, rates, scenario, until, plan)
    parts, limits = asked.parts(grid.size("age"))
    summaries: dict[int, Summary] = {}
    sums: Array | None = None

    def reduced(drawn: Array) -> tuple[Summary, Array]:
        values = parts.sums(drawn)
        return asked.summary(values, limits), halves(values)

    job = _job(grid, model, asked, parts)
    for i, (summary, values) in _each_area(job, asked, reduced):
        summaries[i] = summary
        sums = values if sums is None else np.add(sums, values, out=sums)
    assert sums is not None
    return Part(_of_areas(grid, [summaries[i] for i in range(len(summaries))], parts, asked, _record(job)), sums)


def values_of(
    inputs: xr.Dataset, rates: xr.Dataset, scenario: Scenario | None, until: int, plan: Plan, asked: Asked
) -> Array:
    """Persons [area, year, band, draw] of some of the draws: those from ``asked.first`` on."""
    asked = asked.checked()
    grid, model = model_of(inputs, rates, scenario, until, plan)
    parts, _ = asked.parts(grid.size("age"))
    job = _job(grid, model, asked, parts)
    found = dict(_each_area(job, asked, parts.sums))
    return np.stack([found[i] for i in range(len(found))])


def _job(grid: Grid, model: Model, asked: Asked, parts: Bands) -> Job:
    assert asked.uncertainty is not None
    if asked.uncertainty.events:
        refuse_other_timing(model, "Bewegungen")
    check_homes(grid, model)
    return job_of(grid, model, asked.uncertainty, asked.seed, asked.draws, parts.pieces, asked.first)


def _each_area(job: Job, asked: Asked, reduce: Callable[[Array], Reduced]) -> Iterator[tuple[int, Reduced]]:
    one_by_one = each_area if can("many_draws", job.model) else each_area_coupled
    return one_by_one(job, asked.threads or usable_threads(), reduce)


def draw_trajectories(
    inputs: xr.Dataset,
    rates: xr.Dataset,
    scenario: Scenario | None = None,
    *,
    until: int,
    timing: str | Timing = "cohort",
    citizens: str | None = None,
    eckwerte: Sequence[Eckwert] = (),
    erstbezug: Erstbezug | None = None,
    sondergruppen: Sequence[Sondergruppe] = (),
    draws: int = 100,
    seed: int = 1,
    uncertainty: Uncertainty | None = None,
    threads: int | None = None,
) -> xr.Dataset:
    """Project many times with chance and keep every component of every draw.

    Parameters and streams are those of :func:`project_draws`; the balance of every draw closes, with events
    to the person.

    Returns
    -------
    xr.Dataset
        A projection with a leading dimension ``draw``.

    Raises
    ------
    EngineError
        As in :func:`project_draws`; without events too the time convention must be that of cohorts.
    """
    plan = Plan.of(timing, citizens, eckwerte, erstbezug, sondergruppen)
    grid, model = model_of(inputs, rates, scenario, until, plan)
    _check_numbers(draws, seed)
    refuse_other_timing(model, "Ganze Verläufe")
    check_homes(grid, model)
    given = Uncertainty() if uncertainty is None else uncertainty
    pieces = np.zeros(model.start.shape[-1], dtype=np.int64)
    job = job_of(grid, model, given, seed, draws, pieces)
    check_size(job, 8 * model.start.size * ((1 + len(model.components)) * len(model.years) + 1))
    kept = keep_areas if can("many_draws", model) else keep_city
    flows = kept(job, threads or usable_threads())
    arrays = {}
    for record in names.variables("projection"):
        if record.name in flows:
            dims = ("draw", *(d for d in record.dims if d not in record.broadcast))
            arrays[record.name] = (dims, np.moveaxis(flows[record.name], 2, 1), {"units": record.unit})
    coords = {name: values for name, values in grid.start.coords.items() if values.ndim}
    ends = np.concatenate([[grid.year_start], grid.years])
    result = xr.Dataset(arrays, coords | {"year_end": ends, "year": grid.years, "draw": np.arange(draws)})
    result["population"].loc[{"year_end": grid.year_start}] = job.start
    result.attrs["draws"] = _record(job)
    return result


def model_of(
    inputs: xr.Dataset, rates: xr.Dataset, scenario: Scenario | None, until: int, plan: Plan
) -> tuple[Grid, Model]:
    """Grid and model of what is asked for."""
    grid = grid_of(stock_of(inputs), until)
    base = Base(inputs, rates, grid, plan)
    tell(given_by(base))
    model = base.model(scenario)
    return grid, model


def refuse_other_timing(model: Model, what: str) -> None:
    """Refuse conventions of time under which movers of a year are counted apart."""
    if model.timing.by_completed_age or not model.timing.late_mothers:
        raise EngineError(
            f"{what} lassen sich nur nach Geburtsjahren ziehen, nicht mit den Zeitkonventionen der Vereinten Nationen.",
            remedy='timing="cohort" angeben (das ist voreingestellt), oder Uncertainty().without_events().',
        )


def _check_numbers(draws: int, seed: int) -> None:
    whole = all(isinstance(n, int | np.integer) and not isinstance(n, bool) for n in (draws, seed))
    if not whole or draws < 2 or not 0 <= seed < 2**64:
        raise EngineError("Es braucht mindestens zwei Ziehungen und einen Startwert ab 0, beides ganze Zahlen.",
                          remedy="Zum Beispiel draws=1000, seed=1 angeben.")  # fmt: skip


def _limits(exceed: Mapping[str, float], bands: Bands) -> list[tuple[int, float]]:
    unknown = [name for name in exceed if name not in bands.names]
    if unknown:
        raise EngineError(
            "Grenzen für unbekannte Altersgruppen.",
            cells=[{"Altersgruppe": name} for name in unknown],
            remedy=f"Bänder sind: {', '.join(bands.names)}; eigene mit bands= angeben.",
        )
    return [(bands.names.index(name), float(limit)) for name, limit in exceed.items()]


def _of_areas(grid: Grid, areas: list[Summary], bands: Bands, asked: Asked, record: str) -> xr.Dataset:
    dims = ("year_end", "area", "age_band")
    arrays = {
        "mean": (dims, np.stack([s.mean for s in areas], axis=1)),
        "sd": (dims, np.stack([s.sd for s in areas], axis=1)),
        "quantiles": (("quantile", *dims), np.stack([s.quantiles for s in areas], axis=2)),
    }
    ends = np.concatenate([[grid.year_start], grid.years])
    coords: dict[str, Any] = {"year_end": ends, "area": grid.start["area"].values}
    coords |= {"age_band": list(bands.names), "quantile": list(asked.quantiles)}
    if asked.exceed:
        arrays["exceedance"] = (("limit", "year_end", "area"), np.stack([s.above for s in areas], axis=2))
        coords["limit"] = limit_names(asked.exceed)
    result = xr.Dataset(arrays, coords)
    if "area_name" in grid.start.coords:
        result = result.assign_coords(area_name=("area", grid.start["area_name"].values))
    return result.assign_attrs(draws=record)


def with_city(areas: xr.Dataset, sums: Array, ages: int, asked: Asked) -> xr.Dataset:
    """The areas of all parts, and what is kept of the sum over all of them."""
    city = asked.summary(whole_of(sums), asked.parts(ages)[1])
    found = {
        "city_mean": (("year_end", "age_band"), city.mean),
        "city_sd": (("year_end", "age_band"), city.sd),
        "city_quantiles": (("quantile", "year_end", "age_band"), city.quantiles),
    }
    if asked.exceed:
        found["city_exceedance"] = (("limit", "year_end"), city.above)
    return areas.assign(found)


def _record(job: Job) -> str:
    """What was drawn, as JSON: enough to draw it again."""
    given = job.uncertainty
    levels = {k: v if isinstance(v, float | int) else v.to_dict() for k, v in given.levels.items()}
    return json.dumps(
        {
            "draws": job.draws, "seed": job.seed, "events": given.events, "rates": given.rates,
            "common": dict(given.common), "own": dict(given.own), "persistence": given.persistence, "levels": levels,
        },
        ensure_ascii=False,
    )  # fmt: skip
