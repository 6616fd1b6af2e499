"""The project document: what is asked is read, what is impossible is refused with its line."""

from __future__ import annotations

import tomllib
from pathlib import Path

import jsonschema
import pytest
import xarray as xr

from zwkprognose.errors import ScenarioError
from zwkprognose.projects import load_project, run_project, scenarios_of
from zwkprognose.projects.horizon import far_ahead
from zwkprognose.projects.schema import project_schema

HEAD = 'name = "probe"\n'
TABLES = '[daten]\nbestand = "b.csv"\n'
UNTIL = "[prognose]\nbis = 2030\n"


def refused(text: str) -> str:
    with pytest.raises(ScenarioError) as caught:
        scenarios_of(load_project(text))
    return str(caught.value)


def test_german_keys_reach_their_places() -> None:
    project = load_project(
        HEAD + '[daten]\nbestand = ["a.csv", "b.csv"]\ngebiete = "04*"\noffen_ab = 90\n'
        '[raten]\nk = 50\nbasisjahre = [2020, 2023]\nsterbetafel = "2020/22"\n'
        "[prognose]\nbasisjahr = 2023\nbis = 2040\nszenarien = [\"mittlere\"]\n[ausgabe]\nnur_intern = true\n"
    )  # fmt: skip
    assert project.data.stocks == ("a.csv", "b.csv")
    assert project.data.areas == ("04*",)
    assert project.rates.options()["shrinkage"] == 50
    assert project.rates.options()["base_years"] == (2020, 2023)
    assert project.rates.options()["mortality_period"] == "2020/22"
    assert project.horizon.base_year == 2023
    assert project.publication.internal is True
    assert [s.name for s in scenarios_of(project)] == ["middle"]


def test_options_are_arguments_of_the_estimation() -> None:
    import inspect

    from zwkprognose.rates import estimate_rates

    options = load_project(HEAD + TABLES + UNTIL).rates.options()
    assert set(options) <= set(inspect.signature(estimate_rates).parameters)


def test_what_is_not_said_about_rates_is_what_the_estimation_does_by_itself() -> None:
    import inspect

    from zwkprognose.rates import estimate_rates

    defaults = {name: p.default for name, p in inspect.signature(estimate_rates).parameters.items()}
    options = load_project(HEAD + TABLES + UNTIL).rates.options()
    assert options == {name: defaults[name] for name in options}
    assert set(defaults) - set(options) == {"inputs", "rate_groups"}


def test_every_option_of_the_rates_has_a_german_key() -> None:
    said = (
        '[raten]\nwanderung = "register"\numzugsziele = "matrix"\nhalbwertszeit = "keine"\nausreisser = "daempfen"\n'
        "fortdauer = 0.4\numschlag = 0.1\n"
    )
    options = load_project(HEAD + TABLES + said + UNTIL).rates.options()
    wanted = {"migration": "register", "destinations": "matrix", "half_life": None, "outliers": "downweight"}
    assert options | wanted | {"persistence": 0.4, "turnover": 0.1} == options
    assert "fortdauer" in refused(HEAD + TABLES + "[raten]\nfortdauer = 3\n" + UNTIL)
    for odd in ("'oft'", "0", "true", "nan"):
        message = refused(HEAD + TABLES + f"[raten]\nhalbwertszeit = {odd}\n" + UNTIL)
        assert 'halbwertszeit: hier muss eine Zahl von Jahren größer als 0 stehen, oder "keine"' in message


