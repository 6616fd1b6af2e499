"""Named errors: a German message, the offending cells, and what to do about them."""

from __future__ import annotations

import errno
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from zwkprognose.german import counted, stated

if TYPE_CHECKING:
    import pandas as pd

CELLS_SHOWN = 10
#: What the system refuses, in German: its own words are those of its language.
_SYSTEM = {
    errno.ENOENT: "die Datei ist nicht vorhanden",
    errno.EACCES: "die Berechtigung fehlt", errno.EPERM: "die Berechtigung fehlt",
    errno.EISDIR: "dort liegt ein Ordner", errno.ENOTDIR: "ein Teil des Pfads ist kein Ordner",
    errno.EEXIST: "die Datei ist schon vorhanden", errno.ENOTEMPTY: "der Ordner ist nicht leer",
    errno.ENOSPC: "auf dem Datenträger ist kein Platz mehr", errno.EROFS: "der Datenträger ist schreibgeschützt",
    errno.ENAMETOOLONG: "der Name ist zu lang", errno.ELOOP: "der Pfad führt im Kreis",
    errno.EIO: "der Datenträger meldet einen Fehler", errno.EMFILE: "zu viele Dateien sind offen",
    errno.EBUSY: "ein anderes Programm benutzt die Datei",
}  # fmt: skip


def system_words(error: OSError) -> str:
    """What the system refuses about a file, as a German clause.

    >>> system_words(FileNotFoundError(errno.ENOENT, "No such file or directory"))
    'die Datei ist nicht vorhanden'
    """
    return _SYSTEM.get(error.errno or 0, f"Fehler {error.errno} des Systems" if error.errno else "Fehler des Systems")


class ZwkError(Exception):
    """Base of all errors of this package.

    Parameters
    ----------
    message : str
        German sentence that says what is wrong and where.
    cells : iterable of mappings
        The offending cells, each as ``{"area": …, "year": …, …}``. All are kept, the first ten are printed.
    remedy : str
        German sentence that says what to do.

    Attributes
    ----------
    code : str
        Short word for the kind of error; programs that read the answers of the command line rely on it.
    """

    code = "fehler"

    def __init__(self, message: str, *, cells: Iterable[Mapping[str, Any]] = (), remedy: str = "") -> None:
        self.message = message
        self.cells: tuple[Mapping[str, Any], ...] = tuple(cells)
        self.remedy = remedy
        super().__init__(self._text())

    @property
    def frame(self) -> pd.DataFrame:
        """The offending cells as a table."""
        import pandas as pd

        return pd.DataFrame(list(self.cells))

    def _text(self) -> str:
        lines = [self.message]
        lines += ["  – " + _cell_text(cell) for cell in self.cells[:CELLS_SHOWN]]
        hidden = len(self.cells) - CELLS_SHOWN
        if hidden > 0:
            lines.append(f"  – … und {counted(hidden, 'weitere Stelle', 'weitere Stellen')}")
        if self.remedy:
            lines.append(f"Was tun: {self.remedy}")
        return "\n".join(lines)


class TableError(ZwkError):
    """A file cannot be read as the table it seems to be."""

    code = "tabelle"


class InputError(ZwkError):
    """Tables do not fit together, or an array does not keep the contract."""

    code = "eingaben"


class RatesError(ZwkError):
    """Rates cannot be estimated, or are out of range."""

    code = "raten"


class ScenarioError(ZwkError):
    """A scenario or project document says something impossible."""

    code = "dokument"


class ScenarioWarning(UserWarning):
    """A part of a statement has no effect in the years, areas or groups of a projection."""


class EngineError(ZwkError):
    """A projection cannot be computed from these inputs, or its balance does not close."""

    code = "rechnung"


class EvaluationError(ZwkError):
    """A projection cannot be held against what happened."""

    code = "rueckblick"


class OutputError(ZwkError):
    """Results cannot be written."""

    code = "ausgabe"


class ClusterError(ZwkError):
    """Parts of a run cannot be computed on the workers of a cluster."""

    code = "cluster"


class MissingExtraError(ZwkError):
    """An optional package is needed and not installed."""

    code = "paket"


def _cell_text(cell: Mapping[str, Any]) -> str:
    """The cell in words; a finding brings its own sentence."""
    if "message" in cell:
        return str(cell["message"])
    return ", ".join(f"{_said(str(key))}: {_worded(str(key), value)}" for key, value in cell.items())


def _worded(key: str, value: Any) -> str:
    """German word for a sex or a nationality; anything else as it is."""
    from zwkprognose.names import label

    return label(key, value) if key in ("sex", "nationality") and isinstance(value, str) else stated(value)


def _said(key: str) -> str:
    """German name of a dimension or of another key of a cell."""
    from zwkprognose.names import label

    dimension = label("dims", key)
    return dimension if dimension != key else label("cells", key)
