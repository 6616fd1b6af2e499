"""Whole numbers that add up."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from zwkprognose.output.publication.rounding import round_balance, round_half_up, round_table, round_to_total

persons = st.floats(0, 1e5, allow_nan=False).map(lambda x: round(x, 3))


@given(hnp.arrays(float, hnp.array_shapes(min_dims=1, max_dims=3, max_side=7), elements=persons))
def test_largest_remainder_keeps_the_total_and_moves_no_cell_by_a_person(values: np.ndarray) -> None:
    rounded = round_to_total(values)
    assert (rounded.sum(axis=-1) == round_half_up(values.sum(axis=-1))).all()
    assert (np.abs(rounded - values) < 1).all()
    assert (rounded == np.floor(rounded)).all()


tables = hnp.arrays(float, st.tuples(st.integers(1, 8), st.integers(1, 8)), elements=persons)


@given(tables)
def test_controlled_rounding_moves_no_sum_by_a_person(values: np.ndarray) -> None:
    rounded = round_table(values)
    assert (rounded == np.floor(rounded)).all()
    assert abs(rounded.sum() - values.sum()) <= 0.5 + 1e-6
    for axis in ((), 0, 1):
        assert (np.abs(rounded.sum(axis=axis) - values.sum(axis=axis)) < 1).all()


@given(tables, st.integers(0, 1))
def test_whole_margins_stay(values: np.ndarray, axis: int) -> None:
    whole = round_half_up(values.sum(axis=axis))
    scale = np.divide(whole, values.sum(axis=axis), out=np.zeros_like(whole), where=values.sum(axis=axis) > 0)
    table = values * (scale if axis == 0 else scale[:, None])
    np.testing.assert_array_equal(round_table(table).sum(axis=axis), round_half_up(table.sum(axis=axis)))


def test_largest_remainder_by_hand() -> None:
    # 2.5 + 2.3 + 5.2 = 10: floors give 9, the one left goes to the largest remainder
    assert round_to_total(np.array([2.5, 2.3, 5.2])).tolist() == [3, 2, 5]


def test_whole_numbers_stay() -> None:
    counts = np.array([[3.0, 0.0], [7.0, 11.0]])
    assert (round_table(counts) == counts).all()


@given(tables.flatmap(lambda v: hnp.arrays(bool, v.shape).map(lambda whole: np.where(whole, np.floor(v), v))))
@example(np.array([[1.4, 1.0, 1.0], [1.8, 1.3, 1.0]]))
def test_whole_cells_among_others_stay(table: np.ndarray) -> None:
    stay = table == np.floor(table)
    np.testing.assert_array_equal(round_table(table)[stay], table[stay])


def test_totals_out_of_reach_are_refused() -> None:
    with pytest.raises(ValueError, match="not reachable"):
        round_to_total(np.array([1.0, 2.0]), np.array(9.0))


@given(hnp.arrays(float, st.tuples(st.integers(2, 6), st.integers(1, 4)), elements=persons), st.data())
def test_a_rounded_balance_adds_up_and_keeps_its_signs(values: np.ndarray, data: st.DataObject) -> None:
    signs = data.draw(hnp.arrays(float, values.shape[0], elements=st.sampled_from([-1.0, 1.0])))
    parts = values * signs[:, None]
    exact = parts.sum(axis=0)
    totals = np.rint(exact)
    rounded = round_balance(parts, totals)
    assert (rounded.sum(axis=0) == totals).all()
    assert (rounded * signs[:, None] >= 0).all()
    assert (np.abs(rounded - parts) < 1.5).all()
