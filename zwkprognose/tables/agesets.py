"""Sets of age groups: do they tile the ages, which are parts of which? Reckoned once per distinct set."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from itertools import pairwise

from zwkprognose.tables.counts import OPEN

Span = tuple[int, int]
TOTAL_SPAN: Span = (0, OPEN)


@cache
def finest(spans: frozenset[Span]) -> tuple[Span, ...]:
    """The spans that contain no other span of the set, in order, without the total and unknown ages.

    >>> finest(frozenset({(0, 5), (0, 1), (1, 5), (5, 1000), (0, 1000)}))
    ((0, 1), (1, 5), (5, 1000))
    """
    known = {span for span in spans if span[0] >= 0 and span != TOTAL_SPAN}
    return tuple(sorted(s for s in known if not any(_inside(other, s) for other in known)))


@cache
def gaps(spans: frozenset[Span]) -> tuple[Span, ...]:
    """Ages from 0 to the highest that no span covers."""
    missing: list[Span] = []
    reached = 0
    for start, end in finest(spans):
        if start > reached:
            missing.append((reached, start))
        reached = max(reached, end)
    return tuple(missing)


@cache
def overlaps(spans: frozenset[Span]) -> tuple[tuple[Span, Span], ...]:
    """Neighbouring finest spans that share ages: neither contains the other, so persons count twice."""
    ordered = finest(spans)
    return tuple((a, b) for a, b in pairwise(ordered) if b[0] < a[1])


@cache
def sums(spans: frozenset[Span]) -> tuple[tuple[Span, tuple[Span, ...]], ...]:
    """Every span that is exactly tiled by finer ones, with its parts; the total among them."""
    parts = finest(spans)
    found = []
    for span in sorted(spans):
        inside = tuple(p for p in parts if _within(p, span)) if span[0] >= 0 else ()
        if span not in inside and _tiles(inside, span):
            found.append((span, inside))
    return tuple(found)


def top(spans: Iterable[Span]) -> int:
    """The upper end of the highest group that is not the total."""
    return max((end for start, end in spans if (start, end) != TOTAL_SPAN), default=OPEN)


def _within(part: Span, whole: Span) -> bool:
    return whole[0] <= part[0] and part[1] <= whole[1]


def _inside(part: Span, whole: Span) -> bool:
    return part != whole and _within(part, whole)


def _tiles(parts: tuple[Span, ...], whole: Span) -> bool:
    if not parts or parts[0][0] != whole[0]:
        return False
    joined = all(a[1] == b[0] for a, b in pairwise(parts))
    # Single ages that stop at 105 still add up to the printed total.
    return joined and (parts[-1][1] == whole[1] or whole == TOTAL_SPAN)
