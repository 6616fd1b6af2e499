"""Why did the forecast move since the last edition?"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
import xarray as xr

from zwkprognose.engine.arrays import Index
from zwkprognose.engine.compiled import compute
from zwkprognose.engine.grid import Grid
from zwkprognose.engine.model import Model
from zwkprognose.errors import EngineError, ScenarioWarning
from zwkprognose.evaluation.case import Case, begun_by
from zwkprognose.evaluation.components import COMPONENTS, Component
from zwkprognose.evaluation.decompose import (
    BANDS,
    bands_of,
    check_cases,
    check_grids,
    labelled,
    mixture,
    most,
    projected,
)
from zwkprognose.evaluation.shapley import Floats, shapley, subsets, weight


def decompose_vintages(
    old: Case, new: Case, *, until: int, first_ages: Sequence[int] = BANDS, method: compute.Method = "auto"
) -> xr.Dataset:
    """Split what changed between two editions of a forecast into its causes.

    The editions are compared from the base year of the new one on. Their difference there has two parts:
    *revision*, what the statistics corrected about the old base year, carried forward with the old
    assumptions, and *jump_off*, what happened since and was not foreseen. Everything else is as in
    :func:`zwkprognose.evaluation.decompose`.

    Parameters
    ----------
    old, new : Case
        The editions; the inputs of the new one hold the old base year as well, if that was revised.
    until : int
        Last year, contained in both.
    first_ages : sequence of int
        First ages of the bands of the result.
    method : {"auto", "reference", "kernel"}
        Who computes.

    Returns
    -------
    xr.Dataset
        As from :func:`decompose`, with the further component ``revision``; from the new base year on.

    Raises
    ------
    EngineError
        If the new edition does not begin later than the old one, or the two do not fit together.
    """
    check_cases(old, new)
    grid = new.grid(until)
    _check_order(old, new)
    carried = _carried_forward(old, new)
    check_grids(carried[0].grid(until), grid)
    models = carried[0].model(until), new.model(until)
    starts = [case.grid(until).start.transpose("area", "nationality", "sex", "age").values for case in carried]
    active = [c for c in COMPONENTS if c.name != "jump_off" and c.differs(*models)]
    most(len(active) + 1)
    values = _values(models, [*starts, models[1].start], active, bands_of(grid, first_ages), method)
    return _result(values, active, grid, first_ages)


def _check_order(old: Case, new: Case) -> None:
    begins = [int(case.inputs["population"]["year_end"][-1]) for case in (old, new)]
    if begins[0] >= begins[1]:
        raise EngineError(
            f"Die neue Ausgabe beginnt am 31.12.{begins[1]}, die alte am 31.12.{begins[0]}.",
            remedy="Die ältere Ausgabe zuerst nennen; Ausgaben mit gleicher Basis mit decompose vergleichen.",
        )


def _carried_forward(old: Case, new: Case) -> list[Case]:
    """The old edition at the new base year: as it was, and from the old base year as it is known now."""
    base = int(old.inputs["population"]["year_end"][-1])
    until = int(new.inputs["population"]["year_end"][-1])
    editions = [old]
    if base in new.inputs["population"]["year_end"].values:
        known = new.inputs["population"].sel(year_end=[base])
        editions.append(replace(old, inputs=xr.Dataset({"population": known}, attrs=old.inputs.attrs)))
    return [_continued(edition, until) for edition in editions]


def _continued(case: Case, until: int) -> Case:
    """The case with its own projection up to a year as inputs, so that it goes on from there."""
    from zwkprognose.engine import project

    begun = begun_by(case, until)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ScenarioWarning)  # what comes later has its effect later
        projection = project(begun.inputs, begun.rates, begun.scenario, until=until, eckwerte=begun.eckwerte,
                             erstbezug=begun.erstbezug, sondergruppen=begun.sondergruppen)  # fmt: skip
    return replace(case, inputs=projection)


def _values(
    models: tuple[Model, Model], starts: list[Floats], active: list[Component], band: Index, method: compute.Method
) -> Floats:
    """Results (start, set of components, area, year, band)."""
    mixed = [mixture(models, active, chosen) for chosen in subsets(len(active))]
    every = [replace(model, start=np.ascontiguousarray(start)) for start in starts for model in mixed]
    values = projected(every, band, method)
    return values.reshape(len(starts), len(mixed), *values.shape[1:])


def _result(values: Floats, active: list[Component], grid: Grid, first_ages: Sequence[int]) -> xr.Dataset:
    """Shapley over jump-off and components; the jump-off goes from start to start in the order of time."""
    k = len(active)
    ends = np.concatenate([values[0], values[-1]])  # the start is the last change, bit k
    parts = dict(zip([*(c.name for c in active), "jump_off"], shapley(ends), strict=True))
    weights = np.array([weight(number.bit_count(), k + 1) for number in range(2**k)])
    steps = [np.tensordot(weights, later - sooner, axes=1) for sooner, later in pairwise(values)]
    parts["jump_off"] = steps[-1]
    parts["revision"] = steps[0] if len(steps) > 1 else np.zeros_like(steps[-1])
    return labelled(parts, values[0][0], values[-1][-1], grid, first_ages)
