"""Register records: counted on reading, in bounded memory, by a declared layout."""

from __future__ import annotations

import gzip
import tracemalloc
from pathlib import Path
from typing import Any

import pytest
from support.tidy_files import total, write

from zwkprognose.errors import TableError
from zwkprognose.inputs import build_inputs
from zwkprognose.tables import check, read_register

STOCK: dict[str, Any] = {
    "titel": "Einwohnerbestand",
    "art": "bestand",
    "stichtag": 2024,
    "universum": "Melderegister, Hauptwohnung",
    "felder": {
        "gebiet": "ORT",
        "geschlecht": "GES",
        "staatsangehoerigkeit": "STA",
        "geburtsdatum": "GEB",
    },
    "werte": {"geschlecht": {"1": "m", "2": "w"}, "staatsangehoerigkeit": {"000": "D", "sonst": "A"}},
}
RECORDS = """ORT;GES;STA;GEB;NAME
0101;1;000;31.12.2024;x
0101;1;000;01.01.2024;x
0101;2;163;1990-00-00;x
0102;2;000;19251107;x
"""


def test_persons_are_counted_by_age_at_the_end_of_the_year(tmp_path: Path) -> None:
    table = read_register(write(tmp_path, RECORDS, "bestand.csv"), STOCK)
    people = table.cells[table.cells["value"] > 0]
    got = people[["area", "sex", "nationality", "age_from", "value"]].to_numpy().tolist()
    assert got == [
        ["0101", "female", "foreign", 34, 1.0],
        ["0101", "male", "german", 0, 2.0],
        ["0102", "female", "german", 99, 1.0],
    ]
    assert table.source.universe == "Melderegister, Hauptwohnung"
    assert "4 Einzelsätzen" in table.source.notes[0]
    assert len(table.source.sha256) == 64


def test_chunks_do_not_change_the_counts(tmp_path: Path) -> None:
    path = write(tmp_path, RECORDS, "bestand.csv")
    whole = read_register(path, STOCK)
    for size in (1, 2, 3):
        assert read_register(path, STOCK, chunk=size).cells.equals(whole.cells)
    packed = tmp_path / "bestand.csv.gz"
    packed.write_bytes(gzip.compress(RECORDS.encode()))
    unpacked = read_register(packed, STOCK).cells
    assert unpacked.drop(columns="file").equals(whole.cells.drop(columns="file"))


def test_fixed_columns_and_movements(tmp_path: Path) -> None:
    layout = {
        "art": "bewegung",
        "form": "fest",
        "kopfzeile": False,
        "zeichensatz": "cp1252",
        "felder": {
            "gebiet": [1, 4], "ziel": [5, 8], "ereignis": [9, 10], "datum": [11, 18], "geburtsjahr": [19, 22],
            "geschlecht": [23, 23],
        },
        "werte": {"ereignis": {"GE": "geburten", "ZU": "zuzuege", "UM": "umzuege"}},
    }  # fmt: skip
    lines = ["0101    ZU202403152000m", "01010102UM202312311985w", "0102    GE202405052024w"]
    table = read_register(write(tmp_path, "\r\n".join(lines) + "\r\n", "bewegung.txt", "cp1252"), layout)
    events = table.cells[table.cells["value"] > 0].to_dict("records")
    got = {(r["variable"], r["year"], r["age_from"], r["destination"]) for r in events}
    assert got == {("in_moves", 2024, 24, ""), ("moves", 2023, 38, "0102"), ("births", 2024, 0, "")}


def test_layout_as_toml_file(tmp_path: Path) -> None:
    toml = """
art = "bestand"
stichtag = 2024
[felder]
gebiet = "ORT"
alter = "ALTER"
"""
    layout = write(tmp_path, toml, "satz.toml")
    table = read_register(write(tmp_path, "ORT;ALTER\na;7\na;7\nb;104\n"), layout)
    assert total(table, area="a", age_from=7) == 2
    assert check(table).errors.frame.empty


