"""Raking to official margins, against hand calculation and an independent implementation."""

from __future__ import annotations

from pathlib import Path

import humanleague
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.tidy_files import tidy, total, write

from zwkprognose.errors import TableError
from zwkprognose.tables import Source, Table, rake, read_table
from zwkprognose.tables.frame import cells_frame

AREAS = ("a", "b", "c")
AGES = ((0, 18), (18, 65), (65, None))


def _stock(counts: np.ndarray) -> Table:
    """A table of area × sex × age."""
    areas, sexes, ages = np.indices(counts.shape)
    starts = np.array([age[0] for age in AGES], dtype=float)
    ends = np.array([np.nan if age[1] is None else age[1] for age in AGES], dtype=float)
    columns = {
        "area": np.array(AREAS, dtype=object)[areas.ravel()],
        "sex": np.array(["female", "male"], dtype=object)[sexes.ravel()],
        "age_from": starts[ages.ravel()],
        "age_to": ends[ages.ravel()],
        "year": 2020,
        "variable": "population",
        "value": counts.ravel().astype(float),
        "status": "number",
    }
    return Table(cells_frame(columns), Source("teile.csv", "tidy"))


def _by_area(totals: np.ndarray) -> Table:
    columns = {
        "area": list(AREAS),
        "year": 2020,
        "variable": "population",
        "value": totals.astype(float),
        "status": "number",
    }
    return Table(cells_frame(columns), Source("gebiete.csv", "tidy"))


def _by_area_and_age(totals: np.ndarray) -> Table:
    table = _stock(np.repeat(totals[:, None, :], 1, axis=1).repeat(2, axis=1))
    cells = table.cells[table.cells["sex"] == "female"].assign(sex="total")
    return Table(cells.reset_index(drop=True), Source("alter.csv", "tidy"))


positive = st.lists(st.integers(1, 500), min_size=18, max_size=18).map(lambda v: np.array(v).reshape(3, 2, 3))


@settings(max_examples=20)
@given(positive, positive)
def test_one_margin_scales_in_proportion(seed: np.ndarray, target: np.ndarray) -> None:
    result = rake(_stock(seed), _by_area_and_age(target.sum(axis=1)))
    after = result.table.cells["value"].to_numpy().reshape(3, 2, 3)
    assert np.allclose(after.sum(axis=1), target.sum(axis=1))
    assert np.allclose(after, seed * (target.sum(axis=1) / seed.sum(axis=1))[:, None, :])
    odds = (after[:, 0] / after[:, 1]) / (seed[:, 0] / seed[:, 1])
    assert np.allclose(odds, 1)
    assert np.allclose(result.changes["change"], (after - seed).ravel())


@settings(max_examples=20)
@given(positive, positive)
def test_two_crossing_margins_agree_with_an_independent_fit(seed: np.ndarray, target: np.ndarray) -> None:
    sexes = _stock(np.repeat(target.sum(axis=2)[:, :, None], 3, axis=2)).cells
    sexes = sexes[sexes["age_from"] == 0].assign(age_to=np.nan).astype({"age_to": "Int64"}).reset_index(drop=True)
    by_sex = Table(sexes, Source("geschlecht.csv", "tidy"))
    result = rake(_stock(seed), [_by_area_and_age(target.sum(axis=1)), by_sex])
    after = result.table.cells["value"].to_numpy().reshape(3, 2, 3)
    assert np.allclose(after.sum(axis=1), target.sum(axis=1), rtol=1e-8)
    assert np.allclose(after.sum(axis=2), target.sum(axis=2), rtol=1e-8)
    oracle, _ = humanleague.ipf(
        seed.astype(float),
        [np.array([0, 2]), np.array([0, 1])],
        [target.sum(axis=1).astype(float), target.sum(axis=2).astype(float)],
    )
    assert np.allclose(after, oracle, rtol=1e-5)


def test_zeros_stay_zero() -> None:
    seed = np.full((3, 2, 3), 10)
    seed[0, 0, 0] = 0
    after = rake(_stock(seed), _by_area(np.array([100, 60, 60]))).table.cells["value"].to_numpy()
    assert after[0] == 0
    assert after[1:6].tolist() == [20] * 5


def test_infeasible_margins_name_the_amount() -> None:
    seed = np.full((3, 2, 3), 10)
    seed[1] = 0
    with pytest.raises(TableError, match="60 Personen, aber alle Zellen sind null"):
        rake(_stock(seed), _by_area(np.array([60, 60, 60])))


def test_contradicting_margins_are_not_called_converged() -> None:
    seed = np.full((3, 2, 3), 10)
    by_age = _by_area_and_age(np.full((3, 3), 20))
    with pytest.raises(TableError, match="widersprechen einander") as caught:
        rake(_stock(seed), [by_age, _by_area(np.array([60, 60, 81]))])
    assert abs(sum(cell["value"] for cell in caught.value.cells)) == pytest.approx(21)


def test_signs_totals_and_foreign_areas_are_refused(tmp_path: Path) -> None:
    level = _by_area(np.array([1, 2, 3]))
    header = "jahr;gebiet;geschlecht;anzahl"
    signs = read_table(write(tmp_path, tidy(["2020;a;m;.", "2020;a;w;5"], header)))
    with pytest.raises(TableError, match="ohne Zahl"):
        rake(signs, level)
    totals = read_table(write(tmp_path, tidy(["2020;a;m;1", "2020;a;w;5", "2020;a;insgesamt;6"], header)))
    with pytest.raises(TableError, match="doppelt gezählt"):
        rake(totals, level)
    with pytest.raises(TableError, match="keine Zellen"):
        rake(read_table(write(tmp_path, tidy(["2020;a;m;1", "2020;a;w;5"], header))), level)


def test_cells_outside_the_margin_keep_their_value() -> None:
    seed = np.full((3, 2, 3), 10)
    one = _by_area(np.array([120, 60, 60]))
    only_a = Table(one.cells[one.cells["area"] == "a"], one.source)
    result = rake(_stock(seed), only_a)
    assert total(result.table, area="a") == 120
    assert total(result.table, area="b") == 60
    assert "größte Änderung" in result.table.source.notes[-1]
