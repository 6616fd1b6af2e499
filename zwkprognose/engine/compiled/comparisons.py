"""Sums of many projections at once, for comparisons that need no components."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np

from zwkprognose.engine import reference
from zwkprognose.engine.arrays import Array, Index
from zwkprognose.engine.compiled import compute
from zwkprognose.engine.features import eckwerte_of_stocks as solver
from zwkprognose.engine.features.margins import MET
from zwkprognose.engine.model import Model
from zwkprognose.errors import EngineError

_NONE = np.zeros((1, 1, 1))


def sums(models: Sequence[Model], band: Index, threads: int | None = None) -> Array:
    """Sums of the stock by area, year and age band of many projections of one shape.

    Parameters
    ----------
    models : sequence of Model
        All with the same areas, groups, ages and years; see :func:`supported`.
    band : array (age)
        Band of every age.
    threads : int, optional
        Projections computed side by side; all processors unless given.

    Returns
    -------
    array (model, area, year, band), persons

    Raises
    ------
    EngineError
        If a stock would be negative or an Eckwert cannot be reached.
    """
    from zwkprognose.engine.compiled import sum_kernels as kernels

    tables = Tables()
    areas, years = len(models[0].start), len(models[0].years) + 1
    results = np.empty((len(models), years, areas, int(band.max()) + 1))

    def one(index: int) -> None:
        end = kernels.run(*tables.arguments(models[index]), np.asarray(band), tables.limits, results[index])
        _refuse(end, kernels)

    with compute.announced("Der Rechenkern für Vergleiche wird einmalig übersetzt (etwa zwanzig Sekunden) …"):
        one(0)
    with ThreadPoolExecutor(threads or compute.usable_threads()) as pool:
        for job in [pool.submit(one, index) for index in range(1, len(models))]:
            job.result()
    return results.transpose(0, 2, 1, 3)


def _refuse(end: int, kernels: Any) -> None:
    if end == kernels.IMPOSSIBLE:
        raise EngineError(
            "Ein Bestand würde negativ.",
            remedy="prüfen, ob Fortzüge oder Sondergruppen der einen Rechnung zum Bestand der anderen passen",
        )
    if end == kernels.UNREACHED:
        raise EngineError(
            "Ein Eckwert ist mit Zu- und Fortzügen nicht erreichbar.",
            remedy="die Eckwerte mit project() einzeln prüfen; dort wird der Abstand genannt",
        )


class Tables:
    """Arrays of models as the kernel takes them; each array is laid out once, however many models share it."""

    limits = np.array(
        [MET, solver.STEPS, solver.ALMOST_ALL, reference.ROUNDS, reference.SETTLED], dtype=np.float64
    )

    def __init__(self) -> None:
        self._laid_out: dict[tuple[int, str], tuple[Any, Any]] = {}

    def arguments(self, model: Model) -> tuple[Any, ...]:
        """Everything the kernel needs of one model."""
        areas, groups, sexes, ages = model.start.shape
        shape = (groups, sexes, ages, model.female, model.citizens)
        return (
            np.ascontiguousarray(model.start.reshape(areas, -1)), shape, self._rates(model), self._births(model),
            self._housing(model), self._facilities(model), self._margins(model), model.exposure,
        )  # fmt: skip

    def _rates(self, model: Model) -> tuple[Array, ...]:
        r, cell = model.rates, model.start.shape
        names = ("death", "out", "in_moves", "out_moves", "move_out", "move_in_share", "naturalisation")
        return tuple(self._kept(getattr(r, n), n, lambda v: _cells(v, cell)) for n in names)

    def _births(self, model: Model) -> tuple[Array, ...]:
        r, (areas, groups, sexes, ages) = model.rates, model.start.shape
        return (
            self._kept(r.fertility, "fertility", lambda v: _cells(v, (areas, groups, ages))),
            self._kept(r.birth_group, "group", lambda v: _years(_wide(v, (areas, groups, groups)))),
            self._kept(r.birth_sex, "sex", lambda v: _years(_wide(v, (areas, sexes)))),
        )

    def _housing(self, model: Model) -> tuple[Array, Array, Array]:
        h = model.housing
        if h is None:
            return _NONE, _NONE, _NONE[0]
        profile = h.profile.reshape(len(h.profile), -1)
        return np.ascontiguousarray(h.inside), np.ascontiguousarray(h.outside), np.ascontiguousarray(profile)

    def _facilities(self, model: Model) -> tuple[Any, ...]:
        f = model.facilities
        if f is None:
            return np.zeros(0, np.int64), np.zeros((0, 1)), np.zeros((1, 0)), np.zeros(0)
        profile = np.ascontiguousarray(f.profile.reshape(len(f.profile), -1))
        return f.areas.astype(np.int64), profile, np.ascontiguousarray(f.residents, np.float64), f.stay.astype(float)

    def _margins(self, model: Model) -> Any:
        return self._kept(model.margins, "margins", lambda _: _margin_tables(model))

    def _kept(self, given: Any, name: str, lay_out: Any) -> Any:
        """The laid out array of an array; the array itself is kept, so that its identity stays its own."""
        if given is None:
            return _NONE
        key = (id(given), name)
        if key not in self._laid_out:
            self._laid_out[key] = (given, lay_out(given))
        return self._laid_out[key][1]


def _cells(values: Array, shape: tuple[int, ...]) -> Array:
    """(year, area, cell) with every axis but the year in full."""
    wide = _wide(values, shape)
    return _years(wide.reshape(len(wide), shape[0], -1))


def _wide(values: Array, shape: tuple[int, ...]) -> Array:
    return np.require(np.broadcast_to(values, (len(values), *shape)), np.float64, ["C", "W"])


def _years(values: Array) -> Array:
    """One year if all years are the same: it stays in the cache."""
    return values[:1].copy() if (values == values[:1]).all() else values


def _margin_tables(model: Model) -> tuple[Any, ...]:
    """Eckwerte of all years: year, row of every area, column of every cell, targets (nan: none)."""
    listed = [(t, m) for t, year in enumerate(model.margins) for m in year]
    areas, cells = len(model.start), model.start[0].size
    rows = max((m.target.shape[0] for _, m in listed), default=1)
    columns = max((m.target.shape[1] for _, m in listed), default=1)
    target = np.full((len(listed), rows, columns), np.nan)
    of_area, of_cell = np.full((len(listed), areas), -1), np.full((len(listed), cells), -1)
    for k, (_, m) in enumerate(listed):
        target[k, : m.target.shape[0], : m.target.shape[1]] = m.target
        of_area[k], of_cell[k] = m.areas, np.broadcast_to(m.cells, model.start.shape[1:]).ravel()
    return np.array([t for t, _ in listed], dtype=np.int64), of_area, of_cell, target
