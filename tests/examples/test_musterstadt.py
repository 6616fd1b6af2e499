"""Musterstadt keeps its own law, and what is estimated from its register lies around the truth as far as theory says.

Bounds are those of sampling theory, three standard errors wide: the spread of n standardised residuals is one within
3/√(2n), a share of n cases within 3·√(p(1−p)/n).
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from math import exp
from typing import Any

import numpy as np
import pytest
import xarray as xr

import zwkprognose as zwk
from zwkprognose import national
from zwkprognose.engine import Uncertainty
from zwkprognose.errors import InputError
from zwkprognose.examples import Musterstadt, geometry, musterstadt
from zwkprognose.examples.musterstadt import _expected_stock

SEEDS = (1, 2, 3)
BANDS = (0, 18, 30, 50, 65, 96)
CELL = ("area", "nationality", "sex", "age")
Floats = np.ndarray[Any, np.dtype[np.float64]]


@cache
def town(seed: int, years: int = 10) -> Musterstadt:
    return musterstadt(seed, years=years)


class Register:
    """Counts of all years, and what the true rates let expect of each cell, given what happened before in it."""

    def __init__(self, town: Musterstadt) -> None:
        inputs, true = town.inputs, town.rates
        self.stock = inputs["population"].values
        self.deaths, self.come, self.left = (inputs[n].values for n in ("deaths", "in_moves", "out_moves"))
        moves = inputs["moves"].values
        self.arrived, self.moved = moves.sum(axis=1), moves.sum(axis=2)
        start = np.concatenate([np.zeros_like(self.stock[:-1, ..., :1]), self.stock[:-1, ..., :-1]], axis=-1)
        start[..., -1] += self.stock[:-1, ..., -1]
        gone = self.deaths + self.left + self.moved
        self.born = self.stock[1:] - start + gone - self.come - self.arrived
        start[..., 0] = self.born[..., 0]
        half = np.where(np.arange(96) == 0, 2 / 3, 0.5)
        women = (start[:, :, :, 0] + self.stock[1:, :, :, 0]) / 2
        movers = self.come + self.arrived - self.left - self.moved
        self.expected = {
            "out": (start * true["out_prob"].values).sum(axis=0),
            "move": (start * true["move_out_prob"].values).sum(axis=0),
            "in": true["in_moves"].values * len(start),
            "mortality": (true["death_prob"].values * (start + half * movers)).sum(axis=0),
            "fertility": (women * true["fertility_rate"].values).sum(axis=0),
        }
        self.counted = {
            "out": self.left, "move": self.moved, "in": self.come, "mortality": self.deaths,
            "fertility": inputs["births"].values,
        }  # fmt: skip


def test_a_quarter_of_usual_mortality_dies_as_germany_does() -> None:
    """Waldhang has the level 1: half of those who reach an age die by each of the two ages of the table."""
    died = town(1).rates["death_prob"].sel(area="11", nationality="foreign")
    table = national.death_prob("2020/22")
    for sex in ("female", "male"):
        q, own = table.sel(sex=sex).values, died.sel(sex=sex).values
        assert own[0] == pytest.approx(q[0])
        np.testing.assert_allclose(own[1:95], (q[:94] + q[1:95]) / 2)
        assert q[95] < own[95] < q[100]


def test_children_per_woman_are_the_published_ones_of_2022_times_the_levels() -> None:
    """Germany 2022: 1.46 children per woman; Waldhang has 0.95 times as many, of Germans 0.98, of foreigners 1.25."""
    rates = town(1).rates["fertility_rate"].sel(area="11")
    for group, level in (("german", 0.98), ("foreign", 1.25)):
        own = rates.sel(nationality=group)
        assert float(own.sum()) == pytest.approx(1.46 * 0.95 * level, abs=0.005 * 1.2)


#: Germans of an age per German of that age in a quarter without bumps: age, width and height as they stand in the file.
BUMPS = [
    ("03", 23, 1 + 5.0),  # students: six times as many
    ("03", 26, 1 + 5.0 / np.e),  # a width older
    ("03", 20, 1 + 5.0 / np.e),  # a width younger
    ("03", 60, 1.0),  # far from the bump
    ("01", 36, 1 + 0.8 / np.e),
    ("14", 85, 1 + 3.0),
    ("02", 4, 1 + 0.6 + 0.7 * exp(-9.0)),  # two bumps, the second three widths away
]


@pytest.mark.parametrize(("quarter", "age", "times"), BUMPS)
def test_the_first_stock_has_the_bumps_of_its_kind(quarter: str, age: int, times: float) -> None:
    """Related to an age without a bump and to those who are alive by the true mortality of the level 1."""
    alive = np.cumprod(1 - town(1).rates["death_prob"].sel(area="11", nationality="german").values, axis=1).sum(axis=0)
    stock = _expected_stock()[int(quarter) - 1, 0].sum(axis=0)
    assert stock[age] / stock[65] * alive[65] / alive[age] == pytest.approx(times, rel=1e-5)


def test_the_first_stock_is_as_large_and_as_foreign_as_the_page_says() -> None:
    """Campus: 3,900 persons, 21 % foreigners, who are 27 in 20 times as often 30 as Germans are in old age."""
    stock = _expected_stock()
    persons = stock.sum(axis=(2, 3))
    assert persons[2].tolist() == pytest.approx([3900 * 0.79, 3900 * 0.21])
    assert persons[:, 1].sum() / persons.sum() == pytest.approx(0.21, abs=0.01)
    younger = stock[2, 1, 0] / stock[2, 0, 0]
    at = {age: float(younger[age] / younger[30]) for age in (12, 48, 94)}
    assert at[12] == pytest.approx(at[48])
    assert at[48] == pytest.approx((0.35 + 1 / np.e) / 1.35)
    assert at[94] == pytest.approx(0.35 / 1.35, rel=1e-4)


def test_shares_of_destinations_and_of_children_are_shares() -> None:
    rates = town(1).rates
    np.testing.assert_allclose(rates["destination_share"].sum("destination"), 1)
    assert not np.diag(rates["destination_share"].values).any()
    np.testing.assert_allclose(rates["birth_group_share"].sum("nationality_child"), 1)
    assert rates["birth_group_share"].sel(nationality="foreign", nationality_child="foreign") == 0.55
    # 100 girls for 105 boys
    assert float(rates["female_birth_share"]) == pytest.approx(0.4878, abs=1e-4)


def by_band(cells: Floats) -> Floats:
    """Sums [nationality, band, area] of [area, nationality, sex, age]."""
    return np.stack([cells[..., a:b].sum(axis=(2, 3)) for a, b in pairwise(BANDS)]).transpose(2, 0, 1)


def of_areas(cells: Floats) -> Floats:
    return cells.reshape(len(cells), -1).sum(axis=1)


def is_one(values: Floats) -> bool:
    """Whether the spread of residuals is one and their mean zero, as far as so many can tell."""
    n = values.size
    return abs(values.std() - 1) < 3 / np.sqrt(2 * n) and abs(values.mean()) < 3 / np.sqrt(n)


@pytest.mark.parametrize("seed", SEEDS)
def test_everybody_is_accounted_for(seed: int) -> None:
    register = Register(town(seed))
    assert np.array_equal(register.born[..., 1:], np.zeros_like(register.born[..., 1:]))
    assert register.born.sum() == register.counted["fertility"].sum()
    assert not np.any(town(seed).inputs["population"].values % 1)


@pytest.mark.parametrize("event", ["out", "move", "in", "mortality", "fertility"])
def test_counts_vary_around_the_true_rates_as_chance_does(event: str) -> None:
    residuals = []
    for seed in SEEDS:
        register = Register(town(seed))
        expected, counted = register.expected[event], register.counted[event].sum(axis=0)
        sums = of_areas if event == "fertility" else by_band
        awaited, seen = sums(expected), sums(counted)
        # a sum of binomials varies a little less than its mean
        share = sums(expected * town(seed).rates["out_prob"].values) / awaited if event == "out" else 0.0
        residuals.append(((seen - awaited) / np.sqrt(awaited * (1 - share))).ravel())
    assert is_one(np.concatenate(residuals))


@cache
def estimated(seed: int) -> xr.Dataset:
    return zwk.estimate_rates(town(seed).inputs, destinations="matrix", half_life=None)


def levels(event: str) -> Iterator[tuple[Floats, Floats, Floats, Floats]]:
    """True level of the areas, the estimate, the raw ratio and its standard error, per town."""
    for seed in SEEDS:
        rates, sums = estimated(seed), by_band if event in ("out", "in") else of_areas
        counted, awaited = (rates[f"{event}_{part}"].values for part in ("observed", "expected"))
        expected = sums(Register(town(seed)).expected[event])
        yield expected / awaited, rates[f"{event}_level"].values, counted / awaited, np.sqrt(expected) / awaited


@pytest.mark.parametrize("event", ["out", "in", "mortality", "fertility"])
def test_raw_ratios_lie_around_the_true_levels_within_their_standard_error(event: str) -> None:
    assert is_one(np.concatenate([((raw - true) / error).ravel() for true, _, raw, error in levels(event)]))


@pytest.mark.parametrize("event", ["out", "in", "mortality", "fertility"])
def test_levels_that_lean_on_the_town_are_nearer_to_the_truth_than_raw_ones(event: str) -> None:
    """In units of the raw figure's standard error, all areas and bands of all towns together."""
    both = [(((own - true) / se).ravel(), ((raw - true) / se).ravel()) for true, own, raw, se in levels(event)]
    ours, raw = (np.sqrt((np.concatenate(side) ** 2).mean()) for side in zip(*both, strict=True))
    assert ours < raw


