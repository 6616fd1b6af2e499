"""What the guide to scenarios shows of the engine runs as it stands, section by section."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from zwkprognose import Scenario

PAGE = (Path(__file__).parents[2] / "docs" / "szenarien.md").read_text(encoding="utf-8")
#: Sections whose examples in Python run one after the other.
SECTIONS = ["Viele Fragen an einen Fall"]


def section(title):
    """The text under a heading."""
    return re.search(rf"^## {re.escape(title)}\n(.*?)(?=^## |\Z)", PAGE, re.DOTALL | re.MULTILINE)[1]


def blocks(text, language):
    """The examples of a language."""
    return re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)


@pytest.mark.parametrize("title", SECTIONS)
def test_examples_run(title):
    said: dict[str, object] = {"Scenario": Scenario}
    examples = blocks(section(title), "python")
    assert examples
    for example in examples:
        exec(example, said)  # noqa: S102
