"""Leading zeros that an office's own export lost, given back where the format leaves no doubt."""

from __future__ import annotations

import numpy as np
import pandas as pd

from zwkprognose.tables.areas.keys import pad_keys, zeros_all_lost, zeros_lost
from zwkprognose.tables.areas.whole import is_area_total
from zwkprognose.tables.files.document import Document

#: Widths of official keys: Kreis, Gemeinde.
_OFFICIAL = (5, 8)
#: Widths of keys of a Gemeinde that all lost their zero.
_WITHOUT_ZERO = (7, 11)


def restored_keys(
    keys: np.ndarray | None, document: Document, *, mixed: bool = True
) -> tuple[np.ndarray | None, tuple[str, ...]]:
    """Official keys with their zeros, and a German sentence if any were missing.

    Only a column of nothing but official keys of one level is put right: digits, 4 and 5 (or 7 and 8) of them,
    and every key of a Land from 01 to 16 once the zero is back; or 7 (or 11) digits throughout, each of a Kreis that
    there is. Four digits throughout may be keys of a city's own; so may 4 and 5 in a table that an office made itself
    (``mixed=False``).
    """
    if keys is None:
        return None, ()
    distinct = [key for key in pd.unique(keys) if key and not is_area_total(key)]
    width = max((len(key) for key in distinct), default=0)
    if width in _WITHOUT_ZERO and zeros_all_lost(distinct):
        lost, width = distinct, width + 1
    else:
        lost = zeros_lost(distinct) if mixed else []
        padded = pad_keys(distinct, width)
        if not lost or width not in _OFFICIAL or not all("01" <= key[:2] <= "16" for key in padded):
            return keys, ()
    example = f"{lost[0]} → 0{lost[0]}"
    note = f"{document.label}: Schlüssel ohne führende Null ({len(lost)}); sie wurde ergänzt ({example})."
    return np.array(pad_keys(list(keys), width), dtype=object), (note,)
