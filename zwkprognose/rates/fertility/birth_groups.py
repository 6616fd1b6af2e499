"""To which group a child belongs, given its mother's: what stocks of small children reveal.

A child of a German mother is German. A child of a foreign mother is foreign with probability p, else German by
birth (§ 4 StAG). Groups of another kind than German and foreign hand on the mother's group.
"""

from __future__ import annotations

import numpy as np

from zwkprognose.arithmetic import total
from zwkprognose.rates.shrinkage import ratio


def child_groups(born: np.ndarray, expected: np.ndarray, groups: list[str]) -> tuple[np.ndarray, np.ndarray]:
    """Level of each mother's group and share of children by group, from sums of the city.

    Children by group fix one number besides the level: as long as foreign children are fewer than foreign
    mothers would have at the common level, both groups have that level and p is the quotient; beyond, p = 1
    and each group has the level its own children show.

    Parameters
    ----------
    born : np.ndarray [nationality], persons
        Children by their own group.
    expected : np.ndarray [nationality], persons
        Births by the mother's group under the standard schedule.
    groups : list of str

    Returns
    -------
    np.ndarray [nationality], np.ndarray [mother's nationality, child's nationality]

    Examples
    --------
    >>> level, share = child_groups(np.array([90.0, 10.0]), np.array([80.0, 20.0]), ["german", "foreign"])
    >>> share[1].tolist()
    [0.5, 0.5]
    """
    common = ratio(total(born), total(expected))
    if set(groups) != {"german", "foreign"}:
        return ratio(born, common * expected), np.eye(len(groups))
    foreign = groups.index("foreign")
    if born[foreign] > common * expected[foreign]:
        return ratio(born, common * expected), np.eye(2)
    return np.ones(2), foreign_share(born, common * expected, groups)


def foreign_share(born: np.ndarray, births: np.ndarray, groups: list[str]) -> np.ndarray:
    """Share matrix when births by the mother's group are known: p = foreign children per birth to a foreigner.

    If there are more foreign children than such births (children who moved in were taken for born here), all
    children of foreign mothers are foreign.
    """
    share = np.eye(len(groups))
    if set(groups) == {"german", "foreign"}:
        german, foreign = groups.index("german"), groups.index("foreign")
        kept = ratio(born[foreign], max(births[foreign], born[foreign]))
        share[foreign, [foreign, german]] = kept, 1 - kept
    return share
