"""Pieces: areas and cells that all Eckwerte of a year treat alike. Their sums are all that a solution needs to know."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from zwkprognose.engine.arrays import Array, Index, Mask
from zwkprognose.engine.features.margins import EXACT, Grouping, Margin


class Layer(NamedTuple):
    """Targets that share no cell: their numbers, and for each piece (of areas, of cells) the place of its own or −1."""

    targets: Index
    at: Index

    def summed(self, values: Array) -> Array:
        """Sums of the pieces for each target, piece by piece in their order."""
        inside = self.at >= 0
        found = np.bincount(self.at[inside], weights=values[inside], minlength=len(self.targets))
        return np.asarray(found, dtype=float)

    def shared(self, other: Layer, values: Array) -> Array:
        """Sums of the pieces that a target shares with one of another layer (target, target)."""
        inside = (self.at >= 0) & (other.at >= 0)
        shape = len(self.targets), len(other.targets)
        index = self.at[inside] * shape[1] + other.at[inside]
        flat = np.bincount(index, weights=values[inside], minlength=shape[0] * shape[1])
        return np.asarray(flat, dtype=float).reshape(shape)


@dataclass(frozen=True)
class Shape:
    """What margins have in common in all their years: pieces of areas and cells, and layers, the largest last."""

    rows: Grouping
    columns: Grouping
    layers: tuple[Layer, ...]
    memory: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)

    @cached_property
    def numbers(self) -> NDArray[np.int64]:
        """Number of the target of each layer that a piece counts to, −1 for none (layer, piece of areas, of cells)."""
        return np.array([np.where(at >= 0, own[at], -1) for own, at in self.layers], dtype=np.int64)

    def places(self, order: Index | None) -> Index:
        """Number of the piece of every cell, area by area in an order that is the same in all years."""
        return self._laid_out(order)[0]

    def sorted_places(self, order: Index | None) -> tuple[Index, Index, Index]:
        """The cells piece by piece, the first of each, and the numbers of the pieces."""
        return self._laid_out(order)[1:]

    def _laid_out(self, order: Index | None) -> tuple[Index, Index, Index, Index]:
        known = self.memory.get("places")
        if known is None or known[0] is not order:
            rows, columns = _in(order, self.rows.group), self.columns
            place = (rows[:, None] * columns.groups + columns.group).ravel()
            sorting = np.argsort(place, kind="stable")
            own, first = np.unique(place[sorting], return_index=True)
            known = self.memory["places"] = order, (place, sorting, first, own)
        found: tuple[Index, Index, Index, Index] = known[1]
        return found

    def of_newborn(self, born: slice) -> Shape:
        """The same of the newborn alone."""
        if "newborn" not in self.memory:
            columns = Grouping(self.columns.group[born], self.columns.groups)
            self.memory["newborn"] = Shape(self.rows, columns, self.layers)
        found: Shape = self.memory["newborn"]
        return found

    @cached_property
    def order(self) -> NDArray[np.int64]:
        """All targets layer by layer, the largest layer last."""
        return np.concatenate([layer.targets for layer in self.layers]).astype(np.int64)


@dataclass(frozen=True)
class Pieces:
    """The pieces of a city under some margins, whose targets are numbered one margin after the other.

    Those who are born in the year are pieces of their own: how many they are is known last.
    """

    margins: tuple[Margin, ...]
    shared: Shape

    @property
    def rows(self) -> Grouping:
        """The areas by piece."""
        return self.shared.rows

    @property
    def columns(self) -> Grouping:
        """The cells by piece."""
        return self.shared.columns

    @property
    def layers(self) -> tuple[Layer, ...]:
        """The targets in sets that share no cell, the largest last."""
        return self.shared.layers

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

    def newborn(self, born: slice) -> Pieces:
        """Those of some cells only: of the newborn."""
        return Pieces(self.margins, self.shared.of_newborn(born))

    @cached_property
    def turning(self) -> tuple[int, ...]:
        """The layers that are met one after the other to begin with: those without bounds if there are such."""
        exact = [k for k, layer in enumerate(self.layers) if (self.sense[layer.targets] == EXACT).all()]
        return tuple(exact or range(len(self.layers)))

    @cached_property
    def bounds(self) -> bool:
        """Is anything bound rather than met exactly?"""
        return any(m.sense != EXACT for m in self.margins)

    def of_all_targets(self, values: Array) -> Array:
        """Sums of the pieces (of areas, of cells) for every target."""
        found = np.zeros(self.first[-1])
        for layer in self.layers:
            found[layer.targets] = layer.summed(values)
        return found

    def summed(self, values: Array, order: Index | None) -> Array:
        """Sums (piece of areas, of cells) of numbers (area, cell): area by area in their order, cell by cell."""
        place = self.shared.places(order)
        found = np.bincount(place, weights=_in(order, values).ravel(), minlength=self.shape[0] * self.shape[1])
        return np.asarray(found, dtype=float).reshape(self.shape)

    def largest(self, values: Array, order: Index | None) -> Array:
        """The largest of the numbers (area, cell) of each piece."""
        sorting, first, own = self.shared.sorted_places(order)
        found = np.zeros(self.shape[0] * self.shape[1])
        found[own] = np.maximum.reduceat(_in(order, values).ravel()[sorting], first)
        return found.reshape(self.shape)

    def product(self, factors: Array) -> Array:
        """For each piece the product of the factors of its targets."""
        found = np.ones(self.shape)
        for targets, at in self.layers:
            found *= np.where(at >= 0, factors[targets][at], 1.0)
        return found

    def spread(self, values: Array) -> Array:
        """Values of the pieces at their cells: (area, cell), or with an axis of length one if all areas share them."""
        cells = values[:, self.columns.group]
        return cells if self.rows.whole else cells[self.rows.group]


def pieces_of(margins: Sequence[Margin], areas: int, cells: tuple[int, ...]) -> Pieces:
    """The pieces under some margins; what they have in common is worked out once for all years that have them.

    ``cells`` are the numbers of groups, sexes and ages.
    """
    memory, known = margins[0].memory, [m.memory for m in margins]
    key = ("pieces", areas, *cells, *map(id, known))
    if key not in memory:
        memory[key] = known, _shape_of(margins, areas, cells)  # kept together, so that no identity is given twice
    return Pieces(tuple(margins), memory[key][1])


def _shape_of(margins: Sequence[Margin], areas: int, cells: tuple[int, ...]) -> Shape:
    of_area = _alike([np.zeros(areas, dtype=np.intp), *{id(m.areas): m.areas for m in margins}.values()])
    columns = {id(m.memory): np.broadcast_to(m.cells, cells).ravel() for m in margins}
    newborn = np.broadcast_to(np.arange(cells[-1]) == 0, cells).ravel()
    of_cell = _alike([newborn.astype(np.intp), *columns.values()])
    row_at, column_at = (np.unique(of, return_index=True)[1] for of in (of_area, of_cell))
    taken: list[Index] = []
    first = 0
    for margin in margins:
        row, column = margin.areas[row_at], columns[id(margin.memory)][column_at]
        inside = (row >= 0)[:, None] & (column >= 0)
        own = np.where(inside, first + row[:, None] * margin.target.shape[1] + column, -1)
        first += margin.target.size
        free = next((number for number, layer in enumerate(taken) if not (inside & (layer >= 0)).any()), None)
        if free is None:
            taken.append(own)
        else:
            taken[free] = np.where(inside, own, taken[free])
    layers = sorted((_layer(numbers) for numbers in taken), key=lambda layer: len(layer.targets))
    rows, columns_of = (Grouping(of, int(of.max()) + 1) for of in (of_area, of_cell))
    return Shape(rows, columns_of, tuple(layers))


def _in(order: Index | None, values: Any) -> Any:
    return values if order is None else values[order]


def _layer(numbers: Index) -> Layer:
    targets = np.unique(numbers[numbers >= 0])
    return Layer(targets, np.where(numbers >= 0, np.searchsorted(targets, numbers), -1))


def _alike(keys: Sequence[Index]) -> Index:
    """Number of the group of members that agree in all keys."""
    return np.unique(np.stack(keys, axis=1), axis=0, return_inverse=True)[1].reshape(-1).astype(np.intp)
