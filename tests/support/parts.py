"""Parts of the compiled loops of the draws, each compiled on its own, so that a test can call it."""

from __future__ import annotations

from functools import cache
from types import ModuleType
from typing import Any

from zwkprognose.engine.compiled.compiling import Kernel, plain
from zwkprognose.engine.draws import counts as _counts
from zwkprognose.engine.draws import streams as _streams


class Parts:
    """The functions and constants of a module."""

    def __init__(self, module: ModuleType) -> None:
        self._of = cache(lambda name: getattr(module, name))

    def __getattr__(self, name: str) -> Any:
        value = self._of(name)
        function = plain(value)
        if function is None or isinstance(value, Kernel):
            return value
        known = self.__dict__.setdefault("known", {})
        return known.setdefault(name, Kernel(function))


counts, streams = Parts(_counts), Parts(_streams)
