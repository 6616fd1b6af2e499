"""Rules about cohorts: who is x years old now was x - 1 a year ago, so that a mistyped cell stands out."""

from __future__ import annotations

from collections.abc import Iterator
from functools import reduce
from typing import Any

import numpy as np
import pandas as pd

from zwkprognose.german import number_text
from zwkprognose.names import SEXES, label
from zwkprognose.tables.findings import Findings
from zwkprognose.tables.reporting import findings
from zwkprognose.tables.rules.checked import Checked
from zwkprognose.tables.rules.single_years import Stocks

#: A cohort is odd beyond this many persons and this many times the spread of its area.
ODD = (50.0, 8.0)
#: Ages on either side that a wave of moves shares, and years from which on an age has a usual change.
NEIGHBOURS, YEARS = 2, 3


def odd_cohorts(table: Checked) -> Findings:
    """T28: a cohort that changes far more than its neighbours in age, the same age in other years and the other sex."""
    stocks = table.single_years
    rows = [] if stocks is None else list(_odd(stocks))
    return findings(
        rows, "T28", "warning",
        "{where}31.12.{year}, {said_sex}, Alter {age_from}: {now} Personen; derselbe Jahrgang zählte am "
        "31.12.{then} {before}.",
        "Beide Zahlen auf Tippfehler und Tausenderpunkte prüfen.",
    )  # fmt: skip


def _odd(stocks: Stocks) -> Iterator[dict[str, Any]]:
    before = np.full(stocks.persons.shape, np.nan)
    for i, gap in stocks.steps():
        before[i, ..., gap:] = stocks.persons[i - 1, ..., :-gap]
    changes = stocks.persons - before
    usual = (_usual_by_age(changes), _usual_by_year(changes), changes[:, :, ::-1])
    unlike = reduce(_smaller, (changes - reference for reference in usual))
    size = np.sqrt(np.minimum(stocks.persons, before) + 1)
    persons, times = ODD
    # between stocks that lie years apart, moves of all these years come together
    gaps = np.diff(stocks.years, prepend=stocks.years[0])[:, np.newaxis, np.newaxis, np.newaxis]
    odd = np.abs(unlike) > gaps * np.maximum(persons, times * _spread(unlike / size) * size)
    for year, area, sex, age in np.argwhere(odd & ~_returns(odd, changes, stocks)):
        yield {
            "area": stocks.areas[area], "where": f"Gebiet {stocks.areas[area]}, " if stocks.areas[area] else "",
            "year": stocks.years[year], "then": stocks.years[year - 1],
            "sex": SEXES[sex], "said_sex": label("sex", SEXES[sex]), "age_from": int(age), "age_to": int(age) + 1,
            "now": number_text(stocks.persons[year, area, sex, age]),
            "before": number_text(before[year, area, sex, age]), "amount": float(changes[year, area, sex, age]),
        }  # fmt: skip


def _usual_by_age(changes: np.ndarray) -> np.ndarray:
    """Median change of the neighbouring ages: a wave of moves is shared by them, a slip is not."""
    by_age = pd.DataFrame(changes.reshape(-1, changes.shape[-1]).T)
    median = by_age.rolling(2 * NEIGHBOURS + 1, center=True, min_periods=1).median()
    return median.to_numpy().T.reshape(changes.shape)


def _usual_by_year(changes: np.ndarray) -> np.ndarray:
    """Median change of the same age over the years; ``NaN`` where there are too few of them."""
    by_year = pd.DataFrame(changes.reshape(len(changes), -1))
    median = by_year.median().where(by_year.count() >= YEARS)
    return np.broadcast_to(median.to_numpy().reshape(changes.shape[1:]), changes.shape)


def _smaller(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """What neither of two references explains; a reference that is not known explains nothing."""
    return np.where(np.abs(other) < np.abs(one), other, one)


def _spread(scaled: np.ndarray) -> np.ndarray:
    """Robust spread of each area [1, area, 1, 1], at least that of chance (1)."""
    by_area = pd.DataFrame(np.abs(scaled).swapaxes(0, 1).reshape(scaled.shape[1], -1).T)
    return np.maximum(1.4826 * by_area.median().to_numpy(), 1.0)[:, np.newaxis, np.newaxis]


def _returns(odd: np.ndarray, changes: np.ndarray, stocks: Stocks) -> np.ndarray:
    """Odd changes that only undo an odd one of the same cohort: the slip is in the year before."""
    back = np.zeros(odd.shape, dtype=bool)
    for i, gap in stocks.steps():
        opposite = changes[i, ..., gap:] * changes[i - 1, ..., :-gap] < 0
        back[i, ..., gap:] = odd[i - 1, ..., :-gap] & opposite
    return back
