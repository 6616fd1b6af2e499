"""The ledger of a file: what became of every cell that was printed, each of them exactly once.

A reader notes what it leaves out on purpose while it reads (:class:`Fates`); the cells that it returns are values by
themselves. :func:`settled` closes the account: what lies above the first value is heading, what lies below the last
is foot, and anything else that is printed and was not noted is an error that names the cell. So nothing of a file is
read in part without a word.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cache, lru_cache
from itertools import chain
from typing import TYPE_CHECKING, Any

import numpy as np

from zwkprognose.errors import TableError

if TYPE_CHECKING:
    import pandas as pd

    from zwkprognose.tables.files.document import Document


class Fate(StrEnum):
    """What became of a printed cell."""

    VALUE = "value"
    HEADING = "heading"
    LABEL = "label"
    SUM = "sum"
    CHANGE = "change"
    SHARE = "share"
    MARK = "mark"
    NUMBERING = "numbering"
    TEXT = "text"
    LEFT_OUT = "left_out"


#: German names, as the ledger prints them.
FATES: Mapping[Fate, str] = {
    Fate.VALUE: "gelesen",
    Fate.HEADING: "Titel und Überschriften",
    Fate.LABEL: "Schlüssel, Namen, Alter, Daten",
    Fate.SUM: "nachgerechnete Summen",
    Fate.CHANGE: "Veränderungen und Salden",
    Fate.SHARE: "Anteile",
    Fate.MARK: "Qualitätskennzeichen",
    Fate.NUMBERING: "laufende Nummern und Ränge",
    Fate.TEXT: "Fußnoten",
    Fate.LEFT_OUT: "ausgelassen",
}
_ORDER = tuple(Fate)
_CODE = {fate: code for code, fate in enumerate(_ORDER, start=1)}

#: More columns than any row has.
_WIDEST = 1 << 20

Marks = list[tuple[int, np.ndarray, np.ndarray]]


@dataclass(frozen=True, slots=True)
class Contradiction:
    """A printed balance that is left out and that the figures beside it contradict.

    ``name`` is its heading, ``column`` its position in the row (from 0), ``parts`` what it should be made of,
    ``counts`` how many printed counts meet in the comparison; ``rounded`` is the step of rounding that explains it, and
    ``is_share`` tells that both are percentages.
    """

    file: str
    name: str
    area: str
    year: int | None
    line: int
    column: int
    parts: str
    printed: float
    reckoned: float
    counts: int
    rounded: int = 0
    is_share: bool = False


@dataclass(frozen=True, slots=True)
class Aside:
    """A column that was read and is not used: its heading, its position (from 0), why, and its numbers."""

    file: str
    name: str
    column: int
    why: str
    numbers: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Fates:
    """Notes of a reader about one document; copies of the document share them.

    ``offset`` counts columns that stand in front of a copy and in no file, such as the name of a block.
    """

    marks: Marks = field(default_factory=list)
    offset: int = 0
    contradictions: list[Contradiction] = field(default_factory=list)
    asides: list[Aside] = field(default_factory=list)

    def mark(self, fate: Fate, lines: Any, columns: Any) -> None:
        """Note the fate of cells by line of the file and position in the row (from 0); arrays broadcast."""
        at = np.broadcast_arrays(np.asarray(lines, dtype=np.int64), np.asarray(columns, dtype=np.int64))
        self.marks.append((_CODE[fate], at[0].ravel(), at[1].ravel() - self.offset))

    def shifted(self, by: int) -> Fates:
        """The same notes for a copy with ``by`` more columns in front."""
        return replace(self, offset=self.offset + by)


@dataclass(frozen=True, slots=True)
class Account:
    """How many printed cells of one file or sheet had which fate, and how many of these carry a figure or a sign."""

    file: str
    cells: Mapping[Fate, int]
    figures: Mapping[Fate, int]


@dataclass(frozen=True, slots=True)
class Unread:
    """A sheet, a member of an archive or a file that was not read, and why (a German clause)."""

    file: str
    figures: int
    why: str
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Ledger:
    """What became of everything that the files of a table print.

    Attributes
    ----------
    accounts : tuple of Account
        One for each file or sheet that was read.
    unread : tuple of Unread
        Sheets and files that were not.
    contradictions : tuple of Contradiction
        Balances that were left out and do not agree with the figures that were read.
    asides : tuple of Aside
        Columns that were set aside.

    Examples
    --------
    >>> from zwkprognose.examples import tables_of
    >>> from zwkprognose.tables import read_table
    >>> ledger = read_table(tables_of("bremerhaven")).ledger
    >>> ledger.figures("value") > 0
    True
    """

    accounts: tuple[Account, ...] = ()
    unread: tuple[Unread, ...] = ()
    contradictions: tuple[Contradiction, ...] = ()
    asides: tuple[Aside, ...] = ()

    def __add__(self, other: Ledger) -> Ledger:
        return Ledger(
            (*self.accounts, *other.accounts),
            (*self.unread, *other.unread),
            (*self.contradictions, *other.contradictions),
            (*self.asides, *other.asides),
        )

    def of_files(self, holds: Callable[[str], bool]) -> Ledger:
        """The part about the files whose names a rule holds for; what was not read belongs to no such part."""
        return Ledger(
            tuple(one for one in self.accounts if holds(one.file)),
            (),
            tuple(one for one in self.contradictions if holds(one.file)),
            tuple(one for one in self.asides if holds(one.file)),
        )

    def cells(self, fate: Fate | str | None = None) -> int:
        """Printed cells of one fate, or of all of them."""
        return sum(self._counts("cells", fate))

    def figures(self, fate: Fate | str | None = None) -> int:
        """Printed cells that carry a digit or a sign, of one fate or of all."""
        return sum(self._counts("figures", fate))

    def frame(self) -> pd.DataFrame:
        """One row per file and fate: columns ``file``, ``fate``, ``cells``, ``figures``."""
        import pandas as pd

        rows = [
            (account.file, str(fate), account.cells[fate], account.figures[fate])
            for account in self.accounts
            for fate in account.cells
        ]
        return pd.DataFrame(rows, columns=["file", "fate", "cells", "figures"])

    def moved(self, before: Fate, after: Fate) -> Ledger:
        """The ledger after all cells of one fate have got another one."""

        def renamed(counts: Mapping[Fate, int]) -> dict[Fate, int]:
            new: dict[Fate, int] = {}
            for fate, count in counts.items():
                to = after if fate is before else fate
                new[to] = new.get(to, 0) + count
            return new

        accounts = (Account(one.file, renamed(one.cells), renamed(one.figures)) for one in self.accounts)
        return replace(self, accounts=tuple(accounts))

    def _counts(self, what: str, fate: Fate | str | None) -> Iterable[int]:
        counts: list[Mapping[Fate, int]] = [getattr(account, what) for account in self.accounts]
        wanted = tuple(Fate) if fate is None else (Fate(fate),)
        return (count.get(one, 0) for count in counts for one in wanted)


def note_dropped(document: Document, before: pd.DataFrame, after: pd.DataFrame, fate: Fate) -> None:
    """Note the fate of cells that a step of a reader has left out."""
    gone = ~_places(before).isin(_places(after))
    if gone.any():
        lines, columns = (before.loc[gone, name].to_numpy() for name in ("line", "column"))
        document.fates.mark(fate, lines, columns + document.fates.offset)


def note_numbering(document: Document, column: int, name: str, lines: Any, texts: Iterable[str]) -> None:
    """Note that a column only counts rows or ranks areas, and keep its numbers: they may be the keys of other files."""
    document.fates.mark(Fate.NUMBERING, np.asarray(lines)[:, np.newaxis], [column])
    why = "Sie zählt nur die Zeilen oder ordnet die Gebiete"
    numbers = frozenset(text.strip().removesuffix(".0").rstrip(".)") for text in texts if text.strip())
    document.fates.asides.append(Aside(document.origin, name, column - document.fates.offset, why, numbers))


def note_aside(document: Document, column: int, name: str, lines: Any, why: str, fate: Fate) -> None:
    """Note that the figures of a column are not used, and why (a German clause)."""
    document.fates.mark(fate, np.asarray(lines)[:, np.newaxis], [column])
    document.fates.asides.append(Aside(document.origin, name, column - document.fates.offset, why))


def _places(cells: pd.DataFrame) -> pd.Index:
    import pandas as pd

    return pd.Index(cells["line"].to_numpy() * _WIDEST + cells["column"].to_numpy())


def settled(document: Document, cells: pd.DataFrame) -> Ledger:
    """Close the account of a document that was read into these cells.

    Raises
    ------
    TableError
        For a printed cell between the first and the last value that is neither a value nor noted, and for a figure or
        sign below the last value in a column of values.
    """
    grid = _Grid(document)
    grid.mark(document.fates.marks)
    if len(cells):
        grid.mark([(_CODE[Fate.VALUE], cells["line"].to_numpy(), cells["column"].to_numpy())])
    grid.close()
    if left := grid.left():
        raise _unaccounted(document, left)
    fates = document.fates
    return Ledger(
        (grid.account(document.origin),), contradictions=tuple(fates.contradictions), asides=tuple(fates.asides)
    )


class _Grid:
    """Printed cells of a document, one after the other, and the code of the fate of each (0: none yet)."""

    def __init__(self, document: Document) -> None:
        self.lines = np.asarray(document.lines, dtype=np.int64)
        widths = np.fromiter(map(len, document.rows), dtype=np.int64, count=len(document.rows))
        self.starts = np.concatenate([[0], np.cumsum(widths)])
        self.row = np.repeat(np.arange(len(widths)), widths)
        self.texts = list(chain.from_iterable(document.rows))
        self.printed = np.fromiter(map(bool, map(str.strip, self.texts)), dtype=bool, count=len(self.texts))
        self.codes = np.zeros(len(self.texts), dtype=np.int8)

    @property
    def column(self) -> np.ndarray:
        """Position of each cell in its row."""
        return np.arange(len(self.row)) - self.starts[self.row]

    def mark(self, marks: Marks) -> None:
        """Write fates; positions beyond the end of a row are empty fields of a padded one."""
        for code, lines, columns in marks:
            row = np.minimum(np.searchsorted(self.lines, lines), len(self.lines) - 1)
            at = self.starts[row] + columns
            inside = (self.lines[row] == lines) & (columns >= 0) & (at < self.starts[row + 1])
            self.codes[at[inside]] = code

    def close(self) -> None:
        """What is open above the first value is heading, what is open below the last and no figure is foot."""
        values = np.flatnonzero(self.codes == _CODE[Fate.VALUE])
        rows = self.row[values] if values.size else np.array([len(self.starts)])
        open_ = self.printed & (self.codes == 0)
        self.codes[open_ & (self.row < rows[0])] = _CODE[Fate.HEADING]
        below = np.flatnonzero(open_ & (self.row > rows[-1]))
        beside = ~np.isin(self.column[below], np.unique(self.column[values]))
        is_foot = beside | np.array([not _is_figure(self.texts[i]) for i in below], dtype=bool)
        self.codes[below[is_foot]] = _CODE[Fate.TEXT]

    def left(self) -> list[dict[str, Any]]:
        """Printed cells without a fate."""
        return [
            {"line": int(self.lines[self.row[i]]), "column": int(self.column[i]) + 1, "text": self.texts[i][:60]}
            for i in np.flatnonzero(self.printed & (self.codes == 0))[:50]
        ]

    def account(self, file: str) -> Account:
        """Printed cells and figures by fate; a value that is an empty cell is not printed."""
        at = np.flatnonzero(self.printed)
        codes = self.codes[at]
        carries = codes == _CODE[Fate.VALUE]
        texts = [self.texts[i] for i in at[~carries]]
        known = {text: _carries_figure(text) for text in set(texts)}  # labels repeat over and over
        carries[~carries] = [known[text] for text in texts]
        cells, figures = (np.bincount(part, minlength=len(_ORDER) + 1) for part in (codes, codes[carries]))
        present = [(fate, code) for fate, code in _CODE.items() if cells[code]]
        return Account(file, {f: int(cells[c]) for f, c in present}, {f: int(figures[c]) for f, c in present})


def _unaccounted(document: Document, left: list[dict[str, Any]]) -> TableError:
    first = left[0]
    return TableError(
        f"{document.label}, Zeile {first['line']}, Spalte {first['column']}: „{first['text']}“ gehört zu keiner Zahl, "
        "die gelesen wird, und zu keiner Beschriftung.",
        cells=left,
        remedy="Die Zeile löschen, wenn sie nicht zur Tabelle gehört, oder so beschriften wie die anderen.",
    )


def counted(rows: Sequence[Sequence[str]]) -> tuple[int, int]:
    """Printed cells of rows that nobody reads, and how many of them carry a figure or a sign."""
    printed = [text for row in rows for text in row if _is_printed(text)]
    return len(printed), sum(map(_carries_figure, printed))


def _is_printed(text: str) -> bool:
    return bool(text) and not text.isspace()


@cache
def _reading() -> Callable[[str, str], Any]:
    from zwkprognose.tables.signs import read_cell

    return read_cell


def _is_figure(text: str) -> bool:
    """A number or a sign of its own, as figures of a table are."""
    text = text.strip()
    return bool(text) and (_reading()(text, ",") is not None or _reading()(text, ".") is not None)


@lru_cache(maxsize=200_000)  # labels repeat from row to row
def _carries_figure(text: str) -> bool:
    """Whether a cell holds any digit, or nothing but a sign."""
    return any(map(str.isdigit, text)) or _is_figure(text)
