"""Binomial and Poisson numbers from uniform ones by inversion, compiled.

Small counts are drawn for all ages of a row at once and without branches, large ones one by one from the mode
outwards. Both invert the exact distribution function.
"""

# mypy: disallow-untyped-defs=False

from __future__ import annotations

import math

import numpy as np

from zwkprognose.engine.compiled.compiling import called, inlined, part

#: Counts with a larger mean are drawn from the mode outwards.
SMALL = 50.0
#: Most steps of the inversion from zero: 16 standard deviations beyond the largest small mean.
STEPS = 164
#: Steps for a whole row together, and numbers that then go on together until the last of them is found.
TOGETHER, BLOCK = 8, 16
#: Probability beyond which single numbers are sought one by one, and persons up to which powers are laid out.
TAIL, TABLE = 1e-3, 255


@part
def inverses():
    """1/k for every step and a few more."""
    out = np.zeros(STEPS + 8)
    for k in range(1, STEPS + 8):
        out[k] = 1.0 / k
    return out


@inlined
def none(n, stay):
    """Probability that none of n persons goes, by repeated squaring."""
    power, left = 1.0, n
    while left > 0:
        power = power * stay if left & 1 else power
        stay *= stay
        left >>= 1
    return power


@called
def binomial(u, n, p):
    """Quantile of the binomial distribution, n persons with probability p."""
    if n <= 0 or p <= 0.0:
        return 0
    if p >= 1.0:
        return n
    mode = 0 if n * p < SMALL else min(int((n + 1) * p), n)
    odds = p / (1.0 - p)
    if mode > 0:
        log_pmf = (math.lgamma(n + 1.0) - math.lgamma(mode + 1.0) - math.lgamma(n - mode + 1.0)
                   + mode * math.log(p) + (n - mode) * math.log1p(-p))  # fmt: skip
        above = math.exp(log_pmf)
    elif n <= TABLE:
        above = none(n, 1.0 - p)
    else:
        above = math.exp(n * math.log1p(-p))
    below = above
    u -= above
    a = b = mode
    while u >= 0.0 and (a < n or b > 0) and above + below > 1e-300:
        if a < n:
            above *= odds * (n - a) / (a + 1)
            a += 1
            u -= above
            if u < 0.0:
                return a
        if b > 0:
            below *= b / (odds * (n - b + 1))
            b -= 1
            u -= below
            if u < 0.0:
                return b
    return mode


@called
def poisson(u, mean):
    """Quantile of the Poisson distribution."""
    if mean <= 0.0:
        return 0
    mode = 0 if mean < SMALL else int(mean)
    above = math.exp(-mean) if mode == 0 else math.exp(mode * math.log(mean) - mean - math.lgamma(mode + 1.0))
    below = above
    u -= above
    a = b = mode
    while u >= 0.0 and above + below > 1e-300:
        above *= mean / (a + 1)
        a += 1
        u -= above
        if u < 0.0:
            return a
        if b > 0:
            below *= b / mean
            b -= 1
            u -= below
            if u < 0.0:
                return b
    return mode if u >= 0.0 else a


@called
def exp_row(minus, out):
    """exp(−x) for a row of x ≥ 0 in plain arithmetic: the same bits on every machine."""
    bits = out.view(np.int64)
    for i in range(minus.shape[0]):
        power = np.floor(-minus[i] * 1.4426950408889634 + 0.5)
        bits[i] = (np.int64(max(power, -1022.0)) + 1023) << 52
    for i in range(minus.shape[0]):
        power = np.floor(-minus[i] * 1.4426950408889634 + 0.5)
        r = (-minus[i] - power * 0.6931471803691238) - power * 1.9082149292705877e-10
        p = 1.0 / 6227020800.0
        p = p * r + 1.0 / 479001600.0
        p = p * r + 1.0 / 39916800.0
        p = p * r + 1.0 / 3628800.0
        p = p * r + 1.0 / 362880.0
        p = p * r + 1.0 / 40320.0
        p = p * r + 1.0 / 5040.0
        p = p * r + 1.0 / 720.0
        p = p * r + 1.0 / 120.0
        p = p * r + 1.0 / 24.0
        p = p * r + 1.0 / 6.0
        p = p * r + 0.5
        p = p * r + 1.0
        p = p * r + 1.0
        out[i] *= p


@called
def none_row(persons, chance, pmf, base):
    """(1 − p)ⁿ for a row of n persons, by repeated squaring."""
    most = 0
    for i in range(persons.shape[0]):
        pmf[i] = 1.0
        base[i] = 1.0 - chance[i]
        most = max(most, persons[i])
    bit = 1
    while bit <= most:
        for i in range(persons.shape[0]):
            pmf[i] = pmf[i] * base[i] if (persons[i] & bit) != 0 else pmf[i]
            base[i] *= base[i]
        bit <<= 1


