"""Scenarios read aloud, with numbers in context and doubts where values are unusual."""

from __future__ import annotations

import json
import tomllib

import jsonschema
import numpy as np
import pytest
import xarray as xr

from zwkprognose.scenarios import Scenario
from zwkprognose.scenarios.compose import ADDRESS
from zwkprognose.scenarios.context import observed_birth_rates, observed_life_expectancy
from zwkprognose.scenarios.describe import ORDER
from zwkprognose.scenarios.scenario import BUNDLED
from zwkprognose.scenarios.schema import scenario_schema, schema_text

HARBOUR = """
name = "hafen"
titel = "Hafenquartier mit 300 Wohnungen"
text = "Vorschlag der Stadtplanung."

[[erstbezug]]
name = "Hafenquartier"
gebiet = "0101"
wohnungen = 300
von = 2028
anteil_von_aussen = 0.5

[[annahme]]
groesse = "zuzuege"
prozent = -50
von = 2030
staatsangehoerigkeit = "A"

[[annahme]]
groesse = "geburten"
ziel = 1.55
verlauf = "gleitend"
bis = 2035

[[halten]]
prozent = 20
alter = "18-30"
von = 2026

[[anziehen]]
personen = 1200
alter = "18-24"
von = 2027
text = "Neue Hochschule."

[[ereignis]]
name = "Fluchtjahr"
personen = 2500
von = 2027
bis = 2027
staatsangehoerigkeit = "A"

[[sondergruppe]]
name = "Pflegeheim"
gebiet = "0102"
plaetze = { 2026 = 80, 2030 = 120 }
schliesst = 2038
bleibeanteil = 0.5
alter = { "65-79" = 0.3, "80+" = 0.7 }

[[eckwert]]
personen = { 2030 = 115000, 2035 = 116500 }
"""


@pytest.fixture
def stock(rates: xr.Dataset) -> xr.DataArray:
    return xr.ones_like(rates["in_moves"])


def test_every_statement_is_read_aloud(rates: xr.Dataset, stock: xr.DataArray) -> None:
    text = Scenario.from_toml(HARBOUR).describe(rates, stock)
    assert text.splitlines()[0] == "Hafenquartier mit 300 Wohnungen."
    for said in (
        "Erstbezug Hafenquartier in Hafen: 300 Wohnungen, fertig 2028, mit 2,06 Personen je Wohnung (üblicher Wert), "
        "zusammen 618 Personen; davon kommen 50 % von außerhalb der Stadt, die anderen aus ihren übrigen Gebieten.",
        "Die Zuzüge (Staatsangehörigkeit Ausländerinnen und Ausländer) sind ab 2030 um 50 % niedriger als im "
        "Basiszeitraum.",
        "Die zusammengefasste Geburtenziffer verändert sich vom ersten Prognosejahr bis 2035 gleitend von bisher 3,64 "
        "auf 1,55 Kinder je Frau.",
        "Halten (18 bis 30 Jahre): Ab 2026 bleiben 20 % derer, die sonst fortziehen.",
        "Anziehen (18 bis 24 Jahre): Ab 2027 ziehen je Jahr 1.200 Personen mehr zu, verteilt wie die Zuzüge des "
        "Basiszeitraums. Grund: Neue Hochschule.",
        "Ereignis Fluchtjahr (Staatsangehörigkeit Ausländerinnen und Ausländer): Im Jahr 2027 ziehen 2.500 "
        "Personen zusätzlich zu, verteilt wie die Zuzüge des Basiszeitraums.",
        "Sondergruppe Pflegeheim in Mitte: 80 Plätze ab 31.12.2026 und 120 Plätze ab 31.12.2030, belegt: 30 % (65 bis "
        "79 "
        "Jahre) und 70 % (ab 80 Jahren); schließt am 31.12.2038; 50 % derer, die dort wohnen, bleiben dann in der "
        "Stadt, die anderen verlassen sie.",
        "Eckwert: Die Bevölkerung beträgt am 31.12.2030 genau 115.000 Personen und am 31.12.2035 genau 116.500 "
        "Personen; "
        "dazu werden Zu- und Fortzüge angepasst.",
    ):
        assert said in text


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        (
            '[[annahme]]\ngroesse = "zuzuege"\nprozent = 10\nvon = 2026\nbis = 2030',
            "sind von 2026 bis 2030 um 10 % höher",
        ),
        ('[[annahme]]\ngroesse = "zuzuege"\nprozent = 10\ndauer = 1', "sind im ersten Prognosejahr um 10 % höher"),
        (
            '[[annahme]]\ngroesse = "geburten"\nprozent = 5\nverlauf = "jaehrlich"\nvon = 2027\ndauer = 3',
            "steigen von 2027 bis 2029 jedes Jahr um 5 % und bleiben danach auf diesem Stand.",
        ),
        ('[[annahme]]\ngroesse = "zuzuege"\nziel = 1', "liegt ab dem ersten Prognosejahr bei 1 Person im Jahr."),
        (
            '[[ereignis]]\nname = "Uni"\npersonen = 1\nvon = 2027\nbis = 2027',
            "Im Jahr 2027 zieht 1 Person zusätzlich zu",
        ),
        ("[[anziehen]]\npersonen = 20\ndauer = 2", "In den ersten 2 Prognosejahren ziehen je Jahr 20 Personen mehr zu"),
        (
            '[[erstbezug]]\nname = "a"\ngebiet = "b"\nwohnungen = 1\nvon = 2030\nanteil_von_aussen = 1\n'
            'personen_je_wohnung = 1\neinzug = [0.1, 0.9]\nalter = { "0-17" = 0.3, "18+" = 0.7 }',
            "1 Wohnung, fertig 2030 (bezogen zu 10 % im selben Jahr und zu 90 % ein Jahr später), mit 1 Person je "
            "Wohnung, "
            "zusammen 1 Person; alle kommen von außerhalb der Stadt; im Alter: 30 % (0 bis 17 Jahre) und 70 % (ab 18 "
            "Jahren).",
        ),
        (
            '[[sondergruppe]]\nname = "a"\ngebiet = "b"\nplaetze = { 2026 = 1 }\nalter = { "80+" = 1.0 }\ngeschlecht '
            '= "w"',
            "1 Platz ab 31.12.2026, belegt: weiblich, alle (ab 80 Jahren).",
        ),
        ("[[eckwert]]\npersonen = { 2030 = 1 }", "beträgt am 31.12.2030 genau 1 Person; dazu"),
        (
            '[[halten]]\nprozent = 5\ngebiete = ["@rand"]\nvon = 2026\ndauer = 1\n[gebietstypen]\nrand = ["1"]',
            "Halten in Gebietstyp rand: Im Jahr 2026 bleiben 5 % derer, die sonst fortziehen.",
        ),
    ],
)
def test_numbers_years_and_shares_agree(statement: str, said: str) -> None:
    assert said in Scenario.from_toml(f'name = "x"\n{statement}\n').describe()


