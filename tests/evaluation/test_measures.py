"""Measures against hand calculations and closed forms."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr
from scipy import stats

from zwkprognose.errors import EvaluationError
from zwkprognose.evaluation import measures as m


def by_area(*values: float) -> xr.DataArray:
    return xr.DataArray(list(values), {"area": [f"A{k}" for k in range(len(values))]}, ("area",))


F, A = by_area(90, 110, 100, 130), by_area(100, 100, 100, 100)


@pytest.mark.parametrize(
    ("measure", "value"),
    [(m.mape, 12.5), (m.medape, 10.0), (m.malpe, 7.5), (m.ape90, 24.0), (m.share_above, 25.0)],
)
def test_errors_of_totals_by_hand(measure: object, value: float) -> None:
    assert float(measure(F, A)) == pytest.approx(value)  # type: ignore[operator]


def test_an_empty_area_has_no_percent_error() -> None:
    with pytest.raises(EvaluationError, match="lebte niemand") as error:
        m.mape(F, by_area(1, 0, 1, 1))
    assert error.value.cells == ({"area": "A1"},)


def test_misaligned_areas_are_refused() -> None:
    other = A.assign_coords(area=["A0", "A1", "A2", "B"])
    with pytest.raises(ValueError, match=r"exact|align"):
        m.mape(F, other)


def ages(values: list[list[float]]) -> xr.DataArray:
    return xr.DataArray([values], {"area": ["A"], "sex": ["total"], "age_group": [0, 5]}, ("area", "sex", "age_group"))


def test_age_structure_error_ignores_size() -> None:
    # 30 % against 50 % young: 20 of 100 people sit in the wrong group
    assert float(m.age_structure_error(ages([[30, 70]]), ages([[500, 500]]))[0]) == pytest.approx(20.0)


def test_weighted_error_counts_persons() -> None:
    forecast = xr.concat([ages([[30, 0]]), ages([[10, 0]]).assign_coords(area=["B"])], "area")
    observed = xr.concat([ages([[20, 0]]), ages([[20, 0]]).assign_coords(area=["B"])], "area")
    assert float(m.wape(forecast, observed, [0])) == pytest.approx(100 * 20 / 40)


def test_misallocation_ignores_the_total() -> None:
    assert float(m.misallocation(by_area(60, 40), by_area(500, 500))) == pytest.approx(10.0)
    assert float(m.misallocation(by_area(2, 2), by_area(500, 500))) == 0.0


@pytest.mark.parametrize(("usable", "years"), [(155, 0), (156, 5)])
def test_shelf_life_asks_for_four_fifths_of_the_areas(usable: int, years: int) -> None:
    """156 of 195 areas are exactly 80 %."""
    observed = xr.DataArray(np.full((1, 195), 100.0), {"lead": [5]}, ("lead", "area"))
    forecast = observed + np.where(np.arange(195) < usable, 10.0, 11.0)
    assert int(m.shelf_life(forecast, observed)) == years


def test_shelf_life_ends_with_the_first_miss() -> None:
    observed = xr.DataArray(np.full((4, 5), 100.0), {"lead": [1, 2, 3, 4], "area": list("ABCDE")}, ("lead", "area"))
    error = np.array([[5, 5, 5, 5, 50], [9, 9, 9, 9, 50], [12, 12, 9, 9, 9], [1, 1, 1, 1, 1]])
    assert int(m.shelf_life(observed + error, observed)) == 2
    assert int(m.shelf_life(observed + 20, observed)) == 0


def test_skill_is_positive_only_beyond_chance() -> None:
    rng = np.random.default_rng(3)
    reference = by_area(*rng.uniform(1, 10, 200))
    better = m.skill(0.9 * reference, reference)
    assert better.value == pytest.approx(0.1)
    assert better.better
    noise = m.skill(by_area(*rng.permutation(reference.values)), reference)
    assert noise.lower < 0 < noise.upper


def test_skill_weighs_launches_alike_and_skips_areas_that_do_not_count() -> None:
    error = xr.DataArray([[2.0, np.nan], [2.0, 3.0]], {"area": ["A", "B"], "launch": [1, 2]}, ("area", "launch"))
    reference = xr.full_like(error, 4.0)
    assert m.skill(error, reference).value == pytest.approx(1 - (2 + 3) / 8)


def test_bands() -> None:
    assert m.size_bands(by_area(999, 1000, 2500, 20000)).values.tolist() == [0, 1, 2, 4]
    assert m.growth_bands(by_area(-1, 0, 1)).values.tolist() == [0, 1, 2]


def test_interval_score_by_hand() -> None:
    # width 20, and 5 below the lower limit at level 80 %: 20 + 2/0,2·5
    score = m.interval_score(by_area(100), by_area(120), by_area(95), 0.8)
    assert float(score[0]) == pytest.approx(70.0)


def test_wis_of_many_intervals_tends_to_the_crps_of_the_normal_distribution() -> None:
    levels = [(k + 1) / 200 for k in range(199)]
    z = stats.norm.ppf([(1 + level) / 2 for level in levels])
    pairs = {level: (by_area(-q), by_area(q)) for level, q in zip(levels, z, strict=True)}
    y = 0.7
    expected = y * (2 * stats.norm.cdf(y) - 1) + 2 * stats.norm.pdf(y) - 1 / np.sqrt(np.pi)
    # the mean over the levels approximates an integral that twice the WIS is
    assert float(m.wis(by_area(0.0), pairs, by_area(y))[0]) == pytest.approx(expected / 1, rel=0.02)


def test_wis_by_hand() -> None:
    """Median missed by 4: ½·4 = 2; 8 to 12: ½·0.2·(4 + 2/0.2·2) = 2.4; 5 to 14: ½·0.1·9 = 0.45; by 2½."""
    limits = {0.8: (by_area(8), by_area(12)), 0.9: (by_area(5), by_area(14))}
    assert float(m.wis(by_area(10), limits, by_area(14))[0]) == pytest.approx((2 + 2.4 + 0.45) / 2.5)
    assert float(m.wis(by_area(10), {}, by_area(14))[0]) == pytest.approx(4.0)


def test_crps_of_a_sample_tends_to_the_closed_form() -> None:
    sample = stats.norm.ppf((np.arange(4000) + 0.5) / 4000)[:, None]
    y = np.array([0.7])
    expected = 0.7 * (2 * stats.norm.cdf(0.7) - 1) + 2 * stats.norm.pdf(0.7) - 1 / np.sqrt(np.pi)
    assert m.crps(sample, y)[0] == pytest.approx(expected, abs=1e-3)
    assert m.crps(np.array([[3.0]]), np.array([5.0]))[0] == 2.0


def test_coverage_and_width() -> None:
    lower, upper, centre = by_area(0, 0, 0, 0), by_area(10, 20, 30, 40), by_area(10, 10, 10, 10)
    assert float(m.coverage(lower, upper, by_area(10, 21, 0, -1))) == 50.0
    assert float(m.median_half_width(lower, upper, centre)) == pytest.approx(125.0)
