"""Tables as German municipalities have them: read rightly, or refused with what to do; never read wrongly."""

from __future__ import annotations

from pathlib import Path

import pytest
import xlsxwriter
from support.tidy_files import total, write

from zwkprognose.errors import InputError, TableError
from zwkprognose.inputs import build_inputs
from zwkprognose.tables import Table, check, read_table

STAND = "Einwohner am 31.12.2023"


def _read(tmp_path: Path, *lines: str, name: str = "tabelle.csv") -> Table:
    """A file as an office saves it: Windows code page, Windows line ends."""
    return read_table(write(tmp_path, "\r\n".join(lines) + "\r\n", name, "cp1252"))


def _refusal(tmp_path: Path, *lines: str) -> str:
    with pytest.raises(TableError) as caught:
        _read(tmp_path, *lines)
    assert caught.value.remedy
    return str(caught.value)


def test_list_of_a_forecasting_program_with_every_single_age(tmp_path: Path) -> None:
    """No title, the measure only as "Personen", keys in front, no open age group."""
    groups = [(a, s, n) for a in ("0101", "1104") for s in "MW" for n in ("Deutsche", "Nichtdeutsche")]
    rows = [f"{a};2023;{s};{n};{age};{age % 7}" for a, s, n in groups for age in range(101)]
    header = "Gebietsschlüssel;Jahr;Geschlecht;Staatsangehörigkeit;Alter;Personen"
    table = _read(tmp_path, header, *rows)
    population = build_inputs(table, open_age=95, last_age="open")["population"]
    assert float(population.sum()) == len(groups) * sum(age % 7 for age in range(101))
    assert population["area"].to_numpy().tolist() == ["0101", "1104"]


def test_one_column_for_each_sex_and_age(tmp_path: Path) -> None:
    header = ";".join(["Gebiet", "Jahr", *(f"{sex}{age:02d}" for sex in "MW" for age in range(3))])
    table = _read(tmp_path, header, "0101;2023;1;2;3;4;5;6", name="einwohner_2023.csv")
    assert [total(table, sex=sex, age_from=age) for sex in ("male", "female") for age in (0, 2)] == [1, 3, 4, 6]


def test_numbers_for_the_sexes_are_not_guessed(tmp_path: Path) -> None:
    message = _refusal(tmp_path, "GEBIET;JAHR;GESCHL;ALTER;BESTAND", "0101;2023;1;0;17", "0101;2023;2;0;18")
    assert "„1“ in Spalte „Geschlecht“" in message
    assert "keine Schlüsselzahl" in message


def test_single_records_are_shown_to_their_reader(tmp_path: Path) -> None:
    assert "read_register" in _refusal(tmp_path, "STT;GESCHL;STAATSANG;GEBDAT", "0101;M;000;01.02.1963")


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
    assert table.source.universe == "Melderegister, Haupt- und Nebenwohnsitz"
    assert len(check(table).errors) == 0


def test_columns_of_some_people_among_all(tmp_path: Path) -> None:
    table = _read(
        tmp_path, STAND, "", "Nr.;Stadtteil;Einwohner;darunter;;", " ;;insgesamt;weibl.;Ausl.;65 J. u. älter",
        "0101;Altstadt;1.200;610;200;300",
    )  # fmt: skip
    assert total(table, sex="female") == 610
    assert total(table, nationality="foreign") == 200
    assert total(table, age_from=65) == 300
    assert total(table, sex="total", nationality="total", age_from=0) == 1200


BLOCKS = ("Alter;männlich;weiblich;zusammen", "0101 Altstadt;;;", "unter 1;5;6;11", "1 - 74;70;80;150",
          "75 u. m.;7;8;15", "zusammen;82;94;176", ";;;", "0102 Süd;;;", "unter 1;1;2;3", "1 - 74;3;4;7",
          "75 u. m.;-;2;2", "zusammen;4;8;12", ";;;", "Quelle: Melderegister;;;")  # fmt: skip


def test_blocks_with_the_name_of_an_area_above_each(tmp_path: Path) -> None:
    table = _read(tmp_path, f"{STAND};;;", ";;;", *BLOCKS)
    assert len(check(table).errors) == 0
    population = build_inputs(table)["population"].sum(["age", "sex", "nationality", "year_end"])
    assert population["area"].to_numpy().tolist() == ["0101", "0102"]
    assert population.to_numpy() == pytest.approx([176, 12])
    assert sorted(table.cells["line"].unique()) == [5, 6, 7, 8, 11, 12, 13, 14]


