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


def test_unknown_periods_and_years_are_named_with_the_known_ones() -> None:
    with pytest.raises(RatesError, match="2023/25") as caught:
        death_prob("2023/25")
    assert caught.value.remedy == "Einen Wert von 1991/93 bis 2022/24 angeben."
    with pytest.raises(RatesError, match="1971") as caught:
        fertility_rate(1971)
    assert caught.value.remedy == "Einen Wert von 1972 bis 2023 angeben."


def test_tables_are_read_as_the_office_writes_them(tmp_path: Path) -> None:
    """Two periods and both sexes; two years, each followed by a sign of quality, below a title of other numbers."""
    life = ["Sterbetafel;;", "1991/93;;", "männlich;0 Jahre;0,00651", ";100 Jahre;-", "weiblich;0 Jahre;0,00513",
            ";100 Jahre;0,3", "1992/94;;", "männlich;0 Jahre;0,006", ";100 Jahre;0,4", "weiblich;0 Jahre;0,005",
            ";100 Jahre;0,31", "__________", "Stand: 2026"]  # fmt: skip
    births = ["Live births;;;;", "15 years of before;1;e;2;e", ";1972;1972;1973;1973", "15 years;4.1;e;4.2;e",
              "16 years;20.5;e;19.0;e", "Total;1;e;2;e"]  # fmt: skip
    (tmp_path / encode.DEATH_PROB_FILE).write_text("\n".join(life), encoding="utf-8-sig")
    (tmp_path / encode.FERTILITY_FILE).write_text("\n".join(births), encoding="utf-8-sig")
    encode.encode(tmp_path, tmp_path)
    assert (tmp_path / "death_prob.csv").read_text(encoding="utf-8").split() == [
        "sex;age;1991/93;1992/94", "male;0;0.00651;0.006", "male;100;-;0.4", "female;0;0.00513;0.005",
        "female;100;0.3;0.31",
    ]  # fmt: skip
    assert (tmp_path / "fertility_rate.csv").read_text(encoding="utf-8").split() == [
        "age;1972;1973", "15;4.1;4.2", "16;20.5;19.0",
    ]  # fmt: skip


@pytest.mark.shared
def test_bundle_is_what_the_script_makes_of_the_originals(shared: Path, tmp_path: Path) -> None:
    encode.encode(shared / "data" / "destatis", tmp_path)
    for name in ("death_prob.csv", "fertility_rate.csv"):
        assert filecmp.cmp(tmp_path / name, encode.HERE / name, shallow=False)
