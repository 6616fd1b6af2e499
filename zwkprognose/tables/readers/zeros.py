"""Leading zeros that an office's own export lost, given back where the format leaves no doubt."""

from __future__ import annotations

import numpy as np
import pandas as pd

from zwkprognose.tables.areas.keys import pad_keys, zeros_lost
from zwkprognose.tables.files.document import Document

#: Widths of official keys: Kreis, Gemeinde.
_OFFICIAL = (5, 8)


def restored_keys(keys: np.ndarray | None, document: Document) -> tuple[np.ndarray | None, tuple[str, ...]]:
    """Official keys with their zeros, and a German sentence if any were missing.

    Only a column of nothing but official keys of one level is put right: digits, 4 and 5 (or 7 and 8) of them,
    and every key of a Land from 01 to 16 once the zero is back.
    """
    if keys is None:
        return None, ()
    lost = zeros_lost(keys)
    width = max((len(key) for key in keys), default=0)
    padded = pad_keys(list(pd.unique(keys)), width)
    if not lost or width not in _OFFICIAL or not all("01" <= key[:2] <= "16" for key in padded):
        return keys, ()
    example = f"{lost[0]} → 0{lost[0]}"
    note = f"{document.label}: Schlüssel ohne führende Null ({len(lost)}); sie wurde ergänzt ({example})."
    return np.array(pad_keys(list(keys), width), dtype=object), (note,)
