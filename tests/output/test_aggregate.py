"""Larger groups, the same people."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

from zwkprognose.errors import OutputError
from zwkprognose.output import aggregate


def test_every_grouping_keeps_every_total(city: xr.Dataset) -> None:
    groups = {"0001": "Nord", "0002": "Süd", "0003": "Nord", "0004": "Süd", "0005": "Mitte"}
    small = aggregate(city, by=("area", "age"), ages=(0, 18, 65), areas=groups)
    assert list(small["area"].values) == ["Mitte", "Nord", "Süd"]
    assert list(small["age_group"].values) == ["0–17", "18–64", "65 und älter"]
    for name in ("population", "births", "deaths", "in_moves", "out_moves"):
        time = "year_end" if name == "population" else "year"
        before = city[name].sum([d for d in city[name].dims if d not in ("scenario", time)])
        after = small[name].sum([d for d in small[name].dims if d not in ("scenario", time)])
        np.testing.assert_allclose(after, before, rtol=1e-12)


def test_groups_hold_the_right_people(city: xr.Dataset) -> None:
    groups = {"0001": "B", "0002": "A", "0003": "B", "0004": "A", "0005": "A"}
    grouped = aggregate(city, areas=groups)["population"].sel(area="B")
    wanted = city["population"].sel(area="0001", drop=True) + city["population"].sel(area="0003", drop=True)
    np.testing.assert_array_equal(grouped, wanted)


def test_age_bands_by_hand() -> None:
    people = xr.Dataset({"population": (("year_end", "age"), [[1.0, 2, 4, 8]])}, {"year_end": [2020], "age": range(4)})
    assert aggregate(people, ages=(0, 1, 3))["population"].values.tolist() == [[1, 6, 8]]


def test_the_age_of_the_last_band_is_open(city: xr.Dataset) -> None:
    bands = aggregate(city, ages=(0, 80))
    assert bands["age_from"].values.tolist() == [0, 80]
    assert np.isnan(bands["age_to"].values[-1])


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"by": ("quartier",)}, "quartier"),
        ({"areas": {"0001": "Nord"}}, "0002"),
        ({"areas": {**{f"{k:04d}": "x" for k in range(1, 6)}, "101": "x"}}, "101"),
        ({"ages": (5, 10)}, "bei 0 beginnen"),
        ({"ages": (0, 20, 20)}, "aufsteigen"),
        ({"ages": (0, 18, 200)}, "Altersgruppen ab 200 gibt es hier nicht: Die oberste ist 95 und älter"),
    ],
)
def test_wrong_groups_are_named(city: xr.Dataset, arguments: dict, words: str) -> None:
    with pytest.raises(OutputError, match=words):
        aggregate(city, **arguments)


def test_inputs_are_left_alone(city: xr.Dataset) -> None:
    before = city.copy(deep=True)
    aggregate(city, by=(), ages=(0, 50))
    xr.testing.assert_identical(city, before)


def test_a_single_split_needs_no_brackets(city: xr.Dataset) -> None:
    xr.testing.assert_identical(aggregate(city, by="area"), aggregate(city, by=("area",)))
