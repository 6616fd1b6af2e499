"""SDMX-CSV of Eurostat, ISTAT and the OECD: one observation a line, codes with or without labels beside them.

Shapes: ``DATAFLOW,LAST UPDATE,freq,…,geo,TIME_PERIOD,OBS_VALUE,OBS_FLAG`` (Eurostat, SDMX-CSV 1.0) and
``STRUCTURE,STRUCTURE_ID,ACTION,…,OBS_VALUE,OBS_STATUS`` (SDMX-CSV 2.0); with labels every code column is followed by
one of names, or codes and names stand in one field (``F: Females``).
"""

from __future__ import annotations

import numpy as np

from zwkprognose.tables.files.document import Document
from zwkprognose.tables.readers.columns import columns_of, require_columns, translate
from zwkprognose.tables.readers.sdmx import Observations, table_of
from zwkprognose.tables.readers.sdmx_codes import ROLES, counted
from zwkprognose.tables.table import Table

TITLE = "SDMX-CSV (Eurostat, ISTAT)"

_FLOWS = ("DATAFLOW", "STRUCTURE_ID", "STRUCTURE")
#: Columns that describe a file or an observation and split nothing.
_ATTRIBUTES = frozenset(
    {"DATAFLOW", "STRUCTURE", "STRUCTURE_ID", "STRUCTURE_NAME", "ACTION", "LAST UPDATE", "OBS_VALUE", "OBS_FLAG",
     "OBS_STATUS", "CONF_STATUS", "OBS_CONF", "UNIT_MULT", "DECIMALS", "NOTE_REF_AREA", "BREAK"}
)  # fmt: skip


def recognise(head: list[list[str]]) -> bool:
    """A column of time and one of observations."""
    return bool(head) and {"TIME_PERIOD", "OBS_VALUE"} <= {_id(field) for field in head[0]}


def read(document: Document) -> Table:
    """All observations."""
    names = _unique([_id(field) for field in document.rows[0]])
    columns, lines = columns_of(document, names)
    require_columns(document, columns, ("TIME_PERIOD", "OBS_VALUE"))
    flow = next((str(columns[name][0]) for name in _FLOWS if name in columns and ":" in columns[name][0]), "")
    ids = [name for name in names if _is_dimension(name)]
    codes = {name: _codes(columns[name]) for name in ids}
    flags = columns.get("OBS_FLAG", columns.get("OBS_STATUS", np.full(len(lines), "", dtype=object)))
    observations = Observations(
        codes, columns["OBS_VALUE"], np.array([_flag(text) for text in flags], dtype=object), lines,
        np.full(len(lines), names.index("OBS_VALUE")), _powers(document, columns, lines),
    )  # fmt: skip
    return table_of(document, observations, counted(document, flow or document.name), "sdmx-csv", flow or document.name)


def _powers(document: Document, columns: dict[str, np.ndarray], lines: np.ndarray) -> np.ndarray | float:
    """Persons in one unit of each figure: the power of ten that an attribute names."""
    if "UNIT_MULT" not in columns:
        return 1.0
    powers = {"": 1.0, "0": 1.0, "3": 1000.0, "6": 1e6}
    return translate(
        document, columns["UNIT_MULT"], lines, lambda text: powers.get(_code(text)), "UNIT_MULT", "0, 3 oder 6"
    )


def _id(field: str) -> str:
    """The code of a heading that names it with its label: ``geo: Geopolitical entity``."""
    return field.split(":")[0].strip()


def _unique(names: list[str]) -> list[str]:
    """Labels may repeat; they are told apart by their place."""
    return [name if names.index(name) == i else f"{name}#{i}" for i, name in enumerate(names)]


def _is_dimension(name: str) -> bool:
    """Codes of dimensions are written without blanks; labels beside them are words (``Reference area``)."""
    known = ROLES.get(name.casefold()) is not None and (name.isupper() or name.islower())
    return known or (
        name not in _ATTRIBUTES and name.isupper() | name.islower() and " " not in name and "#" not in name
    )


def _codes(texts: np.ndarray) -> np.ndarray:
    distinct = {text: _code(text) for text in dict.fromkeys(texts)}
    return np.array([distinct[text] for text in texts], dtype=object)


def _code(text: str) -> str:
    """The code of ``F: Females``."""
    return text.split(":")[0].strip()


def _flag(text: str) -> str:
    """Letters of a flag in lower case; ``A`` is a normal value."""
    flag = _code(text).casefold()
    return "" if flag == "a" else flag
