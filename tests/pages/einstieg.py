"""docs/einstieg.md, with a workbook like the one it shows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import redirect_stderr
from io import StringIO
from pathlib import Path

import numpy as np
import pytest
import xlsxwriter
from support.pages import Visit, blocks

from zwkprognose.cli import main
from zwkprognose.output import open_netcdf

QUARTERS = {"Altstadt": 5200, "Bahnhofsvorstadt": 3900, "Hafen": 2400, "Neubaugebiet Süd": 1800, "Oberdorf": 1250,
            "Werder": 640}  # fmt: skip
AGES = {"unter 3": 0.027, "3 bis unter 6": 0.028, "6 bis unter 10": 0.037, "10 bis unter 18": 0.075,
        "18 bis unter 25": 0.08, "25 bis unter 40": 0.19, "40 bis unter 65": 0.34, "65 bis unter 80": 0.155,
        "80 und älter": 0.068}  # fmt: skip
YEARS = (2014, 2016, 2018, 2020, 2022, 2024)


def workbook(path: Path) -> dict[int, int]:
    """A workbook as the page shows it; the persons of each year."""
    rng, persons = np.random.default_rng(5), dict.fromkeys(YEARS, 0)
    with xlsxwriter.Workbook(path) as book:
        for year in YEARS:
            for sex in ("männlich", "weiblich"):
                sheet = book.add_worksheet(f"{year} {sex}")
                title = f"Stadt Neustedt: Einwohner mit Hauptwohnung am 31.12.{year} nach Stadtteilen und Altersgruppen"
                sheet.write(0, 0, f"{title}, {sex}")
                sheet.write_row(2, 0, ["Stadtteil", "Insgesamt", *AGES])
                counted = np.array(
                    [
                        rng.poisson(size / 2 * np.array(list(AGES.values())) * (1 + 0.004 * (year - 2014) * (k - 2)))
                        for k, size in enumerate(QUARTERS.values())
                    ]
                )
                for k, (name, row) in enumerate(zip(QUARTERS, counted, strict=True)):
                    sheet.write_row(3 + k, 0, [name, int(row.sum()), *row.tolist()])
                sheet.write_row(9, 0, ["Stadt insgesamt", int(counted.sum()), *counted.sum(axis=0).tolist()])
                sheet.write(11, 0, "Quelle: Einwohnermelderegister; eigene Auszählung")
                persons[year] += int(counted.sum())
    return persons


def around(visit: Visit) -> Iterator[None]:
    """The workbook comes into the folder when it is there; a second run replaces nothing unasked."""
    text, persons = visit.page.read_text(encoding="utf-8"), dict[int, int]()
    folder = visit.folder / "neustedt"
    visit.after["new neustedt"] = lambda: persons.update(workbook(folder / "einwohner.xlsx"))
    visit.after["run neustedt/projekt.toml"] = lambda: refused("run neustedt/projekt.toml")
    yield
    said = visit.said["check neustedt/projekt.toml"]
    (understood,) = blocks(visit.page, "text")
    assert understood.text.strip() in said
    assert f"{persons[2024]:,} Personen am 31.12.2024".replace(",", ".") in said
    assert "aus der Vorlage" not in said
    quoted = re.findall(r"^\| „(.+?)“ \|", text, re.MULTILINE)
    assert [message for message in quoted if message in said] == [quoted[1], quoted[2]]
    assert quoted[3] in (folder / "ergebnisse" / "bericht.html").read_text(encoding="utf-8")
    projection = open_netcdf(folder / "ergebnisse" / "prognose.nc")
    assert projection["scenario"].values.tolist() == ["lower", "middle", "upper", "natural", "neubau"]
    south = projection.set_xindex("area_name").sel(area_name="Neubaugebiet Süd", scenario="neubau")
    assert float(south["erstbezug"].sum()) == pytest.approx(288)


def refused(call: str) -> None:
    heard = StringIO()
    with redirect_stderr(heard):
        assert main(call.split()) != 0
    assert "--force" in heard.getvalue()
