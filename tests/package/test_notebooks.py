"""Every notebook of the course runs from top to bottom, uses public names, and answers its own tasks."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import nbformat
import pytest

FOLDER = Path(__file__).parents[2] / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
each = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)


def cells(path: Path, kind: str) -> list[nbformat.NotebookNode]:
    return [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == kind]


def test_the_course_is_numbered_and_listed() -> None:
    assert [path.stem[:2] for path in NOTEBOOKS] == [f"{n:02d}" for n in range(1, len(NOTEBOOKS) + 1)]
    listed = re.findall(r"\((\w+\.ipynb)\)", (FOLDER / "README.md").read_text(encoding="utf-8"))
    assert listed == [path.name for path in NOTEBOOKS]


@each
def test_every_task_has_a_solution(path: Path) -> None:
    texts = [cell.source for cell in cells(path, "markdown")]
    (tasks,) = [text for text in texts if "## Aufgaben" in text]
    numbers = re.findall(r"^(\d)\. ", tasks.split("## Aufgaben")[1], re.MULTILINE)
    solved = [match[1] for text in texts if (match := re.match(r"\*\*Lösung zu (\d)\.\*\*", text))]
    hidden = [cell for cell in cells(path, "code") if "loesung" in cell.metadata.get("tags", [])]
    assert 2 <= len(numbers) <= 3
    assert solved == numbers
    assert len(hidden) == len(numbers)
    assert all(cell.metadata["jupyter"]["source_hidden"] for cell in hidden)


def imports(path: Path) -> Iterator[tuple[str, str]]:
    """Module and name of everything taken from the package."""
    for cell in cells(path, "code"):
        for node in ast.walk(ast.parse(cell.source)):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("zwkprognose"):
                yield from ((str(node.module), alias.name) for alias in node.names)


@each
def test_notebooks_teach_public_names_only(path: Path) -> None:
    private = [(module, name) for module, name in imports(path) if name not in import_module(module).__all__]
    assert private == []


@pytest.mark.filterwarnings("default")
@each
def test_notebook_runs(path: Path, tmp_path: Path) -> None:
    from nbclient import NotebookClient

    notebook = nbformat.read(path, as_version=4)
    assert not any(cell.get("outputs") for cell in notebook.cells), "Ausgaben gehören nicht ins Verzeichnis"
    NotebookClient(
        notebook, timeout=300, kernel_name="python3", resources={"metadata": {"path": str(tmp_path)}}
    ).execute()
