"""Bremerhaven as Land minus Stadt Bremen, in the nine sums of 12411-03-03, all years in one file."""

from __future__ import annotations

import numpy as np

from zwkprognose.tables.dates import stock_year
from zwkprognose.tables.files.document import Document
from zwkprognose.tables.frame import cells_frame, value_columns
from zwkprognose.tables.readers.columns import columns_of, translate, translate_ages
from zwkprognose.tables.table import Source, Table

TITLE = "Bremerhaven, abgeleitet aus 12411-03-03 (Land minus Stadt Bremen)"
_GROUPS = {
    "insgesamt": ("total", "total"), "maennlich": ("male", "total"), "weiblich": ("female", "total"),
    "deutsche": ("total", "german"), "deutsche_m": ("male", "german"), "deutsche_w": ("female", "german"),
    "auslaender": ("total", "foreign"), "auslaender_m": ("male", "foreign"), "auslaender_w": ("female", "foreign"),
}  # fmt: skip
_HEADER = ["jahr", "altersgruppe", *_GROUPS]


def recognise(head: list[list[str]]) -> bool:
    """The eleven columns of the derived file."""
    return bool(head) and head[0] == _HEADER


def read(document: Document) -> Table:
    """Cells of Bremerhaven, key 04012."""
    columns, lines = columns_of(document, _HEADER)
    width = len(_GROUPS)
    spread = np.repeat(lines, width)
    texts = np.stack([columns[name] for name in _GROUPS], axis=1).ravel()
    cells = cells_frame(
        {
            "area": "04012",
            "area_name": "Bremerhaven",
            "year": np.repeat(translate(document, columns["jahr"], lines, stock_year, "jahr", "ein Jahr"), width),
            **translate_ages(document, np.repeat(columns["altersgruppe"], width), spread, "altersgruppe", "exclusive"),
            "sex": np.tile(np.array([sex for sex, _ in _GROUPS.values()], dtype=object), len(lines)),
            "nationality": np.tile(np.array([group for _, group in _GROUPS.values()], dtype=object), len(lines)),
            "variable": "population",
            **value_columns(list(texts), document, lines=spread, columns=np.tile(np.arange(2, 2 + width), len(lines))),
        }
    )
    return Table(cells, _source(document))


def _source(document: Document) -> Source:
    return Source(
        document.name,
        "bremen-abgeleitet",
        title="Bevölkerung Bremerhavens, berechnet als Land Bremen minus Stadt Bremen",
        table_code="12411-03-03",
        publisher="Statistisches Landesamt Bremen",
        universe="Fortschreibung",
    )
