"""Why do two projections differ? The difference in parts that add up, whatever the order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from threading import local
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from zwkprognose.engine.arrays import Flows, Index
from zwkprognose.engine.compiled import compute
from zwkprognose.engine.compiled.comparisons import sums
from zwkprognose.engine.grid import Grid
from zwkprognose.engine.model import Model, allocate
from zwkprognose.engine.who_can import can
from zwkprognose.errors import EngineError
from zwkprognose.evaluation.case import Case
from zwkprognose.evaluation.components import COMPONENTS, Component
from zwkprognose.evaluation.shapley import Floats, shapley, subsets
from zwkprognose.names import label

#: Age bands of the result: first ages.
BANDS = (0, 18, 30, 65, 80)
#: Most components that may differ; 2^9 projections are computed then.
MOST = 9


def decompose(
    one: Case, other: Case, *, until: int, first_ages: Sequence[int] = BANDS, method: compute.Method = "auto"
) -> xr.Dataset:
    """Split the difference of two projections into what caused it.

    Every combination of parts of the two is projected (only parts that differ); the contribution of a part
    is the mean of what it changes over all orders in which the parts can be exchanged (Shapley).

    Parameters
    ----------
    one, other : Case
        The two projections; the same start year, areas, groups and ages.
    until : int
        Last year.
    first_ages : sequence of int
        First ages of the bands of the result.
    method : {"auto", "reference", "kernel"}
        Who computes.

    Returns
    -------
    xr.Dataset
        ``contribution`` [component, year_end, area, age_group], persons; ``one`` and ``other``
        [year_end, area, age_group]. The contributions add up to ``other − one`` to rounding; a component in
        which the two agree contributes exactly zero.

    Raises
    ------
    EngineError
        If the two do not fit together, or a combination of their parts is impossible.

    Notes
    -----
    Method: Shapley (1953), A value for n-person games; used for decompositions since Shorrocks (1999/2013).

    Examples
    --------
    >>> from zwkprognose import Scenario, estimate_rates, load_example
    >>> from zwkprognose.evaluation import Case
    >>> inputs = load_example("bremerhaven")
    >>> rates = estimate_rates(inputs)
    >>> more = Scenario.from_toml('name = "mehr"\\n[[annahme]]\\ngroesse = "zuzuege"\\nprozent = 10')
    >>> result = decompose(Case(inputs, rates), Case(inputs, rates, more), until=2026)
    >>> parts = abs(result["contribution"]).sum(["year_end", "area", "age_group"])
    >>> [str(name) for name in parts["component"].values[parts.values > 0]]  # only in-moves differ
    ['in_moves']
    """
    check_cases(one, other)
    grid = one.grid(until)
    check_grids(grid, other.grid(until))
    models = one.model(until), other.model(until)
    active = [c for c in COMPONENTS if c.differs(*models)]
    most(len(active))
    mixed = [mixture(models, active, chosen) for chosen in subsets(len(active))]
    values = projected(mixed, bands_of(grid, first_ages), method)
    parts = dict(zip([c.name for c in active], shapley(values), strict=True))
    return labelled(parts, values[0], values[-1], grid, first_ages)


def contributions_text(result: xr.Dataset, year: int) -> str:
    """The decomposition of one year in German sentences, largest contribution first.

    Parameters
    ----------
    result : xr.Dataset
        From :func:`decompose`.
    year : int
        31.12. of this year.
    """
    from zwkprognose.german import decimal

    now = result.sel(year_end=year).sum(["area", "age_group"])
    whole = float(now["other"] - now["one"])
    parts = {str(c): float(v) for c, v in zip(now["component"].values, now["contribution"].values, strict=True)}
    more = "mehr" if whole >= 0 else "weniger"
    lines = [f"31.12.{year}: {decimal(abs(whole), 0)} Personen {more} ({decimal(float(now['one']), 0)} → "
             f"{decimal(float(now['other']), 0)}). Davon durch:"]  # fmt: skip
    ordered = sorted(parts.items(), key=lambda item: -abs(item[1]))
    lines += [f"– {label('components', name)}: {'+' if v >= 0 else ''}{decimal(v, 0)}" for name, v in ordered if v]
    return "\n".join(lines)


def projected(models: Sequence[Model], band: Index, method: compute.Method = "auto") -> Floats:
    """Population of many models by area, year and age band.

    Parameters
    ----------
    models : sequence of Model
        All of one shape.
    band : array (age)
        Band of every age.
    method : {"auto", "reference", "kernel"}
        ``auto`` compiles only for large jobs, and only where the compiled sums know all features.

    Returns
    -------
    array (model, area, year, band), persons
    """
    large = len(models) * models[0].start.size * len(models[0].years) >= compute.KERNEL_FROM
    compiled = method == "kernel" or (method == "auto" and large)
    if compiled and all(can("comparisons", model) for model in models):
        return sums(models, band)
    return _one_by_one(models, band, method)


def _one_by_one(models: Sequence[Model], band: Index, method: compute.Method) -> Floats:
    """Every model projected with all its components, side by side."""
    memory = local()
    areas, years, bands = len(models[0].start), len(models[0].years) + 1, int(band.max()) + 1
    results = np.empty((len(models), areas, years, bands))
    reduce = (band[:, None] == np.arange(bands)).astype(float)

    def compute_one(index: int) -> None:
        flows = _flows_for(memory, models[index])
        compute.run(models[index], flows, method, threads=1)
        _check_stock(flows["population"])
        results[index] = flows["population"].sum(axis=(2, 3)) @ reduce

    with ThreadPoolExecutor(compute.usable_threads()) as pool:
        for job in [pool.submit(compute_one, i) for i in range(len(models))]:
            job.result()
    return results


def _flows_for(memory: local, model: Model) -> Flows:
    """Result arrays of this thread, used again for the next model with the same components."""
    kept: dict[tuple[str, ...], Flows] = memory.__dict__.setdefault("flows", {})
    key = tuple(model.components)
    if key not in kept:
        kept[key] = {name: values[0] for name, values in allocate([model]).items()}
    return kept[key]


def _check_stock(population: NDArray[np.float64]) -> None:
    if not population.min() >= -1e-9:
        raise EngineError(
            "Die Bestandteile der beiden Vorausberechnungen passen nicht zusammen: Ein Bestand würde negativ.",
            remedy="Prüfen, ob Fortzüge oder Sondergruppen der einen zum Bestand der anderen passen.",
        )


def mixture(models: tuple[Model, Model], active: list[Component], chosen: Sequence[bool]) -> Model:
    """The first model with the chosen components of the second."""
    model, other = models
    for component, take in zip(active, chosen, strict=True):
        if take:
            model = component.taken_from(model, other)
    return model


def bands_of(grid: Grid, first_ages: Sequence[int]) -> Index:
    """Band of every age of the grid."""
    if first_ages[0] != 0:
        raise EngineError("Die erste Altersgruppe muss mit 0 beginnen.", remedy="first_ages=(0, …) angeben.")
    return np.searchsorted(np.asarray(first_ages), grid.start["age"].values, side="right").astype(np.intp) - 1


def labelled(
    parts: Mapping[str, Floats], one: Floats, other: Floats, grid: Grid, first_ages: Sequence[int]
) -> xr.Dataset:
    """Contributions (area, year, band) under their labels; components that are missing contribute zero."""
    names = [*(c.name for c in COMPONENTS), *(name for name in parts if name == "revision")]
    values = np.stack([parts.get(name, np.zeros_like(one)) for name in names])
    cell = ("area", "year_end", "age_group")
    coords: dict[str, Any] = {
        "area": grid.start["area"].values,
        "year_end": np.concatenate([[grid.year_start], grid.years]),
        "age_group": band_labels(first_ages),
        "component": names,
    }
    if "area_name" in grid.start.coords:
        coords["area_name"] = ("area", grid.start["area_name"].values)
    arrays = {"contribution": (("component", *cell), values), "one": (cell, one), "other": (cell, other)}
    return xr.Dataset(arrays, coords).transpose("component", "year_end", "area", "age_group")


def band_labels(first_ages: Sequence[int]) -> list[str]:
    """``[0, 18, 65]`` → ``["0–17", "18–64", "65+"]``."""
    closed = [f"{a}–{b - 1}" for a, b in pairwise(first_ages)]
    return [*closed, f"{first_ages[-1]}+"]


def most(components: int) -> None:
    """Refuse more components than can be computed in all combinations."""
    if components > MOST:
        raise EngineError(
            f"Die Vorausberechnungen unterscheiden sich in {components} Bestandteilen; zerlegt werden höchstens "
            f"{MOST}.",
            remedy="Die Unterschiede in zwei Schritten vergleichen.",
        )


def check_cases(*cases: Case) -> None:
    """Refuse anything but whole projections; a scenario alone does not say what it starts from."""
    for case in cases:
        if not isinstance(case, Case):
            raise EngineError(
                f"Verglichen werden zwei ganze Vorausberechnungen, nicht „{type(case).__name__}“.",
                remedy="Case(inputs, rates, scenario) aus zwkprognose.evaluation angeben.",
            )


def check_grids(one: Grid, other: Grid) -> None:
    if one.year_start != other.year_start:
        raise EngineError(
            f"Die Vorausberechnungen beginnen am 31.12.{one.year_start} und am 31.12.{other.year_start}.",
            remedy="Zwei Ausgaben einer Prognose mit decompose_vintages vergleichen.",
        )
    for dim in ("area", "nationality", "sex", "age"):
        if one.labels(dim) != other.labels(dim):
            raise EngineError(
                f"Die Vorausberechnungen unterscheiden sich in der Einteilung: {label('dims', dim)}.",
                remedy="Beide auf dieselben Gebiete, Gruppen und Alter bringen.",
            )
