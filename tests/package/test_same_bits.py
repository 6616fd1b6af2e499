"""The same bits on every machine, as far as one machine can tell: other processors are pretended."""

from __future__ import annotations

import ast
import json
import os
import platform
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from numpy._core import _multiarray_umath

import zwkprognose

PACKAGE = Path(zwkprognose.__file__).parent
CHAIN = Path(__file__).with_name("chain.py")
#: What processors differ in: vector instructions of NumPy, of the linear algebra, of compiled code.
OLDER = {
    "NPY_DISABLE_CPU_FEATURES": " ".join(
        name for name in _multiarray_umath.__cpu_dispatch__ if _multiarray_umath.__cpu_features__.get(name)
    ),
    "OPENBLAS_CORETYPE": "Nehalem" if platform.machine() == "x86_64" else "ARMV8",
    "NUMBA_CPU_NAME": "haswell" if platform.machine() == "x86_64" else "generic",
}


def _checksums(**variables: str) -> dict[str, str]:
    done = subprocess.run(
        [sys.executable, str(CHAIN)], env={**os.environ, **variables}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout))


def test_from_tables_to_projection_every_bit_is_the_same_on_an_older_processor() -> None:
    here, older = _checksums(), _checksums(**OLDER)
    assert len(here) > 60
    assert not [name for name, bits in here.items() if older[name] != bits]


def test_the_pretended_processor_is_another_one() -> None:
    """Otherwise the comparison above would prove nothing. NumPy's exp differs by AVX-512, where there is any."""
    code = "import numpy as np, hashlib; print(hashlib.md5(np.exp(np.linspace(-9, 9, 9999)).tobytes()).hexdigest())"
    run = [subprocess.check_output([sys.executable, "-c", code], env={**os.environ, **more}) for more in ({}, OLDER)]
    assert run[0] != run[1] or "V4" not in OLDER["NPY_DISABLE_CPU_FEATURES"]


#: Rooms on the way from tables to a projection …
ROOMS = ("inputs", "rates", "scenarios")
#: … and what they must leave to ``arithmetic``.
FUNCTIONS = {
    "exp", "expm1", "exp2", "log", "log1p", "log2", "log10", "logaddexp", "power", "float_power", "sin", "cos", "tanh",
    "sum", "nansum", "mean", "nanmean", "average", "std", "var", "dot", "vdot", "inner", "matmul", "tensordot",
    "einsum", "convolve", "interp", "trapezoid", "reduceat", "polyfit", "pow",
}  # fmt: skip
MODULES = {"linalg", "fft"}
#: What reaches no projection: methods for teaching and for checking by hand, what people read, types of areas, which
#: are names; and sums of pandas, which are compensated.
ELSEWHERE = (
    "rates/textbook/", "rates/mortality/infant.py", "rates/mortality/lee_carter.py", "rates/explain.py",
    "rates/area_types.py", "scenarios/context.py", "inputs/flows.py",
)  # fmt: skip


def test_nothing_on_the_way_computes_by_what_hangs_on_the_machine() -> None:
    found = [f"{path}:{line}: {what}" for path, line, what in _uses() if not path.startswith(ELSEWHERE)]
    assert not found, "\n".join(["Dafür ist arithmetic.py da:", *found])


def test_the_engine_computes_so_too_but_for_chance_and_its_own_sums() -> None:
    """Its sums are those of its checks and messages; what reaches a projection is added in a stated order."""
    found = [f"{path}:{line}: {what}" for path, line, what in _uses(("engine",)) if "/draws/" not in path]
    assert not [use for use in found if not use.endswith((".sum", ".reduceat"))]


def _uses(rooms: tuple[str, ...] = ROOMS) -> Iterator[tuple[str, int, str]]:
    for room in rooms:
        for path in sorted((PACKAGE / room).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                what = _machine_bound(node)
                if what:
                    yield path.relative_to(PACKAGE).as_posix(), node.lineno, what


def _machine_bound(node: ast.AST) -> str:
    if isinstance(node, ast.BinOp | ast.AugAssign) and isinstance(node.op, ast.MatMult | ast.Pow):
        return ast.unparse(node)
    called = node.func if isinstance(node, ast.Call) else None
    if isinstance(called, ast.Attribute) and called.attr in FUNCTIONS:
        return ast.unparse(called)
    return ast.unparse(node) if isinstance(node, ast.Attribute) and node.attr in MODULES else ""
