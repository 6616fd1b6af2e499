"""How many small mistakes do the tests notice?

    python benchmarks/mutants.py [--each 3] [--seed 1] [--rooms engine tables …] [--folder FOLDER]

One token of one file is changed at a time: a sign, a comparison, a number, a name of a minimum or maximum. The tests of
the room then run on a copy of the checkout, stopping at the first failure. A change that no test notices is printed
with its line: either it does not matter (a speed, a wording), or a test is missing. Not a part of continuous
integration.

Before the first change the tests of the room run once on the copy, each noting the lines that it executes
(``mutants_seen.py``). A change is then tried on the tests of its line, the shortest first. Where a line also runs
outside of tests (a constant, a fixture) or as machine code, which nothing observes, the other tests of the room follow.
With ``--folder`` the copy and the notes are kept for the next call; tests that were changed meanwhile are noted anew.
"""

from __future__ import annotations

import argparse
import ast
import random
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from mutants_seen import Copy

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "zwkprognose"
#: What a token may become, and where.
SWAPS: dict[type[ast.AST], tuple[str, str]] = {
    ast.Add: ("+", "-"), ast.Sub: ("-", "+"), ast.Mult: ("*", "/"), ast.Div: ("/", "*"), ast.Lt: ("<", "<="),
    ast.LtE: ("<=", "<"), ast.Gt: (">", ">="), ast.GtE: (">=", ">"), ast.Eq: ("==", "!="), ast.NotEq: ("!=", "=="),
    ast.And: ("and", "or"), ast.Or: ("or", "and"),
}  # fmt: skip
NAMES = {"min": "max", "max": "min", "first": "last", "last": "first", "any": "all", "all": "any"}
#: Arguments that change a speed or where a warning points, never a result.
NO_RESULT = {"maxsize", "stacklevel"}
#: Tests of what is no folder of the package.
ELSEWHERE = {"german": "package/test_german.py", "arithmetic": "package/test_arithmetic.py",
             "regions": "package/test_regions.py"}  # fmt: skip


class Mutant(NamedTuple):
    """A file with one token changed: the place (line and column from 0), the old and the new token, its statement."""

    path: Path
    line: int
    column: int
    old: str
    new: str
    lines: range

    def applied(self, text: str) -> str:
        """The text with the change."""
        lines = text.splitlines(keepends=True)
        raw = lines[self.line].encode()
        end = self.column + len(self.old.encode())
        assert raw[self.column : end].decode() == self.old
        lines[self.line] = (raw[: self.column] + self.new.encode() + raw[end:]).decode()
        return "".join(lines)

    @property
    def name(self) -> str:
        """The file, from the top of the checkout."""
        return str(self.path.relative_to(ROOT))

    @property
    def room(self) -> str:
        """The folder of the package, or the file at its top."""
        return self.path.relative_to(PACKAGE).parts[0].removesuffix(".py")

    def __str__(self) -> str:
        line = self.path.read_text(encoding="utf-8").splitlines()[self.line].strip()
        return f"{self.name}:{self.line + 1}: „{self.old}“ → „{self.new}“ in: {line}"


def mutants(path: Path) -> Iterator[Mutant]:
    """Every change of one token of a file."""
    text = path.read_text(encoding="utf-8")
    lines = text.splitlines()
    for node, statement in _nodes(ast.parse(text)):
        for line, column, old, new in _changes(node, lines):
            yield Mutant(path, line, column, old, new, statement)


def _nodes(tree: ast.AST, statement: range = range(0)) -> Iterator[tuple[ast.AST, range]]:
    """Every part that may change a result, with the lines (from 1) of its statement, or of the head of that."""
    for node in ast.iter_child_nodes(tree):
        if (isinstance(node, ast.keyword) and node.arg in NO_RESULT) or (isinstance(node, ast.If) and _of_script(node)):
            continue
        own = statement
        if isinstance(node, ast.stmt):
            body = getattr(node, "body", None)
            assert node.end_lineno is not None
            own = range(node.lineno, max(body[0].lineno, node.lineno + 1) if body else node.end_lineno + 1)
        yield node, own
        yield from _nodes(node, own)


def _of_script(node: ast.If) -> bool:
    """Does it run only where a file is called by itself, or is read by a type checker?"""
    return ast.unparse(node.test) in {"__name__ == '__main__'", "TYPE_CHECKING"}


