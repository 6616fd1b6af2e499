"""What the page writes: the sentences of ``describe``, and documents that the package reads to the bit."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st
from py_mini_racer import JSEvalException, MiniRacer
from support.cities import City
from support.lab_documents import documents

from zwkprognose import Scenario
from zwkprognose.errors import ScenarioError
from zwkprognose.lab.filling import WORDS, foundations, screen_script
from zwkprognose.scenarios.describe import statements_told

CITY = City(3, 2, 20, 1)


@pytest.fixture(scope="module")
def script() -> MiniRacer:
    """The parts of the screen that know no browser."""
    context = MiniRacer()
    context.eval(screen_script(("refusal", "statements", "describe", "toml", "foundation", "state")))
    return context


def call(script: MiniRacer, code: str, *values: object) -> Any:
    """Result of an expression in which ``$0``, ``$1`` … stand for the values."""
    for k, value in enumerate(values):
        code = code.replace(f"${k}", json.dumps(value))
    return json.loads(str(script.eval(f"JSON.stringify({code})")))


PLAIN = st.characters(exclude_categories=["Cc", "Cs"])
HARD = ['„Zitat“ "doppelt"', "zwei\nZeilen", "\\ und \x7f", "Ende!", "Ü'ber"]
TEXTS = st.text(PLAIN, max_size=20) | st.sampled_from(HARD)


@st.composite
def said(draw: st.DrawFn) -> Scenario:
    """A scenario with reasons and an Eckwert."""
    document = draw(documents(CITY)) | {"titel": draw(TEXTS), "text": draw(TEXTS)}
    for section in ("annahme", "halten", "erstbezug"):
        for one in document.get(section, []):
            one["text"] = draw(TEXTS)
    if draw(st.booleans()):
        values = draw(st.dictionaries(st.integers(2022, 2040).map(str), st.floats(1, 1e6), min_size=1, max_size=3))
        course = draw(st.sampled_from(["stufe", "gleitend"]))
        document["eckwert"] = [{"personen": values, "gebiete": ["00"], "verlauf": course}]
    return Scenario.from_document(document)


@given(said())
def test_sentences_are_those_of_describe(script: MiniRacer, scenario: Scenario) -> None:
    assert call(script, "describe.told($0, $1)", WORDS, scenario.document()) == statements_told(scenario, None, None)


@given(said(), st.booleans())
def test_areas_are_called_by_their_names(script: MiniRacer, scenario: Scenario, alike: bool) -> None:
    """As the page hands them over: by name, and by key where two areas share one."""
    keys = [f"{k:02d}" for k in range(CITY.areas)]
    names = ["Au" if alike else f"Ort {key}" for key in keys]
    stock = xr.DataArray(np.zeros(len(keys)), {"area": keys, "area_name": ("area", names)}, ["area"])
    words = WORDS | ({} if alike else {"names": dict(zip(keys, names, strict=True))})
    assert call(script, "describe.told($0, $1)", words, scenario.document()) == statements_told(scenario, None, stock)


def test_the_bundled_scenarios_are_read_aloud_alike(script: MiniRacer) -> None:
    for name in ("lower", "middle", "upper", "natural", "unchanged", "no-foreign-in-moves"):
        scenario = Scenario.bundled(name)
        assert call(script, "describe.told($0, $1)", WORDS, scenario.document()) == statements_told(
            scenario, None, None
        )


@given(said())
def test_a_saved_document_is_the_same_scenario(script: MiniRacer, scenario: Scenario) -> None:
    text = call(script, "toml.write($0)", scenario.document())
    assert Scenario.from_toml(text) == scenario
    assert call(script, "toml.read($0)", text) == scenario.document()


@given(said())
def test_documents_of_the_office_are_read_alike(script: MiniRacer, scenario: Scenario) -> None:
    assert Scenario.from_document(call(script, "toml.read($0)", scenario.to_toml())) == scenario


@given(said(), st.sampled_from(["mittlere", " Obere  Variante", "upper", "natürlich", "untere"]), st.booleans())
def test_documents_are_laid_over_what_they_build_on(
    script: MiniRacer, scenario: Scenario, name: str, strike: bool
) -> None:
    document = scenario.document() | {"grundlage": name.strip() if "  " not in name else name}
    if strike:
        document["streichung"] = [{"art": "annahme", "angabe": {"groesse": "sterblichkeit"}}]
    try:
        wanted = Scenario.from_document(document)
    except ScenarioError:
        return
    found = call(script, "foundation.whole($0, $1)", document, foundations())
    assert Scenario.from_document(found).document() == wanted.document()


def test_other_spellings_are_the_same_statement(script: MiniRacer) -> None:
    document = {
        "name": "a", "grundlage": "mittlere",
        "annahme": [{"groesse": "zuzuege", "gebiete": "01", "alter": " 18 bis 29", "geschlecht": "weiblich",
                     "staatsangehoerigkeit": "nichtdeutsch", "prozent": 5.0}],
        "halten": [{"prozent": 5.0, "alter": 18}],
    }  # fmt: skip
    found = call(script, "foundation.whole($0, $1)", document, foundations())
    assert Scenario.from_document(found) == Scenario.from_document(Scenario.from_document(document).document())
    assert found["annahme"][0]["alter"] == "18-29"


def test_documents_written_by_hand_are_read(script: MiniRacer) -> None:
    text = """\ufeff# Beschluss
