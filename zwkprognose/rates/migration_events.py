"""Migration from a register of moves: out-probabilities and in-moves by area, group, sex and age.

The city's schedule is counted, cell by cell, and leans on a standard profile where a cell is thin. Areas differ in
level by band of age (children, education and first job, families, later working life, old age), shrunk by empirical
Bayes in each band; areas get levels, not a schedule of their own.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import xarray as xr

from zwkprognose.arithmetic import total
from zwkprognose.errors import RatesError
from zwkprognose.rates.base import Base
from zwkprognose.rates.events import age_basis, by_age_reached, splits, weighted, yearly_events
from zwkprognose.rates.levels import Levels, empirical_bayes, ratio
from zwkprognose.rates.migration import GrossMigration, check_joint
from zwkprognose.rates.mortality import scale
from zwkprognose.rates.rogers_castro import STANDARD, rogers_castro
from zwkprognose.rates.stocks import CELL_DIMS, reached

#: First ages of the bands in which areas may differ.
BANDS = (0, 18, 30, 50, 65)
#: Person-years that the standard profile is worth in a cell of the city's schedule.
PROFILE_WEIGHT = 200.0


@dataclass(frozen=True)
class EventMigration:
    """Gross rates and the levels of areas by nationality and band [nationality, band, area]."""

    gross: GrossMigration
    out_levels: Levels
    in_levels: Levels


def has_register(inputs: xr.Dataset) -> bool:
    """Whether in- and out-moves are known by area, group, sex and age."""
    return all(splits(inputs, name, CELL_DIMS) for name in ("in_moves", "out_moves"))


def from_register(inputs: xr.Dataset, base: Base, death_prob: np.ndarray) -> EventMigration:
    """Estimate gross migration from moves by area, group, sex and age.

    Parameters
    ----------
    inputs : xr.Dataset
        With ``in_moves`` and ``out_moves`` on all dimensions.
    base : Base
    death_prob : np.ndarray [area, nationality, sex, age]

    Raises
    ------
    RatesError
        If exits and deaths together would take more than everybody somewhere.
    """
    out_prob, out_levels = out_probabilities(inputs, base, "out_moves")
    check_joint(out_prob, death_prob, base.stocks.areas)
    in_moves, in_levels = arrivals(inputs, base)
    return EventMigration(GrossMigration(out_prob, in_moves), out_levels, in_levels)


def out_probabilities(inputs: xr.Dataset, base: Base, name: str) -> tuple[np.ndarray, Levels]:
    """Exit probability [area, nationality, sex, age] from counted exits, and the levels behind it."""
    events = yearly_events(inputs, name, base, CELL_DIMS)
    observed = by_age_reached(events.total(), age_basis(inputs, name))
    exposure = weighted(np.stack([cohorts(base, y) for y in events.years]), events.weight)
    return probabilities_by_level(observed, exposure, base.types["migration"])


def probabilities_by_level(
    observed: np.ndarray, exposure: np.ndarray, types: np.ndarray | None
) -> tuple[np.ndarray, Levels]:
    """City schedule times shrunk levels of areas by band, all [area, nationality, sex, age]."""
    schedule = city_schedule(total(observed, 0), total(exposure, 0))
    _check_schedule(schedule)
    counted, expected = _by_band(observed), _by_band(exposure * schedule)
    levels = empirical_bayes(counted, expected, types)
    level, ages = levels.level, observed.shape[-1]
    for _ in range(4):  # the hazard is scaled, not the probability: bring the city's sum back
        prob = scale(np.broadcast_to(schedule, exposure.shape), _on_cells(level, ages))
        level = level * ratio(total(counted, -1), total(_by_band(exposure * prob), -1))[..., None]
    return scale(np.broadcast_to(schedule, exposure.shape), _on_cells(level, ages)), levels


def arrivals(inputs: xr.Dataset, base: Base) -> tuple[np.ndarray, Levels]:
    """In-moves per year [area, nationality, sex, age]: shrunk level by band times the city's profile in the band.

    The level compares an area's arrivals with its share of the city's inhabitants.
    """
    events = yearly_events(inputs, "in_moves", base, CELL_DIMS)
    observed = by_age_reached(events.total(), age_basis(inputs, "in_moves"))
    counted = _by_band(observed)
    people = weighted(np.stack([total(base.stocks.at(y), (1, 2, 3)) for y in events.years]), events.weight)
    expected = total(counted, -1, keepdims=True) * people / total(people)
    levels = empirical_bayes(counted, expected, base.types["migration"])
    city = total(observed, 0)
    profile = ratio(city, _on_cells(_by_band(city[None]), city.shape[-1])[0])
    persons = _on_cells(levels.level * expected, city.shape[-1]) * profile
    return persons / total(events.weight), levels


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


def _check_schedule(schedule: np.ndarray) -> None:
    bad = np.argwhere(schedule >= 1)
    if len(bad):
        raise RatesError(
            "Es ziehen mehr Menschen fort, als in der Stadt leben.",
            cells=[{"age": int(cell[-1]), "je Einwohner": round(float(schedule[tuple(cell)]), 2)} for cell in bad],
            remedy='Zählen Bestand und Bewegungen dieselben Menschen? Sonst migration="residual" wählen.',
        )


def _by_band(cells: np.ndarray) -> np.ndarray:
    """Sums [nationality, band, area] of cells [area, nationality, sex, age]."""
    ends = (*BANDS[1:], cells.shape[-1])
    sums = [total(cells[..., first:end], (2, 3)) for first, end in zip(BANDS, ends, strict=True)]
    return np.stack(sums).transpose(2, 0, 1)


def _on_cells(levels: np.ndarray, ages: int) -> np.ndarray:
    """Values [nationality, band, area] as [area, nationality, 1, age]."""
    band = np.searchsorted(BANDS, np.arange(ages), side="right") - 1
    return levels[:, band].transpose(2, 0, 1)[:, :, None, :]
