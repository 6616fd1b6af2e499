"""Assumptions that can be read aloud: a TOML document, a frozen object, and its effect on the rates."""

from zwkprognose.scenarios.apply import apply_scenario
from zwkprognose.scenarios.family import cross, unfolded
from zwkprognose.scenarios.plans import housing_plan, totals_of
from zwkprognose.scenarios.said import assumptions_of
from zwkprognose.scenarios.scenario import Scenario
from zwkprognose.scenarios.schema import scenario_schema
from zwkprognose.scenarios.statements import Assumption

__all__ = [
    "Assumption",
    "Scenario",
    "apply_scenario",
    "assumptions_of",
    "cross",
    "housing_plan",
    "scenario_schema",
    "totals_of",
    "unfolded",
]
