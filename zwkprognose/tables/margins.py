"""Which printed cells are sums of which: the one place that knows how totals and parts hang together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from zwkprognose.names import NATIONALITIES, SEXES, TOTAL
from zwkprognose.tables.agesets import Span, sums
from zwkprognose.tables.counts import KEY

#: Everything that makes a cell one of a kind, except its age.
GROUP = [name for name in KEY if not name.startswith("age_")]


@dataclass(frozen=True)
class Margins:
    """Sums of one kind, for example men and women.

    ``total[i]`` is the position of a total among the cells; its parts are at ``part[group == i]``.
    """

    parts_name: str
    total: np.ndarray
    part: np.ndarray
    group: np.ndarray

    def summed(self, values: np.ndarray) -> np.ndarray:
        """Sum of the parts of each total; ``NaN`` where a part is not known."""
        return np.bincount(self.group, weights=values[self.part], minlength=len(self.total))


def margins_of(cells: pd.DataFrame) -> list[Margins]:
    """All sums among cells with plain ages (see :func:`zwkprognose.tables.counts.counts`), each cell printed once."""
    found = [
        *_over(cells, "sex", SEXES, "Männer und Frauen"),
        *_over(cells, "nationality", NATIONALITIES, "Deutsche und Ausländer"),
        *_over_ages(cells),
    ]
    return [margins for margins in found if len(margins.total)]


def by_age_set(cells: pd.DataFrame) -> Iterator[tuple[frozenset[Span], pd.DataFrame]]:
    """Positions of the cells as matrices: a row per group, a column per age, groups with the same ages together."""
    spans = pd.Series(list(zip(cells["age_from"], cells["age_to"], strict=True)), dtype=object)
    group = cells.groupby(GROUP, sort=False).ngroup().to_numpy()
    codes, distinct = pd.factorize(spans)
    frame = pd.DataFrame({"group": group, "span": codes, "position": np.arange(len(cells))})
    for ages, members in _same_sets(group, codes).items():
        wide = frame[np.isin(group, members)].pivot(index="group", columns="span", values="position")
        yield frozenset(distinct[code] for code in ages), wide.rename(columns=dict(enumerate(distinct)))


def _over(cells: pd.DataFrame, dim: str, members: tuple[str, ...], name: str) -> Iterator[Margins]:
    """Totals over one dimension of which every member is printed."""
    if not {TOTAL, *members} <= set(cells[dim].unique()):
        return
    keys = [key for key in KEY if key != dim]
    placed = cells[keys].assign(dim=cells[dim].to_numpy(), position=np.arange(len(cells), dtype=float))
    wide = placed.pivot(index=keys, columns="dim", values="position")[[TOTAL, *members]].dropna()
    yield _margins(name, wide[TOTAL].to_numpy(), wide[list(members)].to_numpy())


def _over_ages(cells: pd.DataFrame) -> Iterator[Margins]:
    for spans, wide in by_age_set(cells):
        for span, parts in sums(spans):
            yield _margins("Altersgruppen", wide[span].to_numpy(), wide[list(parts)].to_numpy())


def _margins(name: str, total: np.ndarray, parts: np.ndarray) -> Margins:
    group = np.repeat(np.arange(len(total)), parts.shape[1])
    return Margins(name, total.astype(np.int64), parts.ravel().astype(np.int64), group)


def _same_sets(group: np.ndarray, codes: np.ndarray) -> dict[tuple[int, ...], list[int]]:
    """Groups by the set of ages that they print."""
    if not len(group):
        return {}
    order = np.lexsort((codes, group))
    starts = np.flatnonzero(np.diff(group[order])) + 1
    sets: dict[tuple[int, ...], list[int]] = {}
    for part in np.split(order, starts):
        sets.setdefault(tuple(codes[part].tolist()), []).append(int(group[part[0]]))
    return sets
