"""Tables as German municipalities have them: read rightly, or refused with what to do; never read wrongly."""

from __future__ import annotations

from pathlib import Path

import pytest
import xlsxwriter
from support.office_files import BLOCKS, DISTRICTS, STAND, office_table, refusal
from support.tidy_files import total

from zwkprognose.errors import InputError
from zwkprognose.inputs import build_inputs
from zwkprognose.tables import check, read_table


def test_list_of_a_forecasting_program_with_every_single_age(tmp_path: Path) -> None:
    """No title, the measure only as "Personen", keys in front, no open age group."""
    groups = [(a, s, n) for a in ("0101", "1104") for s in "MW" for n in ("Deutsche", "Nichtdeutsche")]
    rows = [f"{a};2023;{s};{n};{age};{age % 7}" for a, s, n in groups for age in range(101)]
    header = "Gebietsschlüssel;Jahr;Geschlecht;Staatsangehörigkeit;Alter;Personen"
    table = office_table(tmp_path, header, *rows)
    population = build_inputs(table, open_age=95, last_age="open")["population"]
    assert float(population.sum()) == len(groups) * sum(age % 7 for age in range(101))
    assert population["area"].to_numpy().tolist() == ["0101", "1104"]


def test_one_column_for_each_sex_and_age(tmp_path: Path) -> None:
    header = ";".join(["Gebiet", "Jahr", *(f"{sex}{age:02d}" for sex in "MW" for age in range(3))])
    table = office_table(tmp_path, header, "0101;2023;1;2;3;4;5;6", name="einwohner_2023.csv")
    assert [total(table, sex=sex, age_from=age) for sex in ("male", "female") for age in (0, 2)] == [1, 3, 4, 6]


def test_numbers_for_the_sexes_are_not_guessed(tmp_path: Path) -> None:
    message = refusal(tmp_path, "GEBIET;JAHR;GESCHL;ALTER;BESTAND", "0101;2023;1;0;17", "0101;2023;2;0;18")
    assert "„1“ in Spalte „Geschlecht“" in message
    assert "keine Schlüsselzahl" in message


def test_single_records_are_shown_to_their_reader(tmp_path: Path) -> None:
    assert "read_register" in refusal(tmp_path, "STT;GESCHL;STAATSANG;GEBDAT", "0101;M;000;01.02.1963")


def test_blocks_with_the_name_of_an_area_above_each(tmp_path: Path) -> None:
    table = office_table(tmp_path, f"{STAND};;;", ";;;", *BLOCKS)
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
    table = office_table(tmp_path, title, "Alter;Personen", *rows)
    assert table.cells[column].drop_duplicates().tolist() == values
    assert total(table) == 24


@pytest.mark.parametrize(
    "lines",
    [
        (*DISTRICTS, "Bezirk Mitte zusammen;150;170", "Süd;15;26", "Stadt insgesamt;165;196"),
        (DISTRICTS[0], "Bezirk Mitte insgesamt;150;170", *DISTRICTS[1:], "Bezirk Süd insgesamt;15;26", "Süd;15;26"),
        (DISTRICTS[0], "Musterlingen insgesamt;165;196", *DISTRICTS[1:], "Süd;15;26"),
    ],
)
def test_sums_of_districts_are_not_counted_twice(tmp_path: Path, lines: tuple[str, ...]) -> None:
    table = office_table(tmp_path, STAND, *lines)
    assert total(table) == 361
    assert set(table.cells["area"]) == {"Altstadt", "Hafen", "Süd"}
    assert any("Zwischensummen sind ausgelassen" in note for note in table.source.notes)


def test_a_sum_of_districts_that_is_none_is_refused(tmp_path: Path) -> None:
    assert "Bezirk Mitte zusammen" in refusal(tmp_path, STAND, *DISTRICTS, "Bezirk Mitte zusammen;150;211")


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
    table = office_table(tmp_path, *rows)
    found = check(table).errors.frame
    assert found["rule"].tolist() == ["T26", "T26"]
    assert sorted(found["area"]) == ["Mitte", "Musterlingen"]
    with pytest.raises(InputError, match="doppelt gezählt"):
        build_inputs(table)
    leaves = build_inputs(table, areas=["Altstadt", "Hafen", "Süd"])["population"]
    assert float(leaves.sum()) == pytest.approx(sum(city))
    mitte[2] += 1
    nearly = office_table(tmp_path, *_districts(Mitte=mitte, Altstadt=altstadt, Hafen=hafen, Süd=sued))
    assert "T26" in set(check(nearly).errors.frame["rule"])  # one person's difference doubles nobody


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


def test_keys_that_a_spreadsheet_has_shortened_are_found(tmp_path: Path) -> None:
    rows = [f"{key};Ort;{sex};5;6" for key in ("101", "203", "1104") for sex in "mw"]
    findings = check(office_table(tmp_path, STAND, "Quartier;Name;Geschl.;unter 18;18 u. m.", *rows))
    assert findings.errors.frame["area"].tolist() == ["101", "203"]
    assert "restore_zeros" in findings.errors.summary()


def test_labels_of_merged_rows_hold_below_but_not_in_the_next_area(tmp_path: Path) -> None:
    rows = ["Altstadt;männlich;unter 18;3", ";;18 u. m.;4", ";weiblich;unter 18;5", ";;18 u. m.;6"]
    header = "Stadtteil;Geschlecht;Alter;Personen"
    table = office_table(tmp_path, STAND, header, *rows, "Süd;männlich;unter 18;7", ";weiblich;unter 18;8")
    assert total(table, area="Altstadt", sex="female") == 11
    assert total(table, area="Süd", sex="male") == 7
    assert "In der Spalte „Geschlecht“ steht nichts" in refusal(tmp_path, STAND, header, *rows, "Süd;;unter 18;7")


def test_the_line_that_names_the_separator_is_no_row(tmp_path: Path) -> None:
    table = office_table(tmp_path, "sep=;", "jahr;gebiet;anzahl", "2023;01;5")
    assert table.source.kind == "tidy"
    assert table.cells["line"].tolist() == [3]
