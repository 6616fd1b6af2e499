"""The document: what is read is what was written, and errors name the line."""

from __future__ import annotations

from pathlib import Path

import pytest

from zwkprognose.errors import ScenarioError
from zwkprognose.scenarios import Scenario
from zwkprognose.scenarios.documents import find_line, json_document
from zwkprognose.scenarios.toml import to_toml

HAFEN = '''# Beschluss vom Frühjahr
schema = 1
name = "hafen"
titel = "Hafenquartier"
text = """
Erste Zeile
[[annahme]] ist hier kein Abschnitt
"""
autor = "Stadtplanung"
datum = 2026-03-31

[[annahme]]   # Zuzug
groesse = "zuzuege"
prozent = -50.0
von = 2030
staatsangehoerigkeit = "A"

[[annahme]]
groesse = "geburten"
faktor = 1.1
verlauf = "gleitend"
bis = 2035
alter = "25-39"
gebiete = ["0101"]
'''


def broken(body: str) -> str:
    with pytest.raises(ScenarioError) as caught:
        Scenario.from_toml(f'name = "probe"\n{body}\n')
    return str(caught.value)


def test_the_text_comes_back_with_its_comments() -> None:
    assert Scenario.from_toml(HAFEN).to_toml() == HAFEN


def test_written_documents_read_back_equal() -> None:
    scenario = Scenario.from_toml(HAFEN)
    assert Scenario.from_toml(to_toml(scenario.document())) == scenario
    assert Scenario.from_document(scenario.document()) == scenario


def test_a_changed_copy_is_written_anew() -> None:
    changed = Scenario.from_toml(HAFEN).model_copy(update={"name": "anders"})
    assert 'name = "anders"' in changed.to_toml()
    assert Scenario.from_toml(changed.to_toml()) == changed
    assert changed != Scenario.from_toml(HAFEN)


def test_english_names_and_german_keys_build_the_same() -> None:
    assert Scenario(name="a", title="A").digest == Scenario.from_toml('name = "a"\ntitel = "A"\n').digest


def test_describe_reads_every_number_aloud() -> None:
    text = Scenario.from_toml(HAFEN).describe()
    assert "Die Zuzüge (Staatsangehörigkeit Ausländerinnen und Ausländer) sind ab 2030 um 50 % niedriger" in text
    assert "Die Geburtenziffern in 0101 (25 bis 39 Jahre) steigen" in text
    assert "(Stadtplanung, 31.03.2026)" in text


def test_lines_are_found_behind_long_texts_and_in_arrays() -> None:
    assert find_line(HAFEN, ("annahme", 0)) == 12
    assert find_line(HAFEN, ("annahme", 1, "alter", 0)) == 23
    assert find_line(HAFEN, ("annahme", 1, "fehlt")) == 18
    assert find_line(HAFEN, ("nirgends",)) is None


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ('[[eckwert]]\nname = "x"\npersonen = { 2030 = 5 }',
         "Zeile 3, eckwert 1: name: diese Angabe gibt es, aber nicht an dieser Stelle"),
        ("titl = 1", "Zeile 2, titl: diese Angabe ist unbekannt; gemeint ist vielleicht „titel“"),
        ("titel = 5", "Zeile 2, titel: hier muss ein Text in Anführungszeichen stehen, nicht 5"),
        ("schema = 2", "Zeile 2, schema: der Wert 2 ist größer als 1"),
        ('[[annahme]]\ngroesse = "zuzug"\nfaktor = 1', "„zuzug“ ist nicht möglich; möglich sind „geburten“"),
        ('[[annahme]]\ngroesse = "zuzuege"', "genau eine der Angaben „faktor“, „prozent“ und „ziel“"),
        ('[[annahme]]\ngroesse = "zuzuege"\nfaktor = 1\nprozent = 0', "genau eine der Angaben"),
        ('[[annahme]]\ngroesse = "zuzuege"\nfaktor = "1,2"', "Zeile 4, annahme 1: faktor: hier muss eine Zahl stehen"),
        ('[[annahme]]\ngroesse = "zuzuege"\nfaktor = -1', "der Wert -1 ist kleiner als 0"),
        ('[[annahme]]\ngroesse = "zuzuege"\nprozent = -120', "der Wert -120 ist kleiner als -100"),
        ('[[annahme]]\ngroesse = "zuzuege"\nfaktor = nan', "hier muss eine endliche Zahl stehen"),
        ('[[annahme]]\ngroesse = "zuzuege"\nfaktor = 1\nalter = "29-18"', "das Ende der Altersspanne (18)"),
        ('[[annahme]]\ngroesse = "zuzuege"\nfaktor = 1\nalter = "jung"', "„jung“ ist keine Altersangabe"),
        ('[[annahme]]\ngroesse = "zuzuege"\nfaktor = 1\ngeschlecht = "x"', "„x“ ist kein Geschlecht"),
        ('[[annahme]]\ngroesse = "zuzuege"\nfaktor = 1\nvon = 2030\nbis = 2025', "„bis“ (2025) liegt vor „von“ (2030)"),
        ('[[annahme]]\ngroesse = "zuzuege"\nfaktor = 1\nverlauf = "gleitend"', "braucht „bis“ oder „dauer“"),
        ('[[annahme]]\ngroesse = "geburten"\nfaktor = 1\ngeschlecht = "w"', "Geburten kennen kein Geschlecht"),
        ('[[annahme]]\ngroesse = "zuzuege"\nfaktor = 1\ngebiete = []', "mindestens ein Eintrag"),
    ],
)  # fmt: skip
def test_mistakes_are_named_with_line_and_path(body: str, sentence: str) -> None:
    assert sentence in broken(body)