@pytest.mark.parametrize(
    ("blocks", "column", "values"),
    [
        (("Männer", "Frauen"), "sex", ["male", "female"]),
        (("31.12.2022", "31.12.2023"), "year", [2022, 2023]),
        (("Deutsche", "Ausländer"), "nationality", ["german", "foreign"]),
    ],
)
def test_blocks_of_sexes_years_and_groups(tmp_path: Path, blocks: tuple[str, str], column: str, values: list) -> None:
    title = "Einwohner" if column == "year" else STAND
    rows = [line for name in blocks for line in (f"{name};", "unter 18;5", "18 u. m.;7")]
    table = _read(tmp_path, title, "Alter;Personen", *rows)
    assert table.cells[column].drop_duplicates().tolist() == values
    assert total(table) == 24


DISTRICTS = ("Ortsteil;männlich;weiblich", "Altstadt;100;110", "Hafen;50;60")


@pytest.mark.parametrize(
    "lines",
    [
        (*DISTRICTS, "Bezirk Mitte zusammen;150;170", "Süd;15;26", "Stadt insgesamt;165;196"),
        (DISTRICTS[0], "Bezirk Mitte insgesamt;150;170", *DISTRICTS[1:], "Bezirk Süd insgesamt;15;26", "Süd;15;26"),
        (DISTRICTS[0], "Musterlingen insgesamt;165;196", *DISTRICTS[1:], "Süd;15;26"),
    ],
)
def test_sums_of_districts_are_not_counted_twice(tmp_path: Path, lines: tuple[str, ...]) -> None:
    table = _read(tmp_path, STAND, *lines)
    assert total(table) == 361
    assert set(table.cells["area"]) == {"Altstadt", "Hafen", "Süd"}
    assert any("Zwischensummen sind ausgelassen" in note for note in table.source.notes)


def test_a_sum_of_districts_that_is_none_is_refused(tmp_path: Path) -> None:
    assert "Bezirk Mitte zusammen" in _refusal(tmp_path, STAND, *DISTRICTS, "Bezirk Mitte zusammen;150;171")


def _districts(**counts: list[int]) -> list[str]:
    """Rows of districts with men and women in three ages."""
    ages = ("unter 18", "18-64", "65+")
    header = ";".join(["Gebiet", *(f"{sex} {age}" for sex in ("männlich", "weiblich") for age in ages)])
    return [STAND, header, *(";".join([name, *map(str, values)]) for name, values in counts.items())]


def test_a_city_or_district_among_its_parts_is_found_whatever_it_is_called(tmp_path: Path) -> None:
    altstadt, hafen, sued = [11, 52, 13, 14, 55, 16], [21, 72, 23, 24, 75, 26], [31, 32, 37, 34, 35, 36]
    mitte = [a + b for a, b in zip(altstadt, hafen, strict=True)]
    city = [a + b for a, b in zip(mitte, sued, strict=True)]
    rows = _districts(Musterlingen=city, Mitte=mitte, Altstadt=altstadt, Hafen=hafen, Süd=sued)
    table = _read(tmp_path, *rows)
    found = check(table).errors.frame
    assert found["rule"].tolist() == ["T26", "T26"]
    assert sorted(found["area"]) == ["Mitte", "Musterlingen"]
    with pytest.raises(InputError, match="doppelt gezählt"):
        build_inputs(table)
    leaves = build_inputs(table, areas=["Altstadt", "Hafen", "Süd"])["population"]
    assert float(leaves.sum()) == pytest.approx(sum(city))
    mitte[2] += 1
    nearly = _read(tmp_path, *_districts(Mitte=mitte, Altstadt=altstadt, Hafen=hafen, Süd=sued))
    assert "T26" not in set(check(nearly).frame["rule"])


def test_one_sheet_for_each_group_and_year(tmp_path: Path) -> None:
    """The group stands in the name of the sheet alone; without it every cell would be there twice."""
    path = tmp_path / "einwohner.xlsx"
    with xlsxwriter.Workbook(path) as book:
        for year in (2022, 2023):
            for i, group in enumerate(("Deutsche", "Ausländer")):
                sheet = book.add_worksheet(f"{group} {year}")
                sheet.write("A1", "Einwohner nach Stadtteilen")
                sheet.merge_range("B3:C3", "männlich")
                sheet.merge_range("D3:E3", "weiblich")
                sheet.write_row("A4", ["Stadtteil", "unter 85", "85 und älter", "unter 85", "85 und älter"])
                sheet.write_row("A5", ["Altstadt", 10 + i, 20, 30, 40])
    table = read_table(path)
    assert len(check(table).errors) == 0
    population = build_inputs(table)["population"]
    assert population["nationality"].to_numpy().tolist() == ["german", "foreign"]
    assert population.sum(["area", "sex", "age"]).to_numpy().round(6).tolist() == [[100, 101], [100, 101]]


