"""Eckwerte as the solver takes them: sums over groups of areas and of cells, and what they shall be."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from zwkprognose.engine.arrays import Array, Index, Mask, in_order, over_areas
from zwkprognose.engine.formulas import MET
from zwkprognose.engine.known import Result

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

    @property
    def rows(self) -> Grouping:
        """The areas of each row of the target."""
        return self._once("rows", lambda: Grouping(self.areas, self.target.shape[0]))

    @property
    def columns(self) -> Grouping:
        """The cells of each column of the target."""
        return self._once("columns", lambda: Grouping(self.cells.ravel(), self.target.shape[1]))

    def _once(self, key: str, make: Callable[[], Result]) -> Result:
        """What follows from areas and cells alone is worked out once for all years."""
        if key not in self.memory:
            self.memory[key] = make()
        found: Result = self.memory[key]
        return found

    @property
    def present(self) -> Mask:
        """Rows and columns of the target that have cells."""
        return self._once("present", lambda: (self.rows.sizes > 0)[:, None] & (self.columns.sizes > 0))

    @cached_property
    def tolerance(self) -> Array:
        """Gap up to which a target is met."""
        return MET * np.maximum(self.target, 1.0)


class Grouping:
    """Which group each member belongs to, −1 for none, and sums over the members of each group."""

    def __init__(self, group: Index, groups: int) -> None:
        self.group, self.groups = group, groups
        self.sizes = np.bincount(group[group >= 0], minlength=groups)
        self.whole = groups == 1 and bool((group == 0).all())
        self.single = self.sizes.max(initial=0) <= 1
        self._known: tuple[Index | None, Index] | None = None

    def summed(self, values: Array, order: Index | None = None) -> Array:
        """Sums over the first axis of the members of each group, member by member in their order."""
        if self.whole:
            return over_areas(values, order)[None]
        members, total = self._members(order), np.zeros((self.groups, values.shape[1]))
        if self.single:
            total[self.group[members]] = values[members]
            return total
        for k, of_group in enumerate(np.split(members, np.cumsum(self.sizes)[:-1])):
            if len(of_group):
                total[k] = in_order(values[of_group], 0)
        return total

    def _members(self, order: Index | None) -> Index:
        """All members, group by group and inside a group in order; worked out once, the order is that of all years."""
        known = self._known
        if known is None or known[0] is not order:
            ordered = np.arange(len(self.group)) if order is None else order
            members = ordered[np.argsort(self.group[ordered], kind="stable")][len(ordered) - self.sizes.sum() :]
            known = self._known = order, members
        return known[1]
