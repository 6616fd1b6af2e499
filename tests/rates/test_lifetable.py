"""Life tables against four other programs and two published tables; conventions are mapped one by one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from zwkprognose.errors import RatesError
from zwkprognose.rates import life_table, separation
from zwkprognose.rates.mortality.infant import a_single

pytestmark = pytest.mark.shared
SEXES = ["female", "male"]


@pytest.fixture
def oracle(shared: Path) -> Path:
    return shared / "oracles/lifetable"


def assert_columns(table: object, expected: pd.DataFrame, names: dict[str, str], radix: float) -> None:
    """Compare columns of a table (our name → theirs); person counts carry the radix."""
    for ours, theirs in names.items():
        scale = radix if ours in {"lx", "dx", "Lx", "Tx"} else 1.0
        np.testing.assert_allclose(getattr(table, ours) * scale, expected[theirs], rtol=1e-9, err_msg=ours)


@pytest.mark.parametrize("sex", SEXES)
def test_andreev_kingkade_and_one_over_m(oracle: Path, sex: Any) -> None:
    theirs = pd.read_csv(oracle / f"out_MortCast_life.table_{sex}.csv")
    mx = theirs["mx"].to_numpy()
    table = life_table(np.arange(101), mx=mx, ax=separation(np.arange(101), mx, rule="andreev_kingkade", sex=sex))
    names = {name: name for name in ("qx", "ax", "lx", "dx", "Lx", "Tx", "ex")} | {"survival_ratio": "sx"}
    assert_columns(table, theirs, names, 1e5)


@pytest.mark.parametrize("sex", SEXES)
@pytest.mark.parametrize(("short", "rule"), [("ak", "andreev_kingkade"), ("cd", "coale_demeny")])
def test_two_infant_rules_with_a_given_open_age(oracle: Path, sex: Any, short: str, rule: Any) -> None:
    # the other program lets a(100) follow an extrapolated table, so it is taken from there
    theirs = pd.read_csv(oracle / f"out_DemoTools_lt_single_mx_{sex[0]}_a0_{short}.csv")
    mx = theirs["nMx"].to_numpy()
    ax = separation(np.arange(101), mx, rule=rule, sex=sex)
    ax[-1] = theirs["nAx"].iloc[-1]
    qx = life_table(np.arange(101), mx=mx, ax=ax).qx
    table = life_table(np.arange(101), qx=qx, ax=ax)
    names = {"qx": "nqx", "ax": "nAx", "lx": "lx", "dx": "ndx", "Lx": "nLx", "Tx": "Tx", "ex": "ex"}
    assert_columns(table, theirs, names | {"survival_ratio": "Sx"}, 1e5)


@pytest.mark.parametrize("sex", SEXES)
def test_prestons_infant_rule(oracle: Path, sex: Any) -> None:
    theirs = pd.read_csv(oracle / f"out_demography_lifetable_france_{sex}_max100.csv")
    mx = theirs["mx"].to_numpy()
    table = life_table(np.arange(101), mx=mx, ax=separation(np.arange(101), mx, rule="preston", sex=sex))
    assert_columns(table, theirs, {name: name for name in ("qx", "lx", "dx", "Lx", "Tx", "ex")}, 1.0)


def test_constant_force_within_the_year(oracle: Path) -> None:
    theirs = pd.read_csv(oracle / "out_MortalityLaws_LifeTable_female.csv")
    mx = theirs["mx"].to_numpy()
    ax = separation(np.arange(101), mx, rule="constant_force")
    np.testing.assert_allclose(ax[2:-1], theirs["ax"][2:-1], atol=2e-8)  # 1/m − 1/q loses eight digits
    qx = life_table(np.arange(101), mx=mx, ax=ax).qx
    np.testing.assert_allclose(qx[:-1], theirs["qx"][:-1], rtol=1e-9)


def test_abridged_table_with_the_united_nations_rule(oracle: Path) -> None:
    theirs = pd.read_csv(oracle / "out_MortCast_life.table_Female_abridged.csv")
    age, mx = theirs["age"].to_numpy(), theirs["mx"].to_numpy()
    ax = separation(age, mx, rule="greville")
    np.testing.assert_allclose(ax[2:-2], theirs["ax"][2:-2], rtol=1e-9)
    table = life_table(age, mx=mx, ax=theirs["ax"].to_numpy())  # ages 0, 1 and 95 have rules of their own there
    assert_columns(table, theirs, {name: name for name in ("qx", "lx", "dx", "Lx", "Tx", "ex")}, 1e5)


@pytest.mark.parametrize("rule", ["pas", "un"])
def test_abridged_tables_from_rates_and_a(oracle: Path, rule: str) -> None:
    theirs = pd.read_csv(oracle / f"out_DemoTools_lt_abridged_{rule}.csv")
    mx, ax = theirs["nMx"].to_numpy(), theirs["nAx"].to_numpy()
    qx = life_table(theirs["Age"].to_numpy(), mx=mx, ax=ax).qx
    table = life_table(theirs["Age"].to_numpy(), qx=qx, ax=ax)
    names = {"qx": "nqx", "lx": "lx", "dx": "ndx", "Lx": "nLx", "Tx": "Tx", "ex": "ex"}
    assert_columns(table, theirs, names, 1e5)


@pytest.mark.parametrize(("sex", "a0", "e0"), [("m", 0.1216, 78.47), ("f", 0.1348, 83.19)])
def test_the_published_german_table(oracle: Path, sex: str, a0: float, e0: float) -> None:
    published = pd.read_csv(oracle / "destatis_germany_2022_24_published.csv").query("sex == @sex")
    qx = published["q"].to_numpy()
    qx = np.append(qx[:100], 1.0)
    ax = np.full(101, 0.5)
    ax[0], ax[100] = a0, published["e"].iloc[100]
    table = life_table(np.arange(101), qx=qx, ax=ax)
    np.testing.assert_allclose(table.lx * 1e5, published["l"], atol=0.5)
    np.testing.assert_allclose(table.Lx[:99] * 1e5, published["L"][:99], atol=0.501)
    np.testing.assert_allclose(table.ex, published["e"], atol=0.0075)
    assert round(float(table.ex[0]), 2) == e0


def test_the_published_table_of_the_united_states(oracle: Path) -> None:
    published = pd.read_csv(oracle / "hmd_usa_female_2022_published.csv")
    mx = published["mx"].to_numpy()
    table = life_table(np.arange(111), mx=mx, ax=separation(np.arange(111), mx, rule="andreev_kingkade"))
    np.testing.assert_allclose(table.ex, published["ex"], atol=0.011)
    np.testing.assert_allclose(table.lx * 1e5, published["lx"], atol=9)  # m is printed with five decimals


rates = arrays(float, 12, elements=st.floats(1e-4, 0.8))


@given(rates)
def test_the_way_from_m_to_q_and_back(mx: np.ndarray) -> None:
    ages = np.arange(12)
    table = life_table(ages, mx=mx, ax=a_single(mx, 0.1))
    assert table.lx[0] == 1
    assert table.dx.sum() == pytest.approx(1)
    np.testing.assert_allclose(life_table(ages, qx=table.qx, ax=table.ax).mx, mx)
    np.testing.assert_allclose(life_table(ages, mx=mx, qx=table.qx).ax, table.ax, rtol=1e-6)
    np.testing.assert_allclose(table.dx / table.Lx, mx)


def test_tables_of_many_areas_at_once(oracle: Path) -> None:
    mx = pd.read_csv(oracle / "in_france_mx_1x1.csv")[["mx_f", "mx_m"]].to_numpy().T[:, :101]
    both = life_table(np.arange(101), mx=mx, ax=a_single(mx, 0.1))
    alone = life_table(np.arange(101), mx=mx[1], ax=a_single(mx[1], 0.1))
    np.testing.assert_array_equal(both.ex[1], alone.ex)


def test_impossible_tables_are_refused() -> None:
    mx = np.array([0.1, 0.2, 0.5])
    with pytest.raises(RatesError, match="genau zwei"):
        life_table(np.arange(3), mx=mx)
    with pytest.raises(RatesError, match="steigen nicht an"):
        life_table(np.array([0, 5, 1]), mx=mx, ax=mx)
    with pytest.raises(RatesError, match="außerhalb von 0 bis 1"):
        life_table(np.arange(3), qx=np.array([0.1, 1.2, 1.0]), ax=mx)
    with pytest.raises(RatesError, match="rule='halb' gibt es nicht"):
        separation(np.arange(3), mx, rule="halb")  # type: ignore[arg-type]
