"""The type at the first door: a long frame with value and status per cell, and where it came from."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from zwkprognose.tables.ledger import Ledger

if TYPE_CHECKING:
    import pandas as pd

#: Columns of ``Table.cells``, in order. ``destination`` is empty except for moves between areas.
COLUMNS = (
    "area", "area_name", "year", "sex", "nationality", "age_from", "age_to",
    "destination", "variable", "value", "status", "flag",
)  # fmt: skip

#: Where each cell was printed; follows :data:`COLUMNS` in every table that was read from a file.
PROVENANCE = ("file", "line", "column")


class Status(StrEnum):
    """What a printed cell says (DIN 55301)."""

    NUMBER = "number"
    ZERO = "zero"
    HIDDEN = "hidden"
    UNRELIABLE = "unreliable"
    NOT_APPLICABLE = "not_applicable"
    LATE = "late"
    ABSENT = "absent"


@dataclass(frozen=True, slots=True)
class Source:
    """Where a table came from; travels with it into every output.

    ``notes`` are the publisher's and the reader's remarks, ``repairs`` what had to be put right on reading
    (German sentences); ``parts`` are the sources of tables that were put together. ``secrecy`` is ``"cell-key"`` if
    every count carries noise of its own, so that totals need not add up.
    """

    file: str
    kind: str
    sha256: str = ""
    title: str = ""
    table_code: str = ""
    publisher: str = ""
    licence: str = ""
    gebietsstand: str = ""
    universe: str = ""
    secrecy: str = ""
    notes: tuple[str, ...] = ()
    repairs: tuple[str, ...] = ()
    parts: tuple[Source, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """One statistical table, cell by cell.

    Attributes
    ----------
    cells : pandas.DataFrame
        One row per printed cell, columns :data:`COLUMNS`. ``area`` is a text key (empty for a table without
        areas), ``year`` the calendar year of the Stichtag 31.12. or of the events, ``sex`` and
        ``nationality`` are ``"female" … "total"``, ``age_from``/``age_to`` are half-open ``[from, to)`` with
        ``<NA>`` for an open end (so ``[0, <NA>)`` is the total over ages), ``variable`` is a name of the
        contract, ``value`` a float (``NaN`` unless ``status`` is number or zero), ``status`` one of
        :class:`Status`, ``flag`` a mark printed beside the number (``p``, ``r``, ``s``, ``e``, ``()``) or the
        bounds of a hidden number (``<3``, ``0-2``). ``file``, ``line`` and ``column`` (:data:`PROVENANCE`; the column
        counts from 0) say where it was printed.
        A row whose ``age_from`` is ``<NA>`` is of unknown age.
    source : Source
        File, hash, publisher, Gebietsstand, universe.
    ledger : Ledger
        What became of every cell of the files, also of those that are no values.
    """

    cells: pd.DataFrame
    source: Source
    ledger: Ledger = field(default=Ledger(), repr=False, compare=False)

    def _repr_html_(self) -> str:
        """Where the table comes from, what it holds, and its first rows, as a notebook shows them."""
        from zwkprognose.tables.shown import table_html

        return table_html(self)

    def with_cells(self, cells: pd.DataFrame, source: Source | None = None) -> Table:
        """The same table with other cells, and another source if what was done is to be noted there."""
        return replace(self, cells=cells, source=self.source if source is None else source)
