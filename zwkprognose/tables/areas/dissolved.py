"""Areas that no longer exist: their signs say "absent", not "nobody lives there"."""

from __future__ import annotations

import re

import pandas as pd

from zwkprognose.tables.areas.keys import level_of
from zwkprognose.tables.table import Status

#: No area of these levels is without inhabitants; a dash for the whole of it means that it was dissolved.
_INHABITED = ("land", "regierungsbezirk", "kreis")

_ENDED = re.compile(r"\(bis \d")


def mark_dissolved(cells: pd.DataFrame) -> pd.DataFrame:
    """Cells of areas that print no number in a whole year become absent.

    An ``x`` (the statement makes no sense) in all cells of an area and year says so at every level, a ``-`` only
    for a Kreis and above, and for areas whose name carries the date of their end (``(bis 31.10.2016)``).
    """
    groups = [cells["area"], cells["year"]]
    no_sense = (cells["status"] == Status.NOT_APPLICABLE.value).groupby(groups).transform("all")
    empty = (cells["status"] == Status.ZERO.value).groupby(groups).transform("all")
    inhabited = cells["area"].isin([key for key in cells["area"].unique() if level_of(key) in _INHABITED])
    ended = cells["area_name"].isin([name for name in cells["area_name"].unique() if _ENDED.search(name)])
    absent = no_sense | (empty & (inhabited | ended))
    return cells.assign(value=cells["value"].mask(absent), status=cells["status"].mask(absent, Status.ABSENT.value))
