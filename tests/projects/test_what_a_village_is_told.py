"""What a new user with a village is told is true of the village and helps."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.town import write_town
from zwkprognose.cli.answers import of_run
from zwkprognose.errors import EngineError
from zwkprognose.projects import run_project


def _count(year: int, area: str, age: int) -> int:
    return (year + 3 * int(area) + age) % 4 + 1


def _village(folder: Path, *, head: str = "", rates: str = "", tail: str = "") -> Path:
    write_town(folder, _count, range(0, 95, 5), {"lower": None, "middle": None}, years=(2014, 2017, 2020))
    document = folder / "PROJEKT.toml"
    text = document.read_text(encoding="utf-8").replace("\n\n[prognose]\n", f"\n\n[prognose]\n{head}")
    document.write_text(f"{text}\n[raten]\n{rates}\n{tail}", encoding="utf-8")
    return document


def test_what_is_lost_of_a_bundled_scenario_names_no_line_of_a_document_that_nobody_has(tmp_path: Path) -> None:
    document = _village(tmp_path, rates='wanderung = "none"')
    found = run_project(document, out=tmp_path / "aus").findings.frame
    lost = found.loc[found["rule"] == "S02", "message"]
    assert lost.str.contains("Szenario „Untere Variante“, annahme").any()
    assert not lost.str.contains("Zeile").any()
    assert not found["message"].str.contains("angelehnt").any(), "nothing is shrunk where nothing is estimated"


def test_totals_that_cannot_be_reached_are_advised_on_in_the_words_of_the_document(tmp_path: Path) -> None:
    document = _village(tmp_path, head='gesamtzahlen = "geschrumpft"\n', rates='wanderung = "none"')
    with pytest.raises(EngineError, match="nicht erreichbar") as refused:
        run_project(document, out=tmp_path / "aus")
    assert "gesamtzahlen" in (refused.value.remedy or "")
    assert not (tmp_path / "aus").exists()


def test_json_names_the_results_and_no_other_file_of_the_folder(tmp_path: Path) -> None:
    document = _village(tmp_path)
    made = json.loads(of_run(run_project(document, out=tmp_path)))["dateien"]
    assert "bericht.html" in made
    assert not {"bestand.csv", "PROJEKT.toml"} & {*made}
    assert all((tmp_path / name).is_file() for name in made)
