"""Death probabilities from 31.12. to 31.12. against the published life table of Destatis."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from zwkprognose import estimate_rates, national
from zwkprognose.errors import RatesError
from zwkprognose.names import SEXES
from zwkprognose.rates.mortality.closing import close_probabilities
from zwkprognose.rates.mortality.past import hazard_ratio
from zwkprognose.rates.mortality.year_end import CLOSING_AGES, LAST_AGE, person_years, scale, year_end_death_prob
from zwkprognose.rates.stocks import STOCK_DIMS, survivors


def published(path: Path) -> dict[str, np.ndarray]:
    """Columns L and T of the published table 2022/24 [age] by sex."""
    with path.open(encoding="utf-8-sig") as file:
        rows = [r for r in csv.reader(file, delimiter=";") if r and re.match(r"\d+ Jahr", r[0])]
    columns = {"male": (9, 11), "female": (23, 25)}
    return {s: np.array([[float(r[c]) for c in cols] for r in rows]) for s, cols in columns.items()}


@pytest.mark.shared
@pytest.mark.parametrize("sex", ["male", "female"])
def test_survival_is_the_quotient_of_the_published_person_years(shared: Path, sex: str) -> None:
    years, remaining = published(shared / "data/destatis/Sterbetafel2022-2024.csv")[sex].T
    ours = year_end_death_prob(national.death_prob("2022/24"), 90).sel(sex=sex).to_numpy()
    assert 1 - ours[0] == pytest.approx(years[0] / 100_000, abs=5e-5)
    np.testing.assert_allclose(1 - ours[1:90], years[1:90] / years[:89], atol=3e-5)
    assert 1 - ours[90] == pytest.approx(remaining[90] / remaining[89], abs=2e-4)


@pytest.mark.parametrize(("sex", "e0", "e100"), [("male", 78.47, 1.76), ("female", 83.19, 2.00)])
def test_closed_table_gives_the_published_life_expectancy(sex: str, e0: float, e100: float) -> None:
    q = national.death_prob("2022/24").sel(sex=[sex]).to_numpy()
    lived = person_years(close_probabilities(q, LAST_AGE, CLOSING_AGES))[0]
    alive = np.prod(1 - q[0, :100])
    assert lived.sum() == pytest.approx(e0, abs=0.006)
    assert lived[100:].sum() / alive == pytest.approx(e100, abs=0.03)


def test_the_cohort_risk_is_half_a_year_younger_than_the_table() -> None:
    q = national.death_prob("2022/24")
    risk = year_end_death_prob(q, 100)
    middle = (q.sel(age=slice(59, 89)).to_numpy() + q.sel(age=slice(60, 90)).to_numpy()) / 2
    np.testing.assert_allclose(risk.sel(age=slice(60, 90)), middle, rtol=0.01)


def test_scaling_the_hazard_keeps_probabilities() -> None:
    q = np.array([0.001, 0.3, 0.9])
    np.testing.assert_allclose(scale(q, np.array(2.0)), 1 - (1 - q) ** 2)
    assert (scale(q, np.array(50.0)) <= 1).all()


def test_a_table_with_a_hole_is_refused() -> None:
    table = national.death_prob("2022/24").copy()
    table[0, 40] = np.nan
    with pytest.raises(RatesError, match="Sterbetafel"):
        year_end_death_prob(table, 90)


def test_hazards_of_earlier_years_are_those_of_their_own_tables() -> None:
    """Against the published q(x) of both tables; later years are not known, earlier ones are extrapolated."""
    found = hazard_ratio(2001, 2011, 100)
    now, then = (-np.log1p(-national.death_prob(p).sel(age=slice(60, 90))) for p in ("2010/12", "2000/02"))
    middle = ((then / now).values[..., :-1] + (then / now).values[..., 1:]) / 2  # ages reached lie between exact ages
    np.testing.assert_allclose(found.sel(age=slice(61, 90)), middle, rtol=0.015)
    assert (hazard_ratio(2015, 2011, 100) == 1).all()
    np.testing.assert_allclose(hazard_ratio(1982, 1992, 100), 1.02**10)


def test_old_people_who_died_are_not_taken_for_movers() -> None:
    """A closed town that dies as Germany did has no migration at 60 to 95, whatever the table in use."""
    years = [2001, 2006, 2011]
    q = {y: year_end_death_prob(national.death_prob(f"{y + 2}/{(y + 4) % 100:02}"), 100) for y in (2001, 2006)}
    stock = np.broadcast_to(np.linspace(2000, 100, 101), (1, 1, 2, 101)).copy()
    stocks = [stock]
    for start in years[:-1]:
        at_period = q[start].sel(sex=list(SEXES)).to_numpy()
        later = survivors(stocks[-1], at_period, 5)
        later[..., :5] = stock[..., :5]
        stocks.append(later)
    town = xr.Dataset(
        {"population": (STOCK_DIMS, np.stack(stocks))},
        {"year_end": years, "area": ["A"], "nationality": ["total"], "sex": list(SEXES), "age": np.arange(101)},
    )
    town["age"].attrs["open"] = 1
    rates = estimate_rates(town, mortality_period="2009/11")
    assert float(abs(rates["net_migration_city"].sel(age=slice(60, 95))).max()) < 2e-4
