"""A prepared case answers to the bit what ``project`` answers, whatever was asked before."""

from __future__ import annotations

import json

import numpy as np
import pytest
import xarray as xr
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from support.cities import CELL, START, City, cities, eckwerte_near, plan_of, rates_of, stock_of, with_moves

from zwkprognose import estimate_rates, load_example, prepare, project
from zwkprognose.errors import EngineError, ScenarioError
from zwkprognose.evaluation import Case, reach
from zwkprognose.scenarios import Scenario

UNTIL = START + 5
YEARS = range(START + 1, UNTIL + 1)

STATEMENTS = (
    '[[annahme]]\ngroesse = "zuzuege"\nprozent = {}',
    '[[annahme]]\ngroesse = "fortzuege"\nprozent = -{}\ngebiete = ["00"]',
    '[[annahme]]\ngroesse = "sterblichkeit"\nprozent = -{}\nverlauf = "jaehrlich"',
    '[[annahme]]\ngroesse = "geburten"\nprozent = {}\nverlauf = "gleitend"\nbis = 2023',
    "[[halten]]\nprozent = {}\nvon = 2022",
    "[[anziehen]]\npersonen = {}\nvon = 2023",
    '[[erstbezug]]\nname = "Hof"\ngebiet = "00"\nwohnungen = {}\nvon = 2022\nanteil_von_aussen = 1.0',
)


@st.composite
def scenarios(draw):
    """One to four scenarios of one to three statements each, and the rates as they are among them."""
    found = []
    for number in range(draw(st.integers(1, 4))):
        chosen = draw(st.lists(st.sampled_from(STATEMENTS), min_size=1, max_size=3, unique=True))
        body = "\n".join(text.format(draw(st.integers(1, 9))) for text in chosen)
        found.append(Scenario.from_toml(f'name = "s{number}"\n{body}'))
    return [*found, None]