def test_a_missing_name_is_said() -> None:
    with pytest.raises(ScenarioError, match="name: diese Angabe fehlt"):
        Scenario.from_toml("schema = 1\n")


def test_broken_toml_shows_the_line() -> None:
    with pytest.raises(ScenarioError, match=r"Zeile 2, Spalte \d+: titel = Hafen") as caught:
        Scenario.from_toml('name = "a"\ntitel = Hafen\n')
    assert "Anführungszeichen" in caught.value.remedy


def test_broken_json_shows_the_line() -> None:
    with pytest.raises(ScenarioError, match='Zeile 3, Spalte 9: "titel" "Hafen"'):
        json_document('{\n"name": "a",\n"titel" "Hafen"\n}')


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda path: None, "gibt es nicht"),
        (lambda path: path.mkdir(), "ist ein Ordner"),
        (lambda path: path.write_bytes('titel = "M\xfcnchen"'.encode("latin-1")), "nicht in UTF-8"),
    ],
)
def test_unreadable_files_are_named(tmp_path: Path, make: object, sentence: str) -> None:
    path = tmp_path / "hafen.toml"
    make(path)  # type: ignore[operator]
    with pytest.raises(ScenarioError, match=sentence):
        Scenario.from_toml(path)


@pytest.mark.parametrize(
    ("word", "remedy"),
    [("mittel", "Gemeint ist vielleicht „middle“ (mittlere Variante)."),
     ("natur", "Gemeint ist vielleicht „natural“ (natürliche Entwicklung)."),
     ("xyz", "Möglich sind „lower“ (untere Variante), „middle“ (mittlere Variante)")],
)  # fmt: skip
def test_an_unknown_bundled_scenario_suggests(word: str, remedy: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        Scenario.bundled(word)
    assert caught.value.remedy.startswith(remedy)


@pytest.mark.parametrize("word", ["untere", "Untere Variante", "LOWER"])
def test_german_names_of_bundled_scenarios(word: str) -> None:
    assert Scenario.bundled(word) == Scenario.bundled("lower")


def test_editing_keeps_comments_and_spelling() -> None:
    scenario = Scenario.from_toml(HAFEN)
    patch = Scenario.from_toml(
        'name = "p"\n[[annahme]]\ngroesse = "zuzuege"\nprozent = -25\nvon = 2030\nstaatsangehoerigkeit = "A"\n'
        "[[halten]]\nprozent = 10\n"
    )
    changed = scenario | patch
    text = changed.to_toml(base=HAFEN)
    assert text.startswith("# Beschluss vom Frühjahr\n")
    assert "[[annahme]]   # Zuzug\n" in text
    assert "prozent = -25.0" in text
    assert "[[halten]]" in text
    assert Scenario.from_toml(text) == changed
    back = (changed | scenario.undo(patch)).to_toml(base=text)
    assert Scenario.from_toml(back) == scenario
    assert "[[annahme]]   # Zuzug\n" in back


def test_without_a_change_every_byte_stays() -> None:
    assert Scenario.from_toml(HAFEN).to_toml(base=HAFEN) == HAFEN
