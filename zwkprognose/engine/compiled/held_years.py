"""The year of ``reference`` under Eckwerte of the stock, by the kernel of the expected year: the same bits."""

from __future__ import annotations

import numpy as np

from zwkprognose.engine.arrays import Array, Flows, aged
from zwkprognose.engine.compiled.expected_year import COMPONENTS, Expected, Room
from zwkprognose.engine.features import moves
from zwkprognose.engine.model import Model, YearInputs

#: Components in the order of the kernel's tables.
TABLES = ("deaths", "in_moves", "out_moves", "naturalisations", "moves_in", "moves_out", "erstbezug")


class HeldYears:
    """A projection, one year from the last, with the kernel."""

    def __init__(self, model: Model, flows: Flows) -> None:
        self.model, self.flows = model, flows
        self.city = Expected(model)
        self.room = Room(self.city, COMPONENTS, certain=True)

    def run(self) -> None:
        """All years."""
        self.flows["population"][:, 0] = self.model.start
        for t, year in enumerate(self.city.years):
            self._advance(t, year.given)

    def _advance(self, t: int, given: YearInputs) -> None:
        """Compute year number ``t`` and write it down; a stock below zero is looked for by whoever asked."""
        flows, shape = self.flows, self.model.start.shape
        stock = np.array(flows["population"][:, t])
        relocated = self._leave_former(stock, given)
        self.room.advance(t, stock.reshape(len(stock), -1), begun=relocated is not None)
        flows["population"][:, t + 1], flows["births"][:, t] = stock, self.room.births
        for name, table in zip(TABLES, self.room.w, strict=False):
            if name in flows:
                flows[name][:, t] = table.reshape(shape)
        if relocated is not None:
            for name, moved in zip(("moves_out", "moves_in"), relocated, strict=True):
                flows[name][:, t] = moved + (flows[name][:, t] if given.rates.move_out is not None else 0.0)
        if given.special is not None:
            flows["sondergruppe"][:, t] = given.special.change + self.city.released(given)

    def _leave_former(self, stock: Array, given: YearInputs) -> tuple[Array, Array] | None:
        """At the start of the year everybody moves out of the areas that no longer exist (out, in)."""
        if given.exists is None:
            return None
        base = stock - (0.0 if given.special is None else given.special.before)
        start, leaving, arriving = moves.relocate(aged(base), given.rates, given.exists, self.model.order)
        self.room.start[:] = start.reshape(len(start), -1)
        return leaving, arriving
