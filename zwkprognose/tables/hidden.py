"""Hidden numbers in cells of counts: "< 5", "unter 3", "1–4", "k. A.", and between which numbers they lie.

Only cells that can be nothing but a count are asked here: in a heading "unter 3" and "1–4" are ages.
"""

from __future__ import annotations

import re

import pandas as pd

_BELOW = re.compile(r"(?:<|unter|weniger als|kleiner(?: als)?)\s*(\d{1,3})")
_UP_TO = re.compile(r"(?:≤|<=|=<|bis(?: zu)?|höchstens|maximal|max\.)\s*(\d{1,3})")
_BETWEEN = re.compile(r"(?:zwischen\s+)?(\d{1,2})\s*(?:-|–|—|−|bis|oder|und|u\.)\s*(\d{1,2})")
#: Words that name no bound.
_UNNAMED = re.compile(r"k\.?\s?a\.?|keine angaben?|geheim(?:gehalten| gehalten)?|gesperrt|vertraulich")
_BOUNDS = re.compile(r"<(\d+)|(\d+)-(\d+)")


def hidden_flag(text: str) -> str | None:
    """The flag of a hidden number, ``<5`` or ``0-2``, empty where no bound is printed; ``None`` if it is none.

    A range that does not rise, or begins above 1, is none: nobody hides numbers that are not small.

    >>> [hidden_flag(text) for text in ("< 5", "≤ 3", "weniger als 5", "1–4", "0 bis 2", "k. A.")]
    ['<5', '<4', '<5', '1-4', '0-2', '']
    >>> [hidden_flag(text) for text in ("4-1", "18-25", "17", "unter 1", "siehe oben")]
    [None, None, None, None, None]
    """
    said = " ".join(text.split()).casefold()
    if match := _BELOW.fullmatch(said):
        return f"<{int(match[1])}" if int(match[1]) > 1 else None
    if match := _UP_TO.fullmatch(said):
        return f"<{int(match[1]) + 1}" if int(match[1]) > 0 else None
    if match := _BETWEEN.fullmatch(said):
        first, last = int(match[1]), int(match[2])
        return f"{first}-{last}" if first <= 1 and first < last else None
    return "" if _UNNAMED.fullmatch(said) else None


def bounds_of(flags: pd.Series) -> pd.DataFrame:
    """The smallest and the largest number (columns 0 and 1) behind each flag; NaN where it names none.

    Below a bound the smallest is 1: nobody at all would be printed as a dash.

    >>> bounds_of(pd.Series(["<5", "0-2", ""])).to_numpy().tolist()
    [[1.0, 4.0], [0.0, 2.0], [nan, nan]]
    """
    parts = flags.str.extract(rf"^(?:{_BOUNDS.pattern})$").apply(pd.to_numeric)
    below = parts[0] - 1
    return pd.DataFrame({0: parts[1].where(below.isna(), 1.0), 1: parts[2].where(below.isna(), below)})
