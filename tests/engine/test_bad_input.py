"""What cannot be computed is refused at the door: a German error that names the cells, and nothing is computed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import xarray as xr
from support.cities import START, City, plan_of, profile_of, rates_of, stock_of, with_moves

from zwkprognose import project
from zwkprognose.engine import Sondergruppe
from zwkprognose.engine.compiled import compute
from zwkprognose.errors import CELLS_SHOWN, EngineError
from zwkprognose.rates.mortality.lifetable import life_table

TOWN = City(areas=3, groups=2, open_age=20, seed=7)
CELL = {"area": "01", "nationality": "foreign", "sex": "male", "age": 12}
NUMBERS = ["in_moves", "fertility_rate"]
SHARES = ["death_prob", "out_prob", "move_out_prob", "naturalisation_prob", "move_in_share"]


@pytest.fixture
def stock():
    return stock_of(TOWN, least=1.0)


@pytest.fixture
def rates():
    return with_moves(rates_of(TOWN), TOWN, "pool")


@pytest.fixture
def refused(monkeypatch):
    """The error of a projection that must not begin to compute."""

    def error(stock, rates, match, **more):
        monkeypatch.setattr(compute, "run", lambda *_: pytest.fail("Es wurde gerechnet."))
        before = stock.copy(deep=True), rates.copy(deep=True)
        with pytest.raises(EngineError, match=match) as caught:
            project(stock, rates, **({"until": START + 5} | more))
        xr.testing.assert_identical(stock, before[0])
        xr.testing.assert_identical(rates, before[1])
        assert caught.value.remedy.endswith(".")
        return caught.value

    return error


def put(data, name, value, **where):
    """A copy in which the named cell has this value."""
    at = {d: v for d, v in (CELL | where).items() if d in data[name].dims}
    changed = data[name].copy(deep=True)
    changed.loc[at] = value
    return data.assign({name: changed}), at


# --- the stock


@pytest.mark.parametrize("value", [np.nan, np.inf, -0.001])
def test_stock_that_is_no_number_or_negative(stock, rates, refused, value):
    bad, at = put(stock, "population", value, year_end=START)
    error = refused(bad, rates, "liegt unter 0" if value < 0 else "keine Zahl")
    at.pop("year_end")
    assert error.cells == (at,)
    assert error.message.startswith("Bevölkerung: Eine Zelle")


def test_ages_with_a_gap(stock, rates, refused):
    error = refused(stock.drop_sel(age=5), rates.drop_sel(age=5), "Alter schließen nicht aneinander an")
    assert error.cells[0] == {"age": 6}


@pytest.mark.parametrize("ages", [slice(1, 20), slice(0, 4)])
def test_ages_that_begin_late_or_end_early(stock, rates, refused, ages):
    refused(stock.sel(age=ages), rates.sel(age=ages), "Alter schließen nicht aneinander an")


@pytest.mark.parametrize("ends", [[2019, 2018], [2020, 2020]])
def test_year_ends_out_of_order(stock, rates, refused, ends):
    twice = xr.concat([stock, stock], "year_end").assign_coords(year_end=ends)
    refused(twice, rates, "nicht aufsteigend")


def test_target_year_in_the_past(stock, rates, refused):
    assert "31.12.2020" in refused(stock, rates, "schon vom", until=2020).message


@pytest.mark.parametrize("until", [START + 1.5, str(START + 3), True])
def test_target_year_that_is_no_whole_number(stock, rates, refused, until):
    assert "zum Beispiel until=" in refused(stock, rates, "keine ganze Zahl", until=until).remedy


@pytest.mark.parametrize("scenario", ["middle", ["middle"], {"name": "middle"}])
def test_names_in_the_place_of_scenarios(stock, rates, refused, scenario):
    assert "Scenario.bundled" in refused(stock, rates, "als Scenario übergeben", scenario=scenario).remedy


def test_stock_of_texts_or_in_a_data_frame(stock, rates, refused):
    refused(stock.assign(population=stock["population"].astype(str)), rates, "keine Zahlen, sondern <U32")
    with pytest.raises(EngineError, match="Ohne Bestand"):
        project(stock.to_dataframe(), rates, until=START + 1)


def test_stock_without_sexes(stock, rates, refused):
    both = stock.sum("sex").expand_dims(sex=["total"], axis=3)
    refused(both, rates, "nicht nach Geschlecht getrennt")


def test_no_stock_at_all(stock, rates, refused):
    refused(stock.rename(population="people"), rates, "Ohne Bestand")


def test_stock_without_a_dimension(stock, rates, refused):
    error = refused(stock.isel(nationality=0, drop=True), rates, "Bevölkerung: Dimensionen .* passen nicht")
    assert error.cells == ({"fehlt": "nationality"},)


# --- the rates, value by value


@pytest.mark.parametrize("name", NUMBERS + SHARES)
def test_rate_that_is_no_number(stock, rates, refused, name):
    bad, at = put(rates, name, np.nan)
    assert refused(stock, bad, "keine Zahl").cells == (at,)


@pytest.mark.parametrize("name", NUMBERS + SHARES)
def test_negative_rate(stock, rates, refused, name):
    bad, at = put(rates, name, -1e-9)
    assert refused(stock, bad, "unter 0|außerhalb von 0 bis 1").cells == (at,)


@pytest.mark.parametrize("name", SHARES)
def test_probability_above_one(stock, rates, refused, name):
    bad, at = put(rates, name, 1.0001)
    assert refused(stock, bad, "außerhalb von 0 bis 1").cells == (at,)


def test_first_ten_cells_are_shown_and_all_are_kept(stock, rates, refused):
    bad = rates.assign(out_prob=rates["out_prob"] - 1.0)
    error = refused(stock, bad, "außerhalb von 0 bis 1")
    cells = rates["out_prob"].size
    assert len(error.cells) == cells
    assert str(error).count("\n  – ") == CELLS_SHOWN + 1 == 11
    assert f"… und {cells - 10} weitere Stellen" in str(error)
    assert "Gebiet: 00, Staatsangehörigkeit: Deutsche, Geschlecht: weiblich, Alter: 0" in str(error)


def test_cells_of_labels_that_are_objects(stock, rates, refused):
    """Keys of areas as pandas makes them."""
    objects = {"area": np.array(stock["area"].values, dtype=object)}
    bad, at = put(stock.assign_coords(objects), "population", np.nan, year_end=START)
    assert refused(bad, rates, "keine Zahl").cells == ({d: v for d, v in at.items() if d != "year_end"},)


# --- probabilities that are impossible together


@pytest.mark.parametrize(
    ("age", "death", "out", "possible"),
    [
        (12, 0.5, 0.6, True),  # 0.5·0.7 + 0.6 = 0.95
        (12, 0.5, 0.7, False),  # 0.5·0.65 + 0.7 = 1.025
        (0, 0.5, 0.7, True),  # newborns 2/3: 0.5·(1 − 0.4667) + 0.7 = 0.967
        (0, 0.5, 0.9, False),  # 0.5·0.4 + 0.9 = 1.1
        (12, 1.0, 0.0, True),  # everybody dies
        (12, 0.0, 1.0, True),  # everybody leaves
        (12, 1.0, 0.01, False),  # 1 − 0.005 + 0.01
    ],
)
def test_deaths_and_exits_take_at_most_everybody(stock, refused, age, death, out, possible):
    none = 0 * rates_of(TOWN).drop_vars("birth_group_share")
    given, at = put(put(none, "death_prob", death, age=age)[0], "out_prob", out, age=age)
    if possible:
        after = project(stock, given, until=START + 1)["population"].sel(year_end=START + 1, **at)
        left = 0.0 if age == 0 else float(stock["population"].sel(at | {"age": age - 1}).sum())
        assert float(after) == pytest.approx(left * (1 - death * (1 - out / 2) - out), abs=1e-12)
    else:
        assert refused(stock, given, "mehr Personen, als da sind").cells == (at,)


def test_life_table_that_closes_with_certain_death(stock, refused):
    """Its last q = 1 is no probability of a year; the remedy names what is, and with that it can be computed."""
    none, oldest = 0 * rates_of(TOWN).drop_vars("birth_group_share"), TOWN.open_age
    leaving, at = put(none, "out_prob", 0.01, age=oldest)
    table = life_table(np.arange(oldest + 1), qx=np.append(np.full(oldest, 0.1), 1.0), ax=np.full(oldest + 1, 0.5))
    yearly, _ = put(leaving, "death_prob", 1 - table.survival_ratio[-1], age=oldest)
    assert float(project(stock, yearly, until=START + 5)["population"].min()) >= 0
    closing, _ = put(leaving, "death_prob", table.qx[-1], age=oldest)
    error = refused(stock, closing, "mehr Personen, als da sind")
    assert error.cells == (at,)
    assert "survival_ratio" in error.remedy


def test_all_ways_out_count_together(stock, rates, refused):
    """0.4 leave the city, 0.4 move inside, 0.3 change group: each is possible, together they are not."""
    bad = rates.copy(deep=True)
    for name, value in {"out_prob": 0.4, "move_out_prob": 0.4, "naturalisation_prob": 0.3}.items():
        bad, _ = put(bad, name, value)
    assert CELL in refused(stock, bad, "mehr Personen, als da sind").cells


def test_impossible_year_is_named(stock, refused):
    yearly = rates_of(TOWN, years=range(START + 1, START + 6))
    bad, at = put(put(yearly, "death_prob", 0.9, year=START + 4)[0], "out_prob", 0.9, year=START + 4)
    (cell,) = refused(stock, bad, "mehr Personen, als da sind").cells
    assert cell == at


# --- shares


def test_pool_shares_that_do_not_sum_to_one(stock, rates, refused):
    bad, at = put(rates, "move_in_share", 0.999)
    at.pop("area")
    assert refused(stock, bad, "Summe der Anteile nicht 1").cells == (at,)


def test_matrix_shares_that_do_not_sum_to_one(stock, refused):
    matrix = with_moves(rates_of(TOWN), TOWN, "matrix")
    bad, at = put(matrix, "destination_share", 0.999, origin="02", destination="00")
    (cell,) = refused(stock, bad, "Zielgebiets.*Summe der Anteile nicht 1").cells
    assert cell == {"area": "02"} | {d: v for d, v in at.items() if d in CELL}


def test_groups_of_children_that_do_not_sum_to_one(stock, rates, refused):
    bad, _ = put(rates, "birth_group_share", 0.999, nationality_child="german")
    (cell,) = refused(stock, bad, "Neugeborenen.*Summe der Anteile nicht 1").cells
    assert cell == {"nationality": "foreign"}


# --- plans


def home(**change):
    given = {"name": "Heim", "area": "01", "capacity": {START: 1.0}, "profile": profile_of(TOWN), **change}
    return {"sondergruppen": [Sondergruppe(**given)]}


def houses(**change):
    return {"erstbezug": replace(plan_of(TOWN)["erstbezug"], **change)}


PROFILE = profile_of(TOWN)
ELSEWHERE = xr.DataArray([[1.0]], {"year": [START + 1], "area": ["99"]})


@pytest.mark.parametrize(
    ("plan", "match"),
    [
        (home(area="99"), "„Heim“.*Gebiet gibt es nicht"),
        (home(profile=0.9 * PROFILE), "„Heim“.*unmöglich"),
        (home(stay_share=1.5), "„Heim“.*unmöglich"),
        (home(capacity={START: -1.0}), "„Heim“.*unmöglich"),
        (home(profile=PROFILE.isel(age=slice(0, 9))), "„Heim“: Alter stimmt nicht"),
        (home(profile=PROFILE.sum("sex")), "„Heim“.*Geschlecht"),
        (houses(profile=1.01 * PROFILE), "Einzugsprofil.*Summe nicht 1"),
        (houses(spread=(0.6, 0.5)), "nicht die Summe 1"),
        (houses(outside_share=1.3), "zwischen 0 und 1"),
        (houses(persons=-1.0), "Personen je Wohnung.*negativ"),
        (houses(dwellings=ELSEWHERE), "nicht im Bestand"),
        (houses(dwellings=ELSEWHERE.isel(area=0, drop=True)), "Wohnungen.*passen nicht"),
    ],
)
def test_plans_that_are_impossible(stock, rates, refused, plan, match):
    refused(stock, rates, match, **plan)


@pytest.mark.parametrize("plan", [home(), houses(spread=(0.5, 0.5))])
def test_plans_for_an_area_that_is_gone(stock, rates, refused, plan):
    exists = xr.DataArray(np.ones((5, 3)), {"year": range(START + 1, START + 6), "area": stock["area"].values})
    exists.loc[{"year": slice(START + 2, None), "area": ["00", "01"]}] = 0.0
    error = refused(stock, rates.assign(area_exists=exists), "Gebieten.* die es nicht gibt", **plan)
    assert error.cells[0]["year"] == START + 2


# --- labels that do not fit


@pytest.mark.parametrize("dim", ["area", "nationality", "sex", "age"])
def test_rates_without_a_label_of_the_stock(stock, rates, refused, dim):
    label = CELL[dim]
    error = refused(stock, rates.drop_sel({dim: [label]}), "stimmt nicht mit dem Bestand überein")
    assert error.cells == ({dim: label, "Befund": "fehlt hier"},)


@pytest.mark.parametrize("dim", ["area", "nationality", "sex", "age"])
def test_rates_with_a_label_that_the_stock_has_not(stock, rates, refused, dim):
    """An area in the rates but not in the stock, and the like; the last age, so that the others still join."""
    label = TOWN.open_age if dim == "age" else CELL[dim]
    error = refused(stock.drop_sel({dim: [label]}), rates, "stimmt nicht mit dem Bestand überein")
    assert error.cells == ({dim: label, "Befund": "nur hier, nicht im Bestand"},)


def test_rates_with_an_area_twice(stock, rates, refused):
    twice = rates.isel(area=[0, 1, 2, 2])
    error = refused(stock, twice, "stimmt nicht mit dem Bestand überein")
    assert error.cells == ({"area": "02", "Befund": "doppelt"},)


def test_year_missing_in_the_middle(stock, refused):
    yearly = rates_of(TOWN, years=range(START + 1, START + 6))
    error = refused(stock, yearly.drop_sel(year=START + 3), "Jahre fehlen oder sind doppelt")
    assert error.cells == ({"year": START + 3},)


def test_years_that_end_too_early(stock, refused):
    yearly = rates_of(TOWN, years=range(START + 1, START + 4))
    error = refused(stock, yearly, "Jahre fehlen oder sind doppelt")
    assert error.cells == ({"year": START + 4}, {"year": START + 5})


@pytest.mark.parametrize("name", ["death_prob", "out_prob", "in_moves", "fertility_rate"])
def test_rates_without_a_variable(stock, rates, refused, name):
    assert name in refused(stock, rates.drop_vars(name), "In den Raten fehlt").message


def test_rates_with_an_unknown_dimension(stock, rates, refused):
    bad = rates.assign(death_prob=rates["death_prob"].expand_dims(month=range(12)))
    assert refused(stock, bad, "Sterbewahrscheinlichkeit: Dimensionen").cells == ({"überzählig": "month"},)


def test_numbers_of_persons_need_every_dimension(stock, rates, refused):
    """In-moves "the same for all areas" would be as many times as many persons as there are areas."""
    bad = rates.assign(in_moves=rates["in_moves"].isel(area=0, drop=True))
    assert refused(stock, bad, "Zuzüge: Dimensionen").cells == ({"fehlt": "area"},)


# --- statements that contradict each other


def test_newborns_who_bear_children(stock, rates, refused):
    bad, at = put(rates, "fertility_rate", 0.1, age=0)
    assert refused(stock, bad, "Neugeborene haben").cells == ({"area": at["area"], "nationality": at["nationality"]},)


def test_citizens_who_are_naturalised(stock, rates, refused):
    bad, _ = put(rates, "naturalisation_prob", 0.1, nationality="german")
    error = refused(stock, bad, "„german“ ist die Gruppe, in die eingebürgert wird")
    assert error.cells == ({"nationality": "german", "sex": "male", "age": 12},)
    assert "„german“ 0 angeben" in error.remedy


def test_unknown_group_of_citizens(stock, rates, refused):
    refused(stock, rates, "Die Gruppe „swiss“", citizens="swiss")


def test_moves_without_a_destination(stock, rates, refused):
    refused(stock, rates.drop_vars("move_in_share"), "wohin sie führen")


def test_pool_and_matrix_at_once(stock, rates, refused):
    matrix = with_moves(rates_of(TOWN), TOWN, "matrix")
    refused(stock, rates.assign(destination_share=matrix["destination_share"]), "Pool und Matrix zugleich")


def test_area_that_half_exists(stock, rates, refused):
    refused(stock, rates.assign(area_exists=("area", [1.0, 0.5, 1.0])), "nur 0 und 1")


def test_unknown_convention(stock, rates, refused):
    refused(stock, rates, "Zeitkonvention „quarterly“", timing="quarterly")


def test_unknown_method(stock, rates):
    with pytest.raises(EngineError, match="Rechenverfahren „fast“"):
        project(stock, rates, until=START + 1, method="fast")


@pytest.mark.parametrize("threads", [0, -1])
def test_no_threads(stock, rates, threads):
    with pytest.raises(EngineError, match=f"Mit {threads} Threads"):
        project(stock, rates, until=START + 1, threads=threads)


def test_empty_list_of_scenarios(stock, rates):
    with pytest.raises(EngineError, match="Liste der Szenarien ist leer"):
        project(stock, rates, [], until=START + 1)
