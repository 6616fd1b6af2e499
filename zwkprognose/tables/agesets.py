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
    """The finest groups of the set that follow each other, in order, without the total and unknown ages.

    A group that finer ones tile gives way to them; one that only parts of are printed ("darunter unter 6") stays, and
    so do those above and below a group that lies across two of them.

    >>> finest(frozenset({(0, 5), (0, 1), (1, 5), (5, 1000), (0, 1000)}))
    ((0, 1), (1, 5), (5, 1000))
    >>> finest(frozenset({(0, 18), (0, 6), (18, 65), (65, 1000)}))
    ((0, 18), (18, 65), (65, 1000))
    """
    known = sorted(span for span in spans if span[0] >= 0 and span != TOTAL_SPAN)
    way = _longest_way(tuple(known))
    return way or tuple(s for s in known if not any(_inside(other, s) for other in known))


def _longest_way(known: tuple[Span, ...]) -> tuple[Span, ...]:
    """The most groups that lead from age 0 to the highest age without gap or overlap; none if there is no such way."""
    best: dict[int, tuple[Span, ...]] = {0: ()}
    for span in known:  # in the order of their first ages, so that every way to a first age is known
        way = best.get(span[0])
        if way is not None and len(way) >= len(best.get(span[1], ())):
            best[span[1]] = (*way, span)
    return best.get(max((end for _, end in known), default=0), ())


@cache
def within_others(spans: frozenset[Span]) -> frozenset[Span]:
    """Groups beside the finest that these do not tile: parts of one ("darunter") or across several of them."""
    parts = finest(spans)
    if not parts or gaps(spans) or overlaps(spans):
        return frozenset()
    tiled = {span for span, _ in sums(spans)}
    return frozenset(span for span in spans if span[0] >= 0 and span not in tiled and span not in parts)


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
