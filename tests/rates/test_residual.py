"""Net migration from stocks: what was put in comes out."""

from __future__ import annotations

import numpy as np
import pytest

from zwkprognose.rates.migration.from_stocks import before_old_age
from zwkprognose.rates.migration.gross import NetParts
from zwkprognose.rates.migration.residuals import (
    Period,
    _add_squares,
    ages_passed,
    along_cohorts,
    cohort_residuals,
    neighbours,
)
from zwkprognose.rates.mortality.year_end import scale
from zwkprognose.rates.stocks import Stocks, reached, survivors


def aged(stock: np.ndarray, death_prob: np.ndarray, net: np.ndarray, years: int) -> np.ndarray:
    """Stock some years later under annual net rates; children enter as many as before."""
    for _ in range(years):
        later = reached(stock) * (1 - death_prob) * (1 + net)
        later[..., 0] = stock[..., 0]
        stock = later
    return stock


def two_stocks(stock: np.ndarray, later: np.ndarray, years: int) -> Stocks:
    return Stocks((2016, 2016 + years), np.stack([stock, later]), {})


def bell(height: float) -> np.ndarray:
    return height * np.exp(-(((np.arange(96) - 24) / 8) ** 2)) - 0.01


@pytest.mark.parametrize("years", [1, 3, 4, 5, 10])
def test_no_migration_is_found_where_there_was_none(stock: np.ndarray, death_prob: np.ndarray, years: int) -> None:
    later = aged(stock, death_prob, np.zeros(96), years)
    found = cohort_residuals(two_stocks(stock, later, years), [Period(2016, 2016 + years)], death_prob[None, None])
    np.testing.assert_allclose(found.rate, 0, atol=1e-9)


def test_deaths_of_a_harder_time_are_no_migration(stock: np.ndarray, death_prob: np.ndarray) -> None:
    """Cohorts that died at twice the hazard of today seem to leave, unless their period is known for it."""
    later = aged(stock, scale(death_prob, np.array(2.0)), np.zeros(96), 5)
    stocks, periods = two_stocks(stock, later, 5), [Period(2016, 2021)]
    blind = cohort_residuals(stocks, periods, death_prob[None, None])
    assert (blind.city[..., 80:] < -0.02).all()
    told = cohort_residuals(stocks, periods, death_prob[None, None], hazards=[np.full(death_prob.shape, 2.0)])
    np.testing.assert_allclose(told.rate, 0, atol=1e-9)


def test_turnover_ends_in_old_age() -> None:
    share = before_old_age(96)
    np.testing.assert_allclose(share[[0, 65, 70, 75, 95]], [1, 1, 0.5, 0, 0])


@pytest.mark.parametrize("years", [1, 3, 4, 10])
def test_a_smooth_city_schedule_is_recovered_from_odd_steps(
    stock: np.ndarray, death_prob: np.ndarray, years: int
) -> None:
    later = aged(stock, death_prob, bell(0.08), years)
    found = cohort_residuals(two_stocks(stock, later, years), [Period(2016, 2016 + years)], death_prob[None, None])
    np.testing.assert_allclose(found.rate[0, 0, 0, 5:80], bell(0.08)[5:80], atol=0.006)


def test_large_areas_keep_their_own_rate_and_small_ones_take_the_citys(
    stock: np.ndarray, death_prob: np.ndarray
) -> None:
    net = np.zeros((3, 1, 1, 96))
    net[1:, ..., 20:40] = 0.02  # young adults come to the middle and the tiny area, not to the largest
    later = aged(stock, death_prob, net, 5)
    found = cohort_residuals(two_stocks(stock, later, 5), [Period(2016, 2021)], death_prob[None, None])
    medium, tiny = found.rate[1, 0, 0, 30], found.rate[2, 0, 0, 30]
    assert 0 < tiny < medium < 0.02
    assert found.weight[1, 0, 0, 30] > 0.9 > found.weight[2, 0, 0, 30]


def test_an_emptied_quarter_still_has_probabilities(stock: np.ndarray, death_prob: np.ndarray) -> None:
    later = aged(stock, death_prob, np.zeros(96), 4)
    later[0] = 0.0
    found = cohort_residuals(two_stocks(stock, later, 4), [Period(2016, 2020)], death_prob[None, None])
    assert (found.rate > -1).all()
    gross = NetParts.of(found.rate, death_prob).gross(stock, np.array(0.15))
    q, exit_prob = death_prob, gross.out_prob
    assert (q * (1 - exit_prob / 2) + exit_prob <= 1).all()


@pytest.mark.parametrize("turnover", [0.0, 0.12])
def test_gross_rates_reproduce_the_net_rate_in_the_engines_year(
    stock: np.ndarray, death_prob: np.ndarray, turnover: float
) -> None:
    net = np.broadcast_to(bell(0.3), stock.shape)
    gross = NetParts.of(net, death_prob).gross(stock, np.array(turnover))
    leavers = stock * gross.out_prob
    deaths = death_prob * (stock - leavers / 2 + gross.in_moves / 2)
    np.testing.assert_allclose(
        stock - deaths - leavers + gross.in_moves, stock * (1 - death_prob) * (1 + net), rtol=1e-12
    )


def test_cohorts_pass_as_many_ages_as_years() -> None:
    passed = ages_passed(np.eye(20), 4)
    assert (passed[4:].sum(1) == 4).all()
    assert (passed[:4] == 0).all()


def test_survivors_join_in_the_open_group(death_prob: np.ndarray) -> None:
    persons = np.zeros(96)
    persons[94:] = 10.0, 30.0
    assert survivors(persons, np.zeros(96), 1)[95] == 40.0


@pytest.mark.parametrize("years", [1, 2, 5])
def test_windows_are_products_with_the_matrix_of_ages_passed(years: int) -> None:
    """1 where a cohort that ends at an age passed another on the way: the last ``years`` ages, if it was born."""
    ages = 12
    end, way = np.indices((ages, ages))
    matrix = ((way > end - years) & (way <= end) & (end >= years)).astype(float)
    values = np.random.default_rng(years).uniform(1, 2, (3, ages))
    np.testing.assert_allclose(ages_passed(values, years), values @ matrix, rtol=1e-14)
    np.testing.assert_allclose(along_cohorts(values, years), values @ matrix.T, rtol=1e-14)
    squares = np.zeros((3, ages, ages))
    _add_squares(squares, values, years)
    np.testing.assert_allclose(squares, matrix.T @ (matrix * values[..., None]), rtol=1e-14)


def test_neighbours_are_up_to_two_years_apart() -> None:
    assert neighbours(np.arange(1.0, 7.0)).tolist() == [6.0, 10.0, 15.0, 20.0, 18.0, 15.0]
    assert neighbours(np.array([1.0, 2.0])).tolist() == [3.0, 3.0]
