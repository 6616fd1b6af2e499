"""Area totals by rule: met exactly by flows, in one argument."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
import xarray as xr

from zwkprognose.engine import Erstbezug, Sondergruppe, area_totals, check_balance, project
from zwkprognose.engine.totals import rates_to_totals
from zwkprognose.errors import EngineError
from zwkprognose.examples import load_example
from zwkprognose.rates import estimate_rates
from zwkprognose.rates.totals import estimate_totals
from zwkprognose.scenarios import Scenario

UNTIL = 2026
CELL = ["nationality", "sex", "age"]


@pytest.fixture(scope="module")
def inputs() -> xr.Dataset:
    return load_example("berlin").isel(area=slice(0, 15))


@pytest.fixture(scope="module")
def rates(inputs: xr.Dataset) -> xr.Dataset:
    return estimate_rates(inputs)


def test_one_argument_gives_the_totals_of_the_rule(inputs: xr.Dataset, rates: xr.Dataset) -> None:
    projection = project(inputs, rates, until=UNTIL, totals="shrunk")
    expected = estimate_totals(inputs, range(2021, UNTIL + 1))
    found = projection["population"].sum(CELL).sel(year_end=slice(2021, None))
    np.testing.assert_allclose(found, expected, rtol=1e-9)
    assert check_balance(projection) < 1e-12
    assert json.loads(projection.attrs["provenance"])["totals"] == "shrunk"


def test_the_totals_as_rates_are_the_totals_as_eckwerte(inputs: xr.Dataset, rates: xr.Dataset) -> None:
    """Every component, cell by cell; only then may scenarios set out from these rates."""
    by_rates = project(inputs, rates, until=UNTIL, totals="shrunk")
    by_flows = project(inputs, rates, until=UNTIL, eckwerte=[area_totals(inputs, until=UNTIL)])
    xr.testing.assert_allclose(by_rates.drop_attrs(), by_flows.drop_attrs(), rtol=1e-9, atol=1e-9)


def test_a_city_that_nearly_everybody_leaves_can_be_projected_with_the_rates(
    inputs: xr.Dataset, rates: xr.Dataset
) -> None:
    """Where all leave whom a total lets go, dying and leaving take everybody, and rounding must not take more."""
    people = float(inputs["population"].isel(year_end=-1).sum())
    falling = {2021: 0.5 * people, 2022: 0.2 * people, 2023: 0.15 * people}
    changed = rates_to_totals(inputs, rates, until=2023, city=falling)
    found = project(inputs, changed, until=2023)["population"].sum(["area", *CELL]).isel(year_end=slice(1, None))
    np.testing.assert_allclose(found, list(falling.values()), rtol=1e-6)


def test_scenarios_set_out_from_the_totals_and_differ(inputs: xr.Dataset, rates: xr.Dataset) -> None:
    chosen = [None, Scenario.bundled("natural"), Scenario.bundled("upper")]
    projection = project(inputs, rates, chosen, until=UNTIL, totals="shrunk")
    alone = project(inputs, rates, until=UNTIL, totals="shrunk")
    xr.testing.assert_equal(projection["population"].sel(scenario="unchanged", drop=True), alone["population"])
    moved = projection["in_moves"].sum(["year", "area", *CELL])
    assert float(moved.sel(scenario="natural")) == 0
    end = projection["population"].isel(year_end=-1).sum(["area", *CELL])
    assert float(end.sel(scenario="upper")) > float(end.sel(scenario="unchanged")) > float(end.sel(scenario="natural"))
    assert check_balance(projection) < 1e-12


def test_the_middle_variant_has_the_totals_of_the_rule(inputs: xr.Dataset, rates: xr.Dataset) -> None:
    """Mortality that falls is part of what the rule expects; what falls faster or slower leads away from it."""
    chosen = [Scenario.bundled(name) for name in ("middle", "upper", "lower")]
    projection = project(inputs, rates, [None, *chosen], until=UNTIL, totals="shrunk")
    found = projection["population"].sum(CELL).sel(year_end=slice(2021, None))
    expected = estimate_totals(inputs, range(2021, UNTIL + 1))
    for name in ("unchanged", "middle"):
        np.testing.assert_allclose(found.sel(scenario=name), expected, rtol=1e-9)
    met = project(inputs, rates, chosen[0], until=UNTIL, eckwerte=[area_totals(inputs, until=UNTIL)])
    middle = projection.sel(scenario="middle", drop=True)
    xr.testing.assert_allclose(middle[list(met.data_vars)].drop_attrs(), met.drop_attrs(), rtol=1e-9, atol=1e-9)
    deaths = projection["deaths"].sum(["year", "area", *CELL])
    assert float(deaths.sel(scenario="middle")) < float(deaths.sel(scenario="unchanged"))
    end = found.isel(year_end=-1).sum("area")
    assert float(end.sel(scenario="lower")) < float(end.sel(scenario="middle")) < float(end.sel(scenario="upper"))
    alone = project(inputs, rates, chosen[1], until=UNTIL, totals="shrunk")
    xr.testing.assert_equal(alone["population"], projection["population"].sel(scenario="upper", drop=True))


def test_who_says_nothing_of_the_course_of_mortality_sets_out_from_the_rates(
    inputs: xr.Dataset, rates: xr.Dataset
) -> None:
    """Neither a jump nor the course of one area makes mortality fall anywhere else."""
    area = str(inputs["area"].values[0])
    jump = {"name": "jump", "annahme": [{"groesse": "sterblichkeit", "faktor": 1.2, "gebiete": [area]}]}
    course = {"name": "course", "annahme": [
        {"groesse": "sterblichkeit", "prozent": -1.0, "verlauf": "jaehrlich", "gebiete": [area]}]}  # fmt: skip
    chosen = [Scenario.from_document({"schema": 1, **document}) for document in (jump, course)]
    projection = project(inputs, rates, [None, *chosen], until=UNTIL, totals="shrunk")
    elsewhere = projection["population"].isel(area=slice(1, None))
    for name in ("jump", "course"):
        xr.testing.assert_equal(*(elsewhere.sel(scenario=s, drop=True) for s in ("unchanged", name)))


def test_facilities_stay_apart_and_dwellings_come_on_top(inputs: xr.Dataset, rates: xr.Dataset) -> None:
    area = str(inputs["area"].values[0])
    stock = inputs["population"].isel(year_end=-1, drop=True).sel(area=area)
    profile = (stock / stock.sum()).drop_vars("area")
    home = Sondergruppe("Heim", area, {2010: 50.0}, profile.drop_vars("area_name", errors="ignore"))
    plan = {"sondergruppen": [home]}
    without = project(inputs, rates, until=UNTIL, totals="shrunk", **plan)
    expected = estimate_totals(inputs, range(2021, UNTIL + 1))
    found = without["population"].sum(CELL).sel(year_end=slice(2021, None))
    np.testing.assert_allclose(found, expected, rtol=1e-9)
    dwellings = xr.DataArray([[100.0]], {"year": [2022], "area": [area]}, ("year", "area"))
    planned = Erstbezug(dwellings, 2.0, profile, outside_share=0.5)
    built = project(inputs, rates, until=UNTIL, totals="shrunk", erstbezug=planned, **plan)
    grown = (built["population"] - without["population"]).sum(CELL).sel(area=area).values
    assert grown[1] == 0
    assert grown[-1] > 50
    assert check_balance(built) < 1e-12


def test_movers_by_completed_age_are_refused(inputs: xr.Dataset, rates: xr.Dataset) -> None:
    with pytest.raises(EngineError, match="nach Geburtsjahr gezählt") as error:
        project(inputs, rates, until=UNTIL, totals="shrunk", timing="even")
    assert "area_totals" in error.value.remedy


def test_without_it_the_rates_decide_and_nothing_is_said(inputs: xr.Dataset, rates: xr.Dataset) -> None:
    projection = project(inputs, rates, until=2022)
    assert "totals" not in json.loads(projection.attrs["provenance"])


def test_a_total_of_the_city_is_shared_and_reached_evenly(inputs: xr.Dataset, rates: xr.Dataset) -> None:
    start = float(inputs["population"].isel(year_end=-1).sum())
    eckwert = area_totals(inputs, until=UNTIL, city={2023: 1.03 * start, UNTIL: 1.03 * start})
    city = eckwert.target.sum("area").values / start
    np.testing.assert_allclose(city, [1.03 ** (1 / 3), 1.03 ** (2 / 3), 1.03, 1.03, 1.03, 1.03], rtol=1e-12)
    projection = project(inputs, rates, until=UNTIL, eckwerte=[eckwert])
    np.testing.assert_allclose(projection["population"].sum(["area", *CELL])[1:] / start, city, rtol=1e-9)


def test_empty_areas_stay_free(inputs: xr.Dataset) -> None:
    empty = inputs.copy(deep=True)
    empty["population"].loc[{"area": inputs["area"][0], "year_end": 2020}] = 0.0
    eckwert = area_totals(empty, until=UNTIL)
    assert str(inputs["area"].values[0]) not in eckwert.target["area"].values
    assert eckwert.target.sizes["area"] == 14


def test_a_city_total_that_ends_too_early_is_named(inputs: xr.Dataset) -> None:
    with pytest.raises(EngineError, match="bis 2026 reichen") as error:
        area_totals(inputs, until=UNTIL, city={2023: 1e6})
    assert error.value.remedy


def test_rates_meet_the_totals_of_another_rule_beside_a_home(inputs: xr.Dataset, rates: xr.Dataset) -> None:
    """The home stays as large as it is said to be, and is part of the total of its area."""
    area = str(inputs["area"].values[0])
    people = inputs["population"].isel(year_end=-1, drop=True).sel(area=area, drop=True)
    home = Sondergruppe("Heim", area, {2020: 5.0}, people / people.sum())
    asked: Any = {"sondergruppen": [home], "timing": "cohort", "citizens": "german"}
    changed = rates_to_totals(inputs, rates, until=UNTIL, method="average", **asked)
    found = project(inputs, changed, until=UNTIL, **asked)
    wanted = area_totals(inputs, until=UNTIL, method="average").target
    assert float(abs(wanted - area_totals(inputs, until=UNTIL).target).max()) > 1.0
    of_areas = found["population"].sum(CELL).sel(year_end=wanted["year_end"], area=wanted["area"])
    np.testing.assert_allclose(of_areas.transpose(*wanted.dims), wanted, rtol=1e-9)


def test_a_gap_in_the_balance_is_refused_unless_it_is_allowed(inputs: xr.Dataset, rates: xr.Dataset) -> None:
    projection = project(inputs, rates, until=2022)
    cell = {"area": 1, "nationality": 0, "sex": 1}
    younger = float(projection["population"][{"year_end": 1, "age": 29, **cell}])
    projection["population"][{"year_end": 2, "age": 30, **cell}] += 0.01
    with pytest.raises(EngineError, match="Bilanz") as error:
        check_balance(projection)
    assert [(c["year"], c["age"]) for c in error.value.cells] == [(2022, 30)]
    assert check_balance(projection, tolerance=0.011) == pytest.approx(0.01 / max(younger, 1.0), rel=1e-6)
