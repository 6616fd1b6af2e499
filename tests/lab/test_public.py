"""A page to hand on computes with published numbers alone, and begins and goes on as the publication says."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

from zwkprognose import Scenario, estimate_rates, load_example, project, publish
from zwkprognose.errors import OutputError, RatesError
from zwkprognose.examples import geometry
from zwkprognose.lab import lab, public
from zwkprognose.lab.public import REST, public_case

MIDDLE = Scenario.bundled("middle")


@pytest.fixture(scope="module")
def inputs() -> xr.Dataset:
    """Some areas of Berlin: large ones, small ones, and tiny ones that may not be shown."""
    whole = load_example("berlin")
    some = whole.isel(area=[0, 1, 2, 12, 30, 40, 50, 60])
    now = some["population"].isel(year_end=-1).sum(["nationality", "sex", "age"])
    persons = xr.DataArray([np.nan, np.nan, np.nan, 4000.0, 3.0, 4.0, 300.0, np.nan], {"area": some["area"].values})
    return (some * (persons / now).fillna(1.0)).assign_attrs(whole.attrs)


@pytest.fixture(scope="module")
def projection(inputs: xr.Dataset) -> xr.Dataset:
    return project(inputs, estimate_rates(inputs), MIDDLE, until=2035)


@pytest.fixture(scope="module")
def published(projection: xr.Dataset) -> xr.Dataset:
    return publish(projection).isel(scenario=0, drop=True)


def test_some_areas_are_hidden_and_stand_together(published: xr.Dataset) -> None:
    case = public_case(published, 95)
    hidden = np.isnan(published["total"].isel(year_end=0).values)
    assert 2 <= hidden.sum() < 6
    assert case.inputs["area"].values.tolist() == [*published["area"].values[~hidden].tolist(), REST]


def test_it_begins_with_every_published_number(published: xr.Dataset) -> None:
    """Sums of the stock over bands, groups and areas are those of the tables that are shown."""
    stock = public_case(published, 95).inputs["population"].isel(year_end=0)
    base = published.isel(year_end=0)
    np.testing.assert_allclose(stock.sum(), base["city_total"])
    for key in stock["area"].values[:-1]:
        own, shown = stock.sel(area=key), base.sel(area=key)
        np.testing.assert_allclose(own.sum(), shown["total"])
        if not np.isnan(shown["by_nationality"]).any():
            np.testing.assert_allclose(own.sum(["sex", "age"]), shown["by_nationality"], rtol=1e-6)
        for name, band in (("population", "age"), ("by_age", "age"), ("by_broad_age", "broad"), ("broad", "broad")):
            table = shown[name]
            if np.isnan(table).any():
                continue
            place = np.searchsorted(shown[f"{band}_from"].values, own["age"].values, side="right") - 1
            summed = own.groupby(xr.DataArray(place, {"age": own["age"].values}, name=f"{band}_group")).sum()
            kept = summed.sum([d for d in ("nationality", "sex") if d not in table.dims])
            order = [d for d in ("nationality", "sex", f"{band}_group") if d in table.dims]
            np.testing.assert_allclose(kept.transpose(*order), table.transpose(*order), rtol=1e-5, atol=1e-6)


def test_it_follows_the_published_totals_and_comes_near_to_the_ages(
    published: xr.Dataset, projection: xr.Dataset
) -> None:
    case = public_case(published, 95)
    found = project(case.inputs, case.rates, until=2035)
    people = found["population"].sum(["nationality", "sex", "age"])
    shown = people["area"].values[:-1]
    later = people.isel(year_end=slice(1, None)).sel(area=shown)
    np.testing.assert_allclose(later, published["total"].sel(area=shown).isel(year_end=slice(1, None)), rtol=1e-9)
    np.testing.assert_allclose(people.sum("area"), published["city_total"], rtol=1e-9)
    exact, mine = (p["population"].sum(["area", "nationality", "sex"]) for p in (projection, found))
    for first, last in ((0, 5), (6, 17), (18, 64), (65, 79), (80, 95)):
        one, other = (v.sel(age=slice(first, last)).sum("age").values for v in (exact, mine))
        assert abs(other / one - 1).max() < 0.04, (first, last)
    for name in ("births", "deaths"):
        assert abs(float(found[name].sum() / projection[name].sum()) - 1) < 0.01


def test_what_is_hidden_changes_nothing(projection: xr.Dataset, published: xr.Dataset) -> None:
    """Towns that differ in what their publication hides give the same page: here two hidden areas change places."""
    hidden = np.flatnonzero(np.isnan(published["total"].isel(year_end=0).values))[:2]
    order = np.arange(projection.sizes["area"])
    order[hidden] = hidden[::-1]
    labels = {name: projection[name] for name in ("area", "area_name")}
    other = projection.isel(area=order).assign_coords(labels)
    assert not other["population"].equals(projection["population"])
    again = publish(other).isel(scenario=0, drop=True)
    one, two = public_case(published, 95), public_case(again, 95)
    assert one.inputs.equals(two.inputs)
    assert one.rates.equals(two.rates)


def test_ages_inside_a_published_band_change_nothing(projection: xr.Dataset, published: xr.Dataset) -> None:
    """Persons moved from one year of age to the next inside a band, in two areas in opposite directions."""
    moved = projection["population"].copy(deep=True)
    take = np.minimum(moved.isel(area=0).sel(age=31), moved.isel(area=1).sel(age=32)) / 2
    for area, sign in ((0, -1), (1, 1)):
        moved[{"area": area}].loc[{"age": 31}] += sign * take
        moved[{"area": area}].loc[{"age": 32}] -= sign * take
    again = publish(projection.assign(population=moved)).isel(scenario=0, drop=True)
    one, two = public_case(published, 95), public_case(again, 95)
    assert one.inputs.equals(two.inputs)
    assert one.rates.equals(two.rates)


def test_an_area_that_shows_its_total_alone_is_like_the_whole(published: xr.Dataset) -> None:
    shown = np.flatnonzero(~np.isnan(published["total"].isel(year_end=0).values))
    key = str(published["area"].values[shown[0]])
    tables = ("population", "by_age", "by_broad_age", "broad", "by_nationality")
    bare = published.assign({name: published[name].where(published["area"] != key) for name in tables})
    stock = public_case(bare, 95).inputs["population"].isel(year_end=0)
    own, total = stock.sel(area=key), float(published["total"].sel(area=key).isel(year_end=0))
    assert float(own.sum()) == pytest.approx(total)
    # the areas that are not shown are like the whole too
    like = stock.sel(area=REST)
    np.testing.assert_allclose(own.values, like.values * (total / float(like.sum())))


def test_areas_without_names_have_empty_ones(published: xr.Dataset) -> None:
    names = public_case(published.drop_vars("area_name"), 95).inputs["area_name"].values.tolist()
    assert names == [""] * (len(names) - 1) + ["Nicht gezeigte Gebiete"]
    assert len(names) > 2


def test_one_area_is_a_case_too() -> None:
    inputs = load_example("bremerhaven")
    published = publish(project(inputs, estimate_rates(inputs), MIDDLE, until=2030))
    case = public_case(published, 90)
    assert case.inputs["area"].values.tolist() == inputs["area"].values.tolist()
    found = project(case.inputs, case.rates, until=2030)["population"].sum(["nationality", "sex", "age"])
    np.testing.assert_allclose(found.values.ravel(), published["city_total"].values.ravel(), rtol=1e-9)


def test_a_hamlet_follows_its_totals_too() -> None:
    inputs = load_example("bremerhaven") * 0.0004
    published = publish(project(inputs, estimate_rates(inputs), MIDDLE, until=2025))
    case = public_case(published, 90)
    found = project(case.inputs, case.rates, until=2025)["population"].sum(["area", "nationality", "sex", "age"])
    np.testing.assert_allclose(found, published["city_total"].values.ravel(), rtol=1e-9)


def test_what_cannot_be_computed_is_said_in_german(published: xr.Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(observed: xr.Dataset) -> xr.Dataset:
        raise RatesError("Zu wenig.")

    monkeypatch.setattr(public, "estimate_rates", refuse)
    with pytest.raises(OutputError, match="nicht rechnen: Zu wenig"):
        public_case(published, 95)


def test_an_area_without_outline_is_named() -> None:
    inputs = load_example("berlin")
    drawn = geometry("berlin")
    drawn = {**drawn, "features": drawn["features"][1:]}
    missing = geometry("berlin")["features"][0]["properties"]["area"]
    with pytest.raises(OutputError, match="Der Karte fehlen Gebiete") as refused:
        lab(inputs, estimate_rates(inputs), MIDDLE, until=2022, geometry=drawn)
    assert [cell["area"] for cell in refused.value.cells] == [missing]
