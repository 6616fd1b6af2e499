"""What the titles of a crosstab say about all its cells: year, measure, table code, publisher."""

from __future__ import annotations

import re
from collections.abc import Sequence

from zwkprognose.errors import TableError
from zwkprognose.tables.dates import gebietsstand_in, stock_years_in, years_in
from zwkprognose.tables.files.document import Document
from zwkprognose.tables.noise import secrecy_in
from zwkprognose.tables.table import Source
from zwkprognose.tables.universe import universe_in
from zwkprognose.tables.words import measures_in

_CODE = re.compile(r"\b\d{5}(?:-\d{2}){0,2}-\d{1,4}(?:-[A-Z])?\b")
_OTHER_DATE = re.compile(r"(?<!Gebietsstand )(?<!Gebietsstand: )\b\d{1,2}\.\s?\d{1,2}\.\s?\d{4}\b")
_THOUSANDS = re.compile(r"\bin (?:1[ .]?000|tausend|tsd\b)")
_PUBLISHERS = (
    "Statistisches Bundesamt (Destatis)", "Statistische Ämter des Bundes und der Länder",
    "Amt für Statistik Berlin-Brandenburg",
)  # fmt: skip
_LICENCES = {"Datenlizenz Deutschland": "dl-de/by-2-0", "CC BY": "CC BY", "dl-de/by-2-0": "dl-de/by-2-0"}


def year_of(document: Document, titles: Sequence[str]) -> int:
    """The year that holds for the whole table; :class:`TableError` if none or several are named.

    A Stichtag 31.12. in a title counts first, then the only year in the titles, then a Stichtag or a year in the
    name of the sheet, then a Stichtag in the name of the file.
    """
    text = "\n".join(titles)
    stocks = stock_years_in(text)
    other = _OTHER_DATE.search(text)
    if other is not None and not stocks:
        raise TableError(
            f"{document.label}: Der Stand {other[0]} ist kein Stichtag 31.12.",
            remedy="Gebraucht wird der Bestand am Jahresende. Ein Bestand vom 1.1.2024 ist der vom 31.12.2023: "
            "Schreiben Sie das in die Titelzeile.",
        )
    sheet = stock_years_in(document.sheet) or years_in(document.sheet)
    for years in (stocks, years_in(text), sheet, stock_years_in(document.name)):
        if len(years) == 1:
            return years.pop()
        if years:
            break
    raise TableError(
        f"In {document.label} steht nicht eindeutig, für welches Jahr die Zahlen gelten.",
        remedy="Schreiben Sie den Stichtag in die erste Zeile, zum Beispiel „Einwohner am 31.12.2024“.",
    )


def measure_of(document: Document, titles: Sequence[str], otherwise: str = "") -> str:
    """What the whole table counts; :class:`TableError` if nothing or several things are named.

    Titles and the name of the sheet count first, then the name of the file, then ``otherwise``.
    """
    measures = set().union(*(measures_in(title) for title in (*titles, document.sheet)))
    measures = measures or measures_in(document.name.replace("_", " ")) or ({otherwise} - {""})
    if len(measures) == 1:
        return measures.pop()
    raise TableError(
        f"In {document.label} steht nicht eindeutig, was gezählt wird.",
        remedy="Schreiben Sie es in die erste Zeile, zum Beispiel „Einwohner am 31.12.2024“ oder „Geburten 2024“.",
    )


def scale_of(titles: Sequence[str]) -> float:
    """Persons in one unit of the figures: 1,000 where a title says so.

    >>> scale_of(["Einwohner in 1.000 am 31.12.2023"]), scale_of(["Einwohner am 31.12.2023"])
    (1000.0, 1.0)
    """
    return 1000.0 if any(_THOUSANDS.search(title.casefold()) for title in titles) else 1.0


def source_of_crosstab(document: Document, titles: Sequence[str], foot: Sequence[str]) -> Source:
    """Title, table code, publisher and licence as far as titles and foot name them."""
    text = " ".join([*titles, *foot])
    code = _CODE.search(" ".join(titles))
    return Source(
        document.name,
        "kreuztabelle",
        title=" ".join(titles[:3])[:200],
        table_code=code[0] if code else "",
        publisher=next((name for name in _PUBLISHERS if name in text), ""),
        licence=next((short for name, short in _LICENCES.items() if name in text), ""),
        gebietsstand=gebietsstand_in(" ".join(titles)),
        universe=universe_in(text),
        secrecy=secrecy_in(text),
        notes=tuple(foot),
    )
