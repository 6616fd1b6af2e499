"""Draws of a city whose areas depend on each other: the whole city is projected once per draw."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from types import ModuleType

import numpy as np
from numpy.typing import NDArray

from zwkprognose.engine import compute
from zwkprognose.engine.draw_areas import Job, Reduced, area_factors, common_factors
from zwkprognose.engine.model import Array, Rates, allocate, of_scenario
from zwkprognose.engine.uncertainty import COMPONENTS
from zwkprognose.errors import EngineError

#: Bytes that the sums of all draws may take.
MOST_BYTES = 2_000_000_000


def each_area_coupled(
    job: Job, kernels: ModuleType, threads: int, reduce: Callable[[Array], Reduced]
) -> Iterator[tuple[int, Reduced]]:
    """What is kept of the sums [year, piece, draw] of every area, in the order in which areas are added up."""
    pieces, areas = int(job.pieces.max()) + 1, len(job.start)
    _check_size(job, areas * (job.years + 1) * pieces)
    common = common_factors(job, kernels)
    factors = np.stack([area_factors(job, i, common, kernels) for i in range(areas)], axis=2)
    sums = np.empty((areas, job.years + 1, pieces, job.draws))
    starts = np.flatnonzero(np.diff(job.pieces, prepend=-1))
    flows = allocate([job.model])
    for d in range(job.draws):
        model = replace(job.model, rates=scaled(job.model.rates, factors[d]))
        compute.run(model, of_scenario(flows, 0), threads=threads)
        persons = flows["population"][0].sum(axis=(2, 3))
        sums[..., d] = np.add.reduceat(persons, starts, axis=-1)
    yield from ((i, reduce(sums[i])) for i in job.model.area_order.tolist())


def scaled(rates: Rates, factors: Array) -> Rates:
    """Rates under the factors [year, area, component] of a draw, as in the kernels."""
    death, out, come, birth = (factors[..., k, None, None, None] for k in range(len(COMPONENTS)))
    rest = sum(_largest(r) for r in (rates.naturalisation, rates.move_out) if r is not None)
    by_odds = death * _largest(rates.death) + out * _largest(rates.out) + rest >= 1
    return replace(
        rates,
        death=_scaled(rates.death, death, by_odds),
        out=_scaled(rates.out, out, by_odds),
        in_moves=rates.in_moves * come,
        fertility=rates.fertility * birth[..., 0],
    )


def _scaled(rate: Array, factor: Array, by_odds: NDArray[np.bool_]) -> Array:
    return np.where(by_odds, factor * rate / (1 - rate + factor * rate), factor * rate)


def _largest(rate: Array) -> Array:
    """Largest probability of each year and area (year, area, 1, 1, 1)."""
    return np.asarray(rate.max(axis=(2, 3, 4), keepdims=True))


def _check_size(job: Job, numbers: int) -> None:
    if 8 * numbers * job.draws > MOST_BYTES:
        raise EngineError(
            f"{job.draws} Ziehungen einer Stadt mit verbundenen Gebieten brauchen "
            f"{8 * numbers * job.draws / 1e9:.1f} GB; erlaubt sind {MOST_BYTES / 1e9:.0f} GB.",
            cells=[{"draw": job.draws}],
            remedy=f"Höchstens {MOST_BYTES // (8 * numbers)} Ziehungen, oder weniger Altersbänder angeben.",
        )
