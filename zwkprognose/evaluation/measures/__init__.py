"""Measures of accuracy: one family per file, arrays in, arrays out.

All take a forecast and what was observed, labelled, and reduce the areas. Labels must agree exactly.
"""

from zwkprognose.evaluation.measures.ages import age_structure_error, wape
from zwkprognose.evaluation.measures.bands import growth_bands, size_bands
from zwkprognose.evaluation.measures.errors import (
    absolute_percent_error,
    ape90,
    malpe,
    mape,
    medape,
    percent_error,
    share_above,
)
from zwkprognose.evaluation.measures.intervals import coverage, crps, interval_score, median_half_width, wis
from zwkprognose.evaluation.measures.shares import misallocation
from zwkprognose.evaluation.measures.shelf_life import shelf_life
from zwkprognose.evaluation.measures.skill import Skill, skill

__all__ = [
    "Skill",
    "absolute_percent_error",
    "age_structure_error",
    "ape90",
    "coverage",
    "crps",
    "growth_bands",
    "interval_score",
    "malpe",
    "mape",
    "medape",
    "median_half_width",
    "misallocation",
    "percent_error",
    "share_above",
    "shelf_life",
    "size_bands",
    "skill",
    "wape",
    "wis",
]
