"""Turn the units of the course (T1_….md) into notebooks.

    python notebooks/bauen.py kurs

writes for every unit ``kurs/T1_lesen.ipynb`` for those who learn, and ``kurs/T1_lesen_trainer.ipynb`` with solutions
and trainer's notes. ``folien.py`` makes slides of the same units: a heading begins a slide, and notes stay with the
speaker.

In a unit, ``` ```{code-cell} ``` begins code; ``:::{loesung}``, ``:::{trainer}`` and ``:::{excel}`` begin a solution,
a note for the trainer, and the way of those who do not use Python; ``:::`` ends them.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import nbformat
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

FOLDER = Path(__file__).parent
CODE, FENCE, BLOCK = "```{code-cell}", "```", ":::"
#: Blocks that only the trainer sees.
HIDDEN = {"loesung", "trainer"}
#: Heading → what a slide does there.
SLIDES = {"# ": "slide", "## ": "slide", "### ": "subslide"}


def units() -> list[Path]:
    """Sources of the units, in order."""
    return sorted(FOLDER.glob("T[0-9]_*.md"))


def pieces(text: str) -> Iterator[tuple[str, str, str]]:
    """Kind of the block ("" outside of one), "code" or "text", and the source."""
    block, kind, lines = "", "text", list[str]()
    for line in [*text.splitlines(), BLOCK]:
        opens = line.startswith(BLOCK + "{")
        if (kind == "code" and line == FENCE) or (kind == "text" and (opens or line in (CODE, BLOCK))):
            if "\n".join(lines).strip():
                yield block, kind, "\n".join(lines).strip()
            lines = []
            kind = "code" if line == CODE else "text"
            block = line.removeprefix(BLOCK).strip("{}") if opens else "" if line == BLOCK else block
        elif kind == "text" and line.startswith(tuple(SLIDES)) and "\n".join(lines).strip():
            yield block, kind, "\n".join(lines).strip()
            lines = [line]
        else:
            lines.append(line)


def notebook(source: Path, *, trainer: bool) -> nbformat.NotebookNode:
    """The unit as a notebook; solutions and notes only for the trainer."""
    cells: list[nbformat.NotebookNode] = []
    for block, kind, text in pieces(source.read_text(encoding="utf-8")):
        if block in HIDDEN and not trainer:
            continue
        cell = new_code_cell(text) if kind == "code" else new_markdown_cell(_worded(block, text))
        cell.metadata["slideshow"] = {"slide_type": _slide(block, text if kind == "text" else "")}
        cell.metadata["tags"] = [block] if block else []
        cell.id = f"zelle-{len(cells)}"
        cells.append(cell)
    return new_notebook(cells=cells, metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}})


def executed(source: Path, *, trainer: bool = True) -> nbformat.NotebookNode:
    """The notebook with its outputs."""
    unit = notebook(source, trainer=trainer)
    nbformat.validate(unit)
    with TemporaryDirectory() as folder:
        NotebookClient(unit, timeout=180, kernel_name="python3", resources={"metadata": {"path": folder}}).execute()
    return unit


def without_solutions(unit: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """What those who learn see of an executed notebook."""
    seen = [cell for cell in unit.cells if not HIDDEN & set(cell.metadata["tags"])]
    return nbformat.from_dict({**unit, "cells": seen})


def _worded(block: str, text: str) -> str:
    """The text with a head that says what it is."""
    head = {"loesung": "**Lösung.** ", "trainer": "**Für die Leitung.** ", "excel": "**Ohne Python.** "}.get(block, "")
    quoted = "\n".join(f"> {line}" for line in (head + text).splitlines())
    return quoted if block in ("excel", "trainer") else head + text


def _slide(block: str, text: str) -> str:
    if block == "trainer":
        return "notes"
    if block in ("loesung", "excel"):
        return "skip"
    return next((slide for start, slide in SLIDES.items() if text.startswith(start)), "-")


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for source in units():
        nbformat.write(notebook(source, trainer=False), folder / f"{source.stem}.ipynb")
        nbformat.write(notebook(source, trainer=True), folder / f"{source.stem}_trainer.ipynb")
        print(f"{source.stem}: {folder / source.stem}.ipynb, {folder / source.stem}_trainer.ipynb")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "kurs"))
