"""How many small mistakes do the tests notice?

    python benchmarks/mutants.py [--each 3] [--seed 1] [--rooms engine tables …] [--folder FOLDER]

One token of one file is changed at a time: a sign, a comparison, a number, a name of a minimum or maximum. The tests of
the room then run on a copy of the checkout, stopping at the first failure. A change that no test notices is printed
with its line: either it does not matter (a speed, a wording), or a test is missing. Not a part of continuous
integration.

Before the first change the tests of the room run once on a copy in which the statements of the sample say who comes by
(``mutants_seen.py``): that costs no more than the tests. A change is then tried on the examples of its file, on the
tests that reach its statement, the shortest first, and on what else stands in their files. Where a statement also runs
outside of tests (a constant, a shared fixture) or as machine code, which says nothing, the other tests of the room
follow. With ``--folder`` the copy and the notes are kept for the next call with the same sample; tests that were
changed meanwhile are noted anew.
"""

from __future__ import annotations

import argparse
import ast
import random
import tempfile
import time
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

from mutants_seen import Copy, Seen

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
#: A small town of everything without the compiler: tried first on what else would be compiled anew.
UNCOMPILED = "tests/engine/test_without_compiler.py"
#: So many of the shortest tests run before the others start.
FIRST = 12


class Mutant(NamedTuple):
    """A file with one token changed: the place (line and column from 0), the old and the new token.

    ``mark`` is the line before which its statement, or the one around it, begins.
    """

    path: Path
    line: int
    column: int
    old: str
    new: str
    mark: int

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
    for node, mark in _nodes(ast.parse(text), lines):
        for line, column, old, new in _changes(node, lines):
            yield Mutant(path, line, column, old, new, mark)


def _nodes(tree: ast.AST, lines: list[str], mark: int = 0) -> Iterator[tuple[ast.AST, int]]:
    """Every part that may change a result, with the line of its statement: the one around it after ``elif``.

    What stands in a class is reached with it: a statement between its fields would be one of them.
    """
    for node in ast.iter_child_nodes(tree):
        if (isinstance(node, ast.keyword) and node.arg in NO_RESULT) or (isinstance(node, ast.If) and _of_script(node)):
            continue
        own = mark
        if isinstance(node, ast.stmt):
            first = min(one.lineno for one in [*getattr(node, "decorator_list", []), node]) - 1
            own = mark if lines[first].lstrip().startswith("elif") or isinstance(tree, ast.ClassDef) else first
        yield node, own
        yield from _nodes(node, lines, own)


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


def machine_code(path: Path) -> bool:
    """May numba compile it?"""
    return "compiled" in path.read_text(encoding="utf-8") or path.name == "formulas.py"


def noticed(number: int, mutant: Mutant, copy: Copy, seen: Seen, seconds: float) -> bool | None:
    """Do the tests fail on the copy with the change? Nobody knows if some would have taken longer than the seconds."""
    compiled = machine_code(mutant.path)
    named, elsewhere = seen.of(number)
    files = {test.partition("::")[0] for test in named}
    others = [test for test in seen.shortest_first() if test not in named]
    beside = [test for test in others if test.partition("::")[0] in files]
    rest = [test for test in others if test not in beside] if elsewhere or compiled else []
    quick = [mutant.name, UNCOMPILED] if compiled else [mutant.name]
    longer = [*named[FIRST:], *beside, *rest]
    tried = seen.within(longer, seconds)
    with copy.changed(mutant.name, mutant.applied(mutant.path.read_text(encoding="utf-8")), compiled):
        if any(copy.fails(tests) for tests in (quick, named[:FIRST], tried)):
            return True
    return False if tried == longer else None


def main() -> None:
    """Sample, run, count."""
    rooms = sorted(p.name for p in PACKAGE.iterdir() if (p / "__init__.py").exists())
    parser = argparse.ArgumentParser(description="Wie viele kleine Fehler bemerken die Tests?")
    parser.add_argument("--each", type=int, default=3, help="Änderungen je Raum")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rooms", nargs="+", default=rooms)
    parser.add_argument("--skip", type=int, default=0, help="so viele Änderungen auslassen, die schon gelaufen sind")
    parser.add_argument("--minutes", type=float, default=float("inf"), help="danach keine Änderung mehr beginnen")
    parser.add_argument("--seconds", type=float, default=float("inf"), help="Tests einer Änderung, höchstens so lange")
    parser.add_argument("--folder", type=Path, help="wo Kopie und Notizen bleiben")
    parser.add_argument("--list", action="store_true", help="nur zeigen, was geändert würde")
    options = parser.parse_args()
    found = sample(options.rooms, options.each, options.seed)
    if options.list:
        print(*found, sep="\n")
        return
    with tempfile.TemporaryDirectory() as folder:
        copy, until = Copy(ROOT, options.folder or Path(folder)), time.monotonic() + 60 * options.minutes
        _run(found, options.skip, copy, until, options.seconds)


def _run(found: list[Mutant], skip: int, copy: Copy, until: float, seconds: float) -> None:
    answers: list[bool | None] = []
    for room, of_room in groupby(enumerate(found), key=lambda one: one[1].room):
        numbered = list(of_room)
        marks = [(number, mutant.name, mutant.mark) for number, mutant in numbered if not machine_code(mutant.path)]
        seen = copy.note(ROOT / "tests" / ELSEWHERE.get(room, room), marks)
        if copy.fails(seen.shortest_first()[:FIRST]):
            raise SystemExit(f"{room}: Schon ohne Änderung schlägt etwas fehl.")
        for number, mutant in numbered:
            if number < skip or time.monotonic() > until:
                continue
            answers.append(noticed(number, mutant, copy, seen, seconds))
            if not answers[-1]:
                print(f"{'offen' if answers[-1] is None else 'nicht bemerkt'}: {mutant}", flush=True)
    print(f"{answers.count(True)} von {len(answers)} bemerkt, offen sind {answers.count(None)}")


if __name__ == "__main__":
    main()