@settings(max_examples=12, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(
    cities(open_age=90),
    scenarios(),
    st.sampled_from(["pool", "matrix", None]),
    st.sampled_from(["reference", "kernel"]),
)
def test_same_bits_as_project(city, asked, kind, method):
    """One after the other, each of them twice, and all together."""
    stock, rates = stock_of(city, least=1.0), rates_of(city, YEARS)
    rates = rates if kind is None else with_moves(rates, city, kind)
    case = prepare(stock, rates, until=UNTIL, method=method)
    for scenario in (*asked, *asked):
        alone = project(stock, rates, scenario, until=UNTIL, method=method)
        xr.testing.assert_identical(case.project(scenario), alone)
        pyramid = case.population(scenario)
        np.testing.assert_allclose(pyramid, alone["population"].sum(["area", "nationality"]), rtol=1e-13)
        assert pyramid.dims == ("year_end", "sex", "age")
    xr.testing.assert_identical(case.project(asked), project(stock, rates, asked, until=UNTIL, method=method))
    together = case.project(asked)
    for name in together:  # what does not take place in a scenario is zero there, not what memory held
        alone = [case.project(scenario).get(name, 0 * together[name][0]) for scenario in asked]
        np.testing.assert_array_equal(together[name], np.stack([one.values for one in alone]))
    each = [case.population(scenario) for scenario in asked]
    for position, one in enumerate(each):
        np.testing.assert_array_equal(case.population(asked)[position], one)


@pytest.mark.parametrize("method", ["reference", "kernel"])
def test_with_everything_on(method):
    city = City(areas=5, groups=2, open_age=80, seed=4)
    stock, rates = stock_of(city, least=1.0), with_moves(rates_of(city), city, "pool")
    given_plan = plan_of(city)
    eckwerte = eckwerte_near(project(stock, rates, until=UNTIL, **given_plan), city)
    case = prepare(stock, rates, until=UNTIL, eckwerte=eckwerte, method=method, **given_plan)
    whole = project(stock, rates, until=UNTIL, eckwerte=eckwerte, method=method, **given_plan)
    xr.testing.assert_identical(case.project(), whole)
    np.testing.assert_allclose(case.population(by="area"), whole["population"].sum(CELL[1:]), rtol=1e-13)


def test_the_order_of_the_areas_changes_no_bit():
    city = City(areas=70, groups=2, open_age=40, seed=5)
    stock, rates = stock_of(city, least=1.0), rates_of(city)
    turned = stock.isel(area=slice(None, None, -1))
    levels = {"Amt": {key: "Nord" if int(key) % 3 else "Süd" for key in stock["area"].values.tolist()}}
    for by in ((), ("sex", "age"), ("Amt", "age")):
        one, other = (prepare(s, rates, until=UNTIL, levels=levels).population(by=by) for s in (stock, turned))
        xr.testing.assert_identical(one, other)


def test_levers_are_a_scenario():
    city = City(areas=3, groups=2, open_age=90, seed=6)
    stock, rates = stock_of(city, least=1.0), rates_of(city)
    case = prepare(stock, rates, until=UNTIL)
    said = Scenario.from_toml(
        'name = "x"\n[[annahme]]\ngroesse = "zuzuege"\nfaktor = 1.2\n[[halten]]\nprozent = 5\n'
        '[[annahme]]\ngroesse = "geburten"\nziel = 1.5\n[[anziehen]]\npersonen = 10'
    )
    levers = {"zuzuege": 1.2, "halten": 5, "tfr": 1.5, "anziehen": 10}
    xr.testing.assert_equal(case.project(levers), project(stock, rates, said, until=UNTIL))
    with pytest.raises(ScenarioError, match="Einen Hebel „zuzug“ gibt es nicht"):
        case.population({"zuzug": 1.1})
    with pytest.raises(EngineError, match="als Scenario übergeben"):
        case.population("middle")


def test_each_scenario_of_an_earlier_projection_goes_on():
    city = City(areas=3, groups=2, open_age=90, seed=7)
    stock, rates = stock_of(city, least=1.0), rates_of(city)
    asked = [Scenario.from_toml('name = "mehr"\n[[annahme]]\ngroesse = "zuzuege"\nprozent = 9'), None]
    begun = project(stock, rates, asked, until=START + 2)
    case = prepare(begun, rates, until=UNTIL)
    xr.testing.assert_identical(case.project(asked), project(begun, rates, asked, until=UNTIL))
    xr.testing.assert_equal(
        case.project(asked[0])["population"], case.project(asked)["population"][0].drop_vars("scenario")
    )


def test_what_happens_to_the_inputs_later_changes_nothing():
    city = City(areas=2, groups=1, open_age=30, seed=8)
    stock, rates = stock_of(city, least=1.0), rates_of(city)
    case, before = prepare(stock, rates, until=UNTIL), project(stock, rates, until=UNTIL)
    rates["in_moves"].values[...] = 1e6
    stock["population"].values[...] = 0.0
    xr.testing.assert_identical(case.project(), before)


def test_a_refusal_leaves_no_trace():
    """A scenario that is refused is refused again, and the next one is answered as if it had not been asked."""
    city = City(areas=2, groups=1, open_age=90, seed=9)
    stock, rates = stock_of(city, least=1.0), rates_of(city)
    case = prepare(stock, rates, until=UNTIL)
    many = Scenario.from_toml('name = "x"\n[[annahme]]\ngroesse = "fortzuege"\nfaktor = 3.9')
    for _ in range(2):
        with pytest.raises((EngineError, ScenarioError)) as refused:
            case.project(many)
        with pytest.raises(type(refused.value)) as expected:
            project(stock, rates, many, until=UNTIL)
        assert str(refused.value) == str(expected.value)
        xr.testing.assert_identical(case.project(), project(stock, rates, until=UNTIL))


def test_levels_with_names_of_their_own():
    """Three levels above the areas: scenarios name their groups, sums follow them, goals too."""
    inputs = load_example("berlin")
    keys = inputs["area"].values.tolist()
    levels = {
        "Bezirk": {key: key[:2] for key in keys},
        "Amt": {key: "Nord" if key[:2] in ("01", "03", "05", "12") else "Süd" for key in keys},
        "Regionalkonferenz": dict.fromkeys(keys, "Spree"),
    }
    rates = estimate_rates(inputs)
    case = prepare(inputs, rates, until=2025, levels=levels)
    north = [key for key in keys if levels["Amt"][key] == "Nord"]
    text = 'name = "x"\n[[annahme]]\ngroesse = "zuzuege"\nfaktor = 1.3\ngebiete = {}'
    by_level, by_key = (Scenario.from_toml(text.format(json.dumps(a))) for a in (["Amt Nord"], north))
    xr.testing.assert_equal(case.project(by_level)["population"], case.project(by_key)["population"])
    by_area = case.population(by_level, by="area")
    for level, group_of in levels.items():
        summed = case.population(by_level, by=level)
        wanted = by_area.groupby(xr.DataArray([group_of[key] for key in keys], {"area": keys}, name=level)).sum()
        np.testing.assert_allclose(summed, wanted.transpose("year_end", level), rtol=1e-13)
    goal = {"persons": 1.6e6, "year": 2025}
    known = inputs.assign_coords(Amt=("area", [levels["Amt"][key] for key in keys]))
    answers = [reach(Case(i, rates), areas=a, **goal) for i, a in ((known, ["Amt Nord"]), (inputs, north))]
    assert answers[0].value == answers[1].value


def test_levels_that_do_not_fit():
    inputs = load_example("bremerhaven")
    rates = estimate_rates(inputs)
    keys = inputs["area"].values.tolist()
    with pytest.raises(EngineError, match="Ebene „Amt“: Die Gebiete stimmen nicht"):
        prepare(inputs, rates, until=2026, levels={"Amt": dict.fromkeys(keys[1:], "Nord")})
    with pytest.raises(EngineError, match="kann nicht „age“ heißen"):
        prepare(inputs, rates, until=2026, levels={"age": dict.fromkeys(keys, "Nord")})
    case = prepare(inputs, rates, until=2026, levels={"Amt": dict.fromkeys(keys, "Nord")})
    with pytest.raises(EngineError, match="Nach Kreis lässt sich"):
        case.population(by="Kreis")
    with pytest.raises(ScenarioError, match="Amt Nord"):
        case.population(Scenario.from_toml('name = "x"\n[[halten]]\nprozent = 5\ngebiete = ["Amt Nordd"]'))


def test_a_sum_tells_apart_what_was_asked_and_nothing_else():
    """Each dimension of the cell alone and with others, beside sums of the projection; in the order of the cell."""
    city = City(areas=3, groups=2, open_age=8, seed=7)
    stock, rates = stock_of(city, least=1.0), rates_of(city)
    case, whole = prepare(stock, rates, until=UNTIL), project(stock, rates, until=UNTIL)["population"]
    for by in ("area", "nationality", "sex", "age", ("age", "nationality"), ("sex", "area"), CELL):
        kept = [dim for dim in CELL if dim in by] if isinstance(by, tuple) else [by]
        found = case.population(by=by)
        assert found.dims == ("year_end", *kept)
        xr.testing.assert_allclose(found, whole.sum([dim for dim in CELL if dim not in kept]), rtol=1e-13)
