"""The cities of the accuracy benchmark."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from types import ModuleType

import pytest
import xarray as xr

BENCHMARK = Path(__file__).parents[2] / "benchmarks" / "accuracy"


@pytest.fixture(scope="session")
def cities() -> ModuleType:
    """The module that loads the benchmark's cities."""
    sys.path.insert(0, str(BENCHMARK))
    try:
        return importlib.import_module("cities")
    finally:
        sys.path.remove(str(BENCHMARK))


@pytest.fixture(scope="session")
def berlin(cities: ModuleType) -> xr.DataArray:
    """447 Planungsräume 2001 … 2020 by single age."""
    return cities.berlin()


@pytest.fixture(scope="session")
def konstanz(cities: ModuleType) -> xr.DataArray:
    """Totals of 15 Stadtteile 1995 … 2025."""
    return cities.konstanz()
