"""Cells as they stand in a German CSV file: typed ones of workbooks and Parquet files, texts that are no formulas."""

from __future__ import annotations

import datetime
from typing import Any

import numpy as np

from zwkprognose.german import written


def cell_text(value: Any) -> str:
    """A cell of a sheet as it would stand in a German CSV file.

    >>> cell_text(2020.0), cell_text(0.00356), cell_text("Mitte"), cell_text(None)
    ('2020', '0,00356', 'Mitte', '')
    """
    if value is None:
        return ""
    if isinstance(value, (bool, np.bool_)):
        return str(value)
    if isinstance(value, (int, float, np.integer, np.floating)):
        return written(float(value))
    if isinstance(value, (datetime.datetime, datetime.date)):
        return value.strftime("%Y-%m-%d")
    return str(value)


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