name = 'hafen'   # kurz
titel = "Caf\\u00e9 am \\"Hafen\\""
text = \"\"\"
Zwei
Zeilen\"\"\"
gebietstypen.zentrum = ["01", "02",
  "03",
]
[[ annahme ]]
groesse = "zuzuege"
prozent = -1_0
von = +2030
[[sondergruppe]]
name = "Heim"
gebiet = "01"
plaetze = { 2026 = 80, "2030" = 1.2e2 }
alter = { "80+" = 1.0 }
"""
    read = call(script, "toml.read($0)", text)
    assert Scenario.from_document(read) == Scenario.from_toml(text.removeprefix("\ufeff"))
    assert read["text"] == "Zwei\nZeilen"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('name = "a"\nname = "b"', "Zeile 2: „name“ steht schon da"),
        ('name = "a', "Zeile 1: Ein Text endet nicht"),
        ("name = hafen", "„hafen“ ist keine Zahl und kein Text in Anführungszeichen"),
        ("name = 01", "„01“ ist keine Zahl"),
        ('[annahme\nname = "a"', "Zeile 1: „]“ fehlt"),
        ("x = [1, 2", "„]“ fehlt"),
        ('a = 1 b = 2', "Hinter der Angabe steht noch etwas"),
        ('__proto__ = 1\n__proto__ = 2', "„__proto__“ steht schon da"),
    ],
)  # fmt: skip
def test_broken_documents_are_refused_with_their_line(script: MiniRacer, text: str, told: str) -> None:
    with pytest.raises(JSEvalException, match="Zeile") as refused:
        call(script, "toml.read($0)", text)
    assert told in str(refused.value)


def test_every_change_can_be_taken_back_and_made_again(script: MiniRacer) -> None:
    document = Scenario.bundled("middle").document()
    titles = call(
        script,
        """((document) => {
          let state = assumed.started(document);
          const seen = [JSON.stringify(state.scenarios)];
          const step = (next) => { state = next; seen.push(JSON.stringify(state.scenarios)); };
          step(assumed.changed(state, (s) => { s.scenarios[0].statements[1].said.prozent = 10; }));
          step(assumed.added(state));
          step(assumed.changed(state, (s) => { s.scenarios[1].statements[2].said.prozent = -5; }));
          const back = [];
          const same = (k) => JSON.stringify(state.scenarios) === seen[k];
          for (let k = 0; k < 3; k++) { state = assumed.undone(state); back.push(same(2 - k)); }
          const again = [];
          for (let k = 0; k < 3; k++) { state = assumed.redone(state); again.push(same(k + 1)); }
          return [back, again, state.scenarios.map((one) => one.title)];
        })($0)""",
        document,
    )
    assert titles == [[True] * 3, [True] * 3, ["Szenario A", "Szenario B"]]


def test_what_is_at_rest_stands_in_no_document(script: MiniRacer) -> None:
    document = Scenario.bundled("middle").document()
    kept = call(script, "((d) => assumed.documentOf(assumed.started(d).scenarios[0]))($0)", document)
    assert kept["annahme"] == document["annahme"]
    assert (
        call(
            script,
            "((d) => { const s = assumed.started(d); return assumed.levers(s.base, s.scenarios[0]); })($0)",
            document,
        )
        == []
    )


def test_a_statement_that_stands_twice_is_taken_apart_once(script: MiniRacer) -> None:
    """The base and an addition say the same: the one belongs to both, the other is a lever."""
    said = {"groesse": "zuzuege", "prozent": 10, "gebiete": ["01"]}
    document = {"name": "a", "annahme": [said]}
    common, levers = call(
        script,
        """((document, said) => {
          const state = assumed.added(assumed.started(document)), one = state.scenarios[1];
          one.statements.push({ id: assumed.fresh(), section: "annahme", said });
          return [assumed.common(state.base, one), assumed.levers(state.base, one)];
        })($0, $1)""",
        document,
        said,
    )
    assert common["annahme"] == [said]
    assert [(one["off"], one["on"]) for one in levers] == [(None, said)]


def test_an_opened_document_is_compared_statement_by_statement(script: MiniRacer) -> None:
    """What the base says too is no lever, what it says otherwise is one."""
    base = {"name": "a", "annahme": [{"groesse": "sterblichkeit", "prozent": -1, "verlauf": "jaehrlich"}]}
    opened = {"name": "b", "annahme": [{"groesse": "zuzuege", "prozent": 5}, *base["annahme"]]}
    levers = call(
        script,
        """((base, opened) => {
          const state = assumed.started(base);
          return assumed.levers(state.base, assumed.known(state.base, assumed.scenarioOf(opened)));
        })($0, $1)""",
        base,
        opened,
    )
    assert [(one["off"], one["on"]) for one in levers] == [(None, {"groesse": "zuzuege", "prozent": 5})]
