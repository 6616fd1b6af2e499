"""Draws of all areas of a Dataset: reduced to means, quantiles and probabilities, as sums, or kept whole."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import xarray as xr

from zwkprognose.engine.arrays import Array
from zwkprognose.engine.case.base import Base, stock_of
from zwkprognose.engine.case.question import Question
from zwkprognose.engine.case.without_effect import given_by
from zwkprognose.engine.compiled.compute import usable_threads
from zwkprognose.engine.draws.areas import Job, Reduced, each_area, job_of, keep_areas
from zwkprognose.engine.draws.coupled import each_area_coupled, keep_city
from zwkprognose.engine.draws.problems import check_homes, check_size
from zwkprognose.engine.draws.summary import Band, Bands, Summary, bands_of, limit_names, summarise
from zwkprognose.engine.draws.total import halves, whole_of
from zwkprognose.engine.draws.uncertainty import Uncertainty
from zwkprognose.engine.grid import Grid, grid_of, projection_of
from zwkprognose.engine.model import Model
from zwkprognose.engine.who_can import can
from zwkprognose.errors import EngineError
from zwkprognose.inputs.handed import handed
from zwkprognose.scenarios.effects.verdict import tell

QUANTILES: tuple[float, ...] = (0.025, 0.1, 0.5, 0.9, 0.975)


class Asked(NamedTuple):
    """What is asked of chance, as :func:`zwkprognose.engine.project_draws` says it, from draw number ``first`` on."""

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
        _check_numbers(self.draws, self.seed, self.first)
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


def summaries(grid: Grid, model: Model, asked: Asked) -> xr.Dataset:
    """Everything that is kept of the areas and of the city."""
    part = part_of(grid, model, asked)
    return with_city(part.areas, part.sums, grid.size("age"), asked)


def part_of(grid: Grid, model: Model, asked: Asked) -> Part:
    """Draws of all areas of a projection."""
    asked = asked.checked()
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
    return Part(areas_of(grid, [summaries[i] for i in range(len(summaries))], parts, asked), sums)


def values_of(grid: Grid, model: Model, asked: Asked) -> Array:
    """Persons [area, year, band, draw] of some of the draws: those from ``asked.first`` on."""
    asked = asked.checked()
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


def trajectories_of(grid: Grid, model: Model, asked: Asked) -> xr.Dataset:
    """Every component of the draws from ``asked.first`` on."""
    asked = asked.checked()
    assert asked.uncertainty is not None
    refuse_other_timing(model, "Ganze Verläufe")
    check_homes(grid, model)
    pieces = np.zeros(model.start.shape[-1], dtype=np.int64)
    job = job_of(grid, model, asked.uncertainty, asked.seed, asked.draws, pieces, asked.first)
    check_size(job, 8 * model.start.size * ((1 + len(model.components)) * len(model.years) + 1))
    kept = keep_areas if can("many_draws", model) else keep_city
    flows = kept(job, asked.threads or usable_threads())
    numbers = np.arange(asked.first, asked.first + asked.draws)
    result = projection_of(grid, flows, ("draw",)).assign_coords(draw=numbers)
    result["population"].loc[{"year_end": grid.year_start}] = job.start
    result.attrs["draws"] = record_of(asked)
    return result


def model_of(inputs: xr.Dataset, rates: xr.Dataset, question: Question) -> tuple[Grid, Model]:
    """Grid and model of what is asked for."""
    grid = grid_of(stock_of(inputs), question.until)
    base = Base(inputs, rates, grid, question.plan)
    tell(given_by(base))
    return grid, base.model(question.drawn())


def refuse_other_timing(model: Model, what: str) -> None:
    """Refuse conventions of time under which movers of a year are counted apart."""
    if model.timing.by_completed_age or not model.timing.late_mothers:
        raise EngineError(
            f"{what} lassen sich nur nach Geburtsjahren ziehen, nicht mit den Zeitkonventionen der Vereinten Nationen.",
            remedy='timing="cohort" angeben (das ist voreingestellt), oder Uncertainty().without_events().',
        )


def _check_numbers(draws: int, seed: int, first: int) -> None:
    whole = all(isinstance(n, int | np.integer) and not isinstance(n, bool) for n in (draws, seed))
    if not whole or first + draws < 2 or not 0 <= seed < 2**64:
        raise EngineError("Es braucht mindestens zwei Ziehungen und einen Startwert ab 0, beides ganze Zahlen.",
                          remedy="Zum Beispiel draws=1000, seed=1 angeben (--ziehungen 1000).")  # fmt: skip


def _limits(exceed: Mapping[str, float], bands: Bands) -> list[tuple[int, float]]:
    unknown = [name for name in exceed if name not in bands.names]
    if unknown:
        raise EngineError(
            "Grenzen für unbekannte Altersgruppen.",
            cells=[{"Altersgruppe": name} for name in unknown],
            remedy=f"Bänder sind: {', '.join(bands.names)}; eigene mit bands= angeben.",
        )
    return [(bands.names.index(name), float(limit)) for name, limit in exceed.items()]


def areas_of(grid: Grid, areas: list[Summary], bands: Bands, asked: Asked) -> xr.Dataset:
    """What is kept of the areas, under its labels."""
    dims = ("year_end", "area", "age_band")
    arrays = {
        "mean": (dims, np.stack([s.mean for s in areas], axis=1)),
        "sd": (dims, np.stack([s.sd for s in areas], axis=1)),
        "quantiles": (("quantile", *dims), np.stack([s.quantiles for s in areas], axis=2)),
    }
    coords: dict[str, Any] = {str(name): c.variable for name, c in grid.start.coords.items() if c.dims == ("area",)}
    coords |= {"year_end": grid.year_ends, "age_band": list(bands.names), "quantile": list(asked.quantiles)}
    if asked.exceed:
        arrays["exceedance"] = (("limit", "year_end", "area"), np.stack([s.above for s in areas], axis=2))
        coords["limit"] = limit_names(asked.exceed)
    return xr.Dataset(arrays, coords, {"draws": record_of(asked)})


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


def record_of(asked: Asked) -> str:
    """What was drawn, as JSON: enough to draw it again."""
    given = asked.uncertainty
    assert given is not None
    levels = {k: v if isinstance(v, float | int) else v.to_dict() for k, v in given.levels.items()}
    return json.dumps(
        {
            "draws": asked.draws, "seed": asked.seed, "events": given.events, "rates": given.rates,
            "common": dict(given.common), "own": dict(given.own), "persistence": given.persistence, "levels": levels,
        },
        ensure_ascii=False,
    )  # fmt: skip
