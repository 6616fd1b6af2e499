"""The bundled schedules are the published ones."""

from __future__ import annotations

import filecmp
from pathlib import Path

import numpy as np
import pytest

from zwkprognose.errors import RatesError
from zwkprognose.national import death_prob, encode, fertility_rate, fertility_years, periods


@pytest.mark.parametrize(("sex", "e0"), [("male", 78.47), ("female", 83.19)])
def test_life_expectancy_2022_24_is_the_published_one(sex: str, e0: float) -> None:
    q = death_prob("2022/24").sel(sex=sex).to_numpy()
    alive = np.cumprod(np.append(1.0, 1.0 - q))
    # L(x) as the mean of l(x) and l(x+1); above 100 the last death probability goes on
    lived = ((alive[:-1] + alive[1:]) / 2).sum() + alive[-1] * (1 / q[-1] - 0.5)
    assert lived == pytest.approx(e0, abs=0.01)


def test_total_fertility_of_2021_is_the_published_one() -> None:
    assert float(fertility_rate(2021).sum()) == pytest.approx(1.58, abs=0.005)


def test_all_published_periods_are_there() -> None:
    assert (periods()[0], periods()[-1], len(periods())) == ("1991/93", "2022/24", 32)
    assert (fertility_years()[0], fertility_years()[-1]) == (1972, 2023)


def test_a_sign_is_not_a_number() -> None:
    assert np.isnan(death_prob("1991/93").sel(age=100)).all()
    assert death_prob("2000/02").notnull().all()


def test_unknown_period_is_named() -> None:
    with pytest.raises(RatesError, match="2023/25"):
        death_prob("2023/25")


@pytest.mark.shared
def test_bundle_is_what_the_script_makes_of_the_originals(shared: Path, tmp_path: Path) -> None:
    encode.encode(shared / "data" / "destatis", tmp_path)
    for name in ("death_prob.csv", "fertility_rate.csv"):
        assert filecmp.cmp(tmp_path / name, encode.HERE / name, shallow=False)
