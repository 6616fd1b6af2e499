"""No two files need each other, not even for their types, but where a circle is meant."""

from __future__ import annotations

import ast
from pathlib import Path

import zwkprognose

ROOT = Path(zwkprognose.__file__).parent
#: A scenario and what it can do are one thing in several files; a table, its ledger and the readers of files as well.
MEANT = ("zwkprognose.scenarios.", "zwkprognose.tables.")


def _needs() -> dict[str, set[str]]:
    """Every module and the modules that it imports, also inside of functions and for types alone."""
    files = {
        ".".join(path.relative_to(ROOT.parent).with_suffix("").parts): path
        for path in ROOT.rglob("*.py")
        if path.name != "__init__.py"
    }
    needs: dict[str, set[str]] = {}
    for name, path in files.items():
        imports = [n for n in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(n, ast.ImportFrom)]
        told = {f"{n.module}.{a.name}" for n in imports for a in n.names} | {str(n.module) for n in imports}
        needs[name] = told & set(files)
    return needs


def _reached(start: str, needs: dict[str, set[str]]) -> set[str]:
    found: set[str] = set()
    ahead = set(needs[start])
    while ahead:
        found |= ahead
        ahead = set().union(*(needs[name] for name in ahead)) - found
    return found


def test_no_file_needs_itself() -> None:
    needs = _needs()
    assert len(needs) > 400
    circles = [name for name in needs if name in _reached(name, needs) and not name.startswith(MEANT)]
    assert circles == []
