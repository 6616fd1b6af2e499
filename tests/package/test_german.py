"""Numbers, ages and lists as Germans read them, written in one place."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import zwkprognose
from zwkprognose import german
from zwkprognose.tables.signs import read_number

PACKAGE = Path(zwkprognose.__file__).parent
#: Files that write numbers for programs, and which: coordinates of SVG, keys of scenarios and quotas.
FOR_PROGRAMS = ("output/figures/", "scenarios/levers.py", "output/content/quotas.py")


@pytest.mark.parametrize(
    "text",
    [
        german.number(-1234.5, 1), german.decimal(-1234.5), german.number_text(-1234.5), german.stated(-1234.5),
        german.signed(-1234.5, 1), german.percent(-1234.5).removesuffix("\u202f%"),
    ],
)  # fmt: skip
def test_a_number_is_written_in_one_way(text: str) -> None:
    assert text == "−1.234,5"


@pytest.mark.parametrize("write", [german.number, german.signed, german.percent, german.decimal])
@pytest.mark.parametrize("value", [-0.04, -0.0, 0.0, 0.04])
def test_what_rounds_to_nothing_has_no_sign(write, value: float) -> None:
    assert write(value, 1).removesuffix("\u202f%").removesuffix(",0") == "0"


@pytest.mark.parametrize(
    ("value", "whole"),
    [(0.5, "0"), (1.5, "2"), (2.5, "2"), (12.5, "12"), (13.5, "14"), (-0.5, "0"), (-1.5, "−2"), (999.5, "1.000")],
)
def test_halves_go_to_the_even_digit(value: float, whole: str) -> None:
    assert german.number(value) == whole


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"), (-0.0, "0"), (7, "7"), (1e6, "1.000.000"), (123456.7, "123.457"), (12345.67, "12.345,7"),
        (0.1 + 0.2, "0,3"), (999999.9, "1.000.000"), (0.00031, "0,00031"), (-2.5e-9, "−2,5 · 10⁻⁹"),
        (1.5e20, "1,5 · 10²⁰"), (float("inf"), "∞"), (float("-inf"), "−∞"), (float("nan"), "."),
    ],
)  # fmt: skip
def test_a_number_in_a_sentence(value: float, text: str) -> None:
    assert german.number_text(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (2030, "2030"), (2030.0, "2030"), (123456, "123456"), (-4, "−4"), (True, "True"), (None, "None"),
        (0.123456789012, "0,123456789"), (12345.5, "12.345,5"), ("0101", "0101"),
    ],
)  # fmt: skip
def test_an_error_states_years_as_years(value: object, text: str) -> None:
    assert german.stated(value) == text


@given(st.floats(allow_nan=False, allow_infinity=False, min_value=-1e15, max_value=1e15))
def test_what_a_file_holds_is_the_number_to_the_last_bit(value: float) -> None:
    text = german.written(value)
    assert float(text.replace(",", ".")) == value
    assert "e" not in text


@given(st.floats(allow_nan=False, allow_infinity=False, min_value=-1e12, max_value=1e12), st.integers(0, 4))
def test_what_readers_see_is_read_back_as_the_rounded_number(value: float, digits: int) -> None:
    assert read_number(german.number(value, digits), ",") == float(f"{value:.{digits}f}")
    assert read_number(german.decimal(value, digits), ",") == float(f"{value:.{digits}f}")


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (0, "0 Jahre"), (1, "1 Jahr"), (1.0, "1 Jahr"), (0.999, "1 Jahr"), (1.2, "1,2 Jahre"), (-1, "−1 Jahr"),
        (21, "21 Jahre"), (1001, "1.001 Jahre"),
    ],
)  # fmt: skip
def test_the_noun_agrees_with_the_number_that_is_shown(count: float, text: str) -> None:
    assert german.counted(count, "Jahr", "Jahre") == text


def test_lists_of_numbers_do_not_run_together() -> None:
    assert german.numbers([]) == ""
    assert german.numbers([1.5]) == "1,5"
    assert german.numbers([1.5, 2.0, -3.25]) == "1,5; 2; −3,25"


def test_shares_and_changes() -> None:
    assert (german.share(0.005), german.share(1)) == ("0 %", "100 %")
    assert (german.percent(3.25), german.percent(-3.26)) == ("+3,2\u202f%", "−3,3\u202f%")
    assert german.signed(0.4) == "0"


def test_no_other_file_formats_numbers() -> None:
    found = [f"{path}:{line}: {what}" for path, line, what in _formats() if not path.startswith(FOR_PROGRAMS)]
    assert not found, "\n".join(["Zahlen schreibt nur german.py:", *found])


def test_the_rule_sees_formats() -> None:
    code = 'f"{x:.1f}"; f"{x:,}"; f"{x:.{n}f}"; str(x).replace(".", ","); "%.2f" % x; "{x:.0f}".format(x=x); f"{x:>10}"'
    assert len(list(_found_in(ast.parse(code)))) == 6


def _formats() -> Iterator[tuple[str, int, str]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        name = path.relative_to(PACKAGE).as_posix()
        if name != "german.py":
            yield from ((name, line, what) for line, what in _found_in(ast.parse(path.read_text("utf-8"))))


def _found_in(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Formats of numbers with decimals or thousands, and points turned into commas."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FormattedValue) and node.format_spec is not None:
            spec = ast.unparse(node.format_spec).removeprefix("f").strip("'\"")
            if re.search(r",|_|\.?[\d}]*[eEfFgGn%]$", spec):
                yield node.lineno, spec
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute | ast.Name):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else node.func.id
            given = [a.value for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str)]
            turned = name in ("replace", "maketrans") and len(given) == 2 and "." in given[0] and "," in given[1]
            if turned or name in ("format_float_positional", "format_float_scientific", "set_locale"):
                yield node.lineno, f"{name}{tuple(given)}"
        text = node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""
        yield from ((node.lineno, found) for found in re.findall(r"%\.\d+[efg]|\{\w*:[.,\d]*[efg,%]\}", text))
