"""The parts of a model that can come from one projection or from another."""

from __future__ import annotations

from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any

import numpy as np

from zwkprognose.engine.model import Model
from zwkprognose.names import label


@dataclass(frozen=True)
class Component:
    """Some fields of the model, or of its rates, that belong together."""

    name: str
    of_model: tuple[str, ...] = ()
    of_rates: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """German name."""
        return label("components", self.name)

    def differs(self, one: Model, other: Model) -> bool:
        """Whether the two models differ in these fields."""
        pairs = [(getattr(one, f), getattr(other, f)) for f in self.of_model]
        pairs += [(getattr(one.rates, f), getattr(other.rates, f)) for f in self.of_rates]
        return not all(same(a, b) for a, b in pairs)

    def taken_from(self, model: Model, other: Model) -> Model:
        """``model`` with these fields of ``other``."""
        rates = replace(model.rates, **{f: getattr(other.rates, f) for f in self.of_rates})
        return replace(model, rates=rates, **{f: getattr(other, f) for f in self.of_model})


COMPONENTS = (
    Component("jump_off", ("start",)),
    Component("fertility", (), ("fertility", "birth_group", "birth_sex")),
    Component("mortality", (), ("death",)),
    Component("out_moves", (), ("out", "out_moves", "out_early")),
    Component("in_moves", (), ("in_moves", "in_early")),
    Component("moves", ("exists",), ("move_out", "move_in_share", "destination")),
    Component("naturalisation", (), ("naturalisation",)),
    Component("erstbezug", ("housing",)),
    Component("sondergruppe", ("facilities",)),
    Component("eckwerte", ("margins",)),
)


def same(one: Any, other: Any) -> bool:
    """Equal to the last bit, inside of tuples and records too."""
    if one is None or other is None:
        return one is other
    if is_dataclass(one):
        names = [f.name for f in fields(one) if f.name != "label"]
        return type(one) is type(other) and all(same(getattr(one, n), getattr(other, n)) for n in names)
    if isinstance(one, tuple):
        return len(one) == len(other) and all(same(a, b) for a, b in zip(one, other, strict=True))
    return bool(np.array_equal(one, other))
