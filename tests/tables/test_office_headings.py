"""Titles and headings of municipal tables: what they say is heard, what they leave open is asked for."""

from __future__ import annotations

from pathlib import Path

import pytest
import xlsxwriter
from support.frames import town
from support.office_files import DISTRICTS, STAND, office_table, refusal
from support.tidy_files import total, write

from zwkprognose.errors import TableError
from zwkprognose.inputs import build_inputs
from zwkprognose.tables import check, read_table


def test_words_broken_by_narrow_columns_and_headings_that_only_lead(tmp_path: Path) -> None:
    path = tmp_path / "tab.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Tab 2.3")
        sheet.merge_range("A1:E1", "Tab. 2.3 Wohnberechtigte Bevölkerung am 31.12.2023 1)")
        sheet.merge_range("A3:A4", "Stadt-\nteil")
        sheet.merge_range("B3:B4", "Ins-\ngesamt")
        sheet.merge_range("C3:E3", "davon im Alter von … bis unter … Jahren")
        sheet.write_row("C4", ["unter 3", "3 - 18", "18 u. m."])
        sheet.write_row("A5", ["0101 Altstadt", 60, 10, 20, 30])
        sheet.write_row("A6", ["0102 Süd", 6, 1, 2, 3])
        sheet.write("A8", "1) Haupt- und Nebenwohnung; Quelle: Einwohnermelderegister")
    table = read_table(path)
    assert table.cells[["area", "area_name"]].drop_duplicates().to_numpy().tolist() == [
        ["0101", "Altstadt"], ["0102", "Süd"],
    ]  # fmt: skip
    ages = table.cells[["age_from", "age_to"]].astype(object).where(lambda f: f.notna(), None).drop_duplicates()
    assert ages.to_numpy().tolist() == [[0, None], [0, 3], [3, 18], [18, None]]
    assert table.source.universe == "Melderegister, Haupt- und Nebenwohnung"
    assert len(check(table).errors) == 0


def test_columns_of_some_people_among_all(tmp_path: Path) -> None:
    table = office_table(
        tmp_path, STAND, "", "Nr.;Stadtteil;Einwohner;darunter;;", " ;;insgesamt;weibl.;Ausl.;65 J. u. älter",
        "0101;Altstadt;1.200;610;200;300",
    )  # fmt: skip
    assert total(table, sex="female") == 610
    assert total(table, nationality="foreign") == 200
    assert total(table, age_from=65) == 300
    assert total(table, sex="total", nationality="total", age_from=0) == 1200


@pytest.mark.parametrize(
    ("title", "said"),
    [
        ("Ausländische Einwohner am 31.12.2023", {"nationality": "foreign"}),
        ("Einwohnerinnen am 31.12.2023: Frauen", {"sex": "female"}),
        ("Deutsche und ausländische Einwohner am 31.12.2023", {"nationality": "total", "sex": "total"}),
        ("Geborene 2023 nach dem Alter der Frauen", {"nationality": "total", "sex": "total"}),
    ],
)
def test_titles_that_speak_of_one_group(tmp_path: Path, title: str, said: dict[str, str]) -> None:
    cells = office_table(tmp_path, title, "Stadtteil;unter 18;18 und älter", "Altstadt;3;4", "Süd;5;6").cells
    for column, value in said.items():
        assert cells[column].unique().tolist() == [value]


@pytest.mark.parametrize(
    "title",
    [
        "Einwohner ab 65 Jahren am 31.12.2023", "Einwohner mit Migrationshintergrund am 31.12.2023",
        "Veränderung der Einwohnerzahl 2023", "Einwohner mit Nebenwohnung am 31.12.2023",
        "Anteil der Einwohner 2023", "Geburten je 1.000 Einwohner 2023", "Einwohnerdichte: Einwohner 2023",
    ],
)  # fmt: skip
def test_titles_that_do_not_count_everybody(tmp_path: Path, title: str) -> None:
    assert "Die Überschrift spricht von" in refusal(tmp_path, title, *DISTRICTS)


