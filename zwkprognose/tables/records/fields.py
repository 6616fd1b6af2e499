"""Values of register fields in terms of the contract; every distinct value is translated once."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from zwkprognose.errors import TableError
from zwkprognose.names import TOTAL
from zwkprognose.tables.records.layout import RecordLayout
from zwkprognose.tables.words import EVENTS, nationality_of, plain, sex_of

#: Key in a table of values that stands for every value not listed.
OTHERWISE = "sonst"
OLDEST = 125

_GERMAN = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")
_ISO = re.compile(r"(\d{4})-?(\d{2})-?(\d{2})")


def coded(fields: dict[str, np.ndarray], layout: RecordLayout, name: str, line: int) -> dict[str, Any]:
    """Columns ``area``, ``year``, ``sex``, ``nationality``, ``age``, ``variable``, ``destination`` of records."""
    count = len(next(iter(fields.values())))

    def translated(field: str, rule: Callable[[str], Any], default: Any) -> Any:
        if field not in fields:
            return np.full(count, default, dtype=object)
        return _translated(fields[field], _with_values(layout, field, rule), field, name, line)

    years = translated("datum", _year, layout.stichtag).astype(np.int64)
    return {
        "area": translated("gebiet", str.strip, ""),
        "year": years,
        "sex": translated("geschlecht", sex_of, TOTAL),
        "nationality": translated("staatsangehoerigkeit", nationality_of, TOTAL),
        "age": _ages(translated, fields, years, name, line),
        "variable": translated("ereignis", _event, "population"),
        "destination": translated("ziel", str.strip, ""),
    }


def _ages(translated: Any, fields: dict[str, np.ndarray], years: np.ndarray, name: str, line: int) -> np.ndarray:
    """Age reached at the end of the year, or the completed age that the record states."""
    if "alter" in fields:
        ages = translated("alter", _whole, 0).astype(np.int64)
    else:
        field = "geburtsjahr" if "geburtsjahr" in fields else "geburtsdatum"
        ages = years - translated(field, _year, 0).astype(np.int64)
    wrong = np.flatnonzero((ages < 0) | (ages > OLDEST))
    if wrong.size:
        raise TableError(
            f"„{name}“, Zeile {line + int(wrong[0])}: Das Alter {int(ages[wrong[0]])} ist nicht möglich.",
            cells=[{"line": line + int(i)} for i in wrong[:50]],
            remedy="Geburtsjahr und Datum prüfen, und die Stellen in der Satzbeschreibung.",
        )
    return ages


def _with_values(layout: RecordLayout, field: str, rule: Callable[[str], Any]) -> Callable[[str], Any]:
    """Apply the layout's table of values first, then the rule to what it gives."""
    table = layout.werte.get(field)  # type: ignore[call-overload]
    if table is None:
        return rule

    def listed(text: str) -> Any:
        value = table.get(text.strip(), table.get(OTHERWISE))
        return None if value is None else rule(value)

    return listed


def _translated(texts: np.ndarray, rule: Callable[[str], Any], field: str, name: str, line: int) -> np.ndarray:
    codes, distinct = pd.factorize(texts)
    values = [rule(text) for text in distinct]
    unknown = np.array([value is None for value in values], dtype=bool)[codes]
    if unknown.any():
        at = np.flatnonzero(unknown)
        # A date of birth belongs to a person and stays out of messages.
        shown = "" if field.startswith("geburts") else f" „{texts[at[0]]}“"
        raise TableError(
            f"„{name}“, Zeile {line + int(at[0])}: Der Wert{shown} im Feld {field} ist nicht bekannt.",
            cells=[{"line": line + int(i), "column": field} for i in at[:50]],
            remedy=f"Ihn in der Satzbeschreibung unter [werte.{field}] ergänzen.",
        )
    return np.array(values, dtype=object)[codes]


def _year(text: str) -> int | None:
    """The year of a date, or a bare year."""
    text = text.strip()
    if len(text) == 4 and text.isdecimal() and text.isascii():
        return int(text) if 1800 <= int(text) <= 2200 else None
    if match := _GERMAN.fullmatch(text):
        return _date(int(match[3]), int(match[2]), int(match[1]))
    if match := _ISO.fullmatch(text):
        return _date(int(match[1]), int(match[2]), int(match[3]))
    return None


def _date(year: int, month: int, day: int) -> int | None:
    """Registers write unknown days and months of birth as 00."""
    try:
        datetime.date(year, month or 1, day or 1)
    except ValueError:
        return None
    return year


def _whole(text: str) -> int | None:
    text = text.strip()
    return int(text) if text.isdecimal() and text.isascii() and len(text) <= 3 else None


def _event(text: str) -> str | None:
    return EVENTS.get(plain(text))
