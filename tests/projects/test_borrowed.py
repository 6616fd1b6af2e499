"""A project whose tables are its own must not speak in the name of the template's publisher."""

from __future__ import annotations

from pathlib import Path

import pytest

from zwkprognose.cli import main
from zwkprognose.projects import load_project, new_project
from zwkprognose.projects.borrowed import borrowed_source


def test_the_template_as_it_comes_is_the_publishers_own(tmp_path: Path) -> None:
    new_project(tmp_path / "neu")
    assert len(borrowed_source(load_project(tmp_path / "neu" / "projekt.toml"))) == 0


def test_own_tables_under_the_template_are_warned_about_until_all_is_its_own(
    tmp_path: Path, town: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    new_project(tmp_path / "neu")
    document = tmp_path / "neu" / "projekt.toml"
    (tmp_path / "neu" / "bestand.csv").write_bytes((town / "bestand.csv").read_bytes())
    text = document.read_text(encoding="utf-8").replace(', "szenario.toml"', "")
    document.write_text(text, encoding="utf-8")
    (row,) = borrowed_source(load_project(document)).frame.to_dict("records")
    assert row["message"].startswith("Titel, Herausgeber, Name der Quelle und Lizenz stammen noch aus der Vorlage")
    assert main(["check", str(document)]) == 0
    assert "stammen noch aus der Vorlage" in capsys.readouterr().out
    assert main(["run", str(document)]) == 0
    assert "Achtung: Titel, Herausgeber" in capsys.readouterr().out
    own = text.replace("Amt für Statistik Berlin-Brandenburg", "Stadt").replace("Berlin nach Ortsteilen", "Stadt")
    own = own.replace("Einwohnerregisterstatistik", "Melderegister")
    document.write_text(own, encoding="utf-8")
    (row,) = borrowed_source(load_project(document)).frame.to_dict("records")
    assert row["message"].startswith("Lizenz stammt noch aus der Vorlage")
    document.write_text(own.replace('lizenz = "CC BY 3.0 DE"\n', ""), encoding="utf-8")
    assert len(borrowed_source(load_project(document))) == 0
