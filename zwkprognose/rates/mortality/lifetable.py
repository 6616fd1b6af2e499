"""Life tables: any two of m, q, a become the whole table.

Notation as in demography: ``mx`` death rate, ``qx`` death probability, ``ax`` years lived in the interval by
those who die in it, ``lx`` survivors (radix 1), ``dx`` deaths, ``Lx`` person-years, ``Tx`` person-years still
to come, ``ex`` life expectancy. The three first are tied by q = n·m/(1 + (n − a)·m).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from zwkprognose.errors import RatesError


@dataclass(frozen=True)
class LifeTable:
    """A complete life table; all arrays end with the age axis, the last age is open.

    Attributes
    ----------
    age : np.ndarray [age]
        First age of each interval.
    mx, qx, ax, lx, dx, Lx, Tx, ex : np.ndarray [..., age]
        Columns of the table with radix 1.
    """

    age: np.ndarray
    mx: np.ndarray
    qx: np.ndarray
    ax: np.ndarray
    lx: np.ndarray
    dx: np.ndarray
    Lx: np.ndarray
    Tx: np.ndarray
    ex: np.ndarray

    @property
    def survival_ratio(self) -> np.ndarray:
        """S: L0/l0, L(x)/L(x−n), and T(A)/T(A−n) for the open group; only for intervals of equal width."""
        ratios = self.Lx.copy()
        ratios[..., 1:] = self.Lx[..., 1:] / self.Lx[..., :-1]
        ratios[..., -1] = self.Tx[..., -1] / self.Tx[..., -2]
        return ratios


def life_table(
    age: np.ndarray,
    *,
    mx: np.ndarray | None = None,
    qx: np.ndarray | None = None,
    ax: np.ndarray | None = None,
) -> LifeTable:
    """Complete a life table from two of death rate, death probability and mean time lived.

    Parameters
    ----------
    age : np.ndarray [age]
        First ages 0, 1, 2, … or 0, 1, 5, 10, …; the last interval is open.
    mx, qx, ax : np.ndarray [..., age]
        Exactly two of them. In the open interval the probability is 1 and a = 1/m.

    Raises
    ------
    RatesError
        If not exactly two are given, the ages do not ascend, or a value is impossible.

    Examples
    --------
    >>> table = life_table(np.arange(3), mx=np.array([0.1, 0.2, 0.5]), ax=np.array([0.5, 0.5, 2.0]))
    >>> table.ex.round(3)
    array([3.255, 2.545, 2.   ])
    """
    width = _widths(age)
    mx, qx, ax = _three_of_two(width, mx, qx, ax)
    _check_probabilities(age, qx)
    return _columns(age, width, mx, qx, ax)


def _columns(age: np.ndarray, width: np.ndarray, mx: np.ndarray, qx: np.ndarray, ax: np.ndarray) -> LifeTable:
    start = np.ones((*qx.shape[:-1], 1))
    lx = np.concatenate([start, np.cumprod(1 - qx[..., :-1], axis=-1)], axis=-1)
    dx = lx * qx
    lived = (lx - dx) * width + dx * ax
    lived[..., -1] = lx[..., -1] * ax[..., -1]
    remaining = np.cumsum(lived[..., ::-1], axis=-1)[..., ::-1]
    return LifeTable(age, mx, qx, ax, lx, dx, lived, remaining, remaining / lx)


def _widths(age: np.ndarray) -> np.ndarray:
    """Interval widths with 0 for the open one (nobody survives it)."""
    steps = np.diff(age)
    if len(age) < 2 or (steps <= 0).any():
        raise RatesError("Die Altersstufen der Sterbetafel steigen nicht an.", remedy="Alter aufsteigend angeben.")
    return np.append(steps, 0)


def _three_of_two(
    width: np.ndarray, mx: np.ndarray | None, qx: np.ndarray | None, ax: np.ndarray | None
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    if mx is not None and ax is not None and qx is None:
        return mx, probability(mx, ax, width), _with_open(ax, mx)
    if qx is not None and ax is not None and mx is None:
        return rate(qx, ax, width), qx, ax
    if mx is not None and qx is not None and ax is None:
        with_survivors = np.where(width > 0, width - width / qx + 1 / mx, 0.0)
        return mx, qx, _with_open(with_survivors, mx)
    raise RatesError("Eine Sterbetafel braucht genau zwei von m(x), q(x) und a(x).", remedy="Zwei der drei angeben.")


def probability(mx: np.ndarray, ax: np.ndarray, width: np.ndarray) -> np.ndarray:
    """q = n·m/(1 + (n − a)·m), and 1 in the open interval."""
    closed = (..., slice(None, -1))
    inside = width[:-1] * mx[closed] / (1 + (width[:-1] - ax[closed]) * mx[closed])
    return np.concatenate([inside, np.ones((*inside.shape[:-1], 1))], axis=-1)


def rate(qx: np.ndarray, ax: np.ndarray, width: np.ndarray) -> np.ndarray:
    """m = q/(n − (n − a)·q), and 1/a in the open interval."""
    return np.asarray(qx / (width - (width - ax) * qx))


def _with_open(ax: np.ndarray, mx: np.ndarray) -> np.ndarray:
    return np.concatenate([ax[..., :-1], 1 / mx[..., -1:]], axis=-1)


def _check_probabilities(age: np.ndarray, qx: np.ndarray) -> None:
    bad = np.argwhere(~((qx >= 0) & (qx <= 1)))
    if len(bad):
        raise RatesError(
            "Die Sterbetafel enthält Sterbewahrscheinlichkeiten außerhalb von 0 bis 1.",
            cells=[{"age": int(age[cell[-1]]), "q(x)": float(qx[tuple(cell)])} for cell in bad],
            remedy="Sterbeziffern dieser Alter prüfen (Sterbefälle oder Bestand vertauscht?).",
        )
