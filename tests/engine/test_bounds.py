"""Paths, bounds and dwellings from a document to the population, on random towns."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr
from support.cities import CELL, START, City, rates_of, stock_of, with_moves

from zwkprognose import check_balance, project
from zwkprognose.engine import Eckwert
from zwkprognose.errors import EngineError
from zwkprognose.evaluation import Case, decompose
from zwkprognose.scenarios import Scenario

TOWN = City(areas=5, groups=2, open_age=80, seed=11)
UNTIL = START + 6
METHODS = ["reference", "kernel"]


@pytest.fixture(scope="module")
def stock():
    return stock_of(TOWN, least=1.0)


@pytest.fixture(scope="module")
def rates():
    return with_moves(rates_of(TOWN), TOWN, "pool")


@pytest.fixture(scope="module")
def free(stock, rates):
    return project(stock, rates, until=UNTIL)["population"]


def scenario(*statements):
    return Scenario.from_toml('name = "x"\n' + "\n".join(f"[[eckwert]]\n{s}" for s in statements))


def people(projection):
    return projection["population"].sum(CELL)


@pytest.mark.parametrize("method", METHODS)
def test_a_far_target_is_no_cliff(stock, rates, method):
    start = float(stock["population"].sum())
    found = project(stock, rates, scenario(f'personen = {{ {UNTIL} = {1.06 * start} }}\nverlauf = "gleitend"'),
                    until=UNTIL, method=method)  # fmt: skip
    np.testing.assert_allclose(people(found), start * (1 + 0.01 * np.arange(7)), rtol=1e-10)


@pytest.mark.parametrize("method", METHODS)
def test_bounds_that_hold_change_no_bit(stock, rates, free, method):
    most = float(free.sum(CELL[1:]).max())
    loose = scenario(f'mindestens = 1\nhoechstens = {most + 1}\nje = "gebiet"', "mindestens = 10")
    bound = project(stock, rates, loose, until=UNTIL, method=method)
    np.testing.assert_array_equal(bound["population"], free)


@pytest.mark.parametrize("method", METHODS)
def test_each_area_has_at_least_its_own(stock, rates, free, method):
    """Areas below the bound are lifted onto it, the others stay as they are to the last bit in the first year."""
    by_area = free.sum(CELL[1:])
    least = float(by_area.sel(year_end=START + 1).median())
    found = project(stock, rates, scenario(f'mindestens = {least}\nje = "gebiet"'), until=UNTIL, method=method)
    assert check_balance(found) < 1e-10
    now = found["population"].sum(CELL[1:]).isel(year_end=slice(1, None))
    assert float(now.min()) > least * (1 - 1e-10)
    low = by_area.sel(year_end=START + 1) < least
    np.testing.assert_allclose(now.sel(year_end=START + 1)[low.values], least, rtol=1e-10)
    first = found["population"].sel(year_end=START + 1)
    grown = slice(1, None)  # children of the lifted areas move too
    before = free.sel(year_end=START + 1)[~low.values]
    np.testing.assert_array_equal(first[~low.values][..., grown], before[..., grown])


@pytest.mark.parametrize("method", METHODS)
def test_a_total_bounds_and_nested_bands_together(stock, rates, free, method):
    by_area, ages = free.sum(CELL[1:]), free.sum(CELL[:3])
    total = float(1.01 * free.sel(year_end=UNTIL).sum())
    least = float(by_area.min()) * 1.05
    statements = [f'personen = {{ {UNTIL} = {total} }}\nverlauf = "gleitend"', f'mindestens = {least}\nje = "gebiet"']
    for first, factor in ((6, 1.0), (18, 0.99), (40, 1.02)):
        wanted = {y: factor * float(ages.sel(year_end=y, age=slice(first, None)).sum()) for y in (START + 2, UNTIL)}
        statements.append(f'alter = "{first}+"\npersonen = {{ {", ".join(f"{y} = {v}" for y, v in wanted.items())} }}')
    found = project(stock, rates, scenario(*statements), until=UNTIL, method=method)
    last = found["population"].sel(year_end=UNTIL)
    assert float(last.sum()) == pytest.approx(total, rel=1e-9)
    for first, factor in ((6, 1.0), (18, 0.99), (40, 1.02)):
        wanted = factor * float(ages.sel(year_end=UNTIL, age=slice(first, None)).sum())
        assert float(last.sel(age=slice(first, None)).sum()) == pytest.approx(wanted, rel=1e-9)
    assert float(found["population"].sum(CELL[1:]).isel(year_end=slice(1, None)).min()) > least * (1 - 1e-9)
    other = project(stock, rates, scenario(*statements), until=UNTIL, method="reference")
    xr.testing.assert_identical(found, other)


def test_dwellings_fill_and_moves_follow(stock, rates):
    dwellings = f"wohnungen = {{ {START + 3} = 4000, {UNTIL} = 4600 }}"
    text = f'gebiete = ["02"]\n{dwellings}\npersonen_je_wohnung = 2\nleerstand = 0.05'
    found = project(stock, rates, scenario(text), until=UNTIL)
    now = found["population"].sel(area="02").sum(CELL[1:])
    assert float(now.sel(year_end=START + 3)) == pytest.approx(4000 * 0.95 * 2)
    assert float(now.sel(year_end=UNTIL)) == pytest.approx(4600 * 0.95 * 2)
    steps = np.diff(now.values)
    np.testing.assert_allclose(steps[:3], steps[0])
    np.testing.assert_allclose(steps[3:], steps[-1])


def test_bounds_that_contradict_are_named(stock, rates):
    """A total of 10,000, but each of the five areas shall have at least 2,100."""
    asked = scenario(f"personen = {{ {UNTIL} = 10000 }}", 'mindestens = 2100\nje = "gebiet"')
    with pytest.raises(EngineError, match="widersprechen") as refused:
        project(stock, rates, asked, until=UNTIL)
    said = [cell for cell in refused.value.cells if "mindestens" in cell]
    assert {cell["area"] for cell in said} == {"00", "01", "02", "03", "04"}
    assert all(cell["Abstand"] == pytest.approx(500.0, abs=0.01) for cell in refused.value.cells)


def test_bounds_are_for_the_population(stock, rates):
    few = Eckwert("Geburten", xr.DataArray([1.0], {"year": [UNTIL]}), of="births", bound="most")
    with pytest.raises(EngineError, match="„most“ ist hier nicht möglich"):
        project(stock, rates, until=UNTIL, eckwerte=[few])


def test_comparisons_know_bounds(stock, rates):
    """A bound that holds contributes nothing, whoever computes."""
    loose = scenario("mindestens = 10")
    for method in METHODS:
        result = decompose(Case(stock, rates), Case(stock, rates, loose), until=UNTIL, method=method)
        assert float(abs(result["contribution"]).max()) == 0.0
