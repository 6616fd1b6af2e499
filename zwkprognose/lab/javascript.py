"""The lines of the year as JavaScript, made from ``engine/formulas.py`` so that they stand in one place.

Plain arithmetic means the same in both languages: IEEE doubles, the same order, the same bits. Whatever has another
meaning in JavaScript, or none that is certain, is refused instead of translated: powers, ``%``, comparisons in chains,
``round``, ``max``, calls of any kind.
"""

from __future__ import annotations

import ast
import inspect
from types import ModuleType

#: Operators with the same result to the bit.
_SAME: dict[type[ast.operator], str] = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}


class NotTheSameError(ValueError):
    """A line that JavaScript might compute otherwise; names the line of the module."""

    def __init__(self, node: ast.AST, what: str) -> None:
        super().__init__(f"line {getattr(node, 'lineno', '?')}: {what} does not mean the same in JavaScript")


def javascript(module: ModuleType) -> str:
    """The constants and functions of a module of formulas, as an object of the same name.

    Parameters
    ----------
    module : module
        Functions of one ``return`` in plain arithmetic, and constants.

    Returns
    -------
    str
        ``const formulas = {…};``

    Raises
    ------
    NotTheSameError
        If a line uses more than ``+ − * /``, parameters, constants and numbers.

    Examples
    --------
    >>> from zwkprognose.engine import formulas
    >>> "early: (w, movers) => w * movers," in javascript(formulas)
    True
    """
    return "".join(f"const {module.__name__.rsplit('.', 1)[-1]} = {{\n{_members(inspect.getsource(module))}}};\n")


def _members(source: str) -> str:
    constants: dict[str, str] = {}
    lines = []
    for node in ast.parse(source).body:
        if isinstance(node, ast.FunctionDef):
            parameters = [a.arg for a in node.args.args]
            line = _written(_returned(node), parameters, constants)
            lines.append(f"  {node.name}: ({', '.join(parameters)}) => {line},\n")
        elif isinstance(node, ast.Assign) and not isinstance(node.value, ast.Name):  # a type has no value
            (target,) = node.targets
            assert isinstance(target, ast.Name)
            constants[target.id] = _written(node.value, [], constants)
    return "".join([*(f"  {name}: {value},\n" for name, value in constants.items()), *lines])


def _returned(function: ast.FunctionDef) -> ast.expr:
    """What a function of one line gives back."""
    said = [n for n in function.body if not (isinstance(n, ast.Expr) and isinstance(n.value, ast.Constant))]
    if len(said) != 1 or not isinstance(said[0], ast.Return) or said[0].value is None:
        raise NotTheSameError(function, "more than one line")
    return said[0].value


def _written(node: ast.expr, parameters: list[str], constants: dict[str, str]) -> str:
    if isinstance(node, ast.BinOp) and type(node.op) in _SAME:
        left, right = (_inner(n, parameters, constants) for n in (node.left, node.right))
        return f"{left} {_SAME[type(node.op)]} {right}"
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return f"-{_inner(node.operand, parameters, constants)}"
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float) and not isinstance(node.value, bool):
        return repr(float(node.value))
    if isinstance(node, ast.Name) and node.id in parameters:
        return node.id
    if isinstance(node, ast.Name) and node.id in constants:
        return f"({constants[node.id]})"
    raise NotTheSameError(node, ast.unparse(node))


def _inner(node: ast.expr, parameters: list[str], constants: dict[str, str]) -> str:
    """An operand: every operation in brackets, so that the order is that of Python."""
    text = _written(node, parameters, constants)
    return f"({text})" if isinstance(node, ast.BinOp | ast.UnaryOp) else text
