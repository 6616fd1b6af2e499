"""The full grid of a register count: where there is no record there is nobody."""

from __future__ import annotations

import pandas as pd

#: Ages that a count always lists; a town in which nobody is older has zeros there.
OLDEST_LISTED = 100
#: Moves between areas stay sparse: most pairs of areas are empty, and a list of zeros says nothing.
SPARSE = "moves"


def complete(counted: pd.Series) -> pd.Series:
    """Counts by area, year, sex, nationality, age, variable and destination, with a zero for every empty cell.

    A register lists everybody, so a combination without a record is a zero and not a gap. Single ages run
    from 0 to the oldest person, at least to 100.

    Parameters
    ----------
    counted : pd.Series, persons or events
        One value per combination that has records; the index has the levels named above.

    Returns
    -------
    pd.Series
        The same counts and the zeros.
    """
    parts = [
        part if variable == SPARSE else part.reindex(_grid(part), fill_value=0)
        for variable, part in counted.groupby(level="variable", sort=True)
    ]
    return pd.concat(parts)


def _grid(counted: pd.Series) -> pd.MultiIndex:
    """Every combination of the values that occur, with all ages."""
    names = list(counted.index.names)
    values = [counted.index.unique(name) for name in names]
    age = names.index("age")
    values[age] = pd.RangeIndex(int(max(values[age].max(), OLDEST_LISTED)) + 1)
    return pd.MultiIndex.from_product(values, names=names)
