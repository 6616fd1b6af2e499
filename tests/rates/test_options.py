"""Options of an estimate: what is impossible or without effect is refused and says what is possible."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import xarray as xr

from zwkprognose.errors import RatesError
from zwkprognose.rates import estimate_rates, propose_types

NAN = float("nan")


@pytest.fixture(scope="module")
def inputs(make_inputs: Callable[..., xr.Dataset]) -> xr.Dataset:
    stock = np.full((6, 2, 2, 96), 40.0) * np.arange(1, 7).reshape(-1, 1, 1, 1)
    return make_inputs({2016: stock, 2020: stock})


@pytest.mark.parametrize(
    ("option", "value", "said", "possible"),
    [
        ("half_life", 0, "half_life=0", "größer als 0 (Jahre) oder None"),
        ("half_life", -1.5, "half_life=-1,5", "größer als 0"),
        ("half_life", NAN, "half_life=nan", "größer als 0"),
        ("half_life", float("inf"), "half_life=inf", "oder None, wenn alle Jahre gleich zählen"),
        ("half_life", "5", "half_life='5'", "eine Zahl"),
        ("shrinkage", NAN, "shrinkage=nan", "größer als 0 (Personen"),
        ("shrinkage", 0, "shrinkage=0", "in projekt.toml heißt sie k"),
        ("shrinkage", True, "shrinkage=True", "eine Zahl"),
        ("persistence", 3, "persistence=3", "von 0 bis 1"),
        ("persistence", -0.1, "persistence=-0,1", "von 0 bis 1"),
        ("turnover", 0.5, "turnover=0,5", "von 0 bis 0,2"),
        ("turnover", None, "turnover=None", "von 0 bis 0,2"),
        ("base_years", 2020, "base_years=2020", "base_years=[2011, 2020]"),
        ("base_years", "2020", "base_years='2020'", "eine Liste von Jahren"),
        ("base_years", [2016, "2020"], "base_years=[2016, '2020']", "eine Liste von Jahren"),
        ("exclude_years", 2018, "exclude_years=2018", "exclude_years=[2011, 2020]"),
        ("mortality", "wavelet", "mortality='wavelet'", "auto, national, events"),
        ("outliers", True, "outliers=True", "keep, downweight"),
        ("mortality_period", "2022", "mortality_period='2022'", "'1991/93' bis '2022/24'"),
        ("fertility_year", 1950, "fertility_year=1950", "1972 bis"),
        ("rate_groups", [1, 2], "rate_groups=list", "xr.DataArray"),
        ("rate_groups", {"migration": [1]}, "rate_groups=list", "propose_types"),
    ],
)
def test_impossible_options_are_named(inputs: xr.Dataset, option: str, value: Any, said: str, possible: str) -> None:
    with pytest.raises(RatesError) as caught:
        estimate_rates(inputs, **{option: value})
    assert caught.value.message.startswith(said)
    assert possible in caught.value.remedy


@pytest.mark.parametrize(
    "options",
    [
        {"half_life": None},
        {"half_life": np.float64(3)},
        {"persistence": 0},
        {"persistence": 1},
        {"turnover": 0.0},
        {"base_years": np.array([2016, 2020])},
        {"exclude_years": {2011}},
        {"mortality_period": "1991/93", "fertility_year": 1972},
    ],
)
def test_possible_options_give_finite_rates(inputs: xr.Dataset, options: dict[str, Any]) -> None:
    rates = estimate_rates(inputs, **options)
    assert all(bool(np.isfinite(rates[name]).all()) for name in ("out_prob", "in_moves", "fertility_rate"))


def with_totals(inputs: xr.Dataset) -> xr.Dataset:
    moves = xr.DataArray(np.full((4, 6), 900.0), dims=("year", "area"))
    return inputs.assign_coords(year=[2017, 2018, 2019, 2020]).assign(in_moves=moves, out_moves=moves)


def test_options_without_effect_are_refused(inputs: xr.Dataset) -> None:
    with pytest.raises(RatesError, match="shrinkage=50 bleibt ohne Wirkung, weil ohne Wanderung gerechnet wird"):
        estimate_rates(inputs, migration="none", shrinkage=50)
    with pytest.raises(RatesError, match="turnover=0,1 bleibt ohne Wirkung, weil Zu- und Fortzüge bekannt sind"):
        estimate_rates(with_totals(inputs), turnover=0.1)
    estimate_rates(with_totals(inputs), turnover=0.1, migration="residual")
    for known in (inputs, with_totals(inputs)):
        with pytest.raises(RatesError, match='destinations="matrix" bleibt ohne Wirkung'):
            estimate_rates(known, destinations="matrix")


def test_an_area_whose_type_is_missing_is_named(inputs: xr.Dataset) -> None:
    types = propose_types(inputs, 2).types.astype(float)
    types[3] = NAN
    with pytest.raises(RatesError, match="Gebiete ohne Gebietstyp") as caught:
        estimate_rates(inputs, rate_groups=types)
    assert [cell["area"] for cell in caught.value.cells] == ["0004"]
