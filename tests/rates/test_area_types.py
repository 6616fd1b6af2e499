"""Gebietstypen, weights of years, and levels inside types."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import xarray as xr

from zwkprognose.errors import RatesError
from zwkprognose.rates import estimate_rates, propose_types
from zwkprognose.rates.shrinkage import empirical_bayes
from zwkprognose.rates.weights import recency, usual_years


@pytest.fixture
def two_kinds(make_inputs: Callable[..., xr.Dataset]) -> xr.Dataset:
    """Ten student quarters that grow and ten old quarters that shrink."""
    age = np.arange(96)
    young, old = np.exp(-(((age - 24) / 12) ** 2)), np.exp(-(((age - 68) / 18) ** 2))
    shapes = np.stack([young] * 10 + [old] * 10) * np.linspace(800, 1_200, 20)[:, None]
    stock = np.array([0.8, 0.2])[:, None, None] * np.ones((1, 2, 1)) * shapes[:, None, None, :] / 20 + 0.01
    growth = np.repeat([1.06, 0.97], 10)[:, None, None, None]
    return make_inputs({2019: stock, 2023: stock * growth})


def test_areas_that_are_alike_get_one_type_and_a_reason(two_kinds: xr.Dataset) -> None:
    proposal = propose_types(two_kinds, 2)
    types = proposal.types.to_numpy()
    assert len(set(types[:10])) == len(set(types[10:])) == 1
    assert types[0] != types[-1]
    adults = proposal.features.sel(feature="junge Erwachsene (18 bis 29)").to_numpy()
    assert adults[:10].min() > 0.5 > -0.5 > adults[10:].max()
    assert all("," in reason for reason in proposal.reasons.values())


def test_types_are_counted_from_one_the_most_populous_first(two_kinds: xr.Dataset) -> None:
    proposal = propose_types(two_kinds, 2)
    people = two_kinds["population"].isel(year_end=-1).sum(["nationality", "sex", "age"])
    by_type = people.groupby(proposal.types.rename("type")).sum()
    assert by_type["type"].values.tolist() == sorted(proposal.reasons) == [1, 2]
    assert by_type[0] > by_type[1]
    assert [reason.split(" (")[0] for reason in proposal.reasons.values()] == ["Typ 1", "Typ 2"]


def test_small_types_join_their_neighbour(two_kinds: xr.Dataset) -> None:
    proposal = propose_types(two_kinds, 8)
    counts = np.unique(proposal.types, return_counts=True)[1]
    assert counts.min() >= 3


def test_too_many_types_are_refused(two_kinds: xr.Dataset) -> None:
    with pytest.raises(RatesError, match="nicht sinnvoll"):
        propose_types(two_kinds, 15)


def test_levels_are_shrunk_inside_their_type() -> None:
    observed = np.array([20.0, 22, 18, 40, 44, 36])
    expected = np.full(6, 20.0)
    groups = np.array([0, 0, 0, 1, 1, 1])
    inside = empirical_bayes(observed, expected, groups)
    np.testing.assert_allclose(inside.level[:3], 1.0)
    np.testing.assert_allclose(inside.level[3:], 2.0)
    alone = empirical_bayes(observed[3:], expected[3:])
    np.testing.assert_allclose(inside.level[3:], alone.level)
    np.testing.assert_array_equal(inside.spread[3:], alone.spread)


def test_rate_groups_reach_the_rates(two_kinds: xr.Dataset) -> None:
    types = propose_types(two_kinds, 2).types
    plain, typed = estimate_rates(two_kinds), estimate_rates(two_kinds, rate_groups={"migration": types})
    assert float(np.abs(plain["net_migration_rate"] - typed["net_migration_rate"]).max()) > 0.001
    np.testing.assert_allclose(plain["fertility_level"], typed["fertility_level"], rtol=0.2)


def test_types_must_cover_the_areas_and_name_a_movement(two_kinds: xr.Dataset) -> None:
    types = propose_types(two_kinds, 2).types
    with pytest.raises(RatesError, match="ohne Gebietstyp"):
        estimate_rates(two_kinds, rate_groups=types.isel(area=slice(0, 5)))
    with pytest.raises(RatesError, match="Heiraten"):
        estimate_rates(two_kinds, rate_groups={"Heiraten": types})


def test_recent_years_count_more() -> None:
    np.testing.assert_allclose(recency(np.array([2013, 2023]), 5.0), [0.25, 1.0])
    np.testing.assert_array_equal(recency(np.array([2013, 2023]), None), 1.0)


def test_a_year_out_of_the_ordinary_counts_less() -> None:
    series = np.array([1.0, 1.1, 0.9, 1.05, 5.0])
    weights = usual_years(series, "downweight")
    assert weights[-1] < 0.1
    assert weights[:4].min() > 0.7
    np.testing.assert_array_equal(usual_years(series, "keep"), 1.0)


def test_the_refugee_year_is_downweighted_in_the_residuals(
    make_inputs: Callable[..., xr.Dataset], stock: np.ndarray
) -> None:
    levels = {2017: 1.0, 2018: 1.0, 2019: 1.0, 2020: 1.0, 2021: 1.06, 2022: 1.06, 2023: 1.06}
    inputs = make_inputs({year: stock * level for year, level in levels.items()})
    kept, robust = (
        estimate_rates(inputs, half_life=None, outliers=o)["net_migration_city"].mean()  # type: ignore[arg-type]
        for o in ("keep", "downweight")
    )
    without = estimate_rates(inputs, half_life=None, exclude_years=[2021])["net_migration_city"].mean()
    assert abs(float(robust - without)) < 0.2 * abs(float(kept - without))
