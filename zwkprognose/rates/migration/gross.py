"""Gross rates for the engine: in-moves in persons, out-moves as probabilities.

Where only net migration is known, a loss becomes an exit probability and a gain becomes in-moves. With
P = J(1 − q) − X(1 − q/2) + N(1 − q/2) the quantities below give exactly P = J(1 − q)(1 + n), and since
n > −1 the condition q(1 − ξ/2) + ξ ≤ 1 of a stock that stays non-negative holds by construction.

On top comes turnover: people who leave and are replaced by their like. It changes no net figure of the base
period, but in-moves are counts and out-moves follow the people, so that growth slows down as it does in life.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from zwkprognose.arithmetic import mean, total
from zwkprognose.errors import RatesError
from zwkprognose.rates.migration.rogers_castro import STANDARD, rogers_castro
from zwkprognose.rates.shrinkage import ratio
from zwkprognose.rates.stocks import Stocks, reached


@dataclass(frozen=True)
class GrossMigration:
    """Exit probability and in-moves (persons per year), both [area, nationality, sex, age]."""

    out_prob: np.ndarray
    in_moves: np.ndarray


@dataclass(frozen=True)
class NetParts:
    """Net migration split by sign: gains, losses per survivor, and who survives [area, nationality, sex, age]."""

    gains: np.ndarray
    losses: np.ndarray
    alive: np.ndarray

    @classmethod
    def of(cls, net: np.ndarray, death_prob: np.ndarray) -> NetParts:
        """Split annual net rates per survivor; ``alive`` turns a share of survivors into one of movers."""
        alive = np.broadcast_to((1 - death_prob) / (1 - death_prob / 2), net.shape)
        return cls(np.where(net > 0, net, 0.0), np.where(net < 0, -net, 0.0), alive)

    def gross(self, cohorts: np.ndarray, leaving: np.ndarray) -> GrossMigration:
        """Exit probability and in-moves when a share ``leaving`` of those who stay is replaced every year."""
        replaced = leaving * (1 - self.losses)
        return GrossMigration(self.alive * (self.losses + replaced), self.alive * (self.gains + replaced) * cohorts)


def base_cohorts(stocks: Stocks, years: list[int]) -> np.ndarray:
    """Mean of the cohorts of several stocks by age reached in the following year; age 0 as in the stocks."""
    usual = mean([stocks.at(y) for y in years], 0)
    cohorts = reached(usual)
    cohorts[..., 0] = usual[..., 0]
    return cohorts


def standard_turnover(cohorts: np.ndarray, turnover: float) -> np.ndarray:
    """Share that leaves and is replaced by age [age]: the standard profile at the mean level ``turnover``."""
    profile = rogers_castro(np.arange(cohorts.shape[-1]), **STANDARD)
    return np.asarray(profile * turnover * ratio(total(cohorts), total(profile * cohorts)))


def check_joint(exit_prob: np.ndarray, death_prob: np.ndarray, areas: np.ndarray) -> None:
    """Refuse exits that with the deaths would take more than everybody: q(1 − ξ/2) + ξ must not exceed 1."""
    bad = np.argwhere(death_prob * (1 - exit_prob / 2) + exit_prob > 1)
    if len(bad):
        raise RatesError(
            "Fortzugs- und Sterbewahrscheinlichkeit sind zusammen größer als 1.",
            cells=[{"area": areas[cell[0]], "age": int(cell[-1])} for cell in bad],
            remedy="Die Zahl der Fortzüge dieser Gebiete prüfen: Sie übersteigt den Bestand.",
        )
