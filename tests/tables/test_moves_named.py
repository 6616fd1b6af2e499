"""Headings of moves: across the border of the town they are read, within it they are set aside or asked about."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.office_files import office_table, refusal

from zwkprognose.tables import Table, check

TITLE = "Wanderungen 2023"
OUTSIDE = (
    ("Zuzüge von außerhalb", "Fortzüge nach außerhalb"),
    ("Zuzüge von außerhalb der Stadt", "Fortzüge nach außerhalb der Stadt"),
    ("Zuzüge über die Stadtgrenze", "Fortzüge über die Stadtgrenze"), ("Außenzuzüge", "Außenfortzüge"),
    ("Zuzüge über die Gemeindegrenze", "Wegzüge über die Gemeindegrenze"), ("Zuzug von außen", "Wegzug nach außen"),
    ("Zuzüge (von außerhalb)", "Fortzüge (nach außerhalb)"), ("Zugezogene von auswärts", "Fortgezogene nach auswärts"),
    ("Zuzüge von ausserhalb der Gemeinde", "Fortzüge nach ausserhalb der Gemeinde"),
    ("Zuzüge von außerhalb des Stadtgebiets", "Wegzüge nach außerhalb des Stadtgebiets"),
    ("Zuzüge v. außerhalb", "Fortzüge über die Stadtgrenze hinaus"),
    ("Zuzüge über die Stadtgrenzen", "Fortzüge über die Grenze der Stadt"),
    ("Außenwanderung Zuzüge", "Außenwanderung Fortzüge"),
)  # fmt: skip
WITHIN = (
    "Umzüge innerhalb der Stadt", "Binnenumzüge", "Umzüge", "Innerstädtische Umzüge", "Umzüge innerhalb der Gemeinde",
    "Umzüge im Stadtgebiet", "Umzüge zwischen den Stadtteilen", "Binnenzuzüge", "Binnenfortzüge",
    "innerstädtische Zuzüge",
    "Zuzüge aus anderen Stadtteilen", "Fortzüge in andere Ortsteile", "Zuzüge innerhalb des Stadtgebietes",
    "Binnenwegzüge",
    "Umzüge innerhalb des Stadtteils",
    "Zuzüge aus dem Stadtgebiet",
    "Zuzüge (Innenwanderung)",
)  # fmt: skip


def sums(table: Table) -> dict[str, float]:
    return {str(name): float(value) for name, value in table.cells.groupby("variable")["value"].sum().items()}


def said(table: Table) -> list[str]:
    frame = check(table).frame
    return frame.loc[frame["rule"] == "T41", "message"].tolist()


@pytest.mark.parametrize(("into", "away"), OUTSIDE)
def test_moves_across_the_border_are_read(tmp_path: Path, into: str, away: str) -> None:
    table = office_table(tmp_path, TITLE, f"Stadtteil;{into};{away}", "Au;40;30", "Berg;20;25")
    assert sums(table) == {"in_moves": 60, "out_moves": 55}
    assert said(table) == []


@pytest.mark.parametrize("within", WITHIN)
def test_moves_within_are_set_aside_beside_those_across(tmp_path: Path, within: str) -> None:
    head = f"Stadtteil;Zuzüge von außerhalb;Fortzüge nach außerhalb;{within}"
    table = office_table(tmp_path, TITLE, head, "Au;40;30;9", "Berg;20;25;8")
    assert sums(table) == {"in_moves": 60, "out_moves": 55}
    (message,) = said(table)
    assert message.startswith(f"„tabelle.csv“: Spalte D („{within}“) ist nicht verwendet. Umzüge innerhalb")


@pytest.mark.parametrize("within", WITHIN)
def test_a_table_of_moves_within_alone_is_refused_with_what_to_do(tmp_path: Path, within: str) -> None:
    said = refusal(tmp_path, TITLE, f"Stadtteil;{within}", "Au;40", "Berg;20")
    assert f"zählt nur Umzüge innerhalb („{within}“)" in said
    assert "Umzugsmatrix" in said


def test_umzuege_is_the_fixed_word_for_moves_within(tmp_path: Path) -> None:
    table = office_table(tmp_path, TITLE, "Stadtteil;Zuzüge;Fortzüge;Umzüge", "Au;40;30;9", "Berg;20;25;8")
    assert sums(table) == {"in_moves": 60, "out_moves": 55}
    assert len(said(table)) == 1


@pytest.mark.parametrize("within", ["Binnenzuzüge", "davon innerhalb der Stadt", "Zuzüge aus anderen Stadtteilen"])
def test_plain_moves_that_may_hold_those_within_are_asked_about(tmp_path: Path, within: str) -> None:
    head = f"Stadtteil;Zuzüge;{within}" if "davon" not in within else "Stadtteil;Zuzüge;Zuzüge innerhalb der Stadt"
    answer = refusal(tmp_path, TITLE, head, "Au;40;9", "Berg;20;8")
    assert "Ob „Zuzüge“ die Umzüge innerhalb" in answer
    assert "von außerhalb" in answer


def test_a_header_of_two_rows_splits_moves(tmp_path: Path) -> None:
    rows = (
        "Stadtteil;Außenwanderung;;Binnenwanderung;",
        ";Zuzüge;Fortzüge;Zuzüge;Fortzüge",
        "Au;40;30;9;8",
        "Berg;20;25;8;9",
    )
    table = office_table(tmp_path, TITLE, *rows)
    assert sums(table) == {"in_moves": 60, "out_moves": 55}
    assert [message.split("(")[1].split(")")[0] for message in said(table)] == [
        "„Binnenwanderung Zuzüge“", "„Binnenwanderung Fortzüge“"
    ]  # fmt: skip


def test_the_sum_of_moves_across_and_within_is_set_aside(tmp_path: Path) -> None:
    rows = (
        "Stadtteil;Zuzüge;;;Fortzüge;;",
        ";insgesamt;von außerhalb;aus anderen Stadtteilen;insgesamt;nach außerhalb;in andere Stadtteile",
        "Au;49;40;9;38;30;8", "Berg;28;20;8;34;25;9",
    )  # fmt: skip
    table = office_table(tmp_path, TITLE, *rows)
    assert sums(table) == {"in_moves": 60, "out_moves": 55}
    assert len(said(table)) == 4


@pytest.mark.parametrize(
    "title", ["Außenwanderung 2023", "Zuzüge von außerhalb der Stadt 2023", "Wanderungen über die Stadtgrenze 2023"]
)
def test_titles_may_say_that_moves_cross_the_border(tmp_path: Path, title: str) -> None:
    assert sums(office_table(tmp_path, title, "Stadtteil;Zuzüge;Fortzüge", "Au;5;6"))["in_moves"] == 5


@pytest.mark.parametrize(
    "title", ["Umzüge innerhalb der Stadt 2023", "Binnenwanderung 2023", "Umzüge 2023", "Innerstädtische Umzüge 2023"]
)
def test_titles_of_moves_within_are_refused_over_in_and_out_moves(tmp_path: Path, title: str) -> None:
    answer = refusal(tmp_path, title, "Stadtteil;Zuzüge;Fortzüge", "Au;5;6")
    assert title.split(" 2")[0].split()[0] in answer
    assert "Umzugsmatrix" in answer


def test_the_border_of_the_kreis_is_none_of_a_town(tmp_path: Path) -> None:
    """Who comes from another Gemeinde of the same Kreis would be missing; of a Kreis it is the border."""
    assert "Stadtgrenze" in refusal(tmp_path, TITLE, "Stadtteil;Zuzüge über die Kreisgrenze", "Au;40", "Berg;20")
    table = office_table(
        tmp_path, TITLE, "Gemeinde;Zuzüge von außerhalb des Kreises;Fortzüge über die Kreisgrenze", "Au;40;1"
    )
    assert sums(table) == {"in_moves": 40, "out_moves": 1}


@pytest.mark.parametrize("heading", ["Außenwanderung", "Wanderung über die Stadtgrenze", "Binnenwanderung"])
def test_a_column_without_a_direction_is_asked_about(tmp_path: Path, heading: str) -> None:
    assert "ob sie Zuzüge oder Fortzüge zählt" in refusal(tmp_path, TITLE, f"Stadtteil;{heading}", "Au;40", "Berg;20")


@pytest.mark.parametrize(
    "heading",
    ["Zuzüge aus dem Umland", "Zuzüge aus dem Ausland", "Fortzüge in die neuen Länder", "Fernwanderung Zuzüge"],
)
def test_a_part_of_the_moves_is_refused_with_what_to_do(tmp_path: Path, heading: str) -> None:
    answer = refusal(tmp_path, TITLE, f"Stadtteil;{heading}", "Au;40", "Berg;20")
    assert heading in answer
    assert "alle Zuzüge und Fortzüge über die Grenze der Stadt" in answer


def test_a_title_may_say_the_direction(tmp_path: Path) -> None:
    table = office_table(tmp_path, "Zuzüge 2023", "Stadtteil;von außerhalb;innerhalb der Stadt", "Au;40;9", "Berg;20;8")
    assert sums(table) == {"in_moves": 60}
    assert len(said(table)) == 1
