"""Columns that count rows or rank areas are set aside and said; numbers that are the keys of the areas stay keys."""

from __future__ import annotations

from pathlib import Path
from tempfile import mkdtemp

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.office_files import STAND, office_table
from support.tidy_files import write

from zwkprognose.errors import TableError
from zwkprognose.tables import Table, check, concat_tables, read_table

HEADINGS = (
    "lfd. Nr.", "Lfd.-Nr.", "Laufende Nummer", "lfd Nr", "Lfd.", "#", "Zeile", "Pos.", "Rang", "Rangplatz", "Rang 2023",
    "Rangfolge", "Rang (Einwohner)", "OBJECTID", "FID", "OBJECTID_1", "Index", "Unnamed: 0", "Platz",
    "Sortierung", "Reihenfolge", "Rang unter den Stadtteilen", "Nr. (lfd.)",
)  # fmt: skip
AREAS = ("Altstadt;490;510", "Hafen;400;415", "Nord;664;689")


def said(*tables: Table, severity: str = "info") -> list[str]:
    frame = check(concat_tables(tables)).frame
    return frame.loc[(frame["rule"] == "T41") & (frame["severity"] == severity), "message"].tolist()


def keys(table: Table) -> list[str]:
    return sorted(table.cells["area"].unique())


@pytest.mark.parametrize("heading", HEADINGS)
def test_a_running_number_is_set_aside_and_said(tmp_path: Path, heading: str) -> None:
    rows = [f"{number};{row}" for number, row in enumerate(AREAS, start=1)]
    table = office_table(tmp_path, STAND, f"{heading};Stadtteil;männlich;weiblich", *rows, ";Insgesamt;1554;1614")
    assert keys(table) == ["Altstadt", "Hafen", "Nord"]
    assert table.cells["value"].sum() == 3168
    (message,) = said(table)
    assert message.startswith(f"„tabelle.csv“: Spalte A („{heading}“) ist nicht verwendet.")
    assert table.ledger.figures("numbering") == 3


@settings(max_examples=40, deadline=None)
@given(
    st.sampled_from(HEADINGS),
    st.integers(0, 3),
    st.permutations(range(3)),
    st.integers(0, 2),
    st.sampled_from(["", ".0"]),
)
def test_what_is_read_is_what_is_read_without_it(heading: str, at: int, order: list[int], first: int, end: str) -> None:
    """Wherever the column stands, and in whatever order and from whatever number it counts."""
    folder = Path(mkdtemp())
    bare = [["Stadtteil", "männlich", "weiblich"], *(row.split(";") for row in AREAS)]
    numbers = [heading, *(f"{first + number}{end}" for number in order)]
    wide = [[*row[:at], number, *row[at:]] for row, number in zip(bare, numbers, strict=True)]
    plain, counted = (office_table(folder, STAND, *map(";".join, rows)) for rows in (bare, wide))
    columns = ["area", "area_name", "year", "sex", "variable", "value", "line"]
    assert counted.cells[columns].equals(plain.cells[columns])


def test_ranks_beside_every_year(tmp_path: Path) -> None:
    rows = ("Stadtteil;2022;;2023;", ";Einwohner;Rang;Einwohner;Rang", "Au;490;2.;510;2.", "Berg;900;1.;915;1.")
    table = office_table(tmp_path, "Einwohner am 31.12.", *rows, "Insgesamt;1390;-;1425;-")
    assert table.cells["value"].tolist() == [490, 510, 900, 915]
    assert len(said(table)) == 2


