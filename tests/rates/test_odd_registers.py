"""Registers that look odd: each gives rates that a projection can use, or a sentence that names the cell."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

from zwkprognose.engine import check_balance, project
from zwkprognose.errors import RatesError
from zwkprognose.examples import musterstadt
from zwkprognose.rates import estimate_rates
from zwkprognose.rates.migration.inside import destination_share, pool_share

FLOWS = ("births", "deaths", "in_moves", "out_moves")


@pytest.fixture
def inputs() -> xr.Dataset:
    """Five quarters of Musterstadt in three years."""
    few = slice(0, 5)
    return musterstadt(years=3).inputs.isel(area=few, origin=few, destination=few).copy(deep=True)


def projected(inputs: xr.Dataset, **options: str) -> xr.Dataset:
    rates = estimate_rates(inputs, **options)  # type: ignore[arg-type]
    assert all(np.isfinite(rates[name]).all() for name in rates.data_vars if rates[name].dtype.kind == "f")
    projection = project(inputs, rates, until=2018)
    assert check_balance(projection) < 1e-9
    return projection


def without_events(inputs: xr.Dataset, area: str) -> xr.Dataset:
    for name in FLOWS:
        inputs[name].loc[{"area": area}] = 0
    inputs["moves"].loc[{"origin": area}] = 0
    inputs["moves"].loc[{"destination": area}] = 0
    return inputs


@pytest.mark.parametrize("destinations", ["pool", "matrix"])
def test_an_area_without_any_event_has_the_least_level_but_not_none(inputs: xr.Dataset, destinations: str) -> None:
    quiet = without_events(inputs, "03")
    projected(quiet, destinations=destinations)
    level = estimate_rates(quiet)["out_level"].sel(nationality="german").isel(band=2)
    assert 0 < float(level.sel(area="03")) == float(level.min())


@pytest.mark.parametrize("destinations", ["pool", "matrix"])
def test_an_area_where_nobody_lives_stays_empty_of_exits(inputs: xr.Dataset, destinations: str) -> None:
    inputs["population"].loc[{"area": "03"}] = 0
    assert (
        float(projected(without_events(inputs, "03"), destinations=destinations)["out_moves"].sel(area="03").sum()) < 1
    )


@pytest.mark.parametrize("destinations", ["pool", "matrix"])
def test_nobody_moves_inside_the_city(inputs: xr.Dataset, destinations: str) -> None:
    inputs["moves"][...] = 0
    assert float(projected(inputs, destinations=destinations)["moves_out"].sum()) == pytest.approx(0, abs=1)


def test_shares_sum_to_one_wherever_anybody_may_go() -> None:
    to_one_only = np.zeros((3, 3))
    to_one_only[:2, 2] = 40.0
    for flows in (np.zeros((3, 3)), to_one_only, np.zeros((1, 1))):
        np.testing.assert_allclose(destination_share(flows).sum(axis=1), 1.0)
        np.testing.assert_allclose(pool_share(flows).sum(axis=0), 1.0)
    np.testing.assert_allclose(destination_share(to_one_only)[2], [0.5, 0.5, 0.0])


def test_a_single_area_with_a_table_of_moves(inputs: xr.Dataset) -> None:
    projected(inputs.isel(area=[2], origin=[2], destination=[2]))


def test_no_births_at_all_are_no_births_later(inputs: xr.Dataset) -> None:
    inputs["births"][...] = 0
    assert float(projected(inputs)["births"].sum()) == 0


def test_births_of_a_group_without_women_are_those_of_all_mothers(inputs: xr.Dataset) -> None:
    inputs["population"].loc[{"nationality": "foreign"}] = 0
    for name in ("deaths", "in_moves", "out_moves", "moves"):
        inputs[name].loc[{"nationality": "foreign"}] = 0
    rates = estimate_rates(inputs, half_life=None)
    assert float((rates["fertility_level"] * rates["fertility_expected"]).sum()) == pytest.approx(
        float(inputs["births"].sum())
    )


def test_deaths_of_more_than_everybody_are_refused(inputs: xr.Dataset) -> None:
    inputs["deaths"][...] *= 60
    with pytest.raises(RatesError, match="sterben mehr Personen") as error:
        estimate_rates(inputs)
    assert {"sex": "female", "age": "ab 80"}.items() <= error.value.cells[0].items()


def test_deaths_of_a_sex_that_nobody_has_are_refused(inputs: xr.Dataset) -> None:
    inputs["population"].loc[{"sex": "male"}] = 0
    with pytest.raises(RatesError, match="sterben mehr Personen") as error:
        estimate_rates(inputs)
    assert {cell["sex"] for cell in error.value.cells} == {"male"}


def test_more_exits_than_people_name_group_sex_and_age(inputs: xr.Dataset) -> None:
    inputs["out_moves"].loc[{"age": 50, "nationality": "foreign", "sex": "female"}] = 900
    with pytest.raises(RatesError, match="mehr Personen fort") as error:
        estimate_rates(inputs)
    assert [{k: cell[k] for k in ("nationality", "sex", "age")} for cell in error.value.cells] == [
        {"nationality": "foreign", "sex": "female", "age": 50}
    ]


@pytest.mark.parametrize("value", [-3.0, np.nan, np.inf])
@pytest.mark.parametrize("name", [*FLOWS, "moves"])
def test_an_impossible_count_is_named_with_its_cell(inputs: xr.Dataset, name: str, value: float) -> None:
    """Also where the sum over areas or ages would hide it."""
    cell = {dim: inputs[name][dim].values[1] for dim in inputs[name].dims}
    inputs[name].loc[cell] = value
    with pytest.raises(RatesError, match="Werte fehlen oder sind negativ") as error:
        estimate_rates(inputs)
    assert [dict(one) for one in error.value.cells] == [cell]
