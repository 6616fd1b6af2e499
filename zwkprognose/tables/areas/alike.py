"""Whether two labels name one area, spelled in two ways."""

from __future__ import annotations

import re
from unicodedata import normalize

_SPELLED_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})
_NO_SIGN = re.compile(r"[\W_]+")
_ABBREVIATED = re.compile(r"\b(st|str)\.", re.IGNORECASE)
_LONG = {"st": "sankt", "str": "strasse"}


def folded(name: str) -> str:
    """A name without case, umlauts, hyphens and blanks: what two spellings of one place have in common.

    >>> folded("Mühlfeld-Süd") == folded("MUEHLFELD SUED"), folded("St. Georg") == folded("Sankt Georg")
    (True, True)
    >>> folded("Oberdorf") == folded("Unterdorf")
    False
    """
    low = normalize("NFC", _ABBREVIATED.sub(lambda match: _LONG[match[1].casefold()] + " ", name)).casefold()
    return _NO_SIGN.sub("", low.translate(_SPELLED_OUT))


def alike(one: str, other: str) -> bool:
    """Whether two names can be meant for one area: the same but for the spelling, or one is part of the other.

    >>> alike("Mühlfeld", "Muehlfeld"), alike("Auental, Stadt", "Auental"), alike("Oberdorf", "Am Hang")
    (True, True, False)
    """
    short, long = sorted((folded(one), folded(other)), key=len)
    return short in long
