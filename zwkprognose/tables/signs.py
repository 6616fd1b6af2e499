"""Signs of German tables: what a printed cell says, and how a printed number is read.

The signs are those of DIN 55301. A sign is never turned into a number here; that is a named choice made
later (:mod:`zwkprognose.tables.choices`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd

from zwkprognose.errors import TableError
from zwkprognose.tables.hidden import hidden_flag
from zwkprognose.tables.table import Status

NAN = float("nan")

#: Printed sign → meaning. The empty cell is not a sign: nothing was printed.
SIGNS: dict[str, Status] = {
    "-": Status.ZERO, "–": Status.ZERO, "—": Status.ZERO,
    ".": Status.HIDDEN, "·": Status.HIDDEN, "•": Status.HIDDEN, "*": Status.HIDDEN,
    "/": Status.UNRELIABLE,
    "x": Status.NOT_APPLICABLE, "X": Status.NOT_APPLICABLE,
    "...": Status.LATE, "…": Status.LATE,
    "": Status.ABSENT,
}  # fmt: skip

#: Flag of a number that was printed with a percent sign; its value is the share.
PERCENT = "%"
#: Quality marks beside a number: provisional, revised, estimated, final; Niedersachsen also k t u g.
FLAGS = frozenset("prsektug")

_SPACES = re.compile(r"[ \u00a0\u202f\u2009'’](?=\d{3}(?:\D|$))")
_BELOW = re.compile(r"(?:<|≤|<=)\s*\d{1,3}")
_MARKED = re.compile(r"(?P<number>.*\d)\s*(?P<flag>[prsektug])$")
_PERCENT = re.compile(r"(?P<number>.*\d)[ \u00a0\u202f\u2009]?%")
_BRACKETS = re.compile(r"\(\s*(?P<number>.*\d)\s*\)$")
_NUMBER = {
    ",": re.compile(r"[+-]?(?:\d+|\d{1,3}(?:\.\d{3})+)(?:,\d+)?"),
    # R and Python print small shares as 9e-04; a large count in that form has lost digits and is refused.
    ".": re.compile(r"[+-]?(?:\d+|\d{1,3}(?:,\d{3})+)(?:\.\d+)?|\d(?:\.\d+)?e-\d{1,2}"),
}
_THOUSANDS = {mark: re.compile(rf"[+-]?[1-9]\d{{0,2}}(?:\{mark}\d{{3}})+") for mark in ".,"}
_WHOLE = re.compile(r"[+-]?\d+[.,]0+")
_BARE_THOUSAND = re.compile(r"[+-]?[1-9]\d{3,}")


@dataclass(frozen=True, slots=True)
class Cell:
    """One printed cell: number, meaning, mark."""

    value: float
    status: Status
    flag: str = ""


def read_cell(text: str, decimal: str = ",") -> Cell | None:
    """What one printed cell says; ``None`` if it is neither number nor known sign.

    >>> read_cell("1.234,5")
    Cell(value=1234.5, status=<Status.NUMBER: 'number'>, flag='')
    >>> read_cell("-").status, read_cell("(17)").flag, read_cell("12 p").flag
    (<Status.ZERO: 'zero'>, '()', 'p')
    >>> read_cell("12,5 %")
    Cell(value=0.125, status=<Status.NUMBER: 'number'>, flag='%')
    >>> read_cell("siehe oben") is None
    True
    """
    text = text.strip()
    if text.isascii() and text.isdigit():  # nine cells in ten, told apart without a pattern
        return Cell(float(text), Status.NUMBER)
    if text in SIGNS:
        status = SIGNS[text]
        return _own_sign(status)
    if _BELOW.fullmatch(text) and (flag := hidden_flag(text)):
        return Cell(NAN, Status.HIDDEN, flag)
    body, flag = _without_flag(text)
    number = read_number(body, decimal)
    if number is None:
        return None
    return Cell(round(number / 100, 12) if flag == PERCENT else number, Status.NUMBER, flag)


def read_number(text: str, decimal: str = ",") -> float | None:
    """A printed number with this decimal mark, with or without thousands marks; ``None`` if it is none."""
    text = _SPACES.sub("", text.replace("−", "-"))
    if not text.isascii() or not _NUMBER[decimal].fullmatch(text):
        return None
    thousands = "." if decimal == "," else ","
    return float(text.replace(thousands, "").replace(decimal, "."))


def decimal_mark(texts: Iterable[str]) -> str | None:
    """The decimal mark of a column of counts; ``None`` if the figures allow two readings.

    A point before exactly three digits in every figure is a thousands mark, but only if no figure of a
    thousand or more stands there without it: ``1.234`` beside ``12345`` can be neither decided nor guessed. Nor can
    ``1.250`` beside ``300.0``, where every other figure is whole: then these are persons and not shares.
    """
    numbers = [t for t in (_without_flag(t.strip())[0] for t in texts) if t[-1:].isdigit()]
    points = [t for t in numbers if "." in t]
    commas = [t for t in numbers if "," in t]
    if points and commas:
        return _mark_of_mixed(points, commas)
    if not points and not commas:
        return ","
    mark, marked = (".", points) if points else (",", commas)
    others = [t for t in marked if not _THOUSANDS[mark].fullmatch(t)]
    if others:
        is_doubtful = len(others) < len(marked) and all(_WHOLE.fullmatch(t) for t in others)
        return None if is_doubtful else mark
    if any(_BARE_THOUSAND.fullmatch(t) for t in numbers):
        return None
    return "," if mark == "." else "."


def doubtful_pair(texts: Iterable[str]) -> tuple[str, str]:
    """Two figures whose decimal marks do not go together, for a message; of figures that :func:`decimal_mark` refuses.

    >>> doubtful_pair(["17", "1.234", "12345"]), doubtful_pair(["1.250", "7", "300.0"])
    (('1.234', '12345'), ('1.250', '300.0'))
    """
    alike = {re.sub(r"[1-9]", "1", text.strip()): text.strip() for text in reversed(list(texts))}
    return next((a, b) for a, b in combinations(reversed(alike.values()), 2) if decimal_mark((a, b)) is None)


#: German words for what a mark means.
MEANINGS = {
    "null": Status.ZERO, "geheim": Status.HIDDEN, "unsicher": Status.UNRELIABLE,
    "nicht sinnvoll": Status.NOT_APPLICABLE, "später": Status.LATE, "leer": Status.ABSENT,
}  # fmt: skip


def meanings_of(signs: Mapping[str, str]) -> dict[str, Status]:
    """Marks of the user's own with their status; :class:`TableError` for a meaning that is none.

    >>> meanings_of({"n. v.": "geheim"})
    {'n. v.': <Status.HIDDEN: 'hidden'>}
    """
    names = {**MEANINGS, **{status.value: status for status in Status if status is not Status.NUMBER}}
    unknown = [meaning for meaning in signs.values() if str(meaning).casefold() not in names]
    if unknown:
        raise TableError(
            f"Die Bedeutung „{unknown[0]}“ eines Zeichens ist nicht bekannt.", remedy=f"Es gibt: {', '.join(MEANINGS)}."
        )
    return {mark.strip(): names[str(meaning).casefold()] for mark, meaning in signs.items()}


def read_cells(
    texts: Sequence[str], decimal: str = ",", signs: Mapping[str, Status] | None = None
) -> tuple[pd.DataFrame, np.ndarray]:
    """Columns ``value``, ``status``, ``flag`` of many printed cells, and a mask of those not understood.

    Every distinct text is read once. ``signs`` are marks of the user's own and what they mean. Hidden numbers may be
    words or ranges here (:mod:`zwkprognose.tables.hidden`).
    """
    codes, distinct = pd.factorize(np.asarray(texts, dtype=object))
    own = {} if signs is None else signs
    read = [_own_sign(own[text.strip()]) if text.strip() in own else _read_count(text, decimal) for text in distinct]
    known = [cell if cell is not None else Cell(NAN, Status.ABSENT) for cell in read]
    bad = np.array([cell is None for cell in read], dtype=bool)[codes]
    frame = pd.DataFrame(
        {
            "value": np.array([cell.value for cell in known], dtype=float)[codes],
            "status": np.array([cell.status.value for cell in known], dtype=object)[codes],
            "flag": np.array([cell.flag for cell in known], dtype=object)[codes],
        }
    )
    return frame, bad


def _read_count(text: str, decimal: str) -> Cell | None:
    """A cell in a column of figures: there words and ranges that elsewhere are ages are hidden numbers."""
    cell = read_cell(text, decimal)
    flag = hidden_flag(text) if cell is None else None
    return cell if flag is None else Cell(NAN, Status.HIDDEN, flag)


def _own_sign(status: Status) -> Cell:
    return Cell(0.0 if status is Status.ZERO else NAN, status)


def _without_flag(text: str) -> tuple[str, str]:
    if match := _BRACKETS.fullmatch(text):
        return match["number"], "()"
    if match := _PERCENT.fullmatch(text):
        return match["number"], PERCENT
    if match := _MARKED.fullmatch(text):
        return match["number"].strip(), match["flag"]
    return text, ""


def _mark_of_mixed(points: list[str], commas: list[str]) -> str | None:
    both = [t for t in points if "," in t]
    if both:
        marks = {"," if t.rfind(",") > t.rfind(".") else "." for t in both}
        return marks.pop() if len(marks) == 1 else None
    if all(_THOUSANDS["."].fullmatch(t) for t in points):
        return None if all(_THOUSANDS[","].fullmatch(t) for t in commas) else ","
    return "." if all(_THOUSANDS[","].fullmatch(t) for t in commas) else None
