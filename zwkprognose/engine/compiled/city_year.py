"""The year of ``reference`` computed by the compiled kernels, where areas depend on each other.

What is rare or small stays with the reference: facilities, areas that cease to exist. What touches every cell is
compiled and shared between threads; sums over areas are added in the same order, hence the same bits.
"""

from __future__ import annotations

from types import ModuleType

import numpy as np

from zwkprognose.engine import reference
from zwkprognose.engine.arrays import Array, Flows
from zwkprognose.engine.compiled.cells import Cells, Tools, part_of
from zwkprognose.engine.compiled.tables import (
    NOWHERE,
    RATES,
    RESULTS,
    Rows,
    Team,
    birth_rows,
    fertile_ages,
    group_rows,
    rows,
)
from zwkprognose.engine.model import Model, YearInputs
from zwkprognose.engine.rates import Rates

NO_BIRTHS = (NOWHERE,) * 3, (np.uintp(1), np.uintp(1)), 0.0, 0, NOWHERE, False


class CityYear:
    """Somebody who computes one year from the last with the kernels."""

    def __init__(self, model: Model, flows: Flows, kernels: ModuleType, team: Team) -> None:
        self.model, self.flows, self.kernels, self.team = model, flows, kernels, team
        self.start = np.empty(model.start.shape)
        self.whole = part_of(model, flows, self.start, "iy")
        born = np.empty((*self.start.shape[:3], 1))
        self.young = part_of(model, {name: np.empty_like(born) for name in RESULTS if name in flows}, born, "i")
        self.births = group_rows(flows["births"], "iy")
        self.fertile = fertile_ages(model.rates)
        self.tools = Tools(kernels, team, model, model.area_order.astype(np.uintp), self.tables)
        self._laid_out: dict[tuple[str, int], Rows] = {}
        self._born_by: tuple[tuple[Array, ...], tuple[Rows, ...]] | None = None

    def advance(self, t: int, given: YearInputs) -> Flows:
        """Compute year number ``t`` and write it down."""
        base, relocated = self._begin(t, given)
        older = self._older(t, given)
        older.move()
        self._bear(t, given, base)
        self._newborn(t, given, older)
        self._finish(t, given, relocated)
        return {name: values[:, t + (name == "population")] for name, values in self.flows.items()}

    def tables(self, rates: Rates, cells: tuple[int, ...]) -> dict[str, Rows]:
        """The rates of all ages, or of the newborn, as the kernels take them; what never changes is laid out once."""
        return {name: self._table(name, getattr(rates, name), cells) for name in RATES}

    def _table(self, name: str, values: Array | None, cells: tuple[int, ...]) -> Rows:
        key = (name, cells[-1])
        if values is not None and values is getattr(self.model.unchanging, name) and key in self._laid_out:
            return self._laid_out[key]
        own = values if values is None or values.shape[-1] == 1 else values[..., : cells[-1]]
        table = rows(own, "i", cells)
        if values is not None and values is getattr(self.model.unchanging, name):
            self._laid_out[key] = table
        return table

    def _begin(self, t: int, given: YearInputs) -> tuple[Array, list[Array]]:
        """Put J into ``start``; returns the stock without facilities, and the moves out of former areas."""
        base: Array = self.flows["population"][:, t]
        if given.begins_as_it_ended:
            grow, oldest, whole = self.kernels.grow_areas, base.shape[-1], self.whole
            self.team.over_areas(lambda a, b: grow(a, b, t, oldest, whole.rows[0], whole.start_rows), len(base))
            return base, []
        base, self.start[:], relocated = reference.cohorts(base, given, self.model)
        return base, relocated

    def _older(self, t: int, given: YearInputs) -> Cells:
        """All cells of the city; what is computed for age 0 is void."""
        births = self._birth_rows(given.rates), self.fertile, self.model.timing.mothers_start, self.model.female
        return Cells(self.tools, given, self.whole, t, (*births, self.births, self._plain(given)))

    def _birth_rows(self, rates: Rates) -> tuple[Rows, ...]:
        """Rates of births as the kernels take them; what never changes is laid out once."""
        given = rates.fertility, rates.birth_group, rates.birth_sex
        if self._born_by is None or any(new is not old for new, old in zip(given, self._born_by[0], strict=True)):
            self._born_by = given, birth_rows(rates, "i")
        return self._born_by[1]

    def _newborn(self, t: int, given: YearInputs, older: Cells) -> None:
        """Those born in the year: cells of their own, set apart and put back, too few to share between threads."""
        self.young.start[..., 0] = self.flows["births"][:, t]
        cells = Cells(self.tools.alone, given, self.young, 0, NO_BIRTHS)
        cells.shares = older.newborn_shares
        cells.move()
        put, young, results = self.kernels.put_newborn, self.young.rows, self.whole.rows
        self.team.over_areas(lambda a, b: put(a, b, t, young, results), len(self.start))

    def _bear(self, t: int, given: YearInputs, base: Array) -> None:
        """Births of the year, where the kernel has not counted them or they are scaled."""
        births = self.flows["births"]
        if not self._plain(given):
            births[:, t] = self._births_otherwise(t, given, base)
        elif given.birth_scale is not None:
            births[:, t] *= given.birth_scale

    def _plain(self, given: YearInputs) -> bool:
        """Are the women at start and end those of the cohorts, so that the kernel can count the births?"""
        return given.mothers_early is None and self.model.timing.late_mothers

    def _births_otherwise(self, t: int, given: YearInputs, base: Array) -> Array:
        """Births of the conventions in which the women at start or end are counted otherwise."""
        model, ages = self.model, reference.LATER
        start, at, w = self.start[..., ages], given.rates.at_ages(ages), model.exposure[ages]
        come, gone = (self.flows[name][:, t][..., ages] for name in ("in_moves", "out_moves"))
        come_early, gone_early = w * come, w * gone
        if at.in_early is not None and at.out_early is not None:
            come_early, gone_early = at.in_early, w * (start * at.out) + at.out_early
        late = (come - gone) - (come_early - gone_early)
        stock = self.flows["population"][:, t + 1][..., ages]
        return reference.births(base, start, {"population": stock, "late": late}, given, model)

    def _finish(self, t: int, given: YearInputs, relocated: list[Array]) -> None:
        """Add what the cohorts do not take part in."""
        flows = self.flows
        if relocated:
            for name, moved in zip(("moves_out", "moves_in"), relocated, strict=True):
                own = flows[name][:, t] if given.rates.move_out is not None else 0.0
                flows[name][:, t] = own + moved
        if given.special is not None:
            released = reference.released(given, self.model, reference.ALL)
            flows["sondergruppe"][:, t] = given.special.change + released
            flows["population"][:, t + 1] += given.special.after
