"""Estimate rates, never project: mortality, fertility and migration of small areas."""

from zwkprognose.rates.area_types import TypeProposal, propose_types
from zwkprognose.rates.estimate import estimate_rates
from zwkprognose.rates.explain import explain
from zwkprognose.rates.fertility_change import change_fertility
from zwkprognose.rates.improvement import improve_mortality

__all__ = [
    "TypeProposal",
    "change_fertility",
    "estimate_rates",
    "explain",
    "improve_mortality",
    "propose_types",
]
