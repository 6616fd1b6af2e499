"""Population pyramids of Konstanz: one file per year, ages down, men and women × German and foreign across."""

from __future__ import annotations

import re

import numpy as np

from zwkprognose.errors import TableError
from zwkprognose.tables.files.document import Document
from zwkprognose.tables.frame import cells_frame, value_columns
from zwkprognose.tables.readers.columns import columns_of, translate_ages
from zwkprognose.tables.readers.konstanz import AREA, AREA_NAME, PUBLISHER
from zwkprognose.tables.table import Source, Status, Table

TITLE = "Konstanz, Bevölkerungspyramide eines Jahres"

_HEADER = ["alter", "maenner_nichtdeutsch", "frauen_nichtdeutsch", "maenner_deutsch", "frauen_deutsch"]
_GROUPS = (("male", "foreign"), ("female", "foreign"), ("male", "german"), ("female", "german"))
_YEAR = re.compile(r"(?<!\d)(19|20)\d\d(?!\d)")
#: Years whose pyramids count main residences only, as the totals of meldestatus.csv show.
_MAIN_RESIDENCE = {1995, 2000, *range(2009, 2026)}
_EMPTY_IS_ZERO = (
    "Leere Felder der Pyramide sind null: Mit ihnen ergibt sich die veröffentlichte Einwohnerzahl (meldestatus.csv)."
)


def recognise(head: list[list[str]]) -> bool:
    """The five columns of the pyramid."""
    return bool(head) and head[0] == _HEADER


def read(document: Document) -> Table:
    """Cells of one pyramid; the year stands in the file name only."""
    year = _year(document)
    columns, lines = columns_of(document, _HEADER)
    repeated = np.repeat(lines, 4)
    texts = np.stack([columns[name] for name in _HEADER[1:]], axis=1).ravel()
    cells = cells_frame(
        {
            "area": AREA,
            "area_name": AREA_NAME,
            "year": year,
            "sex": np.tile(np.array([sex for sex, _ in _GROUPS], dtype=object), len(lines)),
            "nationality": np.tile(np.array([nation for _, nation in _GROUPS], dtype=object), len(lines)),
            **translate_ages(document, np.repeat(columns["alter"], 4), repeated, "alter", upper="exclusive"),
            "variable": "population",
            **value_columns(
                list(texts), document, lines=repeated, columns=np.tile(np.arange(1, 5), len(lines)), decimal="."
            ),
        }
    )
    empty = cells["status"] == Status.ABSENT.value
    zero = {"value": cells["value"].mask(empty, 0.0), "status": cells["status"].mask(empty, Status.ZERO.value)}
    return Table(cells.assign(**zero), _source(document, year))


def _year(document: Document) -> int:
    match = _YEAR.search(document.name)
    if match is None:
        raise TableError(
            f"{document.label}: Das Jahr der Pyramide steht nicht im Dateinamen.",
            remedy="Die Datei wie im Original nennen, zum Beispiel pyramide_2024.csv.",
        )
    return int(match[0])


def _source(document: Document, year: int) -> Source:
    main = year in _MAIN_RESIDENCE
    return Source(
        document.name,
        "konstanz-pyramide",
        title=f"Altersstruktur der Wohnbevölkerung {year}",
        publisher=PUBLISHER,
        licence="CC0",
        universe="Melderegister, Hauptwohnung" if main else "Melderegister, Haupt- und Nebenwohnung",
        notes=(_EMPTY_IS_ZERO,),
    )