def test_scenarios_may_be_named_filed_or_written_into_the_project(tmp_path: Path) -> None:
    (tmp_path / "hafen.toml").write_text('name = "hafen"\n', encoding="utf-8")
    (tmp_path / "p.toml").write_text(
        HEAD + TABLES + UNTIL + 'szenarien = ["natural", "hafen.toml"]\n[[szenario]]\nname = "eigen"\n',
        encoding="utf-8",
    )
    assert [s.name for s in scenarios_of(load_project(tmp_path / "p.toml"))] == ["natural", "hafen", "eigen"]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (HEAD + UNTIL, "daten: diese Angabe fehlt"),
        (HEAD + TABLES, "prognose: diese Angabe fehlt"),
        (HEAD + "[daten]\n" + UNTIL, "Zeile 2, daten: genau eine der Angaben „beispiel“ und „bestand“"),
        (HEAD + '[daten]\nbeispiel = "bonn"\n' + UNTIL, "ist nicht möglich; möglich sind „berlin“"),
        (HEAD + TABLES + "gebeite = 1\n" + UNTIL, "gemeint ist vielleicht „gebiete“"),
        (HEAD + TABLES + '[prognose]\nbis = "bald"\n', "Zeile 5, prognose: bis: hier muss eine ganze Zahl stehen"),
        (HEAD + TABLES + UNTIL + 'szenarien = ["mitle"]\n', "Zeile 6, prognose: szenarien 1: Ein mitgeliefertes"),
        (HEAD + TABLES + UNTIL + 'szenarien = ["lower", "untere"]\n', "Der Name „lower“ kommt zweimal vor"),
        (HEAD + TABLES + UNTIL + 'szenarien = ["fehlt.toml"]\n', "fehlt.toml gibt es nicht"),
        (HEAD + TABLES + UNTIL + "[raten]\nk = -1\n", "Zeile 7, raten: k: der Wert -1 ist kleiner als 0"),
        (
            HEAD + TABLES + UNTIL + '[[szenario]]\nname = "s"\n[[szenario.annahme]]\ngroesse = "zuzuege"\n',
            "Zeile 8, szenario 1: annahme 1: genau eine der Angaben",
        ),
    ],
)
def test_mistakes_are_named(text: str, sentence: str) -> None:
    assert sentence in refused(text)


SERVICE = '[[bedarf]]\ntitel = "x"\nquelle = "y"\n'
HOMES = '[haushalte]\nquoten = "q.csv"\nquelle = "y"\nwohnungen = "w.csv"\n'


@pytest.mark.parametrize(
    ("said", "possible", "impossible"),
    [
        (UNTIL + TABLES + "schluesselstellen = {}", (2, 12), (1, 13)),
        (UNTIL + TABLES + "offen_ab = {}", (60, 120), (59, 121)),
        (UNTIL + TABLES + "[daten.zeichen]\ngroesste_geheime = {}", (1, 9), (0, -1)),
        (UNTIL + TABLES + "[raten]\ngeburten_rueckkehr = {}", (1, 100), (0, 101)),
        (UNTIL + TABLES + "[raten]\nbasisjahre = {}", ("[1900]", "[2300]"), ("[]", "[1899]", "[2301]")),
        (UNTIL + TABLES + "[raten]\nk = {}", (0, 1e9), (-0.1, 2e9)),
        (UNTIL + TABLES + "[raten]\nfortdauer = {}", (0, 1), (-0.1, 1.1)),
        (UNTIL + TABLES + "[raten]\numschlag = {}", (0, 0.2), (-0.1, 0.21)),
        (TABLES + UNTIL + "ziehungen = {}", (1, 10_000), (0, -1)),
        (TABLES + UNTIL + "startzahl = {}", (0, 7), (-1, -2)),
        (TABLES + UNTIL + 'gesamtzahlen = "trend"\n[prognose.eckwert_amtlich]\npersonen = {{ 2030 = {} }}',
         (0.1, 5), (0, -1)),
        (TABLES + UNTIL + 'gesamtzahlen = "trend"\n[prognose.eckwert_amtlich]\npersonen = {{ 2030 = 9 }}\nfehler = {}',
         (0.0, 0.1), (-0.01, 0.11)),
        (TABLES + UNTIL + HOMES + "groesse_offen = {}", (1.1, 20), (1, 20.1)),
        (TABLES + UNTIL + HOMES + "reserve = {}", (0, 0.99), (-0.1, 1)),
        (TABLES + UNTIL + SERVICE + 'anteile = [{{ alter = "3", anteil = 1 }}, {{ alter = "4", anteil = {} }}]',
         (0, 1), (-0.1, 1.1)),
        (TABLES + UNTIL + '[[bedarf]]\nquote = "einschulung"\neinschulungsquote = {}', (0.1, 1), (0, 1.1)),
        (TABLES + UNTIL + '[[bedarf]]\nquote = "pflege"\nbis = 2030\nfaktor = {}', (0.1, 30), (0, -1)),
        (TABLES + UNTIL + '[[bedarf]]\nquote = "pflege"\nverlauf = {{ 2030 = {} }}', (0.1, 30), (0, -1)),
        (TABLES + UNTIL + '[[bedarf]]\nquote = "pflege"\nplaetze = "p.csv"\nreserve = {}', (0, 0.99), (-0.1, 1)),
        (TABLES + UNTIL + '[[profil.sitze]]\ntitel = "x"\nquelle = "y"\npersonen_je_sitz = {}', (1, 3000), (0.9, 0)),
        (TABLES + UNTIL + "[ausgabe]\nordner = {}", ('"a"',), ('""',)),
    ],
)  # fmt: skip
def test_numbers_may_go_so_far_and_no_further(
    said: str, possible: tuple[object, ...], impossible: tuple[object, ...]
) -> None:
    key = said.rpartition("\n")[2].partition(" ")[0]
    for value in possible:
        load_project(HEAD + said.format(value))
    for value in impossible:
        assert key in refused(HEAD + said.format(value)), value


