"""Checksums of contents: what was asked and what was found, by values, types and labels.

The tokens of dask do not serve: they change when an array was stored, stands in another order in memory or has another
attribute.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from platform import python_version
from typing import Any

import numpy as np
import xarray as xr
from pydantic import BaseModel

import zwkprognose

#: Packages in which client and workers must agree: they decide about bits, or about what is sent.
PACKAGES = ("numpy", "numba", "scipy", "pandas", "xarray", "dask", "distributed")


def digest_of(*things: Any) -> str:
    """Checksum of arrays, plans, scenarios and plain values; equal contents have equal checksums.

    >>> stock = xr.DataArray([1.0, 2.0], {"area": ["a", "b"]})
    >>> digest_of(stock) == digest_of(stock.copy().assign_attrs(note="the same"))
    True
    >>> digest_of(stock) == digest_of(stock.astype("float32"))
    False
    """
    found = hashlib.sha256()
    for thing in things:
        for piece in _pieces(thing):
            found.update(len(piece).to_bytes(8, "big"))
            found.update(piece)
    return found.hexdigest()


def _pieces(thing: Any) -> Iterator[bytes | memoryview]:
    if isinstance(thing, xr.Dataset):
        yield b"Dataset"
        for name in sorted(thing.variables, key=str):
            yield str(name).encode()
            yield from _pieces(thing.variables[name])
    elif isinstance(thing, xr.DataArray):
        yield from _pieces(thing.to_dataset(name="values"))
    elif isinstance(thing, xr.Variable):
        yield repr(thing.dims).encode()
        yield from _pieces(thing.values)
    elif isinstance(thing, np.ndarray):
        yield from _array(thing)
    elif isinstance(thing, BaseModel):
        yield type(thing).__name__.encode()
        yield thing.model_dump_json(exclude_defaults=True).encode()
    elif is_dataclass(thing):
        yield type(thing).__name__.encode()
        for one in fields(thing):
            yield one.name.encode()
            yield from _pieces(getattr(thing, one.name))
    elif isinstance(thing, Mapping):
        yield b"Mapping"
        for key, value in thing.items():
            yield from _pieces(key)
            yield from _pieces(value)
    elif isinstance(thing, list | tuple):
        yield f"sequence of {len(thing)}".encode()
        for one in thing:
            yield from _pieces(one)
    elif thing is None or isinstance(thing, str | int | float | np.generic):
        plain = thing.item() if isinstance(thing, np.generic) else thing
        yield f"{type(plain).__name__} {plain!r}".encode()
    else:
        raise TypeError(f"no checksum of {type(thing).__name__}")


def _array(values: np.ndarray) -> Iterator[bytes | memoryview]:
    """Texts by their letters, whatever the width in which they are kept; numbers by type and bytes."""
    yield repr(values.shape).encode()
    if values.dtype.kind in "OUTS":
        yield "\0".join(map(str, values.ravel().tolist())).encode()
        return
    yield values.dtype.newbyteorder("=").str.encode()
    native = np.ascontiguousarray(values.astype(values.dtype.newbyteorder("="), copy=False))
    yield native.reshape(-1).view(np.uint8).data


def versions() -> dict[str, str]:
    """What is installed here; of this package also a checksum of its source."""
    found = {name: _version(name) for name in PACKAGES}
    python = ".".join(python_version().split(".")[:2])
    return {"python": python, "zwkprognose": f"{zwkprognose.__version__} ({_source()})"} | found


@cache
def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "fehlt"


@cache
def _source() -> str:
    found = hashlib.sha256()
    for path in sorted(Path(zwkprognose.__file__).parent.rglob("*.py")):
        found.update(path.read_bytes())
    return found.hexdigest()[:8]
