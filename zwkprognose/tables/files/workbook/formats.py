"""Number formats: where the cell shows something else than its number."""

from __future__ import annotations

import re
from typing import Any

from zwkprognose import german

#: Kinds of cells that are written otherwise than by their value; a positive number asks for so many digits.
PERCENT, YEAR = -1, -2
#: Formats that files name by number only.
BUILT_IN = {9: "0%", 10: "0.00%"}

#: Errors as the binary formats store them.
CODES = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}

_QUOTED = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')
_DIGITS = re.compile(r"[#?]*(0[0#?]*)")
_YEAR = re.compile(r"[yj]{4}", re.IGNORECASE)
#: German names of errors, where they differ from those that files store.
ERRORS = {"#N/A": "#NV", "#VALUE!": "#WERT!", "#REF!": "#BEZUG!", "#NUM!": "#ZAHL!"}


def kind_of(code: str) -> int:
    """What a number format shows: percent, a year, at least so many digits; 0 for the number itself.

    >>> kind_of("0.0%") == PERCENT, kind_of("yyyy") == YEAR, kind_of("00000"), kind_of("0#######")
    (True, True, 5, 8)
    >>> [kind_of(code) for code in ("General", "0", "#,##0", '0" Personen"', '0"%"', "0.00", "dd.mm.yyyy")]
    [0, 0, 0, 0, 0, 0, 0]
    """
    section = _QUOTED.sub(lambda part: '"' * ('"' in part[0]), code).split(";")[0]
    if "%" in section:
        return PERCENT
    if _YEAR.fullmatch(section.strip()):
        return YEAR
    digits = _DIGITS.fullmatch(section.replace(" ", ""))
    return len(digits[1]) if digits and len(digits[1]) > 1 else 0


def written(value: Any, kind: int) -> Any:
    """A value as its cell shows it, with all its digits; values of another type as they are.

    >>> written(0.125, PERCENT), written(4012.0, 5), written(12.5, 5), written("Mitte", 5)
    ('12,5 %', '04012', 12.5, 'Mitte')
    """
    if kind == YEAR:
        return f"{value.year:04d}" if hasattr(value, "year") else value
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return value
    if kind == PERCENT:
        return f"{german.written(round(100 * value, 10))} %"
    return f"{int(value):0{kind}d}" if value >= 0 and value == int(value) else value