def _changes(node: ast.AST, lines: list[str]) -> Iterator[tuple[int, int, str, str]]:
    if isinstance(node, ast.BinOp):
        yield from _between(lines, node.left, node.right, type(node.op))
    elif isinstance(node, ast.Compare) and len(node.ops) == 1:
        yield from _between(lines, node.left, node.comparators[0], type(node.ops[0]))
    elif isinstance(node, ast.BoolOp):
        yield from _between(lines, node.values[0], node.values[1], type(node.op))
    elif isinstance(node, ast.Constant) and type(node.value) in (int, float):
        yield from _number(lines, node)
    elif isinstance(node, ast.Name) and node.id in NAMES and isinstance(node.ctx, ast.Load):
        yield node.lineno - 1, node.col_offset, node.id, NAMES[node.id]


def _between(
    lines: list[str], left: ast.expr, right: ast.expr, kind: type[ast.AST]
) -> Iterator[tuple[int, int, str, str]]:
    """The operator between two parts of a line."""
    if kind not in SWAPS or left.end_lineno != right.lineno or left.end_col_offset is None:
        return
    old, new = SWAPS[kind]
    between = lines[right.lineno - 1].encode()[left.end_col_offset : right.col_offset].decode()
    if between.strip(" ()") == old:
        before = len(between[: between.index(old)].encode())
        yield right.lineno - 1, left.end_col_offset + before, old, new


def _number(lines: list[str], node: ast.Constant) -> Iterator[tuple[int, int, str, str]]:
    assert node.end_col_offset is not None
    old = lines[node.lineno - 1].encode()[node.col_offset : node.end_col_offset].decode()
    if node.end_lineno == node.lineno and old and old[0].isdigit():
        value = node.value
        assert isinstance(value, int | float)
        new = value + 1 if isinstance(value, int) else value * 1.1 or 0.1
        yield node.lineno - 1, node.col_offset, old, repr(new)


def sample(rooms: list[str], each: int, seed: int) -> list[Mutant]:
    """Some changes of every room, the same for the same seed."""
    chosen = random.Random(seed)
    found: list[Mutant] = []
    for room in rooms:
        files = sorted((PACKAGE / room).rglob("*.py")) or [PACKAGE / f"{room}.py"]
        of_room = [mutant for path in files for mutant in mutants(path)]
        found += chosen.sample(of_room, min(each, len(of_room)))
    return found


def noticed(mutant: Mutant, copy: Copy, tests: Path) -> bool:
    """Do the tests fail on the copy with the change?"""
    before = mutant.path.read_text(encoding="utf-8")
    seen = copy.seen(tests)
    named, elsewhere = seen.of_lines(mutant.name, mutant.lines)
    machine_code = "compiled" in before or mutant.path.name == "formulas.py"
    others = [test for test in seen.shortest_first() if test not in named]
    with copy.changed(mutant.name, mutant.applied(before)):
        return copy.fails(named) or ((elsewhere or machine_code) and copy.fails(others))


def main() -> None:
    """Sample, run, count."""
    rooms = sorted(p.name for p in PACKAGE.iterdir() if (p / "__init__.py").exists())
    parser = argparse.ArgumentParser(description="Wie viele kleine Fehler bemerken die Tests?")
    parser.add_argument("--each", type=int, default=3, help="Änderungen je Raum")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rooms", nargs="+", default=rooms)
    parser.add_argument("--skip", type=int, default=0, help="so viele Änderungen auslassen, die schon gelaufen sind")
    parser.add_argument("--minutes", type=float, default=float("inf"), help="danach keine Änderung mehr beginnen")
    parser.add_argument("--folder", type=Path, help="wo Kopie und Notizen bleiben")
    parser.add_argument("--list", action="store_true", help="nur zeigen, was geändert würde")
    options = parser.parse_args()
    found = sample(options.rooms, options.each, options.seed)
    if options.list:
        print(*found, sep="\n")
        return
    with tempfile.TemporaryDirectory() as folder:
        _run(found[options.skip :], Copy(ROOT, options.folder or Path(folder)), time.monotonic() + 60 * options.minutes)


def _run(found: list[Mutant], copy: Copy, until: float) -> None:
    run = missed = 0
    for mutant in found:
        tests = ROOT / "tests" / ELSEWHERE.get(mutant.room, mutant.room)
        if not copy.note(tests, until) or time.monotonic() > until:
            break
        run += 1
        if not noticed(mutant, copy, tests):
            missed += 1
            print(f"nicht bemerkt: {mutant}", flush=True)
    print(f"{run - missed} von {run} bemerkt")


if __name__ == "__main__":
    main()
