"""Leave out totals and coarse groups whose parts are printed too."""

from __future__ import annotations

import numpy as np
import pandas as pd

from zwkprognose.tables.agesets import Span, finest, gaps, overlaps
from zwkprognose.tables.counts import KEY, plain_ages
from zwkprognose.tables.margins import margins_of
from zwkprognose.tables.require import require_table
from zwkprognose.tables.table import Table


def finest_ages(cells: pd.DataFrame) -> pd.DataFrame:
    """Cells of the finest age groups of each year and variable that follow each other.

    Left out are sums of finer groups, parts of one group ("darunter unter 6") and groups that lie across others.
    """
    ages = plain_ages(cells)
    spans = pd.Series(list(zip(ages["age_from"], ages["age_to"], strict=True)), index=cells.index, dtype=object)
    keys = [cells["variable"], cells["year"]]
    kept = spans.groupby(keys, sort=False).transform(lambda own: own.isin(_used(frozenset(own))))
    return cells[kept.astype(bool)]


def _used(spans: frozenset[Span]) -> frozenset[Span]:
    """The finest groups; all of them where the set is no partition, so that the fault is found and named."""
    parts = finest(spans)
    return spans if not parts or gaps(spans) or overlaps(spans) else frozenset(parts)


def parts_only(table: Table) -> Table:
    """The same table without cells that are the sum of other printed cells.

    A total stays where its parts are not all printed, so that nobody is lost.

    Examples
    --------
    >>> from zwkprognose.tables import parts_only, read_table
    >>> parts_only(read_table("12411-0018.csv"))  # doctest: +SKIP
    """
    table = require_table(table)
    cells = table.cells.reset_index(drop=True)
    unique = ~cells.duplicated(KEY)
    positions = np.flatnonzero(unique)
    sums = [positions[margins.total] for margins in margins_of(plain_ages(cells[unique]))]
    drop = np.concatenate(sums) if sums else np.array([], dtype=np.int64)
    return table.with_cells(cells[~np.isin(np.arange(len(cells)), drop)].reset_index(drop=True))
