"""What is seen in a sheet beside the values: cells that show something else, formulas without a value, hidden rows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

Place = tuple[int, int]
#: More marked cells than this are no table.
MAX_PLACES = 20_000_000


@dataclass
class Look:
    """Rows and columns are counted from 0, at ``A1``.

    ``kinds`` says how a number is shown (see ``formats``), ``texts`` what stands in a cell whatever the library says,
    ``formulas`` which cells wait for a program to compute them, ``rows`` and ``columns`` which are hidden.
    """

    kinds: dict[Place, int] = field(default_factory=dict)
    texts: dict[Place, str] = field(default_factory=dict)
    formulas: set[Place] = field(default_factory=set)
    rows: set[int] = field(default_factory=set)
    columns: set[int] = field(default_factory=set)


#: Sheet by its name → what is seen there; sheets in which there is nothing to say may be missing.
Looks = dict[str, Look]
Looker = Callable[[bytes], Looks]
