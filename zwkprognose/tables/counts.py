"""Cells that count persons, with plain integer ages."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

#: Variables that count persons; their parts add up to their totals.
COUNTS = ("population", "births", "deaths", "in_moves", "out_moves", "moves")
#: Counts of persons that have every age from 0 on.
ALL_AGE_COUNTS = ("population", "deaths", "in_moves", "out_moves", "moves")
#: Everything that makes a cell one of a kind.
KEY = ["variable", "area", "destination", "year", "sex", "nationality", "age_from", "age_to"]
#: Upper end that stands for "open" in comparisons.
OPEN = 1000


def counts(cells: pd.DataFrame, variables: Iterable[str] = COUNTS) -> pd.DataFrame:
    """Cells of variables that count persons, with plain integer ages (``-1`` unknown, :data:`OPEN` open)."""
    return plain_ages(cells[cells["variable"].isin(list(variables))])


def plain_ages(cells: pd.DataFrame) -> pd.DataFrame:
    """The same cells with integer ages."""
    if cells["age_from"].dtype == cells["age_to"].dtype == "int64":
        return cells
    start = cells["age_from"].astype("float64")
    end = cells["age_to"].astype("float64")
    end = end.where(end.notna() | start.isna(), OPEN)
    return cells.assign(age_from=_integers(start), age_to=_integers(end))


def _integers(values: pd.Series) -> pd.Series:
    return values.where(values.notna(), -1).astype("int64")
