"""Gross rates for the engine: in-moves in persons, out-moves as probabilities.

Where only net migration is known, a loss becomes an exit probability and a gain becomes in-moves. With
P = J(1 − q) − X(1 − q/2) + N(1 − q/2) the quantities below give exactly P = J(1 − q)(1 + n), and since
n > −1 the condition q(1 − ξ/2) + ξ ≤ 1 of a stock that stays non-negative holds by construction.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from zwkprognose.errors import RatesError
from zwkprognose.rates.levels import ratio
from zwkprognose.rates.stocks import Stocks, reached


@dataclass(frozen=True)
class GrossMigration:
    """Exit probability and in-moves (persons per year), both [area, nationality, sex, age]."""

    out_prob: np.ndarray
    in_moves: np.ndarray


def base_cohorts(stocks: Stocks, years: list[int]) -> np.ndarray:
    """Mean of the cohorts of several stocks by age reached in the following year; age 0 as in the stocks."""
    mean = np.mean([stocks.at(y) for y in years], axis=0)
    cohorts = reached(mean)
    cohorts[..., 0] = mean[..., 0]
    return cohorts


def from_net(net: np.ndarray, death_prob: np.ndarray, cohorts: np.ndarray) -> GrossMigration:
    """Split annual net rates per survivor by their sign."""
    per_person = net * (1 - death_prob) / (1 - death_prob / 2)
    out_prob = np.where(net < 0, -per_person, 0.0)
    return GrossMigration(out_prob, np.where(net > 0, per_person * cohorts, 0.0))


def with_totals(
    net: GrossMigration, cohorts: np.ndarray, profile: np.ndarray, arrivals: np.ndarray, departures: np.ndarray
) -> GrossMigration:
    """Add the turnover that net figures hide, so that gross totals of each area are met.

    Turnover (persons who come and persons of the same kind who go) follows a standard age profile of exit;
    on top of it stand the net gains as in-moves and the net losses as out-moves. The volume of turnover is
    the mean of what the two totals leave after the net parts; what remains scales each direction to its total.

    Parameters
    ----------
    net : GrossMigration
        Split net migration.
    cohorts : np.ndarray [area, nationality, sex, age], persons
    profile : np.ndarray [age]
        Standard exit rates up to a factor.
    arrivals, departures : np.ndarray [area], persons per year

    Raises
    ------
    RatesError
        If a total is smaller than the net gains or losses implied by the stocks.
    """
    losses = net.out_prob * cohorts
    volume = (arrivals - _total(net.in_moves) + departures - _total(losses)) / 2
    _check_volume(volume)
    turnover = profile * cohorts * _cellwise(ratio(volume, _total(profile * cohorts)))
    coming, going = net.in_moves + turnover, losses + turnover
    coming = coming * _cellwise(ratio(arrivals, _total(coming)))
    going = going * _cellwise(ratio(departures, _total(going)))
    return GrossMigration(ratio(going, cohorts), coming)


def _total(cells: np.ndarray) -> np.ndarray:
    return np.asarray(cells.sum(axis=(1, 2, 3)))


def _cellwise(per_area: np.ndarray) -> np.ndarray:
    return per_area[:, None, None, None]


def _check_volume(volume: np.ndarray) -> None:
    if (volume < 0).any():
        raise RatesError(
            "Zu- und Fortzüge sind zusammen kleiner als die Wanderungssalden, die aus den Beständen folgen.",
            cells=[{"area": int(i), "Umfang": float(volume[i])} for i in np.flatnonzero(volume < 0)],
            remedy="Ereignisse und Bestände auf denselben Personenkreis (Hauptwohnsitz) bringen "
            'oder migration="residual" wählen.',
        )