@pytest.mark.parametrize("event", ["out", "in", "mortality", "fertility"])
def test_eight_of_ten_true_levels_lie_within_the_stated_range(event: str) -> None:
    inside = []
    for seed, (true, own, _, _) in zip(SEEDS, levels(event), strict=True):
        inside.append((abs(true - own) < 1.2816 * estimated(seed)[f"{event}_spread"].values).ravel())
    share = np.concatenate(inside)
    assert abs(share.mean() - 0.8) < 3 * np.sqrt(0.16 / share.size)


def test_what_a_quarter_counts_is_what_its_rates_let_expect() -> None:
    """Levels by age and group are drawn to the town, the quarter's sum is not: it is known to a few percent."""
    for seed in SEEDS:
        rates = estimated(seed)
        for event in ("out", "in"):
            dims = ["nationality", "band"]
            expected = (rates[f"{event}_expected"] * rates[f"{event}_level"]).sum(dims)
            counted = rates[f"{event}_observed"].sum(dims)
            assert (abs(expected / counted - 1) * np.sqrt(counted)).max() < 1


def test_where_people_move_inside_the_town_is_found() -> None:
    """Shares of destinations, standardised by the multinomial error of each origin."""
    residuals = []
    for seed in SEEDS:
        leaving = Register(town(seed)).moved.sum(axis=(0, 2, 3, 4))
        true, ours = (rates["destination_share"].values for rates in (town(seed).rates, estimated(seed)))
        off = ~np.eye(20, dtype=bool)
        error = np.sqrt(true * (1 - true) / leaving[:, None])
        residuals.append((ours - true)[off] / error[off])
    assert np.concatenate(residuals).std() < 1 + 3 / np.sqrt(2 * 3 * 380)


