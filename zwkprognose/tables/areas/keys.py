"""Area keys: always text. AGS (8), ARS (12), city keys; a leading zero that a spreadsheet ate.

AGS = LL R KK GGG, ARS = LL R KK VVVV GGG, so AGS = ARS[:5] + ARS[9:].
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

#: Number of digits of an official key → level of the area.
LEVELS = {2: "land", 3: "regierungsbezirk", 5: "kreis", 8: "gemeinde", 9: "verband", 12: "gemeinde"}
#: Last three digits of the keys of Kreise, from and to, in the Länder whose number begins with a zero.
KREISE: dict[str, tuple[tuple[int, int], ...]] = {
    "1": ((1, 4), (51, 62)), "2": ((0, 0),), "4": ((11, 12),),
    "3": ((101, 103), (151, 159), (201, 201), (241, 241), (251, 257), (351, 361), (401, 405), (451, 462)),
    "5": ((111, 124), (154, 170), (313, 316), (334, 382), (512, 515), (554, 570), (711, 711), (754, 774), (911, 916),
          (954, 978)),
    "6": ((411, 414), (431, 440), (531, 535), (611, 611), (631, 636)),
    "7": ((111, 111), (131, 143), (211, 211), (231, 235), (311, 320), (331, 340)),
    "8": ((111, 111), (115, 121), (125, 128), (135, 136), (211, 216), (221, 226), (231, 231), (235, 237), (311, 311),
          (315, 317), (325, 327), (335, 337), (415, 417), (421, 421), (425, 426), (435, 437)),
    "9": ((161, 163), (171, 190), (261, 263), (271, 279), (361, 363), (371, 377), (461, 464), (471, 479), (561, 565),
          (571, 577), (661, 663), (671, 679), (761, 764), (771, 780)),
}  # fmt: skip
_MONTH = r"(?:jan|feb|mrz|mär|mar|apr|mai|may|jun|jul|aug|sep|okt|oct|nov|dez|dec)\.?"
#: Dates as Excel shows and stores them.
_DATE = re.compile(
    rf"\d{{1,2}}\.\d{{1,2}}\.(?:\d\d){{1,2}}|\d{{4}}-\d\d-\d\d(?:[ t][\d:.]+)?|{_MONTH}[ -]\d\d|"
    rf"\d{{1,2}}[. -]\s?{_MONTH}",
    re.IGNORECASE,
)


def ars_to_ags(ars: str) -> str:
    """The Gemeindeschlüssel in a Regionalschlüssel; raises ``ValueError`` unless it has twelve digits.

    >>> ars_to_ags("083350043043")
    '08335043'
    """
    if len(ars) != 12 or not ars.isdigit():
        raise ValueError(f"„{ars}“ ist kein zwölfstelliger Regionalschlüssel.")
    return ars[:5] + ars[9:]


def is_official(key: str) -> bool:
    """Whether a key can be an AGS or ARS: digits of an official length, of one of the sixteen Länder."""
    return key.isdigit() and len(key) in LEVELS and "01" <= key[:2] <= "16"


def level_of(key: str) -> str:
    """Level of an official key (``land``, ``kreis``, ``gemeinde`` …); empty for a city's own key."""
    if key == "DG":
        return "bund"
    return LEVELS[len(key)] if is_official(key) else ""


def parent_of(key: str) -> str:
    """The official key one level up; empty if there is none.

    >>> parent_of("08335043"), parent_of("08335"), parent_of("DG")
    ('08335', '08', '')
    """
    if not is_official(key):
        return ""
    return {2: "DG", 3: key[:2], 5: key[:2], 8: key[:5], 9: key[:5], 12: key[:9]}[len(key)]


def zeros_lost(keys: Iterable[str]) -> list[str]:
    """Keys that seem to have lost a leading zero: all digits, none begins with 0, one digit short of the rest.

    Only keys of four digits and more are judged; ``1 … 12`` is a plain numbering.

    >>> zeros_lost(["101", "102", "1201"]), zeros_lost(["0101", "1201"]), zeros_lost(["1", "12"])
    (['101', '102'], [], [])
    """
    distinct = sorted({key for key in keys if key})
    if not all(key.isdigit() for key in distinct) or any(key.startswith("0") for key in distinct):
        return []
    lengths = {len(key) for key in distinct}
    longest = max(lengths, default=0)
    if lengths != {longest - 1, longest} or longest < 4:
        return []
    return [key for key in distinct if len(key) < longest]


def zeros_all_lost(keys: Iterable[str]) -> bool:
    """Whether all keys are official ones of Länder 01 to 09, of one level, without the zero in front.

    >>> zeros_all_lost(["8111000", "8115003"]), zeros_all_lost(["8111", "8115"]), zeros_all_lost(["8999000", "8115003"])
    (True, True, False)
    """
    distinct = {key for key in keys if key}
    widths = {len(key) for key in distinct}
    return len(widths) == 1 and widths <= {4, 7, 11} and all(map(_is_short_key, distinct))


def _is_short_key(key: str) -> bool:
    """Whether digits are an official key of a Kreis or below without its zero."""
    if not (key.isascii() and key.isdigit()):
        return False
    return any(first <= int(key[1:4] or 0) <= last for first, last in KREISE.get(key[0], ()))


def with_zero(key: str) -> str:
    """An official key of any level with its zero; other keys stay as they are.

    >>> with_zero("8"), with_zero("8111000"), with_zero("16077"), with_zero("altstadt")
    ('08', '08111000', '16077', 'altstadt')
    """
    return f"0{key}" if key.isdigit() and is_official(f"0{key}") else key


def zeros_partly_lost(keys: Iterable[str]) -> list[str]:
    """Keys one digit short beside keys that kept their zero, unless they are the parent of one of these.

    >>> zeros_partly_lost(["101", "0102", "1201"]), zeros_partly_lost(["120", "0102", "1201"])
    (['101'], [])
    """
    distinct = sorted({key for key in keys if key.isdigit()})
    longest = max(map(len, distinct), default=0)
    full = [key for key in distinct if len(key) == longest]
    if longest < 4 or not any(key.startswith("0") for key in full):
        return []
    short = [key for key in distinct if len(key) == longest - 1 and not key.startswith("0")]
    return [key for key in short if not any(other.startswith(key) for other in full)]


def is_date(key: str) -> bool:
    """Whether a key is a date, as spreadsheets make of keys such as 01.01 or 03-24.

    >>> [is_date(key) for key in ("01.01.2024", "Mrz 24", "01. Mrz", "2024-03-01 00:00:00", "01.01", "Mai 1")]
    [True, True, True, True, False, False]
    """
    return _DATE.fullmatch(key.strip()) is not None


def pad_keys(keys: Sequence[str], width: int) -> list[str]:
    """Keys of digits with leading zeros up to ``width``; other keys stay as they are."""
    return [key.zfill(width) if key.isdigit() else key for key in keys]
