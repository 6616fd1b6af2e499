"""What a named choice, a number or a list of years may be; anything else is refused with what is possible."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from numbers import Integral
from typing import Any, get_args

import numpy as np
import xarray as xr

from zwkprognose.errors import RatesError
from zwkprognose.german import written
from zwkprognose.inputs.handed import is_number
from zwkprognose.names import label

#: Option → test, and in words what is possible.
NUMBERS: dict[str, tuple[Callable[[float], bool], str]] = {
    "half_life": (lambda x: x > 0, "eine Zahl größer als 0 (Jahre) oder None, wenn alle Jahre gleich zählen"),
    "shrinkage": (lambda x: x > 0, "eine Zahl größer als 0 (Personen; in projekt.toml heißt sie k)"),
    "persistence": (lambda x: 0 <= x <= 1, "eine Zahl von 0 bis 1"),
    "turnover": (lambda x: 0 <= x <= 0.2, "eine Zahl von 0 bis 0,2 (Fortzüge je Person und Jahr)"),
    "damping": (lambda x: 0 <= x <= 1, "eine Zahl von 0 bis 1; 1 dämpft nicht"),
    "target_tfr": (lambda x: x > 0, "eine Zahl größer als 0 (Kinder je Frau), zum Beispiel 1.4, oder None"),
    "within": (lambda x: x >= 1 and x == int(x), "eine ganze Zahl von Jahren ab 1, zum Beispiel 10"),
    "mean_age_shift": (lambda x: abs(x) <= 20, "eine Zahl von Jahren zwischen -20 und 20"),
}
#: Options that may be left open.
NULLABLE = ("half_life", "target_tfr")


def check_choice(argument: str, value: Any, allowed: Any) -> None:
    """Refuse a name that is none of a ``Literal``.

    Raises
    ------
    RatesError
        Names the argument, its value and what is possible.
    """
    check_name(argument, value, get_args(allowed))


def check_name(argument: str, value: Any, names: Sequence[Any]) -> None:
    """Refuse a name that is none of those given.

    Raises
    ------
    RatesError
        Names the argument, its value and what is possible.
    """
    if value not in names:
        possible = ", ".join(map(str, names))
        raise RatesError(f"{argument}={text_of(value)} gibt es nicht.", remedy=f"Möglich sind {possible}.")


def check_numbers(**given: Any) -> None:
    """Refuse numbers outside of what an option can mean; some may be ``None``.

    Raises
    ------
    RatesError
        Names the option, its value and what is possible.
    """
    for name, value in given.items():
        fits, possible = NUMBERS[name]
        if value is None and name in NULLABLE:
            continue
        if not (is_number(value) and np.isfinite(value) and fits(value)):
            raise RatesError(f"{name}={text_of(value)} ist nicht möglich.", remedy=f"Möglich ist {possible}.")


def years_of(name: str, given: Any) -> list[int]:
    """Calendar years of an option, ascending.

    Raises
    ------
    RatesError
        If it is not a list of whole numbers.

    Examples
    --------
    >>> years_of("base_years", (2020, 2011, 2020))
    [2011, 2020]
    """
    is_list = isinstance(given, Iterable) and not isinstance(given, str | bytes)
    years = list(given) if is_list else []
    if not is_list or not all(isinstance(y, Integral) and not isinstance(y, bool) for y in years):
        raise RatesError(
            f"{name}={text_of(given)} ist nicht möglich.",
            remedy=f"Möglich ist eine Liste von Jahren, zum Beispiel {name}=[2011, 2020].",
        )
    return sorted({int(y) for y in years})


def projected_years(given: Any) -> list[int]:
    """Years of a projection: at least one, ascending, none twice.

    Raises
    ------
    RatesError
        If they are not.
    """
    years = years_of("years", given)
    if not years or list(given) != years:
        raise RatesError(
            "Die Jahre einer Vorausberechnung müssen aufsteigen, und es muss mindestens eines sein.",
            remedy="Zum Beispiel range(2025, 2041) angeben.",
        )
    return years


def refuse_years(rates: xr.Dataset, name: str) -> None:
    """Refuse rates that change over the years already.

    Raises
    ------
    RatesError
        Names the variable.
    """
    if "year" in rates[name].dims:
        raise RatesError(
            f"Diese Raten ändern sich schon über die Jahre: {label('variables', name)}.",
            remedy="Von den Raten ausgehen, die estimate_rates gibt.",
        )


def text_of(value: Any) -> str:
    """A value of a call, decimal numbers in German."""
    return written(value) if isinstance(value, float) else repr(value)
