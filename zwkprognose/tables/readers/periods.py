"""Periods of life tables: ``2022/24`` covers three years and stands for the middle one."""

from __future__ import annotations

import re

_PERIOD = re.compile(r"(\d{4})/(\d{2})")
PERIOD_NOTE = "Das Jahr einer Sterbetafel ist das mittlere Jahr ihres Zeitraums (2022/24: 2023)."


def is_period(text: str) -> bool:
    """Whether a label is a period like ``1998/00``."""
    return _PERIOD.fullmatch(text.strip()) is not None


def middle_year(text: str) -> int | None:
    """The middle year of a three-year period; ``None`` if it is not one.

    >>> middle_year("2022/24"), middle_year("1998/00"), middle_year("2022/23") is None
    (2023, 1999, True)
    """
    match = _PERIOD.fullmatch(text.strip())
    if match is None or (int(match[1]) + 2) % 100 != int(match[2]):
        return None
    return int(match[1]) + 1
