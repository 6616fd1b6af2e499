"""Levels of areas by band of age: the right ages, the right areas, worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import brentq

from zwkprognose.rates.migration.by_band import BANDS, by_band, on_cells, probabilities_by_level

AGES = 70


def test_bands_begin_at_their_first_age() -> None:
    assert BANDS == (0, 18, 30, 50, 65)
    cells = np.zeros((2, 1, 2, AGES))  # two areas, one group, two sexes
    cells[0, 0, :, [17, 18, 29, 30, 49, 50, 64, 65, 69]] = np.arange(1.0, 10.0)[:, None]
    # age 17 | 18 and 29 | 30 and 49 | 50 and 64 | 65 and 69, both sexes
    assert by_band(cells)[0, :, 0].tolist() == [2.0, 10.0, 18.0, 26.0, 34.0]
    assert by_band(cells)[0, :, 1].tolist() == [0.0] * 5


def test_a_level_holds_in_its_band_and_area_only() -> None:
    levels = np.array([[[1.0, 10.0], [2.0, 20.0], [3.0, 30.0], [4.0, 40.0], [5.0, 50.0]]])  # group, band, area
    ages = on_cells(levels, AGES)[:, 0, 0]
    assert ages[0, [0, 17, 18, 29, 30, 49, 50, 64, 65, 69]].tolist() == [1, 1, 2, 2, 3, 3, 4, 4, 5, 5]
    assert (ages[1] == 10 * ages[0]).all()


def test_an_area_that_differs_in_one_band_differs_there_and_nowhere_else() -> None:
    """Two areas of a million at each age: 30 % and 10 % leave between 18 and 29, 10 % at every other age.

    The city's schedule there is 20 %, the levels are 1.5 and 0.5. They act on hazards: 1 − 0.8^(1.5·c) and
    1 − 0.8^(0.5·c), and c brings the sum back to the 40 % that were counted.
    """
    exposure = np.full((2, 1, 1, AGES), 1e6)
    leaving = np.full((2, 1, 1, AGES), 0.1)
    leaving[0, ..., 18:30] = 0.3
    prob, levels = probabilities_by_level(leaving * exposure, exposure, None)
    c = brentq(lambda c: 2 - 0.8 ** (1.5 * c) - 0.8 ** (0.5 * c) - 0.4, 0.5, 2)
    assert levels.level[0, 1].tolist() == pytest.approx([1.5, 0.5], rel=1e-3)
    assert prob[0, 0, 0, 18:30] == pytest.approx(1 - 0.8 ** (1.5 * c), rel=1e-3)
    assert prob[1, 0, 0, 18:30] == pytest.approx(1 - 0.8 ** (0.5 * c), rel=1e-3)
    others = np.r_[0:18, 30:AGES]
    assert prob[:, 0, 0, others] == pytest.approx(0.1, rel=2e-3)
