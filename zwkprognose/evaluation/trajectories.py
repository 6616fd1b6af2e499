"""Many possible futures of one city whose ranges are the calibrated ones, so that any sum or ratio gets its range.

Limits say how far each area may be off, and how far the city. Trajectories say it together: in each of them all
areas share a part of the luck. How large that part is follows from the limits of the city, which are calibrated on
their own: with none the areas would cancel, with all of it no two would differ.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import xarray as xr

from zwkprognose.errors import EvaluationError
from zwkprognose.evaluation.asked import check_whole
from zwkprognose.evaluation.intervals import intervals
from zwkprognose.german import number_text
from zwkprognose.rates.totals import past_of
from zwkprognose.rates.totals.estimate import future_years
from zwkprognose.rates.totals.past import stocks_of

#: Probabilities above the middle at which the distribution of an area is known, those of usual limits among them;
#: straight lines of normal scores between them.
UPPER = np.unique([*(1 - 0.5 ** np.arange(1.25, 10.0, 0.25)), 0.9, 0.975])
#: Probabilities between which the range of the city has to be met.
RANGE = (0.1, 0.9)
#: More trajectories than these tell nothing more.
MOST_DRAWS = 100_000
#: Halvings of the interval in which the shared part lies.
HALVINGS = 12


def total_trajectories(
    inputs: xr.Dataset | xr.DataArray,
    years: Sequence[int],
    *,
    draws: int = 1000,
    seed: int = 1,
    method: str = "shrunk",
    eckwert: Mapping[int, float] | xr.DataArray | None = None,
    eckwert_error: float = 0.0,
    largest: float = np.inf,
) -> xr.DataArray:
    """Draw possible totals of all areas whose quantiles are the limits of :func:`intervals`.

    Parameters
    ----------
    inputs, years, method, eckwert, eckwert_error, largest
        As in :func:`zwkprognose.evaluation.intervals`.
    draws, seed : int
        Number of trajectories, and start of the random numbers. The same seed gives the same luck.

    Returns
    -------
    xr.DataArray [draw, year_end, area], persons
        An area keeps its luck for some years: what is above the forecast early is likely to be so later. With an
        Eckwert the areas of each trajectory add up to its total of the city.

    Raises
    ------
    EvaluationError
        If there are fewer than 30 past errors at any lead, or no trajectory is asked for.

    Examples
    --------
    >>> from zwkprognose import load_example
    >>> drawn = total_trajectories(load_example("berlin"), [2025, 2030], draws=200)
    >>> city = drawn.sum("area")
    >>> bool(city.sel(year_end=2030).std() > city.sel(year_end=2025).std())
    True
    """
    check_whole([draws, seed], "Ziehungen und Startwert")
    if not 1 <= draws <= MOST_DRAWS or seed < 0:
        raise EvaluationError(
            f"Ohne Ziehung gibt es keinen Verlauf; mehr als {number_text(MOST_DRAWS)} sind nicht vorgesehen, und der "
            "Startwert ist nicht negativ.",
            cells=[{"draws": draws, "seed": seed}],
            remedy="Mindestens einen Verlauf verlangen, für Spannen besser 1000, und einen Startwert ab 0 angeben.",
        )
    draws, seed = int(draws), int(seed)
    years = sorted(set(future_years(years, past_of(inputs).launch)))
    limits = intervals(
        inputs, years, method=method, eckwert=eckwert, eckwert_error=eckwert_error,
        levels=(2 * UPPER - 1).tolist(), largest=largest,
    )  # fmt: skip
    population = stocks_of(inputs)
    leads = np.array([int(y) - int(population["year_end"][-1]) for y in years], dtype=float)
    areas, city = _quantiles(limits), _quantiles(limits, "city_")[..., None]
    shared = _walk(seed, "", leads, draws)[..., None]
    own = np.stack([_walk(seed, str(area), leads, draws) for area in limits["area"].values], axis=-1)
    if eckwert is None:
        persons = np.stack([_met(*parts) for parts in zip(areas, city, shared, own, strict=True)], axis=1)
    else:
        parts = [_persons(q, z) for q, z in zip(areas, own, strict=True)]
        totals = [_persons(q, z) for q, z in zip(city, shared, strict=True)]
        persons = np.stack([p * (t / _city(p)[:, None]) for p, t in zip(parts, totals, strict=True)], axis=1)
    coords = {"draw": np.arange(draws), "year_end": limits["year_end"].values, "area": limits["area"].values}
    return xr.DataArray(
        persons, coords, ("draw", "year_end", "area"), "population",
        {"units": "persons", "method": method, "seed": seed},
    )  # fmt: skip


def _quantiles(limits: xr.Dataset, prefix: str = "") -> np.ndarray:
    """Persons at the probabilities [year_end, probability, …], ascending."""
    lower, upper = (limits[f"{prefix}{side}"].transpose("year_end", "level", ...).values for side in ("lower", "upper"))
    return np.concatenate([lower[:, ::-1], upper], axis=1)


def _walk(seed: int, area: str, leads: np.ndarray, draws: int) -> np.ndarray:
    """Normal scores [year_end, draw]: a random walk over the years, at each lead divided by its spread.

    An area has its luck by its key: the same in whatever order and beside whatever other areas it stands.
    """
    luck = np.random.default_rng([seed, *area.encode()])
    steps = np.sqrt(np.diff(leads, prepend=0.0))[:, None] * luck.standard_normal((len(leads), draws))
    return np.asarray(np.cumsum(steps, axis=0) / np.sqrt(leads)[:, None])


def _persons(quantiles: np.ndarray, score: np.ndarray) -> np.ndarray:
    """Persons [draw, area] at normal scores, on straight lines between the quantiles [probability, area]."""
    from scipy.special import ndtri

    at = ndtri(np.concatenate([1 - UPPER[::-1], UPPER]))
    columns = [np.interp(z, at, q) for z, q in zip(score.T, quantiles.T, strict=True)]
    return np.stack(columns, axis=1)


def _city(persons: np.ndarray) -> np.ndarray:
    """Persons of the city [draw], added in an order that is not that of the areas."""
    return np.asarray(np.sort(persons, axis=1).sum(axis=1))


def _met(areas: np.ndarray, city: np.ndarray, shared: np.ndarray, own: np.ndarray) -> np.ndarray:
    """Persons [draw, area] with the shared part of the luck that gives the city its calibrated range."""
    from scipy.special import ndtri

    low, high = np.interp(ndtri(RANGE), ndtri(np.concatenate([1 - UPPER[::-1], UPPER])), city[:, 0])

    def drawn(share: float) -> np.ndarray:
        return _persons(areas, np.sqrt(share) * shared + np.sqrt(1 - share) * own)

    least, most = 0.0, 1.0
    for _ in range(HALVINGS):
        middle = (least + most) / 2
        found = np.quantile(_city(drawn(middle)), RANGE)
        least, most = (middle, most) if found[1] - found[0] < high - low else (least, middle)
    return drawn((least + most) / 2)
