"""The profiles of a project: by command, with its thresholds, its survey and its households."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from zwkprognose.cli import main
from zwkprognose.errors import InputError, ScenarioError
from zwkprognose.output.profiles import default_text
from zwkprognose.projects import load_project, write_project_profiles

SURVEY = 'umfrage = "u.csv"\numfrage_quelle = "x"\n'


def ask(town: Path, text: str = "") -> Path:
    path = town / "PROJEKT.toml"
    path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")
    return path


def test_the_command_writes_all_kinds(town: Path, capsys: pytest.CaptureFixture[str]) -> None:
    document = ask(town)
    assert main(["profile", str(document), "--nur-html", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert Path(said["ordner"]) == town / "profile"
    assert {"kommunalprofile.html", "versorgungsprofil-01.html", "ankommensprofil-gesamt.html"} <= set(said["dateien"])
    assert main(["profile", str(document), "--nur-html"]) == 1
    assert "liegen schon Profile" in capsys.readouterr().err
    assert main(["profile", str(document), "--nur-html", "--force", "--art", "kommunal", "--gebiet", "01"]) == 0
    assert sorted(path.name for path in (town / "profile").iterdir()) == [
        "kommunalprofil-01.html", "kommunalprofil-gesamt.html", "kommunalprofile.html", "weitergabe.txt",
    ]  # fmt: skip
    assert "weitergabe.txt sagt" in capsys.readouterr().out


def test_half_of_the_arrivals_is_computed(town: Path) -> None:
    folder = write_project_profiles(ask(town), kinds=["ankommen"], pdf=False)
    page = (folder / "ankommensprofil-gesamt.html").read_text("utf-8")
    assert "nur halb so viele Menschen von außen zu, wären es am" in page
    assert "bei halben Zuzügen" in page


def test_its_own_thresholds_and_survey(town: Path) -> None:
    own = default_text().replace("Mitgelieferte Schwellen", "Schwellen des Amts")
    (town / "schwellen.toml").write_text(own, encoding="utf-8")
    (town / "umfrage.csv").write_text(
        "gebiet;grund;anteil;antworten\n;Wohnung zu klein;0,4;212\n01;Arbeit;0,3;64\n", encoding="utf-8"
    )
    text = '\n[profil]\nschwellen = "schwellen.toml"\numfrage = "umfrage.csv"\numfrage_quelle = "Befragung 2025"\n'
    text += '[[profil.sitze]]\ntitel = "Kinderärzte"\npersonen_je_sitz = 12000\nquelle = "eigene Annahme"\n'
    folder = write_project_profiles(ask(town, text), pdf=False)
    assert "Schwellen des Amts" in (folder / "kommunalprofil-01.html").read_text("utf-8")
    assert "Befragung 2025. 64 Antworten." in (folder / "ankommensprofil-01.html").read_text("utf-8")
    assert "Kinderärzte" in (folder / "versorgungsprofil-gesamt.html").read_text("utf-8")


def test_households_of_the_project_say_who_lives_alone(town: Path) -> None:
    document = ask(town, '\n[haushalte]\nquoten = "mikrozensus"\n')
    folder = write_project_profiles(document, kinds=["versorgung"], pdf=False)
    page = (folder / "versorgungsprofil-gesamt.html").read_text("utf-8")
    assert "Alleinlebende ab 80 Jahren</th>" in page
    assert "nennt keine Quoten der Haushalte" not in page


@pytest.mark.parametrize(
    ("text", "table", "words"),
    [
        ('umfrage = "u.csv"\n', "gebiet;grund;anteil\n", "braucht „umfrage_quelle“"),
        (SURVEY, "gebiet;grund;anteil\n77;Arbeit;0,3\n", "Zeile 2: Ein Gebiet „77“"),
        (SURVEY, "gebiet;grund;anteil\n01;Arbeit;30\n", "Zeile 2: Grund oder Anteil"),
        (SURVEY, "gebiet;grund;anteil;antworten\n01;Arbeit;0,3;1.250\n", "Zeile 2: „1.250“ ist keine ganze Zahl"),
        (SURVEY, "gebiet;anteil\n01;0,3\n", "fehlt die Spalte grund"),
        ('schwellen = "fehlt.toml"\n', "", "fehlt.toml"),
    ],
)
def test_what_does_not_fit_is_refused_before_anything_is_written(
    town: Path, text: str, table: str, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (town / "u.csv").write_text(table, encoding="utf-8")
    document = ask(town, f"\n[profil]\n{text}")
    with pytest.raises((InputError, ScenarioError), match=words):
        write_project_profiles(load_project(document), pdf=False)
    assert not (town / "profile").exists()
    assert main(["check", str(document)]) == 1, "a check finds it too"
    assert words.split(":")[0] in capsys.readouterr().err
