"""The list of formats in the guide names exactly what is read, and every format has a file in its own shape."""

from __future__ import annotations

import contextlib
import re
from functools import cache
from pathlib import Path

import pytest

from zwkprognose.errors import TableError
from zwkprognose.tables import read_table
from zwkprognose.tables.read import kinds
from zwkprognose.tables.readers.crosstab.title_words import title_words

FIXTURES = Path(__file__).parent / "fixtures"
GUIDE = Path(__file__).parents[2] / "docs" / "tabellen-einlesen.md"
#: Formats of single publishers whose own files are at hand, below the folder of reference data.
REAL = {
    "aargau": "aargau/fso_population.csv",
    "berlin-matrix": "berlin_planungsraeume/EWR202012E_Matrix.csv",
    "berlin-ortsteile": "berlin_ortsteile/EWR_Ortsteile_2014-12-31.csv",
    "bremen-abgeleitet": "bremen/abgeleitet_bremerhaven_land_minus_stadt.csv",
    "konstanz-pyramide": "konstanz/bevoelkerung/pyramiden/pyramide_2020.csv",
    "konstanz-reihe": "konstanz/bevoelkerung/wohnbevoelkerung.csv",
    "sterbetafel": "destatis/Sterbetafel2022-2024.csv",
    "sterbetafel-qx": "destatis/12621-0001_qx_1991-93_bis_2022-24.csv",
}


@cache
def _listed() -> tuple[str, ...]:
    """Kinds in the second column of the guide's table."""
    lines = GUIDE.read_text(encoding="utf-8").splitlines()
    rows = [line for line in lines if line.startswith("| ") and "`kind`" not in line]
    cells = [[cell.strip() for cell in row.strip("|").split("|")] for row in rows]
    return tuple(kind for row in cells if len(row) > 1 for kind in re.findall(r"`([a-z0-9-]+)`", row[1]))


@cache
def _of_fixtures() -> frozenset[str]:
    """Kinds as which the fixtures are read; some of them, and files of codes alone, are there to be refused."""
    found = set()
    for path in FIXTURES.iterdir():
        with contextlib.suppress(TableError):
            found.add(read_table(path).source.kind)
    return frozenset(found)


def test_the_guide_lists_what_is_read_and_nothing_else() -> None:
    assert sorted(_listed()) == sorted(kinds())


@pytest.mark.parametrize("kind", sorted(kinds()))
def test_every_format_has_a_file_of_its_shape(kind: str) -> None:
    assert kind in _of_fixtures() or kind in REAL


@pytest.mark.shared
@pytest.mark.parametrize("kind", sorted(REAL))
def test_formats_of_single_publishers_read_their_own_files(shared: Path, kind: str) -> None:
    assert read_table(shared / "data" / REAL[kind]).source.kind == kind


def test_the_guide_lists_the_words_that_titles_may_use() -> None:
    text = GUIDE.read_text(encoding="utf-8")
    words = set(re.findall(r"[^\s,:*.]+", text[text.index("### Überschriften") : text.index("### Arbeitsmappen")]))
    listed = {word.lstrip("=^") for theme in title_words().values() for word in theme}
    assert listed <= words
