"""Advance a population: every flow, exact to the person."""

from __future__ import annotations

from zwkprognose.engine.balance import check_balance
from zwkprognose.engine.draws.uncertainty import Uncertainty
from zwkprognose.engine.features.eckwerte import Eckwert, age_bands
from zwkprognose.engine.features.housing import Erstbezug
from zwkprognose.engine.features.special import Sondergruppe
from zwkprognose.engine.features.timing import Timing
from zwkprognose.engine.parts.cities import cut
from zwkprognose.engine.prepare import Prepared, prepare
from zwkprognose.engine.project import draw_trajectories, project, project_draws
from zwkprognose.engine.totals import area_totals, rates_to_totals

__all__ = [
    "Eckwert",
    "Erstbezug",
    "Prepared",
    "Sondergruppe",
    "Timing",
    "Uncertainty",
    "age_bands",
    "area_totals",
    "check_balance",
    "cut",
    "draw_trajectories",
    "prepare",
    "project",
    "project_draws",
    "rates_to_totals",
]