def test_unusual_values_are_doubted_and_kept(rates: xr.Dataset, stock: xr.DataArray) -> None:
    odd = Scenario.from_toml(
        'name = "x"\n[[annahme]]\ngroesse = "geburten"\nziel = 3.5\n'
        '[[annahme]]\ngroesse = "sterblichkeit"\nziel = 99\ngeschlecht = "m"\n'
        '[[annahme]]\ngroesse = "zuzuege"\nfaktor = 4\n[[annahme]]\ngroesse = "sterblichkeit"\nprozent = -5\n'
        'verlauf = "jaehrlich"\n[[annahme]]\ngroesse = "zuzuege"\nziel = 9\n'
    )
    doubts = odd.warnings(rates, stock)
    assert len(doubts) == 5
    assert "Zeile 4, annahme 1" in doubts[0] or "Zeile 2, annahme 1" in doubts[0]
    assert "3,5 ist ungewöhnlich" in doubts[0]
    assert odd.assumptions[0].goal == 3.5


@pytest.mark.parametrize(("turnover", "share"), [(0.05, "5 %"), (0.125, "12,5 %")])
def test_moves_that_nobody_counted_are_told_with_their_turnover(rates: xr.Dataset, turnover: float, share: str) -> None:
    body = '[[annahme]]\ngroesse = "geburten"\nfaktor = 1.1\n[[annahme]]\ngroesse = "zuzuege"\nfaktor = 1.1\n'
    scenario = Scenario.from_toml(f'name = "x"\n{body}[[halten]]\nprozent = 5\n')
    assumed = rates.assign_attrs(migration="residual", turnover=turnover)
    (said,) = (text for text in scenario.warnings(assumed) if "Umschlag" in text)
    assert said.startswith(
        "Szenario „x“, annahme 2 und halten 1: Zuzüge und Fortzüge sind nicht gezählt, sondern mit einem Umschlag von "
        f"{share} angenommen"
    )
    assert not any("Umschlag" in text for text in scenario.warnings(rates.assign_attrs(turnover=turnover)))


