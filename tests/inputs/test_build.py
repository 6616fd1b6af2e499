"""Tables to Dataset: nothing lost, nothing filled in."""

from __future__ import annotations

import json
from collections.abc import Iterable

import numpy as np
import pandas as pd
import pytest
from support.frames import GROUPS, table, town

from zwkprognose.errors import InputError
from zwkprognose.inputs import build_inputs
from zwkprognose.tables.table import Table


def test_every_group_sum_of_the_source_is_kept() -> None:
    source = town()
    population = build_inputs(source)["population"]
    for (area, year, sex, nationality, lower), count in (
        source.cells.set_index(["area", "year", "sex", "nationality", "age_from"])["value"].items()
    ):
        upper = dict(GROUPS)[lower]
        group = population.sel(area=area, year_end=year, sex=sex, nationality=nationality)
        kept = group.sel(age=slice(lower, None if upper is None else upper - 1)).sum()
        assert float(kept) == pytest.approx(count, rel=1e-12)


def test_open_age_can_be_chosen_higher_and_lower() -> None:
    total = town().cells["value"].sum()
    for open_age in (85, 90, 100):
        population = build_inputs(town(), open_age=open_age)["population"]
        assert population.sizes["age"] == open_age + 1
        assert float(population.sum()) == pytest.approx(total)


def test_a_low_open_group_is_split_up_to_85_and_said() -> None:
    groups = ((0, 3), (3, 15), (15, 65), (65, 75), (75, None))
    inputs = build_inputs(town(groups=groups))
    assert int(inputs["age"].max()) == 85
    assert "Sterbetafel" in inputs.attrs["findings"]


def test_without_nationality_there_is_one_group() -> None:
    inputs = build_inputs(town(nationalities=("total",)))
    assert inputs["nationality"].to_numpy().tolist() == ["total"]


@pytest.mark.parametrize(("group", "said"), [("german", "Deutsche"), ("foreign", "Ausländer")])
def test_one_of_the_two_nationalities_is_not_everybody(group: str, said: str) -> None:
    with pytest.raises(InputError, match=f"nur eine Gruppe: .*{said}"):
        build_inputs(town(nationalities=(group,)))


def test_totals_beside_parts_are_not_counted() -> None:
    source = town()
    totals = source.cells.groupby(["area", "area_name", "year", "age_from", "age_to"], dropna=False, as_index=False)
    rows = totals["value"].sum().assign(sex="total", nationality="total", variable="population", status="number")
    both = source.with_cells(pd.concat([source.cells, rows], ignore_index=True))
    assert float(build_inputs(both)["population"].sum()) == pytest.approx(source.cells["value"].sum())


def test_mixed_levels_are_refused_and_can_be_chosen() -> None:
    mixed = town(areas=("04", "0401", "0402"))
    with pytest.raises(InputError, match="doppelt gezählt") as error:
        build_inputs(mixed)
    assert error.value.cells == ({"area": "04"},)
    assert build_inputs(mixed, areas="????")["area"].to_numpy().tolist() == ["0401", "0402"]
    assert build_inputs(mixed, areas=["04"])["area"].to_numpy().tolist() == ["04"]


def test_the_whole_country_beside_its_laender_is_a_mixed_level() -> None:
    with pytest.raises(InputError, match="doppelt gezählt") as error:
        build_inputs(town(areas=("DG", "01", "02")))
    assert error.value.cells == ({"area": "DG"},)
    assert build_inputs(town(areas=("DG",)))["area"].to_numpy().tolist() == ["DG"]


def test_unknown_area_is_named() -> None:
    with pytest.raises(InputError, match="4711"):
        build_inputs(town(), areas=["4711"])


def _without(source: Table, row: int) -> Table:
    return source.with_cells(source.cells.drop(index=row))


def test_missing_cell_is_named() -> None:
    with pytest.raises(InputError, match="fehlen") as error:
        build_inputs(_without(town(), 4))
    assert error.value.cells == (
        {"area": "01", "nationality": "Deutsche", "sex": "weiblich", "age_from": 65},
    )


def test_missing_area_in_one_year_is_named() -> None:
    source = town()
    gone = (source.cells["area"] == "02") & (source.cells["year"] == 2023)
    with pytest.raises(InputError, match="2023") as error:
        build_inputs(source.with_cells(source.cells[~gone]))
    assert {cell["area"] for cell in error.value.cells} == {"02"}


def test_double_cell_is_named() -> None:
    source = town()
    double = source.with_cells(pd.concat([source.cells, source.cells.iloc[[0]]], ignore_index=True))
    with pytest.raises(InputError, match="mehrfach"):
        build_inputs(double)


def test_gap_and_missing_open_group_are_named() -> None:
    with pytest.raises(InputError, match="schließen nicht") as error:
        build_inputs(town(groups=((0, 3), (4, 90), (90, None))))
    assert error.value.cells == ({"age": "erwartet ab 3, gefunden ab 4"},)
    with pytest.raises(InputError, match="offene Altersgruppe; die Tabelle endet mit dem Alter 89"):
        build_inputs(town(groups=((0, 3), (3, 90))))


