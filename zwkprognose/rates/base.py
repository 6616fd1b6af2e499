"""The base period: which stocks, which years between them, and the national schedules of that time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import xarray as xr

from zwkprognose import national
from zwkprognose.arithmetic import summed
from zwkprognose.errors import RatesError
from zwkprognose.rates.checks import years_of
from zwkprognose.rates.fertility.schedule import schedule_on
from zwkprognose.rates.migration.residuals import Period
from zwkprognose.rates.mortality.past import hazard_ratio, middle_year
from zwkprognose.rates.mortality.year_end import year_end_death_prob
from zwkprognose.rates.rate_groups import RateGroups, types_of
from zwkprognose.rates.stocks import Stocks, read_stocks
from zwkprognose.rates.weights import Outliers, recency

#: Years of stocks that count as base period unless the caller says otherwise.
BASE_PERIOD_YEARS = 10
#: Shortest step between stocks whose single years come from age groups: in shorter ones the error of the
#: graduation outweighs the migration (Berlin, hindcast 2016 → 2020: age-structure error 2.7 against 3.2).
GROUPED_STEP_YEARS = 3


@dataclass(frozen=True)
class Base:
    """What all estimators share.

    Attributes
    ----------
    stocks : Stocks
    periods : list of Period
        Pairs of neighbouring stocks.
    years : list of int
        Calendar years whose events count.
    death_prob : np.ndarray [1, 1, sex, age], probability
        National table by age reached.
    schedule : np.ndarray [age], births per woman and year
        National schedule by age reached.
    mortality_period, fertility_year
        Which national schedules these are.
    mortality_year : float
        Year that the death probabilities belong to.
    half_life : float, years, or None
        How fast years lose weight.
    outliers : {"keep", "downweight"}
        Whether years out of the ordinary count less.
    types : dict of np.ndarray [area] or None
        Type of every area for each movement, inside which levels are shrunk.
    """

    stocks: Stocks
    periods: list[Period]
    years: list[int]
    death_prob: np.ndarray
    schedule: np.ndarray
    mortality_period: str
    mortality_year: float
    fertility_year: int
    half_life: float | None
    outliers: Outliers
    types: dict[str, np.ndarray | None]

    def hazards(self) -> list[np.ndarray]:
        """Hazards in each base period relative to those of the death probabilities [sex, age]."""
        middle = [(p.start + 1 + p.end) / 2 for p in self.periods]
        ratios = [hazard_ratio(year, self.mortality_year, self.stocks.open_age) for year in middle]
        return [_by_cell(ratio, self.stocks)[0, 0] for ratio in ratios]


def prepare_base(
    inputs: xr.Dataset,
    base_years: Iterable[int] | None = None,
    exclude_years: Iterable[int] = (),
    mortality_period: str | None = None,
    fertility_year: int | None = None,
    half_life: float | None = None,
    outliers: Outliers = "keep",
    rate_groups: RateGroups | None = None,
) -> Base:
    """Collect stocks, base periods and national schedules; see :func:`estimate_rates` for the arguments."""
    stocks = read_stocks(inputs)
    excluded = set(years_of("exclude_years", exclude_years))
    periods = base_periods(chosen_years(stocks, base_years), excluded, half_life)
    years = [y for p in periods for y in range(p.start + 1, p.end + 1) if y not in excluded]
    table = mortality_period or latest_table(stocks.years[-1])
    year = fertility_year or min(stocks.years[-1], max(national.fertility_years()))
    death_prob = year_end_death_prob(national.death_prob(table), stocks.open_age)
    births = national.fertility_rate(year)
    _require_ages(stocks, int(births["age"][-1]))
    schedule = schedule_on(stocks.open_age + 1, int(births["age"][0]), births.to_numpy())
    return Base(
        stocks,
        periods,
        years,
        _by_cell(death_prob, stocks),
        schedule,
        table,
        middle_year(table),
        year,
        half_life,
        outliers,
        types_of(rate_groups, stocks),
    )


def chosen_years(stocks: Stocks, base_years: Iterable[int] | None) -> list[int]:
    """Years of the stocks to compare: those asked for, or those of the last ten years at sensible steps."""
    if base_years is None:
        step = GROUPED_STEP_YEARS if stocks.group_width > 1 else 1
        recent = [y for y in stocks.years if y >= stocks.years[-1] - BASE_PERIOD_YEARS]
        return spaced(recent, step)
    chosen = years_of("base_years", base_years)
    missing = [y for y in chosen if y not in stocks.years]
    if missing:
        raise RatesError(
            f"Für die Basisjahre {missing} gibt es keinen Bestand.",
            cells=[{"year_end": y} for y in missing],
            remedy=f"base_years aus {list(stocks.years)} wählen.",
        )
    return chosen


def spaced(years: list[int], step: int) -> list[int]:
    """Years from the last one backwards, at least ``step`` apart; two years that are closer stay both.

    Examples
    --------
    >>> spaced([2011, 2014, 2016, 2020], 3)
    [2011, 2016, 2020]
    """
    kept = years[-1:]
    for year in reversed(years[:-1]):
        if kept[0] - year >= step:
            kept.insert(0, year)
    return kept if len(kept) > 1 else years


def base_periods(years: list[int], excluded: set[int], half_life: float | None) -> list[Period]:
    """Neighbouring pairs of years without those that span an excluded year, the latest with weight one."""
    pairs = [p for p in pairwise(years) if excluded.isdisjoint(range(p[0] + 1, p[1] + 1))]
    if not pairs:
        return []
    weights = recency(np.array([(a + b) / 2 for a, b in pairs]), half_life)
    return [Period(a, b, float(w)) for (a, b), w in zip(pairs, weights, strict=True)]


def latest_table(year: int) -> str:
    """The latest national life table whose three years had ended at a year (or the first there is)."""
    periods = sorted(national.periods())
    ended = [p for p in periods if int(p[:4]) + 2 <= year]
    return ended[-1] if ended else periods[0]


def _require_ages(stocks: Stocks, last_birth: int) -> None:
    """Refuse an open age group in which mothers and old people are the same."""
    if stocks.open_age <= last_birth:
        raise RatesError(
            f"Der Bestand ist nur bis zum Alter von {stocks.open_age - 1} Jahren nach einzelnen Altern gegliedert; für "
            f"Geburtenziffern muss er das mindestens bis {last_birth} Jahre sein.",
            remedy="Einen Bestand nach Altersjahren verwenden, oder die Tabelle mit build_inputs aufbereiten.",
        )


def _by_cell(table: xr.DataArray, stocks: Stocks) -> np.ndarray:
    """A table [sex, age] on the sexes of the stocks, as [1, 1, sex, age]; both sexes' mean for a total."""
    sexes = [str(s) for s in stocks.coords["sex"].values]
    rows = [table.sel(sex=s) if s in table["sex"] else summed(table, ["sex"]) / table.sizes["sex"] for s in sexes]
    return np.stack([row.to_numpy() for row in rows])[None, None]
