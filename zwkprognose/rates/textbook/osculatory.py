"""Five-year groups to single years by fixed multipliers: Sprague, Beers (ordinary, modified), Grabill.

Each single year is a weighted sum of up to five neighbouring groups. Sprague and ordinary Beers keep every group
sum; modified Beers and Grabill smooth the groups as well. All may give negative values where groups differ much:
for stocks of small areas the monotone graduation of :mod:`zwkprognose.inputs` or PCLM is the better choice.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from zwkprognose.errors import RatesError
from zwkprognose.rates.checks import check_choice

Multipliers = Literal["sprague", "beers", "beers_modified", "grabill"]


@dataclass(frozen=True)
class Panels:
    """Multipliers in 1/10,000 [year of age, group] of the first, second and middle groups.

    The last two groups use the first two in reverse.
    """

    first: tuple[tuple[int, ...], ...]
    second: tuple[tuple[int, ...], ...]
    middle: tuple[tuple[int, ...], ...]


#: Shryock and Siegel, The Methods and Materials of Demography, appendix C.
PANELS: dict[str, Panels] = {
    "sprague": Panels(
        first=(
            (3616, -2768, 1488, -336, 0),
            (2640, -960, 400, -80, 0),
            (1840, 400, -320, 80, 0),
            (1200, 1360, -720, 160, 0),
            (704, 1968, -848, 176, 0),
        ),
        second=(
            (336, 2272, -752, 144, 0),
            (80, 2320, -480, 80, 0),
            (-80, 2160, -80, 0, 0),
            (-160, 1840, 400, -80, 0),
            (-176, 1408, 912, -144, 0),
        ),
        middle=(
            (-128, 848, 1504, -240, 16),
            (-16, 144, 2224, -416, 64),
            (64, -336, 2544, -336, 64),
            (64, -416, 2224, 144, -16),
            (16, -240, 1504, 848, -128),
        ),
    ),
    "beers": Panels(
        first=(
            (3333, -1636, -210, 796, -283),
            (2595, -780, 130, 100, -45),
            (1924, 64, 184, -256, 84),
            (1329, 844, 54, -356, 129),
            (819, 1508, -158, -284, 115),
        ),
        second=(
            (404, 2000, -344, -128, 68),
            (93, 2268, -402, 28, 13),
            (-108, 2272, -248, 112, -28),
            (-198, 1992, 172, 72, -38),
            (-191, 1468, 822, -84, -15),
        ),
        middle=(
            (-117, 804, 1570, -284, 27),
            (-20, 160, 2200, -400, 60),
            (50, -280, 2460, -280, 50),
            (60, -400, 2200, 160, -20),
            (27, -284, 1570, 804, -117),
        ),
    ),
    "beers_modified": Panels(
        first=(
            (3332, -1938, 702, -118, 22),
            (2569, -753, 205, -27, 6),
            (1903, 216, -146, 32, -5),
            (1334, 969, -351, 59, -11),
            (862, 1506, -410, 54, -12),
        ),
        second=(
            (486, 1831, -329, 21, -9),
            (203, 1955, -123, -31, -4),
            (8, 1893, 193, -97, 3),
            (-108, 1677, 577, -153, 7),
            (-159, 1354, 972, -170, 3),
        ),
        middle=(
            (-160, 973, 1321, -121, -13),
            (-129, 590, 1564, 18, -43),
            (-85, 260, 1650, 260, -85),
            (-43, 18, 1564, 590, -129),
            (-13, -121, 1321, 973, -160),
        ),
    ),
}
#: Grabill's weights of five groups for the five years of the middle one.
GRABILL = (
    (111, 816, 826, 256, -9),
    (49, 673, 903, 377, -2),
    (15, 519, 932, 519, 15),
    (-2, 377, 903, 673, 49),
    (-9, 256, 826, 816, 111),
)
#: Grabill knows no end panels; over ten years at either end Sprague takes over with this share.
SPRAGUE_AT_ENDS = 1 - np.exp(np.arange(1, 11) - 10.1)


def graduate_by_multipliers(counts: np.ndarray, method: Multipliers = "sprague") -> np.ndarray:
    """Split closed five-year groups into single years.

    Parameters
    ----------
    counts : np.ndarray [..., group], persons
        At least five groups of five years, without the open one.
    method : {"sprague", "beers", "beers_modified", "grabill"}

    Returns
    -------
    np.ndarray [..., age], persons
        Five times as many values; the total is kept.

    Raises
    ------
    RatesError
        If there are fewer than five groups.

    Examples
    --------
    >>> graduate_by_multipliers(np.full(6, 50.0)).round(6).tolist()[:6]
    [10.0, 10.0, 10.0, 10.0, 10.0, 10.0]
    """
    check_choice("method", method, Multipliers)
    groups = counts.shape[-1]
    if groups < 5:
        raise RatesError(
            f"Die Multiplikatoren brauchen mindestens fünf Fünfjahresgruppen, vorhanden sind {groups}.",
            remedy="Die monotone Verteilung oder PCLM verwenden.",
        )
    if method == "grabill":
        return _grabill(counts)
    return np.asarray(counts @ matrix(method, groups).T)


def matrix(method: Literal["sprague", "beers", "beers_modified"], groups: int) -> np.ndarray:
    """Multipliers [age, group] for a number of groups."""
    panels = PANELS[method]
    first, second, middle = (np.array(p) / 10_000 for p in (panels.first, panels.second, panels.middle))
    out = _middle(middle, groups)
    out[:5, :5], out[5:10, :5] = first, second
    out[-5:, -5:], out[-10:-5, -5:] = first[::-1, ::-1], second[::-1, ::-1]
    return out


def _middle(block: np.ndarray, groups: int) -> np.ndarray:
    """The middle block along the diagonal; parts of it that reach beyond the ends are cut off."""
    wide = np.zeros((5 * groups, groups + 4))
    for k in range(groups):
        wide[5 * k : 5 * k + 5, k : k + 5] = block
    return wide[:, 2:-2].copy()


def _grabill(counts: np.ndarray) -> np.ndarray:
    """Grabill inside, Sprague at the ends; what the total lacks is spread over the ages that Grabill governs."""
    groups = counts.shape[-1]
    sprague = counts @ matrix("sprague", groups).T
    grabill = counts @ _middle(np.array(GRABILL) / 10_000, groups).T
    weight = np.ones(5 * groups)
    weight[:10], weight[-10:] = 1 - SPRAGUE_AT_ENDS, (1 - SPRAGUE_AT_ENDS)[::-1]
    blend = weight * grabill + (1 - weight) * sprague
    lacking = sprague.sum(-1, keepdims=True) - blend.sum(-1, keepdims=True)
    share = blend * weight
    return np.asarray(blend + share / share.sum(-1, keepdims=True) * lacking)