SINGLE = (*((age, age + 1) for age in range(85)), (85, None))


@pytest.mark.parametrize(
    ("years", "groups", "open_age", "said"),
    [
        ((2020, 2021, 2022), SINGLE, None, []),
        ((2020,), SINGLE, None, []),
        ((2020, 2021, 2023), SINGLE, None, ["Bestände liegen nur für diese Stichtage vor: 31.12. 2020, 2021, 2023."]),
        ((2020, 2021), (*SINGLE[:83], (83, 85), (85, None)), None, ["Altersgruppen sind mit einer monotonen Kurve"]),
        ((2020, 2021), SINGLE, 86, ["Die offene Altersgruppe ab 85 ist nach der Sterbetafel"]),
        ((2020, 2021), SINGLE, 80, []),
    ],
)
def test_what_is_estimated_is_said_and_nothing_else(
    years: tuple[int, ...], groups: tuple[tuple[int, int | None], ...], open_age: int | None, said: list[str]
) -> None:
    found = json.loads(build_inputs(town(years=years, groups=groups), open_age=open_age).attrs["findings"])
    own = [row["message"] for row in found if row["rule"] == "I01"]
    assert len(own) == len(said)
    assert all(text.startswith(start) for text, start in zip(own, said, strict=True))


def test_a_sign_is_never_a_number() -> None:
    source = town()
    cells = source.cells.copy()
    cells.loc[0, ["value", "status"]] = [np.nan, "hidden"]
    with pytest.raises(InputError, match="in 1 Zelle") as error:
        build_inputs(source.with_cells(cells))
    assert error.value.cells[0]["Zeichen"] == "unbekannt oder geheim"


def test_without_sex_nothing_is_guessed() -> None:
    source = town()
    with pytest.raises(InputError, match="Geschlecht"):
        build_inputs(source.with_cells(source.cells[source.cells["sex"] == "male"]))


def test_sex_only_as_a_margin_is_refused() -> None:
    """Ages for both sexes together and the sexes for all ages together are no population by age and sex."""
    source = town()
    both = source.cells.groupby(["area", "area_name", "year", "age_from", "age_to"], dropna=False, as_index=False)
    ages = both["value"].sum().assign(sex="total")
    sexes = source.cells.groupby(["area", "area_name", "year", "sex"], as_index=False)["value"].sum()
    margins = pd.concat([ages, sexes.assign(age_from=0)], ignore_index=True)
    margins = margins.assign(nationality="total", variable="population", status="number")
    with pytest.raises(InputError, match="zugleich nach Geschlecht und Alter"):
        build_inputs(source.with_cells(margins.astype({"age_from": "Int64", "age_to": "Int64"})))


def test_flows_keep_the_split_of_their_source() -> None:
    births = table([("01", "", 2023, "total", "total", 0, None), ("02", "", 2023, "total", "total", 0, None)],
                   [41.0, 17.0], "births")  # fmt: skip
    inputs = build_inputs(town(), births)
    assert inputs["births"].dims == ("year", "area")
    assert inputs["births"].sel(area="02").item() == 17.0


def test_flows_of_the_whole_city_lose_the_area() -> None:
    deaths = table([("99", "Stadt", 2023, "total", "total", 0, None)], [250.0], "deaths")
    assert build_inputs(town(), deaths)["deaths"].dims == ("year",)


def events(name: str, *places: tuple[str, int]) -> Table:
    return table([(area, "", year, "total", "total", 0, None) for area, year in places], [9.0] * len(places), name)


def test_events_of_an_area_without_people_are_refused_unless_areas_were_chosen() -> None:
    deaths = events("deaths", ("01", 2023), ("02", 2023), ("77", 2023))
    with pytest.raises(InputError, match="Sterbefälle: Gebiete, die es im Bestand nicht gibt") as error:
        build_inputs(town(), deaths)
    assert error.value.cells == ({"area": "77"},)
    chosen = build_inputs(town(), deaths, areas=["01", "02"])
    assert float(chosen["deaths"].sum()) == 18.0


@pytest.mark.parametrize("order", [("births", "deaths"), ("deaths", "births")])
def test_events_of_different_years_are_refused_and_none_is_lost(order: tuple[str, str]) -> None:
    tables = {"births": events("births", ("01", 2023), ("02", 2023)),
              "deaths": events("deaths", *((a, y) for a in ("01", "02") for y in (2021, 2022, 2023)))}  # fmt: skip
    with pytest.raises(InputError, match="Sterbefälle 2021 bis 2023") as error:
        build_inputs(town(), *(tables[name] for name in order))
    assert error.value.cells == tuple({"Ereignis": "Sterbefälle", "year": y} for y in (2021, 2022))


