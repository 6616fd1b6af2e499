"""How many small mistakes do the tests notice?

    python benchmarks/mutants.py [--each 3] [--seed 1] [--rooms engine tables …] [--tests tests/engine …]

One token of one file is changed at a time: a sign, a comparison, a number, a name of a minimum or maximum. The tests of
the room (or those named) then run on a copy of the checkout, stopping at the first failure. A change that no test
notices is printed with its line: either it does not matter (a speed, a wording), or a test is missing. Not a part of
continuous integration: every change costs a run of the tests of its room.
"""

from __future__ import annotations

import argparse
import ast
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "zwkprognose"
#: What a token may become, and where.
SWAPS: dict[type[ast.AST], tuple[str, str]] = {
    ast.Add: ("+", "-"), ast.Sub: ("-", "+"), ast.Mult: ("*", "/"), ast.Div: ("/", "*"), ast.Lt: ("<", "<="),
    ast.LtE: ("<=", "<"), ast.Gt: (">", ">="), ast.GtE: (">=", ">"), ast.Eq: ("==", "!="), ast.NotEq: ("!=", "=="),
    ast.And: ("and", "or"), ast.Or: ("or", "and"),
}  # fmt: skip
NAMES = {"min": "max", "max": "min", "first": "last", "last": "first", "any": "all", "all": "any"}
LONGEST = 1800


class Mutant(NamedTuple):
    """A file with one token changed: the place (line and column from 0), the old and the new token."""

    path: Path
    line: int
    column: int
    old: str
    new: str

    def applied(self, text: str) -> str:
        """The text with the change."""
        lines = text.splitlines(keepends=True)
        raw = lines[self.line].encode()
        end = self.column + len(self.old.encode())
        assert raw[self.column : end].decode() == self.old
        lines[self.line] = (raw[: self.column] + self.new.encode() + raw[end:]).decode()
        return "".join(lines)

    def __str__(self) -> str:
        line = self.path.read_text(encoding="utf-8").splitlines()[self.line].strip()
        return f"{self.path.relative_to(ROOT)}:{self.line + 1}: „{self.old}“ → „{self.new}“ in: {line}"


def mutants(path: Path) -> Iterator[Mutant]:
    """Every change of one token of a file."""
    text = path.read_text(encoding="utf-8")
    lines = text.splitlines()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.BinOp):
            yield from _between(path, lines, node.left, node.right, type(node.op))
        elif isinstance(node, ast.Compare) and len(node.ops) == 1:
            yield from _between(path, lines, node.left, node.comparators[0], type(node.ops[0]))
        elif isinstance(node, ast.BoolOp):
            yield from _between(path, lines, node.values[0], node.values[1], type(node.op))
        elif isinstance(node, ast.Constant) and type(node.value) in (int, float):
            yield from _number(path, lines, node)
        elif isinstance(node, ast.Name) and node.id in NAMES and isinstance(node.ctx, ast.Load):
            yield Mutant(path, node.lineno - 1, node.col_offset, node.id, NAMES[node.id])


def _between(path: Path, lines: list[str], left: ast.expr, right: ast.expr, kind: type[ast.AST]) -> Iterator[Mutant]:
    """The operator between two parts of a line."""
    if kind not in SWAPS or left.end_lineno != right.lineno or left.end_col_offset is None:
        return
    old, new = SWAPS[kind]
    between = lines[right.lineno - 1].encode()[left.end_col_offset : right.col_offset].decode()
    if between.strip(" ()") == old:
        before = len(between[: between.index(old)].encode())
        yield Mutant(path, right.lineno - 1, left.end_col_offset + before, old, new)


def _number(path: Path, lines: list[str], node: ast.Constant) -> Iterator[Mutant]:
    assert node.end_col_offset is not None
    old = lines[node.lineno - 1].encode()[node.col_offset : node.end_col_offset].decode()
    if node.end_lineno == node.lineno and old and old[0].isdigit():
        value = node.value
        assert isinstance(value, int | float)
        new = value + 1 if isinstance(value, int) else value * 1.1 or 0.1
        yield Mutant(path, node.lineno - 1, node.col_offset, old, repr(new))


def noticed(mutant: Mutant, tests: list[str]) -> bool:
    """Do the tests fail on a copy of the checkout with the change?"""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / ROOT.name
        shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(".git", "__pycache__", ".*_cache"))
        target = copy / mutant.path.relative_to(ROOT)
        target.write_text(mutant.applied(mutant.path.read_text(encoding="utf-8")), encoding="utf-8")
        environment = os.environ | {"PYTHONPATH": str(copy), "NUMBA_CACHE_DIR": str(Path(folder) / "numba")}
        command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", *tests]
        try:
            done = subprocess.run(command, cwd=copy, env=environment, capture_output=True, timeout=LONGEST, check=False)
        except subprocess.TimeoutExpired:
            return True
        return done.returncode == 1


def sample(rooms: list[str], each: int, seed: int) -> list[Mutant]:
    """Some changes of every room, the same for the same seed."""
    chosen = random.Random(seed)
    found: list[Mutant] = []
    for room in rooms:
        files = sorted((PACKAGE / room).rglob("*.py")) or [PACKAGE / f"{room}.py"]
        of_room = [mutant for path in files for mutant in mutants(path)]
        found += chosen.sample(of_room, min(each, len(of_room)))
    return found


def main() -> None:
    """Sample, run, count."""
    rooms = sorted(p.name for p in PACKAGE.iterdir() if (p / "__init__.py").exists())
    parser = argparse.ArgumentParser(description="Wie viele kleine Fehler bemerken die Tests?")
    parser.add_argument("--each", type=int, default=3, help="Änderungen je Raum")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rooms", nargs="+", default=rooms)
    parser.add_argument("--tests", nargs="+", help="statt der Tests des Raums")
    parser.add_argument("--list", action="store_true", help="nur zeigen, was geändert würde")
    options = parser.parse_args()
    found, missed = sample(options.rooms, options.each, options.seed), 0
    for mutant in found:
        room = mutant.path.relative_to(PACKAGE).parts[0]
        tests = options.tests or ([f"tests/{room}"] if (ROOT / "tests" / room).is_dir() else ["tests"])
        if options.list:
            print(mutant)
        elif not noticed(mutant, tests):
            missed += 1
            print(f"nicht bemerkt: {mutant}", flush=True)
    if not options.list:
        print(f"{len(found) - missed} von {len(found)} bemerkt")


if __name__ == "__main__":
    main()
