"""A rule about men and women who stand in each other's column in one year."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from zwkprognose.tables.findings import Findings
from zwkprognose.tables.reporting import findings
from zwkprognose.tables.rules.cohorts import Stocks, stocks_of
from zwkprognose.tables.table import Table

#: The other sex must fit the year before this much better, and leave this many persons fewer unexplained.
BETTER, PERSONS = 0.6, 50.0


def swapped(table: Table) -> Findings:
    """T29: men of one year who continue the women of the year before, and women the men."""
    stocks = stocks_of(table)
    rows = [] if stocks is None else list(_swaps(stocks))
    return findings(
        rows, "T29", "warning",
        "{where}, 31.12.{year}: Männer und Frauen scheinen gegenüber dem 31.12.{then} vertauscht.",
        "Prüfen Sie die Spalte des Geschlechts in beiden Jahren.",
    )  # fmt: skip


def _swaps(stocks: Stocks) -> Iterator[dict[str, Any]]:
    for i, gap in stocks.steps():
        now, before = stocks.persons[i, ..., gap:], stocks.persons[i - 1, ..., :-gap]
        kept = np.nansum(np.abs(now - before), axis=(-2, -1))
        crossed = np.nansum(np.abs(now - before[:, ::-1]), axis=(-2, -1))
        year = {"year": stocks.years[i], "then": stocks.years[i - 1]}
        if _fits_better(crossed.sum(), kept.sum()):
            yield {**year, "area": "", "where": "Alle Gebiete zusammen"}
            continue
        for area in np.flatnonzero(_fits_better(crossed, kept)):
            yield {**year, "area": stocks.areas[area], "where": f"Gebiet {stocks.areas[area]}"}


def _fits_better(crossed: np.ndarray, kept: np.ndarray) -> np.ndarray:
    return (crossed < BETTER * kept) & (kept - crossed > PERSONS)
