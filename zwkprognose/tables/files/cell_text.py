"""Cells as they stand in a German CSV file: typed ones of workbooks and Parquet files, texts that are no formulas."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any
from unicodedata import normalize

import numpy as np

from zwkprognose.german import written


def cell_text(value: Any) -> str:
    """A cell of a sheet as it would stand in a German CSV file.

    >>> cell_text(2020.0), cell_text(0.00356), cell_text("Mitte"), cell_text(None)
    ('2020', '0,00356', 'Mitte', '')
    >>> cell_text(Decimal("1.234")), cell_text(Decimal("7.00"))
    ('1,234', '7')
    """
    if value is None:
        return ""
    if isinstance(value, (bool, np.bool_)):
        return str(value)
    if isinstance(value, (int, float, np.integer, np.floating)):
        return written(float(value))
    if isinstance(value, Decimal):
        return "" if value.is_nan() else written(value)
    if isinstance(value, (datetime.datetime, datetime.date)):
        return value.strftime("%Y-%m-%d")
    return normalize("NFC", str(value))  # an umlaut may be one sign or two


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


def column_name(position: int) -> str:
    """Name of a column of a sheet by its position, counted from 0.

    >>> column_name(0), column_name(25), column_name(26), column_name(701), column_name(702)
    ('A', 'Z', 'AA', 'ZZ', 'AAA')
    """
    name = ""
    while position >= 0:
        position, letter = divmod(position, 26)
        name, position = chr(65 + letter) + name, position - 1
    return name