def test_a_scenario_inside_a_project_knows_its_line() -> None:
    project = load_project(
        HEAD + TABLES + UNTIL + '[[szenario]]\nname = "s"\n[[szenario.annahme]]\ngroesse = "zuzuege"\nfaktor = 0\n'
        'gebiete = ["01"]\n'
    )
    assert scenarios_of(project)[0].place("annahme", 0, "gebiete", 0) == (
        "Szenario „s“, Zeile 11, szenario 1: annahme 1: gebiete 1"
    )


def test_totals_and_draws_reach_the_projection() -> None:
    import inspect

    from zwkprognose.engine import project

    document = HEAD + TABLES + UNTIL + 'gesamtzahlen = "geschrumpft"\nziehungen = 10\nstartzahl = 3\n'
    stated = load_project(document).horizon
    assert stated.options() == {"totals": "shrunk", "draws": 10, "seed": 3}
    assert set(stated.options()) <= set(inspect.signature(project).parameters)
    assert load_project(HEAD + TABLES + UNTIL).horizon.options() == {}


def test_every_word_for_totals_is_a_rule_and_others_are_refused() -> None:
    from zwkprognose.projects.document import TOTALS
    from zwkprognose.rates.totals import RULES

    assert set(TOTALS.values()) == set(RULES)
    with pytest.raises(ScenarioError, match=r"möglich sind .*geschrumpft"):
        load_project(HEAD + TABLES + UNTIL + 'gesamtzahlen = "shrunk"\n')


def test_moves_of_the_city_by_year_and_nationality_are_read_and_written_as_they_stand(tmp_path: Path) -> None:
    said = (
        "bewegungen.zuzuege = { 2022 = { D = 3600, A = 5900 }, 2023 = { D = 3500, A = 5100 } }\n"
        "bewegungen.fortzuege = { 2022 = { D = 3900, A = 3800 }, 2023 = { D = 3900, A = 4100 } }\n"
    )
    text = f'name = "a"\n[daten]\nbeispiel = "bremerhaven"\n[raten]\n{said}[prognose]\nbis = 2026\n'
    read = load_project(text)
    moves = read.rates.options()["city_moves"]
    assert moves["in_moves"] == {2022: {"german": 3600, "foreign": 5900}, 2023: {"german": 3500, "foreign": 5100}}
    jsonschema.validate(tomllib.loads(text), project_schema())
    run = run_project(read, out=tmp_path / "aus")
    again = load_project(run.folder / "projekt.toml")
    assert again.rates == read.rates
    assert again.document()["raten"]["bewegungen"]["zuzuege"]["2022"] == {"D": 3600, "A": 5900}
    for wrong in ('"viele"', "{}", "{ D = true }", "[9000]"):
        with pytest.raises(ScenarioError, match="zuzuege: hier muss eine Zahl von Personen stehen"):
            load_project(text.replace("{ 2022 = { D = 3600, A = 5900 }, 2023 = { D = 3500, A = 5100 } }", wrong))


@pytest.mark.parametrize(("until", "years"), [(2080, None), (2081, 61), (2300, 280)])
def test_a_last_year_is_far_ahead_from_sixty_years_after_the_last_stock(until: int, years: int | None) -> None:
    inputs = xr.Dataset(coords={"year_end": [2010, 2015, 2020]})
    found = far_ahead(load_project(HEAD + TABLES + f"[prognose]\nbis = {until}\n"), inputs).frame
    assert len(found) == (years is not None)
    if years:
        assert f"Gerechnet wird bis {until}, {years} Jahre über den letzten Bestand" in found["message"].item()
        assert found["severity"].item() == "warning"
