"""Binomial and Poisson numbers from uniform ones by inversion, compiled.

Every count is the quantile of its uniform number: the smallest count whose distribution function reaches it. More
persons or a larger probability therefore never give a smaller count for the same number, so that two scenarios with the
same numbers differ by the scenario and not by chance. Small counts are sought from zero, for all ages of a row at once
and without branches; large ones from the middle of their distribution, where the distribution function is known.
"""

# mypy: disallow-untyped-defs=False

from __future__ import annotations

import math

import numpy as np

from zwkprognose.engine.compiled.compiling import called, inlined, part

#: Counts with a larger mean are sought from the middle outwards.
SMALL = 50.0
#: Most steps of the inversion from zero: 16 standard deviations beyond the largest small mean.
STEPS = 164
#: Steps for a whole row together, and numbers that then go on together until the last of them is found.
TOGETHER, BLOCK = 8, np.uintp(16)
#: Probability beyond which single numbers are sought one by one, and persons up to which powers are laid out.
TAIL, TABLE = 1e-3, 255
#: Beyond this probability the terms that follow the last one, for nobody more is there, grow instead of vanishing, and
#: that nobody goes may be too small for a number: such a cell is not counted along with others.
HALF = 0.5
#: Terms of a power series in at most a tenth; the next one is below 10⁻¹³.
TERMS = 9
#: More than any number that streams give, and less than where a sum of probabilities may end by rounding.
NEARLY_ONE = 1.0 - 1e-12


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


@inlined
def stirling(n):
    """What the logarithm of n! has beyond Stirling's formula, to 16 digits from 49 on."""
    r = 1.0 / n
    s = r * r
    return r * (1.0 / 12.0 - s * (1.0 / 360.0 - s * (1.0 / 1260.0 - s * (1.0 / 1680.0))))


@inlined
def at_mean(variance, correction):
    """Probability of a count that is its own mean, by Stirling's formula with a correction of at most 0.01."""
    c = correction
    near = 1.0 + c * (1.0 + c * (0.5 + c * (1.0 / 6.0 + c * (1.0 / 24.0 + c * (1.0 / 120.0 + c * (1.0 / 720.0))))))
    return near * 0.3989422804014327 / math.sqrt(variance)


@inlined
def skewed(d, variance):
    """By how many times its own probability F exceeds one half at a count that is its own mean.

    Laplace's expansion of the incomplete beta function in 1/variance, d = 1 − 2p; for d = 1, the Poisson
    distribution, Ramanujan's 2/3 − 4/(135 λ) + 8/(2835 λ²) + … The next term is below 10⁻¹² here.
    """
    s, r = d * d, 1.0 / variance
    first = -1.0 / 30.0 + s / 270.0
    second = 1.0 / 420.0 + s * (1.0 / 1890.0 - s / 11340.0)
    third = 1.0 / 840.0 + s * (1.0 / 1512.0 + s * (1.0 / 22680.0 - s / 68040.0))
    fourth = (-1.0 / 3696.0 + s * (-23.0 / 51975.0 + s * (1.0 / 138600.0 + s * (-1.0 / 133650.0
              + s * 281.0 / 202078800.0))))  # fmt: skip
    fifth = (-27.0 / 160160.0 + s * (-3061.0 / 7207200.0 + s * (-1.0 / 11440.0 + s * (361.0 / 97297200.0
             + s * (-8963.0 / 5254048800.0 + s * 5221.0 / 15762146400.0)))))  # fmt: skip
    return 0.5 + d * (1.0 / 6.0 + r * (first + r * (second + r * (third + r * (fourth + r * fifth)))))


@called
def from_middle(u, middle, off, p, part_of, variance, correction, top, slope):
    """Quantile of a count near whose mean, at most one half ``off``, the ``middle`` lies.

    ``p`` and ``part_of`` = 1/n are those for which the middle is the mean, both zero for the Poisson distribution. From
    there to the true mean the probability of the middle is a power series with terms that follow from the two before,
    and F loses its integral.
    """
    d, step, square = 1.0 - 2.0 * p, off / variance, off * off / variance
    before, term, total, integral = 0.0, 1.0, 1.0, 1.0
    for k in range(TERMS):  # written so that a term waits for the one before as shortly as can be
        each = 1.0 / (k + 1.0)
        after = step * (p - d * k) * each * term + (k * part_of - 1.0) * square * each * before
        before, term = term, after
        total += term
        integral += term * (1.0 / (k + 2.0))
    pmf = at_mean(variance, correction)
    below = 0.5 + pmf * (skewed(d, variance) - off * integral)
    return walk(u, middle, pmf * total * (1.0 - off * part_of / (1.0 - p)), below, top, slope)