@pytest.mark.parametrize(
    ("title", "said"),
    [
        ("Ausländische Einwohner am 31.12.2023", {"nationality": "foreign"}),
        ("Einwohnerinnen am 31.12.2023: Frauen", {"sex": "female"}),
        ("Deutsche und ausländische Einwohner am 31.12.2023", {"nationality": "total", "sex": "total"}),
    ],
)
def test_titles_that_speak_of_one_group(tmp_path: Path, title: str, said: dict[str, str]) -> None:
    cells = _read(tmp_path, title, "Stadtteil;unter 18;18 und älter", "Altstadt;3;4", "Süd;5;6").cells
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
    assert "Die Überschrift spricht von" in _refusal(tmp_path, title, *DISTRICTS)


def test_a_title_in_thousands_is_heard(tmp_path: Path) -> None:
    table = _read(tmp_path, "Einwohner in 1.000 am 31.12.2023", "Stadtteil;männlich;weiblich", "Altstadt;1,5;2")
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
    table = _read(tmp_path, STAND, "männlich;Alter;weiblich", "10;unter 18;11", "20;18 u. m.;21")
    assert [total(table, sex=sex) for sex in ("male", "female")] == [30, 32]


def test_balances_are_left_out_and_said(tmp_path: Path) -> None:
    header = "Stadtteil;Geborene;Gestorbene;Geburtensaldo;Zuzüge;Fortzüge;Wanderungssaldo"
    table = _read(tmp_path, "Bevölkerungsbewegung 2023", header, "Altstadt;5;8;-3;40;30;10")
    assert table.cells["variable"].tolist() == ["births", "deaths", "in_moves", "out_moves"]
    assert "Geburtensaldo, Wanderungssaldo" in table.source.notes[0]


@pytest.mark.parametrize(
    ("header", "row", "advice"),
    [
        ("Stadtteil;Januar;Februar;Insgesamt", "Altstadt;3;4;7", "Zahlen des ganzen Jahres"),
        ("Stadtteil;männlich;weiblich;divers", "Altstadt;3;4;1", "einem der beiden zu"),
        ("Geburtsjahr;männlich;weiblich", "2023;3;4", "Stichtagsjahr minus Geburtsjahr"),
        ("Stadtteil;Empfänger;;weiblich", "Altstadt;3;4;5", "Empfänger"),
        ("Stadtteil;m/w", "Altstadt;3", "m/w"),
        ("Stadtteil;Geburten (je 1.000)", "Altstadt;9,1", "je 1.000"),
        ("Alter;Altstadt;Süd", "0-17;3;4", "vertauschen Sie Zeilen und Spalten"),
    ],
)
def test_headings_with_an_advice_of_their_own(tmp_path: Path, header: str, row: str, advice: str) -> None:
    assert advice in _refusal(tmp_path, STAND, header, row)


def test_a_stock_of_january_is_not_taken_for_december(tmp_path: Path) -> None:
    assert "31.12.2023" in _refusal(tmp_path, "Einwohner", "Stand: 01.01.2024", *DISTRICTS)
    table = _read(tmp_path, "Einwohnerstatistik, Auswertung vom 31.12.2023, erstellt am 05.02.2024", *DISTRICTS)
    assert table.cells["year"].unique().tolist() == [2023]


def test_keys_that_a_spreadsheet_has_shortened_are_found(tmp_path: Path) -> None:
    rows = [f"{key};Ort;{sex};5;6" for key in ("101", "203", "1104") for sex in "mw"]
    findings = check(_read(tmp_path, STAND, "Quartier;Name;Geschl.;unter 18;18 u. m.", *rows))
    assert findings.errors.frame["area"].tolist() == ["101", "203"]
    assert "restore_zeros" in findings.errors.summary()


def test_labels_of_merged_rows_hold_below_but_not_in_the_next_area(tmp_path: Path) -> None:
    rows = ["Altstadt;männlich;unter 18;3", ";;18 u. m.;4", ";weiblich;unter 18;5", ";;18 u. m.;6"]
    header = "Stadtteil;Geschlecht;Alter;Personen"
    table = _read(tmp_path, STAND, header, *rows, "Süd;männlich;unter 18;7", ";weiblich;unter 18;8")
    assert total(table, area="Altstadt", sex="female") == 11
    assert total(table, area="Süd", sex="male") == 7
    assert "„“ in Spalte „Geschlecht“" in _refusal(tmp_path, STAND, header, *rows, "Süd;;unter 18;7")


def test_marks_of_footnotes_are_no_part_of_names_and_years(tmp_path: Path) -> None:
    table = _read(tmp_path, "Einwohner", "Stadtteil;2022 1);2023 2)", "Altstadt 3);1;2", "1) geschätzt")
    cells = table.cells[["area", "year", "value"]].to_numpy().tolist()
    assert cells == [["Altstadt", 2022, 1.0], ["Altstadt", 2023, 2.0]]


def test_the_line_that_names_the_separator_is_no_row(tmp_path: Path) -> None:
    table = _read(tmp_path, "sep=;", "jahr;gebiet;anzahl", "2023;01;5")
    assert table.source.kind == "tidy"
    assert table.cells["line"].tolist() == [3]
