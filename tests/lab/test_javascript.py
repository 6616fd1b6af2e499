"""Formulas as JavaScript: what means the same is translated, everything else is refused by its line."""

from __future__ import annotations

from types import ModuleType

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from py_mini_racer import MiniRacer

from zwkprognose import arithmetic
from zwkprognose.engine import formulas
from zwkprognose.lab import javascript as translation
from zwkprognose.lab.filling import engine_script
from zwkprognose.lab.javascript import NotTheSameError, javascript

NUMBERS = st.floats(-1e6, 1e6, allow_subnormal=False)
LINES = [name for name, value in vars(formulas).items() if callable(value) and value.__module__ == formulas.__name__]


@pytest.fixture(scope="module")
def script() -> MiniRacer:
    context = MiniRacer()
    context.eval(engine_script())
    return context


def bits(script: MiniRacer, expression: str) -> int:
    """The bits of a number, so that −0 and NaN are told from others."""
    code = (
        f"((f) => {{ f[0] = {expression}; return new BigUint64Array(f.buffer)[0].toString(); }})(new Float64Array(1))"
    )
    return int(str(script.eval(code)))


def written(value: float) -> str:
    return f"({value!r})".replace("inf", "Infinity")


@pytest.mark.parametrize("name", LINES)
@given(values=st.lists(NUMBERS, min_size=5, max_size=5))
def test_every_line_of_the_year_gives_the_same_bits(script: MiniRacer, name: str, values: list[float]) -> None:
    line = getattr(formulas, name)
    arguments = values[: line.__code__.co_argcount]
    try:
        wanted = line(*arguments)
    except ZeroDivisionError:
        return  # an array has infinity there, a single number none
    found = bits(script, f"formulas.{name}({', '.join(map(written, arguments))})")
    assert found == int(np.float64(wanted).view(np.uint64))


@given(st.floats(-740, 709), st.floats(0, 1e300), st.floats(0, 1), st.floats(0.05, 12), st.integers(0, 200))
def test_exponentials_logarithms_and_powers_are_those_of_python(
    script: MiniRacer, x: float, positive: float, base: float, exponent: float, times: int
) -> None:
    asked = {
        f"arithmetic.exp({x!r})": arithmetic.exp(x),
        f"arithmetic.log({positive!r})": arithmetic.log(positive),
        f"arithmetic.power({base!r}, {exponent!r})": arithmetic.power(base, exponent),
        f"arithmetic.power({base!r}, {times})": arithmetic.power(base, times),
    }
    for expression, wanted in asked.items():
        assert bits(script, expression) == int(np.float64(wanted).view(np.uint64)), expression


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("x ** 2", "line 2: x ** 2"), ("x % 2.0", "line 2: x % 2.0"), ("x // 2.0", "line 2: x // 2.0"),
        ("max(x, y)", "line 2: max"), ("x if y else 1.0", "line 2"), ("x < y", "line 2: x < y"),
        ("unknown * x", "line 2: unknown"), ("x and y", "line 2: x and y"), ("x * True", "line 2: True"),
    ],
)  # fmt: skip
def test_what_might_mean_something_else_is_refused(monkeypatch: pytest.MonkeyPatch, body: str, told: str) -> None:
    source = f"def line(x, y):\n    return {body}\n"
    monkeypatch.setattr(translation.inspect, "getsource", lambda module: source)
    with pytest.raises(NotTheSameError) as refused:
        javascript(ModuleType("formulas"))
    assert told in str(refused.value)


def test_the_order_of_python_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    source = 'HALF = 1 / 2\ndef line(x, y):\n    """Said."""\n    return x - (y - HALF) * -x / (2 * y)\n'
    monkeypatch.setattr(translation.inspect, "getsource", lambda module: source)
    assert javascript(ModuleType("a.b")) == (
        "const b = {\n  HALF: 1.0 / 2.0,\n  line: (x, y) => x - (((y - (1.0 / 2.0)) * (-x)) / (2.0 * y)),\n};\n"
    )
