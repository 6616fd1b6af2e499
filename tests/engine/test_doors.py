"""Impossible input: a German error that names the cells, and nothing is computed."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

from zwkprognose import project
from zwkprognose.engine import Erstbezug, Sondergruppe
from zwkprognose.errors import EngineError


@pytest.fixture(scope="module")
def stock(city):
    return city(3, groups=2, open_age=80, seed=5)


@pytest.fixture(scope="module")
def rates(stock, rates_of):
    return rates_of(stock, seed=5)


def changed(dataset, name, value, **cell):
    """The same Dataset with another value in one cell."""
    new = dataset.copy(deep=True)
    new[name] = new[name].astype(float)
    new[name].loc[cell] = value
    return new


CELL = {"area": "0001", "nationality": "foreign", "sex": "male", "age": 17}


def test_empty_and_negative_stock(stock, rates):
    for value, message in ((np.nan, "keine Zahl"), (np.inf, "keine Zahl"), (-1.0, "außerhalb")):
        with pytest.raises(EngineError, match=message) as caught:
            project(changed(stock, "population", value, year_end=2020, **CELL), rates, until=2021)
        assert caught.value.cells == (CELL,)
        assert caught.value.remedy


def test_shares_that_do_not_sum_to_one(stock, rates_of):
    pool = rates_of(stock, moves="pool")
    with pytest.raises(EngineError, match=r"Umzugspool.*nicht 1") as caught:
        project(stock, pool.assign(move_in_share=0.9 * pool["move_in_share"]), until=2021)
    assert caught.value.cells[:2] == ({"year": 2021, "age": 0}, {"year": 2021, "age": 1})
    matrix = rates_of(stock, moves="matrix")
    with pytest.raises(EngineError, match=r"Zielgebiets.*nicht 1"):
        project(stock, matrix.assign(destination_share=0.9 * matrix["destination_share"]), until=2021)
    with pytest.raises(EngineError, match=r"Neugeborenen.*nicht 1"):
        project(stock, pool.assign(birth_group_share=0.5 * pool["birth_group_share"]), until=2021)


def test_moves_need_a_destination_and_only_one(stock, rates_of):
    pool, matrix = rates_of(stock, moves="pool"), rates_of(stock, moves="matrix")
    with pytest.raises(EngineError, match="wohin sie führen"):
        project(stock, pool.drop_vars("move_in_share"), until=2021)
    with pytest.raises(EngineError, match="zugleich"):
        project(stock, matrix.assign(move_in_share=pool["move_in_share"]), until=2021)


def test_ages_that_do_not_join(stock, rates):
    with pytest.raises(EngineError, match="schließen nicht") as caught:
        project(stock.drop_sel(age=40), rates, until=2021)
    assert caught.value.cells[0] == {"age": 41}
    with pytest.raises(EngineError, match="Alter stimmt nicht"):
        project(stock, rates.isel(age=slice(0, 70)), until=2021)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda r: r.drop_vars("death_prob"), "fehlt: Sterbewahrscheinlichkeit"),
        (lambda r: r.assign(death_prob=r["death_prob"].expand_dims(quarter=[1])), "passen nicht"),
        (lambda r: r.assign(in_moves=r["in_moves"].isel(area=0)), "passen nicht"),
        (lambda r: changed(r, "fertility_rate", 0.1, age=0), "selbst Kinder"),
        (lambda r: changed(r, "naturalisation_prob", 0.1, nationality="german"), "Zielgruppe"),
        (lambda r: r.isel(area=[0, 1, 2, 2]), "stimmt nicht"),
        (lambda r: r.assign(area_exists=("area", [1.0, 0.5, 1.0])), "nur 0 und 1"),
    ],
)
def test_rates_that_break_the_contract(stock, rates, change, message):
    with pytest.raises(EngineError, match=message):
        project(stock, change(rates), until=2021)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"until": 2020}, "schon vom 31.12.2020"),
        ({"timing": "late"}, "unbekannt"),
        ({"method": "fast"}, "gibt es nicht"),
        ({"citizens": "swiss"}, "gibt es nicht"),
        ({"scenario": []}, "leer"),
    ],
)
def test_calls_that_make_no_sense(stock, rates, arguments, message):
    with pytest.raises(EngineError, match=message):
        project(stock, rates, **{"until": 2021, **arguments})


def test_stock_without_sexes_or_without_population(stock, rates):
    both = stock.sum("sex").expand_dims(sex=["total"], axis=3)
    with pytest.raises(EngineError, match="nicht nach Geschlecht"):
        project(both, rates, until=2021)
    with pytest.raises(EngineError, match="Ohne Bestand"):
        project(stock.drop_vars("population"), rates, until=2021)


def home(profile, **change):
    given = {"name": "Heim", "area": "0000", "capacity": {2021: 5.0}, "profile": profile, **change}
    return {"sondergruppen": [Sondergruppe(**given)]}


def houses(profile, **change):
    built = xr.DataArray([[4.0]], {"year": [2021], "area": ["0000"]})
    given = {"dwellings": built, "persons": 2.0, "profile": profile, "outside_share": 0.5, **change}
    return {"erstbezug": Erstbezug(**given)}


@pytest.mark.parametrize(
    ("plan", "message"),
    [
        (lambda p: home(p, area="9999"), "Gebiet gibt es nicht"),
        (lambda p: home(0.5 * p), "unmöglich"),
        (lambda p: home(p, capacity={2021: -1.0}), "unmöglich"),
        (lambda p: home(p, stay_share=1.5), "unmöglich"),
        (lambda p: home(p.isel(age=slice(0, 50))), "stimmt nicht"),
        (lambda p: home(p.sum("sex")), "Geschlecht"),
        (lambda p: houses(0.5 * p), "Summe nicht 1"),
        (lambda p: houses(p, outside_share=1.2), "zwischen 0 und 1"),
        (lambda p: houses(p, persons=-1.0), "negativ"),
        (lambda p: houses(p, spread=(0.5, 0.3)), "nicht die Summe 1"),
        (lambda p: houses(p, dwellings=xr.DataArray([[1.0]], {"year": [2021], "area": ["9999"]})), "nicht im Bestand"),
        (lambda p: houses(p, dwellings=xr.DataArray([1.0], {"year": [2021]})), "passen nicht"),
    ],
)
def test_plans_that_are_impossible(stock, rates, profile_of, plan, message):
    with pytest.raises(EngineError, match=message):
        project(stock, rates, until=2022, **plan(profile_of(stock)))


def test_facility_in_an_area_that_no_longer_exists(stock, rates_of, profile_of):
    gone = xr.DataArray([[1.0, 1, 1], [0, 1, 1]], {"year": [2021, 2022], "area": stock["area"].values})
    rates = rates_of(stock, moves="pool").assign(area_exists=gone)
    for plan in (home(profile_of(stock)), houses(profile_of(stock), spread=(0.5, 0.5))):
        with pytest.raises(EngineError, match=r"Gebieten.* die es nicht gibt"):
            project(stock, rates, until=2022, **plan)
