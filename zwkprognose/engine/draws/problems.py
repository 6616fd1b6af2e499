"""What may go wrong in a draw, said with the draw, the year and the target."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from zwkprognose.engine import doors
from zwkprognose.engine.arrays import Array
from zwkprognose.engine.compiled import compute
from zwkprognose.engine.compiled.parts import CONTRADICTION, EMPTY, ROUNDING, TOO_MANY
from zwkprognose.engine.draws.areas import Job
from zwkprognose.engine.features.margins import called
from zwkprognose.engine.grid import Grid, labelled, projection_of
from zwkprognose.engine.model import Model, allocate, of_scenario
from zwkprognose.errors import EngineError
from zwkprognose.german import number

#: Bytes that the sums of all draws, or kept trajectories, may take.
MOST_BYTES = 2_000_000_000
_TITLES = {
    EMPTY: "{}: in dieser Ziehung gibt es niemanden, der sich so bewegen könnte.",
    CONTRADICTION: "Die Eckwerte der Bewegungen widersprechen sich in dieser Ziehung.",
    TOO_MANY: "Nach den Eckwerten sterben und gehen in dieser Ziehung mehr Personen, als da sind.",
}
_REMEDY = "Eckwerte für größere Gruppen angeben, weniger Unsicherheit der Raten annehmen oder die Zahlen prüfen."


def problem_of(job: Job, t: int, draw: int, problem: NDArray[np.int64]) -> EngineError:
    """What is wrong with a year of a draw: kind, Eckwert of flows, row and column."""
    kind, m, row, column = problem.tolist()
    levels = [margin for margin in (job.model.margins[t] if job.model.margins else ()) if margin.of != "population"]
    name = called(levels[m].name) if kind == EMPTY else ""
    cell: dict[str, Any] = {"draw": draw, "year": int(job.model.years[t])}
    if kind == EMPTY:
        cell |= levels[m].label(row, column)
    return EngineError(_TITLES[kind].format(name), cells=[cell], remedy=_REMEDY)


def negative_in(job: Job, t: int, draw: int, stock: Array) -> EngineError:
    """Which cells of a stock [area, cell] are below zero, or no number, as a projection says it."""
    values = np.where(abs(stock) <= ROUNDING, 0.0, stock).reshape(job.start.shape)
    years = {"year_end": [int(job.grid.year_ends[t + 1])]}
    try:
        doors.check_stock(labelled(values, job.grid).expand_dims(years))
    except EngineError as error:
        return refused_in(job, t, draw, error)
    raise AssertionError("a stock without fault was refused")


def refused_in(job: Job, t: int, draw: int, error: EngineError) -> EngineError:
    """The same for Eckwerte of the stock that cannot be met, as a projection says it."""
    here = {"draw": draw, "year": int(job.model.years[t])}
    return EngineError(
        f"{error.message} Das gilt für eine Ziehung.", cells=[here | dict(cell) for cell in error.cells] or [here],
        remedy=_REMEDY,
    )  # fmt: skip


def check_size(job: Job, each: int) -> None:
    """Refuse draws that would take more memory than allowed, ``each`` bytes for one."""
    if job.draws * each > MOST_BYTES:
        raise EngineError(
            f"{job.draws} Ziehungen brauchen {number(job.draws * each / 1e9, 1)} GB; "
            f"erlaubt sind {number(MOST_BYTES / 1e9)} GB.",
            cells=[{"draw": job.draws}],
            remedy=f"Höchstens {MOST_BYTES // each} Ziehungen, weniger Gebiete oder Altersgruppen.",
        )


def check_homes(grid: Grid, model: Model) -> None:
    """Refuse new dwellings that are to be filled from a cohort of which nobody lives elsewhere, as a projection does.

    What is expected decides: who by chance is not there in a draw, does not move in.
    """
    if model.housing is None:
        return
    flows = of_scenario(allocate([model]), 0)
    compute.run(replace(model, margins=()), flows)
    population = projection_of(grid, flows)["population"]
    if np.isnan(population.values.min()):
        doors.check_stock(population)
