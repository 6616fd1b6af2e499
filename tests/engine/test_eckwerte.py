"""Eckwerte: met exactly, by flows and never by stocks; impossible ones are named with their amount."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from zwkprognose import check_balance, project
from zwkprognose.engine import Eckwert, Timing, age_bands
from zwkprognose.engine.features.eckwerte_of_stocks import root
from zwkprognose.errors import EngineError

CELL = ("nationality", "sex", "age")
EVERYWHERE = ("area", *CELL)


@pytest.fixture(scope="module")
def stock(city):
    made = city(6, groups=2, seed=7)
    return made.assign(population=made["population"] + 1.0)


@pytest.fixture(scope="module")
def rates(stock, rates_of):
    return rates_of(stock, seed=7, moves="pool")


@pytest.fixture(scope="module")
def free(stock, rates):
    """What comes without Eckwerte."""
    return project(stock, rates, until=2026)


def total(projection, *dims):
    return projection["population"].sum([d for d in EVERYWHERE if d not in dims])


def met(projection, eckwert):
    time = "year_end" if eckwert.of == "population" else "year"
    values = projection[eckwert.of]
    reached = values.sum([d for d in values.dims if d not in (time, *eckwert.target.dims)])
    reached = reached.sel({d: eckwert.target[d] for d in eckwert.target.dims})
    with xr.set_options(arithmetic_join="exact"):
        return float(abs(reached - eckwert.target).max() / eckwert.target.max())


def changed_areas(people):
    return people * xr.DataArray([1.1, 0.9, 1.0, 1.0, 1.2, 0.8], {"area": people["area"].values})


TARGETS = {
    "cohorts": lambda p: Eckwert("Kohorten", 1.03 * total(p, *CELL)[1:]),
    "ages and sexes": lambda p: Eckwert("Alter", 0.98 * total(p, "sex", "age")[1:]),
    "areas": lambda p: Eckwert("Gebiete", changed_areas(total(p, "area")[1:])),
    "some areas in some years": lambda p: Eckwert("Zwei", 1.1 * total(p, "area")[[2, 5], [1, 4]]),
    "total": lambda p: Eckwert("Stadt", 1.02 * total(p)[[2, 4]]),
    "groups": lambda p: Eckwert("Gruppen", 1.05 * total(p, "nationality")[3:]),
}


@pytest.mark.parametrize("kind", TARGETS)
def test_eckwert_is_met_and_the_balance_holds(stock, rates, free, plan_of, kind):
    eckwert = TARGETS[kind](free)
    projection = project(stock, rates, until=2026, eckwerte=[eckwert])
    assert met(projection, eckwert) < 1e-10
    assert check_balance(projection) < 1e-12
    busy = project(stock, rates, until=2026, eckwerte=[eckwert], **plan_of(stock))
    assert met(busy, eckwert) < 1e-10
    assert check_balance(busy) < 1e-12


def test_years_before_the_first_eckwert_are_untouched(stock, rates, free):
    projection = project(stock, rates, until=2026, eckwerte=[TARGETS["total"](free)])
    first = slice(None, 2021)
    xr.testing.assert_equal(projection["population"].sel(year_end=first), free["population"].sel(year_end=first))


@pytest.mark.parametrize("kinds", [("cohorts", "areas"), ("ages and sexes", "areas", "total"), ("cohorts", "total")])
def test_several_eckwerte_are_met_together(stock, rates, free, kinds):
    """Made to agree: all are sums of one set of changed cells."""
    change = xr.DataArray(
        np.random.default_rng(1).uniform(0.97, 1.05, (6, 2, 2, 101)), free["population"][0].drop_vars("year_end").coords
    )
    wished = free.assign(population=free["population"] * change)
    own = {"cohorts": CELL, "ages and sexes": ("sex", "age"), "areas": ("area",), "total": ()}
    eckwerte = [Eckwert(kind, total(wished, *own[kind])[1:]) for kind in kinds]
    projection = project(stock, rates, until=2026, eckwerte=eckwerte)
    assert max(met(projection, e) for e in eckwerte) < 1e-10
    assert check_balance(projection) < 1e-12


def test_eckwert_on_target_changes_not_one_bit(stock, rates, free):
    for dims in (CELL, ("area",), (), ("area", "age")):
        again = project(stock, rates, until=2026, eckwerte=[Eckwert("gleich", total(free, *dims)[1:])])
        xr.testing.assert_equal(again, free)


@pytest.mark.parametrize("method", ["reference", "kernel"])
@pytest.mark.parametrize("of", ["births", "deaths", "in_moves", "out_moves"])
@pytest.mark.parametrize(("dim", "some"), [("area", [1, 4]), ("nationality", [1])])
def test_what_a_target_does_not_speak_of_stays(stock, rates_of, of, dim, some, method):
    """A twentieth more for some: theirs is met, the others, with whom they exchange nobody, have what they had."""
    rates = rates_of(stock, seed=7).drop_vars("naturalisation_prob")
    flow = project(stock, rates, until=2021)[of]
    target = 1.05 * flow.sum([d for d in flow.dims if d not in ("year", dim)])[{dim: some}]
    projection = project(stock, rates, until=2021, eckwerte=[Eckwert("Einige", target, of=of)], method=method)
    assert met(projection, Eckwert("Einige", target, of=of)) < 1e-10
    others = {dim: [k for k in range(flow.sizes[dim]) if k not in some]}
    if dim == "nationality" and "age" in flow.dims:
        others["age"] = slice(1, None)  # children may be of the other group than their mothers
    xr.testing.assert_allclose(projection[of][others], flow[others], rtol=1e-12)


@pytest.mark.parametrize("timing", ["even", "end", Timing(early=0.3), Timing(by_completed_age=True, mothers_start=1.0)])
def test_eckwerte_under_every_timing(stock, rates, timing):
    """Met together, on target not one bit changes, and levels of flows as well; planned out-moves among them."""
    given = rates.assign(out_moves=0.1 * rates["in_moves"])
    base = project(stock, given, until=2024, timing=timing)
    same = Eckwert("gleich", total(base, "area", "age")[1:])
    xr.testing.assert_equal(project(stock, given, until=2024, timing=timing, eckwerte=[same]), base)
    eckwerte = [Eckwert("Kohorten", 1.02 * total(base, *CELL)[1:]), Eckwert("Gebiete", 1.02 * total(base, "area")[1:])]
    eckwerte += [
        Eckwert(of, 1.05 * base[of].sum([d for d in base[of].dims if d not in ("year", *dims)]), of=of)
        for of, dims in LEVELS.items()
        if of in ("births", "deaths")
    ]
    projection = project(stock, given, until=2024, timing=timing, eckwerte=eckwerte, method="reference")
    assert max(met(projection, e) for e in eckwerte) < 1e-10
    assert check_balance(projection) < 1e-12
    kernel = project(stock, given, until=2024, timing=timing, eckwerte=eckwerte, method="kernel")
    xr.testing.assert_equal(kernel, projection)


@pytest.mark.parametrize("timing", ["even", "end"])
def test_levels_of_moves_by_completed_age(stock, rates, timing):
    """Twice the movers by an Eckwert are the same as twice the movers in the rates, mothers included."""
    given = rates.assign(out_moves=0.1 * rates["in_moves"], out_prob=0 * rates["out_prob"])
    twice = given.assign(in_moves=2 * given["in_moves"], out_moves=2 * given["out_moves"])
    wanted = project(stock, twice, until=2023, timing=timing)
    levels = [Eckwert(of, wanted[of].sum(EVERYWHERE), of=of) for of in ("in_moves", "out_moves")]
    reached = project(stock, given, until=2023, timing=timing, eckwerte=levels)
    for name in wanted:
        np.testing.assert_allclose(reached[name], wanted[name], rtol=1e-9, atol=1e-12)


def test_factor_by_hand():
    """100 survivors, 10 come, 20 go, 95 shall be there: −5 = 10·f − 20/f has the root f = (−5 + √825)/20."""
    f = root(np.array([-5.0]), np.array([10.0]), np.array([20.0]))[0]
    assert f == pytest.approx((-5 + np.sqrt(825)) / 20)
    assert 10 * f - 20 / f == pytest.approx(-5)
    one_sided = root(np.array([4.0, -4.0, -4.0, 4.0]), np.array([8.0, 0.0, 8.0, 0.0]), np.array([0.0, 8.0, 0.0, 8.0]))
    np.testing.assert_allclose(one_sided, [0.5, 2.0, np.nan, np.nan])


def test_flows_change_in_proportion_and_nothing_else_does(stock, rates, free):
    """In every area the in-moves of a cohort are multiplied and its out-moves divided by one factor."""
    one = Eckwert("Kohorten", 1.03 * total(free, *CELL).sel(year_end=[2021]))
    older = {"age": slice(1, None)}
    projection = project(stock, rates, until=2021, eckwerte=[one]).isel(older)
    base = project(stock, rates, until=2021).isel(older)
    factor = projection["in_moves"].sum("area") / base["in_moves"].sum("area")
    xr.testing.assert_allclose(projection["in_moves"], base["in_moves"] * factor, rtol=1e-12)
    xr.testing.assert_allclose(projection["out_moves"] * factor, base["out_moves"], rtol=1e-12)
    assert float(abs(factor - 1).max()) > 0.01
    for name in ("moves_in", "moves_out", "naturalisations"):
        xr.testing.assert_equal(projection[name], base[name])


def test_out_moves_stop_at_those_who_survive(stock, rates, free):
    """Without in-moves to lower, a low target is met by leaving, in some areas by everybody."""
    few = rates.assign(
        in_moves=0.01 * rates["in_moves"], out_prob=(0.05 + rates["out_prob"]).where(rates["area"] != "02", 0.0)
    )
    base = project(stock, few, until=2021)
    kept = base["population"].sel(year_end=2021, area="02")
    wanted = (kept + 0.3 * (total(base, *CELL)[1] - kept)).expand_dims(year_end=[2021]).drop_vars("area")
    projection = project(stock, few, until=2021, eckwerte=[Eckwert("niedrig", wanted)])
    assert met(projection, Eckwert("niedrig", wanted)) < 1e-10
    assert float(projection["population"].min()) >= 0
    assert check_balance(projection) < 1e-12


def test_unreachable_eckwert_names_margin_cell_and_amount(stock, rates, free):
    empty = total(free, "area").sel(year_end=[2023]) * 0.0
    locked = rates.assign(out_prob=0 * rates["out_prob"])
    with pytest.raises(EngineError, match=r"„Gebiete“ ist .* nicht erreichbar, es fehlen [\d.,]+ Personen") as caught:
        project(stock, locked, until=2026, eckwerte=[Eckwert("Gebiete", empty)])
    cell = caught.value.cells[0]
    assert cell["year_end"] == 2023
    assert cell["area"] == "00"
    assert cell["mindestens"] == pytest.approx(cell["Abstand"])
    nobody = rates.assign(in_moves=0 * rates["in_moves"])
    with pytest.raises(EngineError, match="nicht erreichbar") as caught:
        project(stock, nobody, until=2021, eckwerte=[Eckwert("hoch", 3 * total(free).sel(year_end=[2021]))])
    assert caught.value.cells[0]["höchstens"] < caught.value.cells[0]["Eckwert"]


def test_contradicting_eckwerte_raise_with_the_amount(stock, rates, free):
    """A fitting that claims success with a margin off by 21 persons is what must not happen."""
    cohorts, areas = total(free, *CELL)[1:2], total(free, "area")[1:2]
    areas = areas + xr.DataArray([21.0, 0, 0, 0, 0, 0], {"area": areas["area"].values})
    with pytest.raises(EngineError, match=r"widersprechen sich.*21 Personen"):
        project(stock, rates, until=2021, eckwerte=[Eckwert("Kohorten", cohorts), Eckwert("Gebiete", areas)])


def test_hierarchy_of_areas_and_age_bands(stock, rates, free):
    """Two districts, a town and bands of ages: the same works for a Landkreis of Gemeinden."""
    district = {area: "Nord" if area < "03" else "Süd" for area in stock["area"].values.tolist()}
    groups = {
        "district": ("area", district),
        "band": age_bands({"0–17": (0, 17), "18–64": (18, 64), "65+": (65, None)}),
    }
    people = total(free, "area", "age").sel(year_end=[2022, 2024])
    band = xr.DataArray(
        np.where(np.arange(101) < 18, "0–17", np.where(np.arange(101) < 65, "18–64", "65+")), {"age": np.arange(101)}
    )
    target = (
        people.groupby(band.rename("band"))
        .sum()
        .groupby(xr.DataArray(list(district.values()), {"area": list(district)}, name="district"))
        .sum()
    )
    target = 1.04 * target
    projection = project(stock, rates, until=2026, eckwerte=[Eckwert("Bezirke", target, groups=groups)])
    people = total(projection, "area", "age").sel(year_end=2024)
    north = people.sel(area=["00", "01", "02"], age=slice(18, 64)).sum()
    assert float(north) == pytest.approx(float(target.sel(year_end=2024, district="Nord", band="18–64")), rel=1e-10)
    young_south = people.sel(area=["03", "04", "05"], age=slice(0, 17)).sum()
    assert float(young_south) == pytest.approx(float(target.sel(year_end=2024, district="Süd", band="0–17")), rel=1e-10)
    assert check_balance(projection) < 1e-12


LEVELS = {
    "births": ("area", "nationality"),
    "deaths": ("sex", "age"),
    "in_moves": ("nationality", "sex"),
    "out_moves": ("area",),
}


def test_flows_have_eckwerte_too(stock, rates, free):
    eckwerte = [
        Eckwert(of, 1.02 * free[of].sum([d for d in free[of].dims if d not in ("year", *dims)]), of=of)
        for of, dims in LEVELS.items()
    ]
    projection = project(stock, rates, until=2026, eckwerte=eckwerte)
    assert max(met(projection, e) for e in eckwerte) < 1e-10
    assert check_balance(projection) < 1e-12


def test_level_without_any_movement_is_refused(stock, rates, free):
    births = free["births"].sum(("area", "nationality", "sex"))
    with pytest.raises(EngineError, match="keine Bewegung"):
        project(
            stock,
            rates.assign(fertility_rate=0 * rates["fertility_rate"]),
            until=2021,
            eckwerte=[Eckwert("Geburten", births, of="births")],
        )


def test_more_deaths_than_people_are_refused(stock, rates, free):
    deaths = 40 * free["deaths"].sum(EVERYWHERE)
    with pytest.raises(EngineError, match=r"um \d+,\d+ über 1 liegt"):
        project(stock, rates, until=2021, eckwerte=[Eckwert("Sterbefälle", deaths, of="deaths")])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"target": xr.DataArray([1.0], {"year": [2021]})}, "fehlt"),
        ({"of": "moves_in"}, "keine Eckwerte"),
        ({"target": xr.DataArray([[1.0]], {"year_end": [2021], "area": ["9999"]})}, "unbekannt"),
        ({"target": xr.DataArray([np.nan], {"year_end": [2021]})}, "leer oder negativ"),
        ({"target": xr.DataArray([[1.0]], {"year_end": [2021], "district": ["x"]})}, "passen nicht"),
    ],
)
def test_impossible_statement_of_an_eckwert(stock, rates, change, message):
    given = {"name": "Stadt", "target": xr.DataArray([1.0], {"year_end": [2021]}), **change}
    with pytest.raises(EngineError, match=message):
        project(stock, rates, until=2021, eckwerte=[Eckwert(**given)])


@pytest.mark.shared
def test_konstanz_closes_to_the_published_stock_within_its_residuals(shared, rates_of):
    """2010→2019 with the observed births, deaths and moves as levels, from the published pyramid of 2010.

    The published figures leave a residual of their own every year (269 persons in 2015, mostly a few): the stock
    of the year before, births, deaths and moves miss the published stock by that much. Ours must miss it by
    exactly the sum of these residuals, whatever the rates.
    """
    folder = shared / "data/konstanz/bevoelkerung"
    natural = pd.read_csv(folder / "natuerliche_entwicklung.csv", index_col="jahr")
    moves = pd.read_csv(folder / "zu_und_wegzug.csv", index_col="jahr")
    published = pd.read_csv(folder / "wohnbevoelkerung.csv", index_col="jahr")["gesamt"]
    flows = {"births": natural["geburten"], "deaths": natural["sterbefaelle"],
             "in_moves": moves["zuzug"], "out_moves": moves["wegzug"]}  # fmt: skip
    years = list(range(2011, 2020))
    stock = _konstanz(folder / "pyramiden/pyramide_2010.csv")
    assert float(stock["population"].sum()) == published[2010]
    rates = rates_of(stock, seed=1)
    rates = rates.assign(death_prob=0.1 * rates["death_prob"], in_moves=20 * rates["in_moves"])
    levels = [Eckwert(n, xr.DataArray(v.loc[years].to_numpy(float), {"year": years}), of=n) for n, v in flows.items()]
    projection = project(stock, rates, until=2019, eckwerte=levels)
    change = flows["births"] - flows["deaths"] + flows["in_moves"] - flows["out_moves"]
    residual = (published.diff() - change).loc[years]
    gap = published.loc[years].to_numpy() - total(projection).sel(year_end=years).values
    np.testing.assert_allclose(gap, residual.cumsum(), atol=1e-6)
    assert check_balance(projection) < 1e-12


def _konstanz(path):
    """The pyramid; ages without a number have no inhabitants, those of 100 and over are one group."""
    frame = pd.read_csv(path)
    age = frame["alter"].str.extract(r"^(\d+)")[0].astype(int).clip(upper=100)
    people = frame.drop(columns="alter").fillna(0.0).groupby(age).sum()
    columns = [[f"{sex}_{group}" for sex in ("frauen", "maenner")] for group in ("deutsch", "nichtdeutsch")]
    values = np.stack([people[names].to_numpy().T for names in columns])
    labels = {"year_end": [2010], "area": ["08335043"], "nationality": ["german", "foreign"],
              "sex": ["female", "male"], "age": np.arange(101)}  # fmt: skip
    return xr.Dataset({"population": (tuple(labels), values[None, None])}, labels)
