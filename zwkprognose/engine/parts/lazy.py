"""Projections of chunked inputs, computed when they are asked for: one task of dask for every part of the areas.

A part is computed in memory by the same code as the whole, and its results are checked for type, size and order before
they take their place, because dask does not look.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from operator import getitem
from typing import Any

import numpy as np
import xarray as xr

from zwkprognose import names
from zwkprognose.engine.arrays import Array
from zwkprognose.engine.case.base import Base, stock_of
from zwkprognose.engine.case.provenance import provenance
from zwkprognose.engine.case.question import Question
from zwkprognose.engine.case.without_effect import given_by
from zwkprognose.engine.compiled.compute import COUPLED, KERNEL_FROM
from zwkprognose.engine.draws.drawn import Asked, record_of, with_city
from zwkprognose.engine.draws.summary import limit_names
from zwkprognose.engine.features.moves import MOVING
from zwkprognose.engine.grid import CELL, Grid, grid_of, own_dims, under_labels
from zwkprognose.engine.model import components_where
from zwkprognose.engine.parts.block import draw_block, here, project_block, trajectories_block, with_all
from zwkprognose.engine.parts.cities import check_cut, check_plan, cities_of, couples, has_cities, of_areas
from zwkprognose.engine.parts.statements import for_parts, wholes_of
from zwkprognose.engine.prepare import with_drawn
from zwkprognose.errors import EngineError
from zwkprognose.scenarios.effects.verdict import tell

#: Bytes of a block of whole trajectories, unless dask is configured otherwise.
BLOCK_BYTES = 128_000_000


def in_parts(inputs: Any, rates: Any, question: Question) -> bool:
    """Are the arrays chunked, or are there several cities whose areas depend on each other?"""
    if not (isinstance(inputs, xr.Dataset) and isinstance(rates, xr.Dataset)):
        return False
    if inputs.chunks or rates.chunks:
        return True
    return has_cities(inputs) and "population" in inputs and couples(rates, question) and len(cities_of(inputs)) > 1


@dataclass(frozen=True)
class Parts:
    """A question that was checked as a whole, and the pieces in which it is answered.

    ``grid`` has the labels of all areas; its stock is not looked at before a part is computed. ``whole`` says that
    there is only one piece with one city, in which everything is possible.
    """

    inputs: xr.Dataset
    rates: xr.Dataset
    question: Question
    grid: Grid
    sizes: tuple[int, ...]
    whole: bool

    @classmethod
    def of(cls, inputs: xr.Dataset, rates: xr.Dataset, question: Question, sizes: Sequence[int] | None = None) -> Parts:
        """Check labels, plan and scenarios of all parts together; without ``sizes`` the chunks of the arrays are kept.

        Raises
        ------
        EngineError, ScenarioError
            If parts cut a city, areas do not fit together, or something is asked that belongs to all areas.
        """
        population = stock_of(inputs)
        if "scenario" in population.dims:
            raise EngineError("Eine Prognose mit mehreren Szenarien lässt sich nicht in Teilen fortsetzen.",
                              remedy="Ein Szenario auswählen: prognose.sel(scenario=…).")  # fmt: skip
        first = grid_of(population.isel(area=slice(1)).compute(), question.until)
        start = population.isel(year_end=-1, drop=True).transpose(*CELL)
        grid = Grid(start, first.year_start, first.years)
        of_areas(rates, grid.labels("area"))
        cut = tuple(sizes) if sizes is not None else _chunks(inputs, rates)
        check_cut(inputs, rates, question, cut)
        coupled = couples(rates, question)
        whole = len(cut) == 1 and (not coupled or len(cities_of(inputs)) == 1)
        if not whole:
            question = _apart(inputs, rates, question, grid)
        cells = int(np.prod([grid.size(d) for d in CELL])) * len(grid.years) * (COUPLED if coupled else 1)
        if question.method == "auto" and cells >= KERNEL_FROM:
            question = replace(question, method="kernel")
        return cls(inputs, rates, question, grid, cut, whole)

    @property
    def places(self) -> list[slice]:
        """Where the areas of each part stand."""
        edges = np.cumsum([0, *self.sizes]).tolist()
        return [slice(a, b) for a, b in pairwise(edges)]

    def piece(self, place: slice) -> tuple[xr.Dataset, xr.Dataset, Question, bool]:
        """Stock, rates and question of a part, and whether it is all; not yet in memory if they are chunked."""
        areas, question = self.inputs["area"].values[place].tolist(), self.question
        if not self.whole:
            question = here(question, areas)
        return self.inputs.isel(area=place), of_areas(self.rates, areas), question, self.whole

    @property
    def components(self) -> list[str]:
        """Variables of the projection besides the population and the births, of all scenarios together."""
        plan, scenarios = self.question.plan, [s for s in self.question.scenarios if s is not None]
        return components_where(
            naturalised="naturalisation_prob" in self.rates,
            moving=any(name in self.rates for name in MOVING),
            built=plan.erstbezug is not None or any(s.housing for s in scenarios),
            housed=bool(plan.sondergruppen) or any(s.facilities for s in scenarios),
        )

    def joined(self, tasks: Sequence[Any], name: str, dims: Sequence[str], more: Mapping[str, int]) -> Any:
        """One array from those of the parts; ``more`` are sizes of dimensions that the grid does not have."""
        from dask import array

        sizes = [[size if d == "area" else more[d] if d in more else self.grid.size(d) for d in dims]
                 for size in self.sizes]  # fmt: skip
        each = [_array(task, name, shape) for task, shape in zip(tasks, sizes, strict=True)]
        return array.concatenate(each, axis=list(dims).index("area"))

    def variables(self, tasks: Sequence[Any], leading: Mapping[str, int]) -> dict[str, Any]:
        """Every variable of the projection, joined, with leading dimensions of these sizes."""
        wanted = {"population", "births", *self.components}
        records = [record for record in names.variables("projection") if record.name in wanted]
        return {r.name: self.joined(tasks, r.name, (*leading, *own_dims(r)), leading) for r in records}


def project_in_parts(
    inputs: xr.Dataset, rates: xr.Dataset, question: Question, asked: Asked | None = None
) -> xr.Dataset:
    """The projection, lazily of chunked arrays, else city by city; with what random ones say, if that is asked."""
    parts = Parts.of(inputs, rates, question)
    lazy = bool(inputs.chunks or rates.chunks)
    projection = _lazily(parts, question) if lazy else project_block(*parts.piece(slice(None)))
    projection = projection.assign_attrs(provenance(inputs, rates, question))
    if asked is None:
        return projection
    each = [draw_in_parts(inputs, rates, replace(question, scenario=one), asked) for one in question.scenarios]
    return with_drawn(projection, each, question)


def _lazily(parts: Parts, question: Question) -> xr.Dataset:
    tasks = [_delayed(_arrays, parts.components, project_block, *parts.piece(place)) for place in parts.places]
    leading = {"scenario": len(question.scenarios)} if question.many else {}
    projection = under_labels(parts.grid, parts.variables(tasks, leading), tuple(leading))
    return projection.assign_coords(scenario=question.dimension) if question.many else projection


def draw_in_parts(inputs: xr.Dataset, rates: xr.Dataset, question: Question, asked: Asked) -> xr.Dataset:
    """Random projections reduced to means and quantiles: lazily of chunked arrays, else city by city."""
    asked = asked.checked()
    parts = Parts.of(inputs, rates, question)
    if not (inputs.chunks or rates.chunks):
        return with_city(*draw_block(*parts.piece(slice(None)), asked), inputs.sizes["age"], asked)
    one = asked._replace(threads=asked.threads or 1)
    tasks = [_delayed(_draw_arrays, *parts.piece(place), one) for place in parts.places]
    bands = list(asked.parts(parts.grid.size("age"))[0].names)
    sizes = {"age_band": len(bands), "quantile": len(asked.quantiles), "limit": len(asked.exceed or ())}
    coords = {k: v for k, v in parts.grid.coords.items() if k == "year_end" or getattr(v, "dims", None) == ("area",)}
    coords |= {"age_band": bands, "quantile": list(asked.quantiles)}
    dims = ("year_end", "area", "age_band")
    kept = {"mean": dims, "sd": dims, "quantiles": ("quantile", *dims)}
    if asked.exceed:
        kept["exceedance"], coords["limit"] = ("limit", "year_end", "area"), limit_names(asked.exceed)
    arrays = {name: (d, parts.joined(tasks, name, d, sizes)) for name, d in kept.items()}
    city = _delayed(_of_city, _folded([_item(task, "sums") for task in tasks]), parts.grid.size("age"), asked)
    for name, of in kept.items():
        own = tuple(d for d in of if d != "area")
        shape = [sizes[d] if d in sizes else parts.grid.size(d) for d in own]
        arrays[f"city_{name}"] = (own, _array(city, f"city_{name}", shape))
    return xr.Dataset(arrays, coords, {"draws": record_of(asked)})


def trajectories_in_parts(inputs: xr.Dataset, rates: xr.Dataset, question: Question, asked: Asked) -> xr.Dataset:
    """Every component of every draw: parts of the areas times parts of the draws."""
    import dask
    from dask import array
    from dask.utils import parse_bytes

    parts = Parts.of(inputs, rates, question)
    asked = asked.checked()._replace(threads=asked.threads or 1)
    each = 8 * int(np.prod([parts.grid.size(d) for d in CELL[1:]])) * max(parts.sizes)
    each *= (len(parts.components) + 1) * len(parts.grid.years) + 1
    at_once = max(2, parse_bytes(dask.config.get("array.chunk-size", BLOCK_BYTES)) // each)
    pieces = [parts.piece(place) for place in parts.places]
    rows = []
    for first in range(0, asked.draws, at_once):
        some = asked._replace(first=first, draws=min(at_once, asked.draws - first))
        tasks = [_delayed(_arrays, parts.components, trajectories_block, *piece, some) for piece in pieces]
        rows.append(parts.variables(tasks, {"draw": some.draws}))
    arrays = {name: array.concatenate([row[name] for row in rows], axis=0) for name in rows[0]}
    found = under_labels(parts.grid, arrays, ("draw",)).assign_coords(draw=np.arange(asked.draws))
    return found.assign_attrs(draws=record_of(asked))


def _draw_arrays(*given: Any) -> dict[str, Array]:
    part = draw_block(*given)
    return {str(name): checked(values) for name, values in part.areas.data_vars.items()} | {"sums": part.sums}


def checked(values: xr.DataArray) -> Array:
    """The numbers of a result without gaps in memory; nothing but real numbers in double precision passes."""
    if values.dtype != np.float64:
        raise EngineError(f"{values.name}: Ein Teil hat {values.dtype} statt float64 ergeben.",
                          remedy="Client und Worker auf dieselbe Fassung bringen.")  # fmt: skip
    return np.ascontiguousarray(values.values)


def _apart(inputs: xr.Dataset, rates: xr.Dataset, question: Question, grid: Grid) -> Question:
    """The question for parts: what looks at all areas is found here."""
    if question.totals is not None or question.city is not None:
        raise EngineError(
            "Eine Regel für die Gesamtzahlen (totals) lernt aus allen Gebieten; in Teilen gilt sie nicht.",
            remedy="Vorher rates_to_totals(…) aufrufen und die Raten daraus verwenden.",
        )
    check_plan(question.plan, inputs)
    base = Base(inputs, rates, grid, question.plan)
    tell(given_by(base))
    scenarios = [None if one is None else for_parts(one, base) for one in question.scenarios]
    wholes = tuple({} if one is None else wholes_of(one, base) for one in scenarios)
    return replace(question, scenario=scenarios if question.many else scenarios[0], wholes=wholes)


def _chunks(inputs: xr.Dataset, rates: xr.Dataset) -> tuple[int, ...]:
    """Parts of the areas: the chunks of the stock, or those of the rates if the stock has none."""
    count = inputs.sizes["area"]
    for dataset in (inputs[["population"]], rates):
        sizes = dataset.chunks.get("area")
        if sizes and sum(sizes) == count:
            return tuple(sizes)
    return (count,)


def _arrays(components: Sequence[str], work: Callable[..., xr.Dataset], *given: Any) -> dict[str, Array]:
    """What a part has found, in the order of the contract; what takes place in other parts only is zero."""
    found = with_all(work(*given), components)
    order = {record.name: record.dims for record in names.variables("projection")}
    return {
        str(name): checked(values.transpose(*(d for d in order[str(name)] if d in values.dims)))
        for name, values in found.data_vars.items()
    }


def _delayed(work: Callable[..., Any], *given: Any) -> Any:
    from dask.delayed import delayed

    return delayed(work, pure=False)(*given)


def _item(task: Any, name: str) -> Any:
    return _delayed(getitem, task, name)


def _array(task: Any, name: str, shape: Sequence[int]) -> Any:
    from dask import array

    return array.from_delayed(_item(task, name), tuple(shape), dtype=np.float64)


def _folded(sums: list[Any]) -> Any:
    """Sums of pairs, of pairs of pairs …: the same bits in any order."""
    while len(sums) > 1:
        paired = [_delayed(np.add, a, b) for a, b in zip(sums[::2], sums[1::2], strict=False)]
        sums = paired + sums[len(paired) * 2 :]
    return sums[0]


def _of_city(sums: Array, ages: int, asked: Asked) -> dict[str, Array]:
    return {str(name): checked(values) for name, values in with_city(xr.Dataset(), sums, ages, asked).items()}
