"""Keeping, attracting, and events: persons arrive where and when the document says."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

from zwkprognose.errors import ScenarioError
from zwkprognose.scenarios import Scenario, apply_scenario

YEARS = range(2021, 2031)


def applied(rates: xr.Dataset, body: str, **kwargs: object) -> xr.Dataset:
    return apply_scenario(rates, Scenario.from_toml(f'name = "probe"\n{body}'), YEARS, **kwargs)  # type: ignore[arg-type]


def test_keeping_lowers_the_probability_to_leave(rates: xr.Dataset) -> None:
    out = applied(rates, '[[halten]]\nprozent = 25\nalter = "18-30"\nvon = 2025')["out_prob"]
    np.testing.assert_allclose(out.sel(year=2025, age=slice(18, 30)), 0.15)
    np.testing.assert_allclose(out.sel(year=2024), 0.2)
    np.testing.assert_allclose(out.sel(age=31), 0.2)


def test_attracting_by_percentage_and_by_number(rates: xr.Dataset) -> None:
    by_share = applied(rates, '[[anziehen]]\nprozent = 10\ngebiete = ["Hafen"]')["in_moves"]
    np.testing.assert_allclose(by_share.sel(area="0101"), 11)
    by_number = applied(rates, '[[anziehen]]\npersonen = 240\nalter = "18-29"\ngeschlecht = "w"')["in_moves"]
    np.testing.assert_allclose(by_number.sel(age=20, sex="female"), 10 + 240 / (12 * 2 * 2))
    np.testing.assert_allclose(by_number.sel(sex="male"), 10)


def test_an_event_brings_its_persons_and_no_more(rates: xr.Dataset) -> None:
    body = '[[ereignis]]\nname = "Flucht"\npersonen = 1500\nvon = 2023\ndauer = 2\nstaatsangehoerigkeit = "A"'
    more = applied(rates, body)["in_moves"] - rates["in_moves"]
    by_year = more.sum(["area", "nationality", "sex", "age"])
    np.testing.assert_allclose(by_year, [0, 0, 1500, 1500, 0, 0, 0, 0, 0, 0])
    assert float(more.sel(nationality="german").sum()) == 0


def test_events_come_on_top_of_changed_levels(rates: xr.Dataset) -> None:
    body = '[[annahme]]\ngroesse = "zuzuege"\nfaktor = 0\n[[ereignis]]\nname = "Uni"\npersonen = 728'
    moves = applied(rates, body)["in_moves"]
    np.testing.assert_allclose(moves.sum(["area", "nationality", "sex", "age"]), 728)


def test_without_known_in_moves_a_standard_profile_is_needed(rates: xr.Dataset) -> None:
    none = rates.assign(in_moves=xr.zeros_like(rates["in_moves"]))
    body = '[[ereignis]]\nname = "Uni"\npersonen = 100'
    with pytest.raises(ScenarioError, match='profil = "standard"'):
        applied(none, body)
    stock = xr.ones_like(rates["in_moves"])
    stock.loc[{"area": "0102"}] = 3.0
    moves = applied(none, f'{body}\nprofil = "standard"', stock=stock)["in_moves"].sel(year=2025)
    assert float(moves.sum()) == pytest.approx(100)
    assert float(moves.sel(area="0102").sum()) == pytest.approx(75)
    by_age = moves.sum(["area", "nationality", "sex"]).values
    assert int(by_age[15:].argmax()) + 15 in range(20, 27)


def test_types_of_areas_stand_for_their_areas(rates: xr.Dataset) -> None:
    types = '[gebietstypen]\nzentrum = ["Mitte"]\n'
    moves = applied(rates, types + '[[anziehen]]\nprozent = 50\ngebiete = ["@zentrum"]')["in_moves"]
    np.testing.assert_allclose(moves.sel(area="0102"), 15)
    np.testing.assert_allclose(moves.sel(area="0101"), 10)
    with pytest.raises(ScenarioError, match="Den Gebietstyp „@rand“ kennt das Szenario nicht"):
        applied(rates, types + '[[anziehen]]\nprozent = 50\ngebiete = ["@rand"]')


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ("[[anziehen]]\nprozent = 5\npersonen = 5", "genau eine der Angaben „prozent“ und „personen“"),
        ("[[halten]]\nprozent = 120", "Zeile 3, halten 1: prozent: der Wert 120 ist größer als 100"),
        ('[[erstbezug]]\nname = "a"\ngebiet = "1"\nwohnungen = 3\nvon = 2030\nbis = 2029\nanteil_von_aussen = 0',
         "„bis“ (2029) liegt vor „von“ (2030)"),
        ('[[erstbezug]]\nname = "a"\ngebiet = "1"\nwohnungen = 3\nvon = 2030\nanteil_von_aussen = 1.5',
         "der Wert 1,5 ist größer als 1"),
        ('[[erstbezug]]\nname = "a"\ngebiet = "1"\nwohnungen = 3\nvon = 2030\nanteil_von_aussen = 1\neinzug = [0.9]',
         "die Anteile ergeben zusammen 0,9, nicht 1"),
        ('[[sondergruppe]]\nname = "a"\ngebiet = "1"\nplaetze = { bald = 3 }\nalter = { "65+" = 1 }',
         "„bald“ ist kein Jahr"),
        ('[[sondergruppe]]\nname = "a"\ngebiet = "1"\nplaetze = { 2028 = 3 }\nalter = { alt = 1 }',
         "„alt“ ist keine Altersangabe"),
        ('[[sondergruppe]]\nname = "a"\ngebiet = "1"\nplaetze = { 2026 = 3 }\nschliesst = 2025\nalter = { "65+" = 1 }',
         "„plaetze“ nennt 2026, „schliesst“ schon 2025; dort wohnt dann niemand"),
        ('[[sondergruppe]]\nname = "a"\ngebiet = "1"\nplaetze = { 2026 = 3 }\nbleibeanteil = 1\nalter = { "65+" = 1 }',
         "ein „bleibeanteil“ wirkt erst, wenn das Heim schließt"),
        ('[[sondergruppe]]\nname = "a"\ngebiet = "1"\nplaetze = { 2026 = 3 }\nalter = { "0-17" = 0.5, "15+" = 0.5 }',
         "alter: die Altersspannen 0-17 und 15+ überschneiden sich"),
        ('[[sondergruppe]]\nname = "a"\ngebiet = "1"\nplaetze = 50\nalter = { "65+" = 1 }',
         "plaetze: hier steht ein Wert für jedes Jahr, zum Beispiel { 2030 = 50 }"),
        ("[[eckwert]]\npersonen = 1000", "personen: hier steht ein Wert für jedes Jahr, zum Beispiel { 2030 = 1000 }"),
    ],
)  # fmt: skip
def test_mistakes_in_measures_are_named(body: str, sentence: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        Scenario.from_toml(f'name = "probe"\n{body}\n')
    assert sentence in str(caught.value)


LEVEL = '[[annahme]]\ngroesse = "zuzuege"\n'
HOUSES = '[[erstbezug]]\nname = "a"\ngebiet = "1"\nvon = 2030\n'
HOME = '[[sondergruppe]]\nname = "a"\ngebiet = "1"\nalter = {{ "65+" = 1 }}\n'


@pytest.mark.parametrize(
    ("body", "possible", "impossible"),
    [
        (LEVEL + "faktor = {}", (0, 1e9), (-0.1, 2e9)),
        (LEVEL + "prozent = {}", (-100, 300), (-100.1,)),
        (LEVEL + "ziel = {}", (0, 5), (-0.1,)),
        (LEVEL + "faktor = 2\ndauer = {}", (1, 2), (0, -1)),
        (LEVEL + "faktor = 2\nvon = {}", (1900, 2300), (1899, 2301)),
        (LEVEL + "faktor = 2\nalter = {}", (0, 999, '"0-999"'), (-1, 1000, '"0-1000"')),
        (LEVEL + "faktor = 2\ngebiete = {}", ('["1"]',), ("[]",)),
        ("[[halten]]\nprozent = {}", (0, 100), (-1, 100.1)),
        ("[[anziehen]]\nprozent = {}", (0, 300), (-1,)),
        ("[[anziehen]]\npersonen = {}", (0, 300), (-1,)),
        ('[[ereignis]]\nname = "a"\npersonen = {}', (0, 0.5), (-1,)),
        ("[[ereignis]]\npersonen = 5\nname = {}", ('"a"',), ('""',)),
        (HOUSES + "anteil_von_aussen = 0\nwohnungen = {}", (0.1, 1), (0, -1)),
        (HOUSES + "wohnungen = 1\nanteil_von_aussen = {}", (0, 1), (-0.1, 1.1)),
        (HOUSES + "wohnungen = 1\nanteil_von_aussen = 0\npersonen_je_wohnung = {}", (0.1, 9), (0, -1)),
        (HOUSES + "wohnungen = 1\nanteil_von_aussen = 0\neinzug = {}", ("[1]", "[0, 1.0]"), ("[]", "[-0.5, 1.5]")),
        (HOME + "plaetze = {{ 2030 = {} }}", (0, 9), (-1,)),
        (HOME + "plaetze = {}", ("{ 1900 = 5 }", "{ 2299 = 5 }"), ("{ 1899 = 5 }", "{ 2300 = 5 }")),
        (HOME + "plaetze = {{ 2030 = 5 }}\nschliesst = 2040\nbleibeanteil = {}", (0, 1), (-0.1, 1.1)),
        ("schema = {}", (1,), (0, 2)),
    ],
)  # fmt: skip
def test_numbers_may_go_so_far_and_no_further(
    body: str, possible: tuple[object, ...], impossible: tuple[object, ...]
) -> None:
    key = body.rpartition("\n")[2].partition(" ")[0]
    for value in possible:
        Scenario.from_toml('name = "probe"\n' + body.format(value))
    for value in impossible:
        with pytest.raises(ScenarioError, match=key):
            Scenario.from_toml('name = "probe"\n' + body.format(value))


@pytest.mark.parametrize(
    ("home", "span"),
    [("plaetze = { 2031 = 80 }", "Plätze ab 31.12.2031, gerechnet wird 2021 bis 2030"),
     ("plaetze = { 2010 = 80 }\nschliesst = 2020", "Plätze ab 31.12.2010 bis 31.12.2020, gerechnet wird 2021 bis 2030"),
     ("plaetze = { 2025 = 0 }", "dort wohnt also nie jemand")],
)  # fmt: skip
def test_a_home_without_residents_in_the_run_is_refused(rates: xr.Dataset, home: str, span: str) -> None:
    body = f'[[sondergruppe]]\nname = "Heim"\ngebiet = "0101"\n{home}\nalter = {{ "65+" = 1.0 }}\n'
    with pytest.raises(ScenarioError, match="Zeile 5, sondergruppe 1: plaetze: „Heim“") as caught:
        applied(rates, body)
    assert span in str(caught.value)
    applied(rates, body.replace(home, "plaetze = { 2010 = 80 }\nschliesst = 2021"))


def test_a_removal_without_a_foundation_is_refused(rates: xr.Dataset) -> None:
    with pytest.raises(ScenarioError, match="Zeile 2, streichung 1: Es gibt keine Grundlage"):
        applied(rates, '[[streichung]]\nart = "halten"\nangabe = { alter = "18-30" }\n')


@pytest.mark.parametrize(
    "statement",
    [
        '[[ereignis]]\nname = "Zuzug"\npersonen = 1e308\nvon = 2026\nbis = 2026',
        "[[eckwert]]\npersonen = { 2028 = 1e15 }",
    ],
)
def test_a_slip_in_an_exponent_is_no_number_of_persons(statement: str) -> None:
    with pytest.raises(ScenarioError, match=r"personen: .* unmöglich groß"):
        Scenario.from_toml(f'schema = 1\nname = "eigenes"\n{statement}\n')


def test_a_year_in_a_message_is_the_year_of_the_document() -> None:
    with pytest.raises(ScenarioError, match="2028") as caught:
        Scenario.from_toml('schema = 1\nname = "eigenes"\n[[eckwert]]\npersonen = { 2028 = "9300" }\n')
    assert "2029" not in str(caught.value)
