"""What must hold in every city, with everything on at once: moves inside, dwellings, a home, Eckwerte.

Random cities of 1–20 areas, 1–3 groups and an open age of 5–110, most on the reference, some on the compiled kernel;
rates change from year to year and a tenth of the cells is empty or without a rate.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st
from support.cities import CELL, START, City, cities, eckwerte_near, plan_of, rates_of, stock_of, with_moves

from zwkprognose import check_balance, project
from zwkprognose.scenarios import Scenario

UNTIL = START + 6
YEARS = range(START + 1, UNTIL + 1)
KINDS = st.sampled_from(["pool", "matrix"])
METHODS = st.sampled_from(["reference", "reference", "reference", "kernel"])
SIGNS = {"deaths": -1, "in_moves": 1, "out_moves": -1, "moves_in": 1, "moves_out": -1,
         "naturalisations": 1, "erstbezug": 1, "sondergruppe": 1}  # fmt: skip


def some(examples):
    """So many random cities, without a limit of time."""
    return settings(max_examples=examples)


class Everything:
    """A city with every feature on: its stock, rates and plan, and Eckwerte near what they give."""

    def __init__(self, city, kind):
        self.city, self.stock = city, stock_of(city, least=1.0)
        self.rates = with_moves(rates_of(city, YEARS), city, kind)
        self.plan = {"citizens": city.coords["nationality"][0]} | plan_of(city)
        self.eckwerte = eckwerte_near(project(self.stock, self.rates, until=UNTIL, **self.plan), city)

    def project(self, stock=None, until=UNTIL, **change):
        """The projection, with some of it changed."""
        given = self.plan | {"eckwerte": self.eckwerte} | change
        return project(self.stock if stock is None else stock, given.pop("rates", self.rates), until=until, **given)


def total(projection, name):
    """Persons of the whole city by year."""
    return projection[name].sum([d for d in projection[name].dims if d in CELL]).values


@some(10)
@given(cities(), KINDS, METHODS)
def test_nobody_appears_or_vanishes(city, kind, method):
    """Balance by cell, counted here without the engine's own check, and in sum; no stock and no flow is negative."""
    projection = Everything(city, kind).project(method=method)
    stock = projection["population"].transpose("year_end", ...).values
    older = np.zeros_like(stock[1:])
    older[..., 1:] = stock[:-1, ..., :-1]
    older[..., -1] += stock[:-1, ..., -1]
    older[..., 0] = projection["births"].values
    flows = {name: sign * projection[name].values for name, sign in SIGNS.items() if name in projection}
    np.testing.assert_allclose(stock[1:], older + sum(flows.values()), rtol=1e-9, atol=1e-9)
    crossing = [name for name in flows if name not in ("moves_in", "moves_out", "naturalisations")]
    growth = total(projection, "births") + sum(SIGNS[name] * total(projection, name) for name in crossing)
    np.testing.assert_allclose(np.diff(total(projection, "population")), growth, rtol=1e-9, atol=1e-7)
    signed = ("naturalisations", "erstbezug", "sondergruppe")
    assert min(float(projection[name].min()) for name in projection if name not in signed) >= 0
    assert check_balance(projection) < 1e-10


@some(10)
@given(cities(), KINDS, METHODS)
def test_eckwerte_are_met_whatever_else_happens(city, kind, method):
    everything = Everything(city, kind)
    projection = everything.project(method=method)
    for eckwert in everything.eckwerte:
        ((band, (_, members)),) = eckwert.groups.items()
        labels = [members.get(age, "") for age in range(city.open_age + 1)]
        sums = projection["population"].groupby(xr.DataArray(labels, {"age": projection["age"]}, name=band)).sum()
        sums = sums.sum([d for d in CELL[:3] if d not in eckwert.target.dims])
        reached = sums.sel({d: eckwert.target[d].values for d in eckwert.target.dims})
        np.testing.assert_allclose(reached.transpose(*eckwert.target.dims), eckwert.target, rtol=1e-9)


@some(6)
@given(cities(), KINDS, st.integers(1, 3))
def test_reference_and_kernel_give_the_same_bits(city, kind, threads):
    everything = Everything(city, kind)
    kernel = everything.project(method="kernel", threads=threads)
    xr.testing.assert_identical(kernel, everything.project(method="reference"))


@pytest.mark.parametrize("timing", ["cohort", "even", "end"])
@pytest.mark.parametrize("kind", ["pool", "matrix"])
def test_kernel_in_a_town_of_women(kind, timing):
    """One group and one sex: a single cell of newborns, who may leave in given numbers."""
    town = City(areas=3, groups=1, open_age=7, seed=1)
    stock = stock_of(town, least=1.0).isel(sex=[0])
    rates = with_moves(rates_of(town), town, kind).isel(sex=[0]).assign(female_birth_share=1.0)
    rates = rates.assign(out_moves=0.01 * rates["in_moves"])
    one, other = (project(stock, rates, until=UNTIL, timing=timing, method=m) for m in ("kernel", "reference"))
    xr.testing.assert_identical(one, other)