def past(seed: int) -> xr.Dataset:
    """What was known on 31.12.2028 of a history to 2033."""
    return town(seed, 20).inputs.sel(year_end=slice(None, 2028), year=slice(None, 2028))


def seen(seed: int) -> Floats:
    return town(seed, 20).inputs["population"].sel(year_end=2033).sum(["nationality", "sex", "age"]).values


def drawn(projection: xr.Dataset, name: str) -> Floats:
    return projection[name].sel(year_end=2033, age_band="insgesamt").values


@cache
def by_truth(seed: int) -> xr.Dataset:
    only = Uncertainty.of_events()
    return zwk.project(past(seed), town(seed).rates, until=2033, draws=150, seed=seed, uncertainty=only)


@cache
def by_estimate(seed: int) -> xr.Dataset:
    """Rates from the register up to 2028, with the error of each area's level and with chance."""
    rates = zwk.estimate_rates(past(seed), destinations="matrix", half_life=None)
    chance = Uncertainty.of_estimate(rates)
    return zwk.project(past(seed), rates, until=2033, draws=150, seed=seed, uncertainty=chance)


def test_five_years_ahead_the_true_rates_err_as_their_draws_say() -> None:
    errors = [(seen(s) - drawn(by_truth(s), "drawn_mean")) / drawn(by_truth(s), "drawn_sd") for s in SEEDS]
    assert is_one(np.concatenate(errors))


