"""Quotas that give known numbers: the odds of each size are multiplied by one factor, the same at every age."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from zwkprognose.arithmetic import Floats, total
from zwkprognose.errors import RatesError
from zwkprognose.german import number

#: Largest deviation from a known number that counts as none, relative to the persons of the area.
TOLERANCE = 1e-12
ROUNDS = 5000


def multiplied(seed: Floats, factors: Floats) -> Floats:
    """Shares [..., cell, class] with the odds of every class multiplied by its factor [..., class]; they sum to one."""
    odds = seed * factors[..., None, :]
    sums = total(np.moveaxis(odds, -1, 0), axis=0)[..., None]
    return np.divide(odds, sums, out=np.zeros_like(odds), where=sums > 0)


def odds_factors(
    seed: Floats, persons: Floats, wanted: Floats, *, areas: Sequence[str], classes: Sequence[str]
) -> Floats:
    """Factors [area, class] under which the shares give the wanted persons.

    Iterative proportional fitting with the persons of every cell and the wanted persons of every class as margins:
    ratios of odds between ages stay as they are.

    Parameters
    ----------
    seed : [cell, class] or [area, cell, class]
        Shares; they sum to one over the classes.
    persons : [area, cell]
    wanted : [area, class], persons
        NaN where nothing is known: these classes keep their proportions among each other.
    areas, classes : sequence of str
        Names for the complaint.

    Raises
    ------
    RatesError
        If no factors give what is wanted; names area and class.
    """
    known = ~np.isnan(wanted)
    people = total(np.moveaxis(persons, -1, 0), axis=0)
    _check_possible(seed, persons, wanted, people, areas, classes)
    factors = np.where(known & (wanted == 0), 0.0, 1.0)
    for _ in range(ROUNDS):
        now = _persons(multiplied(seed, factors), persons)
        if (abs(np.where(known, now - wanted, 0.0)) <= TOLERANCE * np.maximum(people, 1.0)[:, None]).all():
            return factors
        factors = factors * np.divide(wanted, now, out=np.ones_like(now), where=known & (now > 0))
        factors = factors / factors.max(axis=-1, keepdims=True)
    off = abs(np.where(known, now - wanted, 0.0))
    raise _impossible([tuple(map(int, np.unravel_index(int(off.argmax()), off.shape)))], wanted, now, areas, classes)


def _persons(shares: Floats, persons: Floats) -> Floats:
    """Persons [area, class], cell after cell."""
    return total(np.moveaxis(persons[..., None] * shares, -2, 0), axis=0)


def _check_possible(
    seed: Floats, persons: Floats, wanted: Floats, people: Floats, areas: Sequence[str], classes: Sequence[str]
) -> None:
    """No class can have more persons than there are cells with a share in it."""
    most = _persons(np.broadcast_to(seed > 0, (*persons.shape, seed.shape[-1])).astype(float), persons)
    over = np.nan_to_num(wanted) > most * (1 + 1e-12) + 1e-9
    if over.any():
        raise _impossible([tuple(cell) for cell in np.argwhere(over).tolist()], wanted, most, areas, classes)


def _impossible(
    cells: Sequence[tuple[int, ...]], wanted: Floats, there: Floats, areas: Sequence[str], classes: Sequence[str]
) -> RatesError:
    said = [
        {"message": f"{areas[a]}, {classes[c]}: verlangt {number(wanted[a, c])}, möglich {number(there[a, c])}"}
        for a, c in cells
    ]
    return RatesError(
        "Die bekannten Haushalte passen nicht zu Personen und Quoten.",
        cells=said,
        remedy="Prüfen, ob Haushalte und Bevölkerung denselben Stichtag und dieselben Gebiete haben.",
    )
