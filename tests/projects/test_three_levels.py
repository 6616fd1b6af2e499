"""A Landkreis with its Ämter and Gemeinden: its words run through every text, and its levels are protected together."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import pandas as pd
import pytest

from zwkprognose.cli import main
from zwkprognose.projects import load_project, review_project, run_project

from .test_every_size import Town

WORDS = 'gesamt = "Landkreis Auental"\nebenen = ["Landkreis", "Amt", "Gemeinde"]\n'
SIZES = (900, 2500, 300, 4000, 3, 1800, 50, 1200)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a project that has been run and looked back at."""
    place = tmp_path_factory.mktemp("kreis")
    document = Town(SIZES, (2005, 2010, 2015, 2020), groups="DA", totals="geschrumpft").write(place)
    text = document.read_text(encoding="utf-8")
    document.write_text(re.sub(r'gesamt = .*\nebenen = .*\n', WORDS, text), encoding="utf-8")
    run_project(load_project(document), out=place / "aus")
    review_project(load_project(document), out=place / "rb")
    return place


def _said(path: Path) -> str:
    if path.suffix == ".xlsx":
        with zipfile.ZipFile(path) as book:
            return " ".join(book.read(name).decode() for name in ("xl/sharedStrings.xml", "xl/workbook.xml"))
    text = path.read_text(encoding="utf-8-sig")
    return re.sub("(?s)<style.*?</style>|<script(?! type=.application/json).*?</script>", " ", text)


@pytest.mark.parametrize(
    "name", ["aus/bericht.html", "aus/prognose.xlsx", "aus/bevoelkerung.csv", "aus/befunde.csv", "rb/rueckblick.html"]
)
def test_the_words_of_the_whole_and_its_parts_run_through_every_file(folder: Path, name: str) -> None:
    said = re.sub("„[^“]*“", " ", _said(folder / name))
    foreign = list(re.finditer(r"\b(?:Stadt|Stadtteile?|Bezirke?n?|Gebiet(?:en?|s)?)\b", said))
    assert not foreign, [said[max(0, hit.start() - 60) : hit.end() + 20] for hit in foreign]


@pytest.mark.parametrize("command", ["check", "run"])
def test_the_commands_say_the_same_words(folder: Path, capsys: pytest.CaptureFixture[str], command: str) -> None:
    assert main([command, str(folder / "projekt.toml"), *(["--force"] if command == "run" else [])]) == 0
    said = re.sub("„[^“]*“", " ", capsys.readouterr().out).replace("bevoelkerung-bezirke.csv", " ")
    assert not re.findall(r"\b(?:Stadt|Stadtteile?|Bezirke?n?|Gebiet(?:en?|s)?)\b", said)
    assert ("für die Ämter" if command == "run" else "Gemeinden") in said


def test_the_report_names_the_whole(folder: Path) -> None:
    page = _said(folder / "aus" / "bericht.html")
    assert "Landkreis Auental insgesamt" in page
    assert "Gemeinden" in page
    assert "Ämter" in page


def test_no_small_number_in_any_table_of_any_level(folder: Path) -> None:
    """Nor is a Gemeinde given back by its Amt, or by the Landkreis, in any year."""
    areas, larger = (
        pd.read_csv(folder / "aus" / name, sep=";", encoding="utf-8-sig", dtype={"gebiet": str})
        for name in ("bevoelkerung.csv", "bevoelkerung-bezirke.csv")
    )
    for table in (areas, larger):
        assert not ((table["anzahl"] > 0) & (table["anzahl"] < 5)).any()
    keys = ["szenario", "jahr"]
    hidden = areas[areas["anzahl"].isna()]["gebiet"].unique()
    assert {"005"} < set(hidden), "the smallest, and another that hides it"
    of = {f"{k + 1:03d}": "NS"[k % 2] for k in range(len(SIZES))}
    whole = larger.groupby([*keys, "gebiet"])["anzahl"].sum(min_count=1)
    shown = areas.dropna(subset="anzahl").assign(bezirk=lambda rows: rows["gebiet"].map(of))
    for name in sorted(set(of.values())):
        inside = [key for key in hidden if of[key] == name]
        if larger[larger["gebiet"] == name]["anzahl"].isna().any() or not inside:
            continue
        left = whole.xs(name, level="gebiet") - shown[shown["bezirk"] == name].groupby(keys)["anzahl"].sum()
        assert len(inside) > 1
        assert (left >= 5).all()
