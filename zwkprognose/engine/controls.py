"""Eckwerte of the stock: scale the flows across the city line, never the stock.

For a sum of cells with survivors s, in-moves I, out-moves O and target T, all weighted with the mortality of
movers, the one factor f that meets the target solves T = Σs + f·ΣI − ΣO/f::

    f = (G + √(G² + 4·ΣI·ΣO)) / (2·ΣI),   G = T − Σs

In-moves are multiplied by f, out-moves divided by it, in each area in proportion to its own flows. Where more
would leave than survive, the survivors are the limit, and the rest solves again. Several sets of Eckwerte
are met by turns, each step with the same formula.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from zwkprognose.engine.model import Array, Index, in_order, over_areas
from zwkprognose.errors import EngineError

Mask = NDArray[np.bool_]

#: A target is met when the gap is below this share of it (of one person for targets below one).
MET = 1e-11
#: Steps after which targets that are still not met cannot be met together.
STEPS = 500
#: Share of the survivors that may move out: all but rounding.
ALMOST_ALL = 1 - 1e-12


@dataclass(frozen=True)
class Margin:
    """One set of Eckwerte for one year: sums over areas and cells, and what they shall be.

    ``areas`` (area) and ``cells`` (group, sex, age) give the row and column of ``target`` to which a cell
    counts, −1 for none; ``of`` is the variable; ``label`` names a row and column in an error.
    """

    name: str
    of: str
    areas: Index
    cells: Index
    target: Array
    label: Callable[[int, int], dict[str, Any]]
    memory: dict[Any, Any] = field(default_factory=dict, compare=False, repr=False)

    def at_ages(self, ages: slice) -> Margin | None:
        """The Eckwerte that concern these ages; ``None`` if there are none."""
        cells, memory = self._once(("ages", ages.start, ages.stop), lambda: (self.cells[..., ages], {}))
        if not self._once(("any", ages.start, ages.stop), lambda: bool((cells >= 0).any())):
            return None
        return Margin(self.name, self.of, self.areas, cells, self.target, self.label, memory)

    @property
    def rows(self) -> Grouping:
        """The areas of each row of the target."""
        return self._once("rows", lambda: Grouping(self.areas, self.target.shape[0]))

    @property
    def columns(self) -> Grouping:
        """The cells of each column of the target."""
        return self._once("columns", lambda: Grouping(self.cells.ravel(), self.target.shape[1]))

    def _once(self, key: Any, make: Callable[[], Any]) -> Any:
        """What follows from areas and cells alone is worked out once for all years."""
        if key not in self.memory:
            self.memory[key] = make()
        return self.memory[key]

    @property
    def spans_births(self) -> bool:
        """Does a target hold both those born in the year and older persons?"""

        def spans() -> bool:
            newborn, older = np.unique(self.cells[..., 0]), np.unique(self.cells[..., 1:])
            return bool((np.intersect1d(newborn, older) >= 0).any())

        return bool(self._once("spans", spans))

    @property
    def present(self) -> Mask:
        """Rows and columns of the target that have cells."""
        found: Mask = self._once("present", lambda: (self.rows.sizes > 0)[:, None] & (self.columns.sizes > 0))
        return found

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


class Sums(NamedTuple):
    """Per row of a margin and per cell (row, cell): what the target formula adds up.

    ``fixed`` survivors without those who leave at the limit, ``inward`` and ``outward`` weighted moves that
    the factor still changes; ``capped`` says whether anybody leaves at the limit.
    """

    fixed: Array
    inward: Array
    outward: Array
    capped: bool


class Weights(Protocol):
    """Survivors and weighted moves of all cells, of which a margin needs the sums."""

    def sums(self, factor: Array, margin: Margin) -> Sums:
        """Sums over the areas of each row, under the factor reached so far."""
        ...

    def capped(self, factor: Array) -> bool:
        """Would somewhere more move out than the limit allows?"""
        ...


@dataclass(frozen=True)
class CellWeights:
    """Survivors, in-moves and out-moves (area, cell), weighted with the mortality of movers.

    ``residents`` of facilities count for the target, but they do not move out.
    """

    survivors: Array
    inward: Array
    outward: Array
    residents: Array
    order: Index | None = None

    @cached_property
    def limit(self) -> Array:
        """Out-moves that are possible at most."""
        return ALMOST_ALL * np.maximum(self.survivors, 0.0)

    def capped(self, factor: Array) -> bool:
        """Would somewhere more move out than the limit allows?"""
        return bool((self.outward * inverse(factor) > self.limit).any())

    def sums(self, factor: Array, margin: Margin) -> Sums:
        """Sums over the areas of each row, added in the order of the areas."""
        outward, fixed = self.outward * inverse(factor), self.survivors + self.residents
        capped = outward > self.limit
        some = bool(capped.any())
        if some:
            fixed, outward = np.where(capped, fixed - self.limit, fixed), np.where(capped, 0.0, outward)
        fixed, inward, outward = (margin.rows.summed(p, self.order) for p in (fixed, self.inward * factor, outward))
        return Sums(fixed, inward, outward, some)

    def out_scale(self, factor: Array) -> Array:
        """By how much out-moves change: divided by the factor, at most to their limit."""
        free = inverse(factor)
        capped = self.outward * free > self.limit
        at_limit = np.divide(self.limit, self.outward, out=np.ones_like(self.limit), where=capped)
        return np.where(capped, at_limit, free)


def inverse(factor: Array) -> Array:
    """1/f; zero where f is zero, which happens only where nobody moves out."""
    return np.divide(1.0, factor, out=np.zeros_like(factor), where=factor > 0)


def solve(margins: Sequence[Margin], weights: Weights, guess: Array) -> Array:
    """The factor (area or one, cell) of the in-moves with which all margins are met, from a first guess.

    Raises
    ------
    EngineError
        If a target cannot be reached, or the margins contradict each other; names margin and amount.
    """
    factor, met, exact = guess, 0, False
    for step in range(STEPS):
        margin = margins[step % len(margins)]
        sums = weights.sums(factor, margin)
        if exact and not sums.capped:
            met = 1
        change = _change(margin, sums)
        if (change == 1).all():
            met, exact = met + 1, False
        else:
            factor, met, exact = factor * _spread(change, margin, len(factor) > 1), 0, not sums.capped
        if met == len(margins) or (exact and len(margins) == 1 and not weights.capped(factor)):
            return factor
    raise _contradiction(margins, weights, factor)


def first_guess(margins: Sequence[Margin], areas: int, cells: int) -> Array:
    """A factor of one for each cell, for all areas together if the margins do not tell them apart."""
    wide = any(len(m.target) > 1 or (m.areas < 0).any() for m in margins)
    return np.ones((areas if wide else 1, cells))


def _change(margin: Margin, sums: Sums) -> Array:
    """Factor for each target; one where it is met. Exact as long as no cell is at its limit."""
    fixed, inward, outward = _by_column(margin, sums)
    gap = margin.target - fixed
    off = margin.present & (abs(gap - inward + outward) > margin.tolerance)
    change = np.where(off, root(gap, inward, outward), 1.0)
    if np.isnan(change).any():
        raise _unreachable(margin, np.isnan(change), fixed, gap)
    return change


def root(gap: Array, inward: Array, outward: Array) -> Array:
    """The factor f with f·inward − outward/f = gap; NaN where there is none."""
    both = np.sqrt(gap * gap + 4 * inward * outward)
    factor = np.full_like(gap, np.nan)
    np.divide(gap + both, 2 * inward, out=factor, where=(gap >= 0) & (inward > 0))
    return np.divide(2 * outward, both - gap, out=factor, where=(gap < 0) & (outward > 0))


def _by_column(margin: Margin, sums: Sums) -> tuple[Array, Array, Array]:
    """Sums (row, column) over the cells of each column of a margin, cell by cell in their order."""
    fixed, inward, outward = (margin.columns.summed(s.T).T for s in sums[:3])
    return fixed, inward, outward


def _spread(change: Array, margin: Margin, wide: bool) -> Array:
    """The factor of each target at its cells: (area, cell), or with an axis of length one if they share it."""
    if not margin.columns.whole:
        cells = margin.cells.ravel()
        change = np.where(cells >= 0, change[:, cells], 1.0)
    if not wide or margin.rows.whole:
        return change
    return np.where(margin.areas[:, None] >= 0, change[margin.areas], 1.0)


def persons_text(amount: float) -> str:
    """Persons with one decimal, the German way.

    >>> persons_text(1234.56)
    '1.234,6'
    """
    return f"{amount:,.1f}".translate(str.maketrans(",.", ".,"))


def _unreachable(margin: Margin, where: Mask, fixed: Array, gap: Array) -> EngineError:
    cells = []
    for row, column in np.argwhere(where).tolist():
        bound = "mindestens" if gap[row, column] < 0 else "höchstens"
        reach = {"Eckwert": round(float(margin.target[row, column]), 3), bound: round(float(fixed[row, column]), 3)}
        cells.append(margin.label(row, column) | reach | {"Abstand": round(abs(float(gap[row, column])), 3)})
    amount = float(abs(gap[where]).sum())
    return EngineError(
        f"Eckwert „{margin.name}“ ist mit Zu- und Fortzügen nicht erreichbar, es fehlen "
        f"{persons_text(amount)} Personen.",
        cells=cells,
        remedy="Den Eckwert prüfen oder Zuzüge und Fortzüge vorgeben, die ihn erlauben.",
    )


def _contradiction(margins: Sequence[Margin], weights: Weights, factor: Array) -> EngineError:
    gaps = []
    for margin in margins:
        fixed, inward, outward = _by_column(margin, weights.sums(factor, margin))
        gaps.append(np.where(margin.present, fixed + inward - outward - margin.target, 0.0))
    amounts = [float(abs(g).sum()) for g in gaps]
    worst = int(np.argmax(amounts))
    row, column = np.unravel_index(int(np.argmax(abs(gaps[worst]))), gaps[worst].shape)
    cell = margins[worst].label(int(row), int(column)) | {"Abstand": round(float(gaps[worst][row, column]), 3)}
    return EngineError(
        f"Die Eckwerte widersprechen sich: „{margins[worst].name}“ wird um {persons_text(amounts[worst])} Personen "
        "verfehlt.",
        cells=[cell],
        remedy="Die Summen der Eckwerte aufeinander abstimmen: " + ", ".join(m.name for m in margins) + ".",
    )
