"""Random numbers with an address, compiled.

Every number is computed from what it is for (seed, purpose, area, draw, year, position) and not from the one
before (Philox 4×32-10, Salmon et al. 2011), so that results depend on neither the order of the work nor on
what else is computed. A uniform number has 32 bits; probabilities hold to 2⁻³³.
"""

# mypy: disallow-untyped-defs=False

from __future__ import annotations

import math

import numpy as np

from zwkprognose.engine.compiled.compiling import called, compiled, inlined, part

U = np.uint64
LOW, HALF = U(0xFFFFFFFF), U(32)
MULTIPLY_A, MULTIPLY_C = U(0xD2511F53), U(0xCD9E8D57)
STEP_A, STEP_C = U(0x9E3779B9), U(0xBB67AE85)
#: 2⁻³²
TICK = 2.3283064365386963e-10
#: What a stream is for; a part of its address beside area, draw and year.
ANNUAL, LEVEL, EVENTS, SPLITS = U(1), U(2), U(3), U(4)


@inlined
def philox(a, b, c, d, p, q):
    """Four words of 32 bits from an address of four and a key of two."""
    for _ in range(10):
        x = MULTIPLY_A * a
        y = MULTIPLY_C * c
        a, b, c, d = (y >> HALF) ^ b ^ p, y & LOW, (x >> HALF) ^ d ^ q, x & LOW
        p = (p + STEP_A) & LOW
        q = (q + STEP_C) & LOW
    return a, b, c, d


@inlined
def uniform(word):
    """A number in (0, 1) from 32 bits, in the middle of its interval; nothing is rounded."""
    return (np.int64(word) + 0.5) * TICK


@called
def fill(u, purpose, year, area, draw, seed):
    """Uniform numbers in (0, 1), four from each address; the length of ``u`` is a multiple of four."""
    second = (U(year) << U(4)) | purpose | (((area >> HALF) & U(0xFFFF)) << U(16))
    quarter = u.shape[0] // 4
    for j in range(quarter):
        # written out, so that several addresses are computed at a time
        a, b, c, d, p, q = U(j), second, area & LOW, U(draw), seed & LOW, seed >> HALF
        for _ in range(10):
            x = MULTIPLY_A * a
            y = MULTIPLY_C * c
            a, b, c, d = (y >> HALF) ^ b ^ p, y & LOW, (x >> HALF) ^ d ^ q, x & LOW
            p = (p + STEP_A) & LOW
            q = (q + STEP_C) & LOW
        u[j] = uniform(a)
        u[quarter + j] = uniform(b)
        u[2 * quarter + j] = uniform(c)
        u[3 * quarter + j] = uniform(d)


@called
def fill_draws(u, place, purpose, year, area, first, seed):
    """Four uniform numbers (4, draw) from the same place of each draw from ``first`` on."""
    second = (U(year) << U(4)) | purpose | (((area >> HALF) & U(0xFFFF)) << U(16))
    for i in range(u.shape[1]):
        # written out, so that several addresses are computed at a time
        a, b, c, d, p, q = U(place), second, area & LOW, U(first + i), seed & LOW, seed >> HALF
        for _ in range(10):
            x = MULTIPLY_A * a
            y = MULTIPLY_C * c
            a, b, c, d = (y >> HALF) ^ b ^ p, y & LOW, (x >> HALF) ^ d ^ q, x & LOW
            p = (p + STEP_A) & LOW
            q = (q + STEP_C) & LOW
        u[0, i] = uniform(a)
        u[1, i] = uniform(b)
        u[2, i] = uniform(c)
        u[3, i] = uniform(d)


@inlined
def words(place, purpose, year, area, draw, seed):
    """Four uniform numbers from one place."""
    second = (U(year) << U(4)) | purpose | (((area >> HALF) & U(0xFFFF)) << U(16))
    a, b, c, d = philox(U(place), second, area & LOW, U(draw), seed & LOW, seed >> HALF)
    return uniform(a), uniform(b), uniform(c), uniform(d)


