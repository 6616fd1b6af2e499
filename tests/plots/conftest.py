"""Berlin, its projection and its ranges."""

from __future__ import annotations

import pytest
import xarray as xr

import zwkprognose as zwk
from zwkprognose.scenarios import Scenario


@pytest.fixture(scope="session")
def berlin() -> xr.Dataset:
    return zwk.load_example("berlin")


@pytest.fixture(scope="session")
def projection(berlin: xr.Dataset) -> xr.Dataset:
    scenarios = [Scenario.bundled(name) for name in ("untere", "mittlere", "obere")]
    return zwk.project(berlin, zwk.estimate_rates(berlin), scenarios, until=2030)


@pytest.fixture(scope="session")
def limits(berlin: xr.Dataset) -> xr.Dataset:
    return zwk.intervals(berlin, [2025, 2030])
