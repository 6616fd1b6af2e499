"""Demand by hand, against the national count, and with every quota that does not fit."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from zwkprognose.errors import OutputError
from zwkprognose.output import Quota, Rate, default_quota, default_quotas, demand, dwellings_needed, school_entry

OWN = Quota("kita", "Krippenkinder", (Rate(0, 0, 0.1), Rate(1, 2, 0.5)), "eigene Annahme")


def _people(counts: list[float], years: int = 3) -> xr.Dataset:
    values = np.stack([np.array(counts) * (1 + k) for k in range(years)])
    return xr.Dataset(
        {"population": (("year_end", "sex", "age"), values[:, None, :])},
        {"year_end": [2020 + k for k in range(years)], "sex": ["total"], "age": range(len(counts))},
    )


def test_by_hand() -> None:
    # 0.1·10 + 0.5·(20 + 30) = 26, then twice and three times as many
    needed = demand(_people([10, 20, 30, 40]), OWN, by=())
    assert needed["demand"].sel(quota="kita").values.tolist() == [26, 52, 78]


def test_rising_quota_by_hand() -> None:
    both = demand(_people([10, 20, 30, 40]), [OWN, OWN.rising(1.5, start=2020, end=2022, name="mehr")], by=())
    assert both["demand"].sel(quota="mehr").values.tolist() == pytest.approx([26, 52 * 1.25, 78 * 1.5])
    titles = json.loads(both["quota"].attrs["titles"])
    assert titles["mehr"] == "Krippenkinder, bis 2022 auf das 1,5-Fache"


def test_capacity_gap_and_break_even() -> None:
    result = demand(_people([10, 20, 30, 40]), OWN, by=(), capacity={"": 60})
    assert result["gap"].values.tolist() == [[34, 8, -18]]
    assert result["break_even"].values.tolist() == [2022]
    never = demand(_people([10, 20, 30, 40]), OWN, by=(), capacity={"": 78})
    assert np.isnan(never["break_even"].values).all()


def test_areas_add_up_to_the_city(city: xr.Dataset) -> None:
    quotas = [default_quota(name) for name in default_quotas()]
    areas, whole = demand(city, quotas)["demand"], demand(city, quotas, by=())["demand"]
    np.testing.assert_allclose(areas.sum("area").transpose(*whole.dims), whole, rtol=1e-12)


@pytest.fixture(scope="module")
def germany(shared: Path) -> xr.Dataset:
    """Population of Germany on 31.12.2020 by sex and age (Destatis 12411-04-02-4), five-year groups from 75 on."""
    text = (shared / "data" / "kreise" / "12411-04-02-4_2020-12-31.csv").read_text(encoding="latin-1")
    rows = [line.split(";") for line in text.splitlines() if line.startswith("DG;")]
    people = {_first_age(row[2]): (float(row[5]), float(row[4])) for row in rows if row[2] != "Insgesamt"}
    ages = np.arange(91)
    values = np.array([people.get(int(age), (0.0, 0.0)) for age in ages]).T
    return xr.Dataset(
        {"population": (("year_end", "sex", "age"), values[None])},
        {"year_end": [2020], "sex": ["female", "male"], "age": ages},
    )


def _first_age(words: str) -> int:
    return 0 if words.startswith("unter 1") else int(words.split()[0])


@pytest.mark.shared
def test_national_quotas_give_the_national_counts(germany: xr.Dataset) -> None:
    assert float(germany["population"].sum()) == 83_155_031
    assert _whole(germany, "pflege") == pytest.approx(4_961_146, rel=0.03)
    # Destatis, 30.9.2020: 829.200 children under three in day care on 1.3.2020, 35.0 % of them
    assert _whole(germany, "kita_u3") == pytest.approx(829_200, rel=0.03)
    under_three = float(germany["population"].sel(age=slice(0, 2)).sum())
    assert _whole(germany, "kita_u3") / under_three == pytest.approx(0.350, abs=0.003)
    # Destatis, 11.11.2020: 752.700 children started school in 2020/21
    assert _whole(germany, "einschulung") == pytest.approx(752_700, rel=0.03)
    # Deutsche Alzheimer Gesellschaft, Informationsblatt 1 (2016): "fast 1,6 Millionen"
    assert _whole(germany, "demenz") == pytest.approx(1_600_000, rel=0.03)


def test_dementia_is_what_the_abstract_prints() -> None:
    """Hofman et al. 1991 (PMID 1955260): five-year groups from 60 to 94 years, both sexes, in per cent."""
    printed = {60: 1.0, 65: 1.4, 70: 4.1, 75: 5.7, 80: 13.0, 85: 21.6, 90: 32.2}
    rates = default_quota("demenz").rates
    assert {rate.first: 100 * rate.share for rate in rates} == pytest.approx(printed)
    assert {rate.sex for rate in rates} == {None}


def _whole(people: xr.Dataset, name: str, ages: slice = slice(None)) -> float:
    """Demand of all persons of some ages."""
    inside = people["population"].where(people["age"].isin(people["age"].sel(age=ages)), 0.0)
    return float(demand(people.assign(population=inside), default_quota(name), by=())["demand"].item())


@pytest.mark.shared
def test_care_by_five_years_agrees_with_what_is_published_of_it(germany: xr.Dataset) -> None:
    """What the split did not use: 9.3 % at 70 to 74 (Sozialbericht 2024), 79 % of all from 65 on (Destatis)."""
    people = germany["population"].sel(age=slice(70, 74)).sum()
    assert _whole(germany, "pflege", slice(70, 74)) / float(people) == pytest.approx(0.093, abs=0.002)
    assert _whole(germany, "pflege", slice(65, 90)) / _whole(germany, "pflege") == pytest.approx(0.79, abs=0.01)
    # Gesundheitsberichterstattung des Bundes, 2021: under 75, 90 and over (cohorts of other sizes moved between)
    for ages, count in ((slice(0, 74), 1_715_689), (slice(90, None), 690_922)):
        assert _whole(germany, "pflege", ages) == pytest.approx(count, rel=0.03)


@pytest.mark.shared
def test_a_table_open_at_85_gives_nearly_the_same_care(germany: xr.Dataset) -> None:
    """The oldest are divided as the life table is; Germany's real ages differ a little."""
    old = germany["population"].sel(age=slice(85, None)).sum("age", keepdims=True).assign_coords(age=[85])
    coarse = xr.Dataset(
        {"population": xr.concat([germany["population"].sel(age=slice(0, 84)), old], "age", join="exact")}
    )
    for name in ("pflege", "demenz"):
        assert _whole(coarse, name) == pytest.approx(_whole(germany, name), rel=0.01)


