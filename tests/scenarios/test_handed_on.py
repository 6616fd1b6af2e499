"""A scenario that is handed on says the same: as JSON, in a notebook, pickled, copied, composed, through a file."""

from __future__ import annotations

import copy
import json
import pickle
import re
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from zwkprognose import estimate_rates, load_example, open_netcdf, project, write_netcdf
from zwkprognose.errors import ScenarioError, ScenarioWarning, ZwkError
from zwkprognose.scenarios import Scenario, assumptions_of, cross
from zwkprognose.scenarios.said import lost_of

YEARS = st.integers(2025, 2040)
AGES = st.sampled_from(["0-17", "18-29", "65+", "20"])
NAMES = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), min_size=1, max_size=12)
NUMBERS = st.floats(0.01, 1e6, allow_nan=False).map(lambda number: round(number, 4))


def maybe(**fields: st.SearchStrategy[object]) -> st.SearchStrategy[dict[str, object]]:
    return st.fixed_dictionaries({}, optional=fields)


INVENTED = ("name", "titel", "text", "gebiet")

WHOM = maybe(
    gebiete=st.lists(NAMES, min_size=1, max_size=3), staatsangehoerigkeit=st.sampled_from(["D", "A"]), alter=AGES
)
WHEN = st.one_of(
    maybe(von=YEARS), st.fixed_dictionaries({"von": st.just(2026), "bis": YEARS.map(lambda y: max(y, 2026))})
)


def statement(**own: st.SearchStrategy[object]) -> st.SearchStrategy[dict[str, object]]:
    return st.builds(lambda one, two, three: one | two | three, st.fixed_dictionaries(own), WHOM, WHEN)


DOCUMENTS = st.fixed_dictionaries(
    {"name": st.sampled_from(["a", "b-1", "größer"])},
    optional={
        "titel": NAMES,
        "text": NAMES,
        "annahme": st.lists(statement(groesse=st.sampled_from(["zuzuege", "fortzuege"]), faktor=NUMBERS), max_size=3),
        "halten": st.lists(statement(prozent=st.integers(0, 100)), max_size=2),
        "anziehen": st.lists(statement(personen=NUMBERS, text=NAMES), max_size=2),
        "ereignis": st.lists(statement(name=NAMES, personen=NUMBERS), max_size=2),
        "erstbezug": st.lists(
            st.fixed_dictionaries(
                {
                    "name": NAMES,
                    "gebiet": NAMES,
                    "wohnungen": NUMBERS,
                    "von": YEARS,
                    "anteil_von_aussen": st.floats(0, 1),
                }
            ),
            max_size=2,
        ),
        "eckwert": st.lists(
            st.fixed_dictionaries({"personen": st.dictionaries(YEARS.map(str), NUMBERS, min_size=1, max_size=3)}),
            max_size=2,
        ),
    },
)


@settings(max_examples=60)
@given(DOCUMENTS, DOCUMENTS)
def test_a_scenario_says_the_same_wherever_it_goes(data: dict[str, object], more: dict[str, object]) -> None:
    one, other = Scenario.from_document(data), Scenario.from_document(more)
    for scenario in (one, one | other, one.plus(other), one.renamed("neu")):
        for again in (
            pickle.loads(pickle.dumps(scenario)),
            copy.copy(scenario),
            copy.deepcopy(scenario),
            Scenario.from_toml(scenario.to_toml()),
            Scenario.from_json(scenario.to_json()),
            Scenario.model_validate_json(scenario.to_json()),
            Scenario.model_validate_json(scenario.model_dump_json()),
            Scenario.model_validate(scenario.model_dump()),
            scenario.model_copy(),
        ):
            assert again == scenario
            assert again.describe() == scenario.describe()
            assert hash(again) == hash(scenario)
    assert ((one | other) | one.undo(other)) == one


HOUSE = {
    "name": "a",
    "erstbezug": [{"name": "Hang", "gebiet": "1", "wohnungen": 3, "von": 2030, "anteil_von_aussen": 2}],
}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (json.dumps(HOUSE), "erstbezug 1: anteil_von_aussen: der Wert 2 ist größer als 1"),
        (
            '{"name": "a", "annahme": [{"groesse": "zuzug", "faktor": 2}]}',
            "annahme 1: groesse: „zuzug“ ist nicht möglich",
        ),
        ('{"name": "a", "anahme": []}', "anahme: diese Angabe ist unbekannt; gemeint ist vielleicht „annahme“"),
        ('{"name": "a",}', "kein gültiges JSON: Zeile 1, Spalte"),
        ('{"name": "a", "name": "b"}', "„name“ steht zweimal da"),
        ('{"name": "a", "ereignis": [{"name": "x", "personen": NaN}]}', "hier muss eine endliche Zahl stehen"),
        ('{"name": 1' + "0" * 5000 + "}", "unmöglichen Wert (eine Zahl hat zu viele Stellen"),
        ('{"name": ' + "[" * 60 + "]" * 60 + "}", "zu tief verschachtelt"),
    ],
)
def test_json_is_refused_in_german_with_its_path(text: str, said: str, tmp_path: Path) -> None:
    path = tmp_path / "szenario.json"
    path.write_text(text, encoding="utf-8")
    for read in (Scenario.from_json, Scenario.model_validate_json):
        with pytest.raises(ZwkError) as caught:
            read(text)
        assert said in str(caught.value)
    with pytest.raises(ScenarioError, match=r"szenario\.json"):
        Scenario.from_json(path)