@pytest.mark.parametrize(
    ("said", "usual", "unusual"),
    [
        ('groesse = "zuzuege"\nfaktor = {}', (0.5, 1.5, 0), (0.49, 1.51)),
        ('groesse = "zuzuege"\nprozent = {}', (-50, 50), (-51, 51)),
        ('groesse = "zuzuege"\nverlauf = "jaehrlich"\nprozent = {}', (-3, 3), (-3.1, 3.1)),
        ('groesse = "zuzuege"\nziel = {}', (3640, 10_920), (3639, 10_921)),
        # Germany: 1.2425 children in 1994 and 1.7322 in 1972; women lived 79.007 years in 1991/93, 83.401 in 2022/24
        ('groesse = "geburten"\nziel = {}', (1.25, 1.73), (1.24, 1.74)),
        ('groesse = "sterblichkeit"\ngeschlecht = "w"\nziel = {}', (79.1, 91.4), (79.0, 91.5)),
    ],
)
def test_doubts_begin_where_their_sentence_says(
    said: str, usual: tuple[float, ...], unusual: tuple[float, ...], rates: xr.Dataset, stock: xr.DataArray
) -> None:
    """Today 7,280 come: 10 to each of 91 ages of two sexes and groups in two quarters."""
    for value, doubts in [*((v, 0) for v in usual), *((v, 1) for v in unusual)]:
        found = Scenario.from_toml(f'name = "x"\n[[annahme]]\n{said.format(value)}\n').warnings(rates, stock)
        assert len(found) == doubts, (value, found)


ALONE = (
    "Der Wert gilt allein für den 31.12.2030: Was bis dahin fehlt, zieht im Jahr 2030 auf einmal zu oder fort; "
    'verlauf = "gleitend" verteilt es auf die Jahre davor.'
)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ('personen = { 2030 = 728 }\nverlauf = "gleitend"', []),
        ("personen = { 2030 = 728 }", [ALONE]),
        ('personen = { 2030 = 7280 }\nverlauf = "gleitend"',
         ["Von 728 am 31.12.2020 auf 7.280 am 31.12.2030 müsste die Bevölkerung jedes Jahr um 25,9 % wachsen; üblich "
          "sind bis 3 %."]),
        ("personen = { 2030 = 728, 2031 = 600 }",
         [ALONE, "Von 728 am 31.12.2030 auf 600 am 31.12.2031 müsste die Bevölkerung jedes Jahr um 17,6 % schrumpfen; "
          "üblich sind bis 3 %."]),
        ('gebiete = ["Hafen"]\npersonen = { 2021 = 380 }', []),
        ('gebiete = ["Hafen"]\nalter = "0-9"\npersonen = { 2021 = 60 }',
         ["Von 40 am 31.12.2020 auf 60 am 31.12.2021 müsste die Bevölkerung jedes Jahr um 50 % wachsen; üblich sind "
          "bis 10 %."]),
    ],
)  # fmt: skip
def test_eckwerte_that_ask_for_unusual_growth_are_doubted(
    body: str, said: list[str], rates: xr.Dataset, stock: xr.DataArray
) -> None:
    scenario = Scenario.from_toml(f'name = "x"\n[[eckwert]]\n{body}\n')
    place = "Szenario „x“, Zeile 2, eckwert 1: "
    named = stock.assign_coords(year_end=2020, area_name=rates["area_name"])
    assert scenario.warnings(rates, named) == [place + text for text in said]
    assert scenario.warnings(rates) == ([place + text for text in said[1:]] if "2031" in body else [])


@pytest.mark.parametrize(("persons", "doubted"), [(757, False), (758, True), (699, False), (698, True)])
def test_a_bend_of_a_path_is_doubted_from_a_thousandth_of_the_population_on(
    persons: int, doubted: bool, rates: xr.Dataset, stock: xr.DataArray
) -> None:
    """728 at first and in 2021, then 40 years in which 0.725 or 0.75 persons more or fewer come each year."""
    scenario = Scenario.from_toml(
        f'name = "x"\n[[eckwert]]\npersonen = {{ 2021 = 728, 2061 = {persons} }}\nverlauf = "gleitend"\n'
    )
    told = scenario.warnings(rates, stock.assign_coords(year_end=2020, area_name=rates["area_name"]))
    assert ["Am 31.12.2021 hat der Weg einen Knick" in text for text in told] == [True] * doubted


@pytest.mark.parametrize(
    ("stay", "sentence"),
    [("", "alle, die dort wohnen, verlassen dann die Stadt."),
     ("bleibeanteil = 1.0", "alle, die dort wohnen, bleiben dann in der Stadt.")],
)  # fmt: skip
def test_where_people_go_when_a_home_closes(stay: str, sentence: str) -> None:
    home = f'[[sondergruppe]]\nname = "a"\ngebiet = "1"\nplaetze = {{ 2026 = 8 }}\nschliesst = 2030\n{stay}\n'
    text = Scenario.from_toml(f'name = "x"\n{home}alter = {{ "65+" = 1.0 }}\n').describe()
    assert text.endswith(f"schließt am 31.12.2030; {sentence}")


