"""Every printed cell has one fate: marks are never lost, what is left out is named, the rest is refused."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.office_files import DISTRICTS, STAND, office_table, office_text, refusal

from zwkprognose.errors import TableError
from zwkprognose.tables import Table, concat_tables, read_table, understood
from zwkprognose.tables.ledger import Fate

#: Marks that no legend explains: none of them is a number, and none may vanish with its line.
MARKS = (
    "200*",
    "200 1)",
    "200¹",
    "rd. 200",
    "ca. 200",
    "n.v.",
    "n. e.",
    "5-1",
    "#NV",
    "()",
    "unter Vorbehalt",
    "?",
    "siehe unten",
)
AREAS, SEXES, AGES = (
    ("Oberdorf", "Mühlfeld", "Am Hang"),
    ("männlich", "weiblich"),
    ("unter 18", "18 bis 64", "65 u. m."),
)


class _File:
    """Text as a file."""

    def __init__(self, *lines: str, name: str = "tabelle.csv") -> None:
        self.name, self._data = name, office_text(*lines).encode("utf-8")

    def read_bytes(self) -> bytes:
        """The whole file."""
        return self._data


def _figures(seed: int = 7) -> list[list[str]]:
    return [[str(seed + 11 * i + 3 * j) for j in range(len(AGES))] for i in range(len(AREAS) * len(SEXES))]


def _crosstab(figures: list[list[str]], foot: tuple[str, ...] = ()) -> _File:
    labels = [f"{area};{sex}" for area, sex in product(AREAS, SEXES)]
    rows = [";".join((label, *row)) for label, row in zip(labels, figures, strict=True)]
    return _File(STAND, ";".join(("Stadtteil", "Geschlecht", *AGES)), *rows, *foot)


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 2), st.sampled_from(MARKS)), min_size=1, max_size=18))
def test_a_mark_that_is_not_understood_is_refused_wherever_it_stands(places: list[tuple[int, int, str]]) -> None:
    figures = _figures()
    for row, column, mark in places:
        figures[row][column] = mark
    with pytest.raises(TableError) as caught:
        read_table(_crosstab(figures))
    first = min(row for row, _, _ in places)
    assert f"Zeile {first + 3}" in str(caught.value)
    assert any(mark in str(caught.value) for row, _, mark in places if row == first)


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 2)), min_size=1, max_size=18))
def test_a_mark_with_a_meaning_is_no_number_and_no_loss(places: list[tuple[int, int]]) -> None:
    figures = _figures()
    for row, column in places:
        figures[row][column] = "n.v."
    table = read_table(_crosstab(figures), signs={"n.v.": "geheim"})
    assert len(table.cells) == 18
    assert (table.cells["status"] == "hidden").sum() == len(set(places))
    assert table.ledger.cells(Fate.VALUE) == 18


def test_a_meaning_that_does_not_exist_is_refused() -> None:
    with pytest.raises(TableError, match="geheimnisvoll"):
        read_table(_crosstab(_figures()), signs={"n.v.": "geheimnisvoll"})


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 2), st.sampled_from(["*", " 1)", "¹", "¹)"])), max_size=9))
def test_footnote_marks_that_the_foot_explains_change_no_figure(places: list[tuple[int, int, str]]) -> None:
    figures = _figures()
    expected = sum(int(text) for row in figures for text in row)
    for row, column, mark in {place[:2]: place for place in places}.values():
        figures[row][column] += mark
    marked = read_table(_crosstab(figures, ("", "* geschätzt", "1) vorläufig")))
    assert marked.cells["value"].sum() == expected


def test_the_ledger_names_what_is_no_value(tmp_path: Path) -> None:
    table = office_table(
        tmp_path, STAND, "Stadtteil;2022;2023;Veränderung", "Oberdorf;480;490;10", "Am Hang;405;400;-5",
        "Stadt insgesamt;885;890;5", "", "Quelle: Melderegister",
    )  # fmt: skip
    fates = table.ledger.frame().set_index("fate")["cells"].to_dict()
    assert fates == {"value": 4, "heading": 5, "label": 3, "sum": 2, "change": 3, "text": 1}
    assert table.ledger.figures("sum") == 2


def test_lines_say_what_was_understood(tmp_path: Path) -> None:
    table = office_table(
        tmp_path, "Einwohner", "Jahr;Stadtteil;Geschlecht;unter 18;18 und älter;Saldo", "2019;Nord;m;1;2;1",
        "2019;Nord;w;3;4;1", "2023;Nord;m;5;600;1", "2023;Nord;w;7;800;1",
    )  # fmt: skip
    assert understood(table) == [
        "„tabelle.csv“, gelesen: 1 Gebiet · Stichtage 2019, 2023 · 2 Altersgruppen, offen ab 18 · m/w · "
        "1.412 Personen am 31.12.2023",
        "  nicht verwendet: Veränderungen und Salden (4 Zahlen)",
    ]


def test_the_ledger_of_several_tables_is_that_of_all(tmp_path: Path) -> None:
    one = office_table(tmp_path, "Einwohner am 31.12.2022", *DISTRICTS, name="a.csv")
    other = office_table(tmp_path, STAND, *DISTRICTS, name="b.csv")
    assert concat_tables([one, other]).ledger.cells() == one.ledger.cells() + other.ledger.cells()


@pytest.mark.parametrize("line", ["Am Hang;männlich;n.v.;n.v.;n.v.", "Am Hang;männlich;;;n.v."])
@pytest.mark.parametrize("gap", [(), ("",)])
def test_lines_of_marks_at_the_end_are_refused(tmp_path: Path, line: str, gap: tuple[str, ...]) -> None:
    header = ";".join(("Stadtteil", "Geschlecht", *AGES))
    assert "Zeile" in refusal(tmp_path, STAND, header, "Oberdorf;männlich;1;2;3", "Oberdorf;weiblich;4;5;6", *gap, line)


@pytest.mark.parametrize(
    "foot",
    [
        ("Quelle: Melderegister",), ("", "- = nichts vorhanden", ". = geheim"), ("", "-;nichts vorhanden", ".;geheim"),
        ("", "1) Hauptwohnung", "Stand: 14.03.2024"), ("_____", "© Statistikstelle 2024"), ("Anmerkung;siehe 2;", ""),
    ],
)  # fmt: skip
def test_a_foot_is_no_part_of_the_table(tmp_path: Path, foot: tuple[str, ...]) -> None:
    table = office_table(tmp_path, STAND, *DISTRICTS, *foot)
    assert table.cells["value"].tolist() == [100, 110, 50, 60]


def _persons(table: Table) -> dict[str, float]:
    return table.cells.groupby("area")["value"].sum().to_dict()


def test_tables_below_each_other_under_the_same_header(tmp_path: Path) -> None:
    lines = ("Oberdorf", "Alter;männlich;weiblich", "unter 18;90;95", "18 und älter;400;415", "")
    more = ("Am Hang", "Alter;männlich;weiblich", "unter 18;80;85", "18 und älter;320;330")
    assert _persons(office_table(tmp_path, STAND, "", *lines, *more)) == {"Oberdorf": 1000, "Am Hang": 815}


def test_years_below_each_other_under_the_same_header(tmp_path: Path) -> None:
    table = office_table(tmp_path, "Einwohner am 31.12.2022", *DISTRICTS, "", STAND, *DISTRICTS)
    assert table.cells.groupby("year")["value"].sum().to_dict() == {2022: 320, 2023: 320}


def test_a_quarter_is_told_apart_from_its_namesake_in_another_district(tmp_path: Path) -> None:
    header = "Bezirk;Stadtteil;männlich;weiblich"
    table = office_table(
        tmp_path, STAND, header, "Nord;Zentrum;10;20", "Nord;Au;1;2", "Süd;Zentrum;30;40", "Süd;Berg;3;4"
    )
    assert _persons(table) == {"Nord / Zentrum": 30, "Au": 3, "Süd / Zentrum": 70, "Berg": 7}


@pytest.mark.parametrize("sum_of", [("Nord;;11;22", "Süd;;33;44"), ("Nord;zusammen;11;22", "Süd;insgesamt;33;44")])
def test_sums_of_districts_are_checked_and_left_out(tmp_path: Path, sum_of: tuple[str, str]) -> None:
    rows = ("Nord;Zentrum;10;20", "Nord;Au;1;2", sum_of[0], "Süd;Hafen;30;40", "Süd;Berg;3;4", sum_of[1])
    table = office_table(tmp_path, STAND, "Bezirk;Stadtteil;männlich;weiblich", *rows)
    assert _persons(table) == {"Zentrum": 30, "Au": 3, "Hafen": 70, "Berg": 7}
    assert table.ledger.cells(Fate.SUM) == 4


@pytest.mark.parametrize(
    "heading", ["Landkreis", "Kommune", "Ort", "Bundesland", "Wohnplatz", "Stadtquartier", "Ämter"]
)
def test_areas_are_known_by_what_stands_below_the_heading(tmp_path: Path, heading: str) -> None:
    table = office_table(tmp_path, STAND, f"{heading};männlich;weiblich", "Altstadt;100;110", "Hafen;50;60")
    assert _persons(table) == {"Altstadt": 210, "Hafen": 110}


@pytest.mark.parametrize(
    ("header", "rows", "word"),
    [
        ("Familienstand;männlich;weiblich", ("ledig;1;2", "verheiratet;3;4"), "Familienstand"),
        ("Variante;2023;2024", ("untere;1;2", "obere;3;4"), "Variante"),
        ("Stadtteil;Monat;männlich", ("Altstadt;Mai;1", "Altstadt;Juni;3"), "Monat"),
    ],
)
def test_columns_that_split_people_otherwise_are_refused(
    tmp_path: Path, header: str, rows: tuple[str, ...], word: str
) -> None:
    assert word in refusal(tmp_path, STAND, header, *rows)


def test_a_column_that_says_the_same_everywhere_counts_as_a_title(tmp_path: Path) -> None:
    header = "Stadt;Stadtteil;männlich;weiblich"
    table = office_table(tmp_path, STAND, header, "Auental;Altstadt;100;110", "Auental;Hafen;50;60")
    assert _persons(table) == {"Altstadt": 210, "Hafen": 110}
