"""Official forecasts, components, and intervals for age bands."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from zwkprognose.engine import project
from zwkprognose.errors import EvaluationError
from zwkprognose.evaluation.age_intervals import age_intervals
from zwkprognose.evaluation.component_ranges import component_limits
from zwkprognose.evaluation.flow_errors import flow_errors
from zwkprognose.evaluation.official import compare_official, variants_of
from zwkprognose.evaluation.quantities import Quantity, counted, members, summed_over, value_of
from zwkprognose.examples import load_example, musterstadt
from zwkprognose.rates import estimate_rates
from zwkprognose.scenarios import Scenario

BANDS = {"unter 5": (0, 4), "65+": (65, None)}


def variants(shift: float) -> pd.DataFrame:
    """Three variants of two Stadtteile of Konstanz, five and ten years from 2010; the middle one is off by a share."""
    rows = []
    for area, persons in (("altstadt", {5: 11987, 10: 12080}), ("dettingen", {5: 3141, 10: 3342})):
        for lead, truth in persons.items():
            for name, factor in (("untere", 0.9), ("mittlere", 1 + shift), ("obere", 1.1)):
                rows.append((2010, name, 2010 + lead, area, truth * factor / 2))
                rows.append((2010, name, 2010 + lead, area, truth * factor / 2))
    return pd.DataFrame(rows, columns=["start", "variante", "jahr", "gebiet", "anzahl"])


def test_variants_are_added_up_and_labelled() -> None:
    official = variants_of(variants(0.0))
    assert official.dims == ("launch", "scenario", "lead", "area")
    assert float(official.sel(launch=2010, scenario="obere", lead=5, area="altstadt")) == pytest.approx(1.1 * 11987)


@pytest.mark.parametrize(("shift", "closer"), [(0.001, 100.0), (0.5, 0.0)])
def test_who_was_better_where(konstanz: xr.DataArray, shift: float, closer: float) -> None:
    result = compare_official(variants_of(variants(shift)), konstanz, methods=("unchanged", "average"))
    middle = result.loc[(2010, 5, "mittlere")]
    assert middle["areas"] == 2
    assert middle["mape"] == pytest.approx(100 * shift)
    assert middle["closer_than_unchanged"] == middle["closer_than_average"] == closer
    unchanged = np.mean([abs(11762 / 11987 - 1), abs(3069 / 3141 - 1)])
    assert middle["mape_unchanged"] == pytest.approx(100 * unchanged)
    assert result.loc[(2010, 10, "alle"), "between"] == 100


def test_bad_variant_tables_are_named(konstanz: xr.DataArray) -> None:
    good = variants(0.0)
    with pytest.raises(EvaluationError, match="fehlen Spalten: variante"):
        variants_of(good.drop(columns="variante"))
    bad = good.assign(anzahl=good["anzahl"].where(good.index != 3, -1))
    with pytest.raises(EvaluationError, match="ohne Zahl") as error:
        variants_of(bad)
    assert error.value.cells[0]["anzahl"] == -1
    with pytest.raises(EvaluationError, match="schon eingetreten"):
        compare_official(variants_of(good.assign(start=2024, jahr=2040)), konstanz, methods=("unchanged",))


def test_errors_of_components_add_up_to_what_was_published() -> None:
    inputs = load_example("konstanz")
    result = flow_errors(inputs, [2015], 5)
    years = slice(2016, 2020)
    for name in ("births", "deaths", "in_moves", "out_moves"):
        assert result.loc[(2015, name), "observed"] == float(inputs[name].sel(year=years).sum())
        assert abs(result.loc[(2015, name), "percent"]) < 25
    births = result.loc[(2015, "births")]
    assert births["percent"] == pytest.approx(100 * (births["forecast"] / births["observed"] - 1))


def test_errors_of_components_begin_with_the_second_stock() -> None:
    """Rates need two stocks: of three, one year after the second is known, and two years after none."""
    inputs = musterstadt(years=2).inputs
    assert {"population", "births", "deaths"} <= set(component_limits(inputs, 1))
    assert component_limits(inputs, 2) == {}


def test_components_need_events() -> None:
    inputs = load_example("konstanz")[["population"]]
    with pytest.raises(EvaluationError, match="keine Bewegungen") as error:
        flow_errors(inputs, [2015], 5)
    assert error.value.cells


@pytest.fixture(scope="module")
def with_sexes(cities: object, berlin: xr.DataArray) -> xr.Dataset:
    return cities.with_sexes(berlin.isel(area=slice(0, 130)).to_dataset(name="population"))  # type: ignore[attr-defined]


def test_age_bands_are_covered_on_a_launch_that_was_not_used(with_sexes: xr.Dataset) -> None:
    truth = with_sexes["population"].sel(year_end=2015)
    known = with_sexes.sel(year_end=slice(2003, 2010))
    limits = age_intervals(known, [2015], BANDS, city={2015: float(truth.sum())}).isel(year_end=0)
    size = known["population"].isel(year_end=-1).sum(["nationality", "sex", "age"]).values
    for name, (first, last) in BANDS.items():
        persons = truth.sum(["nationality", "sex"]).sel(age=slice(first, last)).sum("age").values
        part = limits.sel(age_band=name)
        inside = (part["lower"].values <= persons) & (persons <= part["upper"].values)
        share = inside[:, size >= 1000].mean(axis=1)
        assert 0.65 < share[0] < 0.98
        assert share[1] > 0.88
    assert (limits["lower"] <= limits["forecast"]).mean() > 0.9


def test_exceedance_falls_with_the_limit_and_is_even_at_the_middle(with_sexes: xr.Dataset) -> None:
    small = with_sexes.isel(area=slice(0, 60)).sel(year_end=slice(2003, 2010))
    names = list(BANDS)
    low, high = (age_intervals(small, [2013], BANDS, exceed={names[0]: n}) for n in (50, 200))
    assert (low["exceedance"].values >= high["exceedance"].values).all()
    forecast = low["forecast"].sel(age_band=names[0], year_end=2013).values
    sure = low["exceedance"].isel(limit=0, year_end=0).values[forecast > 400]
    assert sure.size
    assert (sure > 0.97).all()
    with pytest.raises(EvaluationError, match="unbekannte Altersgruppen"):
        age_intervals(small, [2013], BANDS, exceed={"Hundertjährige": 5})


def test_limits_of_age_bands_know_nothing_of_later_years(with_sexes: xr.Dataset) -> None:
    small = with_sexes.isel(area=slice(0, 40))
    later = small.copy(deep=True)
    later["population"].loc[{"year_end": slice(2009, None)}] *= 2
    first, second = (age_intervals(x.sel(year_end=slice(2001, 2008)), [2011], BANDS) for x in (small, later))
    xr.testing.assert_identical(first, second)


def test_bands_with_too_few_errors_are_named(with_sexes: xr.Dataset) -> None:
    few = with_sexes.isel(area=slice(0, 4)).sel(year_end=slice(2005, 2010))
    with pytest.raises(EvaluationError, match="zu wenige frühere Abweichungen") as error:
        age_intervals(few, [2012], BANDS)
    assert error.value.remedy


def test_without_a_rule_the_limits_are_those_of_the_cohorts_alone() -> None:
    """The middle of the limits is what ``project`` says of the middle variant without ``totals``."""
    inputs = load_example("berlin").isel(area=slice(0, 40))
    limits = age_intervals(inputs, [2024], {"insgesamt": (0, None)}, totals=None).isel(year_end=0, age_band=0)
    expected = Scenario.bundled("middle")
    alone = project(inputs, estimate_rates(inputs), expected, until=2024)["population"].sel(year_end=2024)
    np.testing.assert_allclose(limits["forecast"], alone.sum(["nationality", "sex", "age"]))
    assert (limits["lower"] < limits["forecast"]).all()
    assert (limits["forecast"] < limits["upper"]).all()


def test_limits_of_ages_belong_to_the_forecast_with_its_own_rates() -> None:
    """Whose rates differ, its errors differ; base years move with the launch."""
    inputs = load_example("berlin")
    bands = {"insgesamt": (0, None)}
    usual, same, other = (
        age_intervals(inputs, [2024], bands, totals=None, rates=rates)
        for rates in (None, {"shrinkage": 100.0}, {"migration": "none"})
    )
    xr.testing.assert_identical(usual, same)
    assert float(abs(usual["forecast"] - other["forecast"]).max()) > 0
    assert float(abs(usual["upper"] / usual["forecast"] - other["upper"] / other["forecast"]).max()) > 0.001


def test_a_lead_shorter_than_any_that_is_known_has_limits_too() -> None:
    """Stocks every five years know nothing of one year: its limits are those of four years, nearer to the forecast."""
    inputs = load_example("berlin").sel(year_end=[2011, 2016, 2020])
    limits = age_intervals(inputs, [2021, 2024], {"insgesamt": (0, None)}, totals=None, levels=[0.8]).isel(level=0)
    assert limits["calibrated_lead"].values.tolist() == [4, 4]
    width = ((limits["upper"] - limits["lower"]) / limits["forecast"]).isel(age_band=0)
    assert (width.sel(year_end=2021) < width.sel(year_end=2024)).all()


def test_a_sum_of_one_area_is_that_area_and_no_sum_is_wider_than_its_parts(with_sexes: xr.Dataset) -> None:
    small = with_sexes.isel(area=slice(0, 60)).sel(year_end=slice(2001, 2012))
    areas = small["area"].values.tolist()
    sums = {"eins": areas[:1], "zehn": areas[:10], "alle": areas}
    asked = {"0-5": (0, 5), "Quote": Quantity((65, None), per=(20, 64)), "Frauen": Quantity((0, None), sex="female")}
    found = age_intervals(small, [2014, 2017], asked, sums=sums, levels=[0.8]).isel(level=0)
    for side in ("forecast", "lower", "upper"):
        one, alone = found[f"sum_{side}"].sel(sum="eins"), found[side].sel(area=areas[0])
        dims = ("year_end", "age_band")
        np.testing.assert_allclose(one.transpose(*dims).values, alone.transpose(*dims).values)
    for name in ("0-5", "Frauen"):
        ten = found.sel(age_band=name)
        assert (ten["sum_upper"].sel(sum="zehn") <= ten["upper"].sel(area=areas[:10]).sum("area") + 1e-6).all()
        assert (ten["sum_lower"].sel(sum="zehn") >= ten["lower"].sel(area=areas[:10]).sum("area") - 1e-6).all()
    ratio = found.sel(age_band="Quote")
    low, high = ratio["lower"].sel(area=areas[:10]).min("area"), ratio["upper"].sel(area=areas[:10]).max("area")
    assert (ratio["sum_lower"].sel(sum="zehn") >= low - 1e-9).all()
    assert (ratio["sum_upper"].sel(sum="zehn") <= high + 1e-9).all()


def test_limits_of_districts_and_ratios_hold_about_as_often_as_they_say(cities: object, berlin: xr.DataArray) -> None:
    whole = cities.with_sexes(berlin.to_dataset(name="population"))  # type: ignore[attr-defined]
    areas = whole["area"].values.tolist()
    sums = {key: [a for a in areas if a[:2] == key] for key in sorted({a[:2] for a in areas})} | {"Stadt": areas}
    asked = {"0-5": (0, 5), "alle": (0, None), "Frauen": Quantity((20, 64), sex="female"),
             "Quote": Quantity((65, None), per=(20, 64)), "Anteil": Quantity((0, 5), per=(0, None))}  # fmt: skip
    member = members(areas, sums)
    inside = []
    for launch in (2009, 2013):
        years = [launch + 3, launch + 5]
        limits = age_intervals(whole.sel(year_end=slice(None, launch)), years, asked, sums=sums, levels=[0.8])
        truth = counted(whole["population"].sel(year_end=years), asked)
        came = value_of(summed_over(truth, member, [name in ("Quote", "Anteil") for name in asked]))
        one = limits.isel(level=0)
        inside.append(((one["sum_lower"] <= came) & (came <= one["sum_upper"])).mean(["sum", "year_end"]))
    share = (inside[0] + inside[1]) / 2
    assert (share >= 0.6).all(), share.values
    assert 0.75 <= float(share.mean()) < 1.0
