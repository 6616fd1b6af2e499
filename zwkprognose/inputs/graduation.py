"""Grouped counts to single years of age: smooth, never negative, every group sum kept."""

from __future__ import annotations

import numpy as np

from zwkprognose.arithmetic import mean, total
from zwkprognose.national import death_prob


def graduate(counts: np.ndarray, edges: np.ndarray) -> np.ndarray:
    """Split counts of age groups into single years.

    The cumulated counts are interpolated by a monotone cubic (Fritsch and Carlson 1980, as in
    :class:`scipy.interpolate.PchipInterpolator`); its yearly increments are the single years. Monotone means
    never negative. Groups of one year stay as they are.

    Parameters
    ----------
    counts : np.ndarray [..., group], persons
        Counts of the closed groups ``[edges[i], edges[i + 1])``.
    edges : np.ndarray [group + 1], years of age
        Increasing limits of the groups.

    Returns
    -------
    np.ndarray [..., age], persons
        Ages ``edges[0] … edges[-1] - 1``; each group adds up to its count.

    Examples
    --------
    >>> graduate(np.array([[50.0, 100.0]]), np.array([0, 5, 10])).reshape(2, 5).sum(axis=1)
    array([ 50., 100.])
    """
    from scipy.interpolate import PchipInterpolator

    counts = np.asarray(counts, dtype=float)
    if counts.shape[-1] == 1:
        return np.repeat(counts / (edges[1] - edges[0]), edges[1] - edges[0], axis=-1)
    start = np.zeros((*counts.shape[:-1], 1))
    cumulated = np.concatenate([start, counts.cumsum(axis=-1)], axis=-1)
    coefficients = PchipInterpolator(edges, cumulated, axis=-1).c
    groups = [
        _increments(coefficients[:, i], counts[..., i], int(edges[i + 1] - edges[i]))
        for i in range(counts.shape[-1])
    ]
    return np.concatenate(groups, axis=-1)


def _increments(coefficients: np.ndarray, count: np.ndarray, width: int) -> np.ndarray:
    """Yearly increments of one cubic piece, measured from its own left end so that no digits are lost."""
    if width == 1:
        return count[..., np.newaxis]
    t = np.arange(width + 1)
    cubic, square, linear = (c[..., np.newaxis] for c in coefficients[:3])
    years = np.diff(((cubic * t + square) * t + linear) * t, axis=-1)
    whole = total(years, -1, keepdims=True)
    # the piece ends on its count up to rounding; the factor takes the rounding out
    factor = np.divide(count[..., np.newaxis], whole, out=np.ones_like(whole), where=whole > 0)
    return years * factor


def split_open_group(count: np.ndarray, start: int, open_age: int, events: str = "lived") -> np.ndarray:
    """Split an open age group by the national life table.

    Parameters
    ----------
    count : np.ndarray [..., sex], persons
        Persons or events aged ``start`` and over, sexes in the order female, male; a last axis of length one
        means "both together" and takes the mean of the two tables.
    start, open_age : int
        First age of the group as it is, and of the open group wanted (``start <= open_age <= 100``).
    events : {"lived", "deaths"}
        Follow the person-years lived (stocks, moves) or the deaths of the life table.

    Returns
    -------
    np.ndarray [..., sex, age], persons
        Ages ``start … open_age``, the last one open; the life table 2022/24 is taken as a stationary population.
    """
    shares = _stationary_shares(start, open_age, events)
    if count.shape[-1] == 1:
        shares = mean(shares, 0, keepdims=True)
    return count[..., np.newaxis] * shares


def _stationary_shares(start: int, open_age: int, events: str) -> np.ndarray:
    """Shares [sex, age] of the ages ``start … open_age+`` among those aged ``start`` and over."""
    q = death_prob().transpose("sex", "age").to_numpy()
    alive = np.cumprod(np.concatenate([np.ones((2, 1)), 1.0 - q], axis=1), axis=1)
    if events == "deaths":
        years, beyond = alive[:, :-1] * q, alive[:, -1]
    else:
        # above the last age of the table its death probability goes on: T = l·(1/q − ½)
        years, beyond = (alive[:, :-1] + alive[:, 1:]) / 2.0, alive[:, -1] * (1.0 / q[:, -1] - 0.5)
    last = total(years[:, open_age:], 1) + beyond
    split = np.concatenate([years[:, start:open_age], last[:, np.newaxis]], axis=1)
    return split / total(split, 1, keepdims=True)
