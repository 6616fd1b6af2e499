"""Age bands in which results are shown: half-open runs of single years, the last one open."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from zwkprognose.errors import OutputError
from zwkprognose.german import age_label

#: First ages of the bands in which areas are published: crèche, kindergarten, primary school, lower and
#: upper secondary school, then five years each. They nest the limits 20, 65 and 80 of the usual indicators.
PLANNING: tuple[int, ...] = (0, 3, 6, 10, 16, *range(20, 91, 5))
#: First ages of the few bands that fit on a page.
BROAD: tuple[int, ...] = (0, 3, 6, 10, 16, 20, 25, 45, 65, 80)


class Band(NamedTuple):
    """Completed ages ``first`` to ``last`` inclusive; ``last`` is None for the open band at the top."""

    first: int
    last: int | None

    @property
    def label(self) -> str:
        """German label: ``0–2``, ``7``, ``90 und älter``; all ages together are ``insgesamt``."""
        return age_label(self.first, self.last) if self.first or self.last is not None else "insgesamt"

    @property
    def width(self) -> int | None:
        """Single years of age in the band, None if it is open."""
        return None if self.last is None else self.last - self.first + 1


def make_bands(first_ages: Sequence[int], open_age: int) -> tuple[Band, ...]:
    """Bands that begin at ``first_ages`` and cover all ages up to the open group ``open_age``.

    Limits above ``open_age`` cannot be shown and are left out.

    Raises
    ------
    OutputError
        If the first ages do not begin at 0 or do not rise.

    Examples
    --------
    >>> [band.label for band in make_bands((0, 18, 65, 120), open_age=90)]
    ['0–17', '18–64', '65 und älter']
    """
    starts = [int(age) for age in first_ages if age <= open_age]
    if not starts or starts[0] != 0 or any(b <= a for a, b in pairwise(starts)):
        raise OutputError(
            f"Altersgruppen müssen bei 0 beginnen und aufsteigen, angegeben ist {list(first_ages)}.",
            remedy="Nur die jeweils ersten Alter angeben, zum Beispiel (0, 18, 65).",
        )
    ends: list[int | None] = [start - 1 for start in starts[1:]]
    return tuple(Band(first, last) for first, last in zip(starts, [*ends, None], strict=True))
