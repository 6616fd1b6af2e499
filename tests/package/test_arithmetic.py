"""Exponentials, logarithms, sums and products of their own: exact, in order, and the same everywhere."""

from __future__ import annotations

import math
from collections.abc import Callable
from decimal import Decimal, localcontext

import numpy as np
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st

from zwkprognose.arithmetic import exp, expm1, log, log1p, mean, power, product, solve, summed, total


def _units_off(found: np.ndarray, exact: list[Decimal]) -> float:
    """Largest distance in units of the last place of the exact value."""
    return max(
        float(abs(Decimal(f) - e) / Decimal(math.ulp(float(e)))) for f, e in zip(found.tolist(), exact, strict=True)
    )


def _exactly(function: Callable[[Decimal], Decimal], values: np.ndarray) -> list[Decimal]:
    with localcontext() as context:
        context.prec = 60
        return [+function(Decimal(x)) for x in values.tolist()]


def _spread(low: float, high: float, seed: int = 1) -> np.ndarray:
    """Values of all sizes between two limits, near zero too."""
    rng = np.random.default_rng(seed)
    even = rng.uniform(low, high, 1500)
    return np.concatenate([even, even * 10.0 ** -rng.integers(1, 17, 1500), [low, high]])


def test_exp_errs_by_less_than_two_units() -> None:
    x = _spread(-700, 700)
    assert _units_off(exp(x), _exactly(Decimal.exp, x)) < 2


def test_expm1_errs_by_less_than_two_units() -> None:
    x = np.concatenate([_spread(-2, 2), _spread(-40, 40, seed=2)])
    x = x[abs(x) > 1e-300]
    assert _units_off(expm1(x), _exactly(lambda d: d.exp() - 1, x)) < 2


def test_log_errs_by_less_than_two_units() -> None:
    x = np.concatenate([10.0 ** _spread(-300, 300), 1 + _spread(-0.5, 0.5, seed=3)])
    x = x[x != 1]
    assert _units_off(log(x), _exactly(Decimal.ln, x)) < 2


def test_log1p_errs_by_less_than_two_units() -> None:
    x = np.concatenate([_spread(-0.999, 3), _spread(-1e-5, 1e-5, seed=4)])
    assert _units_off(log1p(x), _exactly(lambda d: (1 + d).ln(), x)) < 2


def test_powers_err_little_and_whole_ones_are_products() -> None:
    base = np.random.default_rng(5).uniform(0.2, 3.0, 500)
    for exponent in (0.3, -1.7, 7.5):
        found = _exactly(lambda d, e=exponent: (d.ln() * Decimal(e)).exp(), base)
        assert _units_off(power(base, exponent), found) < 2 + 4 * abs(exponent)
    assert (power(base, 3) == base * base * base).sum() > 400  # one squaring, one product: another order at most
    assert power(0.5, np.arange(4.0)).tolist() == [1.0, 0.5, 0.25, 0.125]
    assert power([0.0, 0.0, 0.0, 1.0], [0.0, 0.7, -1.0, 12.3]).tolist() == [1.0, 0.0, np.inf, 1.0]
    assert np.isnan(power([np.nan, np.nan, -2.0], [0.5, 2.0, 0.5])).all()


def test_a_power_does_not_hang_on_its_neighbours() -> None:
    base, exponent = np.random.default_rng(8).uniform(0.5, 2.0, 40), np.tile([3.0, 0.25, 1.0, -2.0], 10)
    each = [float(power(b, e)) for b, e in zip(base, exponent, strict=True)]
    assert power(base, exponent).tolist() == each


@pytest.mark.parametrize(
    ("function", "at", "value"),
    [
        (exp, 0.0, 1.0), (exp, -np.inf, 0.0), (exp, -745.1332, 5e-324), (exp, -800.0, 0.0), (expm1, 0.0, 0.0),
        (expm1, -np.inf, -1.0), (expm1, -100.0, -1.0), (log, 1.0, 0.0), (log, 0.0, -np.inf), (log, np.inf, np.inf),
        (log, 5e-324, math.log(5e-324)), (log1p, 0.0, 0.0), (log1p, -1.0, -np.inf), (log1p, 1e-300, 1e-300),
        (log1p, np.inf, np.inf), (exp, 1e-300, 1.0),
    ],
)  # fmt: skip
def test_limits(function: Callable[[float], np.ndarray], at: float, value: float) -> None:
    assert float(function(at)) == value


