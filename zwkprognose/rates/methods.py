"""Ways to estimate one kind of rates: a method is one file of its room and one line of the room's registry."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from typing import Generic, TypeVar

import xarray as xr

Estimate = TypeVar("Estimate")
#: What lets the inputs decide.
AUTO = "auto"


@dataclass(frozen=True)
class Method(Generic[Estimate]):
    """One way to estimate.

    Attributes
    ----------
    name : str
        What calls and documents call it.
    note : str
        What outputs say of it; ``{…}`` are attributes of the rates.
    usable : callable
        Whether the inputs hold what it needs.
    estimate : callable
        The estimate itself; its arguments are those of all methods of the room.
    unused : mapping of str to str
        Options that it leaves without effect, and why.
    """

    name: str
    note: str
    usable: Callable[[xr.Dataset], bool]
    estimate: Callable[..., Estimate]
    unused: Mapping[str, str] = field(default_factory=dict)


class Registry(Generic[Estimate]):
    """All methods of a room by name, the one that uses most of the inputs last; loaded when first asked for."""

    def __init__(self, room: str, modules: dict[str, str]) -> None:
        self._room, self._modules = room, modules

    def __iter__(self) -> Iterator[str]:
        return iter(self._modules)

    def __getitem__(self, name: str) -> Method[Estimate]:
        module = import_module(f"{self._room}.{self._modules[name]}")
        unused = getattr(module, "UNUSED", {})
        return Method(name, module.NOTE, module.usable, module.estimate, unused)

    @property
    def choices(self) -> tuple[str, ...]:
        """What an option may say."""
        return AUTO, *self._modules

    def note(self, name: str | None) -> str:
        """What outputs say of a method; nothing of one that is not there."""
        return self[name].note if name is not None and name in self._modules else ""

    def chosen(self, name: str, inputs: xr.Dataset) -> Method[Estimate]:
        """The method of that name, or for ``auto`` the last that the inputs can carry."""
        known = map(self.__getitem__, reversed(self._modules))
        return self[name] if name != AUTO else next(method for method in known if method.usable(inputs))
