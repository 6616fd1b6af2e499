"""Balances of the events: the natural one, that of migration, and what else changes a population."""

from __future__ import annotations

from zwkprognose.output.content.facts import Facts
from zwkprognose.output.content.numbers import Numbers
from zwkprognose.output.tables.cross import flow_labels


def inside(facts: Facts) -> str:
    """What areas gain from each other; for the whole it is nothing."""
    return f"Saldo der Umzüge {facts.regions.whole.in_the}"


def named(facts: Facts) -> dict[str, tuple[str, str]]:
    """Name of a balance and its events."""
    return {
        "Natürlicher Saldo": ("births", "deaths"),
        "Wanderungssaldo": ("in_moves", "out_moves"),
        inside(facts): ("moves_in", "moves_out"),
    }


def balances(numbers: Numbers) -> dict[str, tuple[int, ...]]:
    """Positions of the events that make up every balance; events beyond the three stand for themselves."""
    names = list(numbers.flows)
    found = {
        title: tuple(names.index(flow) for flow in flows)
        for title, flows in named(numbers.facts).items()
        if set(flows) <= set(names)
    }
    taken = {position for positions in found.values() for position in positions}
    return found | {title: (k,) for k, title in enumerate(flow_labels(numbers)) if k not in taken}