@some(6)
@given(cities(), KINDS, st.integers(START + 1, UNTIL - 1), METHODS)
def test_continued_is_the_same_bit_for_bit(city, kind, stop, method):
    """Eckwerte, dwellings that fill over two years and the home go on across the seam."""
    everything = Everything(city, kind)
    whole = everything.project(method=method)
    begun = [home for home in everything.plan["sondergruppen"] if min(home.capacity) <= stop]
    first = everything.project(until=stop, method=method, sondergruppen=begun)
    later = everything.project(first, method=method)
    for name in whole:
        axis = "year_end" if name == "population" else "year"
        xr.testing.assert_equal(later[name], whole[name].sel({axis: later[axis]}))


@some(6)
@given(cities(), KINDS, st.randoms(use_true_random=False), METHODS)
def test_order_of_the_rows_changes_nothing(city, kind, random, method):
    """Areas not one bit; sexes and groups but for rounding, as their births are added in their order."""
    everything = Everything(city, kind)
    base = everything.project(method=method)
    mixed = {d: random.sample(list(v), len(v)) for d, v in city.coords.items() if d != "age"}
    areas = everything.project(everything.stock.sel(area=mixed["area"]), method=method)
    xr.testing.assert_equal(areas.sel(area=base["area"]), base)
    others = everything.project(everything.stock.sel(mixed), method=method).sel({d: base[d] for d in mixed})
    for name in base:
        np.testing.assert_allclose(others[name], base[name], rtol=1e-7, atol=1e-7)


@some(6)
@given(cities(), KINDS, st.sampled_from([0.25, 3.0, 1024.0]))
def test_so_many_times_the_people_give_so_many_times_the_result(city, kind, factor):
    everything = Everything(city, kind)
    more = everything.rates.assign(in_moves=factor * everything.rates["in_moves"])
    houses, (home,) = everything.plan["erstbezug"], everything.plan["sondergruppen"]
    projection = everything.project(
        factor * everything.stock,
        rates=more,
        erstbezug=replace(houses, dwellings=factor * houses.dwellings),
        sondergruppen=[replace(home, capacity={y: factor * n for y, n in home.capacity.items()})],
        eckwerte=[replace(e, target=factor * e.target) for e in everything.eckwerte],
    )
    base = everything.project()
    for name in base:
        np.testing.assert_allclose(projection[name], factor * base[name], rtol=1e-7, atol=1e-7 * factor)


@some(6)
@given(cities(), KINDS, st.floats(1.01, 1.3), METHODS)
def test_more_births_more_in_moves_and_fewer_deaths_leave_nowhere_fewer_people(city, kind, factor, method):
    stock, rates = stock_of(city, least=1.0), with_moves(rates_of(city), city, kind)
    citizens = city.coords["nationality"][0]

    def people(**change):
        changed = rates.assign({name: by * rates[name] for name, by in change.items()})
        return project(stock, changed, until=UNTIL, citizens=citizens, method=method)["population"]

    base = people()
    for change in ({"fertility_rate": factor}, {"in_moves": factor}, {"death_prob": 1 / factor}):
        difference = people(**change) - base
        assert float(difference.min()) >= -1e-9
        assert float(difference.sum()) > 0


@some(6)
@given(cities())
def test_the_same_scenario_twice_differs_by_exactly_nothing(city):
    text = '[[annahme]]\ngroesse = "zuzuege"\nprozent = 5\n[[annahme]]\ngroesse = "sterblichkeit"\nprozent = -1\n'
    twice = [Scenario.from_toml(f'name = "{name}"\n{text}') for name in ("a", "b")]
    projection = project(stock_of(city), rates_of(city), twice, until=START + 3)
    one, other = (projection.sel(scenario=name, drop=True) for name in ("a", "b"))
    assert all(float(abs(one[name] - other[name]).max()) == 0.0 for name in one)
    plain = project(stock_of(city), rates_of(city), until=START + 3)
    assert float((one["in_moves"] - plain["in_moves"]).sum()) > 0


# --- closed populations of women, whose future is known without a projection


def women(seed, open_age=100, fertility=1.0):
    """Women of one area, nobody moves: a random start, deaths that rise with age, births from 15 to 49."""
    rng, ages = np.random.default_rng(seed), np.arange(open_age + 1)
    stock = xr.Dataset(
        {"population": (("year_end", *CELL), rng.gamma(2.0, 50.0, (1, 1, 1, 1, ages.size)))},
        {"year_end": [0], "area": ["01"], "nationality": ["total"], "sex": ["female"], "age": ages},
    )
    death = 0.001 + 0.5 * np.minimum(ages / 110, 1.0) ** 5 * rng.uniform(0.5, 1.5)
    death[0] = 0.02
    fertile = (ages >= 15) & (ages < min(50, open_age))
    none = xr.zeros_like(stock["population"][0].drop_vars("year_end"))
    rates = xr.Dataset(
        {
            "death_prob": ("age", death),
            "out_prob": ("age", 0 * death),
            "fertility_rate": ("age", fertility * fertile * rng.uniform(0.02, 0.12, ages.size)),
            "in_moves": none,
            "female_birth_share": 100 / 205,
        },
        {"age": ages},
    )
    return stock, rates


