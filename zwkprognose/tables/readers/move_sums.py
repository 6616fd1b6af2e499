"""Sums that a square of moves prints in its last row, its last column and the corner of both."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np

from zwkprognose.german import number_text
from zwkprognose.tables.areas.nested import UNPLACED
from zwkprognose.tables.files.cell_text import column_name
from zwkprognose.tables.noise import tolerance

_SHOWN = 3
_LEAST = 1e-6


@dataclass(frozen=True)
class Axis:
    """Which rows, or columns, are areas and which are of no known area (``lost``); all others are sums."""

    labels: Sequence[str]
    places: Sequence[int]
    is_area: np.ndarray
    is_lost: np.ndarray

    def meant(self, i: int) -> list[np.ndarray]:
        """What row ``i`` may be the sum of: itself, or all areas, without or with those who belong to none."""
        if self.is_area[i] or self.is_lost[i]:
            return [np.array([i])]
        own, every = np.flatnonzero(self.is_area), np.flatnonzero(self.is_area | self.is_lost)
        return [own, every] if len(every) > len(own) else [own]

    def is_sum(self, i: int) -> bool:
        """Whether a row is one of sums."""
        return not (self.is_area[i] or self.is_lost[i])


@dataclass(frozen=True)
class Off:
    """A printed sum that is not exactly that of its parts."""

    text: str
    gap: float
    is_wrong: bool


def differing(moves: np.ndarray, is_unknown: np.ndarray, down: Axis, across: Axis) -> list[Off]:
    """All printed sums that differ from their parts; ``is_wrong`` beyond what rounding, noise and moves lost explain.

    Sums that are no number, or with a part that is hidden, cannot be compared.
    """
    counted = np.where(is_unknown, np.nan, np.where(np.isnan(moves), 0.0, moves))
    found = (_compared(counted, float(moves[i, j]), i, j, down, across) for i, j in _sums(down, across))
    return [one for one in found if one is not None]


def _sums(down: Axis, across: Axis) -> Iterator[tuple[int, int]]:
    cells = product(range(len(down.labels)), range(len(across.labels)))
    return ((i, j) for i, j in cells if down.is_sum(i) or across.is_sum(j))


def _compared(counted: np.ndarray, printed: float, i: int, j: int, down: Axis, across: Axis) -> Off | None:
    parts = [counted[np.ix_(rows, columns)] for rows, columns in product(down.meant(i), across.meant(j))]
    sums = np.array([part.sum() for part in parts])
    if np.isnan(printed) or np.isnan(sums).any():
        return None
    nearest = int(np.argmin(np.abs(sums - printed)))
    gap = abs(printed - float(sums[nearest]))
    if gap <= _LEAST:
        return None
    least = float(sums[0])
    allowed = min(float(tolerance(np.array(parts[0].size + 1))), 0.5 * least) + UNPLACED * least
    place = f"in Zeile {down.places[i]}, Spalte {column_name(across.places[j])}"
    said = f"„{down.labels[i]}“ / „{across.labels[j]}“ {place}"
    text = f"{said}: ausgewiesen {number_text(printed)}, Summe der Teile {number_text(float(sums[nearest]))}"
    return Off(text, gap, gap > allowed)


def named(off: Sequence[Off]) -> str:
    """The largest differences in words.

    >>> named([Off("„A“ / „Summe“ in Zeile 3, Spalte D: ausgewiesen 6, Summe der Teile 5", 1.0, False)])
    '„A“ / „Summe“ in Zeile 3, Spalte D: ausgewiesen 6, Summe der Teile 5'
    """
    largest = sorted(off, key=lambda one: -one.gap)[:_SHOWN]
    more = f"; und {number_text(len(off) - _SHOWN)} weitere" if len(off) > _SHOWN else ""
    return "; ".join(one.text for one in largest) + more
