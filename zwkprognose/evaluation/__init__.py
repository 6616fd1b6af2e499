"""Hold the projection against what happened: hindcasts, references, scores, honest intervals."""

from zwkprognose.evaluation.hindcast import hindcast
from zwkprognose.evaluation.history import FIVE_YEARS, TEN_YEARS, History, history_of
from zwkprognose.evaluation.intervals import intervals
from zwkprognose.evaluation.methods import METHODS, Forecast, Forecaster, Method
from zwkprognose.evaluation.page import city_page
from zwkprognose.evaluation.score import over_launches, score

__all__ = [
    "FIVE_YEARS",
    "METHODS",
    "TEN_YEARS",
    "Forecast",
    "Forecaster",
    "History",
    "Method",
    "city_page",
    "hindcast",
    "history_of",
    "intervals",
    "over_launches",
    "score",
]
