"""Groups of any width to single years by a monotone cubic spline through the cumulated counts.

The spline of Forsythe, Malcolm and Moler (its ends follow the cubic through the last four points) with Hyman's
filter, which bounds the slopes where the cubic would fall. Group sums are kept and nothing is negative.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.interpolate import CubicHermiteSpline


def graduate_monotone(counts: np.ndarray, edges: Sequence[int]) -> np.ndarray:
    """Split groups into single years by a monotone spline.

    Parameters
    ----------
    counts : np.ndarray [..., group], persons
    edges : sequence of int
        Limits of at least three groups, one more than groups.

    Returns
    -------
    np.ndarray [..., age], persons

    Notes
    -----
    Source: Hyman (1983), SIAM Journal on Scientific and Statistical Computing 4.

    Examples
    --------
    >>> graduate_monotone(np.array([50.0, 50.0, 50.0]), (0, 5, 10, 15)).round(6)[:3]
    array([10., 10., 10.])
    """
    x = np.asarray(edges, dtype=float)
    start = np.zeros((*counts.shape[:-1], 1))
    y = np.concatenate([start, np.cumsum(counts, axis=-1)], axis=-1)
    slopes = _filtered(_slopes(x, y), counts / np.diff(x))
    spline = CubicHermiteSpline(x, y, slopes, axis=-1)
    return np.asarray(np.diff(spline(np.arange(edges[0], edges[-1] + 1)), axis=-1))


def _slopes(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Slopes [..., knot] of the interpolating cubic spline whose ends match the cubic of the four end points."""
    h, d = np.diff(x), np.diff(y, axis=-1) / np.diff(x)
    n = len(x)
    left, right = np.zeros((n, n)), np.zeros(y.shape)
    for i in range(1, n - 1):
        left[i, i - 1 : i + 2] = h[i - 1], 2 * (h[i - 1] + h[i]), h[i]
    right[..., 1:-1] = np.diff(d, axis=-1)
    left[0, :2], left[-1, -2:] = (-h[0], h[0]), (h[-1], -h[-1])
    right[..., 0] = h[0] ** 2 * _third(x[:4], d[..., :3])
    right[..., -1] = -(h[-1] ** 2) * _third(x[-4:], d[..., -3:])
    s = np.linalg.solve(left, right[..., None])[..., 0]
    inside = d - h * (s[..., 1:] + 2 * s[..., :-1])
    last = d[..., -1:] + h[-1] * (s[..., -2:-1] + 2 * s[..., -1:])
    return np.concatenate([inside, last], axis=-1)


def _third(x: np.ndarray, d: np.ndarray) -> np.ndarray:
    """Third divided difference from three first ones."""
    second = np.diff(d, axis=-1) / (x[2:] - x[:-2])
    return np.asarray((second[..., 1] - second[..., 0]) / (x[3] - x[0]))


def _filtered(slopes: np.ndarray, steepness: np.ndarray) -> np.ndarray:
    """Keep slopes between 0 and three times the smaller of the neighbouring mean slopes."""
    before = np.concatenate([steepness[..., :1], steepness], axis=-1)
    after = np.concatenate([steepness, steepness[..., -1:]], axis=-1)
    return np.minimum(np.maximum(slopes, 0.0), 3 * np.minimum(before, after))
