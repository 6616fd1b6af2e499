"""Households from quotas: nobody lost, known households met, heads bent as little as possible, clear complaints."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zwkprognose.errors import RatesError
from zwkprognose.rates.households import HouseholdQuotas, KnownHouseholds, Share, living_alone, split_persons
from zwkprognose.rates.households.tilt import tilted

SEXES = ("female", "male")
AREAS = ["01", "02", "03"]
OLDEST = 90


def members(rng: np.random.Generator, sizes: int = 5, *, homes: bool = True) -> HouseholdQuotas:
    """Random member quotas in four age groups by sex."""
    rows = []
    for first, last in ((0, 17), (18, 34), (35, 64), (65, None)):
        for sex in SEXES:
            parts = rng.dirichlet(np.ones(sizes + homes))
            rows += [Share(first, last, size + (not homes), float(p), sex) for size, p in enumerate(parts)]
    return HouseholdQuotas(tuple(rows), "gezogen", open_size=float(rng.uniform(sizes, sizes + 1)))


def town(rng: np.random.Generator) -> np.ndarray:
    return rng.uniform(0, 60, (3, 2, OLDEST + 1)) * (rng.random((3, 2, OLDEST + 1)) < 0.9)


@given(seed=st.integers(0, 10_000), sizes=st.integers(2, 6))
@settings(max_examples=40)
def test_every_person_lives_in_one_household_or_in_a_home(seed: int, sizes: int) -> None:
    rng = np.random.default_rng(seed)
    quotas, persons = members(rng, sizes), town(rng)
    split = split_persons(quotas, persons, areas=AREAS, sexes=SEXES)
    later = rng.uniform(0, 80, (4, *persons.shape))  # [year, area, sex, age]
    found = split.divide(later)
    np.testing.assert_allclose(
        found.persons.sum(-1) + found.institutional, later.sum((-2, -1)), rtol=1e-12, err_msg="area and year"
    )
    private = split.shares.sum(-1) * (1 - split.institutional)
    np.testing.assert_allclose(private + split.institutional, 1.0, rtol=1e-12, err_msg="every sex and age")
    np.testing.assert_allclose(found.alone.sum((-2, -1)), found.households[..., 0], rtol=1e-9)
    assert (found.households >= 0).all()


@given(seed=st.integers(0, 10_000))
@settings(max_examples=25)
def test_known_households_are_met_and_odds_ratios_kept(seed: int) -> None:
    rng = np.random.default_rng(seed)
    quotas, persons = members(rng), town(rng) + 1.0
    plain = split_persons(quotas, persons, areas=AREAS, sexes=SEXES)
    truth = plain.divide(persons).households * rng.uniform(0.8, 1.2, (3, 5))
    private = (persons * (1 - plain.institutional)).sum((1, 2))
    rest = private - (truth[:, :4] * [1, 2, 3, 4]).sum(1)
    truth[:, 4] = rest / rng.uniform(5.0, 7.0, 3)
    known = KnownHouseholds(
        dict(zip(AREAS, truth.sum(1), strict=True)),
        {k + 1: dict(zip(AREAS, truth[:, k], strict=True)) for k in range(4)},
    )
    split = split_persons(quotas, persons, areas=AREAS, sexes=SEXES, known=known)
    np.testing.assert_allclose(split.divide(persons).households, truth, rtol=1e-7)
    for a in range(3):  # odds ratio of two sizes and two ages, before and after
        old, new = plain.shares[a], split.shares[a]
        ratios = [s[0, 20, 0] * s[1, 70, 3] / (s[0, 20, 3] * s[1, 70, 0]) for s in (old, new)]
        assert ratios[1] == pytest.approx(ratios[0], rel=1e-9)


def test_one_person_households_by_hand() -> None:
    """60 persons of 20 and older, of whom 24 shall live alone: the odds ½ and ¼ go up by the same factor 2·t."""
    quotas = HouseholdQuotas(
        (Share(0, 19, 1, 0.0), Share(20, 39, 1, 1 / 3), Share(40, None, 1, 0.2)), "eigene Annahme", open_size=3.0
    )
    persons = np.zeros((1, 1, OLDEST + 1))
    persons[0, 0, [5, 25, 50]] = 12, 30, 30
    wanted = 30 * (2 / 3) + 30 * 0.5  # odds 1/2 → 2 and 1/4 → 1: four times
    known = KnownHouseholds(by_size={1: {"01": wanted}})
    split = split_persons(quotas, persons, areas=["01"], sexes=["total"], known=known)
    assert split.shares[0, 0, 25, 0] == pytest.approx(2 / 3)
    assert split.shares[0, 0, 50, 0] == pytest.approx(1 / 2)
    found = split.divide(persons)
    assert found.households[0].tolist() == pytest.approx([35.0, (72 - 35) / 3])
    assert found.alone[0, 0, 5] == 0


def heads(open_size: float = 4.5) -> HouseholdQuotas:
    rows = [Share(0, 17, size, 0.0) for size in (1, 2, 3, 4)]
    rows += [Share(18, 64, size, part) for size, part in zip((1, 2, 3, 4), (0.2, 0.15, 0.1, 0.1), strict=True)]
    rows += [Share(65, None, size, part) for size, part in zip((1, 2, 3, 4), (0.4, 0.25, 0.02, 0.0), strict=True)]
    return HouseholdQuotas(tuple(rows), "eigene Annahme", "heads", open_size)


@given(seed=st.integers(0, 10_000))
@settings(max_examples=25)
def test_head_quotas_give_the_number_of_households_and_hold_all_persons(seed: int) -> None:
    persons = np.random.default_rng(seed).uniform(20, 60, (3, 2, OLDEST + 1))
    split = split_persons(heads(), persons, areas=AREAS, sexes=SEXES)
    found = split.divide(persons, AREAS)
    expected = persons[:, :, 18:65].sum((1, 2)) * 0.55 + persons[:, :, 65:].sum((1, 2)) * 0.67
    np.testing.assert_allclose(found.households.sum(-1), expected, rtol=1e-9)
    np.testing.assert_allclose(found.persons.sum(-1), persons.sum((1, 2)), rtol=1e-9)
    raw = np.stack([persons[:, :, 18:65].sum((1, 2)) * a + persons[:, :, 65:].sum((1, 2)) * b
                    for a, b in ((0.2, 0.4), (0.15, 0.25), (0.1, 0.02), (0.1, 0.0))], axis=-1)  # fmt: skip
    steps = np.log(found.households[:, :4] / raw)
    slope = np.diff(steps) / np.diff([1, 2, 3, 4.5])  # one factor for every person more
    np.testing.assert_allclose(slope, slope[:, :1] * np.ones(3), rtol=1e-6, atol=1e-9)


def test_the_published_quotas_of_living_alone() -> None:
    """Up to 64 as printed; from 65 on the printed 34 and 56 % with the persons of 2020 and the odds of 2011."""
    table = living_alone(2.7).table(90, SEXES)[..., 1]
    men = {65: 7_171_650, 85: 850_877}  # Statistisches Bundesamt, 12411-04-02-4, 31.12.2020
    women = {65: 8_594_054, 85: 1_655_055}
    assert table[:, [17, 18, 34, 35, 64]].tolist() == [[0, 0.2, 0.2, 0.15, 0.15], [0, 0.27, 0.27, 0.22, 0.22]]
    alone = {age: women[age] * table[0, age] + men[age] * table[1, age] for age in (65, 85)}
    assert alone[85] / (women[85] + men[85]) == pytest.approx(0.56, abs=0.001)
    assert sum(alone.values()) / (sum(men.values()) + sum(women.values())) == pytest.approx(0.34, abs=0.001)
    odds = table[:, [70, 88]] / (1 - table[:, [70, 88]])
    assert odds[0] / odds[1] == pytest.approx([(0.45 / 0.55) / (0.19 / 0.81)] * 2, rel=0.01)
    young = {18: (8_006_726, 8_648_422), 35: (17_192_128, 17_292_175)}
    whole = sum(alone.values()) + sum(w * table[0, a] + m * table[1, a] for a, (w, m) in young.items())
    assert whole == pytest.approx(17_007_000, rel=0.03)  # Mikrozensus 2023: 8,111 + 8,896 million men and women


GOOD = (Share(0, 17, 1, 0.0), Share(18, None, 1, 0.3))


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ((Share(0, 17, 1, 0.0), Share(20, None, 1, 0.3)), "weiblich, 18 bis 19 Jahre"),
        ((Share(0, 17, 1, 0.0), Share(18, 80, 1, 0.3)), "ab 81 Jahre"),
        ((Share(0, None, 1, 0.2), Share(0, None, 2, 0.7)), ": 0,9"),
        ((Share(0, None, 1, 0.4), Share(0, None, 2, 0.7)), ": 1,1"),
        ((Share(0, None, 1, 20.0),), "0,2 statt 20"),
        ((Share(0, None, 1, 0.2), Share(5, None, 1, 0.2)), "ab 5 Jahre"),
        ((Share(0, None, 2, 1.0),), "keine Reihe ab 1"),
        ((Share(0, None, 1, 0.3, "male"),), "weiblich"),
    ],
)
def test_impossible_quotas_name_the_cell(rows: tuple[Share, ...], said: str) -> None:
    with pytest.raises(RatesError) as caught:
        HouseholdQuotas(rows, "eigene Annahme", open_size=2.5)
    assert said in str(caught.value)


def test_quotas_must_fit_the_population() -> None:
    persons = np.full((1, 1, OLDEST + 1), 10.0)
    by_sex = HouseholdQuotas((Share(0, None, 1, 0.3, "male"), Share(0, None, 1, 0.2, "female")), "x", open_size=2.5)
    with pytest.raises(RatesError, match="die Bevölkerung nicht"):
        split_persons(by_sex, persons, areas=["01"], sexes=["total"])
    old = HouseholdQuotas((Share(0, 94, 1, 0.3), Share(95, None, 1, 0.5)), "x", open_size=2.5)
    with pytest.raises(RatesError, match="ab 90 Jahren fasst"):
        split_persons(old, persons, areas=["01"], sexes=["total"])
    with pytest.raises(RatesError, match="groesse_offen"):
        split_persons(HouseholdQuotas(GOOD, "x"), persons, areas=["01"], sexes=["total"])


@pytest.mark.parametrize(
    ("known", "said"),
    [
        (KnownHouseholds(by_size={1: {"02": 5.0}}), "Gebiet: 01"),
        (KnownHouseholds(by_size={1: {"01": 5.0}, 3: {"01": 5.0}}), "3 Personen"),
        (KnownHouseholds(by_size={1: {"01": 800.0}}), "01, Haushalte mit 1 Person: verlangt 800, möglich 730"),
        (KnownHouseholds({"01": 1000.0}, {1: {"01": 300.0}}), "je 0,87"),
        (KnownHouseholds({"01": 320.0}, {1: {"01": 300.0}}), "je 30,5"),
        (KnownHouseholds({"01": 200.0}, {1: {"01": 300.0}}), "insgesamt 200, nach Größe 200"),
        (KnownHouseholds({"01": 200.0}), "nach Größe nicht alle"),
    ],
)
def test_known_households_that_contradict_the_persons_name_the_area(known: KnownHouseholds, said: str) -> None:
    quotas = HouseholdQuotas(GOOD, "eigene Annahme", open_size=2.5)
    persons = np.full((1, 1, OLDEST + 1), 10.0)  # 910, of whom 730 are of age
    with pytest.raises(RatesError) as caught:
        split_persons(quotas, persons, areas=["01"], sexes=["total"], known=known)
    assert said in str(caught.value)


def test_head_quotas_that_contradict_the_persons_name_the_area() -> None:
    persons = np.zeros((1, 1, OLDEST + 1))
    persons[0, 0, :18] = 100.0
    persons[0, 0, 30] = 10.0
    split = split_persons(heads(), persons, areas=["Hof"], sexes=["total"])
    with pytest.raises(RatesError, match=r"Hof: 1\.810 Personen"):
        split.divide(persons, ["Hof"])


def test_households_hold_their_persons_however_uneven_the_heads_are() -> None:
    chance, sizes = np.random.default_rng(1), np.array([1.0, 2.0, 3.0, 4.0, 6.0])
    heads_there = 1000 * chance.dirichlet([0.1] * 5, size=2000)
    persons = 1000 * chance.uniform(1.1, 5.9, 2000)
    found, _ = tilted(heads_there, sizes, persons)
    np.testing.assert_allclose(found.sum(-1), 1000, rtol=1e-9)
    np.testing.assert_allclose((found * sizes).sum(-1), persons, rtol=1e-9)


def test_nobody_has_no_households() -> None:
    persons = np.zeros((2, 1, OLDEST + 1))
    persons[1] = 10.0
    for quotas in (HouseholdQuotas(GOOD, "x", open_size=2.5), heads()):
        found = split_persons(quotas, persons, areas=["leer", "voll"], sexes=["total"]).divide(persons)
        assert found.households[0].tolist() == [0.0] * len(quotas.sizes)
        assert found.persons[1].sum() == pytest.approx(910)