@called
def poisson_steps(first, last, k, u, mean, pmf, cdf, inverse, count):
    """Four further terms for some of a row; returns how many are not yet found."""
    left = 0
    a, b, c, d = inverse[k], inverse[k + 1], inverse[k + 2], inverse[k + 3]
    for i in range(first, last):
        c0 = cdf[i]
        p1 = pmf[i] * mean[i] * a
        c1 = c0 + p1
        p2 = p1 * mean[i] * b
        c2 = c1 + p2
        p3 = p2 * mean[i] * c
        c3 = c2 + p3
        pmf[i] = p3 * mean[i] * d
        cdf[i] = c3 + pmf[i]
        count[i] += (u[i] >= c0) + (u[i] >= c1) + (u[i] >= c2) + (u[i] >= c3)
        left += u[i] >= cdf[i]
    return left


@called
def poisson_row(u, mean, pmf, cdf, inverse, count):
    """Counts of a row by inversion from zero; ``pmf`` holds exp(−mean) and is used up."""
    n, left = count.shape[0], 0
    for i in range(n):
        p, below, found = pmf[i], pmf[i], 0.0
        for k in range(1, TOGETHER + 1):
            found += 1.0 if u[i] >= below else 0.0
            p *= mean[i] * inverse[k]
            below += p
        pmf[i], cdf[i], count[i] = p, below, found
        left += u[i] >= below
    if left == 0:
        return
    for i in range(n):
        cdf[i] = 1.0 if mean[i] >= SMALL else cdf[i]
    for first in range(0, n, BLOCK):
        k, left, last = TOGETHER + 1, 1, min(first + BLOCK, n)
        while k < STEPS and left > 0:
            left = poisson_steps(first, last, k, u, mean, pmf, cdf, inverse, count)
            k += 4
    for i in range(n):
        if mean[i] >= SMALL:
            count[i] = poisson(u[i], mean[i])


@called
def poisson_same(u, mean, none, inverse, below, count):
    """Counts of a row that all have the same mean; ``none`` is exp(−mean), ``below`` room for the distribution."""
    n, terms, p, total = count.shape[0], 0, none, none
    for i in range(n):
        count[i] = 0.0
    while mean < SMALL and (terms == 0 or 1.0 - total > TAIL):
        for k in range(terms, terms + TOGETHER):
            below[k] = total
            p *= mean * inverse[k + 1]
            total += p
        for i in range(n):
            found = 0.0
            for k in range(TOGETHER):
                found += 1.0 if u[i] >= below[terms + k] else 0.0
            count[i] += found
        terms += TOGETHER
    for i in range(n):
        if u[i] >= total or terms == 0:
            count[i] = poisson(u[i], mean)


@called
def binomial_steps(first, last, k, u, persons, odds, pmf, cdf, inverse, count):
    """Four further terms for some of a row, zero beyond n persons; returns how many are not yet found."""
    left = 0
    a, b, c, d = inverse[k], inverse[k + 1], inverse[k + 2], inverse[k + 3]
    for i in range(first, last):
        rest = persons[i] - (k - 1.0)
        c0 = cdf[i]
        p1 = pmf[i] * odds[i] * rest * a
        c1 = c0 + p1
        p2 = p1 * odds[i] * (rest - 1.0) * b
        c2 = c1 + p2
        p3 = p2 * odds[i] * (rest - 2.0) * c
        c3 = c2 + p3
        pmf[i] = p3 * odds[i] * (rest - 3.0) * d
        cdf[i] = c3 + pmf[i]
        count[i] += (u[i] >= c0) + (u[i] >= c1) + (u[i] >= c2) + (u[i] >= c3)
        left += (u[i] >= cdf[i]) & (count[i] < persons[i])
    return left


@called
def binomial_row(u, persons, chance, odds, pmf, cdf, inverse, count):
    """Counts of a row by inversion from zero; ``pmf`` holds (1 − p)ⁿ and is used up, n are whole floats."""
    n, left = count.shape[0], 0
    for i in range(n):
        p, below, found, ratio = pmf[i], pmf[i], 0.0, odds[i] * (persons[i] + 1.0)
        for k in range(1, TOGETHER + 1):
            found += 1.0 if u[i] >= below else 0.0
            p *= ratio * inverse[k] - odds[i]
            below += p
        pmf[i], cdf[i], count[i] = p, below, found
        left += u[i] >= below
    if left == 0:
        return
    for i in range(n):
        cdf[i] = 1.0 if persons[i] * chance[i] >= SMALL else cdf[i]
    for first in range(0, n, BLOCK):
        k, left, last = TOGETHER + 1, 1, min(first + BLOCK, n)
        while k < STEPS and left > 0:
            left = binomial_steps(first, last, k, u, persons, odds, pmf, cdf, inverse, count)
            k += 4
    for i in range(n):
        count[i] = min(count[i], persons[i])
        if persons[i] * chance[i] >= SMALL:
            count[i] = binomial(u[i], int(persons[i]), chance[i])


@called
def none_same(persons, chance, table, pmf):
    """(1 − p)ⁿ for a row of n persons with the same probability, from a table of powers if n are small."""
    most = 0
    for i in range(persons.shape[0]):
        most = max(most, persons[i])
    if most > TABLE:
        for i in range(persons.shape[0]):
            pmf[i] = (1.0 - chance) ** persons[i]
        return
    table[0] = 1.0
    for k in range(1, most + 1):
        table[k] = table[k - 1] * (1.0 - chance)
    for i in range(persons.shape[0]):
        pmf[i] = table[persons[i]]
