"""The error of levels that an estimate leaves, as draws take it: by hand."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

from zwkprognose.engine import Uncertainty
from zwkprognose.errors import EngineError

CELL = ("nationality", "band", "area")


def of_events(name: str, level: float, spread: float, expected: float) -> dict[str, tuple[tuple[str, ...], np.ndarray]]:
    """Two groups, three bands and two areas that are all alike; the second area expects nothing."""
    people = np.array([1.0, 0.0]) * np.ones((2, 3, 2))
    values = {"level": level, "spread": spread, "expected": expected}
    return {f"{name}_{part}": (CELL, value * people) for part, value in values.items()}


def rates(**more: tuple[tuple[str, ...], np.ndarray]) -> xr.Dataset:
    return xr.Dataset(dict(more), {"area": ["a", "b"]})


def test_errors_of_parts_add_up_by_their_squares() -> None:
    """Six parts of 50 expected events at level 0.8 ± 0.2: 240 ± √6·10."""
    found = Uncertainty.of_estimate(rates(**of_events("in", 0.8, 0.2, 50.0)))
    np.testing.assert_allclose(found.levels["in"], [np.sqrt(600) / 240, 0.0])
    assert set(found.levels) == {"in"}
    assert not found.annual("common").any()
    assert not found.annual("own").any()


def test_moves_inside_the_city_count_among_those_across_its_line() -> None:
    """240 ± √600 leave the city, 60 ± √54 an area for another; 100 ± √100 arrive from there beside 240 ± √600."""
    given = of_events("out", 0.8, 0.2, 50.0) | of_events("move", 0.5, 0.15, 20.0) | of_events("in", 0.8, 0.2, 50.0)
    found = Uncertainty.of_estimate(rates(**given, move_arrived=(("area",), np.array([100.0, 0.0]))))
    np.testing.assert_allclose(found.levels["out"], [np.sqrt(600 + 54) / 240, 0.0])
    np.testing.assert_allclose(found.levels["in"], [np.sqrt(600 + 100) / 240, 0.0])


def test_an_area_of_which_next_to_nothing_is_known_stays_below_one() -> None:
    known = {"level": 1.0, "spread": 9.0, "expected": 1.0}
    one = {f"mortality_{part}": (("area",), np.full(2, value)) for part, value in known.items()}
    np.testing.assert_array_equal(Uncertainty.of_estimate(rates(**one)).levels["death"], 0.95)


def test_without_events_there_is_nothing_to_go_by() -> None:
    published = {f"fertility_{part}": (("area",), np.zeros(2)) for part in ("level", "spread", "expected")}
    for none in (rates(), rates(**published)):
        with pytest.raises(EngineError, match="keine Niveaus"):
            Uncertainty.of_estimate(none)
