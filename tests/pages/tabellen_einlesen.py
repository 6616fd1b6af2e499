"""docs/tabellen-einlesen.md on an office-like workbook of an invented town."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import xlsxwriter
from support.pages import Visit

GROUPS = ("unter 3", "3 bis unter 6", "6 bis unter 18", "18 bis unter 65", "65 bis unter 80", "80 Jahre und älter")
AREAS = (("01", "Altstadt"), ("02", "Hafen"), ("03", "Nordfeld"))


def _workbook(path: Path, year: int) -> None:
    """Titles above, a header over two rows with merged cells, a source line below."""
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Bestand")
        sheet.write(0, 0, "Musterstadt: Einwohnerinnen und Einwohner am Ort der Hauptwohnung")
        sheet.write(1, 0, f"Stichtag: 31.12.{year}")
        sheet.write_row(3, 0, ["Schlüssel", "Ortsteil", "Alter"])
        sheet.merge_range(3, 3, 3, 4, "männlich")
        sheet.merge_range(3, 5, 3, 6, "weiblich")
        sheet.write_row(4, 3, ["Deutsche", "Ausländer", "Deutsche", "Ausländer"])
        rows = [(key, name, group) for key, name in AREAS for group in GROUPS]
        for i, row in enumerate(rows):
            sheet.write_row(5 + i, 0, row)
            sheet.write_row(5 + i, 3, [40 + (7 * i + 13 * j + year) % 350 for j in range(4)])
        sheet.write(6 + len(rows), 0, "Quelle: Melderegister")


def around(visit: Visit) -> Iterator[None]:
    """A folder with the files that the page names."""
    for year in (2020, 2024):
        _workbook(visit.folder / f"einwohner_{year}.xlsx", year)
    header = "jahr;gebiet;name;geschlecht;alter_von;alter_bis;anzahl"
    rows = [f"2024;01;Altstadt;{sex};{ages}" for sex in "mw" for ages in ("0;17;120", "18;64;.", "65;;98")]
    (visit.folder / "mit_punkten.csv").write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    (visit.folder / "umsteiger.csv").write_text(
        "alt;neu;anteil;name\n01;01;1;Altstadt\n02;01;0,25;Altstadt\n02;02;0,75;Hafen\n03;03;1;Nordfeld\n",
        encoding="utf-8",
    )
    (visit.folder / "bestand.txt").write_text(
        "ORTSTEIL;GESCHLECHT;STAAT;ALTER\n01;1;000;34\n01;2;163;34\n02;2;000;91\n01;1;000;34\n", encoding="utf-8"
    )
    yield
    said = visit.names
    assert said["table"].source.kind == "kreuztabelle"
    assert said["resolved"].cells["value"].tolist() == [120, 1.5, 98, 120, 1.5, 98]
    assert said["moved"].cells["value"].sum() == pytest.approx(said["table"].cells["value"].sum())
    assert said["register"].cells["value"].sum() == 4
    assert int(said["projection"]["year_end"].max()) == 2035
