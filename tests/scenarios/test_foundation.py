"""Documents that build on another scenario: the same as ``|``, told, written and refused where it cannot be."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import pytest
import xarray as xr
from hypothesis import example, given, settings
from hypothesis import strategies as st

from zwkprognose.errors import ScenarioError
from zwkprognose.scenarios import Scenario, apply_scenario, scenario_schema
from zwkprognose.scenarios.scenario import BUNDLED
from zwkprognose.scenarios.toml import to_toml

HEAD = 'name = "eigen"\ntitel = "Eigenes"\ntext = "Weil."\n'
FEWER = '[[annahme]]\ngroesse = "zuzuege"\nprozent = -20\n'
FASTER = '[[annahme]]\ngroesse = "sterblichkeit"\nprozent = -2\nverlauf = "jaehrlich"\n'
YEARS = range(2021, 2026)


def on(name: str, body: str = FEWER) -> str:
    return f'{HEAD}grundlage = "{name}"\n{body}'


@pytest.mark.parametrize("body", [FEWER, FASTER, FASTER + FEWER])
@pytest.mark.parametrize("name", ["middle", "mittlere", "Mittlere Variante"])
def test_a_document_on_a_foundation_is_base_and_patch(name: str, body: str) -> None:
    patch = Scenario.from_toml(HEAD + body)
    head = {"name": "eigen", "title": "Eigenes", "text": "Weil. (Grundlage: Mittlere Variante.)"}
    joined = (Scenario.bundled("middle") | patch).model_copy(update=head)
    assert Scenario.from_toml(on(name, body)) == joined
    assert Scenario.from_document({"name": "eigen", "titel": "Eigenes", "text": "Weil.", "grundlage": name,
                                   "annahme": patch.document()["annahme"]}) == joined  # fmt: skip


def test_only_the_own_assumption_differs_from_the_foundation(rates: xr.Dataset) -> None:
    scenarios = (Scenario.from_toml(on("middle")), Scenario.bundled("middle"))
    own, middle = (apply_scenario(rates, scenario, YEARS) for scenario in scenarios)
    xr.testing.assert_identical(own["death_prob"], middle["death_prob"])
    np.testing.assert_allclose(own["in_moves"], 8.0)


def test_a_statement_of_the_foundation_is_replaced_or_removed(rates: xr.Dataset) -> None:
    (faster,) = Scenario.from_toml(on("middle", FASTER)).assumptions
    assert faster.percent == -2
    gone = '[[streichung]]\nart = "annahme"\nangabe = { groesse = "sterblichkeit" }\n'
    removed = Scenario.from_toml(on("middle", gone + FEWER))
    assert [a.quantity for a in removed.assumptions] == ["zuzuege"]
    assert "death_prob" in apply_scenario(rates, removed, YEARS)
    with pytest.raises(ScenarioError, match=r"Zeile 5, streichung 1: Eine solche .* „Mittlere Variante“"):
        Scenario.from_toml(on("middle", gone.replace("sterblichkeit", "geburten")))


def test_what_is_written_out_needs_no_foundation() -> None:
    scenario = Scenario.from_toml(on("middle"))
    assert "grundlage" not in scenario.document()
    assert Scenario.from_document(scenario.document()) == scenario
    assert Scenario.from_toml(scenario.renamed("anders").to_toml()).assumptions == scenario.assumptions


def test_the_foundation_is_named_in_the_text_that_every_report_carries() -> None:
    lines = Scenario.from_toml(on("middle")).describe().splitlines()
    assert lines[:2] == ["Eigenes.", "Weil. (Grundlage: Mittlere Variante.)"]
    assert any("Sterbewahrscheinlichkeiten sinken" in line for line in lines[2:])
    assert Scenario.from_toml('name = "a"\ngrundlage = "middle"\n').text == "(Grundlage: Mittlere Variante.)"


def test_files_build_on_files_beside_them(tmp_path: Path) -> None:
    (tmp_path / "stadt.toml").write_text(on("middle", FASTER), encoding="utf-8")
    (tmp_path / "quartier.toml").write_text(on("stadt.toml"), encoding="utf-8")
    scenario = Scenario.from_toml(tmp_path / "quartier.toml")
    assert [(a.quantity, a.percent) for a in scenario.assumptions] == [("zuzuege", -20), ("sterblichkeit", -2)]
    assert scenario.to_toml() == on("stadt.toml")


def test_a_circle_is_refused(tmp_path: Path) -> None:
    for name, base in (("a", "b"), ("b", "c"), ("c", "b")):
        (tmp_path / f"{name}.toml").write_text(on(f"{base}.toml"), encoding="utf-8")
    with pytest.raises(ScenarioError, match=r"Kreis: „a.toml“ → „b.toml“ → „c.toml“ → „b.toml“"):
        Scenario.from_toml(tmp_path / "a.toml")
    with pytest.raises(ScenarioError, match=r"Kreis: „b.toml“ → „c.toml“ → „b.toml“"):
        Scenario.from_toml(on(str(tmp_path / "b.toml")))
    (tmp_path / "selbst.toml").write_text(on("selbst.toml"), encoding="utf-8")
    with pytest.raises(ScenarioError, match=r"Kreis: „selbst.toml“ → „selbst.toml“"):
        Scenario.from_toml(tmp_path / "selbst.toml")


@pytest.mark.parametrize(
    ("name", "message", "remedy"),
    [
        ("mittel", "Zeile 4, grundlage: Ein mitgeliefertes Szenario „mittel“ gibt", "„middle“ (mittlere Variante)"),
        ("fehlt.toml", "Zeile 4, grundlage: .*fehlt.toml gibt es nicht", "Pfad und Leserecht prüfen"),
    ],
)
def test_an_unknown_foundation_is_named(name: str, message: str, remedy: str) -> None:
    with pytest.raises(ScenarioError, match=message) as caught:
        Scenario.from_toml(on(name))
    assert remedy in caught.value.remedy


def test_mistakes_name_the_document_in_which_they_stand(rates: xr.Dataset, tmp_path: Path) -> None:
    elsewhere = FEWER + 'gebiete = ["9999"]\n'
    (tmp_path / "stadt.toml").write_text(on("middle", elsewhere), encoding="utf-8")
    (tmp_path / "eigen.toml").write_text(on("stadt.toml", FASTER), encoding="utf-8")
    with pytest.raises(ScenarioError, match=r"stadt.toml, Zeile 8, annahme 1: gebiete 1: Ein Gebiet „9999“"):
        apply_scenario(rates, Scenario.from_toml(tmp_path / "eigen.toml"), YEARS)
    own = Scenario.from_toml(on("middle", FASTER + elsewhere))
    with pytest.raises(ScenarioError, match="Zeile 12, annahme 2: gebiete 1"):
        apply_scenario(rates, own, YEARS)


def test_a_foundation_in_the_program_is_refused() -> None:
    with pytest.raises(ScenarioError, match=r"grundlage \| nachtrag"):
        Scenario(name="a", foundation="middle")


def test_editing_keeps_the_foundation_and_writes_only_what_differs_from_it() -> None:
    text = "# Beschluss\n" + on("middle", "[[annahme]]  # Zuzug\n" + FEWER.removeprefix("[[annahme]]\n"))
    scenario = Scenario.from_toml(text)
    assert scenario.to_toml(base=text) == text
    more = Scenario.from_toml('name = "p"\n[[halten]]\nprozent = 10\n' + FASTER)
    changed = scenario | more
    written = changed.to_toml(base=text)
    assert written.startswith("# Beschluss\n")
    assert "[[annahme]]  # Zuzug" in written
    assert 'grundlage = "middle"' in written
    assert 'text = "Weil."\n' in written
    assert written.count("sterblichkeit") == 1
    assert Scenario.from_toml(written) == changed
    without = changed | Scenario.from_toml(
        'name = "q"\n[[streichung]]\nart = "annahme"\nangabe = { groesse = "sterblichkeit" }\n'
    )
    assert Scenario.from_toml(without.to_toml(base=written)) == without


def test_the_schema_knows_the_foundation() -> None:
    jsonschema.validate({"name": "a", "grundlage": "middle"}, scenario_schema())
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"name": "a", "grundlage": 3}, scenario_schema())


LEVELS = st.builds(
    lambda quantity, percent, year: ("annahme", {"groesse": quantity, "prozent": percent} | year),
    st.sampled_from(["zuzuege", "sterblichkeit", "geburten"]),
    st.sampled_from([-50.0, 5.0]),
    st.sampled_from([{}, {"von": 2030}, {"verlauf": "jaehrlich"}]),
)
KEPT = st.builds(lambda percent: ("halten", {"prozent": percent}), st.sampled_from([5.0, 20.0]))
EVENTS = st.builds(lambda name: ("ereignis", {"name": name, "personen": 100.0}), st.sampled_from("ab"))
BODIES = st.lists(st.one_of(LEVELS, KEPT, EVENTS), max_size=5)


def document(name: str, body: list[tuple[str, dict[str, Any]]]) -> dict[str, Any]:
    content: dict[str, Any] = {"name": name, "titel": name, "text": "Weil."}
    for key, statement in body:
        content.setdefault(key, []).append(statement)
    return content


@settings(max_examples=60)
@example("lower", [("halten", {"prozent": 5.0})] * 2, [("halten", {"prozent": p}) for p in (5.0, 20.0)])
@given(st.sampled_from(list(BUNDLED)), BODIES, BODIES)
def test_any_document_composes_is_edited_and_undone_like_in_python(base: str, body: Any, more: Any) -> None:
    plain = Scenario.from_document(document("eigen", body))
    text = "# Kopf\n" + to_toml({"grundlage": base, **plain.document()})
    scenario = Scenario.from_toml(text)
    joined = Scenario.bundled(base) | plain
    assert scenario == joined.model_copy(update={name: getattr(scenario, name) for name in ("name", "title", "text")})
    assert scenario.to_toml(base=text) == text
    patch = Scenario.from_document(document("nachtrag", more))
    changed = scenario | patch
    written = changed.to_toml(base=text)
    assert written.startswith("# Kopf\n")
    assert Scenario.from_toml(written) == changed
    assert Scenario.from_toml((changed | scenario.undo(patch)).to_toml(base=written)) == scenario
