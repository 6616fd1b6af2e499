"""What a projection refuses every writing of it refuses, and each names the same cells."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr
from support import by_hand

from zwkprognose import project
from zwkprognose.engine import Eckwert, Erstbezug, Uncertainty, draw_trajectories, project_draws
from zwkprognose.errors import EngineError

CELL = {"nationality": ["german", "foreign"], "sex": ["female", "male"], "age": np.arange(8)}
EMPTY = tuple(
    {"year_end": 2021, "area": area, "nationality": "foreign", "sex": "female", "age": 2} for area in ("A", "B")
)
KINDS = [Uncertainty(), Uncertainty.of_events(), Uncertainty().without_events()]


#: Foreigners in each cell of B: nobody, or what is left where all leave but rounding.
NOBODY = pytest.mark.parametrize("rest", [0.0, 1e-10])


def town(rest: float = 0.0) -> tuple[xr.Dataset, xr.Dataset]:
    """100 persons in each cell of two areas, but no foreigners in B; nothing happens of itself."""
    stock = by_hand.town(["A", "B"], 100.0, groups=CELL["nationality"], oldest=7)
    stock["population"].loc[{"area": "B", "nationality": "foreign"}] = rest
    return stock, by_hand.still(stock)


def homes(area: str = "A") -> Erstbezug:
    """Ten dwellings for two foreign women each, who are 2 at the end of the year and all come from inside."""
    profile = xr.zeros_like(xr.DataArray(np.zeros([2, 2, 8]), CELL))
    profile.loc[{"nationality": "foreign", "sex": "female", "age": 2}] = 1.0
    return Erstbezug(xr.DataArray([[10.0]], {"year": [2021], "area": [area]}), 2.0, profile, 0.0)


@pytest.mark.parametrize("method", ["reference", "kernel"])
@pytest.mark.parametrize("fertile", [0.0, 0.1])
@NOBODY
def test_a_projection_names_the_cells_that_nobody_can_fill(method: str, fertile: float, rest: float) -> None:
    """Not their children: how many they have cannot be said either, but that is no second mistake."""
    stock, rates = town(rest)
    rates = rates.assign(fertility_rate=rates["fertility_rate"].where(rates["age"] < 2, fertile))
    with pytest.raises(EngineError, match="In 2 Zellen gehen mehr Personen") as caught:
        project(stock, rates, until=2021, erstbezug=homes(), method=method)
    assert caught.value.cells == EMPTY


@pytest.mark.parametrize("draw", [draw_trajectories, project_draws])
@pytest.mark.parametrize("uncertainty", KINDS, ids=["both", "events", "rates"])
@pytest.mark.parametrize("target", [None, 4800.0])
@NOBODY
def test_draws_refuse_it_with_the_same_cells(draw, uncertainty: Uncertainty, target: float | None, rest: float) -> None:
    """They invented 20 persons, or let nobody move in."""
    stock, rates = town(rest)
    whole = () if target is None else (Eckwert("Stadt", xr.DataArray([target], {"year_end": [2021]}, ("year_end",))),)
    with pytest.raises(EngineError, match="In 2 Zellen gehen mehr Personen") as caught:
        draw(stock, rates, until=2021, draws=3, uncertainty=uncertainty, erstbezug=homes(), eckwerte=whole)
    assert caught.value.cells == EMPTY


@pytest.mark.parametrize("uncertainty", KINDS, ids=["both", "events", "rates"])
def test_the_same_dwellings_where_the_cohort_lives_elsewhere_are_filled(uncertainty: Uncertainty) -> None:
    """In B the twenty women come from A: no person more or less in the city, whoever computes."""
    stock, rates = town()
    options = {"erstbezug": homes("B"), "uncertainty": uncertainty}
    drawn = draw_trajectories(stock, rates, until=2021, draws=3, **options)
    end = drawn["population"].isel(year_end=-1)
    np.testing.assert_allclose(end.sum(["area", *CELL]), 4800.0, rtol=1e-12)
    moved = drawn["erstbezug"].sum(["year", *CELL])
    np.testing.assert_allclose(moved.sum("area"), 0.0, atol=1e-12)
    assert (moved.sel(area="B") > 5).all()