def test_ages_that_a_quota_leaves_out_are_named() -> None:
    gap = Quota("x", "X", (Rate(0, 64, 0.01), Rate(75, 84, 0.2)), "Quelle")
    assert gap.uncovered() == ((65, 74), (85, None))
    assert not OWN.uncovered(), "children alone are no gap"
    assert not any(default_quota(name).uncovered() for name in default_quotas())


def test_every_default_has_a_source(city: xr.Dataset) -> None:
    for name in default_quotas():
        result = demand(city, default_quota(name))
        assert len(json.loads(result["quota"].attrs["sources"])[name]) > 40
        assert len(default_quota(name).bias) > 40


def test_school_entry_follows_the_cut_off(city: xr.Dataset) -> None:
    entries = demand(city, school_entry(0.75), by=())["demand"].sel(scenario="middle", year_end=2022).item()
    ages = city["population"].sel(scenario="middle", year_end=2022).sum(["area", "nationality", "sex"])
    by_hand = 0.75 * float(ages.sel(age=6)) + 0.25 * float(ages.sel(age=7))
    assert float(entries) == pytest.approx(by_hand)
    fewer = demand(city, school_entry(0.75, entering=0.96), by=())["demand"].sel(scenario="middle", year_end=2022)
    assert float(fewer.item()) == pytest.approx(0.96 * by_hand)


def test_small_areas_carry_their_margin(city: xr.Dataset) -> None:
    result = demand(city, default_quota("kita_u3")).sel(quota="kita_u3", scenario="middle", year_end=2020)
    small, large = result.sel(area="0003"), result.sel(area="0004")
    assert float(small["demand_high"] / small["demand"]) == pytest.approx(1.3)
    assert np.isnan(float(large["demand_high"]))
    assert "25 bis 30 %" in result.attrs["note"]


