"""How the kernels are compiled: for given types, when they are first called, and kept on disk."""

from __future__ import annotations

from threading import Lock
from typing import Any

import numba as nb
from numba import types

#: Without reference counts, which took as long as the numbers: kernels allocate nothing, callers give them tables to
#: work in.
HOW: dict[str, Any] = {"nogil": True, "error_model": "numpy", "_nrt": False}


class Kernel:
    """A function that is compiled for its types, or found on disk, when it is first called."""

    def __init__(self, function: Any, signature: tuple[Any, ...]) -> None:
        self._function, self._signature = function, types.void(*signature)
        self._ready: Any = None
        self._lock = Lock()

    def ready(self) -> Any:
        """The compiled function; it releases the interpreter lock while it runs."""
        with self._lock:
            if self._ready is None:
                compiler = nb.njit([self._signature], cache=True, **HOW)
                self._ready = compiler(self._function)
            return self._ready

    def __call__(self, *arguments: Any) -> None:
        (self._ready or self.ready())(*arguments)


def compiled(*signature: Any) -> Any:
    """Make a kernel of a function, for these types."""
    return lambda function: Kernel(function, signature)


def inlined(function: Any) -> Any:
    """A part that is written into the compiled functions."""
    return nb.njit(function, inline="always", **HOW)


def called(function: Any) -> Any:
    """A part that is compiled once and called by the compiled functions."""
    bare: dict[str, Any] = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True}
    return nb.njit(function, **bare, **HOW)
