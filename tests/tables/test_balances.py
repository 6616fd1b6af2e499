"""Balances and changes beside their parts: a printed figure that the others contradict is found."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.office_files import office_table

from zwkprognose.tables import Table, check, concat_tables

TITLE = "Bevölkerungsbewegung 2023 nach Stadtteilen"
HEAD = "Stadtteil;Geburten;Sterbefälle;Natürlicher Saldo;Zuzüge;Fortzüge;Wanderungssaldo;Gesamtsaldo"
MITTE, NORD = "Mitte;100;80;20;500;450;50;70", "Nord;60;90;-30;300;310;-10;-40"
TOWN = "Stadt insgesamt;160;170;-10;800;760;40;30"


def contradictions(table: Table, severity: str = "error") -> list[str]:
    frame = check(table).frame
    return frame.loc[(frame["rule"] == "T06") & (frame["severity"] == severity), "message"].tolist()


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        ("90;-30", "90;-31", "„Natürlicher Saldo“, Nord, 2023, Zeile 4, Spalte D: ausgewiesen −31, gerechnet "
         "(Geburten − Sterbefälle) −30, Differenz −1."),
        ("310;-10", "310;10", "„Wanderungssaldo“, Nord, 2023, Zeile 4, Spalte G: ausgewiesen 10, gerechnet "
         "(Zuzüge − Fortzüge) −10, Differenz 20."),
        ("-10;-40", "-10;-41", "„Gesamtsaldo“, Nord, 2023, Zeile 4, Spalte H: ausgewiesen −41, gerechnet "
         "(Geburten − Sterbefälle + Zuzüge − Fortzüge) −40, Differenz −1."),
    ],
)  # fmt: skip
def test_a_balance_that_its_parts_contradict_is_an_error(tmp_path: Path, right: str, wrong: str, said: str) -> None:
    assert contradictions(office_table(tmp_path, TITLE, HEAD, MITTE, NORD, TOWN)) == []
    assert contradictions(office_table(tmp_path, TITLE, HEAD, MITTE, NORD.replace(right, wrong), TOWN)) == [said]


def test_the_balance_of_the_town_is_compared_too(tmp_path: Path) -> None:
    (said,) = contradictions(office_table(tmp_path, TITLE, HEAD, MITTE, NORD, TOWN.replace("40;30", "40;31")))
    assert "Zeile 5, Spalte H: ausgewiesen 31, gerechnet" in said


@pytest.mark.parametrize(
    "name", ["Geburtenüberschuss", "Geburten-/Sterbeüberschuss", "Geburtensaldo", "Saldo", "Natürliche Veränderung"]
)
def test_names_of_the_natural_balance(tmp_path: Path, name: str) -> None:
    head = f"Stadtteil;Geburten;Sterbefälle;{name}"
    assert contradictions(office_table(tmp_path, TITLE, head, "Mitte;1.100;80;+1.020", "Nord;60;90;– 30")) == []
    (said,) = contradictions(office_table(tmp_path, TITLE, head, "Mitte;1.100;80;+1.020", "Nord;60;90;30"))
    assert f"„{name}“, Nord" in said
    assert "ausgewiesen 30, gerechnet (Geburten − Sterbefälle) −30" in said


def test_a_surplus_of_deaths_counts_the_other_way(tmp_path: Path) -> None:
    rows = ("Mitte;60;90;30", "Nord;50;70;20", "Süd;40;45;{0}")
    head = "Stadtteil;Geburten;Sterbefälle;Sterbeüberschuss"
    assert contradictions(office_table(tmp_path, TITLE, head, *(row.format(5) for row in rows))) == []
    (said,) = contradictions(office_table(tmp_path, TITLE, head, *(row.format(6) for row in rows)))
    assert "(Sterbefälle − Geburten) 5" in said


def test_moves_within_the_town_may_be_part_of_the_whole(tmp_path: Path) -> None:
    head = f"{HEAD.removesuffix(';Gesamtsaldo')};Binnenwanderungssaldo;Gesamtsaldo"
    rows = ("Mitte;100;80;20;500;450;50;5;75", "Nord;60;90;-30;300;310;-10;-5;{0}")
    exact = office_table(tmp_path, TITLE, head, rows[0], rows[1].format(-45))
    assert contradictions(exact) == []
    assert any("Nicht nachgerechnet sind davon: Binnenwanderungssaldo." in note for note in exact.source.notes)
    (said,) = contradictions(office_table(tmp_path, TITLE, head, rows[0], rows[1].format(-46)))
    assert "ausgewiesen −46, gerechnet" in said
    assert "„Binnenwanderungssaldo“) −45" in said


def test_a_balance_with_moves_or_corrections_that_are_not_printed_is_named_as_unchecked(tmp_path: Path) -> None:
    rows = ("Mitte;100;80;20;500;450;55;78", "Nord;60;90;-30;300;310;-15;-44", "Süd;10;10;0;90;80;14;16")
    table = office_table(tmp_path, TITLE, HEAD, *rows)
    assert contradictions(table) == contradictions(table, "warning") == []
    assert any("Nicht nachgerechnet sind davon: Wanderungssaldo, Gesamtsaldo." in note for note in table.source.notes)


@pytest.mark.parametrize("mark", [".", "/", "x", ""])
def test_signs_are_not_compared(tmp_path: Path, mark: str) -> None:
    head = "Stadtteil;Geburten;Sterbefälle;Natürlicher Saldo"
    assert contradictions(office_table(tmp_path, TITLE, head, f"Mitte;100;80;{mark}", "Nord;60;90;-30")) == []
    assert contradictions(office_table(tmp_path, TITLE, head, f"Mitte;{mark or '.'};80;20", "Nord;60;90;-30")) == []


def test_noise_is_a_warning_as_for_other_sums(tmp_path: Path) -> None:
    rows = ("Stadtteil;Geburten;Sterbefälle;Natürlicher Saldo", "Mitte;100;80;22", "Nord;60;90;-31")
    foot = "Zur Geheimhaltung wurde die Cell-Key-Methode eingesetzt."
    table = office_table(tmp_path, TITLE, *rows, "", foot)
    assert contradictions(table) == []
    (said,) = contradictions(table, "warning")
    assert "abweichen: 2, höchstens um 2" in said
    large = office_table(tmp_path, TITLE, *rows[:2], "Nord;60;90;-90", "", foot)  # 60 is more than three counts explain
    (said,) = contradictions(large)
    assert "Nord" in said


def test_rounded_thousands_keep_half_of_the_last_digit(tmp_path: Path) -> None:
    head = ("Bewegung 2023 in 1.000", "Stadtteil;Zuzüge;Fortzüge;Wanderungssaldo")
    assert contradictions(office_table(tmp_path, *head, "Mitte;2,4;1,3;1,2", "Nord;3,0;2,0;1,0")) == []
    (said,) = contradictions(office_table(tmp_path, *head, "Mitte;2,4;1,3;1,5", "Nord;3,0;2,0;1,0"))
    assert "ausgewiesen 1.500, gerechnet (Zuzüge − Fortzüge) 1.100" in said


def test_changes_between_years_side_by_side(tmp_path: Path) -> None:
    head = ("Einwohner am 31.12.", "Stadtteil;2022;2023;Veränderung gegenüber Vorjahr;in %")
    mitte, nord, west = "Mitte;1000;1100;100;10,0", "Nord;3000;2700;-300;-10,0", "West;700;721;21;3,0"
    assert contradictions(office_table(tmp_path, *head, mitte, nord, west)) == []
    (said,) = contradictions(office_table(tmp_path, *head, mitte, nord.replace("-300", "300"), west))
    assert "Nord, 2023, Zeile 4, Spalte D: ausgewiesen 300, gerechnet (2023 − 2022) −300" in said
    (said,) = contradictions(office_table(tmp_path, *head, mitte, nord, west.replace("3,0", "4,0")))
    assert "West, 2023, Zeile 5, Spalte E: ausgewiesen 4, gerechnet (2023 − 2022, in %) 3" in said


def test_changes_from_row_to_row(tmp_path: Path) -> None:
    rows = ("2020;1000;.", "2021;1010;10", "2022;1005;-5", "2023;1025;{0}")
    head = ("Einwohner am 31.12.", "Jahr;Einwohner;Veränderung zum Vorjahr")
    assert contradictions(office_table(tmp_path, *head, *(row.format(20) for row in rows))) == []
    (said,) = contradictions(office_table(tmp_path, *head, *(row.format(25) for row in rows)))
    assert "2023, Zeile 6, Spalte C: ausgewiesen 25, gerechnet („Einwohner“ − Vorjahr) 20" in said


def test_what_nothing_beside_it_explains_is_said_to_be_unchecked(tmp_path: Path) -> None:
    head = "Stadtteil;Geburten;Sterbefälle;Natürlicher Saldo;Wanderungssaldo"
    table = office_table(tmp_path, TITLE, head, "Mitte;100;80;20;7", "Nord;60;90;-30;9")
    assert contradictions(table) == []
    assert "Nicht nachgerechnet sind davon: Wanderungssaldo." in table.source.notes


def test_the_contradiction_travels_with_the_table(tmp_path: Path) -> None:
    wrong = office_table(tmp_path, TITLE, HEAD, MITTE, NORD.replace("-40", "-41"))
    other = office_table(tmp_path, TITLE.replace("2023", "2022"), HEAD, MITTE, NORD)
    assert len(contradictions(concat_tables([other, wrong]))) == 1


def test_areas_side_by_side_name_the_column_of_the_file(tmp_path: Path) -> None:
    areas = "Stadtteil;Mitte;Mitte;Mitte;Nord;Nord;Nord"
    figures = "Jahr;Geburten;Sterbefälle;Saldo;Geburten;Sterbefälle;Saldo"
    head = ("Geburten und Sterbefälle nach Stadtteilen", areas, figures)
    assert contradictions(office_table(tmp_path, *head, "2022;10;5;5;20;30;-10", "2023;10;5;5;20;30;-10")) == []
    (said,) = contradictions(office_table(tmp_path, *head, "2022;10;5;5;20;30;-10", "2023;10;5;5;20;30;-9"))
    assert "„Saldo“, Nord, 2023, Zeile 5, Spalte G: ausgewiesen −9, gerechnet (Geburten − Sterbefälle) −10" in said
