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
from zwkprognose.rates.levels import ratio
from zwkprognose.rates.rogers_castro import STANDARD, rogers_castro
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


@dataclass(frozen=True)
class Totals:
    """Known moves per year.

    Attributes
    ----------
    arrivals, departures : np.ndarray [area], persons per year
    joint : bool
        Whether only their sum over the areas is comparable with the residuals. Residuals of the areas of a city
        contain moves between them; totals that leave those out say nothing about the net of one area.
    areas : np.ndarray [area]
        Keys for messages.
    """

    arrivals: np.ndarray
    departures: np.ndarray
    joint: bool
    areas: np.ndarray

    def comparable(self, per_area: np.ndarray) -> np.ndarray:
        """Values [area] as they may be compared: one by one or in sum [1]."""
        return total(per_area, keepdims=True) if self.joint else per_area


def turnover_from_totals(parts: NetParts, cohorts: np.ndarray, totals: Totals) -> np.ndarray:
    """Turnover by area and age [area, 1, 1, age] that leaves room for the net gains and losses in the totals.

    Its volume is the mean of what the two totals leave after the net parts; areas share it by their own totals.

    Raises
    ------
    RatesError
        If the totals are smaller than the net gains and losses implied by the stocks.
    """
    net = parts.gross(cohorts, np.zeros(1))
    both = totals.arrivals + totals.departures
    volume = totals.comparable(both - _total(net.in_moves) - _total(net.out_prob * cohorts)) / 2
    _check_volume(volume, totals)
    profile = rogers_castro(np.arange(cohorts.shape[-1]), **STANDARD)
    weight = _total(parts.alive * (1 - parts.losses) * cohorts * profile)
    busy = ratio(both, weight)
    return np.asarray(profile * _cellwise(busy * ratio(volume, totals.comparable(busy * weight))))


def meet_totals(gross: GrossMigration, cohorts: np.ndarray, death_prob: np.ndarray, totals: Totals) -> GrossMigration:
    """Scale in-moves and out-moves to known totals, of each area or of all together."""
    coming, going = _total(gross.in_moves), _total(gross.out_prob * cohorts)
    factors = (
        ratio(totals.comparable(wanted), totals.comparable(found)) + 0 * wanted
        for wanted, found in ((totals.arrivals, coming), (totals.departures, going))
    )
    arrive, leave = (_cellwise(f) for f in factors)
    check_joint(gross.out_prob * leave, death_prob, totals.areas)
    return GrossMigration(gross.out_prob * leave, gross.in_moves * arrive)


def check_joint(exit_prob: np.ndarray, death_prob: np.ndarray, areas: np.ndarray) -> None:
    """Refuse exits that with the deaths would take more than everybody: q(1 − ξ/2) + ξ must not exceed 1."""
    bad = np.argwhere(death_prob * (1 - exit_prob / 2) + exit_prob > 1)
    if len(bad):
        raise RatesError(
            "Fortzugs- und Sterbewahrscheinlichkeit sind zusammen größer als 1.",
            cells=[{"area": areas[cell[0]], "age": int(cell[-1])} for cell in bad],
            remedy="Die Zahl der Fortzüge dieser Gebiete prüfen: Sie übersteigt den Bestand.",
        )


def _total(cells: np.ndarray) -> np.ndarray:
    return total(cells, (1, 2, 3))


def _cellwise(per_area: np.ndarray) -> np.ndarray:
    return per_area[:, None, None, None]


def _check_volume(volume: np.ndarray, totals: Totals) -> None:
    if (volume < 0).any():
        names = ["Stadt"] if totals.joint else totals.areas
        raise RatesError(
            "Zu- und Fortzüge sind zusammen kleiner als die Wanderungssalden, die aus den Beständen folgen.",
            cells=[
                {"area": names[i], "es fehlen": round(-2 * float(volume[i]), 1)} for i in np.flatnonzero(volume < 0)
            ],
            remedy="Ereignisse und Bestände auf denselben Personenkreis (Hauptwohnsitz) bringen "
            'oder migration="residual" wählen.',
        )
