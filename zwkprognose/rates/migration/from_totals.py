"""Migration from stocks and known totals of moves: net figures of the cohorts, gross figures that meet the totals."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import xarray as xr

from zwkprognose.arithmetic import total
from zwkprognose.errors import RatesError
from zwkprognose.rates.base import Base
from zwkprognose.rates.events import area_events, has_events, splits, yearly_events
from zwkprognose.rates.migration import Migration, Options
from zwkprognose.rates.migration.from_stocks import base_of, net_migration
from zwkprognose.rates.migration.gross import GrossMigration, NetParts, check_joint, standard_turnover
from zwkprognose.rates.migration.inside import move_margins
from zwkprognose.rates.migration.rogers_castro import STANDARD, rogers_castro
from zwkprognose.rates.shrinkage import ratio

_BOTH = ("in_moves", "out_moves")
NOTE = "Vergleich der Bestände, abgestimmt auf die gezählten Zu- und Fortzüge"
UNUSED = {"turnover": "Zu- und Fortzüge bekannt sind"}


def usable(inputs: xr.Dataset) -> bool:
    """Whether moves in both directions are known."""
    return has_events(inputs, "in_moves", "out_moves")


def estimate(inputs: xr.Dataset, base: Base, death_prob: np.ndarray, options: Options) -> Migration:
    """Cohort residuals, with the turnover that the totals leave room for."""
    net = net_migration(base, death_prob, options)
    parts, cohorts = NetParts.of(net.rate, death_prob), base_of(base)
    totals = known_totals(inputs, base, cohorts)
    leaving = turnover_from_totals(parts, cohorts, totals)
    return Migration(net, meet_totals(parts.gross(cohorts, leaving), cohorts, death_prob, totals), {})


@dataclass(frozen=True)
class Totals:
    """Known moves per year.

    Attributes
    ----------
    arrivals, departures : np.ndarray [area, group], persons per year
        A single group of all, or each nationality on its own.
    joint : bool
        Whether only their sum over the areas is comparable with the residuals. Residuals of the areas of a city
        contain moves between them; totals that leave those out say nothing about the net of one area.
    areas, groups : np.ndarray
        Keys for messages.
    """

    arrivals: np.ndarray
    departures: np.ndarray
    joint: bool
    areas: np.ndarray
    groups: np.ndarray

    def comparable(self, per_area: np.ndarray) -> np.ndarray:
        """Values [area, group] as they may be compared: area by area or in sum [1, group]."""
        return total(per_area, 0, keepdims=True) if self.joint else per_area

    def of(self, cells: np.ndarray) -> np.ndarray:
        """Cells [area, nationality, sex, age] as totals [area, group]."""
        return total(cells, (2, 3)) if self.arrivals.shape[1] > 1 else total(cells, (1, 2, 3))[:, None]


def turnover_from_totals(parts: NetParts, cohorts: np.ndarray, totals: Totals) -> np.ndarray:
    """Turnover by area, group and age [area, group, 1, age] that leaves room for net gains and losses in the totals.

    Its volume is the mean of what the two totals leave after the net parts; areas share it by their own totals.

    Raises
    ------
    RatesError
        If the totals are smaller than the net gains and losses implied by the stocks.
    """
    net = parts.gross(cohorts, np.zeros(1))
    both = totals.arrivals + totals.departures
    volume = totals.comparable(both - totals.of(net.in_moves) - totals.of(net.out_prob * cohorts)) / 2
    _check_volume(volume, totals)
    profile = rogers_castro(np.arange(cohorts.shape[-1]), **STANDARD)
    weight = totals.of(parts.alive * (1 - parts.losses) * cohorts * profile)
    busy = ratio(both, weight)
    return np.asarray(profile * _cellwise(busy * ratio(volume, totals.comparable(busy * weight))))


def meet_totals(gross: GrossMigration, cohorts: np.ndarray, death_prob: np.ndarray, totals: Totals) -> GrossMigration:
    """Scale in-moves and out-moves to known totals, of each area or of all together, of each group if known."""
    coming, going = totals.of(gross.in_moves), totals.of(gross.out_prob * cohorts)
    factors = (
        ratio(totals.comparable(wanted), totals.comparable(found)) + 0 * wanted
        for wanted, found in ((totals.arrivals, coming), (totals.departures, going))
    )
    arrive, leave = (_cellwise(f) for f in factors)
    check_joint(gross.out_prob * leave, death_prob, totals.areas)
    return GrossMigration(gross.out_prob * leave, gross.in_moves * arrive)


def known_totals(inputs: xr.Dataset, base: Base, cohorts: np.ndarray) -> Totals:
    """Arrivals and departures per year; moves between the areas belong to both, as they do in the residuals."""
    movers = standard_turnover(cohorts, 0.05) * cohorts
    inside = "moves" in inputs and all(splits(inputs, name, ("area",)) for name in _BOTH)
    by_group = not inside and cohorts.shape[1] > 1 and all(splits(inputs, name, ("nationality",)) for name in _BOTH)
    expected = total(movers, (2, 3)) if by_group else total(movers, (1, 2, 3))[:, None]
    arrivals, departures = (_per_year(inputs, name, base, expected) for name in _BOTH)
    if inside:
        coming, going = move_margins(inputs, base)
        arrivals, departures = arrivals + coming[:, None], departures + going[:, None]
    groups = inputs["nationality"].values if by_group else np.array([""])
    return Totals(arrivals, departures, len(expected) > 1 and not inside, base.stocks.areas, groups)


def _per_year(inputs: xr.Dataset, name: str, base: Base, expected: np.ndarray) -> np.ndarray:
    """Moves [area, group] per year; those of a whole city are spread over its areas like ``expected``."""
    if expected.shape[1] == 1:
        return area_events(inputs, name, base, expected[:, 0]).per_year()[:, None]
    if splits(inputs, name, ("area",)):
        return yearly_events(inputs, name, base, ("area", "nationality")).per_year()
    city = yearly_events(inputs, name, base, ("nationality",)).per_year()
    return np.asarray(city * ratio(expected, total(expected, 0, keepdims=True)))


def _cellwise(totals: np.ndarray) -> np.ndarray:
    return totals[:, :, None, None]


def _check_volume(volume: np.ndarray, totals: Totals) -> None:
    if (volume < 0).any():
        names = ["Stadt"] if totals.joint else totals.areas
        raise RatesError(
            "Zu- und Fortzüge sind zusammen kleiner als die Wanderungssalden, die aus den Beständen folgen.",
            cells=[
                {"area": names[i]}
                | ({"nationality": str(totals.groups[g])} if len(totals.groups) > 1 else {})
                | {"es fehlen": round(-2 * float(volume[i, g]), 1)}
                for i, g in np.argwhere(volume < 0)
            ],
            remedy="Bewegungen und Bestände auf denselben Personenkreis (Hauptwohnung) bringen "
            'oder migration="residual" wählen.',
        )
