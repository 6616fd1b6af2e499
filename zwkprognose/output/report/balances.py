"""Balances of the events: the natural one, that of migration, and what else changes a population."""

from __future__ import annotations

from zwkprognose.names import label
from zwkprognose.output.content.numbers import Numbers

#: What areas gain from each other; for the whole it is nothing.
INSIDE = "Saldo der Umzüge in der Stadt"
#: Name of a balance and its events.
NAMED = {
    "Natürlicher Saldo": ("births", "deaths"),
    "Wanderungssaldo": ("in_moves", "out_moves"),
    INSIDE: ("moves_in", "moves_out"),
}


def balances(numbers: Numbers) -> dict[str, tuple[int, ...]]:
    """Positions of the events that make up every balance; events beyond the three stand for themselves."""
    names = list(numbers.flows)
    found = {
        title: tuple(names.index(flow) for flow in flows) for title, flows in NAMED.items() if set(flows) <= set(names)
    }
    taken = {position for positions in found.values() for position in positions}
    return found | {label("variables", name): (k,) for k, name in enumerate(names) if k not in taken}
