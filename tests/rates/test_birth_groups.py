"""Levels of mothers and groups of their children, from sums that can be counted by hand."""

from __future__ import annotations

import numpy as np
import pytest

from zwkprognose.rates.fertility.birth_groups import child_groups, foreign_share

GROUPS = ["german", "foreign"]


def test_fewer_foreign_children_than_foreign_mothers_would_have_fix_the_share() -> None:
    """110 children for 100 expected: 22 of foreign mothers, 11 of them foreign; both groups have the common level."""
    level, share = child_groups(np.array([99.0, 11.0]), np.array([80.0, 20.0]), GROUPS)
    np.testing.assert_allclose(level, 1.0)
    np.testing.assert_allclose(share, [[1.0, 0.0], [0.5, 0.5]])


def test_more_foreign_children_are_all_of_foreign_mothers_who_have_a_level_of_their_own() -> None:
    """110 for 100 expected: 88 and 22 at the common level, but 77 and 33 were born."""
    level, share = child_groups(np.array([77.0, 33.0]), np.array([80.0, 20.0]), GROUPS)
    np.testing.assert_allclose(level, [77 / 88, 33 / 22])
    np.testing.assert_array_equal(share, np.eye(2))


def test_groups_of_another_kind_hand_on_the_group_of_the_mother() -> None:
    level, share = child_groups(np.array([60.0, 30.0, 20.0]), np.array([50.0, 30.0, 20.0]), ["german", "eu", "other"])
    np.testing.assert_allclose(level, [60 / 55, 30 / 33, 20 / 22])
    np.testing.assert_array_equal(share, np.eye(3))


@pytest.mark.parametrize(("born", "kept"), [(5.0, 0.25), (20.0, 1.0), (30.0, 1.0)])
def test_known_births_by_the_mother(born: float, kept: float) -> None:
    """20 births to foreign mothers; where more foreign children are there, all of them are foreign."""
    share = foreign_share(np.array([100.0 - born, born]), np.array([80.0, 20.0]), GROUPS)
    np.testing.assert_allclose(share, [[1.0, 0.0], [1.0 - kept, kept]])
