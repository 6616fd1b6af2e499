"""The public door of the engine: labelled Datasets in, a labelled projection out."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import xarray as xr

from zwkprognose import __version__, names
from zwkprognose.engine import compute
from zwkprognose.engine.layout import Grid, grid_of, model_of
from zwkprognose.engine.model import Flows, allocate
from zwkprognose.engine.timing import Timing, timing_of
from zwkprognose.errors import EngineError

if TYPE_CHECKING:
    from zwkprognose.scenarios import Scenario


def project(
    inputs: xr.Dataset,
    rates: xr.Dataset,
    scenario: Scenario | Sequence[Scenario] | None = None,
    *,
    until: int,
    timing: str | Timing = "cohort",
    citizens: str | None = None,
    method: compute.Method = "auto",
    threads: int | None = None,
) -> xr.Dataset:
    """Project a population year by year, keeping every component.

    Starts from the last 31.12. of ``inputs`` and goes to 31.12. of ``until``. The same inputs give the
    same result, bit for bit, whatever the method and the number of threads; a projection may itself be
    the input of a longer one.

    Parameters
    ----------
    inputs : xr.Dataset
        ``population`` [year_end, area, nationality, sex, age], persons; or an earlier projection.
    rates : xr.Dataset
        Probabilities, fertility rates and in-moves by age reached at the end of the year (``names.py``).
    scenario : Scenario, sequence of Scenario or None
        Changes of the rates. A sequence gives results with a leading dimension ``scenario``.
    until : int
        Last year of the projection.
    timing : str or Timing
        When in the year people move: ``cohort`` (Swiss Federal Statistical Office), ``even`` or ``end``
        (United Nations).
    citizens : str, optional
        Group that naturalised persons join; ``german`` unless given.
    method : {"auto", "reference", "kernel"}
        Who computes; ``auto`` compiles nothing for the size of a city.
    threads : int, optional
        Threads of the kernel; all processors unless given.

    Returns
    -------
    xr.Dataset
        ``population`` on ``year_end``; ``births``, ``deaths``, ``in_moves``, ``out_moves`` and, where the
        rates have them, ``naturalisations`` on ``year``; persons. Those born in the year have age 0.

    Raises
    ------
    EngineError
        If inputs and rates do not fit together, or a value is impossible; names the cells.

    Notes
    -----
    Method: cohort-component projection of the Swiss Federal Statistical Office, see ``reference``.
    """
    convention = timing_of(timing)
    grid = grid_of(_last_stock(inputs), until)
    scenarios = _listed(scenario)
    models = [model_of(grid, _applied(rates, s, grid), convention, citizens) for s in scenarios]
    flows = allocate(models[0], len(models))
    for k, model in enumerate(models):
        compute.run(model, flows.of(k), method, threads)
    many = isinstance(scenario, Sequence)
    projection = labelled(grid, flows if many else flows.of(0), ("scenario",) if many else ())
    return _described(projection, inputs, scenarios, many)


def labelled(grid: Grid, flows: Flows, leading: tuple[str, ...] = ()) -> xr.Dataset:
    """The result arrays under their labels, as views in the order of the contract."""
    arrays = {}
    for record in names.variables("projection"):
        values = getattr(flows, record.name, None)
        if values is not None:
            dims = leading + tuple(d for d in record.dims if d not in record.broadcast)
            view = np.moveaxis(values, len(leading) + 1, len(leading))
            arrays[record.name] = (dims, view, {"units": record.unit, "long_name": record.label})
    coords = {name: values for name, values in grid.start.coords.items() if values.ndim}
    ends = np.concatenate([[grid.year_start], grid.years])
    return xr.Dataset(arrays, coords | {"year_end": ends, "year": grid.years})


def _last_stock(inputs: xr.Dataset) -> xr.DataArray:
    if "population" not in inputs:
        raise EngineError("Ohne Bestand gibt es keine Prognose.", remedy="Ein Dataset mit population übergeben.")
    return inputs["population"]


def _listed(scenario: Any) -> list[Any]:
    listed = list(scenario) if isinstance(scenario, Sequence) else [scenario]
    if not listed:
        raise EngineError("Die Liste der Szenarien ist leer.", remedy="Mindestens ein Szenario angeben.")
    return listed


def _applied(rates: xr.Dataset, scenario: Scenario | None, grid: Grid) -> xr.Dataset:
    if scenario is None:
        return rates
    from zwkprognose.scenarios import apply_scenario

    return apply_scenario(rates, scenario, grid.years.tolist())


def _described(projection: xr.Dataset, inputs: xr.Dataset, scenarios: list[Any], many: bool) -> xr.Dataset:
    chosen = [s for s in scenarios if s is not None]
    if many:
        keys = [s.name for s in chosen]
        titles = json.dumps({s.name: s.title for s in chosen}, ensure_ascii=False)
        projection = projection.assign_coords(scenario=("scenario", keys, {"titles": titles}))
    projection.attrs["provenance"] = json.dumps(
        {
            "program": "zwkprognose",
            "version": __version__,
            "start": int(projection["year_end"][0]),
            "until": int(projection["year_end"][-1]),
            "scenarios": [s.model_dump(mode="json") for s in chosen],
            "sources": _sources(inputs),
        },
        ensure_ascii=False,
    )
    return projection


def _sources(inputs: xr.Dataset) -> Any:
    """Sources of the inputs, or those that an earlier projection names."""
    if "provenance" in inputs.attrs:
        return json.loads(inputs.attrs["provenance"]).get("sources", [])
    return json.loads(inputs.attrs.get("sources", "[]"))
