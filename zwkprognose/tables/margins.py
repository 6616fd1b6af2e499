"""Which printed cells are sums of which: the one place that knows how totals and parts hang together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from zwkprognose.names import NATIONALITIES, SEXES, TOTAL
from zwkprognose.tables.agesets import Span, sums
from zwkprognose.tables.codes import row_codes
from zwkprognose.tables.counts import KEY

#: Everything that makes a cell one of a kind, except its age.
GROUP = [name for name in KEY if not name.startswith("age_")]
#: More than any age, so that both ends of a group make one number.
_WIDEST = 1 << 20


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


def by_age_set(cells: pd.DataFrame) -> Iterator[tuple[tuple[Span, ...], np.ndarray]]:
    """Positions of the cells as matrices [group, age], groups with the same ages together."""
    if cells.empty:
        return
    group = row_codes(cells, GROUP)
    codes, distinct = pd.factorize(cells["age_from"].to_numpy() * _WIDEST + cells["age_to"].to_numpy())
    order = np.lexsort((codes, group))
    starts = np.flatnonzero(np.diff(group[order], prepend=group[order[0]] - 1))
    widths = np.diff(np.append(starts, len(order)))
    members: dict[bytes, list[int]] = {}
    ages = codes[order].astype(np.int32)
    for first, width in zip(starts.tolist(), widths.tolist(), strict=True):
        members.setdefault(ages[first : first + width].tobytes(), []).append(first)
    for key, firsts in members.items():
        own = np.frombuffer(key, dtype=np.int32)
        at = np.array(firsts)[:, np.newaxis] + np.arange(len(own))
        yield tuple(divmod(int(span), _WIDEST) for span in distinct[own]), order[at]


def age_sets(cells: pd.DataFrame) -> pd.Series:
    """The set of age groups of every area, year, sex and nationality."""
    found = [(frozenset(spans), positions[:, 0]) for spans, positions in by_age_set(cells)]
    firsts = np.concatenate([at for _, at in found]) if found else np.array([], dtype=np.int64)
    sets = np.empty(len(firsts), dtype=object)
    sets[:] = [spans for spans, at in found for _ in at]
    labels = cells[GROUP].iloc[np.sort(firsts)]
    return pd.Series(sets[np.argsort(firsts, kind="stable")], index=pd.MultiIndex.from_frame(labels), dtype=object)


def _over(cells: pd.DataFrame, dim: str, members: tuple[str, ...], name: str) -> Iterator[Margins]:
    """Totals over one dimension of which every member is printed."""
    if not {TOTAL, *members} <= set(cells[dim].unique()):
        return
    keys = [key for key in KEY if key != dim]
    placed = cells[keys].assign(dim=cells[dim].to_numpy(), position=np.arange(len(cells), dtype=float))
    wide = placed.pivot(index=keys, columns="dim", values="position")[[TOTAL, *members]].dropna()
    yield _margins(name, wide[TOTAL].to_numpy(), wide[list(members)].to_numpy())


def _over_ages(cells: pd.DataFrame) -> Iterator[Margins]:
    for spans, positions in by_age_set(cells):
        at = {span: i for i, span in enumerate(spans)}
        for span, parts in sums(frozenset(spans)):
            yield _margins("Altersgruppen", positions[:, at[span]], positions[:, [at[part] for part in parts]])


def _margins(name: str, total: np.ndarray, parts: np.ndarray) -> Margins:
    group = np.repeat(np.arange(len(total)), parts.shape[1])
    return Margins(name, total.astype(np.int64), parts.ravel().astype(np.int64), group)
