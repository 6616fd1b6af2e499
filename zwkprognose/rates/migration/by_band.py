"""Moves by area and band of age: areas have levels, not a schedule of their own.

The city's schedule is counted, cell by cell, and leans on a standard profile where a cell is thin. Areas differ in
level by band of age (children, education and first job, families, later working life, old age), shrunk by empirical
Bayes in each band.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from zwkprognose.arithmetic import total
from zwkprognose.errors import RatesError
from zwkprognose.rates.base import Base
from zwkprognose.rates.migration.rogers_castro import STANDARD, rogers_castro
from zwkprognose.rates.mortality.year_end import scale
from zwkprognose.rates.shrinkage import Levels, empirical_bayes_by_part, ratio
from zwkprognose.rates.stocks import CELL_DIMS, reached

#: First ages of the bands in which areas may differ.
BANDS = (0, 18, 30, 50, 65)
#: Person-years that the standard profile is worth in a cell of the city's schedule.
PROFILE_WEIGHT = 200.0


def probabilities_by_level(
    observed: np.ndarray, exposure: np.ndarray, types: np.ndarray | None, names: Mapping[str, Any] | None = None
) -> tuple[np.ndarray, Levels]:
    """City schedule times shrunk levels of areas by band, all [area, nationality, sex, age].

    ``names`` has the coordinates that an error names.
    """
    left, lived = total(observed, 0), total(exposure, 0)
    schedule = city_schedule(left, lived)
    _check_schedule(schedule, left > lived, names or {})
    counted, expected = by_band(observed), by_band(exposure * schedule)
    levels = empirical_bayes_by_part(counted, expected, types)
    level, ages = levels.level, observed.shape[-1]
    for _ in range(4):  # the hazard is scaled, not the probability: bring the city's sum back
        prob = scale(np.broadcast_to(schedule, exposure.shape), on_cells(level, ages))
        level = level * ratio(total(counted, -1), total(by_band(exposure * prob), -1))[..., None]
    return scale(np.broadcast_to(schedule, exposure.shape), on_cells(level, ages)), levels


def cohorts(base: Base, year: int) -> np.ndarray:
    """People at risk of moving in a year by age reached; for age 0 the children alive at its end."""
    start = reached(base.stocks.at(year - 1))
    start[..., 0] = base.stocks.at(year)[..., 0]
    return start


def city_schedule(observed: np.ndarray, exposure: np.ndarray) -> np.ndarray:
    """Exit probability of the city [nationality, sex, age]: counted, leaning on the standard profile.

    (O + k·profile·level)/(J + k), the level being that of the group and sex.
    """
    profile = rogers_castro(np.arange(observed.shape[-1]), **STANDARD)
    level = ratio(total(observed, -1), total(exposure * profile, -1))
    return np.asarray((observed + PROFILE_WEIGHT * profile * level[..., None]) / (exposure + PROFILE_WEIGHT))


def _check_schedule(schedule: np.ndarray, more: np.ndarray, names: Mapping[str, Any]) -> None:
    """Refuse a schedule that leaves nobody, and name the cells that count ``more`` exits than people."""
    over = schedule >= 1
    if over.any():
        bad = np.argwhere(over & more if (over & more).any() else over)
        raise RatesError(
            "Es ziehen mehr Personen fort, als in der Stadt leben.",
            cells=[
                {dim: str(names[dim].values[i]) for dim, i in zip(CELL_DIMS[1:-1], cell, strict=False) if dim in names}
                | {"age": int(cell[-1]), "je Person": round(float(schedule[tuple(cell)]), 2)}
                for cell in bad
            ],
            remedy='Zählen Bestand und Bewegungen dieselben Personen? Sonst migration="residual" wählen.',
        )


def by_band(cells: np.ndarray) -> np.ndarray:
    """Sums [nationality, band, area] of cells [area, nationality, sex, age]."""
    ends = (*BANDS[1:], cells.shape[-1])
    sums = [total(cells[..., first:end], (2, 3)) for first, end in zip(BANDS, ends, strict=True)]
    return np.stack(sums).transpose(2, 0, 1)


def on_cells(levels: np.ndarray, ages: int) -> np.ndarray:
    """Values [nationality, band, area] as [area, nationality, 1, age]."""
    band = np.searchsorted(BANDS, np.arange(ages), side="right") - 1
    return levels[:, band].transpose(2, 0, 1)[:, :, None, :]
