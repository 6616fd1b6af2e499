"""The project's own tidy table: one row per cell, German column names; missing columns mean "not split"."""

from __future__ import annotations

from pathlib import PurePath
from typing import Any

import numpy as np

from zwkprognose.errors import TableError
from zwkprognose.tables.ages import range_end
from zwkprognose.tables.dates import stock_year
from zwkprognose.tables.files.document import Document
from zwkprognose.tables.frame import cells_frame, value_columns
from zwkprognose.tables.ledger import Fate, note_dropped, note_numbering
from zwkprognose.tables.numbering import counts_rows
from zwkprognose.tables.readers.area_totals import without_sums
from zwkprognose.tables.readers.columns import columns_of, translate, translate_ages
from zwkprognose.tables.readers.crosstab.context import january_note, stand_of
from zwkprognose.tables.readers.crosstab.narrowing import refuse_other_titles
from zwkprognose.tables.readers.crosstab.rows import year_rule
from zwkprognose.tables.readers.crosstab.title_words import words_of
from zwkprognose.tables.readers.tidy_header import COLUMN_NAMES, below_titles, header_names, header_row
from zwkprognose.tables.readers.zeros import restored_keys
from zwkprognose.tables.table import Source, Table
from zwkprognose.tables.words import EVENTS, nationality_of, plain, sex_of

TITLE = "einfache Tabelle (jahr; gebiet; …; anzahl)"


def recognise(head: list[list[str]]) -> bool:
    """A header row with ``jahr`` and ``anzahl``, or one that only this form has, maybe below titles."""
    return header_row(head) is not None


def read(document: Document) -> Table:
    """Cells of a tidy table of stocks or events."""
    document, titles, repairs = below_titles(document)
    names = header_names(document)
    columns, lines = columns_of(document, names)
    _set_numberings_aside(document, names, columns, lines)
    texts = columns["anzahl"]
    events = "ereignis" in columns
    stand = stand_of(document, titles, events=events)
    refuse_other_titles(document, titles, [{}], words_of({*columns.get("name", ()), PurePath(document.name).stem}))
    rule = stock_year if events else year_rule(stand.shift)
    areas, zeros = _keys(document, columns)
    built: dict[str, Any] = {
        "year": translate(document, columns["jahr"], lines, rule, "jahr", "ein Jahr wie 2024 oder 31.12.2024"),
        "area": areas,
        "area_name": columns.get("name", ""),
        **_groups(document, columns, lines),
        **_ages(document, columns, lines),
        **_events(document, columns, lines),
        **value_columns(list(texts), document, lines=lines, columns=names.index("anzahl"), labels="anzahl"),
    }
    printed = cells_frame(built)
    kept = without_sums(printed)
    note_dropped(document, printed, kept.cells, Fate.SUM)
    repairs = (*repairs, *zeros, *kept.repairs)
    notes = (*stand.notes, *january_note(document, columns["jahr"]), *kept.notes)
    source = Source(document.name, "tidy", title="Einfache Tabelle", notes=notes, repairs=repairs)
    return Table(kept.cells, source)


def _set_numberings_aside(
    document: Document, names: list[str], columns: dict[str, np.ndarray], lines: np.ndarray
) -> None:
    """Take columns that only count rows out of these, and note them; what else tells the rows apart must be there."""
    for column, name in enumerate(names):
        if name in COLUMN_NAMES:
            continue
        texts = columns.pop(name)
        labels = [values for label, values in columns.items() if label in COLUMN_NAMES and label != "anzahl"]
        if not counts_rows(texts) or len(set(zip(*labels, strict=True))) < len(lines):
            heading = document.rows[0][column].strip()
            raise TableError(
                f"{document.label}: Die Spalte „{heading}“ zählt nicht nur die Zeilen; ohne sie wären Zeilen nicht zu "
                "unterscheiden.",
                remedy="Nennt sie die Gebiete, sie mit „gebiet“ überschreiben; sonst die Spalte löschen und prüfen, ob "
                "Zeilen doppelt sind.",
            )
        note_numbering(document, column, document.rows[0][column].strip(), lines, texts)