@pytest.mark.parametrize(
    ("head", "rows", "areas"),
    [
        ("lfd. Nr.;männlich;weiblich", ("1;5;6", "2;7;8"), ["1", "2"]),  # nothing else names the areas
        ("lfd. Nr.;Alter;männlich;weiblich", ("1;0-17;5;6", "1;18+;5;6", "2;0-17;5;6", "2;18+;5;6"), ["1", "2"]),
        ("lfd. Nr.;Stadtteil;männlich;weiblich", ("0101;Au;5;6", "0102;Berg;7;8"), ["0101", "0102"]),
        ("Nr.;Stadtteil;männlich;weiblich", ("1;Au;5;6", "2;Berg;7;8"), ["1", "2"]),
        ("Nr.;Stadtteil;Geschlecht;0-9;10+", ("1;Au;m;5;6", "1;Au;w;5;6", "2;Berg;m;5;6", "2;Berg;w;5;6"), ["1", "2"]),
        ("ID;Stadtteil;männlich;weiblich", ("101;Au;5;6", "203;Berg;7;8"), ["101", "203"]),
        ("Nr.;Schlüssel;Stadtteil;männlich;weiblich", ("1;1;Au;5;6", "1;2;Berg;7;8"), ["1", "2"]),  # of districts
    ],
)  # fmt: skip
def test_keys_stay_keys(tmp_path: Path, head: str, rows: tuple[str, ...], areas: list[str]) -> None:
    table = office_table(tmp_path, STAND, head, *rows)
    assert keys(table) == areas
    assert said(table) == []


@pytest.mark.parametrize(
    ("head", "rows", "areas"),
    [
        ("Nr.;Schlüssel;Stadtteil;männlich;weiblich", ("1;0101;Au;5;6", "2;0102;Berg;7;8"), ["0101", "0102"]),
        ("Schlüssel;Nr.;Stadtteil;männlich;weiblich", ("0101;1;Au;5;6", "0102;2;Berg;7;8"), ["0101", "0102"]),
        ("Nr.;Stadtteil;Geschlecht;0-9;10+", ("1;Au;m;5;6", "2;Au;w;5;6", "3;Berg;m;5;6"), ["Au", "Berg"]),
        (";Stadtteil;männlich;weiblich", ("0;Au;5;6", "1;Berg;7;8"), ["Au", "Berg"]),  # the index of a data frame
        ("lfd. Nr.;Alter;männlich;weiblich", ("1;0-17;5;6", "2;18 u. m.;5;6"), [""]),  # of the ages of a town
    ],
)  # fmt: skip
def test_numbers_that_are_no_keys_beside_others(
    tmp_path: Path, head: str, rows: tuple[str, ...], areas: list[str]
) -> None:
    table = office_table(tmp_path, STAND, head, *rows)
    assert keys(table) == areas
    assert len(said(table)) == 1


def test_numbers_that_are_the_keys_of_another_file_are_a_warning(tmp_path: Path) -> None:
    one = office_table(tmp_path, STAND, "Schlüssel;männlich;weiblich", "1;5;6", "2;7;8", name="eins.csv")
    births = ("Geburten 2023", "lfd. Nr.;Stadtteil;Geburten", "1;Au;5", "2;Berg;7")
    two = office_table(tmp_path, *births, name="zwei.csv")
    (message,) = said(one, two, severity="warning")
    assert "in „eins.csv“ sind dieselben Zahlen Schlüssel der Gebiete" in message
    assert said(one, two) == []


TIDY = "jahr;gebiet;geschlecht;alter_von;alter_bis;anzahl"


@pytest.mark.parametrize("heading", ["lfd. Nr.", "OBJECTID", "FID", "Rang", "Nr.", "ID", "#"])
def test_tidy_files_may_count_their_rows(tmp_path: Path, heading: str) -> None:
    rows = ("1;2023;01;m;0;17;5", "2;2023;01;m;18;;5", "3;2023;01;w;0;17;5", "4;2023;01;w;18;;5")
    table = read_table(write(tmp_path, "\n".join([f"{heading};{TIDY}", *rows]) + "\n"))
    assert table.cells["value"].sum() == 20
    (message,) = said(table)
    assert f"Spalte A („{heading}“)" in message


@pytest.mark.parametrize("rows", [("1;2023;m;0;17;5", "2;2023;m;0;17;6"), ("0101;2023;m;0;17;5", "0102;2023;w;0;17;6")])
def test_a_number_that_names_the_areas_of_a_tidy_file_is_asked_about(tmp_path: Path, rows: tuple[str, ...]) -> None:
    lines = [f"FID;{TIDY.replace('gebiet;', '')}", *rows]
    with pytest.raises(TableError, match="„FID“") as caught:
        read_table(write(tmp_path, "\n".join(lines) + "\n"))
    assert "gebiet" in caught.value.remedy
