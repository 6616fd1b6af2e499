"""Which writing of the year can compute which model: one table.

A writing is one of the loops that compute the year: ``reference`` to be read, ``areas``, ``city`` and ``held`` (under
Eckwerte of the stock) compiled for a projection, ``comparisons`` compiled for sums of many, ``many_draws`` and
``coupled_draws`` for chance. The reference knows everything. What is not in a model needs no knowledge.
"""

from __future__ import annotations

from typing import Literal

from zwkprognose.engine.model import Model

Writing = Literal["reference", "areas", "city", "held", "comparisons", "many_draws", "coupled_draws"]

#: What a model may ask for besides rates by cohort of areas that stand alone, and who knows it.
KNOWN_TO: dict[str, frozenset[Writing]] = {
    "areas that depend on each other": frozenset({"city", "held", "comparisons", "coupled_draws"}),
    "out-moves as numbers": frozenset({"areas", "city", "held", "comparisons", "coupled_draws"}),
    "late movers who are no mothers": frozenset({"city"}),
    "movers by completed age": frozenset({"city"}),
    # Eckwerte scale the movers by completed age among the women at the start
    "movers by completed age under Eckwerte": frozenset(),
    # year by year a single cell of newborns means "none"
    "one cell of newborns": frozenset({"areas", "held", "comparisons", "many_draws", "coupled_draws"}),
    "a matrix of moves": frozenset({"city", "held", "comparisons", "coupled_draws"}),
    "areas that cease to exist": frozenset({"city", "held", "coupled_draws"}),
    "Eckwerte of the stock": frozenset({"held", "comparisons", "coupled_draws"}),
    "Eckwerte of flows": frozenset({"city", "comparisons", "coupled_draws"}),
}


def can(writing: Writing, model: Model) -> bool:
    """Does a writing know everything that a model asks for?"""
    return writing == "reference" or all(writing in KNOWN_TO[need] for need in needs(model))


def needs(model: Model) -> list[str]:
    """What a model asks for, in the words of the table."""
    rates, timing = model.rates, model.timing
    asked = {
        "areas that depend on each other": model.couples_areas,
        "out-moves as numbers": rates.out_moves is not None,
        "late movers who are no mothers": not timing.late_mothers,
        "movers by completed age": timing.by_completed_age,
        "movers by completed age under Eckwerte": timing.by_completed_age and bool(model.held),
        "one cell of newborns": model.start[0, ..., 0].size == 1,
        "a matrix of moves": rates.destination is not None,
        "areas that cease to exist": model.exists is not None,
        "Eckwerte of the stock": "population" in model.held,
        "Eckwerte of flows": bool(model.held - {"population"}),
    }
    return [need for need, there in asked.items() if there]
