"""Hold the projection against what happened: hindcasts, references, scores, honest intervals."""

from zwkprognose.evaluation.age_intervals import age_intervals
from zwkprognose.evaluation.case import Case
from zwkprognose.evaluation.decompose import contributions_text, decompose
from zwkprognose.evaluation.flow_errors import flow_errors
from zwkprognose.evaluation.hindcast import hindcast
from zwkprognose.evaluation.history import FIVE_YEARS, TEN_YEARS, History, history_of
from zwkprognose.evaluation.intervals import intervals
from zwkprognose.evaluation.library import Library
from zwkprognose.evaluation.methods import METHODS, Forecast, Forecaster, Method
from zwkprognose.evaluation.milestones import evaluate_milestones, milestone_sentences
from zwkprognose.evaluation.official import compare_official, variants_of
from zwkprognose.evaluation.page import city_page
from zwkprognose.evaluation.score import over_launches, score
from zwkprognose.evaluation.target import Goal, reach
from zwkprognose.evaluation.trajectories import total_trajectories
from zwkprognose.evaluation.vintages import decompose_vintages

__all__ = [
    "FIVE_YEARS",
    "METHODS",
    "TEN_YEARS",
    "Case",
    "Forecast",
    "Forecaster",
    "Goal",
    "History",
    "Library",
    "Method",
    "age_intervals",
    "city_page",
    "compare_official",
    "contributions_text",
    "decompose",
    "decompose_vintages",
    "evaluate_milestones",
    "flow_errors",
    "hindcast",
    "history_of",
    "intervals",
    "milestone_sentences",
    "over_launches",
    "reach",
    "score",
    "total_trajectories",
    "variants_of",
]
