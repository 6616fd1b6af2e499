"""Households that are published: they add up to the persons published, meet known counts, and give nothing away."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import xarray as xr

from zwkprognose.output import households, publish
from zwkprognose.output.content.facts import facts_of
from zwkprognose.output.content.households import HouseholdPlan, Households, households_of
from zwkprognose.output.content.numbers import Numbers, numbers_of
from zwkprognose.output.content.spans import Spans
from zwkprognose.output.tables.households import alone_table, dwelling_table, household_table, size_table
from zwkprognose.rates.households import HouseholdQuotas, KnownHouseholds, Share, living_alone

UNKNOWN = Spans("")
AREAS = ["0001", "0002", "0003", "0004", "0005"]


def five_sizes(kind: str = "members") -> HouseholdQuotas:
    """Round shares of five sizes in three age groups, with two of a hundred of the old in homes."""
    shares = {
        (0, 17): (0.0, 0.0, 0.1, 0.3, 0.4, 0.2), (18, 64): (0.0, 0.25, 0.3, 0.2, 0.15, 0.1),
        (65, None): (0.02, 0.38, 0.5, 0.06, 0.03, 0.01),
    }  # fmt: skip
    rows = [Share(*ages, size, part) for ages, parts in shares.items() for size, part in enumerate(parts)]
    return HouseholdQuotas(tuple(rows), "eigene Annahme", open_size=5.5)


@pytest.fixture(scope="module")
def numbers(city: xr.Dataset, inputs: xr.Dataset) -> Numbers:
    return numbers_of(publish(city), facts_of(city, inputs))


@pytest.fixture(scope="module")
def found(numbers: Numbers) -> Households:
    return households_of(HouseholdPlan(five_sizes()), numbers, UNKNOWN)


def test_persons_in_households_are_the_persons_published(numbers: Numbers, found: Households) -> None:
    sizes = np.array([1, 2, 3, 4, 5.5])
    persons = (found.households[..., 1:] * sizes).sum(-1) + found.institutional
    whole = np.concatenate([numbers.city_total[..., None], numbers.total], axis=-1)
    shown = ~np.isnan(persons)
    assert shown[:, :, [0, 3, 4]].all()
    assert abs(persons - whole)[shown].max() <= 2.5 * (sizes.sum() + 1)  # every number is a multiple of five
    parts = found.households[..., 1:].sum(-1)
    assert abs(parts - found.households[..., 0])[shown].max() <= 2.5 * 6


def test_an_area_whose_ages_are_not_shown_has_no_households(numbers: Numbers, found: Households) -> None:
    hidden = np.isnan(numbers.by_age).any(axis=(0, 1, 3, 4))
    assert hidden.any()
    assert not hidden.all()
    np.testing.assert_array_equal(np.isnan(found.households[..., 1:, 0]).any(axis=(0, 1)), hidden)
    rows = {row[0]: row for row in household_table(numbers, found).rows}
    assert np.isnan(float(rows[AREAS[int(hidden.argmax())]][2]))


def test_published_and_exact_households_are_near(city: xr.Dataset, numbers: Numbers, found: Households) -> None:
    exact = households(city, five_sizes())["households"].sum("household_size").transpose("scenario", "year_end", "area")
    shown = ~np.isnan(found.households[:, :, 1:, 0])
    off = abs(found.households[:, :, 1:, 0] / exact.values - 1)[shown]
    assert off.max() < 0.01


def test_nothing_but_published_numbers_matters(city: xr.Dataset, inputs: xr.Dataset) -> None:
    """A town with other single years behind the same publication shows the same households."""
    other = city.copy(deep=True)
    moved = other["population"]
    some = np.minimum(moved.sel(area="0001", age=37).values, moved.sel(area="0003", age=36).values)
    for area, sign in (("0001", 1), ("0003", -1)):  # within a published band; the city's single years stay
        moved.loc[{"area": area, "age": 36}] += sign * some
        moved.loc[{"area": area, "age": 37}] -= sign * some
    assert some.sum() > 100
    one, two = publish(city), publish(other)
    xr.testing.assert_identical(one, two)
    known = KnownHouseholds(by_size={1: dict(zip(AREAS, (3100.0, 40.0, 1400.0, 8000.0, 600.0), strict=True))})
    shown = [
        households_of(HouseholdPlan(five_sizes(), known), numbers_of(published, facts_of(town, inputs)), UNKNOWN)
        for town, published in ((city, one), (other, two))
    ]
    for name in ("households", "alone", "mean", "institutional"):
        np.testing.assert_array_equal(*(getattr(found, name) for found in shown))


def test_counts_that_differ_within_rounding_show_the_same(numbers: Numbers) -> None:
    shown = [
        households_of(HouseholdPlan(five_sizes(), KnownHouseholds(by_size={1: counts})), numbers, UNKNOWN).households
        for counts in (dict.fromkeys(AREAS, 998.0) | {"0002": 41.0}, dict.fromkeys(AREAS, 1002.0) | {"0002": 42.0})
    ]
    np.testing.assert_array_equal(*shown)


def test_known_households_stand_in_the_base_year(numbers: Numbers) -> None:
    known = KnownHouseholds(by_size={1: dict(zip(AREAS, (3100.0, 40.0, 1400.0, 8000.0, 600.0), strict=True))})
    found = households_of(HouseholdPlan(five_sizes(), known), numbers, UNKNOWN)
    ones = found.households[numbers.main, 0, 1:, 1]
    assert ones[[0, 2, 3]].tolist() == [3100, 1400, 8000]


def test_heads_give_as_many_persons(numbers: Numbers) -> None:
    rows = [Share(0, 17, size, 0.0) for size in (1, 2, 3)]
    rows += [Share(18, None, size, part) for size, part in zip((1, 2, 3), (0.25, 0.2, 0.12), strict=True)]
    quotas = HouseholdQuotas(tuple(rows), "eigene Annahme", "heads", 3.6)
    found = households_of(HouseholdPlan(quotas), numbers, UNKNOWN)
    persons = (found.households[..., 1:] * [1, 2, 3.6]).sum(-1)
    whole = np.concatenate([numbers.city_total[..., None], numbers.total], axis=-1)
    shown = ~np.isnan(persons)
    assert shown[:, :, 0].all()
    assert abs(persons - whole)[shown].max() <= 2.5 * 6.6


def test_tables_by_hand(numbers: Numbers) -> None:
    dwellings = dict(zip(AREAS, (5000.0, 60.0, 2300.0, 14000.0, 1100.0), strict=True))
    planned = {"middle": {(2024, "0001"): 100.0}}
    plan = HouseholdPlan(living_alone(2.6), None, dwellings, planned, 0.05)
    found = households_of(plan, numbers, UNKNOWN)
    table = dwelling_table(numbers, found)
    assert table is not None
    row = {r[0]: dict(zip(table.columns, r, strict=True)) for r in table.rows}["0001"]
    count = found.households[numbers.main, -1, 1, 0]
    assert (row["Wohnungen 2020"], row["geplant bis 2027"]) == (5000.0, 100.0)
    assert abs(float(row["Es fehlen 2027"]) - (count / 0.95 - 5100)) <= 5
    sizes = size_table(numbers, found)
    assert sizes.columns[:6] == ("Stichtag 31.12.", "Haushalte", "von", "bis", "1 Person", "2 und mehr Personen")
    ages = alone_table(numbers, found)
    assert [row[0] for row in ages.rows][:3] == ["Frauen 0–34", "Männer 0–34", "Frauen 35–64"]
    column = ages.columns.index("2027")
    whole = sum(float(row[column]) for row in ages.rows)
    assert abs(whole - found.households[numbers.main, -1, 0, 1]) <= 2.5 * (len(ages.rows) + 1)
    assert dwelling_table(numbers, replace(found, dwellings=None)) is None
