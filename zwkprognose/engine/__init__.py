"""Advance a population: every flow, exact to the person."""

from __future__ import annotations

from zwkprognose.engine.balance import check_balance
from zwkprognose.engine.project import project
from zwkprognose.engine.timing import Timing

__all__ = ["Timing", "check_balance", "project"]
