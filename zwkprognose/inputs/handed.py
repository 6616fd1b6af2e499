"""What is handed on: what is no Dataset or no number is told apart before it ends in an exception of Python."""

from __future__ import annotations

from numbers import Real
from typing import Any

import numpy as np
import xarray as xr

from zwkprognose.errors import ZwkError


def require_dataset(
    given: Any, *names: str, what: str = "eine Vorausberechnung", remedy: str = "", error: type[ZwkError]
) -> xr.Dataset:
    """A Dataset that holds variables or coordinates of these names.

    Parameters
    ----------
    given
        What was handed on.
    *names : str
        Variables or coordinates that it must have.
    what, remedy : str
        What is needed, and what to do; default: the result of ``project``.
    error : type of ZwkError
        Kind of the refusal.

    Raises
    ------
    ZwkError
        Says what was handed on instead.
    """
    if isinstance(given, xr.Dataset) and all(name in given for name in names):
        return given
    instead = handed(given) if not isinstance(given, xr.Dataset) else "ein Dataset, in dem sie fehlt"
    raise error(
        f"Hier ist {what} nötig; übergeben wurde {instead}.", remedy=remedy or "Das Ergebnis von project(…) übergeben."
    )


def is_number(value: object) -> bool:
    """A number, whole or not, and no truth value."""
    return isinstance(value, Real) and not isinstance(value, bool | np.bool_)


def is_whole(value: object) -> bool:
    """A whole number, as an integer or a float, and no truth value."""
    return is_number(value) and float(value).is_integer()  # type: ignore[arg-type]


def handed(given: Any) -> str:
    """An object in words."""
    from zwkprognose.tables.require import what_is  # only a refusal needs the room of tables

    return what_is(given)