def test_five_years_ahead_the_estimated_rates_err_as_their_draws_say() -> None:
    errors = [(seen(s) - drawn(by_estimate(s), "drawn_mean")) / drawn(by_estimate(s), "drawn_sd") for s in SEEDS]
    assert is_one(np.concatenate(errors))


def test_eight_of_ten_quarters_lie_within_the_range_of_their_estimated_rates() -> None:
    inside = []
    for seed in SEEDS:
        limits = by_estimate(seed)["drawn_quantiles"].sel(year_end=2033, age_band="insgesamt", quantile=[0.1, 0.9])
        low, high = limits.transpose("quantile", "area").values
        inside.append((low <= seen(seed)) & (seen(seed) <= high))
    share = np.concatenate(inside)
    assert abs(share.mean() - 0.8) < 3 * np.sqrt(0.16 / share.size)


def test_a_look_back_finds_the_cohorts_between_unchanged_and_the_truth() -> None:
    """Mean absolute percent errors of all areas and towns: the truth cannot be beaten, and rates beat unchanged."""
    found: dict[str, list[Floats]] = {"truth": [], "unchanged": [], "cohorts": []}
    for seed in SEEDS:
        back = zwk.hindcast(town(seed, 20).inputs, [2028], [5], ["unchanged", "cohorts"], eckwert="none")
        error = (abs(back["forecast"] / back["observed"] - 1) * 100).squeeze()
        found["truth"].append(abs(drawn(by_truth(seed), "drawn_mean") / seen(seed) - 1) * 100)
        for name in ("unchanged", "cohorts"):
            found[name].append(error.sel(forecaster=name).values)
    mean = {name: float(np.concatenate(errors).mean()) for name, errors in found.items()}
    assert mean["truth"] < mean["cohorts"] < mean["unchanged"]


def test_intervals_hold_at_least_as_often_as_they_say() -> None:
    """They allow for an error of the whole town that a quiet past has not shown, so more often is expected here."""
    inside = []
    for seed in SEEDS:
        limits = zwk.intervals(past(seed), [2033], levels=[0.8]).isel(level=0, year_end=0)
        inside.append((limits["lower"].values <= seen(seed)) & (seen(seed) <= limits["upper"].values))
    share = np.concatenate(inside)
    assert share.mean() > 0.8 - 3 * np.sqrt(0.16 / share.size)


def test_one_seed_is_one_history() -> None:
    short, long = town(1).inputs, town(1, 20).inputs
    xr.testing.assert_equal(short["population"], long["population"].sel(year_end=slice(None, 2023)))
    assert not short["population"].equals(town(2).inputs["population"])
    xr.testing.assert_identical(zwk.load_example("musterstadt"), short)


def test_it_is_projected_and_drawn_like_any_town() -> None:
    inputs, outlines = town(1).inputs, geometry("musterstadt")
    assert outlines is not None
    projection = zwk.project(inputs, zwk.estimate_rates(inputs), until=2030)
    assert zwk.check_balance(projection) < 1e-9
    assert "20 Gebiete" in zwk.plot_map(projection, outlines).alt
    assert "moves_in" in projection


@pytest.mark.parametrize("given", [{"seed": -1}, {"seed": "1"}, {"seed": True}, {"years": 0}, {"years": 2.5}])
def test_impossible_numbers_are_refused(given: dict[str, Any]) -> None:
    with pytest.raises(InputError, match="ganze Zahl"):
        musterstadt(**given)


def test_it_has_no_tables() -> None:
    with pytest.raises(InputError, match="wird erzeugt"):
        zwk.examples.example_tables("musterstadt")
