"""Parquet files as documents; the tidy form in columns, for large tables."""

from __future__ import annotations

import io
from importlib import import_module

import numpy as np
import pandas as pd

from zwkprognose.errors import MissingExtraError, TableError
from zwkprognose.tables.files.cell_text import cell_text
from zwkprognose.tables.files.document import Document, too_big

MAX_ROWS = 20_000_000


def read_parquet(data: bytes, name: str, sha256: str) -> Document:
    """A Parquet file as rows of text, its column names as the first row; numbers with a decimal comma."""
    frame = _frame(data, name)
    columns = [_texts(frame.iloc[:, i]) for i in range(frame.shape[1])]
    rows = [[str(title) for title in frame.columns], *map(list, zip(*columns, strict=True))]
    return Document(name, sha256, rows, list(range(1, len(rows) + 1)), decimal=",")


def _frame(data: bytes, name: str) -> pd.DataFrame:
    try:
        arrow, parquet = import_module("pyarrow"), import_module("pyarrow.parquet")
    except ImportError as error:
        raise MissingExtraError(
            f"„{name}“ ist eine Parquet-Datei; dafür fehlt das Paket pyarrow.",
            remedy="Installieren Sie es mit: pip install pyarrow",
        ) from error
    try:
        file = parquet.ParquetFile(io.BytesIO(data))
        if file.metadata.num_rows > MAX_ROWS:
            raise too_big(name)
        return file.read().to_pandas(ignore_metadata=True)
    except (OSError, ValueError, arrow.ArrowException) as error:
        raise TableError(
            f"„{name}“ ist beschädigt und lässt sich nicht als Parquet-Datei lesen.",
            remedy="Schreiben Sie die Datei neu.",
        ) from error


def _texts(column: pd.Series) -> np.ndarray:
    """Every distinct value is written once."""
    codes, distinct = pd.factorize(column, use_na_sentinel=False)
    return np.array([cell_text(None if _is_missing(v) else v) for v in distinct], dtype=object)[codes]


def _is_missing(value: object) -> bool:
    return value is None or value is pd.NA or value != value
