"""Tiles and sentences say the numbers of the publication: which one, of which year, with how many digits."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from zwkprognose.output import publish
from zwkprognose.output.content.facts import facts_of
from zwkprognose.output.content.households import HouseholdPlan, Households, households_of
from zwkprognose.output.content.numbers import Numbers, numbers_of
from zwkprognose.output.content.spans import Spans
from zwkprognose.output.report.households import sentences
from zwkprognose.output.report.tiles import tiles
from zwkprognose.output.tables import interim
from zwkprognose.output.tables.cross import area_ages
from zwkprognose.output.tables.households import household_table
from zwkprognose.rates.households import living_alone


@pytest.fixture(scope="module")
def published(city: xr.Dataset) -> xr.Dataset:
    return publish(city)


@pytest.fixture(scope="module")
def numbers(city: xr.Dataset, published: xr.Dataset) -> Numbers:
    return numbers_of(published, facts_of(city))


@pytest.fixture(scope="module")
def found(numbers: Numbers) -> Households:
    return households_of(HouseholdPlan(living_alone(2.6)), numbers, Spans(""))


def thousands(value: float) -> str:
    return f"{abs(round(value)):,}".replace(",", ".")


def signed(value: float) -> str:
    return f"{'+' if value > 0 else '−'}{thousands(value)}"


def comma(value: float) -> str:
    return f"{value:.1f}".replace(".", ",")


def test_tiles_of_an_area(numbers: Numbers, published: xr.Dataset) -> None:
    own = published.sel(area="0004", scenario="middle")
    start, end = (float(own["total"].sel(year_end=year)) for year in (2020, 2027))
    assert start != end
    flows = {name: float(own[name].sum()) for name in ("births", "deaths", "in_moves", "out_moves")}
    by_title = {title: (text, more) for title, text, more in tiles(numbers, 3)}
    assert by_title["Bevölkerung 2020"] == (thousands(start), "am 31.12., Ausgangsbestand")
    change = comma(100 * abs(end - start) / start)
    text, more = by_title["Bevölkerung 2027"]
    assert text == thousands(end)
    assert more == f"{signed(end - start)} Personen, {signed(end - start)[0]}{change}\u202f%"
    balances = [text for text, more in by_title.values() if more == "Summe 2021–2027"]
    assert balances == [signed(flows["births"] - flows["deaths"]), signed(flows["in_moves"] - flows["out_moves"])]
    bands, people = numbers.broad_bands, numbers.broad_ages[numbers.main, :, 3]
    old = 100 * people[:, [band.first >= 65 for band in bands]].sum(-1) / people.sum(-1)
    assert by_title["Anteil ab 65 Jahren"] == (f"{comma(old[-1])}\u202f%", f"2020: {comma(old[0])}\u202f%")


def test_the_sentence_on_households(numbers: Numbers, found: Households) -> None:
    for at in (0, 1, 4):
        counts, mean = found.households[numbers.main, :, at, 0], found.mean[numbers.main, :, at]
        assert len({*counts}) > 2
        first, *_ = sentences(numbers, found, at)
        size = [f"{value:.2f}".replace(".", ",") for value in mean]
        assert first == (
            f"Am 31.12.2020 sind es {thousands(counts[0])} Haushalte mit im Mittel {size[0]} Personen, am 31.12.2027 "
            f"{thousands(counts[-1])} mit {size[-1]} ({signed(counts[-1] - counts[0])} Haushalte)."
        )


def test_tables_of_areas_begin_with_key_and_name(numbers: Numbers, found: Households, city: xr.Dataset) -> None:
    named = list(zip(city["area"].values.tolist(), city["area_name"].values.tolist(), strict=True))
    homes, ages = household_table(numbers, found), area_ages(numbers)
    assert homes.columns[:2] == ages.columns[:2] == ("Gebiet", "Name")
    assert [row[:2] for row in homes.rows] == [("", "Insgesamt"), *named]
    assert [row[:2] for row in ages.rows] == named
    bands = [band.label for band in numbers.broad_bands]
    assert ages.columns[2:] == (*bands, *bands)
    for row, people in zip(ages.rows, np.moveaxis(numbers.broad_ages[numbers.main], 1, 0), strict=True):
        np.testing.assert_array_equal(row[2:], [*people[0], *people[-1]])
    assert ages.groups == (("", 2), ("31.12.2020", len(bands)), ("31.12.2027", len(bands)))


@pytest.fixture(scope="module")
def held() -> pd.DataFrame:
    """A year held against its forecast: 1,010 of 1,000 persons expected; nobody counted those who moved out."""
    columns = ["area", "name", "component", "projected", "observed", "deviation", "percent", "low", "high", "place"]
    nan = np.nan
    rows = [
        ("", "Stadt", "population", 1000.0, 1010.0, 10.0, 1.0, 990.0, 1020.0, "in der Spanne"),
        ("", "Stadt", "births", 0.0, 4.0, 4.0, nan, nan, nan, ""),
        ("", "Stadt", "out_moves", 70.0, nan, nan, nan, 60.0, 80.0, ""),
        ("1", "Nord", "population", 600.0, 660.0, 60.0, 10.0, 590.0, 620.0, "darüber"),
        ("1", "Nord", "births", 3.0, 2.0, -1.0, -33.3, 1.0, 5.0, "in der Spanne"),
        ("1", "Nord", "out_moves", 40.0, nan, nan, nan, nan, nan, ""),
    ]
    return pd.DataFrame(rows, columns=columns)


def test_tiles_of_a_year_show_what_was_counted(held: pd.DataFrame) -> None:
    assert [list(tile.values()) for tile in interim.tiles(held)] == [
        ["Bevölkerung", "1.010", "erwartet 1.000 (+10)", "in der Spanne"],
        ["Geburten", "4", "erwartet 0 (+4)", ""],
    ]


def test_tables_of_a_year_leave_empty_what_is_not_known(held: pd.DataFrame) -> None:
    whole = interim.component_table(held)
    assert whole.rows == (
        ("Bevölkerung", 1000.0, 1010.0, 10.0, 1.0, 990.0, 1020.0, "in der Spanne"),
        ("Geburten", 0.0, 4.0, 4.0, "", "", "", ""),
        ("Fortzüge", 70.0, "nicht gezählt", "", "", 60.0, 80.0, ""),
    )
    assert whole.note == interim.NOTE
    assert interim.component_table(held.assign(place="")).note == ""
    assert interim.area_table(held).rows == (("Nord", 600.0, 660.0, 60.0, 10.0, 590.0, 620.0, "darüber"),)
    beside = interim.deviation_table(held)
    assert beside is not None
    assert beside.columns == ("Gebiet", "Bevölkerung", "Geburten")
    assert beside.rows == (("Stadt", "+10", "+4"), ("Nord", "+60*", "−1"))
    assert interim.deviation_table(held[held["component"] == "population"]) is None


def test_causes_of_a_change_are_bars_to_both_sides_of_the_middle() -> None:
    """The largest is 46 % of the width long; less goes to the left of the middle, and no effect is no cause."""
    persons = [[[10.0, 10.0], [-20.0, -60.0], [0.0, 0.0]], [[15.0, 5.0], [-30.0, -10.0], [0.0, 0.0]]]
    components = ["start", "fertility", "mortality"]
    coords = {"year_end": [2024, 2025], "component": components, "area": ["a"], "age_group": ["0", "1"]}
    parts = xr.Dataset({"contribution": (tuple(coords), np.reshape(persons, (2, 3, 1, 2)))}, coords)
    bars = interim.cause_bars(parts)
    assert [(bar["text"], bar["less"], bar["width"], bar["start"]) for bar in bars] == [
        ("−40", True, 46.0, 4.0), ("+20", False, 23.0, 50.0),
    ]  # fmt: skip
    table = interim.cause_table(parts)
    assert table.title == "Warum sich die Zahl für den 31.12.2025 ändert"
    assert [row[1] for row in table.rows] == [-40.0, 20.0, -20.0]
