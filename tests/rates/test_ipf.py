"""IPF against four programs; zeros, odds ratios and impossible margins."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from zwkprognose.errors import RatesError
from zwkprognose.rates import ipf


def matrix(path: Path, value: str, index: str = "i", columns: str = "j") -> np.ndarray:
    return pd.read_csv(path).pivot(index=index, columns=columns, values=value).to_numpy(dtype=float)


@pytest.mark.shared
def test_two_dimensions(shared: Path) -> None:
    folder = shared / "oracles/ipf"
    margins = pd.read_csv(folder / "in_2d_margins.csv")
    rows, columns = (margins.query("dim == @d")["total"].to_numpy(dtype=float) for d in ("row", "col"))
    ours = ipf(matrix(folder / "in_2d_seed.csv", "seed"), [((0,), rows), ((1,), columns)])
    for file in ("out_2d_migest_ipf2.csv", "out_2d_mipfp_Ipfp.csv"):
        np.testing.assert_allclose(ours, matrix(folder / file, "fit"), rtol=1e-10)


@pytest.mark.shared
def test_three_dimensions(shared: Path) -> None:
    folder = shared / "oracles/ipf"
    cells = pd.read_csv(folder / "in_3d_seed.csv")
    seed = np.zeros(cells[["i", "j", "k"]].max())
    seed[cells["i"] - 1, cells["j"] - 1, cells["k"] - 1] = cells["seed"]
    ij = matrix(folder / "in_3d_target_ij.csv", "target")
    jk = matrix(folder / "in_3d_target_jk.csv", "target", "j", "k")
    ours = ipf(seed, [((0, 1), ij), ((1, 2), jk)])
    theirs = pd.read_csv(folder / "out_3d_mipfp_Ipfp.csv")
    np.testing.assert_allclose(ours[theirs["i"] - 1, theirs["j"] - 1, theirs["k"] - 1], theirs["fit"], rtol=1e-10)


@pytest.mark.shared
def test_raking_a_survey(shared: Path) -> None:
    sample = pd.read_csv(shared / "oracles/ipf/in_out_survey_rake_apistrat.csv")
    cells = sample.pivot_table(index="stype", columns="sch_wide", values="w0", aggfunc="sum")
    types, wide = np.array([4421.0, 755.0, 1018.0]), np.array([1072.0, 5122.0])
    factor = ipf(cells.to_numpy(), [((0,), types), ((1,), wide)]) / cells.to_numpy()
    row, column = cells.index.get_indexer(sample["stype"]), cells.columns.get_indexer(sample["sch_wide"])
    np.testing.assert_allclose(sample["w0"] * factor[row, column], sample["w_raked"], rtol=1e-10)


@pytest.mark.shared
def test_origin_destination_flows(shared: Path) -> None:
    folder = shared / "oracles/migration_flows"
    margins = [((0,), np.array([250.0, 120, 100, 80])), ((1,), np.array([140.0, 170, 120, 120]))]
    ours = ipf(matrix(folder / "in_cm2_seed.csv", "m"), margins)
    np.testing.assert_allclose(ours, matrix(folder / "out_migest_cm2.csv", "n"), rtol=1e-6)


positive = arrays(float, (4, 4), elements=st.floats(0.1, 50))


@given(positive, positive)
def test_margins_are_met_and_odds_ratios_kept(seed: np.ndarray, target: np.ndarray) -> None:
    table = ipf(seed, [((0,), target.sum(1)), ((1,), target.sum(0))])
    np.testing.assert_allclose(table.sum(1), target.sum(1), rtol=1e-9)
    np.testing.assert_allclose(table.sum(0), target.sum(0), rtol=1e-9)
    odds = [t[0, 0] * t[1, 1] / (t[0, 1] * t[1, 0]) for t in (seed, table)]
    assert odds[0] == pytest.approx(odds[1], rel=1e-9)


def test_zeros_stay_zero() -> None:
    seed = np.ones((3, 3)) - np.eye(3)
    table = ipf(seed, [((0,), np.array([30.0, 20, 10])), ((1,), np.array([20.0, 20, 20]))])
    np.testing.assert_array_equal(np.diag(table), 0)


def test_margins_that_contradict_are_refused() -> None:
    with pytest.raises(RatesError, match="widersprechen"):
        ipf(np.ones((2, 2)), [((0,), np.array([30.0, 20])), ((1,), np.array([30.0, 30]))])


def test_a_margin_that_zeros_exclude_is_named_with_the_amount() -> None:
    seed = np.array([[1.0, 1.0], [0.0, 0.0]])
    with pytest.raises(RatesError, match="nicht an die Randsummen") as error:
        ipf(seed, [((0,), np.array([10.0, 5.0])), ((1,), np.array([8.0, 7.0]))], rounds=50)
    assert any(abs(cell["fehlt"]) == pytest.approx(5.0) for cell in error.value.cells)