def test_other_json_is_no_scenario(tmp_path: Path) -> None:
    path = tmp_path / "liste.json"
    path.write_text("[1, 2]", encoding="utf-8")
    with pytest.raises(ScenarioError, match="kein Szenario, sondern eine Liste"):
        Scenario.from_json(path)
    with pytest.raises(ScenarioError, match="name: hier muss ein Text"):
        Scenario.model_validate({"name": 1})


def test_a_notebook_shows_escaped_text() -> None:
    text = 'name = "a"\ntitel = "<b>Hafen</b> & Co"\n[[ereignis]]\nname = "<script>"\npersonen = 5\n'
    shown = Scenario.from_toml(text)._repr_html_()
    assert "<script>" not in shown
    assert "&lt;b&gt;Hafen&lt;/b&gt; &amp; Co" in shown
    assert "Ereignis &lt;script&gt;: Ab dem ersten Prognosejahr ziehen je Jahr 5 Personen zusätzlich zu" in shown


def test_only_own_names_are_completed() -> None:
    for names in (dir(Scenario), dir(Scenario.bundled("middle"))):
        assert {"describe", "assumptions", "from_toml", "housing", "to_json"} <= set(names)
        assert not [name for name in names if name.startswith(("model_", "_")) or name in ("dict", "json", "copy")]
        assert all(hasattr(Scenario.bundled("middle"), name) for name in names)


@settings(max_examples=150)
@given(DOCUMENTS)
def test_sentences_agree_with_their_numbers(data: dict[str, object]) -> None:
    plain = _plain({key: value for key, value in data.items() if key not in ("titel", "text")}) | {"name": "a"}
    for sentence in Scenario.from_document(plain).describe().splitlines()[1:]:
        assert sentence.endswith((".", "!", "?"))
        assert not re.search(r"(?<![\d.,])1 (Personen|Wohnungen|Plätze|Jahre)\b|None|nan|\(\)|  |\.\.", sentence)
        assert not re.search(r"\bvon (\d{4}) bis \1\b", sentence)


def _plain(said: Any) -> Any:
    """The document with a word for every text that somebody invented."""
    if isinstance(said, dict):
        return {
            key: "Hang" if key in INVENTED and isinstance(value, str) else _plain(value) for key, value in said.items()
        }
    if isinstance(said, list):
        return ["01" if isinstance(part, str) else _plain(part) for part in said]
    return said


@settings(max_examples=25)
@given(st.lists(NUMBERS, min_size=1, max_size=3, unique=True), st.lists(NUMBERS, min_size=1, max_size=2, unique=True))
@example([1.0], [1_000_000.0])
@example([1.0000001, 1.0], [0.5])
def test_a_family_is_what_its_labels_say(births: list[float], moves: list[float]) -> None:
    members = cross(births=births, in_moves=moves)
    for member, (birth, move) in zip(members, product(births, moves), strict=True):
        levels = {a.quantity: a.level for a in member.assumptions}
        assert levels == {q: v for q, v in (("geburten", birth), ("zuzuege", move)) if v != 1}
        assert Scenario.from_json(member.to_json()) == member


def test_what_a_projection_says_survives_its_file(tmp_path: Path) -> None:
    inputs = load_example("bremerhaven")
    late = Scenario.from_toml('name = "spaet"\n[[annahme]]\ngroesse = "zuzuege"\nprozent = 5\nvon = 2025\nbis = 2040\n')
    with pytest.warns(ScenarioWarning, match="2027 bis 2040 bleiben ohne Wirkung"):
        projection = project(inputs, estimate_rates(inputs), [Scenario.bundled("upper"), late], until=2026)
    again = open_netcdf(write_netcdf(projection, tmp_path / "prognose.nc"))
    assert assumptions_of(again) == assumptions_of(projection)
    assert set(assumptions_of(again)) == {"upper", "spaet"}
    assert lost_of(again.attrs) == lost_of(projection.attrs) != []
    assert pickle.loads(pickle.dumps(projection)).attrs == projection.attrs
    assert assumptions_of(projection.sel(scenario="upper").copy(deep=True)) == assumptions_of(projection)
