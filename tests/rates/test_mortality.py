"""Death probabilities from 31.12. to 31.12. against the published life table of Destatis."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import numpy as np
import pytest

from zwkprognose import national
from zwkprognose.errors import RatesError
from zwkprognose.rates.mortality.closing import close_probabilities
from zwkprognose.rates.mortality.year_end import CLOSING_AGES, LAST_AGE, person_years, scale, year_end_death_prob


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
