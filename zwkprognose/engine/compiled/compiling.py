"""The one way to compile: when a kernel is first called, kept on disk, and never stale.

Numba keeps a compiled kernel under its name and notices changes of the file only in which the kernel stands. The name
therefore ends with a checksum of everything that is compiled into it: the functions that it calls, wherever they stand,
those that they call, and the constants that any of them names.
"""

from __future__ import annotations

import hashlib
import re
import warnings
from collections.abc import Iterator
from threading import Lock
from types import CodeType, FunctionType, ModuleType
from typing import Any

import numba as nb
import numpy as np
from numba import types

HOW: dict[str, Any] = {"nogil": True, "error_model": "numpy", "no_cfunc_wrapper": True}
#: Without reference counts, which took as long as the numbers: for what allocates nothing, callers give it tables to
#: work in.
LEAN: dict[str, Any] = HOW | {"_nrt": False}
#: Versions of numba whose inner classes ``joining`` fits: tried with the first and the last.
JOINS = (0, 60), (0, 68)


def _of_parts(version: str) -> dict[str, Any]:
    """How parts are compiled, which are called by compiled functions only.

    By a numba that nobody has tried they are compiled as numba does it: what comes out has the same bits, and is
    waited for twice as long, once. Nothing then is asked of the inside of numba, which may be another.
    """
    own: dict[str, Any] = {"no_cpython_wrapper": True}
    if not JOINS[0] <= tuple(map(int, re.findall(r"\d+", version)[:2])) <= JOINS[1]:
        return own
    from zwkprognose.engine.compiled.joining import Part

    return own | {"pipeline_class": Part}


JOINED = _of_parts(nb.__version__)
NOWHERE = (
    "Übersetzte Rechenkerne lassen sich nirgends ablegen und werden bei jedem Start neu übersetzt; die Ergebnisse sind "
    "dieselben. Was tun: Die Umgebungsvariable NUMBA_CACHE_DIR auf einen beschreibbaren Ordner setzen."
)
CONSTANTS = (bool, int, float, str, tuple, np.generic, np.ndarray)
OURS = __name__.partition(".")[0]


class Kernel:
    """A function that is compiled, or found on disk, when it is first called.

    Parameters
    ----------
    function : function
        In Python, or a part of other kernels that shall be called from Python too.
    signature : tuple of numba types
        For which it is compiled, or none for those of its first call.
    """

    def __init__(self, function: Any, signature: tuple[Any, ...] = ()) -> None:
        self.function, self._signature = getattr(function, "py_func", function), signature
        self._ready: Any = None
        self._lock = Lock()

    def ready(self) -> Any:
        """The compiled function; it releases the interpreter lock while it runs."""
        with self._lock:
            if self._ready is None:
                self.function.__qualname__ = f"{self.function.__name__}_{checksum(self.function)}"
                given: Any = [types.void(*self._signature)] if self._signature else None
                how = LEAN if self._signature else HOW
                self._ready = _kept(self.function, given, how)
            return self._ready

    def __call__(self, *arguments: Any) -> Any:
        return (self._ready or self.ready())(*arguments)


def _kept(function: FunctionType, signature: Any, how: dict[str, Any]) -> Any:
    """Compiled and kept on disk; where nothing can be kept it is compiled anew in every process, and that is said.

    So it is for a service without a home of its own beside an installation that only administrators may change, or on
    a full disk. The results are the same.
    """
    try:
        return nb.njit(signature, cache=True, **how)(function)
    except OSError:
        pass
    except RuntimeError as error:
        if "cannot cache function" not in str(error):
            raise
    warnings.warn(NOWHERE, RuntimeWarning, stacklevel=2)
    return nb.njit(signature, **how)(function)


def compiled(*signature: Any) -> Any:
    """Make a kernel of a function, for these types; without any it may allocate arrays."""
    return lambda function: Kernel(function, signature)


def inlined(function: Any) -> Any:
    """A part that is written into its callers: a line of a loop, which would take longer to call than to compute."""
    return nb.njit(function, **JOINED, **LEAN, forceinline=True)


def called(function: Any) -> Any:
    """A part that is compiled once for each kernel and called in it; it allocates nothing."""
    return nb.njit(function, **JOINED, **LEAN)


def part(function: Any) -> Any:
    """The same for a part that may allocate arrays."""
    return nb.njit(function, **JOINED, **HOW)


def checksum(function: Any) -> str:
    """Changes when anything does that is compiled into a function."""
    digest = hashlib.blake2b(digest_size=6)
    for name, content in sorted(ingredients(function).items()):
        digest.update(f"{name}={content}\n".encode())
    return digest.hexdigest()


def ingredients(function: Any) -> dict[str, str]:
    """Every function of ours that is compiled into a function, itself included, and every constant, by full name."""
    found: dict[str, str] = {}
    waiting = [one for one in (plain(function),) if one is not None]
    while waiting:
        one = waiting.pop()
        key = f"{one.__module__}.{one.__name__}"
        if key in found:
            continue
        found[key] = _content(one.__code__)
        for home, name, value in _named(one):
            if isinstance(value, CONSTANTS):
                found[f"{home}.{name}"] = repr(value.tolist() if isinstance(value, np.ndarray) else value)
            elif (inner := plain(value)) is not None and inner.__module__.startswith(OURS):
                waiting.append(inner)
    return found


def plain(value: Any) -> FunctionType | None:
    """The function in Python behind a compiled one, or itself; nothing for anything else."""
    value = getattr(value, "function", getattr(value, "__wrapped__", value))
    return value if isinstance(value, FunctionType) else None


def _named(function: FunctionType) -> Iterator[tuple[str, str, Any]]:
    """Module, name and value of every global that a function names, also as a member of a module of ours."""
    names = set(_names(function.__code__))
    modules = []
    for name in names & function.__globals__.keys():
        value = function.__globals__[name]
        if isinstance(value, ModuleType):
            modules += [value] if value.__name__.startswith(OURS) else []
        else:
            yield function.__module__, name, value
    for module in modules:
        for name in names & vars(module).keys():
            yield module.__name__, name, vars(module)[name]


def _names(code: CodeType) -> Iterator[str]:
    yield from code.co_names
    for inner in _inner(code):
        yield from _names(inner)


def _inner(code: CodeType) -> list[CodeType]:
    return [constant for constant in code.co_consts if isinstance(constant, CodeType)]


def _content(code: CodeType) -> str:
    """A function as the interpreter has it: comments and line numbers do not count."""
    spoken = 1 if isinstance(code.co_consts[0], str) else 0
    constants = [repr(c) for c in code.co_consts[spoken:] if not isinstance(c, CodeType)]
    own = (code.co_code.hex(), constants, code.co_names, code.co_varnames, code.co_freevars)
    return repr((own, [_content(inner) for inner in _inner(code)]))
