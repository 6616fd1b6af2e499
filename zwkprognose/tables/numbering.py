"""Columns that only count rows or rank areas (lfd. Nr., Rang, OBJECTID): set aside, for they say nothing of anybody.

The heading says that a column may be one, its content that it is: whole numbers without a leading zero. It stays the
key of the areas where nothing else names them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

from zwkprognose.tables.signs import SIGNS

_OF_WHAT = r"(?: ?(?:\(.*\)|(?:nach|bei|unter) .*|\d{4}|einwohner\w*|bevölkerung\w*))?"
_RANK = "rang|rank|ranking|platz|platzierung"
#: "lfd. Nr.", "Zeile", "Rangplatz 2023", "OBJECTID", and what pandas calls its index.
_HEADING = re.compile(
    r"(?:lfd|laufende?)\.?[-_ ]*(?:nr|no|num|nummer|zahl)?\.?|zeilen?(?:[-_ ]*(?:nr|nummer)\.?)?|pos(?:\.|ition)?"
    r"(?:[-_ ]*nr\.?)?|#|index|sort(?:ierung|ier(?:nummer|nr\.?))?|"
    r"reihenfolge|(?:durch)?nummerierung|nr\.? \(lfd\.?\)|"
    r"row(?:[-_ ]*(?:id|no|num|number))?|unnamed: \d+|ordnungs(?:nummer|zahl|nr\.?)|"
    rf"object_?id(?:_\d+)?|oid|fid(?:_\d+)?|ogc_fid|gid|(?:{_RANK}|"
    rf"rang[-_ ]?(?:platz|plätze|folge|liste|nummer|nr\.?|ziffer|zahl|stelle)){_OF_WHAT}"
)
_RANKS = re.compile(_RANK)
_NUMBER = re.compile(r"(?:0|[1-9]\d*)(?:[.)]|\.0)?")
#: Headings of keys that may be running numbers as well: what stands beside them decides.
BARE = frozenset({"nr", "nr.", "nummer", "no", "no.", "id"})


def names_numbering(word: str) -> bool:
    """Whether a plain heading is that of a running number or a rank.

    >>> [names_numbering(word) for word in ("lfd. nr.", "rangplatz 2023", "objectid", "nr.", "rangsdorf")]
    [True, True, True, False, False]
    """
    return _HEADING.fullmatch(word) is not None


def counts_rows(texts: Iterable[str]) -> bool:
    """Whether all that is printed are whole numbers without a leading zero; signs stand beside sums.

    >>> counts_rows(["1", "2", "", "-"]), counts_rows(["01", "02"]), counts_rows(["101a"]), counts_rows([""])
    (True, False, False, False)
    """
    printed = {text.strip() for text in texts} - {*SIGNS, ""}
    return bool(printed) and all(map(_NUMBER.fullmatch, printed))


def numbering_columns(
    roles: Mapping[int, str], headings: Mapping[int, str], contents: Sequence[Sequence[str]]
) -> tuple[list[int], list[int]]:
    """Of columns of labels (column → role, plain heading): those set aside, and those that are the key after all."""
    named = [column for column, role in roles.items() if role == "numbering"]
    keys = [column for column, role in roles.items() if role == "area"]
    names = [column for column, role in roles.items() if role == "area_name"]
    others = [column for column, role in roles.items() if role not in ("numbering", "area", "area_name")]
    told_apart = bool(keys or names) or (bool(others) and _distinct(others, contents))
    aside = [
        column
        for column in named
        if told_apart and (counts_rows(contents[column]) or _RANKS.match(headings[column]))
    ]
    own = [column for column in named if column not in aside]
    bare = [column for column in keys if headings[column] in (*BARE, "") and counts_rows(contents[column])]
    real = [column for column in (*keys, *own) if column not in bare]
    aside += [
        column
        for column in bare
        if (headings[column] and any(_one_to_one(contents[column], contents[key]) for key in real))
        or _runs_on(column, [*real, *names], others, contents)
        or (not headings[column] and names and _counts_from_zero(contents[column]))
    ]
    return sorted(aside), own


def _distinct(columns: Sequence[int], contents: Sequence[Sequence[str]]) -> bool:
    """Whether these labels alone tell every row from every other."""
    rows = list(zip(*(contents[column] for column in columns), strict=True))
    return len(set(rows)) == len(rows)


def _one_to_one(one: Sequence[str], other: Sequence[str]) -> bool:
    pairs = {(a, b) for a, b in zip(one, other, strict=True) if a and b}
    return len(pairs) == len({a for a, _ in pairs}) == len({b for _, b in pairs}) and len(pairs) > 1


def _runs_on(column: int, areas: Sequence[int], others: Sequence[int], contents: Sequence[Sequence[str]]) -> bool:
    """Whether a number goes up by one from row to row, through several rows of the same area."""
    if not areas or not others:
        return False
    texts = contents[column]
    up = all(text.isdigit() for text in texts) and all(int(b) == int(a) + 1 for a, b in pairwise(texts))
    labels = contents[areas[-1]]
    return up and len(set(labels)) < len(labels)


def _counts_from_zero(texts: Sequence[str]) -> bool:
    return len(texts) > 1 and list(texts) == [str(i) for i in range(len(texts))]
