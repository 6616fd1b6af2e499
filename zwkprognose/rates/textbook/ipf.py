"""Iterative proportional fitting: a table with given margins and the odds ratios (and zeros) of a seed."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from zwkprognose.errors import RatesError
from zwkprognose.rates.shrinkage import ratio


def ipf(
    seed: np.ndarray,
    margins: Sequence[tuple[tuple[int, ...], np.ndarray]],
    *,
    tolerance: float = 1e-12,
    rounds: int = 10_000,
) -> np.ndarray:
    """Fit a table of any number of dimensions to margins.

    Parameters
    ----------
    seed : np.ndarray
        Non-negative table; its zeros and odds ratios are kept.
    margins : sequence of (axes, totals)
        ``totals`` are the sums that the result shall have over all axes *not* named in ``axes``.
    tolerance : float
        Largest relative deviation of any margin that counts as met. It is checked on every margin after
        each round, not on the change of the table.
    rounds : int

    Returns
    -------
    np.ndarray
        Same shape as the seed.

    Raises
    ------
    RatesError
        If margins contradict each other or the zeros of the seed, or are not met after all rounds; the
        message names the margin and the amount.

    Examples
    --------
    >>> ipf(np.ones((2, 2)), [((0,), np.array([30.0, 10.0])), ((1,), np.array([20.0, 20.0]))])
    array([[15., 15.],
           [ 5.,  5.]])
    """
    _check_totals(margins)
    table = np.array(seed, dtype=float)
    for _ in range(rounds):
        for axes, totals in margins:
            table = table * _spread(ratio(totals, _sums(table, axes)), axes, table.ndim)
        if _deviation(table, margins) <= tolerance:
            return table
    raise _not_met(table, margins)


def _sums(table: np.ndarray, axes: tuple[int, ...]) -> np.ndarray:
    others = tuple(axis for axis in range(table.ndim) if axis not in axes)
    return np.asarray(table.sum(axis=others))


def _spread(factor: np.ndarray, axes: tuple[int, ...], ndim: int) -> np.ndarray:
    """A factor by margin, shaped so that it multiplies the whole table."""
    return np.expand_dims(factor, tuple(axis for axis in range(ndim) if axis not in axes))


def _deviation(table: np.ndarray, margins: Sequence[tuple[tuple[int, ...], np.ndarray]]) -> float:
    return max(
        float(np.max(np.abs(_sums(table, axes) - totals)) / max(totals.max(), 1e-300)) for axes, totals in margins
    )


def _check_totals(margins: Sequence[tuple[tuple[int, ...], np.ndarray]]) -> None:
    sums = [float(totals.sum()) for _, totals in margins]
    negative = any((totals < 0).any() for _, totals in margins)
    if negative or max(sums) - min(sums) > 1e-9 * max(max(sums), 1e-300):
        raise RatesError(
            "Die Randsummen widersprechen sich.",
            cells=[{"Rand": str(axes), "Summe": total} for (axes, _), total in zip(margins, sums, strict=True)],
            remedy="Alle Ränder müssen nicht negativ sein und dieselbe Gesamtsumme haben.",
        )


def _not_met(table: np.ndarray, margins: Sequence[tuple[tuple[int, ...], np.ndarray]]) -> RatesError:
    cells = []
    for axes, totals in margins:
        gap = _sums(table, axes) - totals
        worst = np.unravel_index(int(np.abs(gap).argmax()), gap.shape)
        where = tuple(int(i) + 1 for i in worst)
        cells.append({"Rand": str(axes), "Zeile": where, "verlangt": float(totals[worst]), "fehlt": float(-gap[worst])})
    return RatesError(
        "Die Tabelle lässt sich nicht an die Randsummen anpassen.",
        cells=cells,
        remedy="Nullen in der Ausgangstabelle schließen Wege aus: kleine Werte einsetzen oder Ränder prüfen.",
    )
