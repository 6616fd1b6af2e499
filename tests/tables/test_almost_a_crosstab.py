"""A header of a crosstab above rows without figures at their end: the message says what was seen and what to do."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.office_files import STAND, refusal

HEAD = "Stadtteil;männlich;weiblich"


@pytest.mark.parametrize(
    ("lines", "said", "remedy"),
    [
        ((f"{HEAD};Bemerkung;Quelle", "Au;5;4;gut;Amt", "Berg;3;2;neu;Amt"),
         "stehen nur noch Texte: Spalten D („Bemerkung“), E", "löschen"),
        (("männlich;weiblich;Stadtteil;Bezirk", "5;4;Au;Mitte", "3;2;Berg;West"), "Spalten C („Stadtteil“), D",
         "links von den Zahlen"),
        ((HEAD, "Au;50 Personen;40 Personen"), "„50 Personen“ in Zeile 3, Spalte B ist keine Zahl", "nur Zahlen"),
        ((f"Stadtteil;insgesamt;{HEAD[10:]}", "Au;50;ca. 20;ca. 30"), "„ca. 20“ in Zeile 3, Spalte C", "„ca.“"),
        ((HEAD, "Au;~50;~40"), "„~50“ in Zeile 3, Spalte B", "nur Zahlen"),
        ((HEAD, "Au;fünfzig;vierzig"), "„fünfzig“ in Zeile 3", "nur Zahlen"),
        ((HEAD, "Au;;", "Berg;;"), "darunter steht keine Zahl", "gespeichert"),
        ((HEAD, "Die Zahlen folgen;;", "Au;50;40"),
         "zwischen ihm und den Zahlen steht „Die Zahlen folgen“ (Zeile 3)", "löschen"),
    ],
)  # fmt: skip
def test_what_was_seen_and_what_to_do(tmp_path: Path, lines: tuple[str, ...], said: str, remedy: str) -> None:
    answer = refusal(tmp_path, STAND, *lines)
    assert "Zeile 2 ist der Kopf einer Kreuztabelle" in answer
    assert said in answer
    assert remedy in answer.partition("Was tun: ")[2]


@pytest.mark.parametrize(
    "lines", [("Inhalt", "1;Einwohner", "2;Haushalte"), ("Sehr geehrte Damen und Herren", "anbei die Zahlen")]
)
def test_other_texts_are_no_tables(tmp_path: Path, lines: tuple[str, ...]) -> None:
    assert "keine Tabelle, die gelesen werden kann" in refusal(tmp_path, *lines)
