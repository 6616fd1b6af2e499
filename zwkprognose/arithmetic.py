"""Exponentials, logarithms, powers, sums and products with the same bits on every machine.

NumPy's ``exp`` and ``log`` depend on the processor, its sums on their length, its products of matrices on the
library behind them. Rates must not: whoever repeats a projection elsewhere shall find every bit again. What stands
here uses nothing but ``+ − · /``, which IEEE 754 rounds in one way only, and takes sums term by term, in order.

The functions and their coefficients are those of fdlibm (Sun 1993): reduction by multiples of log 2, then a rational
function. They err by less than two units in the last place.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from functools import wraps
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

if TYPE_CHECKING:
    import xarray as xr

Floats = NDArray[np.float64]

_PER_LOG_2 = 1.4426950408889634
#: log 2 in two parts: products of the first with whole numbers are exact.
_LOG_2, _LOG_2_REST = 6.93147180369123816490e-1, 1.90821492927058770002e-10
#: Coefficients from the highest power down.
_EXP = (
    4.13813679705723846039e-8, -1.65339022054652515390e-6, 6.61375632143793436117e-5, -2.77777777770155933842e-3,
    1.66666666666666019037e-1,
)  # fmt: skip
_LOG = (
    1.479819860511658591e-1, 1.531383769920937332e-1, 1.818357216161805012e-1, 2.222219843214978396e-1,
    2.857142874366239149e-1, 3.999999999940941908e-1, 6.666666666666735130e-1,
)  # fmt: skip
#: Beyond these e^x is 0 or infinite.
_LEAST, _MOST = -746.0, 710.0
#: Bits of √½: numbers are taken as 2^k·z with z from √½ to √2.
_ROOT_HALF = 0x3FE6A09E00000000
_TINY = 2.0**-1022
#: A pivot below this share of its diagonal is rounding.
_NO_PIVOT = 1e-12
#: So few terms are added without laying them out anew.
_FEW = 4
#: Numbers that are computed in one go.
_BLOCK = 8192


def _by_blocks(function: Callable[[Floats], Floats]) -> Callable[[ArrayLike], Floats]:
    """Large arrays piece by piece, so that what is computed on the way stays near the processor."""

    @wraps(function)
    def whole(x: ArrayLike) -> Floats:
        given = np.asarray(x, dtype=float)
        if given.size <= _BLOCK:
            return function(given)
        flat = given.reshape(-1)
        found = np.empty_like(flat)
        for start in range(0, flat.size, _BLOCK):
            found[start : start + _BLOCK] = function(flat[start : start + _BLOCK])
        return found.reshape(given.shape)

    return whole


@_by_blocks
def exp(x: Floats) -> Floats:
    """e^x."""
    power, small = _reduced_expm1(x)
    return _times_power_of_2(1.0 + small, power)


@_by_blocks
def expm1(x: Floats) -> Floats:
    """e^x − 1, exact to the last digits for small x too."""
    power, small = _reduced_expm1(x)
    whole = _times_power_of_2(np.ones_like(small), power)
    return whole * small + (whole - 1.0)


@_by_blocks
def log(x: Floats) -> Floats:
    """Natural logarithm; of 0 minus infinity, of less NaN."""
    ordinary = (x >= _TINY) & (x < np.inf)
    if ordinary.all():
        return _log(x)
    tiny = (x > 0) & (x < _TINY)
    found = _log(np.where(ordinary, x, np.where(tiny, x * 2.0**54, 1.0)))
    found = np.where(tiny, found - 54.0 * _LOG_2 - 54.0 * _LOG_2_REST, found)
    return np.where(ordinary | tiny, found, np.where(x == 0, -np.inf, np.where(x == np.inf, np.inf, np.nan)))


@_by_blocks
def log1p(x: Floats) -> Floats:
    """log(1 + x), exact to the last digits for small x too."""
    whole = 1.0 + x
    usable = (whole > 0) & (whole < np.inf)
    if usable.all():
        return log(whole) + (x - (whole - 1.0)) / whole
    return np.where(usable, log1p(np.where(usable, x, 0.0)), log(whole))


def power(base: ArrayLike, exponent: ArrayLike) -> Floats:
    """base^exponent of numbers not below 0: whole exponents by squaring, others as e^(exponent·log base)."""
    bases, exponents = np.broadcast_arrays(np.asarray(base, dtype=float), np.asarray(exponent, dtype=float))
    whole = (exponents == np.floor(exponents)) & (exponents >= 0) & (exponents < 2.0**31)
    if whole.all():
        return _by_squaring(bases, exponents.astype(np.int64))
    positive = bases > 0
    found = exp(exponents * log(bases if positive.all() else np.where(positive, bases, 1.0)))
    if not positive.all():
        found = np.where(positive, found, np.where(bases == 0, np.where(exponents > 0, 0.0, np.inf), np.nan))
    if not whole.any():
        return found
    return np.where(whole, _by_squaring(bases, np.where(whole, exponents, 0.0).astype(np.int64)), found)


def total(values: ArrayLike, axis: int | tuple[int, ...] | None = None, *, keepdims: bool = False) -> Floats:
    """Sum along one or several axes (all unless given): axis by axis, on each from the first term to the last.

    Examples
    --------
    >>> total([[0.1, 0.2], [0.3, 0.4]], axis=0).tolist()
    [0.4, 0.6000000000000001]
    """
    given = np.asarray(values, dtype=float)
    axes = tuple(range(given.ndim)) if axis is None else (axis,) if isinstance(axis, int) else axis
    axes = tuple(sorted(a % given.ndim for a in axes))
    found = given
    for gone, along in enumerate(axes):
        found = _in_order(np.moveaxis(found, along - gone, 0) if along > gone else found)
    return np.expand_dims(found, axes) if keepdims else found


def mean(values: ArrayLike, axis: int | tuple[int, ...] | None = None, *, keepdims: bool = False) -> Floats:
    """Mean along one or several axes."""
    found = total(values, axis, keepdims=keepdims)
    return found / (np.size(values) / max(found.size, 1))


def product(left: ArrayLike, right: ArrayLike) -> Floats:
    """Matrix product [..., row, column] of small matrices, the sums in order; the left one may be a single row.

    Examples
    --------
    >>> product([1.0, 2.0], [[3.0], [4.0]]).tolist()
    [11.0]
    """
    a, b = np.asarray(left, dtype=float), np.asarray(right, dtype=float)
    if a.ndim == 1:
        return np.asarray(product(a[None], b)[..., 0, :])
    found = a[..., :, :1] * b[..., :1, :]
    for k in range(1, a.shape[-1]):
        found += a[..., :, k : k + 1] * b[..., k : k + 1, :]
    return found


def solve(left: Floats, right: Floats, width: int | None = None) -> Floats:
    """Solution of symmetric positive definite equations [..., n, n], [..., n] by elimination.

    ``width`` is the number of diagonals beside the main one that are not zero; all unless given.

    Examples
    --------
    >>> solve(np.array([[2.0, 1.0], [1.0, 2.0]]), np.array([3.0, 3.0])).tolist()
    [1.0, 1.0]
    """
    rest, found = left.copy(), right.copy()
    size = found.shape[-1]
    reach = size if width is None else width
    for i in range(size - 1):
        below = slice(i + 1, min(i + 1 + reach, size))
        factor = rest[..., below, i] / rest[..., i, i, None]
        rest[..., below, below] -= factor[..., :, None] * rest[..., i, None, below]
        found[..., below] -= factor * found[..., i, None]
    for i in reversed(range(size)):
        beyond = slice(i + 1, min(i + 1 + reach, size))
        known = total(rest[..., i, beyond] * found[..., beyond], axis=-1)
        found[..., i] = (found[..., i] - known) / rest[..., i, i]
    return found


def solve_semidefinite(left: Floats, right: Floats, scale: Floats | None = None, noise: ArrayLike = 0.0) -> Floats:
    """A solution of symmetric positive semidefinite equations [n, n], [n] by elimination.

    Unknowns that follow from others have a pivot that is nothing beside their ``scale`` (the diagonal unless given).
    They are taken as 0 if the equations have a solution but for the ``noise`` of the right side, and else so large that
    the others hardly matter: that is the direction in which the form with these coefficients falls without end.

    Examples
    --------
    >>> solve_semidefinite(np.array([[2.0, 2.0], [2.0, 2.0]]), np.array([4.0, 4.0])).tolist()
    [2.0, 0.0]
    """
    rest, found = left.copy(), right.copy()
    least = _NO_PIVOT * (np.diagonal(left).copy() if scale is None else scale)
    size, small = len(found), np.broadcast_to(noise, found.shape)
    for i in range(size):
        if rest[i, i] > least[i]:
            factor = rest[i + 1 :, i] / rest[i, i]
            rest[i + 1 :, i + 1 :] -= factor[:, None] * rest[i, i + 1 :]
            found[i + 1 :] -= factor * found[i]
        else:
            found[i] = found[i] if abs(found[i]) > small[i] else 0.0
    for i in reversed(range(size)):
        if rest[i, i] > least[i]:
            known = total(rest[i, i + 1 :] * found[i + 1 :])
            found[i] = (found[i] - known) / rest[i, i]
        else:
            found[i] = found[i] / least[i] if least[i] > 0 else 0.0
    return found


def summed(values: xr.DataArray, dims: Iterable[Hashable]) -> xr.DataArray:
    """Sum of a labelled array over some dimensions; attributes are dropped, as xarray does."""
    gone = [dim for dim in values.dims if dim in set(dims)]
    left = values.isel(dict.fromkeys(gone, 0), drop=True)
    found = left.copy(data=total(values.to_numpy(), tuple(values.get_axis_num(dim) for dim in gone)))
    found.attrs = {}
    return found


def _reduced_expm1(x: Floats) -> tuple[NDArray[np.int64], Floats]:
    """Whole k, and e^r − 1 for the rest r, at most half of log 2, of x = k·log 2 + r."""
    given = np.clip(x, _LEAST, _MOST)
    times = np.rint(given * _PER_LOG_2)
    most, least = given - times * _LOG_2, times * _LOG_2_REST
    r = most - least
    square = r * r
    c = r - square * _polynomial(_EXP, square)
    with np.errstate(invalid="ignore"):  # not a number stays one in the rest
        return times.astype(np.int64), most - (least - r * c / (2.0 - c))


def _log(x: Floats) -> Floats:
    """Logarithm of ordinary positive numbers."""
    bits = np.ascontiguousarray(x).view(np.int64)
    power = (bits - _ROOT_HALF) >> 52
    f = (bits - (power << 52)).view(np.float64).reshape(x.shape) - 1.0
    k = power.reshape(x.shape).astype(float)
    s = f / (2.0 + f)
    square = s * s
    half = 0.5 * f * f
    rest = square * _polynomial(_LOG, square)
    return np.asarray(k * _LOG_2 - ((half - (s * (half + rest) + k * _LOG_2_REST)) - f))


def _polynomial(coefficients: tuple[float, ...], x: Floats) -> Floats:
    """Horner's scheme, from the highest power down."""
    found = np.full(x.shape, coefficients[0])
    for coefficient in coefficients[1:]:
        found *= x
        found += coefficient
    return found


def _times_power_of_2(values: Floats, power: NDArray[np.int64]) -> Floats:
    """values·2^power in two steps, each of them within the range of exponents."""
    if not power.any():
        return values
    half = power >> 1
    return values * _power_of_2(half) * _power_of_2(power - half)


def _power_of_2(power: NDArray[np.int64]) -> Floats:
    return ((np.clip(power, -1022, 1023) + 1023) << 52).view(np.float64)


def _by_squaring(base: Floats, exponent: NDArray[np.int64]) -> Floats:
    found = np.ones_like(base)
    while exponent.any():
        found = np.where(exponent & 1, found * base, found)
        exponent = exponent >> 1
        base = np.where(exponent > 0, base * base, base)
    return found


def _in_order(terms: Floats) -> Floats:
    """Sum over the first axis, one term after the other."""
    if len(terms) <= _FEW:
        return sum(terms[1:], start=terms[0].copy()) if len(terms) else np.zeros(terms.shape[1:])
    if terms.size == len(terms):  # NumPy would add a single column pairwise, several it adds row by row
        return np.asarray(np.add.accumulate(terms, axis=0)[-1])
    return np.asarray(np.add.reduce(np.ascontiguousarray(terms), axis=0))