@pytest.mark.parametrize("function", [exp, expm1, log, log1p])
def test_what_is_no_number_stays_so(function: Callable[[float], np.ndarray]) -> None:
    assert np.isnan(function(np.nan))


@pytest.mark.parametrize(("function", "at"), [(log, -1.0), (log1p, -1.5)])
def test_logarithms_of_negative_numbers_are_none(function: Callable[[float], np.ndarray], at: float) -> None:
    assert np.isnan(function(at))


@given(st.floats(-30, 30))
def test_log_undoes_exp(x: float) -> None:
    assert float(log(exp(x))) == pytest.approx(x, rel=1e-14, abs=3e-16)


def _one_by_one(values: list[float]) -> float:
    found = values[0]
    for value in values[1:]:
        found += value
    return found


@given(st.integers(1, 7), st.integers(1, 5), st.integers(0, 2**32))
def test_sums_are_taken_one_by_one(rows: int, columns: int, seed: int) -> None:
    values = np.random.default_rng(seed).normal(size=(3, rows, columns)) * 10.0 ** np.arange(columns)
    for axis, line in ((0, values[:, -1, -1]), (1, values[-1, :, -1]), (-1, values[-1, -1, :])):
        assert total(values, axis).reshape(-1)[-1] == _one_by_one(line.tolist())
    columns_first = [_one_by_one(values[:, 0, k].tolist()) for k in range(columns)]
    assert total(values, (0, 2))[0] == _one_by_one(columns_first)
    assert float(total(values, (0, 1, 2))) == float(total(values)) == float(total(total(total(values, 0), 0), 0))
    assert total(values, 1, keepdims=True).shape == (3, 1, columns)


def test_sums_of_many_terms_keep_their_order_too() -> None:
    values = np.random.default_rng(6).normal(size=100_000)
    assert float(total(values)) == _one_by_one(values.tolist())


def test_sums_of_nothing_and_means() -> None:
    assert total(np.zeros((0, 3)), 0).tolist() == [0.0, 0.0, 0.0]
    assert mean([[1.0, 2.0], [3.0, 6.0]], 0).tolist() == [2.0, 4.0]
    assert float(mean([1.0, 2.0, 6.0])) == 3.0


def test_labelled_sums_are_those_of_xarray() -> None:
    values = xr.DataArray(np.arange(24.0).reshape(2, 3, 4), {"a": [1, 2], "c": list("wxyz")}, ("a", "b", "c"))
    values = values.assign_attrs(unit="persons").assign_coords(c=values["c"].assign_attrs(kept="yes"))
    values = values.assign_coords(name=("a", ["eins", "zwei"]))
    with xr.set_options(keep_attrs=False):
        xr.testing.assert_identical(summed(values, ["b", "a"]), values.sum(["b", "a"]))
        xr.testing.assert_identical(summed(values, ["b"]), values.sum(["b"]))
    assert values.attrs == {"unit": "persons"}


def test_products_and_equations_agree_with_the_library() -> None:
    rng = np.random.default_rng(7)
    a, b = rng.normal(size=(3, 5, 6)), rng.normal(size=(6, 4))
    np.testing.assert_allclose(product(a, b), a @ b, rtol=1e-13)
    square = a @ np.swapaxes(a, -1, -2) + np.eye(5)
    right = rng.normal(size=(3, 5))
    np.testing.assert_allclose(solve(square, right), np.linalg.solve(square, right[..., None])[..., 0], rtol=1e-10)


def test_banded_equations_need_no_more_than_their_band() -> None:
    second = np.diff(np.eye(30), n=2, axis=0)
    left, right = second.T @ second + np.diag(np.linspace(1, 2, 30)), np.linspace(-1, 1, 30)
    found = solve(left, right, width=2)
    assert found.tolist() == solve(left, right).tolist()
    np.testing.assert_allclose(left @ found, right, atol=1e-12)
