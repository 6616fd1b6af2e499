"""Persons divided among households of every size, so that nobody is lost and nobody is counted twice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from zwkprognose.arithmetic import Floats, total
from zwkprognose.errors import RatesError
from zwkprognose.rates.households.fit import multiplied, odds_factors
from zwkprognose.rates.households.known import KnownHouseholds
from zwkprognose.rates.households.quotas import HouseholdQuotas
from zwkprognose.rates.households.tilt import tilted

NO_SIZE = (
    "Wie viele Personen in Haushalten mit {} und mehr Personen im Mittel leben, ist nicht angegeben; ohne das folgt "
    "aus Personen keine Zahl der Haushalte."
)
GIVE_SIZE = "groesse_offen (in Python open_size) angeben, oder die Haushalte aller Größen je Gebiet."


@dataclass(frozen=True)
class Split:
    """Quotas of every area, ready to divide persons.

    Attributes
    ----------
    institutional : [sex, age]
        Share of the persons in institutions.
    shares : [area, sex, age, size]
        Share of the persons in private households: in households of each size (members), or heads of one; heads have
        one more class at the end, persons who are no head.
    factors : [area, size …]
        What the odds of every class were multiplied by; all 1 without known households.
    open_size : [area]
    """

    quotas: HouseholdQuotas
    institutional: Floats
    shares: Floats
    factors: Floats
    open_size: Floats

    @property
    def sizes(self) -> Floats:
        """Persons per household [area, size]."""
        return persons_per_household(self.quotas, self.open_size)

    def divide(self, persons: Floats, places: Sequence[str] = ()) -> Divided:
        """Households of persons [..., area, sex, age].

        Raises
        ------
        RatesError
            If head quotas and persons contradict each other; names the area.
        """
        in_homes = persons * self.institutional
        private = persons - in_homes
        counts = _by_class(private, self.shares, len(self.quotas.sizes))
        people = total(np.moveaxis(private.reshape(*private.shape[:-2], -1), -1, 0), axis=0)
        if self.quotas.kind == "members":
            households = counts / self.sizes
            tilt = np.ones_like(counts)
        else:
            households, tilt = tilted(counts, self.sizes, people, places)
        alone = private * self.shares[..., 0] * tilt[..., 0, None, None]
        institutional = total(np.moveaxis(in_homes.reshape(*in_homes.shape[:-2], -1), -1, 0), axis=0)
        return Divided(households, households * self.sizes, institutional, alone)


@dataclass(frozen=True)
class Divided:
    """Households [..., area, size], the persons in them, persons in institutions [..., area], and those living alone
    [..., area, sex, age].
    """

    households: Floats
    persons: Floats
    institutional: Floats
    alone: Floats


def split_persons(
    quotas: HouseholdQuotas,
    persons: Floats,
    *,
    areas: Sequence[str],
    sexes: Sequence[str],
    known: KnownHouseholds | None = None,
) -> Split:
    """Quotas for the persons [area, sex, age] of the base year, adjusted to the households that are known there.

    Parameters
    ----------
    quotas : HouseholdQuotas
    persons : [area, sex, age]
        Single ages, the last one open.
    areas, sexes : sequence of str
    known : KnownHouseholds, optional
        Without, every area has the quotas as they are.

    Raises
    ------
    RatesError
        If quotas do not fit the ages, the mean size of the largest households is not known, or known households and
        persons contradict each other; names the cell.

    Examples
    --------
    >>> from zwkprognose.rates.households.quotas import Share
    >>> quotas = HouseholdQuotas((Share(0, 1, 1, 0.0), Share(2, None, 1, 0.5)), "eigene Annahme", open_size=2.0)
    >>> town = np.array([[[10.0, 10.0, 40.0]]])
    >>> known = KnownHouseholds(by_size={1: {"01": 30.0}})
    >>> split = split_persons(quotas, town, areas=["01"], sexes=["total"], known=known)
    >>> split.divide(town).households.round(6).tolist()  # 30 alone; the 30 others in 15 households of two
    [[30.0, 15.0]]
    """
    table = quotas.table(persons.shape[-1] - 1, sexes)
    institutional = table[..., 0]
    seed = _private(table, quotas)
    private = persons * (1.0 - institutional)
    people = total(np.moveaxis(private.reshape(len(areas), -1), -1, 0), axis=0)
    wanted, open_size = (known or KnownHouseholds()).persons(areas, people, quotas.sizes, quotas.open_size)
    if np.isnan(open_size).any():
        raise RatesError(NO_SIZE.format(quotas.sizes[-1]), remedy=GIVE_SIZE)
    if quotas.kind == "heads":
        counts = (known or KnownHouseholds()).counts(areas, quotas.sizes)
        wanted = np.concatenate([counts, np.full((len(areas), 1), np.nan)], axis=1)
    cells, index = _distinct(seed)
    if np.isnan(wanted).all():
        factors = np.ones_like(wanted)
    else:
        labels = [f"Haushalte mit {label} {'Person' if label == '1' else 'Personen'}" for label in quotas.size_labels]
        factors = odds_factors(
            cells, _collapsed(private, index, len(cells)), wanted, areas=areas, classes=[*labels, "übrige Personen"]
        )
    shares = multiplied(cells, factors)[:, index]
    return Split(quotas, institutional, shares, factors, open_size)


def persons_per_household(quotas: HouseholdQuotas, open_size: Floats) -> Floats:
    """Persons per household [area, size] with the mean open size [area]."""
    fixed = np.array(quotas.sizes[:-1], dtype=float)
    return np.concatenate([np.broadcast_to(fixed, (len(open_size), len(fixed))), open_size[:, None]], axis=1)


def _private(table: Floats, quotas: HouseholdQuotas) -> Floats:
    """Shares [sex, age, class] among the persons in private households."""
    sizes, outside = table[..., 1:], 1.0 - table[..., :1]
    if quotas.kind == "heads":
        sizes = np.concatenate([sizes, outside - total(np.moveaxis(sizes, -1, 0), axis=0)[..., None]], axis=-1)
    return np.divide(np.maximum(sizes, 0.0), outside, out=np.zeros_like(sizes), where=outside > 0)


def _distinct(seed: Floats) -> tuple[Floats, np.ndarray]:
    """Cells with different shares [cell, class], and which one each sex and age has: quotas come by age groups."""
    cells, index = np.unique(seed.reshape(-1, seed.shape[-1]), axis=0, return_inverse=True)
    return cells, index.reshape(seed.shape[:2])


def _collapsed(persons: Floats, index: np.ndarray, cells: int) -> Floats:
    """Persons [area, cell], age after age."""
    found = np.zeros((len(persons), cells))
    for s, of_sex in enumerate(index):
        for age, cell in enumerate(of_sex):
            found[:, cell] += persons[:, s, age]
    return found


def _by_class(private: Floats, shares: Floats, sizes: int) -> Floats:
    """Persons or heads [..., area, size], age after age."""
    found = np.zeros((*private.shape[:-2], sizes))
    for s in range(private.shape[-2]):
        for age in range(private.shape[-1]):
            found += private[..., s, age, None] * shares[:, s, age, :sizes]
    return found
