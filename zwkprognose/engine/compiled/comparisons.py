"""Sums of many projections at once, for comparisons that need no components."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray

from zwkprognose.engine.arrays import Array, Index
from zwkprognose.engine.compiled import compute
from zwkprognose.engine.compiled.expected_year import NEGATIVE, STOCK, Expected, Layout, Room
from zwkprognose.engine.model import Model
from zwkprognose.errors import EngineError


def sums(models: Sequence[Model], band: Index, threads: int | None = None) -> Array:
    """Sums of the stock by area, year and age band of many projections of one shape.

    Parameters
    ----------
    models : sequence of Model
        All with the same areas, groups, ages and years; see :func:`zwkprognose.engine.who_can.can`.
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
    layout, bands = Layout(), band.astype(np.uintp)
    results = np.empty((len(models), len(models[0].years) + 1, len(models[0].start), int(band.max()) + 1))

    def one(index: int) -> None:
        _project(Expected(models[index], layout), bands, results[index])

    with compute.compiling():
        one(0)
    with ThreadPoolExecutor(threads or compute.usable_threads()) as pool:
        for job in [pool.submit(one, index) for index in range(1, len(models))]:
            job.result()
    return results.transpose(0, 2, 1, 3)


def _project(city: Expected, band: NDArray[np.uintp], totals: Array) -> None:
    """All years of one projection, into (year, area, band)."""
    room, stock = Room(city, STOCK, certain=True), city.model.start.reshape(city.areas, -1).copy()
    room.count(stock, band, totals[0])
    for t in range(len(city.years)):
        _refuse(int(room.advance(t, stock)[0]))
        room.count(stock, band, totals[t + 1])


def _refuse(problem: int) -> None:
    if problem == NEGATIVE:
        raise EngineError(
            "Ein Bestand würde negativ.",
            remedy="Prüfen, ob Fortzüge oder Sondergruppen der einen Vorausberechnung zum Bestand der anderen passen.",
        )
    if problem:
        raise EngineError(
            "Ein Eckwert der Bewegungen ist mit den Raten nicht erreichbar.",
            remedy="Die Eckwerte mit project() einzeln prüfen; dort wird der Abstand genannt.",
        )
