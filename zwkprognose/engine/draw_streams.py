"""Random numbers with an address, compiled.

Every number is computed from what it is for (seed, purpose, area, draw, year, position) and not from the one
before (Philox 4×32-10, Salmon et al. 2011), so that results depend on neither the order of the work nor on
what else is computed. A uniform number has 32 bits; probabilities hold to 2⁻³³.
"""

# mypy: disallow-untyped-defs=False

from __future__ import annotations

import math

import numba as nb
import numpy as np

U = np.uint64
LOW, HALF = U(0xFFFFFFFF), U(32)
MULTIPLY_A, MULTIPLY_C = U(0xD2511F53), U(0xCD9E8D57)
STEP_A, STEP_C = U(0x9E3779B9), U(0xBB67AE85)
#: Bits of the number 1.0, and the place of 32 random bits behind its point: a number in [1, 2).
ONE, FRACTION = U(0x3FF0000000000000), U(20)
#: 2⁻³²
TICK = 2.3283064365386963e-10
#: What a stream is for; a part of its address beside area, draw and year.
ANNUAL, LEVEL, EVENTS, SPLITS = U(1), U(2), U(3), U(4)


def part(function):
    """A part of the kernels that calls nothing outside its own file; kept on disk for calls from Python."""
    return nb.njit(function, cache=True, nogil=True, error_model="numpy")


@part
def philox(a, b, c, d, p, q):
    """Four words of 32 bits from an address of four and a key of two."""
    for _ in range(10):
        x = MULTIPLY_A * a
        y = MULTIPLY_C * c
        a, b, c, d = (y >> HALF) ^ b ^ p, y & LOW, (x >> HALF) ^ d ^ q, x & LOW
        p = (p + STEP_A) & LOW
        q = (q + STEP_C) & LOW
    return a, b, c, d


@part
def fill(u, purpose, year, area, draw, seed):
    """Uniform numbers in (0, 1), four from each address; the length of ``u`` is a multiple of four."""
    second = (U(year) << U(4)) | purpose | (((area >> HALF) & U(0xFFFF)) << U(16))
    quarter, bits = u.shape[0] // 4, u.view(np.uint64)
    for j in range(quarter):
        # written out, so that several addresses are computed at a time
        a, b, c, d, p, q = U(j), second, area & LOW, U(draw), seed & LOW, seed >> HALF
        for _ in range(10):
            x = MULTIPLY_A * a
            y = MULTIPLY_C * c
            a, b, c, d = (y >> HALF) ^ b ^ p, y & LOW, (x >> HALF) ^ d ^ q, x & LOW
            p = (p + STEP_A) & LOW
            q = (q + STEP_C) & LOW
        bits[j] = ONE | (a << FRACTION)
        bits[quarter + j] = ONE | (b << FRACTION)
        bits[2 * quarter + j] = ONE | (c << FRACTION)
        bits[3 * quarter + j] = ONE | (d << FRACTION)
    for j in range(u.shape[0]):
        u[j] -= 1.0 - 0.5 * TICK


@part
def normal(u):
    """Quantile of the standard normal distribution (Acklam's rational functions with one step of Halley)."""
    if u < 0.02425 or u > 0.97575:
        t = math.sqrt(-2.0 * math.log(min(u, 1.0 - u)))
        top = ((((-7.784894002430293e-03 * t - 3.223964580411365e-01) * t - 2.400758277161838e00) * t
                - 2.549732539343734e00) * t + 4.374664141464968e00) * t + 2.938163982698783e00  # fmt: skip
        bottom = (((7.784695709041462e-03 * t + 3.224671290700398e-01) * t + 2.445134137142996e00) * t
                  + 3.754408661907416e00) * t + 1.0  # fmt: skip
        z = top / bottom if u < 0.5 else -top / bottom
    else:
        t = u - 0.5
        r = t * t
        top = (((((-3.969683028665376e01 * r + 2.209460984245205e02) * r - 2.759285104469687e02) * r
                 + 1.383577518672690e02) * r - 3.066479806614716e01) * r + 2.506628277459239e00) * t  # fmt: skip
        bottom = ((((-5.447609879822406e01 * r + 1.615858368580409e02) * r - 1.556989798598866e02) * r
                   + 6.680131188771972e01) * r - 1.328068155288572e01) * r + 1.0  # fmt: skip
        z = top / bottom
    miss = 0.5 * math.erfc(-z / 1.4142135623730951) - u
    step = miss * 2.5066282746310002 * math.exp(0.5 * z * z)
    return z - step / (1.0 + 0.5 * z * step)


@part
def gamma_level(shape, component, area, draw, seed):
    """A level with mean one from the gamma distribution of that shape ≥ 1 (Marsaglia and Tsang 2000)."""
    third = shape - 1.0 / 3.0
    c = 1.0 / math.sqrt(9.0 * third)
    u = np.empty(16)
    attempt = 0
    while True:
        if attempt % 8 == 0:
            fill(u, LEVEL, 4 * (attempt // 8) + component, area, draw, seed)
        z = normal(u[2 * (attempt % 8)])
        v = (1.0 + c * z) ** 3
        if v > 0.0 and math.log(u[2 * (attempt % 8) + 1]) < 0.5 * z * z + third - third * v + third * math.log(v):
            return third * v / shape
        attempt += 1