@called
def walk(u, count, pmf, below, top, slope):
    """The smallest count whose distribution function reaches u, from one with F = ``below`` and its probability.

    The next probability is (top − slope·count)/(count + 1) times as large.
    """
    u, k = min(u, NEARLY_ONE), float(count)
    while below < u:
        pmf *= (top - slope * k) / (k + 1.0)
        k += 1.0
        below += pmf
    while k > 0.0 and below - pmf >= u:
        below -= pmf
        pmf *= k / (top - slope * (k - 1.0))
        k -= 1.0
    return int(k)


@called
def binomial(u, n, p):
    """Quantile of the binomial distribution, n persons with probability p."""
    if n <= 0 or p <= 0.0:
        return 0
    if p >= 1.0:
        return n
    if p > 0.5:
        return n - at_most_half(1.0 - u, n, 1.0 - p)
    return at_most_half(u, n, p)


@called
def at_most_half(u, n, p):
    """The same for a probability of at most one half."""
    odds = p / (1.0 - p)
    if n * p < SMALL:
        nobody = none(n, 1.0 - p) if n <= TABLE else math.exp(n * math.log1p(-p))
        return walk(u, 0, nobody, nobody, odds * n, odds)
    middle = int(n * p + 0.5)
    share = middle / n
    variance, correction = middle * (1.0 - share), stirling(n) - stirling(middle) - stirling(n - middle)
    return from_middle(u, middle, n * p - middle, share, 1.0 / n, variance, correction, odds * n, odds)


@called
def poisson(u, mean):
    """Quantile of the Poisson distribution."""
    if mean <= 0.0:
        return 0
    if mean < SMALL:
        nobody = math.exp(-mean)
        return walk(u, 0, nobody, nobody, mean, 0.0)
    middle = int(mean + 0.5)
    return from_middle(u, middle, mean - middle, 0.0, 0.0, float(middle), -stirling(middle), mean, 0.0)


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
        count[i] += (u[i] > c0) + (u[i] > c1) + (u[i] > c2) + (u[i] > c3)
        left += u[i] > cdf[i]
    return left


@called
def poisson_row(u, mean, pmf, cdf, inverse, count):
    """Counts of a row by inversion from zero; ``pmf`` holds exp(−mean) and is used up."""
    n, left = count.shape[0], 0
    for i in range(n):
        p, below, found = pmf[i], pmf[i], 0.0
        for k in range(1, TOGETHER + 1):
            found += 1.0 if u[i] > below else 0.0
            p *= mean[i] * inverse[k]
            below += p
        pmf[i], cdf[i], count[i] = p, below, found
        left += u[i] > below
    if left == 0:
        return
    for i in range(n):
        cdf[i] = 1.0 if mean[i] >= SMALL else cdf[i]
    for first in range(np.uintp(0), np.uintp(n), BLOCK):  # unsigned, or nothing is computed side by side
        k, left, last = TOGETHER + 1, 1, min(first + BLOCK, np.uintp(n))
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
                found += 1.0 if u[i] > below[terms + k] else 0.0
            count[i] += found
        terms += TOGETHER
    for i in range(n):
        if u[i] > total or terms == 0:
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
        count[i] += (u[i] > c0) + (u[i] > c1) + (u[i] > c2) + (u[i] > c3)
        left += (u[i] > cdf[i]) & (count[i] < persons[i])
    return left


@called
def binomial_row(u, persons, chance, odds, pmf, cdf, inverse, count):
    """Counts of a row by inversion from zero; ``pmf`` holds (1 − p)ⁿ and is used up, n are whole floats."""
    n, left = count.shape[0], 0
    for i in range(n):
        p, below, found, ratio = pmf[i], pmf[i], 0.0, odds[i] * (persons[i] + 1.0)
        for k in range(1, TOGETHER + 1):
            found += 1.0 if u[i] > below else 0.0
            p *= ratio * inverse[k] - odds[i]
            below += p
        pmf[i], cdf[i], count[i] = p, below, found
        left += (u[i] > below) | (chance[i] > HALF)
    if left == 0:
        return
    for i in range(n):
        alone = persons[i] * chance[i] >= SMALL or chance[i] > HALF
        cdf[i] = 1.0 if alone else cdf[i]
    for first in range(np.uintp(0), np.uintp(n), BLOCK):  # unsigned, or nothing is computed side by side
        k, left, last = TOGETHER + 1, 1, min(first + BLOCK, np.uintp(n))
        while k < STEPS and left > 0:
            left = binomial_steps(first, last, k, u, persons, odds, pmf, cdf, inverse, count)
            k += 4
    for i in range(n):
        count[i] = min(count[i], persons[i])
        if persons[i] * chance[i] >= SMALL or chance[i] > HALF:
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
