"""Rules about sums: a printed total must be the sum of its printed parts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from zwkprognose.names import NATIONALITIES, SEXES, TOTAL
from zwkprognose.tables.findings import Findings
from zwkprognose.tables.rules.agesets import sums
from zwkprognose.tables.rules.common import COUNTS, KEY, KNOWN, counts, findings, number_text, records
from zwkprognose.tables.rules.coverage import GROUP
from zwkprognose.tables.table import Table

_REMEDY = "Prüfen Sie Summe und Teile in der Quelle; gleichen Sie sie nur bewusst an (rake)."


def totals_differ(table: Table) -> Findings:
    """T06: a total over sex, nationality or age that differs from the sum of its parts."""
    cells = counts(table.cells, COUNTS)
    cells = cells[cells["status"].isin(KNOWN)].drop_duplicates(KEY)
    differing = [
        *_differing(cells, "sex", SEXES, "Männer und Frauen"),
        *_differing(cells, "nationality", NATIONALITIES, "Deutsche und Ausländer"),
        *_age_sums(cells),
    ]
    return findings(
        differing, "T06", "error",
        "{cell}: gedruckt {printed}, Summe der Teile ({parts}) {summed}, Differenz {difference}.", _REMEDY,
    )  # fmt: skip


def _differing(cells: pd.DataFrame, dim: str, members: tuple[str, ...], parts: str) -> list[dict[str, Any]]:
    """Rows whose total over one dimension is not the sum of its members, all of them printed."""
    if not {TOTAL, *members} <= set(cells[dim].unique()):
        return []
    keys = [name for name in KEY if name != dim]
    wide = cells.pivot(index=keys, columns=dim, values="value")
    summed = wide[list(members)].sum(axis=1, skipna=False)
    return _compared(wide[TOTAL], summed, parts)


def _age_sums(cells: pd.DataFrame) -> Iterator[dict[str, Any]]:
    for spans, wide in _by_age_set(cells):
        for span, parts in sums(spans):
            summed = wide[list(parts)].sum(axis=1, skipna=False)
            for row in _compared(wide[span], summed, "Altersgruppen"):
                yield {**row, "age_from": span[0], "age_to": span[1]}


def _by_age_set(cells: pd.DataFrame) -> Iterator[tuple[frozenset[tuple[int, int]], pd.DataFrame]]:
    """Groups that print the same ages as one matrix: a row per group, a column per age."""
    spans = pd.Series(list(zip(cells["age_from"], cells["age_to"], strict=True)), index=cells.index, dtype=object)
    frame = cells.assign(span=spans)
    group = frame.groupby(GROUP, sort=False).ngroup().to_numpy()
    codes, distinct = pd.factorize(spans)
    for ages, members in _same_sets(group, codes).items():
        chosen = frame[np.isin(group, members)]
        wide = chosen.pivot(index=GROUP, columns="span", values="value")
        yield frozenset(distinct[code] for code in ages), wide


def _same_sets(group: np.ndarray, codes: np.ndarray) -> dict[tuple[int, ...], list[int]]:
    order = np.lexsort((codes, group))
    starts = np.flatnonzero(np.r_[True, np.diff(group[order]) != 0]) if len(group) else np.array([], dtype=int)
    sets: dict[tuple[int, ...], list[int]] = {}
    for part in np.split(order, starts[1:]) if len(group) else []:
        sets.setdefault(tuple(codes[part]), []).append(int(group[part[0]]))
    return sets


def _compared(total: pd.Series, summed: pd.Series, parts: str) -> list[dict[str, Any]]:
    difference = total - summed
    bad = difference[difference.abs() > 1e-6 * total.abs().clip(lower=1)].index
    frame = pd.DataFrame({"total": total[bad], "summed": summed[bad], "amount": difference[bad]}).reset_index()
    return [
        {
            **row,
            "printed": number_text(row["total"]),
            "summed": number_text(row["summed"]),
            "difference": number_text(row["amount"]),
            "parts": parts,
        }
        for row in records(frame)
    ]
