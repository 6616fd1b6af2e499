"""Room for results that nobody keeps, used again and again."""

from __future__ import annotations

from zwkprognose.engine.arrays import Flows
from zwkprognose.engine.compiled import compute
from zwkprognose.engine.model import Model, allocate, of_scenario


class Room:
    """Result arrays of the last model, given to the next one with the same components."""

    def __init__(self) -> None:
        self._key: tuple[object, ...] = ()
        self._flows: Flows = {}

    def flows(self, model: Model, method: compute.Method = "auto", *, stocks_only: bool = False) -> Flows:
        """Arrays for a model; what they held is lost.

        The reference writes the stocks alone if nothing else is wanted; the kernels know all of their results or none.
        """
        key = (model.start.shape, len(model.years), *model.components, model.couples_areas)
        if key != self._key:
            self._key, self._flows = key, of_scenario(allocate([model]), 0)
        if stocks_only and not compute.by_kernel(model, method):
            return {"population": self._flows["population"]}
        return self._flows
