"""What is said about a city of one area: its own figures, worked out by hand, and no city to lean on."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import xarray as xr

from zwkprognose import estimate_rates
from zwkprognose.rates import explain


@pytest.fixture(scope="module")
def rates(make_inputs: Callable[..., xr.Dataset]) -> xr.Dataset:
    """One area in which nobody comes or goes, with twice the expected deaths and half of the expected births."""
    persons = 1000.0 * np.exp(-np.arange(96) / 60) * np.ones((1, 1, 2, 1))
    inputs = make_inputs({2020: persons, 2021: persons})
    national = estimate_rates(inputs, fertility="national", migration="none", half_life=None)
    at_risk = np.concatenate([persons[..., :1], (persons[..., :-1] + persons[..., 1:]) / 2], axis=-1)
    at_risk[..., -1] = (persons[..., -2] + 2 * persons[..., -1]) / 2  # the two oldest ages join
    q = national["death_prob"].values
    central = q / (1 - q / 2)
    central[..., 0] = q[..., 0] / (1 - q[..., 0])
    deaths = 2 * (central * at_risk).sum()
    births = (national["fertility_rate"].values[0, 0] * at_risk[0, 0, 0]).sum() / 2
    flows = {"deaths": ("year", [deaths]), "births": ("year", [births])}
    return estimate_rates(inputs.assign_coords(year=[2021]).assign(flows), half_life=None)


def test_levels_are_those_of_the_area(rates: xr.Dataset) -> None:
    deaths, births = explain(rates, "0001", "mortality"), explain(rates, "0001", "fertility")
    assert "das 2,00-Fache. Damit wird gerechnet." in deaths
    assert "das 0,50-Fache. Damit wird gerechnet." in births
    assert "Der eigene Wert zählt" not in deaths + births


def test_all_subjects_are_explained_at_once(rates: xr.Dataset) -> None:
    text = explain(rates, "0001")
    assert [line.partition(":")[0] for line in text.splitlines()[1:]] == ["Sterblichkeit", "Geburten", "Wanderung"]


def test_of_205_children_100_are_girls(rates: xr.Dataset) -> None:
    assert float(rates["female_birth_share"]) * 205 == pytest.approx(100, abs=1e-12)
