"""Sums of many projections at once, for comparisons that need no components; what they share is computed once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
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
    cities = [Expected(model, layout) for model in models]
    results = np.empty((len(models), len(models[0].years) + 1, len(models[0].start), int(band.max()) + 1))
    branches = _parted(range(len(models)), lambda k: (id(models[k].start), cities[k].identity(0)))

    def one(branch: list[int]) -> None:
        city = cities[branch[0]]
        room, stock = Room(city, STOCK), city.model.start.reshape(city.areas, -1).copy()
        room.count(stock, bands, results[branch[0], 0])
        results[branch, 0] = results[branch[0], 0]
        _grow(cities, branch, 0, stock, room, bands, results)

    with compute.compiling():
        one(branches[0])
    with ThreadPoolExecutor(threads or compute.usable_threads()) as pool:
        for job in [pool.submit(one, branch) for branch in branches[1:]]:
            job.result()
    return results.transpose(0, 2, 1, 3)


def _grow(
    cities: Sequence[Expected], branch: list[int], t: int, stock: Array, room: Room, bands: NDArray[np.uintp],
    totals: Array,
) -> None:  # fmt: skip
    """The years from ``t`` on of some projections that have one stock so far, into (projection, year, area, band).

    What is the same for several is computed once, until something differs: a tree of projections.
    """
    if t == len(cities[branch[0]].years):
        return
    parts = _parted(branch, lambda k: cities[k].identity(t))
    for number, part in enumerate(parts, 1):
        own = stock if number == len(parts) else stock.copy()
        room.turn_to(cities[part[0]])
        _refuse(int(room.advance(t, own)[0]))
        _refuse(int(room.count(own, bands, totals[part[0], t + 1])[0]))
        totals[part, t + 1] = totals[part[0], t + 1]
        _grow(cities, part, t + 1, own, room, bands, totals)


def _parted(numbers: Iterable[int], key: Callable[[int], object]) -> list[list[int]]:
    """Numbers in groups that agree in a key."""
    parts: dict[object, list[int]] = {}
    for number in numbers:
        parts.setdefault(key(number), []).append(number)
    return list(parts.values())


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
