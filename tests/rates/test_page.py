"""The page on rates names every option and every method that the room offers, and no other."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

import zwkprognose.rates as room

PAGE = (Path(__file__).parents[2] / "docs/raten.md").read_text(encoding="utf-8")
#: Names that are not methods of demography but the way through the program.
WAY = {
    "TypeProposal", "change_fertility", "estimate_rates", "explain", "improve_mortality", "propose_types",
    "return_fertility",
}  # fmt: skip


def names_in(section: str, column: int) -> set[str]:
    """Names in backticks in one column of the table of a section."""
    table = PAGE.split(f"## {section}\n")[1].split("\n## ")[0]
    cells = [line.split(" | ")[column] for line in table.splitlines() if line.startswith("| ") and "`" in line]
    return {name for cell in cells for name in re.findall(r"`(\w+)`", cell)}


def test_every_option_is_told() -> None:
    assert names_in("Was sich einstellen lässt", 0) == set(inspect.signature(room.estimate_rates).parameters) - {
        "inputs"
    }


def test_every_method_by_name_is_told_and_documented() -> None:
    told = names_in("Verfahren mit Namen", 1)
    assert told == set(room.__all__) - WAY
    assert all(inspect.getdoc(getattr(room, name)) for name in told)