@pytest.mark.parametrize("numbers", [range(1, 15), (*range(1, 20), 20, 30), (2, 20, 21)])
def test_areas_that_are_counted_are_no_levels(numbers: Iterable[int]) -> None:
    """1 is not above 10 to 14, nor 2 above 20: their people do not add up."""
    keys = tuple(map(str, numbers))
    assert build_inputs(town(areas=keys)).sizes["area"] == len(keys)


def test_numbered_areas_whose_people_add_up_are_levels() -> None:
    parts = town(areas=("11", "12", "2"))
    own = parts.cells[parts.cells["area"].isin(["11", "12"])]
    keys = ["year", "sex", "nationality", "age_from", "age_to"]
    above = own.groupby(keys, dropna=False, as_index=False)["value"].sum()
    rows = above.assign(area="1", area_name="Eins", variable="population", status="number", destination="", flag="")
    both = parts.with_cells(pd.concat([rows, parts.cells], ignore_index=True))
    with pytest.raises(InputError, match="verschiedener Ebenen") as error:
        build_inputs(both)
    assert error.value.cells == ({"area": "1"},)
    assert build_inputs(both, areas="feinste")["area"].to_numpy().tolist() == ["11", "12", "2"]


@pytest.mark.parametrize("areas", ["*", "04*", ["04", "0402"]])
def test_chosen_areas_that_hold_each_other_are_refused(areas: str | list[str]) -> None:
    with pytest.raises(InputError, match="doppelt gezählt"):
        build_inputs(town(areas=("04", "0401", "0402")), areas=areas)


def test_a_stock_without_area_beside_areas_is_refused() -> None:
    both = town(areas=("01", "02", ""))
    with pytest.raises(InputError, match="ohne Gebiet"):
        build_inputs(both)
    assert build_inputs(both, areas=["01", "02"]).sizes["area"] == 2


def test_events_by_age_group_keep_their_sums() -> None:
    rows = [("01", "", 2023, "total", "total", lower, upper) for lower, upper in ((0, 60), (60, 80), (80, None))]
    deaths = build_inputs(town(areas=("01",)), table(rows, [10.0, 30.0, 60.0], "deaths"))["deaths"]
    assert deaths.dims == ("year", "area", "age")
    assert float(deaths.sel(age=slice(80, None)).sum()) == pytest.approx(60.0)
    assert float(deaths.sum()) == pytest.approx(100.0)


def test_events_of_two_age_groups_keep_their_sums() -> None:
    rows = [("01", "", 2023, "total", "total", lower, upper) for lower, upper in ((0, 65), (65, None))]
    deaths = build_inputs(town(areas=("01",)), table(rows, [10.0, 90.0], "deaths"))["deaths"]
    assert float(deaths.sel(age=slice(65, None)).sum()) == pytest.approx(90.0)
    assert float(deaths.sum()) == pytest.approx(100.0)


def test_sources_travel_with_the_dataset() -> None:
    assert json.loads(build_inputs(town()).attrs["sources"])[0]["file"] == "stadt.csv"


def _births(*groups: tuple[int, int | None]) -> Table:
    return table([("99", "Stadt", 2023, "total", "total", *group) for group in groups], [60.0] * len(groups), "births")


def _by_sex(*counted: tuple[str, float]) -> Table:
    rows = [("99", "Stadt", 2023, sex, "total", 0, None) for sex, _ in counted]
    return table(rows, [count for _, count in counted], "births")


def test_births_of_boys_and_girls_are_all_births_and_girls_alone_are_not() -> None:
    both = build_inputs(town(), _by_sex(("female", 20.0), ("male", 21.0)))["births"]
    assert both.dims == ("year",)
    assert both.item() == 41.0
    with pytest.raises(InputError, match="Zellen fehlen") as refused:
        build_inputs(town(), _by_sex(("female", 20.0)))
    assert refused.value.cells == ({"year": 2023, "sex": "männlich"},)


def test_births_by_the_mothers_age_have_no_mothers_at_other_ages() -> None:
    births = build_inputs(town(), _births((15, 30), (30, 40), (40, None)))["births"]
    assert births.dims == ("year", "age")
    sums = [float(births.sel(age=slice(*ages)).sum()) for ages in ((0, 14), (15, 29), (30, 39), (40, 44), (45, None))]
    assert sums == pytest.approx([0, 60, 60, 60, 0], abs=1e-9)


def test_the_youngest_mothers_are_not_children() -> None:
    births = build_inputs(town(), _births((0, 20), (20, 49), (49, 50)))["births"]
    assert float(births.sel(age=slice(0, 14)).sum()) == 0.0
    assert float(births.sel(age=slice(15, 19)).sum()) == pytest.approx(60)
    assert float(births.sel(age=49).sum()) == pytest.approx(60)


def test_groups_of_mothers_with_a_gap_are_refused() -> None:
    with pytest.raises(InputError, match="Altersgruppen der Mütter") as error:
        build_inputs(town(), _births((15, 20), (25, 30), (30, None)))
    assert error.value.cells == ({"age": "erwartet ab 20, gefunden ab 25"},)