def _keys(document: Document, columns: dict[str, np.ndarray]) -> tuple[Any, tuple[str, ...]]:
    """Keys of the areas, with their zeros where the form leaves no doubt; those of destinations likewise."""
    if "gebiet" not in columns:
        return "", ()
    if "ziel" not in columns:
        return restored_keys(columns["gebiet"], document, mixed=False)
    both, zeros = restored_keys(np.concatenate([columns["gebiet"], columns["ziel"]]), document, mixed=False)
    assert both is not None  # it was given keys
    columns["ziel"] = both[len(columns["gebiet"]) :]
    return both[: len(columns["gebiet"])], zeros


def _groups(document: Document, columns: dict[str, np.ndarray], lines: np.ndarray) -> dict[str, Any]:
    groups: dict[str, Any] = {}
    if "geschlecht" in columns:
        sexes = _births_unsplit(columns)
        groups["sex"] = translate(document, sexes, lines, sex_of, "geschlecht", "m, w oder insgesamt")
    if "staatsangehoerigkeit" in columns:
        groups["nationality"] = translate(
            document, columns["staatsangehoerigkeit"], lines, _group, "staatsangehoerigkeit", "D, A oder insgesamt"
        )
    return groups


def _births_unsplit(columns: dict[str, np.ndarray]) -> np.ndarray:
    """Sexes as printed; births are often not split by sex, and an empty field says no more than that."""
    sexes = columns["geschlecht"]
    if "ereignis" not in columns:
        return sexes
    births = np.array([EVENTS.get(plain(text)) == "births" for text in columns["ereignis"]], dtype=bool)
    return np.where(births & (sexes == ""), "insgesamt", sexes)


def _group(text: str) -> str | None:
    """German, foreign, total, or the name of a group of the user's own (at least two letters)."""
    named = text.strip()
    return nationality_of(text) or (named if len(named) > 1 and named.replace(" ", "").isalpha() else None)


def _ages(document: Document, columns: dict[str, np.ndarray], lines: np.ndarray) -> dict[str, Any]:
    if "alter" in columns:
        upper = range_end(dict.fromkeys(columns["alter"])) or "inclusive"
        return translate_ages(document, columns["alter"], lines, "alter", upper)
    if "alter_von" not in columns:
        return {}
    start = _numbers(document, columns["alter_von"], lines, "alter_von")
    end = _numbers(document, columns["alter_bis"], lines, "alter_bis") if "alter_bis" in columns else start
    wrong = np.flatnonzero((end < start) | (np.isnan(start) & ~np.isnan(end)))
    if wrong.size:
        pairs = [f"{columns['alter_von'][i]} bis {columns['alter_bis'][i]}" for i in wrong]
        cells = [{"line": int(lines[i]), "text": pair} for i, pair in zip(wrong, pairs, strict=True)]
        raise TableError(
            f"{document.label}: Das letzte Alter liegt vor dem ersten (oder das erste fehlt).",
            cells=cells,
            remedy="alter_bis ist das letzte Alter der Gruppe (20 bis 24); bei der obersten Gruppe bleibt es leer.",
        )
    # alter_bis is the last age that belongs to the group; the frame is half-open.
    return {"age_from": np.where(np.isnan(start), 0, start), "age_to": end + 1}


def _numbers(document: Document, texts: np.ndarray, lines: np.ndarray, name: str) -> np.ndarray:
    return translate(document, texts, lines, _age_number, name, "ein ganzes Alter wie 25").astype(float)


def _age_number(text: str) -> float | None:
    text = text.strip().removesuffix(".0")
    if not text:
        return float("nan")
    return float(text) if text.isdecimal() and text.isascii() and len(text) <= 3 else None


def _events(document: Document, columns: dict[str, np.ndarray], lines: np.ndarray) -> dict[str, Any]:
    if "ereignis" not in columns:
        return {"variable": "population"}
    variable = translate(
        document, columns["ereignis"], lines, lambda text: EVENTS.get(plain(text)), "ereignis",
        "geburten, sterbefaelle, zuzuege, fortzuege oder umzuege",
    )  # fmt: skip
    target = columns.get("ziel", np.full(len(lines), "", dtype=object))
    wrong = np.flatnonzero((variable == "moves") != (target != ""))
    if wrong.size:
        raise TableError(
            f"{document.label}: Ein Ziel gehört genau zu den Umzügen.",
            cells=[{"line": int(lines[i])} for i in wrong],
            remedy="Die Spalte ziel bei umzuege füllen, und nur dort.",
        )
    return {"variable": variable, "destination": target}
