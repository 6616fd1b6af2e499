"""Documents that people write by hand: read TOML, find the line of a statement, say in German what is wrong."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from pydantic import BaseModel, ValidationError

from zwkprognose.complaints import known_names, problem, toml_place
from zwkprognose.errors import ScenarioError, system_words
from zwkprognose.german import stated

M = TypeVar("M", bound=BaseModel)
#: Context of validation that tells a document from arguments of a call: only a document has a folder.
FROM_DOCUMENT = {"document": True}
KeyPath = tuple[str | int, ...]
#: Lists and tables within each other; no document needs half of it.
DEEPEST = 50

_HEADER = re.compile(r"^\s*(\[\[?)\s*([^\[\]]+?)\s*\]\]?\s*(#.*)?$")
#: A backslash between double quotes begins a sign of its own: ``"C:\Daten"``.
_WINDOWS_PATH = re.compile(r'"[^"]*\\[^"]*"')
_PATH_REMEDY = "Pfade mit / schreiben (\"C:/Daten/bestand.csv\") oder in einfachen Anführungszeichen ('C:\\Daten')"
_SYNTAX_REMEDY = "Texte in Anführungszeichen setzen, Listen in [ ], Dezimalpunkt statt Komma, jede Angabe nur einmal"
#: Text that is a document and no path: JSON in braces or a list of such, and TOML of a single line.
_JSON = re.compile(r"\s*(\{|\[\s*\{)")
_ONE_LINE = re.compile(r"""\s*[\w-]+\s*=\s*(["'\[{\d]|true|false)""")
_KEY = re.compile(r"""^\s*(?:"([^"]+)"|'([^']+)'|([\w-]+))\s*=""")


@dataclass(frozen=True, slots=True)
class Document:
    """The content of a TOML document together with its text, so that errors can name the line.

    ``root`` is the path at which the content stands, for a part of a larger document. ``numbered`` is false for a
    document that comes with the package: its lines help nobody who does not have it.
    """

    data: dict[str, Any]
    text: str = field(default="", repr=False)
    file: str = ""
    root: KeyPath = ()
    numbered: bool = True

    @property
    def folder(self) -> Path:
        """Folder that relative paths of the document refer to."""
        return Path(self.file).parent if self.file else Path()

    def where(self, path: KeyPath) -> str:
        """Where a statement stands, as far as known: ``hafen.toml, Zeile 12, annahme 2: gebiete``."""
        whole = (*self.root, *path)
        line = find_line(self.text, whole) if self.numbered else None
        parts = [Path(self.file).name if self.file else "", f"Zeile {line}" if line else "", path_text(whole)]
        return ", ".join(part for part in parts if part)


def read_document(source: str | Path) -> Document:
    """Read a TOML or JSON document from a file, or from its text.

    Parameters
    ----------
    source : str or Path
        A path (``.json`` is JSON), or the document itself: a string with a line break or one ``name = …``, or JSON.

    Raises
    ------
    ScenarioError
        If the file cannot be read or is neither; names line and column.
    """
    if not isinstance(source, str | Path):
        raise ScenarioError(
            f"Ein Dokument wird als Pfad oder als Text angegeben, nicht als {kind_of(source)}.",
            remedy="Den Pfad einer .toml- oder .json-Datei angeben; Inhalte in Python liest Scenario.from_document.",
        )
    if not str(source).strip():
        raise ScenarioError("Das Dokument ist leer.", remedy="Einen Pfad oder den Text eines Dokuments angeben.")
    if isinstance(source, str) and _JSON.match(source):
        return json_document(source, "")
    if isinstance(source, str) and ("\n" in source or _ONE_LINE.match(source)):
        return _parse(source, "")
    read = json_document if Path(source).suffix.lower() == ".json" else _parse
    return read(_read_text(Path(source)), str(source))


def validated(model: type[M], document: Document) -> M:
    """Turn a document into an object of ``model``; every problem is named with its line."""
    try:
        return model.model_validate(document.data, context=FROM_DOCUMENT)
    except ValidationError as error:
        raise refusal(error, model, document) from None


def refusal(error: ValidationError, model: type[BaseModel], document: Document) -> ScenarioError:
    """Every problem of a document in German, with its line or path."""
    names = known_names(model)
    found = error.errors()
    empty = {e["loc"] for e in found if e["type"] == "too_short"}  # also said of a list whose entries are all wrong
    filled = {path for path in empty if any(e["loc"][: len(path)] == path and e["loc"] != path for e in found)}
    places = [(document.where(e["loc"]), problem(e, names)) for e in found if e["loc"] not in filled]
    lines = [": ".join(part for part in place if part) for place in places]
    return ScenarioError(
        "\n".join([f"Das Dokument {Path(document.file).name or ''} enthält Fehler:".replace("  ", " "), *lines]),
        remedy="Die genannten Zeilen berichtigen; alle Angaben erklärt die Dokumentation.",
    )


def kind_of(value: Any) -> str:
    """What was handed on instead, in words.

    >>> kind_of({"name": "hafen"}), kind_of(None), kind_of(3), kind_of(3.5)
    ('dict', 'None', '„3“', '„3,5“')
    """
    plain = isinstance(value, int | float | str) and not isinstance(value, bool)
    return f"„{stated(value)}“" if plain else "None" if value is None else type(value).__name__


def plain(content: Any) -> Any:
    """Content of a document with numbers of NumPy as those of Python, as a document would hold them."""
    if isinstance(content, Mapping):
        return {key: plain(part) for key, part in content.items()}
    if isinstance(content, list | tuple):
        return [plain(part) for part in content]
    return content.item() if isinstance(content, np.generic) else content


def nearest(word: str, known: Mapping[str, str], count: int = 3) -> list[str]:
    """Keys of ``known`` (key → name) that resemble a misspelt key or name or hold it as a word, best first."""
    by_name = {name.casefold(): key for key, name in known.items()} | {key.casefold(): key for key in known}
    sought = " ".join(word.casefold().split())
    hits = get_close_matches(sought, list(by_name), n=2 * count, cutoff=0.55)
    hits += [name for name in by_name if sought and sought in name.split()]
    return list(dict.fromkeys(by_name[hit] for hit in hits))[:count]


#: From here on a number in a path is a year and counts nothing.
FIRST_YEAR = 1900


def path_text(path: KeyPath) -> str:
    """``("annahme", 1, "gebiete")`` → ``annahme 2: gebiete``, counted as people count; years are keys.

    >>> path_text(("eckwert", 0, "personen", 2028))
    'eckwert 1: personen: 2028'
    """
    words: list[str] = []
    for part in path:
        if isinstance(part, int) and words and part < FIRST_YEAR:
            words[-1] += f" {part + 1}"
        else:
            words.append(str(part))
    return ": ".join(words)


def find_line(text: str, path: KeyPath) -> int | None:
    """Line (from 1) of the deepest part of ``path`` that the text writes down; ``None`` if there is none.

    A list of tables that is wrong as a whole stands where its first one does.
    """
    best: tuple[int, int] | None = None
    first: int | None = None
    for line, written in _written_paths(text):
        depth = len(written)
        if path[:depth] == written and (best is None or depth > best[0]):
            best = (depth, line)
        if first is None and path and written[: len(path)] == path:
            first = line
    return first if best is None or (best[0] < len(path) and first is not None) else best[1]


@lru_cache(maxsize=8)
def _written_paths(text: str) -> list[tuple[int, KeyPath]]:
    """Line and full path of every header and key, lines inside of long strings left out."""
    found: list[tuple[int, KeyPath]] = []
    counts: dict[KeyPath, int] = {}
    table: KeyPath = ()
    inside = ""
    for number, line in enumerate(text.splitlines(), start=1):
        was_inside, inside = inside, _open_quote(line, inside)
        if was_inside:
            continue
        if header := _HEADER.match(line):
            table = _table_path(header[2], header[1] == "[[", counts)
            found.append((number, table))
        elif key := _KEY.match(line):
            found.append((number, (*table, key[1] or key[2] or key[3])))
    return found


def _table_path(name: str, is_array: bool, counts: dict[KeyPath, int]) -> KeyPath:
    """Path of a table header, with the position of each array of tables in it; counts a new element."""
    parts = [part.strip().strip("\"'") for part in name.split(".")]
    path: KeyPath = ()
    for depth, part in enumerate(parts, start=1):
        path = (*path, part)
        if is_array and depth == len(parts):
            counts[path] = counts.get(path, 0) + 1
        if path in counts:
            path = (*path, counts[path] - 1)
    return path


def _open_quote(line: str, inside: str) -> str:
    """The triple quote that is still open at the end of the line, or an empty text."""
    for quote in re.findall(r'"""|\'\'\'', line):
        inside = "" if quote == inside else inside or quote
    return inside


#: Endings of tables, which newcomers hand in where a document is meant.
_TABLES = (".csv", ".xlsx", ".xlsm", ".xls", ".ods", ".parquet", ".zip", ".nc")


def _read_text(path: Path) -> str:
    if path.suffix.lower() in _TABLES:
        raise ScenarioError(
            f"{path} ist dem Namen nach eine Tabelle, kein Dokument (.toml).",
            remedy="Mit „zwkprognose new ORDNER“ ein Projekt anlegen und die Tabelle dort unter [daten] nennen.",
        )
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise ScenarioError(
            f"{path} ist nicht in UTF-8 gespeichert (Byte {error.start}).",
            remedy="Die Datei im Editor mit der Kodierung UTF-8 speichern.",
        ) from None
    except OSError as error:
        inside = path / "projekt.toml"
        remedy = f"Gemeint ist vielleicht {inside}." if inside.is_file() else "Pfad und Leserecht prüfen."
        raise ScenarioError(f"{path} {_cannot_read(error)}.", remedy=remedy) from None
    except ValueError:  # a name that no file can have
        raise ScenarioError(f"„{path}“ kann kein Pfad sein.", remedy="Den Pfad neu schreiben.") from None


#: A number of thousands of digits.
_TOO_LONG = "eine Zahl hat zu viele Stellen"


def _cannot_read(error: OSError) -> str:
    if isinstance(error, FileNotFoundError):
        return "gibt es nicht"
    if isinstance(error, IsADirectoryError):
        return "ist ein Ordner, keine Datei"
    if isinstance(error, PermissionError):
        return "darf nicht gelesen werden (kein Leserecht)"
    return f"lässt sich nicht lesen ({system_words(error)})"


def _parse(text: str, file: str) -> Document:
    try:
        content = tomllib.loads(text)
        if _depth(content) > DEEPEST:
            raise RecursionError
        return Document(content, text, file)
    except tomllib.TOMLDecodeError as error:
        raise _syntax_error(text, file, error) from error
    except RecursionError:
        raise ScenarioError(
            f"{file or 'Das Dokument'} ist zu tief verschachtelt.", remedy="Listen und Tabellen flach schreiben."
        ) from None
    except ValueError:  # Python says it in English
        raise ScenarioError(
            f"{file or 'Das Dokument'} enthält einen unmöglichen Wert ({_TOO_LONG}).", remedy="Die Zahlen prüfen."
        ) from None


def json_document(text: str, file: str = "") -> Document:
    """Content of a JSON document; its text is not kept, because only lines of TOML can be found."""
    name = file or "Das Dokument"
    try:
        content = json.loads(text, object_pairs_hook=_said_once)
        if _depth(content) > DEEPEST:
            raise RecursionError
    except json.JSONDecodeError as error:
        lines = text.splitlines()
        shown = lines[error.lineno - 1].strip() if error.lineno <= len(lines) else ""
        raise ScenarioError(
            f"{name} ist kein gültiges JSON: Zeile {error.lineno}, Spalte {error.colno}: {shown[:80]}",
            remedy="Texte und Namen in doppelte Anführungszeichen setzen, Dezimalpunkt, kein Komma am Ende.",
        ) from None
    except RecursionError:
        raise ScenarioError(
            f"{name} ist zu tief verschachtelt.", remedy="Listen und Tabellen flach schreiben."
        ) from None
    except _SaidTwiceError as error:
        raise ScenarioError(f"{name} enthält einen unmöglichen Wert ({error}).", remedy="Die Angabe prüfen.") from None
    except ValueError:  # Python says it in English
        raise ScenarioError(
            f"{name} enthält einen unmöglichen Wert ({_TOO_LONG}).", remedy="Die Zahlen prüfen."
        ) from None
    if not isinstance(content, dict):
        raise ScenarioError(f"{name} ist kein Szenario, sondern eine Liste oder ein einzelner Wert.",
                            remedy='Mit { "name": … } beginnen.')  # fmt: skip
    return Document(content, "", file)


class _SaidTwiceError(ValueError):
    """A name that an object of JSON says twice."""


def _said_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object of JSON; of a name said twice Python would keep the last and forget the first."""
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise _SaidTwiceError(f"„{key}“ steht zweimal da")
        found[key] = value
    return found


def _depth(content: Any) -> int:
    """How many lists and tables lie within each other."""
    depth, level = 0, [content]
    while level and depth <= DEEPEST:
        inner = [part.values() if isinstance(part, dict) else part for part in level]
        level = [part for parts in inner for part in parts if isinstance(part, dict | list)]
        depth += 1
    return depth


def _syntax_error(text: str, file: str, error: ValueError) -> ScenarioError:
    place = toml_place(text, error)
    return ScenarioError(
        f"{file or 'Das Dokument'} ist kein gültiges TOML: {place}",
        remedy=_PATH_REMEDY if _WINDOWS_PATH.search(place) else _SYNTAX_REMEDY,
    )
