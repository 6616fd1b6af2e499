"""Typed cells of workbooks and Parquet files as they would stand in a German CSV file."""

from __future__ import annotations

import datetime
import math
from decimal import Decimal
from typing import Any

import numpy as np


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
        return _number_text(float(value)) if math.isfinite(value) else str(value)
    if isinstance(value, Decimal):
        return _decimal_text(value)
    if isinstance(value, (datetime.datetime, datetime.date)):
        return value.strftime("%Y-%m-%d")
    return str(value)


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


def _decimal_text(value: Decimal) -> str:
    if value.is_nan():
        return ""
    if not value.is_finite():
        return str(value)
    whole, _, part = f"{value:f}".partition(".")
    return f"{whole},{part.rstrip('0')}".rstrip(",")


def _number_text(value: float) -> str:
    if value.is_integer():
        return str(int(value))
    return np.format_float_positional(value, trim="-").replace(".", ",")
