"""Pieces: areas and cells that all Eckwerte of a year treat alike. Their sums are all that a solution needs to know."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from zwkprognose.engine.arrays import Array, Index, Mask
from zwkprognose.engine.features.margins import EXACT, Grouping, Margin


@dataclass(frozen=True)
class Pieces:
    """The pieces of a city under some margins.

    ``rows`` are the areas by piece, ``columns`` the cells; ``targets`` gives for each margin the number of the target
    to which a piece (of areas, of cells) counts, numbered over all margins, −1 for none.
    """

    margins: tuple[Margin, ...]
    rows: Grouping
    columns: Grouping
    targets: tuple[Index, ...]

    @property
    def shape(self) -> tuple[int, int]:
        """How many pieces of areas and of cells there are."""
        return self.rows.groups, self.columns.groups

    @cached_property
    def first(self) -> tuple[int, ...]:
        """Number of the first target of each margin, and at last of all targets."""
        return tuple(np.cumsum([0, *(m.target.size for m in self.margins)]).tolist())

    @cached_property
    def wanted(self) -> Array:
        """All targets."""
        return np.concatenate([m.target.ravel() for m in self.margins])

    @cached_property
    def tolerance(self) -> Array:
        """Gap up to which each is met."""
        return np.concatenate([m.tolerance.ravel() for m in self.margins])

    @cached_property
    def sense(self) -> Index:
        """Whether each is met exactly, or bounds."""
        return np.concatenate([np.full(m.target.size, m.sense, dtype=np.intp) for m in self.margins])

    @cached_property
    def present(self) -> Mask:
        """Which of them have cells."""
        return np.concatenate([m.present.ravel() for m in self.margins])

    @cached_property
    def bounds(self) -> bool:
        """Is anything bound rather than met exactly?"""
        return any(m.sense != EXACT for m in self.margins)

    def by_target(self, values: Array, margin: int) -> Array:
        """Sums of the pieces (of areas, of cells) for each target of a margin, piece by piece in their order."""
        at, first = self.targets[margin].ravel(), self.first[margin]
        inside = at >= 0
        size = self.margins[margin].target.size
        return np.asarray(np.bincount(at[inside] - first, weights=values.ravel()[inside], minlength=size), dtype=float)

    def of_all_targets(self, values: Array) -> Array:
        """The same for the targets of all margins."""
        return np.concatenate([self.by_target(values, k) for k in range(len(self.margins))])

    def between(self, values: Array, one: int, other: int) -> Array:
        """Sums of the pieces that count to a target of one margin and one of another (target, target)."""
        at, beside = self.targets[one].ravel() - self.first[one], self.targets[other].ravel() - self.first[other]
        inside = (at >= 0) & (self.targets[other].ravel() >= 0)
        shape = self.margins[one].target.size, self.margins[other].target.size
        index = at[inside] * shape[1] + beside[inside]
        flat = np.bincount(index, weights=values.ravel()[inside], minlength=shape[0] * shape[1])
        return np.asarray(flat, dtype=float).reshape(shape)

    def summed(self, values: Array) -> Array:
        """(piece of areas, cell) summed over the cells of each piece of cells."""
        return self.columns.summed(np.ascontiguousarray(values.T)).T

    def product(self, factors: Array) -> Array:
        """For each piece the product of the factors of its targets."""
        found = np.ones(self.shape)
        for at in self.targets:
            found *= np.where(at >= 0, factors[at], 1.0)
        return found

    def spread(self, values: Array) -> Array:
        """Values of the pieces at their cells: (area, cell), or with an axis of length one if all areas share them."""
        cells = values[:, self.columns.group]
        return cells if self.rows.whole else cells[self.rows.group]


def pieces_of(margins: Sequence[Margin], areas: int, cells: int) -> Pieces:
    """The pieces under some margins; worked out once for all years that have them."""
    key = ("pieces", *(id(m.memory) for m in margins))

    def make() -> tuple[object, Grouping, Grouping, list[tuple[Index, Index]]]:
        alike = all(m.rows.whole for m in margins)
        of_area = np.zeros(areas, dtype=np.intp) if alike else _alike([m.areas for m in margins])
        of_cell = _alike([np.broadcast_to(m.cells.ravel(), cells) for m in margins])
        first = [np.unique(of, return_index=True)[1] for of in (of_area, of_cell)]
        at = [(m.areas[first[0]], np.broadcast_to(m.cells.ravel(), cells)[first[1]]) for m in margins]
        rows, columns = (Grouping(of, int(of.max()) + 1) for of in (of_area, of_cell))
        return [m.memory for m in margins], rows, columns, at

    if key not in margins[0].memory:
        margins[0].memory[key] = make()
    _, rows, columns, at = margins[0].memory[key]
    targets, first = [], 0
    for margin, (row, column) in zip(margins, at, strict=True):
        inside = (row >= 0)[:, None] & (column >= 0)
        targets.append(np.where(inside, first + row[:, None] * margin.target.shape[1] + column, -1))
        first += margin.target.size
    return Pieces(tuple(margins), rows, columns, tuple(targets))


def _alike(keys: Sequence[Index]) -> Index:
    """Number of the group of members that agree in all keys."""
    return np.unique(np.stack(keys, axis=1), axis=0, return_inverse=True)[1].reshape(-1).astype(np.intp)