@called
def normal(u):
    """Quantile of the standard normal distribution (Wichura 1988, algorithm AS 241, to 16 digits)."""
    q = u - 0.5
    if abs(q) <= 0.425:
        r = 0.180625 - q * q
        top = (((((((2509.0809287301226727 * r + 33430.575583588128105) * r + 67265.770927008700853) * r
                   + 45921.953931549871457) * r + 13731.693765509461125) * r + 1971.5909503065514427) * r
                + 133.14166789178437745) * r + 3.387132872796366608)  # fmt: skip
        bottom = (((((((5226.495278852545925 * r + 28729.085735721942674) * r + 39307.89580009271061) * r
                      + 21213.794301586595867) * r + 5394.1960214247511077) * r + 687.1870074920579083) * r
                   + 42.313330701600911252) * r + 1.0)  # fmt: skip
        return q * top / bottom
    r = math.sqrt(-math.log(min(u, 1.0 - u)))
    if r <= 5.0:
        r -= 1.6
        top = (((((((7.7454501427834140764e-4 * r + 0.0227238449892691845833) * r + 0.24178072517745061177) * r
                   + 1.27045825245236838258) * r + 3.64784832476320460504) * r + 5.7694972214606914055) * r
                + 4.6303378461565452959) * r + 1.42343711074968357734)  # fmt: skip
        bottom = (((((((1.05075007164441684324e-9 * r + 5.475938084995344946e-4) * r + 0.0151986665636164571966) * r
                      + 0.14810397642748007459) * r + 0.68976733498510000455) * r + 1.6763848301838038494) * r
                   + 2.05319162663775882187) * r + 1.0)  # fmt: skip
    else:
        r -= 5.0
        top = (((((((2.01033439929228813265e-7 * r + 2.71155556874348757815e-5) * r + 0.0012426609473880784386) * r
                   + 0.026532189526576123093) * r + 0.29656057182850489123) * r + 1.7848265399172913358) * r
                + 5.4637849111641143699) * r + 6.6579046435011037772)  # fmt: skip
        bottom = (((((((2.04426310338993978564e-15 * r + 1.4215117583164458887e-7) * r
                       + 1.8463183175100546818e-5) * r + 7.868691311456132591e-4) * r + 0.0148753612908506148525) * r
                    + 0.13692988092273580531) * r + 0.59983220655588793769) * r + 1.0)  # fmt: skip
    return top / bottom if q > 0 else -top / bottom


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
        w = 1.0 + c * z
        v = w * w * w  # a power would be compiled for most of a second
        if v > 0.0 and math.log(u[2 * (attempt % 8) + 1]) < 0.5 * z * z + third - third * v + third * math.log(v):
            return third * v / shape
        attempt += 1


@compiled()
def draw_factors(first, last, area, seed, annual, persistence, level, factors):
    """Factors (draw, year, component) of one area, or of the city: level times autocorrelated annual errors.

    ``level`` are the standard deviations of the levels, or None if all are zero: nothing of them is compiled then.

    Annual errors are log-normal with mean one; their logs follow a first-order autoregression that starts in
    its stationary distribution with standard deviation ``annual``.
    """
    years = factors.shape[1]
    u = np.empty(4)
    state = np.empty(4)
    size = np.empty(4)
    fresh = math.sqrt(1.0 - persistence * persistence)
    for d in range(first, last):
        for k in range(4):
            state[k] = 0.0
            size[k] = 1.0
            if level is not None and level[k] > 0.0:
                size[k] = gamma_level(1.0 / (level[k] * level[k]), k, area, d, seed)
        for t in range(years):
            fill(u, ANNUAL, t, area, d, seed)
            for k in range(4):
                if annual[k] > 0.0:
                    shock = annual[k] * normal(u[k])
                    state[k] = shock if t == 0 else persistence * state[k] + fresh * shock
                    factors[d - first, t, k] = size[k] * math.exp(state[k] - 0.5 * annual[k] * annual[k])
                else:
                    factors[d - first, t, k] = size[k]