@pytest.mark.parametrize("name", list(BUNDLED))
def test_bundled_scenarios_raise_no_doubts(name: str, rates: xr.Dataset, stock: xr.DataArray) -> None:
    assert Scenario.bundled(name).warnings(rates, stock) == []


def test_observed_ranges_are_those_published() -> None:
    """Total fertility rate of Germany, ages 15 to 49: 1.732 in 1972, 1.243 in 1994 (table 12612-0009);
    life expectancy 1991/93: 72.47 and 79.01 years, 2022/24: 78.5 and 83.2 (life tables)."""
    np.testing.assert_allclose(observed_birth_rates(), (1.243, 1.732), atol=0.001)
    assert observed_life_expectancy("male")[0] == pytest.approx(72.47, abs=0.05)
    assert observed_life_expectancy("female")[0] == pytest.approx(79.01, abs=0.15)


def test_the_schema_accepts_what_the_reader_accepts() -> None:
    document = tomllib.loads(HARBOUR)
    jsonschema.validate(document, scenario_schema())
    assert json.loads(schema_text()) == scenario_schema()
    for wrong in ({"name": "a", "titl": "b"}, {"titel": "b"}, {"name": "a", "annahme": [{"groesse": "x"}]}):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(wrong, scenario_schema())


def test_every_bundled_document_follows_the_schema() -> None:
    for name in BUNDLED:
        jsonschema.validate(Scenario.bundled(name).document(), scenario_schema())
    assert np.all([Scenario.bundled(n).text for n in BUNDLED])


def test_types_of_areas_that_nothing_speaks_of_are_told() -> None:
    types = '[gebietstypen]\nzentrum = ["0101"]\nalle = ["@zentrum", "0102"]\n'
    assert Scenario.from_toml(f'name = "x"\n{types}[[halten]]\nprozent = 5\ngebiete = ["@alle"]\n').warnings() == []
    (said,) = Scenario.from_toml(f'name = "x"\n{types}').warnings()
    assert said == (
        "Szenario „x“, Zeile 4, gebietstypen: alle: Dieser Gebietstyp kommt in keiner Angabe vor und bewirkt nichts."
    )


@pytest.mark.parametrize(
    ("course", "doubted"), [('verlauf = "jaehrlich"', True), ('verlauf = "gleitend"\nbis = 2030', True), ("", False)]
)
def test_slow_changes_that_began_before_the_projection_are_doubted(
    course: str, doubted: bool, rates: xr.Dataset, stock: xr.DataArray
) -> None:
    body = f'[[annahme]]\ngroesse = "sterblichkeit"\nprozent = -1\nvon = 2015\n{course}\n'
    said = Scenario.from_toml(f'name = "x"\n{body}').warnings(rates, stock.assign_coords(year_end=2020))
    expected = "„von“ (2015) liegt vor dem ersten Prognosejahr (2021); was bis dahin geschehen sein sollte, wirkt"
    assert [expected in text for text in said] == [True] * doubted
    assert Scenario.from_toml(f'name = "x"\n{body}').warnings(rates, stock.assign_coords(year_end=2014)) == []


def test_what_is_decided_is_read_first_and_areas_by_their_names() -> None:
    text = (
        'name = "a"\n[[annahme]]\ngroesse = "zuzuege"\ngebiete = ["0101", "@neu"]\nprozent = 5\n'
        '[[eckwert]]\npersonen = { 2030 = 1000 }\n'
        '[[erstbezug]]\nname = "Kai"\ngebiet = "0102"\nwohnungen = 10\nvon = 2026\nanteil_von_aussen = 1.0\n'
        '[gebietstypen]\nneu = ["0102"]\n'
    )
    scenario = Scenario.from_toml(text)
    stock = xr.DataArray(
        [1.0, 2.0], dims="area",
        coords={"area": ["0101", "0102"], "area_name": ("area", ["Mitte", "Moabit"]), "year_end": 2024},
    )  # fmt: skip
    lines = scenario.describe(None, stock).splitlines()
    assert lines[1] == "Gebietstyp neu: Moabit."
    assert lines[2].startswith("– Erstbezug Kai in Moabit: 10 Wohnungen")
    assert lines[3].startswith("– Die Zuzüge in Mitte und Gebietstyp neu sind")
    assert lines[4].startswith("– Eckwert: ")
    assert "in 0102" in scenario.describe()
    twice = stock.assign_coords(area_name=("area", ["Mitte", "Mitte"]))
    assert scenario.describe(None, twice) == scenario.describe()


def test_the_order_names_every_kind_of_statement() -> None:
    assert set(ORDER) == set(ADDRESS)