def net_maternity(rates):
    """Survivors l[x] of a newborn to the end of the year in which she would reach x, and her daughters φ[x] then.

    Births are f·½(J + P), so φ[x] = girls·f[x]·½(l[x−1] + l[x]).
    """
    alive = np.cumprod(1 - rates["death_prob"].values)
    both = (np.append(1.0, alive[:-1]) + alive) / 2
    return alive, float(rates["female_birth_share"]) * rates["fertility_rate"].values * both


def growth_of(net):
    """λ with Σ φ[x]·λ^(−x) = 1, by bisection."""
    low, high, x = 0.5, 2.0, np.arange(net.size)
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if (net * middle**-x).sum() > 1 else (low, middle)
    return low


def stable_of(alive, death, growth):
    """Age structure per birth: l[x]·λ^(−x), and in the open group all later terms of the series."""
    structure = alive * growth ** -np.arange(float(alive.size))
    structure[-1] /= 1 - (1 - death[-1]) / growth
    return structure


@some(4)
@given(st.integers(0, 10_000), st.integers(60, 110))
def test_a_population_becomes_stable(seed, open_age):
    """From any start: growth λ of Lotka's equation and its structure (second root at 0.98: 1,500 years)."""
    stock, rates = women(seed, open_age)
    alive, net = net_maternity(rates)
    growth = growth_of(net)
    late = project(stock, rates, until=1500)["population"].isel(year_end=[-2, -1], area=0, nationality=0, sex=0).values
    np.testing.assert_allclose(late[1] / late[0], growth, rtol=1e-7)
    structure = stable_of(alive, rates["death_prob"].values, growth)
    np.testing.assert_allclose(late[1] / late[1].sum(), structure / structure.sum(), rtol=1e-6)


@some(4)
@given(st.integers(0, 10_000), st.floats(0.6, 2.0))
def test_momentum_of_keyfitz(seed, fertility):
    """A stable population whose fertility falls to replacement at once: births settle at

    B∞/B0 = (1 − 1/R0) / (μ·(1 − 1/λ)) with μ the mean age at birth under replacement: Keyfitz's formula in whole years.
    """
    stock, rates = women(seed, fertility=fertility)
    (alive, net), death = net_maternity(rates), rates["death_prob"].values
    replacement, growth = net.sum(), growth_of(net)
    before, after = (stable_of(alive, death, g) for g in (growth, 1.0))
    stable = stock.assign(population=stock["population"].copy(data=before.reshape(1, 1, 1, 1, -1)))
    lower = rates.assign(fertility_rate=rates["fertility_rate"] / replacement)
    people = project(stable, lower, until=1500)["population"].sum(CELL)
    mean_age = (np.arange(net.size) * net).sum() / replacement
    births = (1 - 1 / replacement) / (mean_age * (1 - 1 / growth))
    momentum = births * after.sum() / before.sum()
    assert float(people[-1] / people[0]) == pytest.approx(momentum, rel=1e-6)


def leslie(rates, groups):
    """The matrix of one closed area over (group, sex, age): survival below the diagonals, births in rows of age 0."""
    death, fertility = rates["death_prob"].values[0], rates["fertility_rate"].values[0]
    girls, ages = float(rates["female_birth_share"][0]), death.shape[-1]
    matrix = np.zeros((groups, 2, ages, groups, 2, ages))
    for g, sex in np.ndindex(groups, 2):
        matrix[g, sex, :, g, sex] = np.diag(1 - death[g, sex, 1:], -1)
        matrix[g, sex, -1, g, sex, -1] = 1 - death[g, sex, -1]
    for mother, child, sex in np.ndindex(groups, groups, 2):
        born = fertility[mother] * (1 + 1 - death[mother, 0]) / 2
        share = float(rates["birth_group_share"][mother, child]) * (girls, 1 - girls)[sex]
        matrix[child, sex, 0, mother, 0] = share * (1 - death[child, sex, 0]) * np.append(born[1:], born[-1])
    return matrix.reshape(groups * 2 * ages, -1)


@some(12)
@given(cities(areas=1), METHODS)
def test_the_loop_is_the_power_of_the_leslie_matrix(city, method):
    stock, rates = stock_of(city), rates_of(city)
    closed = rates.assign(in_moves=0 * rates["in_moves"], out_prob=0 * rates["out_prob"])
    loop = project(stock, closed, until=START + 25, method=method)["population"].values[:, 0]
    matrix, people = leslie(rates, city.groups), stock["population"].values.ravel()
    for years in (1, 2, 25):
        power = np.linalg.matrix_power(matrix, years) @ people
        np.testing.assert_allclose(loop[years].ravel(), power, rtol=1e-9, atol=1e-12)
