"""Parquet files as documents; the tidy form in columns, for large tables."""

from __future__ import annotations

import io
from importlib import import_module

import pandas as pd

from zwkprognose.errors import MissingExtraError, TableError
from zwkprognose.tables.files.document import Document, too_big
from zwkprognose.tables.files.frames import column_texts

MAX_ROWS = 20_000_000


def read_parquet(data: bytes, name: str, sha256: str) -> Document:
    """A Parquet file as rows of text, its column names as the first row; numbers with a decimal comma."""
    frame = _frame(data, name)
    titles = [str(title) for title in frame.columns]
    columns = [column_texts(frame.iloc[:, i], title, name) for i, title in enumerate(titles)]
    rows = [titles, *map(list, zip(*columns, strict=True))]
    return Document(name, sha256, rows, list(range(1, len(rows) + 1)), decimal=",")


def _frame(data: bytes, name: str) -> pd.DataFrame:
    try:
        arrow, parquet = import_module("pyarrow"), import_module("pyarrow.parquet")
    except ImportError as error:
        raise MissingExtraError(
            f"„{name}“ ist eine Parquet-Datei; dafür fehlt das Paket pyarrow.",
            remedy="Das Paket installieren: pip install pyarrow.",
        ) from error
    try:
        file = parquet.ParquetFile(io.BytesIO(data))
        if file.metadata.num_rows > MAX_ROWS:
            raise too_big(name)
        return file.read().to_pandas(ignore_metadata=True)
    except (OSError, ValueError, arrow.ArrowException) as error:
        raise TableError(
            f"„{name}“ ist beschädigt und lässt sich nicht als Parquet-Datei lesen.",
            remedy="Die Datei neu schreiben.",
        ) from error
