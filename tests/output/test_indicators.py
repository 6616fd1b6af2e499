"""Indicators against published figures, hand calculation and properties."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

from zwkprognose.output import indicators


def _people(counts: list[float]) -> xr.Dataset:
    return xr.Dataset({"population": (("year_end", "age"), [counts])}, {"year_end": [2020], "age": range(len(counts))})


def test_augsburg_2023() -> None:
    # Stadt Augsburg 2023: Jugendquotient 27.9, Altenquotient 30.2, Gesamtquotient 58.1 (a population in these ratios)
    counts = np.zeros(91)
    counts[:20], counts[20:65], counts[65:] = 27.9 / 20, 100 / 45, 30.2 / 26
    result = indicators(_people(counts.tolist()))
    for name, value in (("youth_ratio", 27.9), ("old_age_ratio", 30.2), ("total_ratio", 58.1)):
        assert float(result[name][0]) == pytest.approx(value)


def test_mean_and_median_age_by_hand() -> None:
    # three persons aged 10, one aged 50: mean (3·10.5 + 50.5)/4; half of four is reached at 2/3 of age 10
    counts = [0.0] * 60
    counts[10], counts[50] = 3, 1
    result = indicators(_people(counts))
    assert float(result["mean_age"][0]) == pytest.approx(20.5)
    assert float(result["median_age"][0]) == pytest.approx(10 + 2 / 3)


def test_limits_are_arguments() -> None:
    result = indicators(_people([1.0] * 100), working_from=15, old_from=60, very_old_from=90)
    assert float(result["youth_ratio"][0]) == pytest.approx(100 * 15 / 45)
    assert float(result["greying"][0]) == pytest.approx(100 * 10 / 30)


def test_balances_explain_the_change(city: xr.Dataset) -> None:
    result = indicators(city)
    stock = city["population"].sum(["nationality", "sex", "age"]).values
    change = np.diff(stock, axis=1)
    explained = (result["natural_balance"] + result["migration_balance"]).transpose("scenario", "year", "area")
    np.testing.assert_allclose(explained, change, rtol=1e-9)


def test_turnover_by_hand(city: xr.Dataset) -> None:
    one = city.sel(scenario="middle", area="0003")
    moved = float(one["in_moves"].sel(year=2021).sum() + one["out_moves"].sel(year=2021).sum())
    mean = float(one["population"].sel(year_end=[2020, 2021]).sum() / 2)
    result = indicators(city)["turnover"].sel(scenario="middle", area="0003", year=2021)
    assert float(result) == pytest.approx(100 * moved / mean)


def test_city_and_splits(city: xr.Dataset) -> None:
    assert indicators(city, by=())["mean_age"].dims == ("scenario", "year_end")
    assert "foreign_share" not in indicators(city, by=("nationality",))
    share = indicators(city, by=())["foreign_share"]
    assert float(share.isel(scenario=0, year_end=0)) == pytest.approx(15, abs=1)


def test_an_empty_area_has_no_ratio() -> None:
    result = indicators(_people([0.0] * 100))
    assert np.isnan(result["old_age_ratio"].values).all()
    assert np.isnan(result["mean_age"].values).all()
    assert np.isnan(result["median_age"].values).all()
