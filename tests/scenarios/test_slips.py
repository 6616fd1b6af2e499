"""Slips in calls and documents: each is refused in German where it stands, none ends in an exception of Python."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import xarray as xr

from zwkprognose import estimate_rates, load_example, prepare, project
from zwkprognose.engine import Eckwert
from zwkprognose.errors import ScenarioError, ScenarioWarning, ZwkError
from zwkprognose.evaluation import Case, evaluate_milestones, reach
from zwkprognose.scenarios import Scenario, apply_scenario, cross, totals_of, unfolded

INPUTS = load_example("bremerhaven")
RATES = estimate_rates(INPUTS)
STOCK = INPUTS["population"].isel(year_end=-1)
START = int(STOCK["year_end"])
MIDDLE = Scenario.bundled("middle")
CASE = Case(INPUTS, RATES, MIDDLE)
MOVES = '[[annahme]]\ngroesse = "zuzuege"\n'
HOUSES = '[[erstbezug]]\nname = "Hang"\nwohnungen = 9\nvon = 2025\nanteil_von_aussen = 0.5\ngebiet = '


@pytest.fixture(scope="module")
def family() -> xr.Dataset:
    return project(INPUTS, RATES, cross(tfr=[1.3, 1.7], in_moves=[0.5, 1.0]), until=START + 1)


def ahead(**options: Any) -> xr.Dataset:
    return project(INPUTS, RATES, until=START + 2, **options)


def eckwert(values: list[Any], years: list[int]) -> Eckwert:
    return Eckwert("E", xr.DataArray(values, {"year_end": ("year_end", years)}, "year_end"))


#: A call with the wrong thing, and words of the refusal.
CALLS: list[tuple[Callable[[], object], str]] = [
    (lambda: Scenario.from_toml(None), "nicht als None"),  # type: ignore[arg-type]
    (lambda: Scenario.from_toml({"name": "x"}), "nicht als dict"),  # type: ignore[arg-type]
    (lambda: Scenario.from_json(b'{"name": "x"}'), "nicht als bytes"),  # type: ignore[arg-type]
    (lambda: Scenario.from_toml(""), "Das Dokument ist leer"),
    (lambda: Scenario.from_json('[{"name": "x"}]'), "sondern eine Liste"),
    (lambda: Scenario.model_validate_json(b"\xff{}"), "nicht in UTF-8"),
    (lambda: Scenario.from_document(None), "Angaben der Form"),  # type: ignore[arg-type]
    (lambda: Scenario(name="x", foo=3), "foo: diese Angabe ist unbekannt"),
    (lambda: Scenario(), "name: diese Angabe fehlt"),
    (lambda: Scenario.bundled(None), "„None“ gibt es nicht"),  # type: ignore[arg-type]
    (lambda: MIDDLE | "upper", "nicht „upper“"),  # type: ignore[operator]
    (lambda: MIDDLE.plus(None), "nicht None"),  # type: ignore[arg-type]
    (lambda: MIDDLE.diff("upper"), "nicht „upper“"),  # type: ignore[arg-type]
    (lambda: MIDDLE.renamed("mein Name"), "unerlaubte Zeichen"),
    (lambda: MIDDLE.describe(RATES, STOCK, until=START), f"möglich ist ein Jahr ab {START + 1}"),
    (lambda: MIDDLE.describe(RATES, STOCK, until="2030"), "ist „2030“"),  # type: ignore[arg-type]
    (lambda: MIDDLE.describe(RATES, INPUTS["population"], until=2030), "einzelnen 31.12."),
    (lambda: cross(tfr=1.3), "Achse „tfr“: Hier muss eine Liste von Zahlen stehen, nicht „1,3“"),  # type: ignore[arg-type]
    (lambda: cross(tfr=["1.3"]), "nicht „1.3“"),  # type: ignore[list-item]
    (lambda: cross(tfr=[]), "nicht leer"),
    (lambda: cross(tfr=[1.3, 1.3]), "1,3 steht zweimal da"),
    (lambda: cross("middle", tfr=[1.3]), "nicht „middle“"),  # type: ignore[arg-type]
    (lambda: unfolded("family", tfr=[1.3]), "nicht „family“"),  # type: ignore[arg-type]
    (lambda: unfolded(ahead(), tfr=[1.3]), "enthält kein Szenario"),
    (lambda: totals_of(ahead(), [2100]), "„2100“ enthält die Vorausberechnung nicht"),
    (lambda: totals_of(ahead(), ["2025"]), "„2025“ enthält die Vorausberechnung nicht"),  # type: ignore[list-item]
    (lambda: totals_of(ahead(), START + 1), "eine Liste von Jahren"),  # type: ignore[arg-type]
    (lambda: totals_of(ahead(scenario=[MIDDLE, Scenario.bundled("upper")]), [START + 1]), "mehrere Szenarien"),
    (lambda: totals_of(RATES, [START + 1]), "eine Vorausberechnung nötig"),
    (lambda: reach(CASE, persons="9", year=2030), "Das Ziel (persons) ist „9“"),  # type: ignore[arg-type]
    (lambda: reach(CASE, persons=float("nan"), year=2030), "nötig ist eine Personenzahl"),
    (lambda: reach(CASE, persons=-1, year=2030), "nötig ist eine Personenzahl"),
    (lambda: reach(CASE, persons=9, year="2030"), "keine ganze Zahl: „2030“"),  # type: ignore[arg-type]
    (lambda: reach(CASE, persons=9, year=2030, lever="zuzüge"), "Einen Hebel „zuzüge“"),  # type: ignore[arg-type]
    (lambda: reach(CASE, persons=9, year=2030, areas=[]), "nötig sind Schlüssel oder Namen"),
    (lambda: reach(CASE, persons=9, year=2030, areas=["Bremerhavn"]), "Gemeint ist vielleicht"),
    (lambda: reach(CASE, persons=9, year=2030, ages="unter 18"), "ist keine Altersangabe"),
    (lambda: reach(CASE, persons=9, year=2030, ages=(0, 99)), "keine einzelnen Alter"),
    (lambda: reach(INPUTS, persons=9, year=2030), "nicht zu Dataset"),  # type: ignore[arg-type]
    (lambda: Case(INPUTS, RATES, "middle"), "nicht „middle“"),  # type: ignore[arg-type]
    (lambda: prepare(INPUTS, RATES, until=2030).population({"zuzuege": "1.1"}), "Hebel „zuzuege“: Hier muss eine Zahl"),  # type: ignore[dict-item]
    (lambda: prepare(INPUTS, RATES, until=2030).population(by=3), "Nach „3“"),  # type: ignore[arg-type]
    (lambda: prepare(INPUTS, RATES, until=2030, levels=["Amt"]), "Die Ebenen (levels)"),  # type: ignore[arg-type]
    (lambda: prepare(INPUTS, RATES, until=2030, levels={"": {}}), "kann nicht „“ heißen"),
    (
        lambda: prepare(INPUTS, RATES, until=2030, levels={"Amt": dict.fromkeys(INPUTS["area"].values, "")}),
        "ohne Gruppe",
    ),
    (lambda: project(INPUTS, RATES, until=99_999), "liegt zu weit voraus"),
    (lambda: ahead(eckwerte=["Gesamtzahl"]), "Statt „Eckwert“ wurde der Text „Gesamtzahl“ übergeben"),
    (lambda: ahead(eckwerte=[None]), "Statt „Eckwert“ wurde nichts (None) übergeben"),
    (lambda: ahead(eckwerte=[eckwert(["9"], [START + 1])]), "kein DataArray von Zahlen"),
    (lambda: ahead(eckwerte=[Eckwert("E", {START + 1: 9.0})]), "kein DataArray von Zahlen"),  # type: ignore[arg-type]
    (lambda: ahead(eckwerte=[eckwert([9.0, 8.0], [START + 1, START + 1])]), "ein Jahr steht zweimal da"),
    (lambda: ahead(sondergruppen=["Heim"]), "Statt „Sondergruppe“ wurde"),
    (lambda: ahead(erstbezug=[]), "Statt „Erstbezug“ wurde eine Liste übergeben"),
    (lambda: ahead(threads="2"), "Mit „2“ Threads"),
    (lambda: ahead(draws=3, uncertainty="ja"), "Statt „Uncertainty“ wurde"),
    (lambda: evaluate_milestones(RATES, "[[meilenstein]]\nname='a'\nziel=1\n"), "brauchen Bestände"),
    (lambda: evaluate_milestones(ahead(), None), "nicht als None"),  # type: ignore[arg-type]
    (lambda: evaluate_milestones(ahead(), "[[meilenstein]]\nname='a'\nziel=1\n", inputs=RATES), "Als inputs"),
]


@pytest.mark.parametrize(("call", "words"), CALLS, ids=[words for _, words in CALLS])
def test_the_wrong_thing_handed_on_is_refused_in_german(call: Callable[[], object], words: str) -> None:
    with pytest.raises(ZwkError) as caught:
        call()
    assert words in str(caught.value)
    assert caught.value.remedy


@pytest.mark.parametrize(
    "axes",
    [
        {"tfr": [1.3, 1.7]}, {"tfr": [1.3], "in_moves": [1.0]}, {"tfr": [1.3, 1.4], "in_moves": [0.5, 1.0]},
        {"tfr": [1.3, 1.7, 1.5], "in_moves": [0.5, 1.0]}, {"tfr": [1.3, 1.7], "births": [0.5, 1.0]}, {},
    ],
)  # fmt: skip
def test_axes_that_are_not_those_of_the_family_are_refused(family: xr.Dataset, axes: dict[str, list[float]]) -> None:
    with pytest.raises(ScenarioError, match="tfr-1_3_in_moves-0_5"):
        unfolded(family, **axes)


def test_axes_and_levels_may_come_in_any_order_and_as_any_numbers(family: xr.Dataset) -> None:
    shuffled = family.isel(scenario=[2, 0, 3, 1])
    found = unfolded(shuffled, in_moves=np.array([1, 0.5]), tfr=(1.7, 1.3))
    for tfr in (1.3, 1.7):
        for factor in (0.5, 1.0):
            name = f"tfr-{tfr}_in_moves-{factor:g}".replace(".", "_")
            one = found["population"].sel(tfr=tfr, in_moves=factor)
            xr.testing.assert_equal(
                one.drop_vars(["tfr", "in_moves"]), family["population"].sel(scenario=name, drop=True)
            )


def test_several_settings_of_levers_have_names_of_their_own() -> None:
    case = prepare(INPUTS, RATES, until=START + 1)
    asked = [{"tfr": 1.5}, {"halten": 10}, {"anziehen": 5}, {"zuzuege": 1.1, "tfr": 1.5}]
    together = case.population(asked)  # type: ignore[arg-type]
    assert together["scenario"].values.tolist() == ["tfr-1_5", "halten-10", "anziehen-5", "zuzuege-1_1_tfr-1_5"]
    for one, alone in zip(asked, together, strict=True):
        np.testing.assert_array_equal(alone.values, case.population(one).values)  # type: ignore[arg-type]


def test_numbers_of_numpy_and_documents_of_one_line_are_read() -> None:
    said = {"name": "x", "annahme": [{"groesse": "zuzuege", "prozent": np.float64(10), "von": np.int64(2026)}]}
    assert Scenario.from_document(said).assumptions[0].first_year == 2026
    assert Scenario.from_toml('name = "x"').name == "x"
    assert Scenario.bundled("  Mittlere   Variante ").name == "middle"


#: The same statement in other words, first and second.
SAME = [
    (MOVES + "prozent = 10", MOVES + "faktor = 1.1"),
    (MOVES + "prozent = 10", MOVES + 'prozent = 10\ngebiete = ["*"]'),
    (MOVES + 'prozent = 10\ngebiete = ["0101"]', MOVES + 'prozent = 10\ngebiete = ["Hafen"]'),
    (MOVES + "prozent = 10", MOVES + 'prozent = 10\nalter = "0+"'),
    (MOVES + "prozent = 10", MOVES + "prozent = 10\nvon = 2021"),
    (MOVES + "prozent = 10\nvon = 2022\nbis = 2023", MOVES + "prozent = 10\nvon = 2022\ndauer = 2"),
    (HOUSES + '"0101"', HOUSES + '"Hafen"'),
    ('[[eckwert]]\npersonen = { 2025 = 9 }', '[[eckwert]]\ngebiete = ["01*"]\npersonen = { 2025 = 9 }'),
    (
        '[[ereignis]]\nname = "a"\npersonen = 9\nvon = 2025\nbis = 2025',
        '[[ereignis]]\nname = "a"\npersonen = 9\nvon = 2025\ndauer = 1',
    ),
]  # fmt: skip


@pytest.mark.parametrize(("first", "second"), SAME)
def test_the_same_statement_in_other_words_is_refused(rates: xr.Dataset, first: str, second: str) -> None:
    stock = xr.ones_like(rates["in_moves"]).assign_coords(area_name=rates["area_name"])
    both = Scenario.from_toml(f'name = "x"\n{first}\n{second}\n')
    with pytest.raises(ScenarioError, match=r"2: Dasselbe sagt schon .* 1"):
        apply_scenario(rates, both, range(2021, 2031), stock=stock)


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [
        (MOVES + "prozent = 10", "[[anziehen]]\nprozent = 5", "annahme 1 und diese Angabe gelten beide"),
        (
            '[[annahme]]\ngroesse = "fortzuege"\nprozent = -10',
            "[[halten]]\nprozent = 5",
            "gelten beide für die Jahre ab 2021",
        ),
        (
            MOVES + 'prozent = 10\ngebiete = ["0101", "0102"]',
            MOVES + 'prozent = 5\ngebiete = ["0102", "0103"]',
            "gelten beide für Mitte und die Jahre ab 2021",
        ),
    ],
)
def test_statements_that_share_some_people_are_told(rates: xr.Dataset, first: str, second: str, said: str) -> None:
    third = rates.isel(area=[0]).assign_coords(area=["0103"], area_name=("area", ["Süd"]))
    wide = xr.concat([rates, third], "area", join="outer", data_vars="minimal")
    stock = xr.ones_like(wide["in_moves"]).assign_coords(area_name=wide["area_name"])
    both = Scenario.from_toml(f'name = "x"\n{first}\n{second}\n')
    with pytest.warns(ScenarioWarning, match=said):
        apply_scenario(wide, both, range(2021, 2031), stock=stock)


@pytest.mark.parametrize(
    ("areas", "said"),
    [(3, "A, B und C"), (4, "A, B, C und 1 weiteres Gebiet"), (5, "A, B, C und 2 weitere Gebiete")],
)
def test_of_many_shared_areas_three_are_named(rates: xr.Dataset, areas: int, said: str) -> None:
    keys = [f"0{k}" for k in range(areas + 2)]
    wide = rates.isel(area=[0] * len(keys)).assign_coords(area=keys, area_name=("area", list("ABCDEXY"[:areas] + "XY")))
    stock = xr.ones_like(wide["in_moves"]).assign_coords(area_name=wide["area_name"])
    one, other = (str(keys[:-1]).replace("'", '"'), str([*keys[:-2], keys[-1]]).replace("'", '"'))
    both = f'name = "x"\n{MOVES}prozent = 10\ngebiete = {one}\n{MOVES}prozent = 5\ngebiete = {other}\n'
    with pytest.warns(ScenarioWarning, match=f"gelten beide für {said} und die Jahre ab 2021"):
        apply_scenario(wide, Scenario.from_toml(both), range(2021, 2031), stock=stock)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ('[gebietstypen]\na = ["@b"]\nb = ["@a"]\n' + MOVES + 'prozent = 9\ngebiete = ["@a"]', "„@a“ → „@b“ → „@a“"),
        (MOVES + "prozent = 9\nalter = [-5, 20]", "„-5, 20“ ist keine Altersangabe"),
        (MOVES + "prozent = 9\nvon = 2026.0", "nicht 2026,0"),
        (MOVES.replace("[[annahme]]", "[annahme]") + "prozent = 9", "Zeile 2, annahme: davon kann es mehrere geben"),
        (MOVES.replace("annahme", "Annahme") + "prozent = 9", "Zeile 2, Annahme: diese Angabe ist unbekannt"),
        ('[[eckwert]]\npersonen = "9300"', "ein Wert für jedes Jahr, zum Beispiel { 2030 = 120 }"),
        (
            "[[eckwert]]\nwohnungen = 15\npersonen_je_wohnung = 2.0",
            "ein Wert für jedes Jahr, zum Beispiel { 2030 = 15 }",
        ),
        ("[[eckwert]]\nwohnungen = { 2025 = 9 }\npersonen_je_wohnung = 0", "größer als 0"),
        ("[[eckwert]]\nwohnungen = { 2025 = 9 }\npersonen_je_wohnung = 2.0\nleerstand = 1.0", "Anteil unter 1"),
        (
            '[[sondergruppe]]\nname = "a"\ngebiet = "0101"\nplaetze = { 2025 = -8 }\nalter = { "80+" = 1.0 }',
            "Zeile 2, sondergruppe 1: „plaetze“: −8",
        ),
        (HOUSES + '["0101"]', "nicht [„0101“]"),
        (
            MOVES + 'prozent = 9\nstaatsangehoerigkeit = "a"',
            "Möglich ist „Deutsche“ oder „Ausländerinnen und Ausländer“",
        ),
        ('[[annahme]]\ngroesse = "fortzuege"\nfaktor = 9', "annahme 1: Die Fortzugswahrscheinlichkeit steigt in"),
    ],
)
def test_each_refusal_names_its_place(rates: xr.Dataset, body: str, said: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        apply_scenario(rates, Scenario.from_toml(f'name = "x"\n{body}\n'), range(2021, 2031))
    assert said in str(caught.value)


def test_an_umlaut_may_be_one_sign_or_two(rates: xr.Dataset) -> None:
    named = rates.assign_coords(area_name=("area", ["Mühlfeld", "Mitte"]))
    two_signs = Scenario.from_toml(f'name = "x"\n{MOVES}prozent = 100\ngebiete = ["Mu\u0308hlfeld"]\n')
    changed = apply_scenario(named, two_signs, range(2021, 2023))
    assert np.allclose(changed["in_moves"].sel(area="0101"), 20.0)
    assert np.allclose(changed["in_moves"].sel(area="0102"), 10.0)


def test_doubts_are_sentences_and_call_bundled_scenarios_by_their_title() -> None:
    high = Scenario.bundled("upper").warnings(RATES.assign_attrs(migration="residual", turnover=0.05))
    assert high
    assert all(text.startswith("Szenario „Obere Variante“, ") and text.endswith(".") for text in high)
