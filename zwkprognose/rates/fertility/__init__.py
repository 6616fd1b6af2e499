"""Fertility: the national schedule, and what children or births of a city say besides."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zwkprognose.rates.methods import Registry

if TYPE_CHECKING:
    from zwkprognose.rates.fertility.schedule import Fertility

#: ``estimate(inputs, base, death_prob, net)`` of each method.
METHODS: Registry[Fertility] = Registry(
    __name__, {"national": "national_schedule", "children": "from_children", "events": "from_births"}
)
