"""Stocks by year of birth: at the end of the year everybody's age is the year minus the year of birth."""

from __future__ import annotations

import re
from typing import Any

import numpy as np

from zwkprognose.errors import TableError
from zwkprognose.tables.files.document import Document
from zwkprognose.tables.words import TOTAL_WORDS, plain

#: Stand for a total over all years of birth, and for "and earlier" (added to the year).
TOTAL_YEAR, AND_EARLIER = 0, 100_000
_YEAR = re.compile(r"((?:18|19|20|21)\d\d)( (?:und|u\.|oder) (?:früher|älter|vorher))?", re.ASCII)
_BEFORE = re.compile(r"vor ((?:18|19|20|21)\d\d)", re.ASCII)


def birth_year(text: str) -> int | None:
    """A year of birth as a number; ``None`` if it is none.

    >>> birth_year("1985"), birth_year("1923 und früher"), birth_year("vor 1924"), birth_year("Insgesamt")
    (1985, 101923, 101923, 0)
    """
    word = plain(text)
    if word in TOTAL_WORDS:
        return TOTAL_YEAR
    if match := _BEFORE.fullmatch(word):
        return int(match[1]) - 1 + AND_EARLIER
    match = _YEAR.fullmatch(word)
    return None if match is None else int(match[1]) + (AND_EARLIER if match[2] else 0)


def ages_of(document: Document, born: np.ndarray, built: dict[str, Any]) -> dict[str, np.ndarray]:
    """Columns ``age_from`` and ``age_to`` of cells with ``year`` and ``variable``.

    Raises :class:`TableError` for events, in whose year a year of birth has two ages, and for births after the stock.
    """
    if set(built["variable"]) != {"population"}:
        raise TableError(
            f"{document.label}: Das Geburtsjahr sagt bei Bewegungen nicht das Alter.",
            remedy="Eine Tabelle nach dem Alter verwenden.",
        )
    is_total, is_open = born == TOTAL_YEAR, born > AND_EARLIER
    age = built["year"] - np.where(is_open, born - AND_EARLIER, born)
    unborn = np.unique(born[(age < 0) & ~is_total])
    if unborn.size:
        raise TableError(
            f"{document.label}: Ein Geburtsjahr liegt nach dem Stichtag.",
            cells=[{"year": int(year)} for year in unborn],
            remedy="Stichtag und Geburtsjahre prüfen.",
        )
    return {
        "age_from": np.where(is_total, 0, age).astype(float),
        "age_to": np.where(is_total | is_open, np.nan, age + 1.0),
    }
