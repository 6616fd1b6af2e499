"""Whole numbers that add up."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from zwkprognose.output.rounding import round_half_up, round_table, round_to_total

persons = st.floats(0, 1e5, allow_nan=False).map(lambda x: round(x, 3))


@given(hnp.arrays(float, hnp.array_shapes(min_dims=1, max_dims=3, max_side=7), elements=persons))
def test_largest_remainder_keeps_the_total_and_moves_no_cell_by_a_person(values: np.ndarray) -> None:
    rounded = round_to_total(values)
    assert (rounded.sum(axis=-1) == round_half_up(values.sum(axis=-1))).all()
    assert (np.abs(rounded - values) < 1).all()
    assert (rounded == np.floor(rounded)).all()


@given(hnp.arrays(float, st.tuples(st.integers(1, 8), st.integers(1, 8)), elements=persons))
def test_controlled_rounding_keeps_both_margins(values: np.ndarray) -> None:
    total = round_half_up(values.sum())
    rows, columns = round_to_total(values.sum(axis=1), total), round_to_total(values.sum(axis=0), total)
    rounded = round_table(values, rows, columns)
    assert (rounded.sum(axis=1) == rows).all()
    assert (rounded.sum(axis=0) == columns).all()
    assert (np.abs(rounded - values) < 1).all()


def test_largest_remainder_by_hand() -> None:
    # 2.5 + 2.3 + 5.2 = 10: floors give 9, the one left goes to the largest remainder
    assert round_to_total(np.array([2.5, 2.3, 5.2])).tolist() == [3, 2, 5]


def test_margins_out_of_reach_are_refused() -> None:
    with pytest.raises(ValueError, match=r"margins|totals"):
        round_table(np.array([[0.0, 2.0], [2.0, 0.0]]), np.array([2.0, 2.0]), np.array([3.0, 1.0]))


def test_whole_numbers_stay() -> None:
    counts = np.array([[3.0, 0.0], [7.0, 11.0]])
    assert (round_table(counts, counts.sum(axis=1), counts.sum(axis=0)) == counts).all()
