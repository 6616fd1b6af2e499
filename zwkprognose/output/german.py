"""Numbers and texts as German readers expect them."""

from __future__ import annotations

import math

_SWAP = str.maketrans(",.", ".,")
#: Shown where a number must not be published, and where there is none (DIN 55301).
HIDDEN, NOTHING = "•", "–"


def number(value: float, digits: int = 0) -> str:
    """1.234,5; a number that is not published is shown as ``•``.

    Examples
    --------
    >>> number(1234.56, 1), number(-3.2), number(float("nan"))
    ('1.234,6', '−3', '•')
    """
    if math.isnan(value):
        return HIDDEN
    text = f"{value:,.{digits}f}".translate(_SWAP)
    if float(f"{value:.{digits}f}") == 0:
        return text.removeprefix("-")
    return text.replace("-", "−")


def signed(value: float, digits: int = 0) -> str:
    """The same with a sign in front: ``+1.234``, ``−12``, ``0``."""
    text = number(value, digits)
    return "+" + text if text not in {HIDDEN} and float(f"{value:.{digits}f}") > 0 else text


def percent(value: float, digits: int = 1) -> str:
    """``+3,2 %`` with a narrow space that does not break."""
    text = signed(value, digits)
    return text if text == HIDDEN else text + "\u202f%"


def counted(count: int, one: str, many: str) -> str:
    """``1 Gebiet``, ``94 Gebiete``.

    Examples
    --------
    >>> counted(1, "Gebiet", "Gebiete"), counted(1200, "Gebiet", "Gebiete")
    ('1 Gebiet', '1.200 Gebiete')
    """
    return f"{number(count)} {one if count == 1 else many}"


def neutral(text: str) -> str:
    """Text that no spreadsheet takes for a formula: ``=1+1`` becomes ``'=1+1``.

    Also after white space, which spreadsheets skip, and for a tab or line break at the beginning.

    Examples
    --------
    >>> neutral("=SUMME(A1)"), neutral("Mitte")
    ("'=SUMME(A1)", 'Mitte')
    """
    bare = text.lstrip()
    if text[:1] in {"\t", "\r", "\n"} or bare[:1] in {"=", "+", "-", "@", "＝", "＋", "－", "＠"}:
        return "'" + text
    return text