def test_the_low_end_of_a_margin_by_hand(city: xr.Dataset) -> None:
    result = demand(city, default_quota("kita_u3")).sel(quota="kita_u3", scenario="middle", year_end=2020)
    small = result.sel(area="0003")
    assert float(small["demand_low"] / small["demand"]) == pytest.approx(0.7)


@pytest.mark.parametrize(("others", "small"), [(9969, True), (9970, False)])
def test_an_area_of_ten_thousand_carries_no_margin(others: int, small: bool) -> None:
    """30 children and others: below 10,000 persons a quarter is added, from 10,000 on nothing is said."""
    quota = replace(OWN, small_margin=0.25)
    found = demand(_people([10, 20, 0, others], years=1), quota, by=())
    assert found["demand"].item() == 11
    limits = [found[name].item() for name in ("demand_low", "demand_high")]
    assert limits == pytest.approx([8.25, 13.75] if small else [np.nan, np.nan], nan_ok=True)


def test_both_ends_of_draws_by_hand() -> None:
    """Half of 20, 40 … 100 persons: 10 … 50; the middle 80 % lie between 14 and 46, by straight lines."""
    people = xr.DataArray([20.0, 40.0, 60.0, 80.0, 100.0], dims="draw").expand_dims(
        year_end=[2030], sex=["total"], age=[1]
    )
    half = Quota("halb", "Jeder Zweite", (Rate(1, None, 0.5),), "eigene Annahme")
    result = demand(xr.Dataset({"population": people}), half, by=(), interval=0.8)
    found = [float(result[name].item()) for name in ("demand_low", "demand", "demand_high")]
    assert found == pytest.approx([14.0, 30.0, 46.0])


def test_draws_give_a_band(city: xr.Dataset) -> None:
    draws = xr.concat([city * factor for factor in (0.9, 1.0, 1.1)], xr.IndexVariable("draw", [0, 1, 2]), join="exact")
    result = demand(draws, OWN, by=(), interval=0.5)
    ratio = (result["demand_high"] / result["demand"]).values
    np.testing.assert_allclose(ratio, 1.05, rtol=1e-9)


def test_dwellings() -> None:
    households = xr.DataArray([970.0, 97.0], {"area": ["a", "b"]})
    stock = xr.DataArray([900.0, 120.0], {"area": ["a", "b"]})
    assert dwellings_needed(households, stock=stock, vacancy=0.03).values.tolist() == pytest.approx([100, -20])
    with pytest.raises(ValueError, match="area"):
        dwellings_needed(households, stock=stock.isel(area=[0]), vacancy=0.03)
    with pytest.raises(OutputError, match="Leerstandsquote"):
        dwellings_needed(households, stock=stock, vacancy=1.0)


@pytest.mark.parametrize(
    ("rates", "words"),
    [
        ((Rate(0, 5, 1.2),), "Unmögliches"),
        ((Rate(0, 5, 0.2, "weiblich"),), "Unmögliches"),
        ((Rate(0, 5, 0.2), Rate(5, 9, 0.1)), "zweimal"),
        ((Rate(0, None, 0.2, "male"), Rate(70, 80, 0.1)), "zweimal"),
    ],
)
def test_impossible_quotas_are_refused(rates: tuple[Rate, ...], words: str) -> None:
    with pytest.raises(OutputError, match=words):
        Quota("x", "X", rates, "Quelle")


def test_quotas_that_do_not_fit_the_population(city: xr.Dataset) -> None:
    with pytest.raises(OutputError, match="fasst sie zusammen"):
        demand(city, Quota("x", "X", (Rate(90, 97, 0.5),), "Quelle"))
    with pytest.raises(OutputError, match="Frauen und Männer"):
        demand(_people([1.0] * 100), default_quota("pflege"), by=())
    with pytest.raises(OutputError, match="0005"):
        demand(city, OWN, capacity={f"{k:04d}": 1.0 for k in range(1, 5)})
    with pytest.raises(OutputError, match="gibt es nicht"):
        default_quota("tanzen")
    with pytest.raises(OutputError, match="denselben Namen"):
        demand(city, [OWN, OWN])


def test_demand_without_a_quota_is_refused(city: xr.Dataset) -> None:
    with pytest.raises(OutputError, match="ohne Quote"):
        demand(city, [])
