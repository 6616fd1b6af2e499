"""Open data portals of cities in Schleswig-Holstein: a line for each Stadtteil and date, ages or sexes across.

Shape: ``Land;Stadt;Kategorie;Merkmal;Datum;Stadtteilnummer;Stadtteil;insgesamt;maennlich;weiblich`` with dates such as
``2022_12_31``. Spreadsheets that were filled down count on: ``2020_12_31``, ``2020_12_32`` … ``2020_12_59``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np

from zwkprognose.errors import TableError
from zwkprognose.names import TOTAL
from zwkprognose.tables.ages import ALL_AGES, parse_age, range_end
from zwkprognose.tables.files.document import Document
from zwkprognose.tables.frame import age_columns, cells_frame, value_columns
from zwkprognose.tables.ledger import Fate, note_dropped
from zwkprognose.tables.readers.area_totals import without_sums
from zwkprognose.tables.readers.columns import columns_of
from zwkprognose.tables.table import Source, Table
from zwkprognose.tables.words import plain, sex_of

TITLE = "Städteportal Schleswig-Holstein (Land; Stadt; Kategorie; Merkmal; Datum; Stadtteil …)"

_HEAD = ("Land", "Stadt", "Kategorie", "Merkmal", "Datum")
_NUMBER, _NAME = ("Stadtteilnummer", "Stadtteil-Nr", "Stadtteilnr"), ("Stadtteil", "Stadtteile", "Stadtteilname")
_DATE = re.compile(r"(\d{4})[_-](\d{1,2})[_-](\d{1,3})")
#: Words of a Merkmal that counts all inhabitants.
_WHOLE = frozenset(
    {"einwohner", "einwohnerinnen", "einwohner/innen", "bevölkerung", "personen", "insgesamt", "und", "nach", "alter",
     "altersgruppen", "geschlecht", "am", "ort", "der", "hauptwohnung", "mit", "hauptwohnsitz", "in", "den",
     "stadtteilen"}
)  # fmt: skip
_LAST_DAY = 31


def recognise(head: list[list[str]]) -> bool:
    """The five columns in front."""
    return bool(head) and [field.strip() for field in head[0][: len(_HEAD)]] == list(_HEAD)


def read(document: Document) -> Table:
    """Rows of inhabitants; rows that count anything else are named as left out."""
    names = [field.strip() for field in document.rows[0]]
    while names and not names[-1]:
        names.pop()
    columns, lines = columns_of(document, names)
    number, name = (next((n for n in some if n in columns), None) for some in (_NUMBER, _NAME))
    if number is None and name is None:
        raise TableError(f"{document.label}: Die Spalte „Stadtteil“ fehlt.", remedy="Die Spalte ergänzen.")
    groups = _groups(document, [n for n in names if n not in (*_HEAD, number, name)])
    kept, notes = _whole(document, columns["Merkmal"], lines, len(names))
    areas = columns[number or str(name)]
    years, repairs = _years(document, columns["Datum"], areas, lines)
    _refuse_twice(document, areas[kept], years[kept], lines[kept])
    frame = cells_frame(
        {
            "area": np.repeat(areas[kept], len(groups)),
            "area_name": np.repeat(columns[name][kept], len(groups)) if name else "",
            "year": np.repeat(years[kept], len(groups)),
            "variable": "population",
            **_across(groups, int(kept.sum())),
            **value_columns(
                [columns[group][i] for i in np.flatnonzero(kept) for group in groups], document,
                lines=np.repeat(lines[kept], len(groups)), labels="",
                columns=np.tile([names.index(group) for group in groups], int(kept.sum())),
            ),
        }
    )  # fmt: skip
    areas_only = without_sums(frame, list(dict.fromkeys(columns["Stadt"])))
    note_dropped(document, frame, areas_only.cells, Fate.SUM)
    source = _source(document, columns, (*notes, *areas_only.notes), (*repairs, *areas_only.repairs))
    return Table(areas_only.cells, source)


def _groups(document: Document, names: Sequence[str]) -> dict[str, tuple[str, Any]]:
    """Sex and age of every column of figures."""
    upper = range_end(names) or "inclusive"
    groups: dict[str, tuple[str, Any]] = {}
    for name in names:
        sex, age = sex_of(name), parse_age(name.removesuffix("Jährige").rstrip("-"), upper)
        if sex is None and age is None:
            raise TableError(
                f"{document.label}: Die Spalte „{name}“ ist nicht zu verstehen.",
                cells=[{"column": name}],
                remedy="Spalten heißen insgesamt, maennlich, weiblich oder nach dem Alter (0 bis unter 3); andere "
                "löschen.",
            )
        groups[name] = (sex or TOTAL, age if sex is None else ALL_AGES)
    return groups


def _across(groups: dict[str, tuple[str, Any]], height: int) -> dict[str, np.ndarray]:
    ages = age_columns([age for _, age in groups.values()])
    sexes = np.array([sex for sex, _ in groups.values()], dtype=object)
    return {"sex": np.tile(sexes, height), **{name: np.tile(values, height) for name, values in ages.items()}}


def _whole(document: Document, texts: np.ndarray, lines: np.ndarray, width: int) -> tuple[np.ndarray, list[str]]:
    """Rows that count all inhabitants, and a note on the others."""
    whole = {text: set(plain(text).split()) <= _WHOLE for text in dict.fromkeys(texts)}
    kept = np.array([whole[text] for text in texts], dtype=bool)
    others = [text for text, is_whole in whole.items() if not is_whole]
    if not kept.any():
        raise TableError(
            f"{document.label}: Das Merkmal „{others[0]}“ zählt nicht alle Personen.",
            remedy="Eine Datei mit dem Merkmal „Einwohner insgesamt“ herunterladen.",
        )
    document.fates.mark(Fate.LEFT_OUT, lines[~kept][:, np.newaxis], np.arange(width))
    return kept, [f"Andere Merkmale sind ausgelassen: {', '.join(others)}."] if others else []


def _years(
    document: Document, texts: np.ndarray, areas: np.ndarray, lines: np.ndarray
) -> tuple[np.ndarray, tuple[str, ...]]:
    """Years of dates 31.12.; days beyond the 31st are put right only where a run shows that they were filled down.

    The run begins with the 31st, rises by one from line to line, and names every area once: then all its lines are of
    the first date.
    """
    dates = [_parts(document, text, line) for text, line in zip(texts, lines, strict=True)]
    restored: list[str] = []
    run: set[str] = set()
    for i, (year, month, day) in enumerate(dates):
        follows = i > 0 and (year, month, day - 1) == dates[i - 1]
        if day > _LAST_DAY and (month, follows, areas[i] in run) == (12, True, False):
            restored.append(texts[i])
            run.add(areas[i])
        elif (month, day) == (12, _LAST_DAY):
            run = {areas[i]}
        else:
            raise _no_date(document, texts[i], int(lines[i]))
    repairs = (
        f"{document.label}: {len(restored)} Daten zählen über den 31.12. hinaus ({restored[0]} bis {restored[-1]}); "
        "sie stehen in aufeinander folgenden Zeilen verschiedener Stadtteile und gelten als 31.12. desselben Jahres.",
    ) if restored else ()  # fmt: skip
    return np.array([year for year, _, _ in dates], dtype=np.int64), repairs


def _parts(document: Document, text: str, line: int) -> tuple[int, int, int]:
    match = _DATE.fullmatch(text)
    if match is None:
        raise _no_date(document, text, int(line))
    return int(match[1]), int(match[2]), int(match[3])


def _no_date(document: Document, text: str, line: int) -> TableError:
    return TableError(
        f"{document.label}, Zeile {line}: „{text}“ ist kein 31. Dezember.",
        cells=[{"line": line, "column": "Datum", "text": text}],
        remedy="Das Datum berichtigen, zum Beispiel 2023_12_31; hat ein Tabellenprogramm die Spalte beim Ausfüllen "
        "weitergezählt, in allen Zeilen das erste Datum eintragen.",
    )


def _refuse_twice(document: Document, areas: np.ndarray, years: np.ndarray, lines: np.ndarray) -> None:
    seen: dict[tuple[str, int], int] = {}
    for area, year, line in zip(areas, years, lines, strict=True):
        if (area, year) in seen:
            raise TableError(
                f"{document.label}, Zeile {line}: Stadtteil {area} steht für {year} schon in Zeile {seen[area, year]}.",
                cells=[{"area": area, "year": int(year), "line": int(line)}],
                remedy="Das Jahr, das zweimal aufgeführt ist, einmal löschen; vorher vergleichen, welche gelten.",
            )
        seen[area, int(year)] = int(line)


def _source(
    document: Document, columns: dict[str, np.ndarray], notes: tuple[str, ...], repairs: tuple[str, ...]
) -> Source:
    city = columns["Stadt"][0]
    return Source(
        document.name, "stadtportal", title=f"{city}: {columns['Merkmal'][0]}", publisher=f"Stadt {city}",
        universe="Melderegister", notes=notes, repairs=repairs,
    )  # fmt: skip
