"""The rooms of the engine: no file imports itself by a detour, and the lines of a year are plain arithmetic."""

from __future__ import annotations

import ast
from graphlib import TopologicalSorter
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import zwkprognose.engine
from zwkprognose.engine import formulas
from zwkprognose.engine.compiled import expected, expected_year

ROOM = Path(zwkprognose.engine.__file__).parent
LINES = [name for name, value in vars(formulas).items() if callable(value) and value.__module__ == formulas.__name__]


def imports() -> dict[str, set[str]]:
    """The modules of the engine that each of them names anywhere, also for types only and inside of functions."""
    paths = {p: p.relative_to(ROOM).with_suffix("").parts for p in ROOM.rglob("*.py")}
    files = {".".join(("zwkprognose.engine", *parts)): path for path, parts in paths.items()}
    found: dict[str, set[str]] = {}
    for name, path in files.items():
        tree = ast.parse(path.read_text(encoding="utf-8"))
        found[name] = set()
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.module:
                whole = {f"{node.module}.{alias.name}" for alias in node.names} | {node.module}
                found[name] |= whole & files.keys()
    return found


def test_no_file_imports_itself_by_a_detour() -> None:
    order = list(TopologicalSorter(imports()).static_order())
    assert len(order) > 30


def test_numbers_that_are_said_on_both_sides_of_the_compiler_agree() -> None:
    """What is imported without a compiler names them too."""
    for name in ("STOCK", "COMPONENTS", "CHANCES", "NEGATIVE"):
        assert getattr(expected, name) == getattr(expected_year, name)


def test_features_lie_below_the_model() -> None:
    for name, others in imports().items():
        if ".features." in name:
            last = {o.rpartition(".")[2] for o in others}
            assert not last & {"model", "years", "compute", "expected_year", "job"}, name


def test_lines_are_plain_arithmetic() -> None:
    """Numbers, names, + − · /: nothing whose bits depend on a library or a processor."""
    allowed = (ast.Expression, ast.BinOp, ast.Name, ast.Load, ast.Constant, ast.Add, ast.Sub, ast.Mult, ast.Div)
    tree = ast.parse((ROOM / "formulas.py").read_text(encoding="utf-8"))
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    assert len(functions) == len(LINES) > 10
    for function in functions:
        docstring, line = function.body
        assert isinstance(docstring, ast.Expr)
        assert isinstance(line, ast.Return)
        assert line.value is not None
        assert all(isinstance(node, allowed) for node in ast.walk(line.value)), function.name


@pytest.mark.parametrize("name", LINES)
@settings(max_examples=20)
@given(seed=st.integers(0, 10_000))
def test_a_line_has_the_same_bits_for_a_cell_and_for_an_array(name: str, seed: int) -> None:
    line = getattr(formulas, name)
    numbers = np.random.default_rng(seed).uniform(0.1, 9.0, (line.__code__.co_argcount, 7))
    np.testing.assert_array_equal(line(*numbers), [line(*map(float, cell)) for cell in numbers.T])
