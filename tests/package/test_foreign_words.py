"""What Python and other libraries say of an error is English: it is a cause, never a part of a message."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import zwkprognose
from zwkprognose import errors

PACKAGE = Path(zwkprognose.__file__).parent
#: Errors with German words of our own.
OWN = {name for name in vars(errors) if name.endswith("Error")} | {"UsageError", "_SaidTwiceError"}
#: File and function → why the words of an error may be used there.
ALLOWED = {
    ("cli/app.py", "_own_fault"): "a mistake of the program itself, to be reported as it is",
    ("evaluation/target.py", "_goal"): "parse_ages says it in German",
    ("engine/compiled/compute.py", "compiling"): "told apart by what it says",
    ("engine/compiled/compiling.py", "*"): "told apart by what it says, not quoted",
    ("complaints.py", "toml_place"): "only the numbers of line and column are taken from it",
    ("tables/files/text.py", "csv_words"): "told apart by what it says",
    ("output/profiles/pdf.py", "require_pdf"): "only the name of the library is taken from it",
}


def _uses(handler: ast.AST, name: str) -> Iterator[int]:
    """Lines in which the words of an error are taken: in an f-string, by str(), or of its arguments."""
    for node in ast.walk(handler):
        parts: list[ast.expr] = []
        if isinstance(node, ast.FormattedValue):
            parts = [node.value]
        elif isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] in ("str", "repr", "format"):
            parts = node.args
        elif isinstance(node, ast.Attribute) and node.attr in ("args", "strerror", "msg", "reason"):
            parts = [node.value]
        if any(isinstance(part, ast.Name) and part.id == name for part in parts):
            yield node.lineno


def _caught(handler: ast.ExceptHandler) -> set[str]:
    kinds = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return {ast.unparse(kind).rpartition(".")[2] for kind in kinds if kind is not None}


def _quotes(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """Function and line of every place that takes the words of a foreign error."""
    for function in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)):
        for node in ast.walk(function):
            if isinstance(node, ast.ExceptHandler) and node.name and not _caught(node) <= OWN:
                yield from ((function.name, line) for line in _uses(node, node.name))
        for arg in function.args.args:
            kind = ast.unparse(arg.annotation).rpartition(".")[2] if arg.annotation is not None else ""
            if kind == "Exception" or (kind.endswith("Error") and kind not in OWN):
                yield from ((function.name, line) for line in _uses(function, arg.arg))


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_no_message_quotes_a_foreign_error(path: Path) -> None:
    file = path.relative_to(PACKAGE).as_posix()
    found = [
        f"{file}:{line} ({function})"
        for function, line in _quotes(ast.parse(path.read_text("utf-8")))
        if (file, function) not in ALLOWED and (file, "*") not in ALLOWED
    ]
    assert found == []


@pytest.mark.parametrize(
    "way", ['f"kaputt: {error}"', "str(error)", "error.args[0]", "error.strerror", "repr(error)", "'{}'.format(error)"]
)
def test_the_rule_sees_every_way_of_quoting(way: str) -> None:
    source = "def read():\n    try:\n        pass\n    except {0} as error:\n        raise TableError({1}) from error\n"
    assert list(_quotes(ast.parse(source.format("ValueError", way)))) != []
    assert list(_quotes(ast.parse(source.format("InputError", way)))) == []


def test_the_rule_sees_errors_that_are_handed_on() -> None:
    helper = "def words(error: OSError) -> str:\n    return f'{error}'\n"
    assert list(_quotes(ast.parse(helper))) == [("words", 2)]


def test_exceptions_of_the_rule_are_still_there() -> None:
    for file, function in ALLOWED:
        quoted = {name for name, _ in _quotes(ast.parse((PACKAGE / file).read_text("utf-8")))}
        assert quoted if function == "*" else function in quoted, (file, function)
