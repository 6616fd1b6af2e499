"""Sums of ages that a table prints beside their parts: which they are, and whether they hold."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.tidy_files import tidy, write

from zwkprognose.tables import check, read_table
from zwkprognose.tables.agesets import sums
from zwkprognose.tables.counts import OPEN


@pytest.mark.parametrize(
    ("spans", "found"),
    [
        # 0–5 beside 0–2 and 3–5
        ({(0, 6), (0, 3), (3, 6), (6, OPEN)}, {(0, 6): ((0, 3), (3, 6))}),
        # the total, and a sum that does not begin at 0
        ({(0, 3), (3, 6), (6, 18), (3, 18), (18, OPEN), (0, OPEN)},
         {(3, 18): ((3, 6), (6, 18)), (0, OPEN): ((0, 3), (3, 6), (6, 18), (18, OPEN))}),
        # parts with a gap, parts that begin later, parts that end earlier: no sums
        ({(0, 6), (0, 2), (3, 6), (6, OPEN)}, {}),
        ({(0, 6), (2, 4), (4, 6), (6, OPEN)}, {}),
        ({(0, 6), (0, 2), (2, 5), (6, OPEN)}, {}),
        # a total whose parts leave ages out is not their sum
        ({(0, 3), (6, OPEN), (0, OPEN)}, {}),
        # single ages that stop at 105 add up to the total all the same
        ({(0, 1), (1, 105), (105, 106), (0, OPEN)}, {(0, OPEN): ((0, 1), (1, 105), (105, 106))}),
    ],
)  # fmt: skip
def test_sums_are_tiled_by_their_parts(spans: set, found: dict) -> None:
    assert dict(sums(frozenset(spans))) == found


@pytest.mark.parametrize(("printed", "wrong"), [(90, False), (95, True)])
def test_a_wrong_sum_of_ages_is_said(tmp_path: Path, printed: int, wrong: bool) -> None:
    """0–2: 40, 3–5: 50, 6 and older: 500; 0–5 must be 90."""
    ages = {"0;5": printed, "0;2": 40, "3;5": 50, "6;": 500}
    rows = [f"2020;0101;Mitte;{sex};D;{age};{n}" for sex in "mw" for age, n in ages.items()]
    found = check(read_table(write(tmp_path, tidy(rows)))).errors.frame
    said = found[found["age"] == "0 bis 5"]
    assert len(said) == (2 if wrong else 0)
    for message in said["message"]:
        assert "95" in message
        assert "90" in message
