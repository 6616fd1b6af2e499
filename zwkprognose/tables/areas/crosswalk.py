"""Changed areas: a stated crosswalk with shares from one Gebietsstand to another, totals kept."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

from zwkprognose.errors import TableError
from zwkprognose.tables.areas.zeros import lost_zero
from zwkprognose.tables.counts import COUNTS
from zwkprognose.tables.files.document import Document, open_documents
from zwkprognose.tables.readers.columns import columns_of
from zwkprognose.tables.require import require_table
from zwkprognose.tables.signs import read_number
from zwkprognose.tables.sums import refuse_signs, summed_cells
from zwkprognose.tables.table import Status, Table


@dataclass(frozen=True)
class Crosswalk:
    """Shares of persons that go from old areas to new ones; those of an old area add up to one.

    Attributes
    ----------
    frame : pandas.DataFrame
        Columns ``old``, ``new``, ``name`` (of the new area, may be empty), ``share``.
    gebietsstand : str
        What the new areas are as of, for the source record.
    """

    frame: pd.DataFrame
    gebietsstand: str = ""

    def __post_init__(self) -> None:
        """Refuse shares that lose or invent people."""
        missing = [name for name in ("old", "new", "name", "share") if name not in self.frame]
        if missing or not pd.api.types.is_numeric_dtype(self.frame["share"]):
            raise TableError(
                "Die Umsteigetabelle braucht die Spalten old, new, name und share, share als Zahl.",
                remedy="Spalten ergänzen, oder die Umsteigetabelle mit read_crosswalk lesen.",
            )
        sums = self.frame.groupby("old")["share"].sum()
        wrong = sums[(sums - 1).abs() > 1e-9]
        bad = self.frame[(self.frame["share"] <= 0) | (self.frame["share"] > 1)]
        if len(wrong) or len(bad) or self.frame.duplicated(["old", "new"]).any():
            raise TableError(
                "Die Anteile eines alten Gebiets müssen zwischen 0 und 1 liegen und zusammen 1 ergeben.",
                cells=[{"area": area, "value": float(total)} for area, total in wrong.items()]
                or [{"area": area} for area in bad["old"].unique()],
                remedy="Die Spalte anteil der Umsteigetabelle prüfen.",
            )


def read_crosswalk(path: str | Path, *, gebietsstand: str = "") -> Crosswalk:
    """Read a crosswalk with the columns ``alt; neu; anteil`` and, if wanted, ``name`` of the new area.

    Raises
    ------
    TableError
        If columns are missing, or shares are no numbers or do not add up to one.
    """
    document = open_documents(path)[0]
    names = [field.strip().casefold() for field in document.rows[0]]
    if not {"alt", "neu", "anteil"} <= set(names):
        raise TableError(
            f"{document.label} ist keine Umsteigetabelle.", remedy="Gebraucht werden die Spalten alt; neu; anteil."
        )
    columns, lines = columns_of(document, names)
    frame = pd.DataFrame(
        {
            "old": columns["alt"],
            "new": columns["neu"],
            "name": columns.get("name", np.full(len(lines), "", dtype=object)),
            "share": _shares(document, columns["anteil"], lines),
        }
    )
    return Crosswalk(frame, gebietsstand)


def apply_crosswalk(table: Table, crosswalk: Crosswalk, *, years: Iterable[int] | None = None) -> Table:
    """Convert counts to the new areas; every total is kept.

    Parameters
    ----------
    table : Table
        Cells of counts; areas that the crosswalk does not name stay as they are.
    crosswalk : Crosswalk
        Shares from old to new areas.
    years : iterable of int, optional
        Years to convert; all by default.

    Returns
    -------
    Table
        Cells of areas that were split or merged are sums, flagged ``umgerechnet``.

    Raises
    ------
    TableError
        If the crosswalk names an area that the table lacks, or converted cells print signs.
    """
    table = require_table(table)
    if not isinstance(crosswalk, Crosswalk):
        raise TableError(
            f"apply_crosswalk braucht eine Umsteigetabelle, nicht {type(crosswalk).__name__}.",
            remedy="Übergeben, was read_crosswalk zurückgibt.",
        )
    cells = table.cells
    chosen = cells["year"].isin(list(years)) if years is not None else pd.Series(True, index=cells.index)
    _refuse_unknown(cells[chosen], crosswalk)
    touched = chosen & _named(cells, crosswalk)
    refuse_signs(cells[touched], "Zellen der umzurechnenden Gebiete")
    present = cells[touched & (cells["status"] != Status.ABSENT.value)]
    new = _converted(_converted(present, crosswalk, "area"), crosswalk, "destination")
    # New areas may already exist: their own cells join the sum.
    joined = chosen & ~touched & cells["area"].isin(set(new["area"])) & cells["variable"].isin(COUNTS)
    refuse_signs(cells[joined], "Zellen der Zielgebiete")
    summed = summed_cells(pd.concat([new, cells[joined]], ignore_index=True), flag="umgerechnet")
    kept = cells[~touched & ~joined]
    note = f"Mit festen Anteilen auf neue Gebiete umgerechnet: {', '.join(crosswalk.frame['old'].unique()[:10])}."
    stand = crosswalk.gebietsstand or table.source.gebietsstand
    source = replace(table.source, notes=(*table.source.notes, note), gebietsstand=stand)
    return table.with_cells(pd.concat([kept, summed], ignore_index=True), source)


def _shares(document: Document, texts: np.ndarray, lines: np.ndarray) -> list[float]:
    shares = []
    for text, line in zip(texts, lines, strict=True):
        share = read_number(text, ",") if "," in text else read_number(text, ".")
        if share is None:
            raise TableError(
                f"{document.label}, Zeile {line}: „{text}“ ist kein Anteil.",
                cells=[{"line": int(line), "text": text}],
                remedy="Den Anteil als Zahl zwischen 0 und 1 schreiben.",
            )
        shares.append(share)
    return shares


def _named(cells: pd.DataFrame, crosswalk: Crosswalk) -> pd.Series:
    old = set(crosswalk.frame["old"])
    return (cells["area"].isin(old) | cells["destination"].isin(old)) & cells["variable"].isin(COUNTS)


def _converted(cells: pd.DataFrame, crosswalk: Crosswalk, column: str) -> pd.DataFrame:
    """Rows of old areas multiplied into rows of new ones, other rows unchanged."""
    old = cells[column].isin(set(crosswalk.frame["old"]))
    shares = crosswalk.frame.rename(columns={"old": column})
    spread = cells[old].merge(shares, on=column, how="inner", validate="many_to_many")
    spread = spread.assign(value=spread["value"] * spread["share"], **{column: spread["new"]})
    if column == "area":
        spread = spread.assign(area_name=spread["name"].where(spread["name"] != "", spread["area_name"]))
    return pd.concat([cells[~old], spread[list(cells.columns)]], ignore_index=True)


def _refuse_unknown(cells: pd.DataFrame, crosswalk: Crosswalk) -> None:
    unknown = sorted(set(crosswalk.frame["old"]) - set(cells["area"]) - set(cells["destination"]))
    if unknown:
        raise TableError(
            f"Die Umsteigetabelle nennt Gebiete, die es in der Tabelle nicht gibt: {', '.join(unknown[:10])}.",
            cells=[{"area": key} for key in unknown],
            remedy="Die Schlüssel in der Spalte alt und die gewählten Jahre prüfen. "
            f"{lost_zero(set(cells['area']), unknown)}".strip(),
        )
