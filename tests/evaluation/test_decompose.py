"""Differences taken apart: parts add up, in every order, and name what was changed."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st

from zwkprognose.engine import Eckwert, project
from zwkprognose.errors import EngineError
from zwkprognose.evaluation.case import Case
from zwkprognose.evaluation.decompose import contributions_text, decompose
from zwkprognose.evaluation.shapley import shapley, subsets
from zwkprognose.evaluation.vintages import decompose_vintages
from zwkprognose.scenarios import Scenario

AREAS, GROUPS, SEXES, AGES = ["01", "02", "03"], ["german", "foreign"], ["female", "male"], np.arange(91)
UNTIL = 2025


def city(seed: int = 0, years: tuple[int, ...] = (2020,)) -> xr.Dataset:
    rng = np.random.default_rng(seed)
    stock = rng.gamma(2.0, 20.0, (len(years), 3, 2, 2, 91))
    coords = {"year_end": list(years), "area": AREAS, "nationality": GROUPS, "sex": SEXES, "age": AGES}
    return xr.Dataset({"population": (tuple(coords), stock)}, coords)


def rates_of(seed: int = 0) -> xr.Dataset:
    rng = np.random.default_rng(100 + seed)
    cell = {"area": AREAS, "nationality": GROUPS, "sex": SEXES, "age": AGES}

    def draw(low: float, high: float) -> xr.DataArray:
        return xr.DataArray(rng.uniform(low, high, [len(v) for v in cell.values()]), cell)

    fertile = xr.DataArray(((AGES >= 15) & (AGES < 45)).astype(float), {"age": AGES})
    share = draw(0.5, 1.5)
    foreign = xr.DataArray([0.0, 1.0], {"nationality": GROUPS})
    return xr.Dataset(
        {
            "death_prob": draw(0.005, 0.02),
            "out_prob": draw(0.02, 0.1),
            "in_moves": draw(0.5, 3.0),
            "fertility_rate": draw(0.03, 0.07).isel(sex=0, drop=True) * fertile,
            "move_out_prob": draw(0.01, 0.05),
            "move_in_share": share / share.sum("area"),
            "naturalisation_prob": draw(0.005, 0.01) * foreign,
        }
    )


EVERYTHING = """
name = "alles"
[[annahme]]
groesse = "geburten"
faktor = {0}
[[annahme]]
groesse = "sterblichkeit"
faktor = {1}
[[annahme]]
groesse = "zuzuege"
faktor = {2}
[[annahme]]
groesse = "fortzuege"
faktor = {3}
[[annahme]]
groesse = "umzuege"
faktor = {4}
[[erstbezug]]
name = "Hafen"
gebiet = "01"
wohnungen = {5}
von = 2022
bis = 2023
anteil_von_aussen = 0.5
[[sondergruppe]]
name = "Heim"
gebiet = "02"
plaetze = {{ 2023 = {6} }}
alter = {{ "65+" = 1 }}
[[eckwert]]
personen = {{ 2024 = {7} }}
"""


def everything(*numbers: float) -> Scenario:
    return Scenario.from_toml(EVERYTHING.format(*numbers))


def cases(seed: int = 0) -> tuple[Case, Case]:
    """Two projections that differ in all nine parts."""
    one, other = city(seed), city(seed) * 1.02
    whole = float(one["population"].sum())
    rates = rates_of(seed)
    first = Case(one, rates, everything(1.02, 0.98, 1.01, 0.99, 1.05, 40, 30, whole * 1.01))
    return first, Case(other, rates, everything(1.1, 0.9, 1.2, 0.8, 1.3, 90, 50, whole * 1.03))


def test_shapley_against_all_orders_by_hand() -> None:
    """The definition: the mean gain of a change over all orders."""
    rng = np.random.default_rng(1)
    values = rng.normal(size=16)
    sets = {chosen: number for number, chosen in enumerate(subsets(4))}
    mean = np.zeros(4)
    for order in permutations(range(4)):
        made = [False] * 4
        for change in order:
            before = values[sets[tuple(made)]]
            made[change] = True
            mean[change] += (values[sets[tuple(made)]] - before) / 24
    np.testing.assert_allclose(shapley(values), mean, atol=1e-12)


@settings(max_examples=5)
@given(st.integers(0, 1000))
def test_contributions_add_up_with_everything_on(seed: int) -> None:
    one, other = cases(seed)
    result = decompose(one, other, until=UNTIL, method="kernel")
    gap = result["other"] - result["one"]
    np.testing.assert_allclose(result["contribution"].sum("component"), gap, atol=1e-9 * float(result["one"].max()))


def test_the_ends_are_the_two_projections() -> None:
    one, other = cases()
    other = replace(other, inputs=one.inputs)
    result = decompose(one, other, until=2024, first_ages=(0, 30), method="kernel")
    for case, name in ((one, "one"), (other, "other")):
        run = project(case.inputs, case.rates, case.scenario, until=2024)["population"]
        by_area = run.sum(["nationality", "sex"])
        np.testing.assert_allclose(result[name].sel(age_group="0–29"), by_area.sel(age=slice(0, 29)).sum("age"))
        np.testing.assert_allclose(result[name].sum("age_group"), by_area.sum("age"))


def test_a_part_in_which_both_agree_contributes_exactly_nothing() -> None:
    one, _ = cases()
    goal = float(one.inputs["population"].sum()) * 1.01
    other = replace(one, scenario=everything(1.02, 0.98, 1.5, 0.99, 1.05, 40, 30, goal))
    result = decompose(one, other, until=UNTIL)["contribution"]
    for name in result["component"].values:
        assert bool((result.sel(component=name) == 0).all()) == (name != "in_moves")


def test_equal_projections_differ_by_nothing() -> None:
    one, _ = cases()
    result = decompose(one, one, until=UNTIL)
    assert float(abs(result["contribution"]).max()) == 0


def test_exchanging_the_two_changes_the_signs() -> None:
    one, other = cases()
    other = replace(other, scenario=one.scenario)
    there = decompose(one, other, until=UNTIL)["contribution"]
    back = decompose(other, one, until=UNTIL)["contribution"]
    np.testing.assert_allclose(there, -back, atol=1e-8)


def test_the_parts_are_told_in_sentences() -> None:
    one, other = cases()
    result = decompose(one, replace(other, scenario=one.scenario), until=UNTIL)
    text = contributions_text(result, 2021)
    assert text.startswith("31.12.2021: ")
    assert "– Ausgangsbestand: +" in text
    assert "Geburtenverhalten" not in text


def test_scenarios_are_no_projections() -> None:
    middle = Scenario.bundled("middle")
    for split in (decompose, decompose_vintages):
        with pytest.raises(EngineError, match="zwei ganze Vorausberechnungen, nicht „Scenario“"):
            split(middle, middle, until=2030)  # type: ignore[arg-type]


def test_projections_that_do_not_fit_are_refused() -> None:
    one, other = cases()
    fewer = replace(other, inputs=other.inputs.isel(area=[0, 1]), rates=other.rates.isel(area=[0, 1]))
    with pytest.raises(EngineError, match="Einteilung: Gebiet"):
        decompose(one, fewer, until=UNTIL)
    later = replace(other, inputs=other.inputs.assign_coords(year_end=[2021]))
    with pytest.raises(EngineError, match="decompose_vintages"):
        decompose(one, later, until=UNTIL)


def editions(revised: float = 1.0) -> tuple[Case, Case]:
    """Last year's edition, and this year's with another year of data and more in-moves."""
    scenario = Scenario.from_document({"name": "a", "annahme": [{"groesse": "geburten", "ziel": 1.6}]})
    more = Scenario.from_document({"name": "b", "annahme": [{"groesse": "zuzuege", "faktor": 1.3}]})
    stocks = city(3, (2020, 2022))
    old = Case(stocks.isel(year_end=[0]), rates_of(3), scenario)
    new = stocks.copy()
    new["population"] = stocks["population"] * xr.DataArray([revised, 1.05], {"year_end": [2020, 2022]})
    return old, Case(new, rates_of(3), more)


@pytest.mark.parametrize("revised", [1.0, 0.98])
def test_two_editions_are_taken_apart(revised: float) -> None:
    old, new = editions(revised)
    result = decompose_vintages(old, new, until=UNTIL)
    np.testing.assert_allclose(result["contribution"].sum("component"), result["other"] - result["one"], atol=1e-8)
    assert result["year_end"].values[0] == 2022
    before = project(old.inputs, old.rates, old.scenario, until=UNTIL)["population"].sel(year_end=[2022, UNTIL])
    np.testing.assert_allclose(
        result["one"].sum("age_group").sel(year_end=[2022, UNTIL]), before.sum(["nationality", "sex", "age"])
    )
    revision = result["contribution"].sel(component="revision")
    if revised == 1.0:
        assert float(abs(revision).max()) < 1e-9
    else:
        assert float(revision.sel(year_end=2022).sum()) < 0


def test_what_begins_after_the_new_base_year_is_in_both_editions() -> None:
    """The way to the new base year is shorter than the statements of the old edition, which is no mistake there."""
    old, new = editions()
    late = Scenario.from_document({"name": "a", "annahme": [{"groesse": "zuzuege", "faktor": 1.2, "von": 2023}]})
    goal = Eckwert("Stadt", xr.DataArray([float(old.inputs["population"].sum())], {"year_end": [UNTIL]}))
    old, new = (replace(case, scenario=late, eckwerte=[goal]) for case in (old, new))
    result = decompose_vintages(old, new, until=UNTIL)
    whole = project(old.inputs, old.rates, late, until=UNTIL, eckwerte=[goal])["population"].sel(year_end=UNTIL)
    assert float(result["one"].sel(year_end=UNTIL).sum()) == pytest.approx(float(whole.sum()))
    np.testing.assert_allclose(result["contribution"].sum("component"), result["other"] - result["one"], atol=1e-8)


def test_editions_in_the_wrong_order_are_refused() -> None:
    old, new = editions()
    with pytest.raises(EngineError, match="Die ältere Ausgabe zuerst"):
        decompose_vintages(new, old, until=UNTIL)


@pytest.mark.parametrize("method", ["reference", "kernel"])
def test_parts_that_leave_fewer_than_nobody_are_refused(method: str) -> None:
    """A hundred leave every cell of the one city; the other has ten there. Each goes on by itself, not mixed."""
    many, few = (0 * city() + persons for persons in (1000.0, 10.0))
    leaving = rates_of().assign(out_moves=0 * rates_of()["in_moves"] + 100.0)
    assert float(project(many, leaving, until=2021)["population"].min()) > 400
    assert float(project(few, rates_of(), until=2021)["population"].min()) > 8
    with pytest.raises(EngineError, match="Ein Bestand würde negativ") as refused:
        decompose(Case(many, leaving), Case(few, rates_of()), until=2021, method=method)  # type: ignore[arg-type]
    assert "zum Bestand der anderen passen" in (refused.value.remedy or "")
