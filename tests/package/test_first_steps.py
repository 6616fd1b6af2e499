"""The page „Einstieg in 15 Minuten“, step by step, with a workbook like the one it shows."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
import xlsxwriter

from zwkprognose.cli import main
from zwkprognose.output import open_netcdf

PAGE = (Path(__file__).parents[2] / "docs" / "einstieg.md").read_text(encoding="utf-8")
QUARTERS = {"Altstadt": 5200, "Bahnhofsvorstadt": 3900, "Hafen": 2400, "Neubaugebiet Süd": 1800, "Oberdorf": 1250,
            "Werder": 640}  # fmt: skip
AGES = {"unter 3": 0.027, "3 bis unter 6": 0.028, "6 bis unter 10": 0.037, "10 bis unter 18": 0.075,
        "18 bis unter 25": 0.08, "25 bis unter 40": 0.19, "40 bis unter 65": 0.34, "65 bis unter 80": 0.155,
        "80 und älter": 0.068}  # fmt: skip
YEARS = (2014, 2016, 2018, 2020, 2022, 2024)


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)


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


def called(command: str) -> int:
    """A line of the page, without the program's name."""
    return main(command.split("zwkprognose ", 1)[1].split())


def edited(document: Path, lines: str) -> None:
    """The lines of the page in place of those of the template, commented out or not; some keys stand in two tables."""
    text = document.read_text(encoding="utf-8")
    of_page, of_template = (re.split(r"(?=^\[daten\.quelle\])", one, flags=re.MULTILINE) for one in (lines, text))
    if len(of_page) == 1:
        of_template = [text]
    for k, part in enumerate(of_page):
        for key, value in re.findall(r"^(\w+) = (.+)$", part, re.MULTILINE):
            line = rf"^(?:# )?{key} = .*$"
            of_template[k], count = re.subn(line, f"{key} = {value}", of_template[k], count=1, flags=re.MULTILINE)
            assert count == 1, key
    document.write_text("".join(of_template), encoding="utf-8")


def test_every_step_of_the_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    _, new, check, run, again = (block.strip() for block in blocks("sh"))
    own, scenario, listed = blocks("toml")
    assert called(new) == 0
    persons = workbook(tmp_path / "neustedt" / "einwohner.xlsx")
    document = tmp_path / "neustedt" / "projekt.toml"
    edited(document, own)
    capsys.readouterr()

    assert called(check) == 0
    said = capsys.readouterr().out
    assert blocks("text")[0].strip() in said
    assert f"{persons[2024]:,} Personen am 31.12.2024".replace(",", ".") in said
    assert "aus der Vorlage" not in said
    quoted = re.findall(r"^\| „(.+?)“ \|", PAGE, re.MULTILINE)
    assert [text for text in quoted if text in said] == [quoted[1], quoted[2]]

    assert called(run) == 0
    report = (tmp_path / "neustedt" / "ergebnisse" / "bericht.html").read_text(encoding="utf-8")
    assert quoted[3] in report
    assert called(run) != 0
    assert "--force" in capsys.readouterr().err

    (tmp_path / "neustedt" / "neubau.toml").write_text(scenario, encoding="utf-8")
    edited(document, listed)
    assert called(again) == 0
    projection = open_netcdf(tmp_path / "neustedt" / "ergebnisse" / "prognose.nc")
    assert projection["scenario"].values.tolist() == ["lower", "middle", "upper", "natural", "neubau"]
    south = projection.set_xindex("area_name").sel(area_name="Neubaugebiet Süd", scenario="neubau")
    assert float(south["erstbezug"].sum()) == pytest.approx(288)
