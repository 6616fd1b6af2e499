"""Tables of single ages without an open group: a named choice, and nobody lost."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest
from support.frames import table, town

from zwkprognose.errors import InputError
from zwkprognose.inputs import build_inputs
from zwkprognose.tables import Table, read_table


def _single_ages(last: int, first: int = 0) -> tuple[tuple[int, int | None], ...]:
    return tuple((age, age + 1) for age in range(first, last + 1))


def _closed(*lasts: int) -> Table:
    """A town whose year 2020, 2021 … lists every single age up to the one given."""
    towns = [town(years=[2020 + i], groups=_single_ages(last)) for i, last in enumerate(lasts)]
    return towns[0].with_cells(pd.concat([t.cells for t in towns], ignore_index=True))


def test_without_the_choice_the_error_names_it() -> None:
    with pytest.raises(InputError, match="offene Altersgruppe") as error:
        build_inputs(_closed(100))
    assert 'last_age="open"' in error.value.remedy


@pytest.mark.parametrize("open_age", [90, 100, None])
def test_years_that_end_at_different_ages_keep_everybody(open_age: int | None) -> None:
    source = _closed(101, 104)
    population = build_inputs(source, open_age=open_age, last_age="open")["population"]
    first = 101 if open_age is None else open_age
    assert int(population["age"].max()) == first
    for year in (2020, 2021):
        cells = source.cells[source.cells["year"] == year]
        stock = population.sel(year_end=year)
        assert float(stock.sum()) == cells["value"].sum()
        assert float(stock.sel(age=first).sum()) == cells.loc[cells["age_from"] >= first, "value"].sum()


def test_a_year_with_an_open_group_stays_as_it_is() -> None:
    source = town(years=[2019], groups=(*_single_ages(89), (90, None)))
    both = source.with_cells(pd.concat([source.cells, _closed(99).cells], ignore_index=True))
    inputs = build_inputs(both, last_age="open", open_age=90)
    cells = both.cells
    assert float(inputs["population"].sum()) == cells["value"].sum()
    old = cells[(cells["year"] == 2019) & (cells["age_from"] == 90)]["value"].sum()
    assert float(inputs["population"].sel(year_end=2019, age=90).sum()) == old
    assert "last_age" in inputs.attrs["findings"]


def test_the_choice_is_not_said_where_it_changes_nothing() -> None:
    assert json.loads(build_inputs(town(), last_age="open").attrs["findings"]) == json.loads(
        build_inputs(town()).attrs["findings"]
    )


def test_events_by_single_age_get_the_open_group_of_the_stock() -> None:
    rows = [("99", "Stadt", 2020, "total", "total", age, age + 1) for age in range(107)]
    deaths = table(rows, [float(age) for age in range(107)], "deaths")
    births = table(rows[15:50], [1.0] * 35, "births")
    inputs = build_inputs(_closed(100), deaths, births, last_age="open", open_age=95)
    assert float(inputs["deaths"].sel(age=95).sum()) == sum(range(95, 107))
    assert float(inputs["births"].sel(age=slice(15, 49)).sum()) == float(inputs["births"].sum()) == 35


@pytest.mark.parametrize(("last", "open_age"), [(79, None), (84, 90)])
def test_a_table_that_ends_too_early_is_refused(last: int, open_age: int | None) -> None:
    with pytest.raises(InputError, match="ältere Personen könnten fehlen") as error:
        build_inputs(_closed(last), last_age="open", open_age=open_age)
    assert error.value.cells == ({"year": 2020, "age": f"zuletzt {last}"},)


def test_an_open_group_inside_a_group_is_refused() -> None:
    groups = ((0, 90), (90, 95), (95, 100))
    with pytest.raises(InputError, match="mitten in einer Gruppe") as error:
        build_inputs(town(groups=groups), last_age="open", open_age=92)
    assert error.value.cells == ({"age": "90 bis 94"},)
    assert int(build_inputs(town(groups=groups), last_age="open")["age"].max()) == 95


def test_another_word_for_the_choice_is_refused() -> None:
    with pytest.raises(InputError, match="„offen“"):
        build_inputs(_closed(100), last_age="offen")  # type: ignore[arg-type]


@pytest.mark.shared
def test_real_pyramids_of_single_ages(shared: Path) -> None:
    """Konstanz prints every age up to the oldest person; the published total stays."""
    folder = shared / "data/konstanz/bevoelkerung/pyramiden"
    source = read_table([folder / f"pyramide_{year}.csv" for year in (2023, 2025)])
    population = build_inputs(source, open_age=100, last_age="open")["population"]
    assert population.sum(["area", "nationality", "sex", "age"]).to_numpy().tolist() == [87360, 87178]
