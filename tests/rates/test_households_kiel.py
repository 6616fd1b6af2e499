"""Households against those that a city publishes by quarter: Kiel 2021 and 2023, 30 Stadtteile.

Landeshauptstadt Kiel, Open Data: „Haushalte nach Haushaltstypen und Personenanzahl in den Stadtteilen“ (Einpersonen)
and „Altersgruppen in den Stadtteilen“, 31.12.2021 and 31.12.2023; extracts in the folder ``kiel``.
"""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from zwkprognose.arithmetic import Floats
from zwkprognose.rates.households import HouseholdQuotas, KnownHouseholds, Share, split_persons

FOLDER = Path(__file__).parent / "kiel"
#: Published: 2011 men and women from 18 to 34 27 and 20 %, from 35 to 64 22 and 15 %; 2024 34 % from 65 on.
QUOTAS = HouseholdQuotas(
    (Share(0, 17, 1, 0.0), Share(18, 34, 1, 0.235), Share(35, 64, 1, 0.185), Share(65, None, 1, 0.34)),
    "Statistisches Bundesamt, Mikrozensus 2011 und 2024", open_size=2.6,
)  # fmt: skip


def table(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader((FOLDER / name).read_text("utf-8").splitlines(), delimiter=";"))


HOUSEHOLDS = table("haushalte.csv")
QUARTERS = [row["stadtteil"] for row in HOUSEHOLDS]


def counted(year: int) -> Floats:
    return np.array([float(row[f"einpersonen_{year}"]) for row in HOUSEHOLDS])


def persons(year: int) -> Floats:
    """Persons [Stadtteil, sex, age], every group at its first age: the quotas treat its ages alike."""
    found = np.zeros((len(QUARTERS), 1, 81))
    for row in table("alter.csv"):
        if row.pop("jahr") == str(year):
            place = QUARTERS.index(row.pop("stadtteil"))
            for age, count in row.items():
                found[place, 0, int(age)] = float(count)
    return found


def errors(forecast: Floats) -> Floats:
    return 100 * abs(forecast / counted(2023) - 1)


@pytest.fixture(scope="module")
def adjusted() -> Floats:
    known = KnownHouseholds(by_size={1: dict(zip(QUARTERS, counted(2021), strict=True))})
    split = split_persons(QUOTAS, persons(2021), areas=QUARTERS, sexes=["total"], known=known)
    np.testing.assert_allclose(split.divide(persons(2021)).households[:, 0], counted(2021), rtol=1e-9)
    return split.divide(persons(2023)).households[:, 0]


def test_the_extract_is_whole() -> None:
    assert (len(QUARTERS), counted(2021).sum(), counted(2023).sum()) == (30, 80_480, 84_273)
    assert (persons(2021).sum(), persons(2023).sum()) == (247_546, 250_412)


def test_national_quotas_alone_say_little_about_a_city() -> None:
    """The register makes 80,480 one-person households of 2021, the quotas of the Mikrozensus 49,892."""
    split = split_persons(QUOTAS, persons(2021), areas=QUARTERS, sexes=["total"])
    assert round(split.divide(persons(2021)).households[:, 0].sum()) == 49_892
    assert errors(split.divide(persons(2023)).households[:, 0]).mean() == pytest.approx(35.6, abs=0.05)


def test_adjusted_to_2021_they_meet_2023_within_a_few_percent(adjusted: Floats) -> None:
    """As good as the shares of persons kept, hardly better than the number unchanged: two years are short."""
    kept = counted(2021) * persons(2023).sum((1, 2)) / persons(2021).sum((1, 2))
    found = {name: (errors(one).mean(), np.median(errors(one)))
             for name, one in (("adjusted", adjusted), ("unchanged", counted(2021)), ("share", kept))}  # fmt: skip
    assert found["adjusted"] == pytest.approx((4.90, 2.49), abs=0.006)
    assert found["unchanged"] == pytest.approx((5.00, 2.55), abs=0.006)
    assert found["share"] == pytest.approx((5.23, 2.70), abs=0.006)
