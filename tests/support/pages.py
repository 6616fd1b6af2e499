"""The fenced blocks of the documentation, run from top to bottom as someone would who follows the page.

Python shares one namespace; lines of a shell go through ``support.commands``; TOML and JSON must be documents, or parts
of documents, that the package reads. A comment above a block says where its text goes:

    <!-- file: werkstattplan.toml -->          the block is that file
    <!-- lines of: neustedt/projekt.toml -->   its lines replace those of that file, commented out there or not
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import jsonschema

from support import commands
from support.programs import r
from zwkprognose.evaluation.milestone_document import Milestones
from zwkprognose.output.profiles.thresholds import Thresholds
from zwkprognose.projects.schema import project_schema
from zwkprognose.scenarios.schema import scenario_schema
from zwkprognose.tables.records.layout import RecordLayout

ROOT = Path(__file__).parents[2]
_FENCE = re.compile(r"^(?:<!-- (file|lines of): (\S+) -->\n)?```([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def pages() -> list[Path]:
    """Every page that someone reads as Markdown; the units of the course are executed whole in their own tests."""
    return [*sorted((ROOT / "docs").glob("*.md")), *sorted(ROOT.glob("*.md")), ROOT / "notebooks" / "README.md"]


@dataclass(frozen=True)
class Block:
    """A fenced block: its language, its text, the line where it begins and the file that it is or changes."""

    language: str
    text: str
    line: int
    how: str = ""
    file: str = ""


def blocks(page: Path, language: str | None = None) -> list[Block]:
    """The blocks of a page, or those in one language."""
    text = page.read_text(encoding="utf-8")
    assert len(re.findall(r"^```", text, re.MULTILINE)) == 2 * len(list(_FENCE.finditer(text))), page
    found = [
        Block(match[3].strip(), match[4], text[: match.start(4)].count("\n") + 1, match[1] or "", match[2] or "")
        for match in _FENCE.finditer(text)
    ]
    return [block for block in found if language in (None, block.language)]


@dataclass
class Visit:
    """A page read in a folder: what its blocks leave behind, and what its commands say."""

    page: Path
    folder: Path
    names: dict[str, Any] = field(default_factory=dict)
    #: What a command printed, by its words without the program's own name.
    said: dict[str, str] = field(default_factory=dict)
    #: What happens outside of the page after a command, as when someone puts a file into a folder.
    after: dict[str, Callable[[], None]] = field(default_factory=dict)
    #: Words of the page that mean something else here, such as the address of a computer.
    instead: dict[str, str] = field(default_factory=dict)

    def read(self) -> None:
        """Do what every block says."""
        for block in blocks(self.page):
            kind = block.language.split("}")[0].strip("{")
            assert kind in READERS, f"{self.page.name}:{block.line}: how is „{block.language}“ read?"
            if block.file:
                self._put(block)
            if block.how != "lines of":  # what they change is read by the commands after them
                READERS[kind](self, block)

    def text(self, block: Block) -> str:
        """The block, with what it names replaced by what there is here."""
        text = block.text
        for word, other in self.instead.items():
            text = text.replace(word, other)
        return text

    def _put(self, block: Block) -> None:
        path = self.folder / block.file
        text = self.text(block)
        path.write_text(text if block.how == "file" else edited(path.read_text("utf-8"), text), encoding="utf-8")


def edited(document: str, lines: str) -> str:
    """A document with the lines of the page in place of its own; a key may stand in several tables."""
    table = re.compile(r"(?=^\[daten\.quelle\])", re.MULTILINE)
    parts, of_page = table.split(document), table.split(lines)
    if len(of_page) == 1:
        parts = [document]
    for k, part in enumerate(of_page):
        for key, value in re.findall(r"^(\w+) = (.+)$", part, re.MULTILINE):
            replaced = f"{key} = {value}"
            parts[k], count = re.subn(rf"^(?:# )?{key} = .*$", lambda _: replaced, parts[k], count=1, flags=re.MULTILINE)  # noqa: B023, E501
            assert count == 1, key
    return "".join(parts)


def _python(visit: Visit, block: Block) -> None:
    code = "\n" * (block.line - 1) + visit.text(block)  # a failure names the line of the page
    exec(compile(code, visit.page.name, "exec"), visit.names)  # noqa: S102


def _shell(visit: Visit, block: Block) -> None:
    for words in commands.lines(visit.text(block)):
        answer = commands.answered(words, visit.folder)
        call = " ".join(words[1:])
        visit.said[call] = answer
        visit.after.get(call, lambda: None)()


def _powershell(visit: Visit, block: Block) -> None:
    """Windows is not here: the same words are checked, none is run."""
    for words in commands.lines(visit.text(block).replace("\\", "/")):
        commands.check(words)


def _r(visit: Visit, block: Block) -> None:
    r(block.text, visit.folder)


def _toml(visit: Visit, block: Block) -> None:
    _document(tomllib.loads(block.text), f"{visit.page.name}:{block.line}")


def _json(visit: Visit, block: Block) -> None:
    _document(json.loads(block.text), f"{visit.page.name}:{block.line}")


def _document(document: dict[str, Any], where: str) -> None:
    """A document or a part of one: what it says is known there, and has the right form."""
    complaints = [_complaint(document, schema) for schema in _schemas()]
    assert None in complaints, f"{where}: {complaints}"


def _complaint(document: dict[str, Any], schema: dict[str, Any]) -> str | None:
    error = jsonschema.Draft202012Validator({**schema, "required": []}).iter_errors(document)
    first = next(error, None)
    return first.message[:200] if first else None


def _schemas() -> Iterator[dict[str, Any]]:
    yield project_schema()
    yield scenario_schema()
    for model in (RecordLayout, Thresholds, Milestones):
        yield model.model_json_schema(by_alias=True)


def _included(visit: Visit, block: Block) -> None:
    """A program shown from its file: that it runs is said by its own tests."""
    assert (visit.page.parent / block.language.split("}")[1].strip()).is_file()


def _read_only(_visit: Visit, _block: Block) -> None:
    """Drawings, and what a program says: the page's own test compares it."""


READERS: dict[str, Callable[[Visit, Block], None]] = {
    "python": _python, "sh": _shell, "powershell": _powershell, "r": _r, "toml": _toml, "json": _json,
    "literalinclude": _included, "text": _read_only, "toctree": _read_only, "eval-rst": _read_only,
}  # fmt: skip
