"""Draws of rates under the conventions of the United Nations: the engine itself projects the city once per draw."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from zwkprognose.engine import formulas
from zwkprognose.engine.arrays import Array, Flows
from zwkprognose.engine.compiled import compute
from zwkprognose.engine.draws.areas import Job, city_factors
from zwkprognose.engine.draws.uncertainty import COMPONENTS
from zwkprognose.engine.model import allocate, of_scenario
from zwkprognose.engine.rates import Rates


def each_draw(job: Job) -> Iterator[tuple[int, Flows]]:
    """Components of every draw, counted from that of the job's first; they are overwritten by the next."""
    flows = of_scenario(allocate([job.model]), 0)
    for d in range(job.draws):
        rates = scaled(job.model.rates, city_factors(job, d, d + 1)[0])
        compute.run(replace(job.model, rates=rates), flows, threads=1)
        yield d, flows


def scaled(rates: Rates, factors: Array) -> Rates:
    """Rates under the factors [year, area, component] of a draw, as in the kernels."""
    death, out, come, birth = (factors[..., k, None, None, None] for k in range(len(COMPONENTS)))
    others = [rate for rate in (rates.naturalisation, rates.move_out) if rate is not None]
    by_odds = death * _largest(rates.death) + out * _largest(rates.out) + sum(map(_largest, others)) >= 1
    among = np.where(by_odds, formulas.crowded(rates.death, rates.out, sum(others), death, out), 1.0)
    return replace(
        rates,
        death=formulas.by_odds(rates.death, death, among),
        out=formulas.by_odds(rates.out, out, among),
        in_moves=rates.in_moves * come,
        fertility=rates.fertility * birth[..., 0],
    )


def _largest(rate: Array) -> Array:
    """Largest probability of each year and area (year, area, 1, 1, 1)."""
    return np.asarray(rate.max(axis=(2, 3, 4), keepdims=True))
