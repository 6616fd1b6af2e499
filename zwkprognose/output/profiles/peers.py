"""Rank of an area among the others, and those that resemble it most."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from zwkprognose.german import listed, number
from zwkprognose.output.content.numbers import Numbers
from zwkprognose.output.profiles.indices import title
from zwkprognose.output.profiles.verdicts import SMALL
from zwkprognose.output.publication.rounding import Floats

#: Figures that say whether two areas resemble each other.
ALIKE = ("unter_20", "ab_65", "auslaenderanteil", "veraenderung", "umschlag")
NEAREST = 3
DISTANCE = (
    "Abstand in Klammern: Wurzel aus dem mittleren quadrierten Unterschied von {what}, jeder gemessen in "
    "Standardabweichungen der {many}; 0 heißt gleich."
)


@dataclass(frozen=True, slots=True)
class Peers:
    """Names and distances of the nearest areas, or why none are named."""

    nearest: tuple[tuple[str, float], ...] = ()
    blank: str = ""


def ranks(values: Floats) -> Floats:
    """Rank [area] of every area, 1 for the largest value; equal values share a rank, NaN has none."""
    known = values[np.isfinite(values)]
    return np.array([1.0 + (known > value).sum() if np.isfinite(value) else np.nan for value in values])


def rank_text(values: Floats, area: int, digits: int) -> str:
    """``3 von 94``, by the numbers as they are printed; empty for a single area."""
    shown = np.round(values[1:], digits)
    rank, among = ranks(shown)[area], int(np.isfinite(shown).sum())
    return "" if np.isnan(rank) or among < 2 else f"{number(rank)} von {number(among)}"


def peers(values: Mapping[str, Floats], numbers: Numbers, area: int | None) -> Peers:
    """The areas nearest to one of them."""
    kind = numbers.facts.kind
    if area is None or len(numbers.facts.areas) < 2:
        return Peers(blank="" if area is None else f"Es gibt nur {kind.one}; ein Vergleich ist nicht möglich.")
    if not values["personen"][area + 1] >= SMALL:
        return Peers(blank=f"Für {kind.plural} unter {number(SMALL)} Personen wird nicht verglichen.")
    used = [key for key in ALIKE if np.isfinite(values[key][area + 1])]
    table = np.stack([values[key][1:] for key in used], axis=1) if used else np.empty((len(numbers.facts.areas), 0))
    fit = np.isfinite(table).all(axis=1) & (values["personen"][1:] >= SMALL)
    fit[area] = False
    if len(used) < 2 or not fit.any():
        return Peers(blank="Vergleichbare Kennzahlen werden hier nicht veröffentlicht.")
    spread = table[fit | (np.arange(len(table)) == area)].std(axis=0)
    far = np.sqrt((((table - table[area]) / np.where(spread > 0, spread, np.inf)) ** 2).mean(axis=1))
    order = [int(k) for k in np.argsort(np.where(fit, far, np.inf), kind="stable")[: min(NEAREST, int(fit.sum()))]]
    names = list(numbers.facts.areas.values())
    return Peers(tuple((names[k], float(far[k])) for k in order))


def distance_text(values: Mapping[str, Floats], numbers: Numbers) -> str:
    """How the distance is measured, in a sentence."""
    what = listed([title(key, numbers.facts.target_year) for key in ALIKE if np.isfinite(values[key][1:]).any()])
    return DISTANCE.format(what=what, many=numbers.facts.kind.plural)
