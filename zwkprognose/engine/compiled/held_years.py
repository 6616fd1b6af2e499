"""The year of ``reference`` under Eckwerte of the stock, by the kernel of the expected year: the same bits."""

from __future__ import annotations

import numpy as np

from zwkprognose.engine import reference
from zwkprognose.engine.arrays import Array, Flows
from zwkprognose.engine.compiled.expected_year import COMPONENTS, Expected, Room
from zwkprognose.engine.model import Model, YearInputs

#: Components in the order of the kernel's tables.
TABLES = ("deaths", "in_moves", "out_moves", "naturalisations", "moves_in", "moves_out", "erstbezug")


class HeldYears:
    """A projection, one year from the last, with the kernel."""

    def __init__(self, model: Model, flows: Flows) -> None:
        self.model, self.flows = model, flows
        self.city = Expected(model)
        self.room = Room(self.city, COMPONENTS)

    def run(self) -> None:
        """All years."""
        self.flows["population"][:, 0] = self.model.start
        for t, year in enumerate(self.city.years):
            self._advance(t, year.given)

    def _advance(self, t: int, given: YearInputs) -> None:
        """Compute year number ``t`` and write it down; a stock below zero is looked for by whoever asked."""
        flows, shape = self.flows, self.model.start.shape
        stock = np.array(flows["population"][:, t])
        relocated: list[Array] = []
        if not given.begins_as_it_ended:
            _, start, relocated = reference.cohorts(stock, given, self.model)
            self.room.start[:] = start.reshape(len(start), -1)
        self.room.advance(t, stock.reshape(len(stock), -1), begun=not given.begins_as_it_ended)
        flows["population"][:, t + 1], flows["births"][:, t] = stock, self.room.births
        for name, table in zip(TABLES, self.room.w, strict=False):
            if name in flows:
                flows[name][:, t] = table.reshape(shape)
        if relocated:
            for name, moved in zip(("moves_out", "moves_in"), relocated, strict=True):
                flows[name][:, t] = moved + (flows[name][:, t] if given.rates.move_out is not None else 0.0)
        if given.special is not None:
            flows["sondergruppe"][:, t] = given.special.change + self.city.released(given)
