"""Leave out totals and coarse groups whose parts are printed too."""

from __future__ import annotations

import numpy as np

from zwkprognose.tables.counts import KEY, plain_ages
from zwkprognose.tables.margins import margins_of
from zwkprognose.tables.require import require_table
from zwkprognose.tables.table import Table


def parts_only(table: Table) -> Table:
    """The same table without cells that are the sum of other printed cells.

    A total stays where its parts are not all printed, so that nobody is lost.

    Examples
    --------
    >>> from zwkprognose.tables import parts_only, read_table
    >>> parts_only(read_table("12411-0018.csv"))  # doctest: +SKIP
    """
    cells = require_table(table).cells.reset_index(drop=True)
    unique = ~cells.duplicated(KEY)
    positions = np.flatnonzero(unique)
    sums = [positions[margins.total] for margins in margins_of(plain_ages(cells[unique]))]
    drop = np.concatenate(sums) if sums else np.array([], dtype=np.int64)
    return table.with_cells(cells[~np.isin(np.arange(len(cells)), drop)].reset_index(drop=True))
