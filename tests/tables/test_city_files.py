"""Files of city portals, Stadtteilprofile and the regional tables of the Zensus 2022, in their own shapes.

Shapes after the open data of Kiel (Städteportal Schleswig-Holstein), the Stadtteilprofile of the Statistikamt Nord, the
Regionaltabellen of the Zensus 2022 (sheets for people with „Amtlicher Regionalschlüssel (ARS)“, sheets ``CSV-…`` with
``Berichtszeitpunkt, _RS``). All figures are invented.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
import xlsxwriter
from support.tidy_files import total, write

from zwkprognose.errors import TableError
from zwkprognose.tables import check, read_table

FIXTURES = Path(__file__).parent / "fixtures"
PORTAL = "stadtportal_muster.csv"
PROFILE = "Stadtteilprofile_2023_muster.csv"

Rows = Sequence[Sequence[str | int]]


def _workbook(folder: Path, sheets: Mapping[str, Rows], name: str = "Regionaltabelle_Demografie.xlsx") -> Path:
    path = folder / name
    book = xlsxwriter.Workbook(path)
    for title, rows in sheets.items():
        sheet = book.add_worksheet(title)
        for i, row in enumerate(rows):
            for j, value in enumerate(row):
                if value != "":
                    sheet.write(i, j, value)
    book.close()
    return path


# --- portals ----------------------------------------------------------------------------------------------------------


def test_portal_by_sex_and_date() -> None:
    table = read_table(FIXTURES / PORTAL)
    assert table.source.kind == "stadtportal"
    assert total(table, year=2023, area="1", sex="male") == 638
    assert any("Einwohner ledig" in note for note in table.source.notes)
    assert table.ledger.figures("left_out") == 5  # date, number and three counts of the row that is left out


def test_dates_that_were_filled_down_are_put_right_and_said() -> None:
    table = read_table(FIXTURES / PORTAL)
    assert total(table, year=2023, area="2", sex="total") == 1618  # printed as 2023_12_32
    (said,) = table.source.repairs
    assert "2023_12_32" in said
    assert "31.12. desselben Jahres" in said


def _portal(*dates: str, areas: str = "123456789") -> str:
    head = "Land;Stadt;Kategorie;Merkmal;Datum;Stadtteilnummer;Stadtteil;0 bis unter 3;3 bis unter 18;18 und älter\n"
    front = "de-sh;Ort;Bevoelkerung;Einwohner nach Alter"
    return head + "".join(f"{front};{d};{a};Teil {a};1;2;3\n" for d, a in zip(dates, areas, strict=False))


def test_portal_by_ages(tmp_path: Path) -> None:
    table = read_table(write(tmp_path, _portal("2020_12_31", "2020_12_31")))
    ages = table.cells[["age_from", "age_to"]].drop_duplicates().astype(object).where(lambda f: f.notna(), None)
    assert ages.to_numpy().tolist() == [[0, 3], [3, 18], [18, None]]


@pytest.mark.parametrize(
    ("dates", "areas", "match"),
    [
        (("2020_12_31", "2020_12_33"), "12", "„2020_12_33“ ist kein 31. Dezember"),  # no step of one
        (("2020_12_32", "2020_12_33"), "12", "„2020_12_32“"),  # no beginning
        (("2020_12_31", "2020_12_32"), "11", "„2020_12_32“"),  # the same Stadtteil: it may be another year
        (("2020_06_30",), "1", "„2020_06_30“"),
        (("2020_12_31", "2020_12_31"), "11", "steht für 2020 schon in Zeile 2"),
        (("31.12.2020",), "1", "„31.12.2020“"),
    ],
)  # fmt: skip
def test_dates_that_are_not_put_right(tmp_path: Path, dates: tuple[str, ...], areas: str, match: str) -> None:
    with pytest.raises(TableError, match=match):
        read_table(write(tmp_path, _portal(*dates, areas=areas)))


@pytest.mark.parametrize(
    ("old", "new", "match"),
    [("Einwohner nach Alter", "Arbeitslose", "zählt nicht alle Personen"), ("18 und älter", "Hunde", "„Hunde“")],
)
def test_portal_files_that_are_refused(tmp_path: Path, old: str, new: str, match: str) -> None:
    with pytest.raises(TableError, match=match):
        read_table(write(tmp_path, _portal("2020_12_31").replace(old, new)))


# --- profiles ---------------------------------------------------------------------------------------------------------


def test_profile_gives_only_its_columns_of_persons() -> None:
    table = read_table(FIXTURES / PROFILE)
    assert table.source.kind == "stadtteilprofile"
    assert table.cells["year"].unique().tolist() == [2023]
    assert set(table.cells["area"]) == {"Altstadt", "Hafen"}  # the row of the whole city is their sum
    whole = table.cells[(table.cells["age_from"] == 0) & table.cells["age_to"].isna()]
    assert total(table.with_cells(whole), area="Altstadt", nationality="total") == 2345
    assert total(table, area="Hafen", nationality="foreign") == 402
    assert total(table, area="Hafen", age_from=65) == 101
    named = " ".join(table.source.notes)
    for left_out in ("Haushalte", "Fläche in km²", "Bevölkerung mit Migrationshintergrund", "Geburten"):
        assert left_out in named
    assert table.ledger.figures("left_out") == 3 * 6
    assert table.ledger.figures("sum") == 4


def test_profile_without_a_year_is_refused(tmp_path: Path) -> None:
    text = (FIXTURES / PROFILE).read_bytes().decode("cp1252").replace("Stadtteilprofile, Berichtsjahr 2023", "Profile")
    with pytest.raises(TableError, match="für welches Jahr"):
        read_table(write(tmp_path, text, "profile.csv"))
    assert read_table(write(tmp_path, text, "profile_2021.csv")).cells["year"].unique().tolist() == [2021]


# --- Zensus 2022 ------------------------------------------------------------------------------------------------------

PEOPLE: Rows = [
    ["Zensus 2022: Bevölkerung nach Geschlecht und Alter am 15. Mai 2022"],
    [],
    ["Amtlicher Regionalschlüssel (ARS)", "Name", "Regionalebene", "Bevölkerung", "Geschlecht", "",
     "Alter (5 Altersklassen)", "", "Familienstand", "Anteil in %"],
    ["", "", "", "Insgesamt", "Männlich", "Weiblich", "unter 18", "18 und älter", "Ledig", "Weiblich"],
    ["", "", "", "Anzahl", "Anzahl", "Anzahl", "Anzahl", "Anzahl", "Anzahl", ""],
    ["01", "Musterland", "Land", 1004, 500, 502, 200, 803, 400, 50],
    ["010019999001", "Dorf A", "Gemeinde", 3, "–", 3, "/", ".", 2, 100],
    ["© Statistische Ämter des Bundes und der Länder, 2024"],
]  # fmt: skip
MACHINE: Rows = [
    ["Berichtszeitpunkt", "_RS", "Name", "Regionalebene", "EWZ", "FAMSTND_STP__1"],
    ["20220515", "01", "Musterland", "Land", 1004, 400],
    ["20220515", "010019999001", "Dorf A", "Gemeinde", 3, 2],
]
BUILDINGS: Rows = [
    ["Zensus 2022: Gebäude und Wohnungen am 15. Mai 2022"],
    [],
    ["Amtlicher Regionalschlüssel (ARS)", "Name", "Regionalebene", "Gebäude mit Wohnraum", "Wohnungen"],
    ["01", "Musterland", "Land", 300, 501],
]
CONTENTS: Rows = [["Inhalt"], ["Regionaltabelle Demografie"]]


def test_census_workbook_is_read_sheet_by_sheet(tmp_path: Path) -> None:
    sheets = {"Inhalt": CONTENTS, "Geschlecht_Alter": PEOPLE, "Gebaeude": BUILDINGS, "CSV-Einwohnerzahl": MACHINE}
    table = read_table(_workbook(tmp_path, sheets))
    assert table.source.kind == "zensus-regional"
    assert table.source.secrecy == "cell-key"
    land = {"area": "01"}
    assert total(table, **land, sex="male") == 500
    assert total(table, **land, age_from=18) == 803
    village = table.cells[(table.cells["area"] == "010019999001") & table.cells["file"].str.contains("Geschlecht")]
    assert village["status"].tolist() == ["number", "zero", "number", "unreliable", "hidden"]
    notes = " ".join(table.source.notes)
    assert "„Gebaeude“ zählt keine Personen" in notes
    assert "Familienstand Ledig" in notes
    assert table.ledger.figures("left_out") == 2 + 2 + 2  # Ledig, FAMSTND_STP__1, buildings and dwellings
    assert table.ledger.figures("share") == 2
    found = check(table)
    assert set(found.errors.frame["rule"]) == {"T26"}  # the Land contains the village; 500 + 502 of 1,004 is noise
    assert "T25" in set(found.frame["rule"])  # the census day is no end of a year


#: Regionalschlüssel as a spreadsheet stores them, their level, and what they were: 2 digits of the Land, 3 with the
#: Regierungsbezirk, 5 with the Kreis, 9 with the Verband, 12 with the Gemeinde.
CENSUS_KEYS = [
    (0, "Bund", "DG"), (1, "Land", "01"), (91, "Regierungsbezirk", "091"), (9162, "Kreis", "09162"),
    (9184, "Landkreis", "09184"), (9161, "Kreisfreie Stadt", "09161"),
    (8111, "Stadtkreis/kreisfreie Stadt/Landkreis", "08111"), (83355001, "Gemeindeverband", "083355001"),
    (10019999001, "Gemeinde", "010019999001"), (10, "Land", "10"),
    (83355001, "Samtgemeinde", "083355001"), (8111, "Bezirk", "08111"), (83355001001, "Ort", "083355001001"),
]  # fmt: skip


@pytest.mark.parametrize(("stored", "level", "key"), CENSUS_KEYS)
def test_census_keys_get_the_zeros_of_their_level(tmp_path: Path, stored: int, level: str, key: str) -> None:
    """Where the level is not known, those of the shortest key that is long enough."""
    rows = [MACHINE[0], ["20220515", stored, "Dort", level, 1004, 400], ["20220515", 2, "Land B", "Land", 3, 2]]
    table = read_table(_workbook(tmp_path, {"CSV-Einwohnerzahl": rows}))
    assert table.cells["area"].tolist() == [key, "02"]


def test_census_workbook_without_persons_is_refused_and_named(tmp_path: Path) -> None:
    with pytest.raises(TableError, match="zählt keine Personen"):
        read_table(_workbook(tmp_path, {"Gebaeude": BUILDINGS}))


@pytest.mark.parametrize("day", ["20110509", "2024-12-31"])
def test_census_of_another_day_is_refused(tmp_path: Path, day: str) -> None:
    rows = [[day if value == "20220515" else value for value in row] for row in MACHINE]
    with pytest.raises(TableError, match=f"„{day}“ ist nicht der 15.05.2022"):
        read_table(_workbook(tmp_path, {"CSV-Einwohnerzahl": rows}))


def test_census_mark_that_is_none_is_refused(tmp_path: Path) -> None:
    rows = [list(row) for row in PEOPLE]
    rows[5][3] = "rd. 1000"
    with pytest.raises(TableError, match=r"Zeile 6: „rd\. 1000“"):
        read_table(_workbook(tmp_path, {"Geschlecht_Alter": rows}))


@pytest.mark.parametrize(
    "title", ["Zensus 2022: Personen ab 15 Jahren nach Schulabschluss", "Zensus 2022: Bevölkerung in Privathaushalten"]
)
def test_census_sheets_of_a_part_are_named_and_not_read(tmp_path: Path, title: str) -> None:
    part = [[title], *PEOPLE[1:]]
    table = read_table(_workbook(tmp_path, {"Teil": part, "CSV-Einwohnerzahl": MACHINE}))
    assert set(table.cells["file"]) == {"Regionaltabelle_Demografie.xlsx, Blatt CSV-Einwohnerzahl"}
    assert any("„Teil“ zählt keine Personen" in note for note in table.source.notes)
