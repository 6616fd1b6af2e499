"""Options of an estimate: what is impossible or without effect is refused and says what is possible."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import xarray as xr

from zwkprognose.errors import RatesError
from zwkprognose.rates import (
    change_fertility,
    close_rates,
    estimate_rates,
    explain,
    fit_lee_carter,
    fit_rogers_castro,
    graduate_by_multipliers,
    improve_mortality,
    propose_types,
)

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


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"method": "wavelet"}, "method='wavelet' gibt es nicht"),
        ({"damping": 3}, "damping=3 ist nicht möglich"),
        ({"damping": NAN}, "damping=nan ist nicht möglich"),
        ({"target_e0": {"female": 85.0, "male": 80.0}}, "target_e0 bleibt ohne Wirkung"),
        ({"method": "target", "target_e0": {"female": 400.5, "male": 80.0}}, "von 400,5 Jahren ist nicht zu erreichen"),
    ],
)
def test_impossible_paths_of_mortality_are_named(inputs: xr.Dataset, options: dict[str, Any], said: str) -> None:
    with pytest.raises(RatesError, match=said):
        improve_mortality(estimate_rates(inputs), range(2021, 2025), **options)


@pytest.mark.parametrize("options", [{"target_tfr": NAN}, {"target_tfr": -1.0}, {"mean_age_shift": NAN}])
def test_impossible_paths_of_fertility_are_named(inputs: xr.Dataset, options: dict[str, Any]) -> None:
    (option,) = options
    with pytest.raises(RatesError, match=f"{option}=.* ist nicht möglich"):
        change_fertility(estimate_rates(inputs), range(2021, 2025), **options)


@pytest.mark.parametrize("change", [improve_mortality, change_fertility])
def test_years_of_a_path_ascend_and_rates_change_once(inputs: xr.Dataset, change: Callable[..., xr.Dataset]) -> None:
    rates = estimate_rates(inputs)
    for years in ([], [2023, 2022], [2022, 2022]):
        with pytest.raises(RatesError, match="müssen aufsteigen"):
            change(rates, years)
    with pytest.raises(RatesError, match="years=2030 ist nicht möglich"):
        change(rates, 2030)
    with pytest.raises(RatesError, match="schon über die Jahre"):
        change(change(rates, [2021, 2022]), [2021, 2022])


def test_what_is_no_input_or_no_rates_is_said(inputs: xr.Dataset) -> None:
    with pytest.raises(RatesError, match="keinen Bestand"):
        estimate_rates(inputs["population"])  # type: ignore[arg-type]
    with pytest.raises(RatesError, match="keine geschätzten Raten"):
        explain(inputs, "0001")
    with pytest.raises(RatesError, match="subject='births' gibt es nicht"):
        explain(estimate_rates(inputs), "0001", "births")  # type: ignore[arg-type]
    with pytest.raises(RatesError, match="2,5 Gebietstypen"):
        propose_types(inputs, 2.5)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "call",
    [
        lambda: fit_rogers_castro(np.arange(80), np.full(80, 0.1), size=8),  # type: ignore[arg-type]
        lambda: fit_lee_carter(np.full((3, 3), 0.1), method="x"),  # type: ignore[arg-type]
        lambda: fit_lee_carter(np.full((3, 3), 0.1), adjust="x"),  # type: ignore[arg-type]
        lambda: close_rates(np.linspace(0.001, 0.5, 101), law="x"),  # type: ignore[arg-type]
        lambda: graduate_by_multipliers(np.ones(6), "x"),  # type: ignore[arg-type]
    ],
)
def test_methods_that_do_not_exist_are_named(call: Callable[[], Any]) -> None:
    with pytest.raises(RatesError, match="gibt es nicht") as caught:
        call()
    assert caught.value.remedy.startswith("Möglich sind ")