def test_a_title_in_thousands_is_heard(tmp_path: Path) -> None:
    table = office_table(tmp_path, "Einwohner in 1.000 am 31.12.2023", "Stadtteil;männlich;weiblich", "Altstadt;1,5;2")
    assert total(table) == 3500


@pytest.mark.parametrize(
    ("ages", "first"),
    [
        (("unter 1", "1 bis unter 18", "18 u. m."), [0, 1, 18]),
        (("0 - < 3", "3 - < 18", ">= 18"), [0, 3, 18]),
        (("bis 2", "3-17", "18 plus"), [0, 3, 18]),
        (("< 3 Jahre", "3 – 17 J.", "18 J. u. ä."), [0, 3, 18]),
        (("0 bis 2 Jahre", "3 bis 17 Jahre", "ab 18 Jahren"), [0, 3, 18]),
    ],
)
def test_ages_as_they_are_written(tmp_path: Path, ages: tuple[str, ...], first: list[int]) -> None:
    rows = [f"{age};{i};{i}" for i, age in enumerate(ages)]
    table = read_table(write(tmp_path, "\n".join([STAND, "Altersgruppe;männl.;weibl.", *rows]) + "\n"))
    assert table.cells["age_from"].drop_duplicates().tolist() == first
    assert len(check(table).errors) == 0


def test_ages_between_men_and_women(tmp_path: Path) -> None:
    """The layout of a pyramid: the column of ages stands in the middle."""
    table = office_table(tmp_path, STAND, "männlich;Alter;weiblich", "10;unter 18;11", "20;18 u. m.;21")
    assert [total(table, sex=sex) for sex in ("male", "female")] == [30, 32]


def test_years_of_birth_are_ages_at_the_end_of_the_year(tmp_path: Path) -> None:
    rows = [f"{year};{2023 - year};1" for year in range(2023, 1923, -1)]
    table = office_table(tmp_path, STAND, "Jahrgang;männlich;weiblich", *rows, "1923 und früher;7;8", "Summe;4957;108")
    assert len(check(table).errors) == 0
    population = build_inputs(table)["population"].sel(year_end=2023, sex="male").sum(["area", "nationality"])
    assert population.to_numpy() == pytest.approx([*range(100), 7])
    message = refusal(tmp_path, "Gestorbene 2023", "Jahrgang;männlich;weiblich", *rows)
    assert "nicht das Alter" in message


def test_births_by_the_age_of_the_mother(tmp_path: Path) -> None:
    rows = ("unter 20;5;6;11", "20 - 34;12;13;25", "35 u. m.;2;3;5", "Insgesamt;19;22;41")
    header = "Alter der Mutter;Jungen;Mädchen;zusammen"
    table = office_table(tmp_path, "Lebendgeborene 2023 nach dem Alter der Mutter", header, *rows)
    assert len(check(table).errors) == 0
    births = build_inputs(town(), table)["births"].sel(year=2023)
    assert [float(births.sel(age=slice(*ages)).sum()) for ages in ((15, 19), (20, 34), (35, None))] == [11, 25, 5]


def test_stock_and_events_of_years_beside_each_other(tmp_path: Path) -> None:
    header = "Jahr;Einwohner am 31.12.;Geburten;Sterbefälle;Zuzüge;Fortzüge;Veränderung"
    table = office_table(tmp_path, "Bevölkerungsentwicklung", header, "2023;50.100;480;610;2.100;1.870;100")
    assert table.cells["variable"].tolist() == ["population", "births", "deaths", "in_moves", "out_moves"]
    assert table.cells["value"].tolist() == [50_100, 480, 610, 2_100, 1_870]


