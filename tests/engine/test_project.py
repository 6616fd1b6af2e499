"""The public door: shapes, labels, continuation, the two ways to compute, and the balance."""

from __future__ import annotations

import json
from dataclasses import asdict

import numpy as np
import pytest
import xarray as xr

from zwkprognose import check_balance, project
from zwkprognose.engine import Eckwert, Timing, age_bands
from zwkprognose.errors import EngineError
from zwkprognose.output import open_netcdf, write_netcdf
from zwkprognose.scenarios import Scenario


@pytest.fixture(scope="module")
def stock(city):
    return city(5, groups=2, seed=3).assign_coords(area_name=("area", list("vwxyz")))


@pytest.fixture(scope="module")
def yearly(stock, rates_of):
    return rates_of(stock, seed=4, years=range(2021, 2051))


def adults(stock):
    """6,000 adults in two areas at the end of 2022, 5,100 of 2024."""
    target = xr.DataArray([[[3000.0], [3000.0]], [[2500.0], [2600.0]]], dims=("year_end", "area", "band"))
    labels = {"year_end": [2022, 2024], "area": stock["area"].values[:2], "band": ["18+"]}
    return Eckwert("Erwachsene", target.assign_coords(labels), groups={"band": age_bands({"18+": (18, None)})})


def test_result_has_the_dimensions_and_labels_of_the_contract(stock, yearly):
    projection = project(stock, yearly, until=2030)
    assert projection["population"].dims == ("year_end", "area", "nationality", "sex", "age")
    assert projection["births"].dims == ("year", "area", "nationality", "sex")
    assert projection["deaths"].dims == ("year", "area", "nationality", "sex", "age")
    assert projection["year_end"].values.tolist() == list(range(2020, 2031))
    assert projection["year"].values.tolist() == list(range(2021, 2031))
    assert projection["area_name"].values.tolist() == list("vwxyz")
    assert projection["deaths"].attrs == {"units": "persons", "long_name": "Sterbefälle"}
    assert json.loads(projection.attrs["provenance"])["start"] == 2020


def test_saved_file_says_everything_that_was_asked(stock, rates_of, plan_of, tmp_path):
    """Read back from disk: timing, Eckwerte, dwellings, homes, rates, sources with their hashes."""
    sources = [{"file": "bestand.csv", "sha256": "ab12"}]
    stock = stock.assign_attrs(sources=json.dumps(sources))
    rates = rates_of(stock, moves="pool").assign_attrs(base_period="2015–2019", fertility_year=np.int64(2019))
    asked = plan_of(stock) | {"eckwerte": [adults(stock)], "citizens": "german", "timing": Timing(newborn=0.5)}
    write_netcdf(project(stock, rates, until=2024, totals="unchanged", **asked), tmp_path / "a.nc")
    told = json.loads(open_netcdf(tmp_path / "a.nc").attrs["provenance"])
    assert (told["start"], told["until"], told["totals"], told["citizens"]) == (2020, 2024, "unchanged", "german")
    assert told["timing"] == asdict(Timing(newborn=0.5))
    assert told["eckwerte"] == [
        {"name": "Erwachsene", "of": "population", "by": ["area", "band"], "persons": {"2022": 6000.0, "2024": 5100.0}}
    ]
    assert told["erstbezug"] == {
        "dwellings": {"2021": 2.0, "2023": 1.0}, "areas": 1, "persons": 2.0, "outside_share": 0.3, "spread": [0.6, 0.4],
    }  # fmt: skip
    assert told["sondergruppen"] == [
        {"name": "Heim", "area": "04", "capacity": {"2022": 5.0, "2023": 8.0}, "closing": 2025, "stay_share": 0.5}
    ]
    assert told["rates"] == {"base_period": "2015–2019", "fertility_year": 2019}
    assert (told["sources"], told["scenarios"]) == (sources, [])


def test_what_was_not_asked_is_not_in_the_provenance(stock, yearly):
    told = json.loads(project(stock, yearly, until=2021).attrs["provenance"])
    assert set(told) == {"program", "version", "start", "until", "scenarios", "timing", "sources"}
    assert told["timing"] == "cohort"


def test_scenario_in_the_provenance_can_be_run_again(stock, yearly):
    scenario = Scenario.bundled("middle")
    (told,) = json.loads(project(stock, yearly, scenario, until=2021).attrs["provenance"])["scenarios"]
    assert Scenario.model_validate(told) == scenario


def test_one_group_without_any_naturalisation(city, rates_of):
    """A column of zeros is no reason to ask who the citizens are; one that is not is."""
    town = city(2, groups=1, seed=1)
    rates = rates_of(town)
    zero = rates.assign(naturalisation_prob=xr.zeros_like(rates["death_prob"]))
    projection = project(town, zero, until=2025)
    xr.testing.assert_equal(projection.drop_vars("naturalisations"), project(town, rates, until=2025))
    with pytest.raises(EngineError, match="citizens"):
        project(town, rates.assign(naturalisation_prob=zero["naturalisation_prob"] + 0.01), until=2025)


def test_start_is_kept_as_it_is(stock, yearly):
    projection = project(stock, yearly, until=2021)
    xr.testing.assert_equal(
        projection["population"].isel(year_end=0, drop=True), stock["population"][0].drop_vars("year_end")
    )


def test_balance_closes_in_every_cell(stock, yearly):
    assert check_balance(project(stock, yearly, until=2050)) < 1e-12


def test_balance_names_the_cell_that_does_not_close(stock, yearly):
    projection = project(stock, yearly, until=2025).copy(deep=True)
    cell = {"year": 2023, "area": "02", "nationality": "foreign", "sex": "male", "age": 41}
    projection["deaths"].loc[cell] += 0.5
    with pytest.raises(EngineError, match=r"Bilanz .*: größte Abweichung 0,\d+ \(erlaubt 1 · 10⁻⁹\)") as caught:
        check_balance(projection)
    assert caught.value.cells == (cell,)


def test_reference_and_kernel_give_the_same_bits(stock, yearly):
    one = project(stock, yearly, until=2050, method="reference")
    for threads in (1, 2, 3):
        xr.testing.assert_identical(project(stock, yearly, until=2050, method="kernel", threads=threads), one)


def test_continued_projection_is_the_same_bit_for_bit(stock, yearly):
    whole = project(stock, yearly, until=2050)
    later = project(project(stock, yearly, until=2033), yearly, until=2050)
    for name in whole:
        axis = "year_end" if name == "population" else "year"
        xr.testing.assert_equal(later[name], whole[name].sel({axis: later[axis]}))


def test_order_of_areas_does_not_matter(stock, yearly):
    mixed = stock.isel(area=[3, 0, 4, 1, 2])
    xr.testing.assert_equal(
        project(mixed, yearly, until=2030).sel(area=stock["area"]), project(stock, yearly, until=2030)
    )


def test_rates_without_an_axis_mean_the_same_for_all(stock, yearly):
    same = yearly.sel(year=2021, drop=True).assign(
        death_prob=yearly["death_prob"].isel(year=0, area=0, nationality=0, drop=True)
    )
    full = same.assign(death_prob=same["death_prob"].expand_dims(area=stock["area"], nationality=stock["nationality"]))
    xr.testing.assert_equal(project(stock, same, until=2030), project(stock, full, until=2030))
    assert np.isfinite(project(stock, same, until=2030)["population"]).all()
