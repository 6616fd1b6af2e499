"""What programs read: version, JSON answers, codes of errors, the schema of a project."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import tomllib
from pathlib import Path

import jsonschema
import pytest
from support.town import write_town

import zwkprognose
from zwkprognose.cli import main
from zwkprognose.errors import ZwkError
from zwkprognose.projects.schema import project_schema, schema_text

DOCS = Path(zwkprognose.__file__).parents[1] / "docs"


def _answer(call: list[str], capsys: pytest.CaptureFixture[str]) -> tuple[int, dict]:
    code = main([*call, "--json"])
    return code, json.loads(capsys.readouterr().out)


def test_the_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"zwkprognose {zwkprognose.__version__}\n"


def test_a_check_says_what_was_read_and_which_methods_follow(town: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, said = _answer(["check", "PROJEKT.toml"], capsys)
    assert code == 0
    assert "Stichtage 2015, 2020" in said["gelesen"][0]
    assert any(line.startswith("Wanderung: ") for line in said["verfahren"])
    main(["check", "PROJEKT.toml"])
    lines = capsys.readouterr().out.splitlines()
    assert lines[: len(said["gelesen"] + said["verfahren"])] == said["gelesen"] + said["verfahren"]


def test_findings_of_a_check(town: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (town / "klein").mkdir()
    small = write_town(town / "klein", lambda year, area, age: 3, range(0, 90, 5), {"middle": None})
    _, said = _answer(["check", str(small / "PROJEKT.toml")], capsys)
    found = next(finding for finding in said["befunde"] if finding["regel"] == "T17")
    assert found["schwere"] in ("info", "warning")
    assert "kleine" in found["was_tun"].lower()


def test_a_run_says_where_its_results_are(town: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, said = _answer(["run", "PROJEKT.toml"], capsys)
    assert code == 0
    assert (Path(said["ordner"]) / "bericht.html").exists()
    assert set(said["personen"]) == {"middle", "s"}
    page = (Path(said["ordner"]) / "bericht.html").read_text(encoding="utf-8")
    assert "Eingelesen" in page
    code, said = _answer(["run", "PROJEKT.toml"], capsys)
    assert (code, said["fehler"]["code"]) == (1, "ausgabe")


def test_a_wrong_call_is_an_answer_too(town: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, said = _answer(["check", "fehlt.csv"], capsys)
    assert (code, said["fehler"]["code"]) == (2, "aufruf")
    assert "fehlt.csv" in said["fehler"]["meldung"]
    assert said["fehler"]["stellen"] == []


def test_a_refusal_names_its_cells_and_what_to_do(town: Path, capsys: pytest.CaptureFixture[str]) -> None:
    scenario = town / "s.toml"
    scenario.write_text(scenario.read_text(encoding="utf-8").replace("Hafen", "Hafn"), encoding="utf-8")
    code, said = _answer(["check", "PROJEKT.toml"], capsys)
    assert (code, said["befehl"], said["fehler"]["code"]) == (1, "check", "dokument")
    assert said["fehler"]["stellen"] == [{"area": "Hafn"}]
    assert said["fehler"]["was_tun"] == "Gemeint ist vielleicht 02 (Hafen)."


def test_every_kind_of_error_has_a_code_of_its_own() -> None:
    codes = [kind.code for kind in ZwkError.__subclasses__()]
    page = (DOCS / "weg.md").read_text(encoding="utf-8")
    assert len(set(codes)) == len(codes)
    assert all(f"`{code}`" in page for code in codes)


def test_the_schema_of_a_project_is_published_and_takes_what_the_program_takes(town: Path) -> None:
    assert (DOCS / "projekt.schema.json").read_text(encoding="utf-8") == schema_text()
    main(["new", "neu"])
    for document in (Path("PROJEKT.toml"), Path("neu") / "projekt.toml"):
        jsonschema.validate(tomllib.loads(document.read_text(encoding="utf-8")), project_schema())
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"name": "a", "daten": {"bestand": "b.csv"}, "prognose": {"bis": "bald"}}, project_schema())


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
def test_a_polite_kill_leaves_nothing_behind(tmp_path: Path) -> None:
    call = [sys.executable, "-m", "zwkprognose", "demo", "--out", str(tmp_path / "aus")]
    running = subprocess.Popen(call, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL)
    deadline = time.monotonic() + 120
    while not list(tmp_path.iterdir()) and time.monotonic() < deadline:
        time.sleep(0.02)
    running.send_signal(signal.SIGTERM)
    _, said = running.communicate(timeout=60)
    assert running.returncode == 1
    assert "Abgebrochen" in said.decode()
    assert list(tmp_path.iterdir()) == []
