"""Assumptions that can be read aloud: a TOML document, a frozen object, and its effect on the rates."""

from zwkprognose.scenarios.apply import apply_scenario
from zwkprognose.scenarios.scenario import Scenario
from zwkprognose.scenarios.statements import Assumption

__all__ = ["Assumption", "Scenario", "apply_scenario"]
