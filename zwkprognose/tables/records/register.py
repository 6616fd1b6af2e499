"""Register records: one line per person or event, read by a small declared layout, counted on reading, never kept."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from zwkprognose.errors import TableError
from zwkprognose.tables.frame import cells_frame
from zwkprognose.tables.records.fields import coded
from zwkprognose.tables.records.grid import SPARSE, complete
from zwkprognose.tables.records.layout import RecordLayout, read_layout
from zwkprognose.tables.records.lines import CHUNK, chunks
from zwkprognose.tables.table import Source, Status, Table

#: What one counted cell is keyed by.
_KEY = ["area", "year", "sex", "nationality", "age", "variable", "destination"]


def read_register(path: str | Path, layout: str | Path | dict[str, Any], *, chunk: int = CHUNK) -> Table:
    """Count register records into a table; memory does not grow with the number of records.

    Parameters
    ----------
    path : path
        Text file with one record a line, delimited or of fixed columns, plain or ``.gz``.
    layout : path or dict
        Description of the records (*Satzbeschreibung*) as TOML; see :mod:`zwkprognose.tables.records.layout`.
    chunk : int
        Records that are held in memory at once.

    Returns
    -------
    Table
        Counts by area, year, sex, nationality and single year of age. A combination without a record is a zero,
        because a register lists everybody; only moves between areas are listed as far as they occur. The last
        age is open. The records themselves are never kept, nor is any single one shown in a message.

    Raises
    ------
    TableError
        If the file cannot be opened, a field is not where the layout says, or a value is not understood; names
        the line.

    Examples
    --------
    >>> from zwkprognose.tables import read_register
    >>> read_register("bestand.txt", "satzbeschreibung.toml")  # doctest: +SKIP
    """
    described = read_layout(layout)
    name = Path(path).name
    digest = hashlib.sha256()
    counted: pd.Series | None = None
    records = 0
    for fields, first_line in chunks(Path(path), described, digest, chunk):
        counted = _added(counted, _counts(fields, described, name, first_line))
        records += len(next(iter(fields.values())))
    if counted is None:
        raise TableError(f"„{name}“ enthält keine Datensätze.", remedy="Pfad und Kopfzeile prüfen.")
    return Table(_cells(counted, name), _source(name, digest.hexdigest(), described, records))


def _counts(fields: dict[str, np.ndarray], layout: RecordLayout, name: str, first_line: int) -> pd.Series:
    columns = coded(fields, layout, name, first_line)
    return pd.DataFrame(columns)[_KEY].groupby(_KEY, sort=False).size()


def _added(total: pd.Series | None, part: pd.Series) -> pd.Series:
    return part if total is None else total.add(part, fill_value=0)


def _cells(counted: pd.Series, name: str) -> pd.DataFrame:
    frame = complete(counted).rename("value").reset_index().sort_values(_KEY, ignore_index=True)
    columns = {key: frame[key].to_numpy(dtype=object) for key in _KEY if key not in ("age", "year")}
    age, value = frame["age"].to_numpy(dtype=float), frame["value"].to_numpy(dtype=float)
    last = frame.groupby(["variable", "year"])["age"].transform("max")
    is_last = ((frame["age"] == last) & (frame["variable"] != SPARSE)).to_numpy()
    return cells_frame(
        {
            **columns,
            "year": frame["year"].to_numpy(),
            "age_from": age,
            "age_to": np.where(is_last, np.nan, age + 1),
            "value": value,
            "status": np.where(value > 0, Status.NUMBER.value, Status.ZERO.value).astype(object),
            "file": name,
        }
    )


def _source(name: str, digest: str, layout: RecordLayout, records: int) -> Source:
    note = (
        f"Aus {records} Einzelsätzen gezählt; die Einzelsätze sind nicht gespeichert. "
        "Wo kein Einzelsatz ist, steht null."
    )
    return Source(name, "register", sha256=digest, title=layout.titel, universe=layout.universum, notes=(note,))
