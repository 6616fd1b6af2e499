"""Nothing stale: the name under which a kernel is kept changes with everything that is compiled into it."""

from __future__ import annotations

import importlib
import os
import pkgutil
import subprocess
import sys
from pathlib import Path
from types import FunctionType

import numba as nb
import numpy as np
import pytest
from numba.core.caching import CacheImpl, IndexDataCacheFile

import zwkprognose.engine
from zwkprognose.engine.compiled import compiling
from zwkprognose.engine.compiled.compiling import (
    CONSTANTS,
    Kernel,
    called,
    checksum,
    ingredients,
    inlined,
    plain,
)
from zwkprognose.engine.compiled.joining import PartLibrary


def modules() -> list[object]:
    """All modules of the engine."""
    found = pkgutil.walk_packages(zwkprognose.engine.__path__, "zwkprognose.engine.")
    return [importlib.import_module(m.name) for m in found]


TESTS = Path(__file__).parents[1]
KERNELS = {f"{m.__name__}.{k}": v for m in modules() for k, v in vars(m).items()
           if isinstance(v, Kernel) and v.function.__module__ == m.__name__}  # fmt: skip


def home(name: str) -> tuple[object, str]:
    """Module and name of an ingredient."""
    module, _, own = name.rpartition(".")
    return importlib.import_module(module), own


def other(value: object) -> object:
    """Another constant of the same kind."""
    if isinstance(value, np.ndarray):
        return value + 1
    return (*value, "x") if isinstance(value, tuple) else f"{value}x" if isinstance(value, str) else 2 * value + 1


def changed(function: FunctionType) -> FunctionType:
    """The same function with one more step, as an edit would leave it."""
    code = function.__code__
    return function.__code__.replace(co_consts=(*code.co_consts, "an edit"))  # type: ignore[return-value]


def test_there_are_kernels_of_every_kind() -> None:
    homes = {name.rpartition(".")[0].removeprefix("zwkprognose.engine.") for name in KERNELS}
    assert {"compiled.areas", "compiled.city", "draws.many_draws"} <= homes


@pytest.mark.parametrize("name", KERNELS)
def test_every_constant_and_every_function_counts(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Wherever it stands: a constant with another value, or a function with another line, is another kernel."""
    kernel = KERNELS[name]
    before = checksum(kernel)
    assert before == checksum(kernel)
    for ingredient in ingredients(kernel):
        module, own = home(ingredient)
        value = vars(module).get(own)
        with monkeypatch.context() as patch:
            if isinstance(value, CONSTANTS):
                patch.setattr(module, own, other(value))
            else:
                function = plain(value) if value is not None else None
                if function is None or function.__module__ != module.__name__:  # under another name, or a lambda
                    continue
                patch.setattr(function, "__code__", changed(function))
            assert checksum(kernel) != before, ingredient
    assert checksum(kernel) == before


def test_constants_of_other_rooms_are_found() -> None:
    """The share that may leave and the steps of the Eckwerte stand in the features."""
    found = {name for kernel in KERNELS.values() for name in ingredients(kernel)}
    assert "zwkprognose.engine.formulas.deaths" in found


@inlined
def half(x):  # type: ignore[no-untyped-def]
    """A line of a loop."""
    return 0.5 * x


@called
def halve(row):  # type: ignore[no-untyped-def]
    """A loop over a row."""
    for k in range(row.shape[0]):
        row[k] = half(row[k])


def quarter(row):  # type: ignore[no-untyped-def]
    """A kernel, with a part that calls a part."""
    halve(row)
    halve(row)


def test_parts_are_made_into_code_with_their_kernel_only() -> None:
    """None of them is optimised by itself; a loop stays a function, a line is written into it."""
    kernel, row = nb.njit(quarter), np.array([4.0, 8.0])
    kernel(row)
    assert row.tolist() == [1.0, 2.0]
    for part in (half, halve):
        (one,) = part.overloads.values()
        assert isinstance(one.library, PartLibrary)
    (code,) = kernel.inspect_llvm().values()
    names = [next(iter(part.overloads.values())).fndesc.mangled_name for part in (half, halve)]
    assert [f"{name}(" in code for name in names] == [False, True]


#: A numba of tomorrow, into which ``joining`` does not fit; which parts its kernels have, and what they compute.
TOMORROW = """
import sys
import numba
numba.__version__ = "99.0.0"
sys.modules["zwkprognose.engine.compiled.joining"] = None
sys.path.insert(0, {tests!r})
import numpy as np
from support.cities import START, City, rates_of, stock_of, with_moves
from zwkprognose import project
from zwkprognose.engine.compiled.rows import grow

town = City(areas=3, groups=2, open_age=7, seed=3)
stock, rates = stock_of(town, least=3.0), with_moves(rates_of(town), town, "pool")
one, other = (project(stock, rates, until=START + 3, method=m) for m in ("kernel", "reference"))
for name in other:
    np.testing.assert_array_equal(one[name].values, other[name].values, name)
print([type(part.library).__name__ for part in grow.overloads.values()])
"""


@pytest.mark.parametrize(("version", "joins"), [
    ("0.59.1", False), ("0.60.0rc1", True), ("0.61.2", True), ("0.68.1", True), ("0.69.0dev0+12.gabc", False),
    ("0+untagged.2700.g1f3a", False), ("1.0.0", False),
])  # fmt: skip
def test_parts_are_joined_by_a_numba_that_was_tried(version: str, joins: bool) -> None:
    assert ("pipeline_class" in compiling._of_parts(version)) is joins


def test_a_numba_of_tomorrow_computes_the_same(tmp_path: Path) -> None:
    """Kernels are compiled the usual way then, each part by itself; the bits are those of the reference."""
    code, environment = TOMORROW.format(tests=str(TESTS)), os.environ | {"NUMBA_CACHE_DIR": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False)
    assert done.stdout.split() == ["['JITCodeLibrary']"], done.stderr[-3000:]


def halved(values: np.ndarray) -> None:
    """A kernel of these tests."""
    values[0] /= 2


@pytest.mark.parametrize("signature", [(), (nb.float64[::1],)])
def test_a_kernel_that_nothing_can_keep_is_compiled_all_the_same(
    signature: tuple[nb.types.Type, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(CacheImpl, "_locator_classes", [])  # as numba finds it without a home, beside read-only files
    values = np.array([3.0])
    with pytest.warns(RuntimeWarning, match="NUMBA_CACHE_DIR"):
        Kernel(halved, signature)(values)
    assert values[0] == 1.5


def test_a_full_disk_does_not_keep_a_kernel_from_being_compiled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(IndexDataCacheFile, "save", full)
    values = np.array([3.0])
    with pytest.warns(RuntimeWarning, match="NUMBA_CACHE_DIR"):
        Kernel(halved, (nb.float64[::1],))(values)
    assert values[0] == 1.5


def test_another_fault_of_the_compiler_is_not_taken_for_a_full_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("something else")

    monkeypatch.setattr(nb, "njit", broken)
    with pytest.raises(RuntimeError, match="something else"):
        Kernel(halved).ready()
