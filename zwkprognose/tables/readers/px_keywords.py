"""The keywords of a PX file in one language: variables with their values and codes, signs with their meanings."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

import numpy as np

from zwkprognose.errors import TableError
from zwkprognose.tables.files.document import Document
from zwkprognose.tables.table import Status

#: Sign in the figures → keyword that says what it stands for.
_SIGNS = {"-": "DATASYMBOLNIL", **{"." * n: f"DATASYMBOL{n}" for n in range(1, 7)}}
#: Words of the meanings, in the order in which they are looked for.
_MEANINGS = (
    (re.compile(r"datenschutz|geheim|vertraulich|schutz|confidential|secret|unterdrückt|suppressed|\(\)"),
     Status.HIDDEN),
    (re.compile(r"unsicher|zuverlässig|unreliable|uncertain"), Status.UNRELIABLE),
    (re.compile(r"entfällt|trivial|anwendbar|sinnvoll|not applicable|not relevant|logisch|tabellenfach|^[x*]$"),
     Status.NOT_APPLICABLE),
    (re.compile(r"noch nicht|not yet|später|^\.\.\.$|^…$"), Status.LATE),
    (re.compile(r"unbekannt|nicht verfügbar|nicht vorhanden|keine angabe|not available|missing|unknown|nicht erhoben"),
     Status.HIDDEN),
    (re.compile(r"genau null|nichts vorhanden|kommt nicht|kommt nichts|^null$|^nil$|^-$|^–$|magnitude nil|zero"),
     Status.ZERO),
)  # fmt: skip


@dataclass(frozen=True)
class Variable:
    """A variable of the cube: its name, the texts of its values, and their codes (empty if the file has none)."""

    name: str
    texts: list[str]
    codes: list[str]


class Keywords:
    """Values of keywords in German where the file has it, else in its first language."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._rows = {tuple(row[:3]): row[3:] for row in document.rows[: self.data_row]}
        languages = self.values("LANGUAGES")
        self._language = "de" if "de" in languages and self.text("LANGUAGE") != "de" else ""

    @property
    def data_row(self) -> int:
        """Index of the row ``DATA``; the figures follow it."""
        return next(i for i, row in enumerate(self._document.rows) if row[0] == "DATA")

    def values(self, keyword: str, subjects: tuple[str, ...] = ("",)) -> list[str]:
        """Values of a keyword for one of the names of a variable; empty if the file has none."""
        for language in dict.fromkeys((getattr(self, "_language", ""), "")):
            for subject in subjects:
                found = self._rows.get((keyword, language, subject))
                if found:
                    return found
        return []

    def text(self, keyword: str) -> str:
        """A keyword with one value."""
        return " ".join(self.values(keyword))

    def variables(self) -> tuple[list[Variable], list[Variable]]:
        """Variables down (STUB) and across (HEADING)."""
        return self._axis("STUB"), self._axis("HEADING")

    def keyed(self, variable: Variable) -> bool:
        """Whether rows of figures begin with the key of this variable."""
        return bool(self.values("KEYS", self._names(variable.name)))

    def key_texts(self, variable: Variable) -> list[str]:
        """What the keys in front of rows are: codes, or texts of the values."""
        by_codes = self.values("KEYS", self._names(variable.name))[:1] == ["CODES"] and variable.codes
        return variable.codes if by_codes else variable.texts

    def is_time(self, variable: Variable) -> bool:
        """Whether the file marks a variable as time."""
        return bool(self.values("TIMEVAL", self._names(variable.name)))

    def meaning(self, sign: str) -> tuple[Status, str]:
        """Status of a sign by the file's own keywords and notes, and its meaning; ``""`` if the file does not say."""
        said = self.text(_SIGNS[sign]) or self._noted(sign)
        for pattern, status in _MEANINGS if said else ():
            if pattern.search(said.casefold().strip()):
                return status, said
        return (Status.ZERO if sign == "-" else Status.HIDDEN), ""

    def _noted(self, sign: str) -> str:
        """The meaning that a footnote gives: ``"..." = Zahl unbekannt``."""
        notes = " # ".join(" ".join(values) for key, values in self._rows.items() if key[0] in ("NOTE", "NOTEX"))
        match = re.search(rf"(?:^|[\s#'„“]){re.escape(sign)}['“”]?\s*[=:]\s*([^#;]+)", notes)
        return match[1].strip() if match else ""

    def _axis(self, keyword: str) -> list[Variable]:
        variables = [self._variable(name) for name in self.values(keyword)]
        if any(not variable.texts for variable in variables):
            lacking = next(variable.name for variable in variables if not variable.texts)
            raise TableError(
                f"{self._document.label}: Für das Merkmal „{lacking}“ fehlen die Ausprägungen (VALUES).",
                remedy="Die Datei neu herunterladen.",
            )
        return variables

    def _variable(self, name: str) -> Variable:
        names = self._names(name)
        texts = self.values("VALUES", names)
        codes = self.values("CODES", names)
        return Variable(name, texts or codes, codes if len(codes) == len(texts) else [])

    def _names(self, name: str) -> tuple[str, ...]:
        """The name of a variable in the language read and in the first language of the file."""
        for keyword in ("STUB", "HEADING"):
            own, first = self.values(keyword), self._rows.get((keyword, "", ""), [])
            if name in own and len(own) == len(first):
                return name, first[own.index(name)]
        return (name,)


def is_sign(texts: np.ndarray) -> np.ndarray:
    """Which figures are signs."""
    return np.isin(texts, list(_SIGNS))


def size_of(variables: list[Variable]) -> int:
    """Number of cells that the variables span."""
    return math.prod(len(variable.texts) for variable in variables)
