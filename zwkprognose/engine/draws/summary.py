"""From the draws of an area to means, quantiles and probabilities, one area at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zwkprognose.engine.arrays import Array
from zwkprognose.errors import EngineError
from zwkprognose.german import number_text

#: First and last age of a band, both included; None for "and older".
Band = tuple[int, int | None]
TOTAL = "insgesamt"
WIDTH, OLDEST = 5, 85


def default_bands(ages: int) -> dict[str, Band]:
    """Everybody, and groups of five years up to 85 and older, or to the open age if that is lower."""
    oldest = min(OLDEST, (ages - 1) // WIDTH * WIDTH)
    groups: dict[str, Band] = {f"{a}–{a + WIDTH - 1}": (a, a + WIDTH - 1) for a in range(0, oldest, WIDTH)}
    return {TOTAL: (0, None), **groups, f"{oldest}+": (oldest, None)}


def limit_names(exceed: Mapping[str, float]) -> list[str]:
    """Labels of the limits that may be exceeded: a band and a number of persons."""
    return [f"{band}: mehr als {number_text(persons)}" for band, persons in exceed.items()]


@dataclass(frozen=True, eq=False)
class Bands:
    """Age bands and the pieces of the age range that make them up.

    Attributes
    ----------
    names : tuple of str
    pieces : np.ndarray [age]
        Number of the piece of each age; pieces are not crossed by any band.
    members : np.ndarray [band, piece], bool
    """

    names: tuple[str, ...]
    pieces: NDArray[np.int64]
    members: NDArray[np.bool_]

    def sums(self, drawn: Array) -> Array:
        """Persons [year, band, draw] from those by piece [year, piece, draw]."""
        return np.stack([drawn[:, member].sum(axis=1) for member in self.members], axis=1)


def bands_of(bands: Mapping[str, Band] | None, ages: int) -> Bands:
    """Check the bands and cut the age range where one of them begins or ends."""
    given = dict(default_bands(ages) if bands is None else bands)
    spans = {name: (first, ages if last is None else last + 1) for name, (first, last) in given.items()}
    wrong = [name for name, (a, b) in spans.items() if not 0 <= a < b <= ages]
    if wrong or not spans:
        raise EngineError(
            "Altersgruppen sind leer oder reichen über das letzte Alter hinaus.",
            cells=[{"Altersgruppe": name} for name in wrong],
            remedy=f"Erstes und letztes Alter zwischen 0 und {ages - 1} angeben, None für „und älter“.",
        )
    cuts = sorted({edge for span in spans.values() for edge in span if 0 < edge < ages})
    pieces = np.searchsorted(cuts, np.arange(ages), side="right").astype(np.int64)
    members = np.array([[_inside(a, b, pieces, k) for k in range(len(cuts) + 1)] for a, b in spans.values()])
    return Bands(tuple(spans), pieces, members)


def _inside(first: int, end: int, pieces: NDArray[np.int64], piece: int) -> bool:
    where = np.flatnonzero(pieces == piece)
    return bool(first <= where[0] < end)


@dataclass(frozen=True, eq=False)
class Summary:
    """What is kept of the draws of one area or of the city.

    ``mean`` and ``sd`` [year, band], ``quantiles`` [quantile, year, band], ``above`` [limit, year]: share
    of the draws with more persons than a limit.
    """

    mean: Array
    sd: Array
    quantiles: Array
    above: Array


def summarise(drawn: Array, quantiles: Sequence[float], limits: Sequence[tuple[int, float]]) -> Summary:
    """Reduce draws [year, band, draw]; ``limits`` are pairs of band and number of persons."""
    above = [(drawn[:, band] > limit).mean(axis=-1) for band, limit in limits]
    ordered = np.sort(drawn, axis=-1)
    return Summary(
        drawn.mean(axis=-1),
        drawn.std(axis=-1, ddof=1),
        np.stack([_quantile(ordered, q) for q in quantiles]),
        np.array(above).reshape(len(limits), len(drawn)),
    )


def _quantile(ordered: Array, q: float) -> Array:
    """Quantile on straight lines between ordered draws, as ``numpy.quantile`` has it."""
    position = q * (ordered.shape[-1] - 1)
    below = int(np.floor(position))
    above = min(below + 1, ordered.shape[-1] - 1)
    share = position - below
    return np.asarray((1 - share) * ordered[..., below] + share * ordered[..., above])
