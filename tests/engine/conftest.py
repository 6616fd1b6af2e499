"""The random cities of ``support`` by their size, for tests that say nothing else of them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import xarray as xr
from support import cities
from support.cities import City

from zwkprognose.engine.compiled import compute

ROOM = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Runs of the engine are short on purpose; what of a plan they do not reach is tested with the scenarios."""
    for item in items:
        if item.path.is_relative_to(ROOM):
            item.add_marker(pytest.mark.filterwarnings("ignore::zwkprognose.errors.ScenarioWarning"))


@pytest.fixture(scope="session", autouse=True)
def threads_for_a_town():
    """As many threads as a test asks for, however small the town."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(compute, "CELLS_PER_THREAD", 1)
        patch.setattr(compute, "CELLS_OF_ALL_YEARS", 1)
        yield


def _like(stock: xr.Dataset, seed: int) -> City:
    """A city of the size of a stock."""
    return City(stock.sizes["area"], stock.sizes["nationality"], stock.sizes["age"] - 1, seed)


@pytest.fixture(scope="session")
def city() -> Callable[..., xr.Dataset]:
    """Stock of a random city by its size."""
    return lambda areas=3, groups=2, open_age=100, seed=0: cities.stock_of(City(areas, groups, open_age, seed))


@pytest.fixture(scope="session")
def rates_of() -> Callable[..., xr.Dataset]:
    """Random rates for a stock, whatever its areas are called; ``moves`` inside the city by "pool" or "matrix"."""

    def build(stock: xr.Dataset, seed: int = 0, years: range | None = None, moves: str | None = None) -> xr.Dataset:
        like, areas = _like(stock, seed), stock["area"].values
        made = cities.naturalised(cities.rates_of(like, years), like)
        made = made if moves is None else cities.with_moves(made, like, moves)
        return made.assign_coords({d: areas for d in ("area", "origin", "destination") if d in made.dims})

    return build


@pytest.fixture(scope="session")
def plan_of() -> Callable[..., dict[str, object]]:
    """New dwellings and a home for the stock of a random city."""
    return lambda stock, seed=0: cities.plan_of(_like(stock, seed))


@pytest.fixture(scope="session")
def profile_of() -> Callable[..., xr.DataArray]:
    """Shares of the cells of an area for a stock."""
    return lambda stock, seed=0: cities.profile_of(_like(stock, seed))
