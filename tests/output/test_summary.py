"""The table of a projection: its rows and sums are those of the dataset."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

import zwkprognose as zwk
from zwkprognose.errors import OutputError
from zwkprognose.scenarios import Scenario


@pytest.fixture(scope="module")
def projection() -> xr.Dataset:
    inputs = zwk.load_example("berlin")
    scenarios = [Scenario.bundled("mittlere"), Scenario.bundled("obere")]
    return zwk.project(inputs, zwk.estimate_rates(inputs), scenarios, until=2023)


def test_a_row_for_every_scenario_area_and_year(projection: xr.Dataset) -> None:
    table = zwk.summary(projection)
    assert len(table) == 2 * 94 * 4
    assert not table.duplicated(["Szenario", "Gebiet", "Jahr"]).any()
    assert table["Name"].isin(projection["area_name"].values).all()
    wanted = projection["population"].sum(["nationality", "sex", "age"]).sel(scenario="upper", area="0304")
    rows = table[(table["Szenario"] == "Obere Variante") & (table["Gebiet"] == "0304")]
    np.testing.assert_allclose(rows["Bevölkerung"], wanted)


def test_balances_explain_the_change_of_the_stock(projection: xr.Dataset) -> None:
    table = zwk.summary(projection, whole=True).set_index(["Szenario", "Jahr"])
    change = table["Bevölkerung"].groupby("Szenario").diff()
    np.testing.assert_allclose(
        change.dropna(), (table["Natürlicher Saldo"] + table["Wanderungssaldo"]).dropna(), atol=1e-6
    )
    assert table["Geburten"].isna().sum() == 2  # the first year has stocks only


def test_areas_and_years_may_be_chosen_by_name(projection: xr.Dataset) -> None:
    table = zwk.summary(projection, "Mitte", years=2023)
    assert table["Gebiet"].tolist() == ["0101"] * 2
    assert table["Jahr"].tolist() == [2023, 2023]
    both = zwk.summary(projection, ["Mitte", "0102"], whole=True, years=[2023])
    parts = zwk.summary(projection, ["Mitte", "0102"], years=[2023])
    np.testing.assert_allclose(both["Bevölkerung"], parts.groupby("Szenario", sort=False)["Bevölkerung"].sum())
    assert both["Gebiet"].tolist() == ["Mitte und Moabit"] * 2


def test_what_is_not_there_is_told(projection: xr.Dataset) -> None:
    with pytest.raises(OutputError, match="„Moabit“"):
        zwk.summary(projection, "Moabitt")
    with pytest.raises(OutputError, match=r"31\.12\.2400"):
        zwk.summary(projection, years=[2400])
    with pytest.raises(OutputError, match="Vorausberechnung nötig"):
        zwk.summary(zwk.load_example("bremerhaven"))
