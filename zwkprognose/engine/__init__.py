"""Advance a population: every flow, exact to the person."""

from __future__ import annotations

from zwkprognose.engine.balance import check_balance
from zwkprognose.engine.housing import Erstbezug
from zwkprognose.engine.project import project
from zwkprognose.engine.special import Sondergruppe
from zwkprognose.engine.targets import Eckwert, age_bands
from zwkprognose.engine.timing import Timing

__all__ = ["Eckwert", "Erstbezug", "Sondergruppe", "Timing", "age_bands", "check_balance", "project"]
