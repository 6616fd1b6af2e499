"""Every block of every page runs or is read, in order, in a folder with what the page speaks of.

A new page is tested without being listed. What it needs outside of its blocks, and what must be true afterwards, stands
in a module of its name beside this file: ``around(visit)`` yields once, between the two.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest
from support.pages import READERS, ROOT, Visit, blocks, edited, pages


def companion(page: Path) -> ModuleType | None:
    name = re.sub(r"\W", "_", page.relative_to(ROOT).with_suffix("").as_posix().removeprefix("docs/")).lower()
    return import_module(f"pages.{name}") if (Path(__file__).parent / f"{name}.py").is_file() else None


def needs(page: Path) -> list[pytest.MarkDecorator]:
    """What the blocks of a page take that is no part of the repository."""
    text = "".join(block.language + " " + block.text for block in blocks(page) if block.language in ("r", "sh"))
    marks = {"programs": r"^r |^ncks |^gdal", "paper": r"zwkprognose profile (?!.*--nur-html)"}
    return [getattr(pytest.mark, name) for name, sign in marks.items() if re.search(sign, text, re.MULTILINE)]


WITH_BLOCKS = [
    pytest.param(page, id=str(page.relative_to(ROOT)), marks=needs(page)) for page in pages() if blocks(page)
]


@pytest.mark.parametrize("page", WITH_BLOCKS)
def test_every_block_of_the_page_is_true(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MPLBACKEND", "agg")
    visit, beside = Visit(page, tmp_path), companion(page)
    with contextmanager(beside.around)(visit) if beside else nothing():
        visit.read()


@contextmanager
def nothing() -> Iterator[None]:
    yield


def test_every_companion_belongs_to_a_page() -> None:
    beside = {companion(page) for page in pages()} - {None}
    assert len(beside) == len([path for path in Path(__file__).parent.glob("*.py") if path.stem[:5] != "test_"])


def test_a_false_block_is_found(tmp_path: Path) -> None:
    """The reader itself: unknown options, keys, programs, languages and files are not passed over."""
    wrong = {
        "sh": ["zwkprognose run a.toml --schnell", "zwkprognose rechne", "python -m pip install --fest x",
               'python -m pip install -e ".[alles]"', "python benchmarks/keines.py", "bash keines.sh"],
        "powershell": [r".venv\Scripts\zwkprognose demo --leise"],
        "toml": ["szenarien = 3", '[daten]\nbestnad = "a.csv"', "[[annahme]]\nprozent = 3"],
        "json": ['{"schema": 1, "nmae": "a"}'],
        "python": ["from zwkprognose import nothing_of_the_kind"],
        "yaml": ["a: 1"],
    }  # fmt: skip
    for language, texts in wrong.items():
        for text in texts:
            page = tmp_path / "seite.md"
            page.write_text(f"```{language}\n{text}\n```\n", encoding="utf-8")
            with pytest.raises(BaseException):  # noqa: B017, PT011 - click, jsonschema, ImportError, AssertionError
                Visit(page, tmp_path).read()
    assert "yaml" not in READERS
    with pytest.raises(AssertionError):
        edited("name = 'a'\n", 'titel = "b"\n')
