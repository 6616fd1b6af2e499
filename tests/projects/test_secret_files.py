"""Every file of a run that may be passed on, searched for a number that none of them may say."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import numpy as np
import pytest

from zwkprognose.output import profile
from zwkprognose.projects import load_project, run_project

AGES = range(0, 91, 5)
#: Persons of the last stock: the first is small, the second hides it, and is to be found nowhere.
PERSONS = {"01": 3, "02": 4327, "03": 9211, "04": 8419}
EARLIER = {"01": 2, "02": 4291, "03": 9103, "04": 8507}


def _split(persons: int, seed: int) -> list[int]:
    if persons < 50:
        return [persons, *(0 for _ in range(2 * len(AGES) - 1))]
    weights = np.tile(np.where(np.array(AGES) < 65, 1.0, 0.5), 2)
    return np.random.default_rng(seed).multinomial(persons, weights / weights.sum()).tolist()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Results of a town whose table has a file for every area, with districts and demand."""
    place = tmp_path_factory.mktemp("stadt")
    for number, key in enumerate(PERSONS):
        rows = ["jahr;gebiet;name;geschlecht;alter_von;alter_bis;anzahl"]
        for year, stock in ((2015, EARLIER), (2020, PERSONS)):
            cells = iter(_split(stock[key], number))
            for sex in "mw":
                ends = [*(str(age + 4) for age in AGES[:-1]), ""]
                ages = zip(AGES, ends, strict=True)
                rows += [f"{year};{key};Ort {key};{sex};{age};{end};{next(cells)}" for age, end in ages]
        (place / f"ort-{key}.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    (place / "bezirke.csv").write_text("gebiet;bezirk\n01;Nord\n02;Nord\n03;Süd\n04;Süd\n", encoding="utf-8")
    (place / "projekt.toml").write_text(
        'name = "stadt"\n[daten]\nbestand = ["ort-*.csv"]\n[prognose]\nbis = 2030\nszenarien = ["middle", "natural"]\n'
        '[ausgabe]\nordner = "aus"\nbezirke = "bezirke.csv"\n[[bedarf]]\nquote = "kita_u3"\n',
        encoding="utf-8",
    )
    outcome = run_project(load_project(place / "projekt.toml"))
    profile(outcome.projection, "03", place / "aus" / "profil.html", inputs=outcome.inputs)
    return place / "aus"


def _text(path: Path) -> str:
    if path.suffix == ".xlsx":
        with zipfile.ZipFile(path) as book:
            return " ".join(book.read(name).decode() for name in book.namelist() if name.endswith(".xml"))
    return path.read_text(encoding="utf-8-sig")


@pytest.mark.parametrize("persons", [PERSONS["02"], EARLIER["02"]])
def test_no_file_says_what_hides_the_small_area(folder: Path, persons: int) -> None:
    spellings = {str(persons), f"{persons:,}".replace(",", "."), f"{persons:,}".replace(",", "\u202f")}
    pattern = re.compile(r"(?<![\d.,#%-])(?:" + "|".join(map(re.escape, sorted(spellings))) + r")(?![\d,.])")
    files = [path for path in folder.iterdir() if path.suffix in (".html", ".csv", ".xlsx")]
    assert len(files) >= 6
    assert any(str(PERSONS["03"]) in _text(path) for path in files), "the search finds what is shown"
    assert not [path.name for path in files if pattern.search(_text(path))]


def test_no_finding_and_no_line_about_what_was_read_says_the_small_number(folder: Path) -> None:
    for name in ("bericht.html", "befunde.csv", "prognose.xlsx"):
        assert not re.search(r"\b[23] Personen", re.sub("<[^>]*>", " ", _text(folder / name))), name
