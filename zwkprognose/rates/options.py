"""What the options of an estimate may be; anything else is refused."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from numbers import Integral, Real
from typing import Any, Literal, get_args

import numpy as np

from zwkprognose import national
from zwkprognose.errors import RatesError
from zwkprognose.rates.weights import Outliers

MortalityMethod = Literal["auto", "national", "events"]
FertilityMethod = Literal["auto", "children", "events", "national"]
MigrationMethod = Literal["auto", "residual", "totals", "register", "none"]
Destinations = Literal["pool", "matrix"]

METHODS: dict[str, Any] = {
    "mortality": MortalityMethod,
    "fertility": FertilityMethod,
    "migration": MigrationMethod,
    "outliers": Outliers,
    "destinations": Destinations,
}
#: Option → default, test, and in words what is possible.
NUMBERS: dict[str, tuple[float, Callable[[float], bool], str]] = {
    "half_life": (5.0, lambda x: x > 0, "eine Zahl größer als 0 (Jahre) oder None, wenn alle Jahre gleich zählen"),
    "shrinkage": (100.0, lambda x: x > 0, "eine Zahl größer als 0 (Personen; in projekt.toml heißt sie k)"),
    "persistence": (0.6, lambda x: 0 <= x <= 1, "eine Zahl von 0 bis 1"),
    "turnover": (0.05, lambda x: 0 <= x <= 0.2, "eine Zahl von 0 bis 0,2 (Fortzüge je Einwohner und Jahr)"),
}


def check_names(chosen: Mapping[str, Any]) -> None:
    """Refuse methods that do not exist.

    Raises
    ------
    RatesError
        Names the argument, its value and what is possible.
    """
    for argument, name in chosen.items():
        allowed = get_args(METHODS[argument])
        if name not in allowed:
            raise RatesError(f"{argument}={name!r} gibt es nicht.", remedy=f"möglich sind {', '.join(allowed)}")


def check_numbers(**given: Any) -> None:
    """Refuse numbers outside of what an option can mean; ``half_life`` may be ``None``.

    Raises
    ------
    RatesError
        Names the option, its value and what is possible.
    """
    for name, value in given.items():
        _, fits, possible = NUMBERS[name]
        if name == "half_life" and value is None:
            continue
        is_number = isinstance(value, Real) and not isinstance(value, bool | np.bool_)
        if not (is_number and np.isfinite(value) and fits(value)):
            raise RatesError(f"{name}={text_of(value)} ist nicht möglich.", remedy=f"möglich ist {possible}")


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
            remedy=f"möglich ist eine Liste von Jahren, zum Beispiel {name}=[2011, 2020]",
        )
    return sorted({int(y) for y in years})


def check_schedules(mortality_period: Any, fertility_year: Any) -> None:
    """Refuse national schedules that are not bundled; ``None`` leaves the choice to the estimate.

    Raises
    ------
    RatesError
        Names the option, its value and what is possible.
    """
    bundled: dict[str, tuple[Any, list[Any]]] = {
        "mortality_period": (mortality_period, sorted(national.periods())),
        "fertility_year": (fertility_year, sorted(national.fertility_years())),
    }
    for name, (value, known) in bundled.items():
        if value is not None and value not in known:
            remedy = f"möglich ist {known[0]!r} bis {known[-1]!r} oder None, dann gilt, was zum letzten Bestand passt"
            raise RatesError(f"{name}={text_of(value)} gibt es nicht.", remedy=remedy)


def text_of(value: Any) -> str:
    """A value of a call, decimal numbers in German."""
    return f"{value:.15g}".replace(".", ",") if isinstance(value, float) else repr(value)
