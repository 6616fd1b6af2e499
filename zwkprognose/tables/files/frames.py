"""Tables in memory as documents: frames of pandas and polars, DuckDB relations, Arrow tables.

Known by what they can do; none of these libraries is loaded for it. Typed cells are written as they would stand in a
German CSV file, and the column names are the header.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd

from zwkprognose.errors import TableError
from zwkprognose.tables.files.cell_text import cell_text
from zwkprognose.tables.files.document import Document

NAME = "Tabelle im Speicher"
#: Where a title may stand that a file has in its first line.
WITHOUT_TITLE = (
    'Bei einer Tabelle im Speicher steht die Titelzeile in frame.attrs["title"] (pandas) oder in den Spaltennamen '
    "(„Einwohner unter 18“)."
)
Column = tuple[list[str], Sequence[str]]


def is_frame(given: Any) -> bool:
    """Whether an object is a table in memory."""
    return isinstance(given, pd.DataFrame) or _columns_of(given) is not None


def frame_document(frame: Any, number: int = 1) -> Document:
    """A table in memory as rows of text; ``number`` tells several of them apart."""
    name = NAME if number == 1 else f"{NAME} ({number})"
    if isinstance(frame, pd.DataFrame):
        columns = list(_pandas_columns(frame, name))
    else:
        columns = [([cell_text(title)], _texts(values, str(title), name)) for title, values in _columns_of(frame)()]
    if not columns:
        raise TableError(f"„{name}“ hat keine Spalten.", remedy="Eine Tabelle mit Spalten übergeben.")
    header = [list(row) for row in zip(*(titles for titles, _ in columns), strict=True)]
    rows = [*_titles(frame), *header, *map(list, zip(*(texts for _, texts in columns), strict=True))]
    return Document(name, _sha256(rows), rows, list(range(1, len(rows) + 1)), decimal=",")


def _titles(frame: Any) -> list[list[str]]:
    """What pandas keeps beside a frame: its title, as a file has it above the header."""
    said = getattr(frame, "attrs", None)
    title = said.get("title") if isinstance(said, dict) else None
    return [[title]] if isinstance(title, str) and title.strip() else []


def column_texts(values: pd.Series, title: str, name: str) -> list[str]:
    """Texts of a column of pandas; every distinct value is written once."""
    if values.dtype == object:
        return _texts(values, title, name)
    codes, distinct = pd.factorize(values, use_na_sentinel=False)
    return list(np.array(_texts(distinct, title, name), dtype=object)[codes])


def _columns_of(given: Any) -> Any:
    """A function that gives names and values of the columns of a frame that is not pandas'; ``None`` for the rest."""
    kind = type(given)
    module = kind.__module__.partition(".")[0]
    if module == "polars" and kind.__name__ == "LazyFrame":
        return lambda: _columns_of(given.collect())()
    if module == "polars" and kind.__name__ == "DataFrame":
        return lambda: ((column.name, column.to_list()) for column in given.get_columns())
    if module == "pyarrow" and hasattr(given, "read_all"):
        return lambda: _columns_of(given.read_all())()
    if module == "pyarrow" and hasattr(given, "column_names") and hasattr(given, "column"):
        return lambda: ((name, given.column(i).to_pylist()) for i, name in enumerate(given.column_names))
    if hasattr(given, "fetchall") and hasattr(given, "columns") and hasattr(given, "types"):
        return lambda: _relation(given)
    return None


def _relation(relation: Any) -> Iterator[tuple[str, Sequence[Any]]]:
    rows = relation.select("*").fetchall()  # a query of its own: rows of the given one may have been fetched already
    return zip(relation.columns, zip(*rows, strict=True) if rows else [()] * len(relation.columns), strict=True)


def _pandas_columns(frame: pd.DataFrame, name: str) -> Iterator[Column]:
    """Columns with their titles, one below the other where there are several levels; a named index comes first."""
    depth = frame.columns.nlevels
    for level in _index_levels(frame.index, name):
        values = frame.index.get_level_values(level).to_series(index=pd.RangeIndex(len(frame)))
        title = cell_text(frame.index.names[level])
        yield [*[""] * (depth - 1), title], column_texts(values, title, name)
    for position, title in enumerate(frame.columns):
        titles = [_title(part) for part in (title if isinstance(title, tuple) else (title,))]
        yield titles, column_texts(frame.iloc[:, position], " ".join(titles), name)


def _title(part: Any) -> str:
    return "" if _is_missing(part) else cell_text(part)


def _index_levels(index: pd.Index, name: str) -> list[int]:
    """Levels of the index that are columns; :class:`TableError` for one without a name that is not just numbering."""
    levels = [level for level, said in enumerate(index.names) if said is not None]
    if len(levels) == index.nlevels:
        return levels
    if levels or not _is_numbering(index):
        raise TableError(
            f"Der Index von „{name}“ hat keinen Namen und ginge verloren; er beginnt mit „{index[0]}“.",
            remedy='Ihm einen Namen geben (frame.index.name = "Stadtteil") oder ihn mit reset_index() zur Spalte '
            "machen; ist er nur eine Zählung, reset_index(drop=True).",
        )
    return []


def _is_numbering(index: pd.Index) -> bool:
    """Whether an index counts the rows, also after rows were sorted or left out."""
    if isinstance(index, pd.RangeIndex):
        return len(index) == 0 or (index.start == 0 and index.step == 1)
    if index.nlevels > 1 or not pd.api.types.is_integer_dtype(index.dtype):
        return len(index) == 0
    years = len(index) > 0 and index.min() >= 1800 and index.max() <= 2200
    return index.is_unique and not years and (len(index) == 0 or index.min() >= 0)


def _texts(values: Iterable[Any], title: str, name: str) -> list[str]:
    texts = []
    for value in values:
        if isinstance(value, (list, tuple, dict, set, bytes, bytearray, memoryview, np.ndarray, pd.Series)):
            raise _nested(title, name)
        texts.append("" if _is_missing(value) else cell_text(value))
    return texts


def _nested(title: str, name: str) -> TableError:
    return TableError(
        f"In „{name}“ enthält die Spalte „{title}“ Listen, Strukturen oder Binärdaten statt einzelner Werte.",
        cells=[{"column": title}],
        remedy="Die Spalte weglassen oder in einfache Spalten auflösen (eine Zeile je Wert).",
    )


def _is_missing(value: Any) -> bool:
    return value is None or value is pd.NA or value is pd.NaT or (isinstance(value, float) and value != value)


def _sha256(rows: Sequence[Sequence[str]]) -> str:
    """Hash of the content, the same whatever library holds it."""
    content = "\x1e".join("\x1f".join(row) for row in rows)
    return hashlib.sha256(content.encode("utf-8", "surrogatepass")).hexdigest()
