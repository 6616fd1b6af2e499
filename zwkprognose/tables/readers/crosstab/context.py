"""What the titles of a crosstab say about all its cells: year, measure, table code, publisher."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import PurePath

from zwkprognose.errors import TableError
from zwkprognose.tables.dates import (
    Stated,
    dates_in_name,
    first_of_january,
    gebietsstand_in,
    is_day,
    stated_dates,
    stock_years_in,
    years_in,
    years_outside_dates,
)
from zwkprognose.tables.files.document import Document
from zwkprognose.tables.noise import secrecy_in
from zwkprognose.tables.table import Source
from zwkprognose.tables.universe import universe_in
from zwkprognose.tables.words import measures_in

_CODE = re.compile(r"\b\d{5}(?:-\d{2}){0,2}-\d{1,4}(?:-[A-Z])?\b")
_STAND = re.compile(r"\(?(?:stand|stichtag)\b")
_FOUR_DIGITS = re.compile(r"\d{4}")
_THOUSAND = r"(?:1[ .]?000|tausend|tsd\.?)"
#: "in 1 000", "(Tsd.)", a line or an end of a line that is nothing but the unit.
_THOUSANDS = re.compile(rf"\bin {_THOUSAND}(?!\w)|\({_THOUSAND}\)|(?:^|: ?|\s){_THOUSAND}(?: personen| einwohner\w*)?$")
#: "unter 1 000", "je 1 000", "über 1000 Einwohner" say no unit.
_SIZES = re.compile(rf"(?:unter|über|ab|bis|je|pro|als|auf|und|von|mit|mindestens) {_THOUSAND}.*$")
_PUBLISHERS = (
    "Statistisches Bundesamt (Destatis)", "Statistische Ämter des Bundes und der Länder",
    "Amt für Statistik Berlin-Brandenburg",
)  # fmt: skip
_RIGHTS = re.compile(r"©\s*([^,\d|]+?)\s*(?:,?\s*\d{4}.*)?$")
_LICENCES = {"Datenlizenz Deutschland": "dl-de/by-2-0", "CC BY": "CC BY", "dl-de/by-2-0": "dl-de/by-2-0"}


@dataclass(frozen=True)
class Stand:
    """When the figures of a table hold: the ``year`` that titles or names state (``None``: the cells say it).

    ``shift`` is -1 where titles state a 1 January: a bare year of the table then means the 31 December before.
    ``only_in_name`` tells that the year stands in the name of the file alone.
    """

    year: int | None
    shift: int = 0
    notes: tuple[str, ...] = ()
    only_in_name: bool = False


def stand_of(document: Document, titles: Sequence[str], foot: Sequence[str] = (), *, events: bool = False) -> Stand:
    """The date that titles, sheet, foot and file name state.

    A date in a title counts first, then the only year in the titles, then those of the sheet, a "Stand" in the foot,
    and a year in the name of the file. Events have a year, not a date: theirs may be published on any day.

    Raises
    ------
    TableError
        For a stock of another day than 31 December or 1 January, a mean of the year or a part of it, and for several
        years.
    """
    text = "\n".join(titles)
    dated = [line for line in foot if _STAND.match(line.casefold())]
    said = [*stated_dates(text), *stated_dates(document.sheet)]
    # a date in the foot is that of the publication, unless it lies in the year of the titles
    years = set(_FOUR_DIGITS.findall(text))
    said += [
        one for line in dated for one in stated_dates(line) if not years.isdisjoint(_FOUR_DIGITS.findall(one.text))
    ]
    if not any(one.year is not None for one in said):
        named = dates_in_name(PurePath(document.name).stem)
        said += [one for one in named if not years or not years.isdisjoint(_FOUR_DIGITS.findall(one.text))]
    _refuse_other(document, said, events=events)
    begins = [stated for stated in said if stated.kind == "begin"] if not events else []
    shift = -1 if begins else 0
    year, only_in_name = _year(document, text, dated, shift)
    notes = [f"{document.label}: Der Stand „{one.text}“ ist der Bestand vom 31.12. davor." for one in begins[:1]]
    return Stand(year, shift, tuple(notes), only_in_name)


def _year(document: Document, text: str, dated: Sequence[str], shift: int) -> tuple[int | None, bool]:
    """The year that is stated first, and whether that is in the name of the file."""
    sheet, name = document.sheet, PurePath(document.name).stem.replace("_", " ")
    places = (
        stock_years_in(text),
        {year + shift for year in years_outside_dates(text)},
        stock_years_in(sheet) or {year + shift for year in years_in(sheet)},
        {year for line in dated for year in stock_years_in(line)},
        stock_years_in(document.name),
        years_in(name),
    )
    at = next((i for i, years in enumerate(places) if years), None)
    if at is None or len(places[at]) > 1:
        return None, False
    return min(places[at]), at == len(places) - 1


def _refuse_other(document: Document, said: Sequence[Stated], *, events: bool) -> None:
    other = [stated for stated in said if stated.kind == "other"]
    if events:  # a day is that of the publication, a month or quarter is a part of the year
        other = [stated for stated in other if not is_day(stated.text)]
        if other:
            raise TableError(
                f"{document.label}: „{other[0].text}“ ist nicht das ganze Jahr.",
                remedy="Gebraucht werden die Bewegungen vom 1.1. bis 31.12. eines Jahres.",
            )
    elif other and not any(stated.kind != "other" and stated.year is not None for stated in said):
        raise TableError(
            f"{document.label}: Der Stand {other[0].text} ist kein Stichtag 31.12.",
            remedy="Gebraucht wird der Bestand am Jahresende. Ein Bestand vom 1.1.2024 ist der vom 31.12.2023 und "
            "wird so gelesen.",
        )


def january_note(document: Document, labels: Iterable[str]) -> tuple[str, ...]:
    """A note that labels are stocks of 1 January, each read as that of the day before."""
    found = next((text for text in dict.fromkeys(labels) if first_of_january(text) is not None), None)
    if found is None:
        return ()
    return (f"{document.label}: „{found}“ ist der Bestand vom 31.12. davor und so gelesen.",)


def year_of(document: Document, titles: Sequence[str]) -> int:
    """The year of the events of a whole table; :class:`TableError` if none or several are named."""
    year = stand_of(document, titles, events=True).year
    if year is None:
        raise unknown_year(document)
    return year


def unknown_year(document: Document) -> TableError:
    """The error for a table that does not say when its figures hold."""
    return TableError(
        f"In {document.label} steht nicht eindeutig, für welches Jahr die Zahlen gelten.",
        remedy="Den Stichtag in die erste Zeile schreiben, zum Beispiel „Einwohner am 31.12.2024“.",
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
        remedy="Es in die erste Zeile schreiben, zum Beispiel „Einwohner am 31.12.2024“ oder „Geburten 2024“.",
    )


def scale_of(titles: Sequence[str]) -> float:
    """Persons in one unit of the figures: 1,000 where a title says so.

    >>> scale_of(["Einwohner in 1.000 am 31.12.2023"]), scale_of(["Einwohner am 31.12.2023"])
    (1000.0, 1.0)
    >>> scale_of(["Einheit: 1 000"]), scale_of(["Gemeinden über 1 000 Einwohner"])
    (1000.0, 1.0)
    """
    said = (_SIZES.sub("", title.casefold()).strip() for title in titles)
    return 1000.0 if any(map(_THOUSANDS.search, said)) else 1.0


def _publisher(text: str, foot: Sequence[str]) -> str:
    """A publisher that is known, or the one that claims the rights in the foot."""
    claimed = next((match[1] for line in foot if (match := _RIGHTS.match(line.strip()))), "")
    return next((name for name in _PUBLISHERS if name in text), claimed)


def source_of_crosstab(document: Document, titles: Sequence[str], foot: Sequence[str]) -> Source:
    """Title, table code, publisher and licence as far as titles and foot name them."""
    text = " ".join([*titles, *foot])
    code = _CODE.search(" ".join(titles))
    return Source(
        document.name,
        "kreuztabelle",
        title=" ".join(titles[:3])[:200],
        table_code=code[0] if code else "",
        publisher=_publisher(text, foot),
        licence=next((short for name, short in _LICENCES.items() if name in text), ""),
        gebietsstand=gebietsstand_in(" ".join(titles)),
        universe=universe_in(text),
        secrecy=secrecy_in(text),
        notes=tuple(foot),
    )