def test_a_register_is_a_complete_stock(tmp_path: Path) -> None:
    """No record, nobody: the counts go straight into inputs, and nobody is lost or invented."""
    tables = []
    for year, text in ((2021, RECORDS.replace("31.12.2024", "03.04.1911").replace("01.01.2024", "01.01.2020")),
                       (2024, RECORDS)):  # fmt: skip
        tables.append(read_register(write(tmp_path, text, f"bestand_{year}.csv"), {**STOCK, "stichtag": year}))
    population = build_inputs(*tables)["population"]
    assert population.sum(["area", "nationality", "sex", "age"]).to_numpy().tolist() == [4.0, 4.0]
    assert float(population.sel(year_end=2021, area="0101", sex="male", age=100).sum()) == 1.0
    assert set(tables[0].cells.loc[tables[0].cells["value"] == 0, "status"]) == {"zero"}


@pytest.mark.parametrize(
    ("change", "match"),
    [
        ({"art": "umzug"}, "bei art"), ({"stichtag": None}, "braucht stichtag"), ({"unbekannt": 1}, "bei unbekannt"),
        ({"felder": {"gebiet": "ORT"}}, "genau eines der Felder"), ({"form": "fest"}, "Stellen wie"),
        ({"art": "bewegung"}, "ereignis und datum"),
    ],
)  # fmt: skip
def test_bad_layouts_are_refused(tmp_path: Path, change: dict[str, Any], match: str) -> None:
    with pytest.raises(TableError, match=match):
        read_register(write(tmp_path, RECORDS), {**STOCK, **change})


@pytest.mark.parametrize(
    ("old", "new", "match"),
    [
        ("0101;1;000;31.12.2024;x", "0101;3;000;31.12.2024;x", r"Zeile 2: Der Wert „3“ im Feld geschlecht"),
        ("0101;1;000;01.01.2024;x", "0101;1;000;31.02.2024;x", "Zeile 3: Der Wert im Feld geburtsdatum"),
        ("0101;1;000;01.01.2024;x", "0101;1;000;01.01.2025;x", "Zeile 3: Das Alter -1"),
        ("0101;1;000;01.01.2024;x", "0101;1;000;01.01.1850;x", "Zeile 3: Das Alter 174"),
        ("0101;1;000;01.01.2024;x", "0101;1;000;01.01.2024", "Zeile 3, hat 4 statt 5"),
        ("ORT;GES", "GEBIET;GES", "keine Spalte „ORT“"),
    ],
)
def test_bad_records_name_the_line(tmp_path: Path, old: str, new: str, match: str) -> None:
    with pytest.raises(TableError, match=match):
        read_register(write(tmp_path, RECORDS.replace(old, new)), STOCK)


def test_messages_show_no_date_of_birth(tmp_path: Path) -> None:
    with pytest.raises(TableError) as caught:
        read_register(write(tmp_path, RECORDS.replace("31.12.2024", "31.13.1944")), STOCK)
    assert "1944" not in str(caught.value)


def test_bad_files_are_named(tmp_path: Path) -> None:
    with pytest.raises(TableError, match="lässt sich nicht lesen"):
        read_register(tmp_path / "fehlt.csv", STOCK)
    with pytest.raises(TableError, match="keine Datensätze"):
        read_register(write(tmp_path, "ORT;GES;STA;GEB\n"), STOCK)
    with pytest.raises(TableError, match="nicht in utf-8 geschrieben"):
        read_register(write(tmp_path, RECORDS.replace("x", "ü"), encoding="cp1252"), STOCK)
    with pytest.raises(TableError, match="mehr als 20000 Zeichen"):
        read_register(write(tmp_path, RECORDS + "0" * 30_000), STOCK)
    short = {**STOCK, "form": "fest", "kopfzeile": False, "werte": {}, "felder": {"gebiet": [1, 4], "alter": [5, 40]}}
    with pytest.raises(TableError, match="kürzer als 40"):
        read_register(write(tmp_path, "0101 7\n"), short)


def test_memory_does_not_grow_with_the_records(tmp_path: Path) -> None:
    lines = [f"{i % 3:04d};{i % 2 + 1};{'000' if i % 5 else '163'};{1925 + i % 100}-05-01" for i in range(3_000)]
    header = "ORT;GES;STA;GEB\n"
    once = write(tmp_path, header + "\n".join(lines) + "\n", "einmal.csv")
    many = write(tmp_path, header + ("\n".join(lines) + "\n") * 6, "sechsmal.csv")
    peaks = [_peak(path) for path in (once, many)]
    assert peaks[1] < 1.3 * peaks[0]


def _peak(path: Path) -> int:
    tracemalloc.start()
    try:
        read_register(path, STOCK, chunk=500)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