def test_balances_are_left_out_and_said(tmp_path: Path) -> None:
    header = "Stadtteil;Geborene;Gestorbene;Geburtensaldo;Zuzüge;Fortzüge;Wanderungssaldo"
    table = office_table(tmp_path, "Bevölkerungsbewegung 2023", header, "Altstadt;5;8;-3;40;30;10")
    assert table.cells["variable"].tolist() == ["births", "deaths", "in_moves", "out_moves"]
    assert "Geburtensaldo, Wanderungssaldo" in table.source.notes[0]


@pytest.mark.parametrize(
    ("header", "row", "advice"),
    [
        ("Stadtteil;Januar;Februar;Insgesamt", "Altstadt;3;4;7", "Zahlen des ganzen Jahres"),
        ("Stadtteil;männlich;weiblich;divers", "Altstadt;3;4;1", "einem der beiden"),
        ("Geburtsjahr;männlich;weiblich", "2024;3;4", "nach dem Stichtag"),
        ("Geburtsjahr;männlich;weiblich", "früher;3;4", "„1923 und früher“"),
        ("Geburtsjahr;unter 18;18 u. m.", "2023;3;4", "in den Zeilen und in den Spalten"),
        ("Stadtteil;Empfänger;;weiblich", "Altstadt;3;4;5", "Empfänger"),
        ("Stadtteil;m/w", "Altstadt;3", "m/w"),
        ("Stadtteil;Geburten (je 1.000)", "Altstadt;9,1", "je 1.000"),
        ("Alter;Altstadt;Süd", "0-17;3;4", "Zeilen und Spalten vertauschen"),
    ],
)
def test_headings_with_an_advice_of_their_own(tmp_path: Path, header: str, row: str, advice: str) -> None:
    assert advice in refusal(tmp_path, STAND, header, row)


def test_a_stock_of_january_is_that_of_the_december_before(tmp_path: Path) -> None:
    january = office_table(tmp_path, "Einwohner", "Stand: 01.01.2024", *DISTRICTS)
    assert january.cells["year"].unique().tolist() == [2023]
    assert "31.12." in " ".join(january.source.notes)
    table = office_table(tmp_path, "Einwohnerstatistik, Auswertung vom 31.12.2023, erstellt am 05.02.2024", *DISTRICTS)
    assert table.cells["year"].unique().tolist() == [2023]


def test_marks_of_footnotes_are_no_part_of_names_and_years(tmp_path: Path) -> None:
    table = office_table(tmp_path, "Einwohner", "Stadtteil;2022 1);2023 2)", "Altstadt 3);1;2", "1) geschätzt")
    cells = table.cells[["area", "year", "value"]].to_numpy().tolist()
    assert cells == [["Altstadt", 2022, 1.0], ["Altstadt", 2023, 2.0]]


@pytest.mark.parametrize(
    "head",
    [
        "Altersgruppe von … bis unter … Jahren", "Alter von ... bis unter ... Jahre", "Altersklasse (Jahre)",
        "Altersgruppen in Jahren", "Altersstufe", "Alter in vollendeten Jahren",
    ],
)  # fmt: skip
def test_headings_over_ages_in_many_words(tmp_path: Path, head: str) -> None:
    text = f"Einwohner am 31.12.2023\nStadtteil;{head};männlich;weiblich\n"
    text += "".join(f"{area};{age};10;11\n" for area in ("Au", "Berg") for age in ("0 - 18", "18 - 65", "65 u.m."))
    table = read_table(write(tmp_path, text))
    assert table.cells["value"].sum() == 126
    assert sorted(set(table.cells["age_from"])) == [0, 18, 65]


def test_moves_within_are_no_moves_from_outside(tmp_path: Path) -> None:
    """Who moves from one quarter to another does not come to the town."""
    text = "Binnenwanderung 2023\nStadtteil;Zuzüge;Fortzüge\nAu;5;6\nBerg;6;5\n"
    with pytest.raises(TableError, match="Binnenwanderung"):
        read_table(write(tmp_path, text))
