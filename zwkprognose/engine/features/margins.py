"""Eckwerte as the solver takes them: sums over groups of areas and of cells, and what they shall be."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from zwkprognose.engine.arrays import Array, Index, Mask, over_areas
from zwkprognose.engine.formulas import MET

#: Targets that are met exactly, that are the least, and that are the most.
EXACT, LEAST, MOST = 0, 1, -1


def called(name: str) -> str:
    """An Eckwert as messages call it; the name of one in a document has quotation marks already.

    >>> called("Stadt"), called("Szenario „Hafen“, eckwert 1")
    ('Eckwert „Stadt“', 'Eckwert (Szenario „Hafen“, eckwert 1)')
    """
    return f"Eckwert ({name})" if set("„“") & set(name) else f"Eckwert „{name}“"


@dataclass(frozen=True)
class Margin:
    """One set of Eckwerte for one year: sums over areas and cells, and what they shall be.

    ``areas`` (area) and ``cells`` (group, sex, age) give the row and column of ``target`` to which a cell
    counts, −1 for none; ``of`` is the variable; ``label`` names a row and column in an error; ``sense`` says whether
    the targets are met exactly, or bound from below or above.
    """

    name: str
    of: str
    areas: Index
    cells: Index
    target: Array
    label: Callable[[int, int], dict[str, Any]]
    memory: dict[Any, Any] = field(default_factory=dict, compare=False, repr=False)
    sense: int = EXACT

    @cached_property
    def present(self) -> Mask:
        """Rows and columns of the target that have cells."""
        rows, columns = (np.arange(n) for n in self.target.shape)
        return np.isin(rows, self.areas)[:, None] & np.isin(columns, self.cells)

    @cached_property
    def tolerance(self) -> Array:
        """Gap up to which a target is met."""
        return MET * np.maximum(self.target, 1.0)


def summed(values: Array, group: Index, groups: int, order: Index | None = None) -> Array:
    """Sums over the first axis of the members of each group, member by member in their order; −1 is no group."""
    if groups == 1 and (group == 0).all():
        return over_areas(values, order)[None]
    members, width = np.arange(len(group)) if order is None else order, values.shape[1]
    members = members[group[members] >= 0]
    place = group[members, None] * width + np.arange(width)
    found = np.bincount(place.ravel(), weights=values[members].ravel(), minlength=groups * width)
    return np.asarray(found, dtype=float).reshape(groups, width)
