"""Pieces: areas and cells that all Eckwerte of a year treat alike. Their sums are all that a solution needs to know."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from weakref import ref

import numpy as np
from numpy.typing import NDArray

from zwkprognose.engine.arrays import Array, Index, Mask
from zwkprognose.engine.features.margins import EXACT, Margin


@dataclass(frozen=True)
class Layer:
    """Targets that share no cell: their numbers, and for each piece (of areas, of cells) the place of its own or −1."""

    targets: Index
    at: Index

    @cached_property
    def pieces(self) -> Index:
        """The pieces that count to some target."""
        return np.flatnonzero(self.at.ravel() >= 0)

    @cached_property
    def own(self) -> Index:
        """The place of the target of each of them."""
        return self.at.ravel()[self.pieces]

    def summed(self, values: Array) -> Array:
        """Sums of the pieces for each target, piece by piece in their order."""
        found = np.bincount(self.own, weights=values.ravel()[self.pieces], minlength=len(self.targets))
        return np.asarray(found, dtype=float)


@dataclass(frozen=True)
class Shape:
    """What margins have in common in all their years: piece of each area and cell, and layers, the largest last."""

    rows: Index
    columns: Index
    layers: tuple[Layer, ...]
    memory: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)

    @cached_property
    def count(self) -> tuple[int, int]:
        """How many pieces of areas and of cells there are."""
        return int(self.rows.max()) + 1, int(self.columns.max()) + 1

    @cached_property
    def numbers(self) -> NDArray[np.int64]:
        """Number of the target of each layer that a piece counts to, −1 for none (layer, piece of areas, of cells)."""
        return np.array([np.where(k.at >= 0, k.targets[k.at], -1) for k in self.layers], dtype=np.int64)

    def places(self, order: Index | None) -> Index:
        """Number of the piece of every cell (area, cell), areas in an order that is the same in all years."""
        if self.memory.get("order", self) is not order:
            self.memory.update(order=order, places=_in(order, self.rows)[:, None] * self.count[1] + self.columns)
        found: Index = self.memory["places"]
        return found

    @cached_property
    def counted(self) -> tuple[Index, Index]:
        """Pieces that count to a target, layer by layer, and its number."""
        pieces = np.concatenate([layer.pieces for layer in self.layers])
        return pieces, np.concatenate([layer.targets[layer.own] for layer in self.layers])

    @cached_property
    def beside(self) -> tuple[Index, Index]:
        """Pieces that targets of the largest layer share with the others, and where (target of it, other target)."""
        return _shared(self.layers[-1:], self.layers[:-1])

    @cached_property
    def among(self) -> tuple[Index, Index]:
        """Pieces that the others share among each other, and where (target, target)."""
        return _shared(self.layers[:-1], self.layers[:-1])

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
    def rows(self) -> Index:
        """The piece of each area."""
        return self.shared.rows

    @property
    def columns(self) -> Index:
        """The piece of each cell."""
        return self.shared.columns

    @property
    def layers(self) -> tuple[Layer, ...]:
        """The targets in sets that share no cell, the largest last."""
        return self.shared.layers

    @property
    def shape(self) -> tuple[int, int]:
        """How many pieces of areas and of cells there are."""
        return self.shared.count

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
    def turning(self) -> tuple[int, ...]:
        """The layers that are met one after the other to begin with: those without bounds if there are such."""
        exact = [k for k, layer in enumerate(self.layers) if (self.sense[layer.targets] == EXACT).all()]
        return tuple(exact or range(len(self.layers)))

    @cached_property
    def tables(self) -> tuple[Any, ...]:
        """The same as a compiled search takes it: targets of the pieces, by layer, how many before the largest layer,
        layers to begin with; what is wanted, up to which gap, in which sense, and whether there is anybody."""
        order = self.shared.order
        few, turning = len(order) - len(self.layers[-1].targets), np.array(self.turning, dtype=np.int64)
        held = self.wanted, self.tolerance, self.sense, self.present
        return self.shared.numbers, order, few, turning, held

    @cached_property
    def bounds(self) -> bool:
        """Is anything bound rather than met exactly?"""
        return any(m.sense != EXACT for m in self.margins)

    def of_all_targets(self, values: Array) -> Array:
        """Sums of the pieces (of areas, of cells) for every target."""
        pieces, number = self.shared.counted
        return np.asarray(np.bincount(number, weights=values.ravel()[pieces], minlength=self.first[-1]), dtype=float)

    def shared_by(self, where: tuple[Index, Index], values: Array, rows: int) -> Array:
        """Sums (row, column) of the pieces that targets share."""
        pieces, place = where
        few = len(self.shared.order) - len(self.layers[-1].targets)
        found = np.bincount(place, weights=values.ravel()[pieces], minlength=rows * few)
        return np.asarray(found, dtype=float).reshape(rows, few)

    def summed(self, values: Array, order: Index | None, columns: slice = slice(None)) -> Array:
        """Sums (piece of areas, of cells) of numbers (area, cell): area by area in their order, cell by cell.

        The numbers may be those of some columns of the cells alone.
        """
        place = self.shared.places(order)[:, columns].ravel()
        found = np.bincount(place, weights=_in(order, values).ravel(), minlength=self.shape[0] * self.shape[1])
        return np.asarray(found, dtype=float).reshape(self.shape)

    def largest(self, values: Array, order: Index | None, columns: slice = slice(None)) -> Array:
        """The largest of the numbers (area, cell) of each piece, none of them below zero; what is no number, is not."""
        found = np.zeros(self.shape[0] * self.shape[1])
        np.fmax.at(found, self.shared.places(order)[:, columns].ravel(), _in(order, values).ravel())
        return found.reshape(self.shape)

    def product(self, factors: Array) -> Array:
        """For each piece the product of the factors of its targets."""
        found = np.ones(self.shape[0] * self.shape[1])
        for layer in self.layers:
            found[layer.pieces] *= factors[layer.targets][layer.own]
        return found.reshape(self.shape)

    def spread(self, values: Array, columns: Index | None = None) -> Array:
        """Values of the pieces at their cells: (area, cell), or with an axis of length one if all areas share them.

        Of all cells, or of those that lie in some columns.
        """
        cells = values[:, self.columns if columns is None else self.columns[columns]]
        return cells if self.shape[0] == 1 else cells[self.rows]


def pieces_of(margins: Sequence[Margin], areas: int, cells: tuple[int, ...]) -> Pieces:
    """The pieces under some margins; what they have in common is worked out once for all years that have them.

    ``cells`` are the numbers of groups, sexes and ages.
    """
    memory, others = margins[0].memory, [m.memory for m in margins[1:]]
    key = ("pieces", areas, *cells, *map(id, others))
    if key not in memory:
        memory[key] = others, _shape_of(margins, areas, cells)  # kept together, so that no identity is given twice
    this = ("pieces of a year", *map(id, margins))
    found: Pieces | None = memory.get(this, _nothing)()
    if found is None:
        found = Pieces(tuple(margins), memory[key][1])
        memory[this] = ref(found)  # they know their margins: held here as well, nobody would ever let go of them
    return found


def _nothing() -> None:
    """What is remembered of a year that was not met before."""


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
    return Shape(of_area, of_cell, tuple(layers))


def _shared(layers: Sequence[Layer], others: Sequence[Layer]) -> tuple[Index, Index]:
    """Pieces of which targets of some layers share some with those of others, and where: row by row (target, other)."""
    width, row, pieces, place = sum(len(other.targets) for other in others), 0, [], []
    for layer in layers:
        column = 0
        for other in others:
            both = np.flatnonzero((layer.at.ravel() >= 0) & (other.at.ravel() >= 0))
            pieces.append(both)
            place.append((row + layer.at.ravel()[both]) * width + column + other.at.ravel()[both])
            column += len(other.targets)
        row += len(layer.targets)
    return np.concatenate(pieces), np.concatenate(place)


def _in(order: Index | None, values: Any) -> Any:
    return values if order is None else values[order]


def _layer(numbers: Index) -> Layer:
    targets = np.unique(numbers[numbers >= 0])
    return Layer(targets, np.where(numbers >= 0, np.searchsorted(targets, numbers), -1))


def _alike(keys: Sequence[Index]) -> Index:
    """Number of the group of members that agree in all keys."""
    return np.unique(np.stack(keys, axis=1), axis=0, return_inverse=True)[1].reshape(-1).astype(np.intp)
