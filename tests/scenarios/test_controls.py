"""Eckwerte in documents: exact values, paths, bounds and dwellings, in words, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest

from zwkprognose.errors import ScenarioError
from zwkprognose.scenarios import Scenario


def control(body):
    """The one Eckwert of a document, and the document."""
    scenario = Scenario.from_toml(f'name = "x"\n[[eckwert]]\n{body}\n')
    return scenario.controls[0], scenario


YEARS = range(2025, 2033)


def test_steps_hold_in_their_years_only():
    found, _ = control("personen = { 2026 = 100, 2030 = 140 }")
    assert found.targets("personen", YEARS, {2024: 80.0}) == {2026: 100.0, 2030: 140.0}


def test_a_path_leads_from_the_stock_at_the_start_in_straight_lines():
    found, _ = control('personen = { 2026 = 100, 2030 = 140 }\nverlauf = "gleitend"')
    path = found.targets("personen", YEARS, {2024: 80.0})
    assert path == {2025: 90.0, 2026: 100.0, 2027: 110.0, 2028: 120.0, 2029: 130.0, 2030: 140.0}


def test_a_value_beyond_the_end_draws_already():
    found, _ = control('personen = { 2034 = 180 }\nverlauf = "gleitend"')
    path = found.targets("personen", YEARS, {2024: 80.0})
    np.testing.assert_allclose(list(path.values()), [90, 100, 110, 120, 130, 140, 150, 160])


def test_bounds_hold_from_the_first_year_that_is_named():
    found, _ = control("mindestens = { 2026 = 100, 2030 = 140 }\nhoechstens = 500")
    low = found.targets("mindestens", YEARS, {2024: 80.0})
    assert low == {2026: 100, 2027: 100, 2028: 100, 2029: 100, 2030: 140, 2031: 140, 2032: 140}
    assert found.targets("hoechstens", YEARS, {2024: 80.0}) == dict.fromkeys(YEARS, 500.0)
    gliding, _ = control('mindestens = { 2026 = 100, 2030 = 140 }\nverlauf = "gleitend"')
    assert gliding.targets("mindestens", YEARS, {2024: 80.0})[2028] == 120.0


def test_bounds_that_meet_leave_one_value():
    found, _ = control("mindestens = 100\nhoechstens = 100")
    for key in ("mindestens", "hoechstens"):
        assert found.targets(key, YEARS, {2024: 80.0}) == dict.fromkeys(YEARS, 100.0)


def test_dwellings_hold_persons():
    """1,000 dwellings of which 4 % are empty, with 2.1 and later 2.0 persons in each of the others."""
    found, scenario = control(
        "wohnungen = { 2026 = 1000, 2030 = 1200 }\npersonen_je_wohnung = { 2026 = 2.1, 2030 = 2.0 }\nleerstand = 0.04"
    )
    path = found.targets("wohnungen", YEARS, {2024: 2000.0})
    assert path[2026] == pytest.approx(1000 * 0.96 * 2.1)
    assert path[2030] == pytest.approx(1200 * 0.96 * 2.0)
    assert path[2025] == pytest.approx((2000 + 2016) / 2)
    assert path[2028] == pytest.approx((2016 + 2304) / 2)
    assert "1.000 Wohnungen, davon 4 % leer, mit 2,1 Personen je bewohnter Wohnung, zusammen 2.016 Personen" in (
        scenario.describe()
    )


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (
            "mindestens = 500",
            "beträgt in jedem Jahr mindestens 500 Personen; wo das sonst nicht so wäre, werden Zu- und",
        ),
        ('gebiete = ["01"]\nhoechstens = { 2030 = 900 }', "in 01 beträgt ab 31.12.2030 höchstens 900 Personen"),
        ('mindestens = 100\nje = "gebiet"', "in jedem Gebiet beträgt in jedem Jahr mindestens 100 Personen"),
        (
            'personen = { 2030 = 900 }\nverlauf = "gleitend"',
            "am 31.12.2030 genau 900 Personen, gleitend von Jahr zu Jahr vom Bestand am Anfang an; dazu werden",
        ),
    ],
)
def test_in_words(body, said):
    assert said in control(body)[1].describe()


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("personen = { 2030 = 9 }\nmindestens = 5", "genau eine der Angaben"),
        ('alter = "0-5"', "genau eine der Angaben"),
        ("wohnungen = { 2030 = 9 }", "gehören zusammen"),
        ("personen = { 2030 = 9 }\nleerstand = 0.1", "„leerstand“ gehört zu „wohnungen“"),
        ("mindestens = 9\nhoechstens = 5", "„mindestens“ liegt über „hoechstens“"),
        ("mindestens = { 2026 = 5, 2030 = 9 }\nhoechstens = { 2026 = 7 }", "„mindestens“ liegt über „hoechstens“"),
        ("personen = { 2030 = -9 }", "unter null"),
        ("mindestens = -1", "unter null"),
        ("hoechstens = { 2030 = -1 }", "unter null"),
        ("wohnungen = { 2030 = -1 }\npersonen_je_wohnung = 2", "unter null"),
        ("wohnungen = { 2030 = 9 }\npersonen_je_wohnung = 0", "muss größer als 0 sein"),
        ("wohnungen = { 2030 = 9 }\npersonen_je_wohnung = { 2030 = 2, 2035 = 0 }", "muss größer als 0 sein"),
        ("wohnungen = { 2030 = 9 }\npersonen_je_wohnung = 2\nleerstand = 1", "niemand dort wohnt"),
        ('wohnungen = { 2030 = 9 }\npersonen_je_wohnung = 2\nje = "gebiet"', "für die Auswahl im Ganzen"),
        ('mindestens = "viel"', "mindestens"),
    ],
)
def test_what_cannot_be_is_refused(body, said):
    with pytest.raises(ScenarioError, match=said):
        control(body)


@pytest.mark.parametrize(
    "body",
    [
        "personen = { 2030 = 0 }",
        "mindestens = 0\nhoechstens = { 2030 = 0 }",
        "wohnungen = { 2030 = 0 }\npersonen_je_wohnung = 0.5\nleerstand = 0.99",
        "mindestens = { 2026 = 5, 2030 = 9 }\nhoechstens = { 2026 = 5, 2030 = 9 }",
    ],
)
def test_nobody_and_bounds_that_touch_are_possible(body):
    control(body)


@pytest.mark.parametrize(
    "body",
    [
        'personen = { 2030 = 9 }\nverlauf = "gleitend"',
        'mindestens = 500\nhoechstens = { 2026 = 900, 2030 = 950 }\nje = "gebiet"',
        "wohnungen = { 2026 = 1000 }\npersonen_je_wohnung = 2.1\nleerstand = 0.04",
    ],
)
def test_documents_come_back_as_they_were(body):
    scenario = control(body)[1]
    for again in (Scenario.from_toml(scenario.detached().to_toml()), Scenario.from_document(scenario.document())):
        assert again == scenario
