"""The public door: area totals for years to come, and which rule they come from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import xarray as xr

from zwkprognose.arithmetic import total
from zwkprognose.errors import RatesError
from zwkprognose.german import number_text
from zwkprognose.inputs.handed import handed, is_number, is_whole
from zwkprognose.names import LAST_YEAR
from zwkprognose.rates.totals.control import plus_minus, to_eckwert
from zwkprognose.rates.totals.past import MOST_PERSONS, Past, key_order, past_of, stocks_of
from zwkprognose.rates.totals.rules import RULES, linear, unchanged

#: Rules that distribute a given total and are nothing without one.
SHARE_RULES = ("constant_share", "variable_share")
#: A total of the city so many times as large or small as the last stock is a mistake.
MOST_CHANGE = 10


def estimate_totals(
    inputs: xr.Dataset | xr.DataArray,
    years: Sequence[int],
    *,
    method: str = "shrunk",
    eckwert: Mapping[int, float] | xr.DataArray | None = None,
) -> xr.DataArray:
    """Estimate how many people will live in each area.

    Parameters
    ----------
    inputs : xr.Dataset or xr.DataArray
        ``population`` [year_end, area, …], persons; all its years count as known.
    years : sequence of int
        The 31.12. wanted, after the last known one.
    method : str
        ``shrunk`` (default), ``average``, ``linear_exponential``, ``trend_shares``, ``linear``,
        ``exponential``, ``unchanged``; with an Eckwert also ``constant_share`` and ``variable_share``.
    eckwert : mapping of year → persons or xr.DataArray [year_end], optional
        Total of the city; without one the areas add up to what the method itself says.

    Returns
    -------
    xr.DataArray [year_end, area], persons
        ``attrs["method"]`` and ``attrs["eckwert"]`` say where the figures come from.

    Raises
    ------
    RatesError
        For an unknown method, too short a past, or an Eckwert that lacks a year.

    Examples
    --------
    >>> stocks = xr.DataArray([[90.0, 110.0], [100.0, 100.0]], {"year_end": [2015, 2020], "area": ["A", "B"]},
    ...                       ("year_end", "area"))
    >>> estimate_totals(stocks, [2025], method="linear").values
    array([[110.,  90.]])
    """
    population = stocks_of(inputs)
    return totals_from(past_of(population), population["area"].values, years, method, eckwert)


def totals_from(
    past: Past,
    areas: np.ndarray,
    years: Sequence[int],
    method: str,
    eckwert: Mapping[int, float] | xr.DataArray | None = None,
) -> xr.DataArray:
    """The same from a past that is already there."""
    wanted, order = future_years(years, past.launch), key_order(areas)
    path = _path(eckwert, wanted, float(total(past.last)))
    totals = np.empty((len(wanted), len(order)))
    totals[:, order] = forecast_totals(past.of_areas(order), wanted, method, path)
    return xr.DataArray(
        totals,
        {"year_end": wanted, "area": areas},
        ("year_end", "area"),
        name="population",
        attrs={"method": method, "eckwert": "none" if eckwert is None else "given", "units": "persons"},
    )


def forecast_totals(past: Past, years: Sequence[int], method: str, eckwert: np.ndarray | None) -> np.ndarray:
    """Totals [year, area] by a named rule, to the Eckwert [year] if there is one."""
    if method == "variable_share":
        return _variable_share(past, years, _needed(eckwert, method))
    rule = unchanged if method == "constant_share" else RULES.get(method) if isinstance(method, str) else None
    if rule is None:
        raise RatesError(
            f"Die Regel „{method}“ für Gesamtzahlen gibt es nicht.",
            remedy=f"Eine von: {', '.join([*RULES, *SHARE_RULES])}.",
        )
    if method == "constant_share":
        eckwert = _needed(eckwert, method)
    totals = rule(past, years)
    return totals if eckwert is None else to_eckwert(totals, eckwert)


def _variable_share(past: Past, years: Sequence[int], eckwert: np.ndarray) -> np.ndarray:
    """Variable share of growth (VSG): linear changes, adjusted to the city's growth by plus and minus."""
    change = linear(past, years) - past.last
    return past.last + plus_minus(change, eckwert - total(past.last))


def _needed(eckwert: np.ndarray | None, method: str) -> np.ndarray:
    if eckwert is None:
        raise RatesError(
            f"Die Regel „{method}“ verteilt eine Gesamtzahl; es wurde keine angegeben.",
            remedy="Einen Eckwert je Jahr angeben.",
        )
    return eckwert


def future_years(years: Iterable[int], launch: int) -> list[int]:
    """The 31.12. asked for: whole years after the last stock, not beyond those that can be meant."""
    if isinstance(years, str) or not isinstance(years, Iterable):
        raise RatesError(
            f"Die Stichtage (years) sind {handed(years)}.", remedy="Eine Liste angeben, zum Beispiel [2030, 2035]."
        )
    given = np.asarray(years if isinstance(years, xr.DataArray | np.ndarray) else list(years)).tolist()
    if not given:
        raise RatesError("Als Stichtag braucht es mindestens eine ganze Zahl.", remedy="Ein Jahr angeben.")
    parts = [y for y in given if not is_whole(y)]
    if parts:
        raise RatesError(
            "Stichtage sind der 31.12. ganzer Jahre.",
            cells=[{"year_end": str(y)} for y in parts],
            remedy="Das Jahr als ganze Zahl angeben.",
        )
    wanted = [int(y) for y in given]
    known = [y for y in wanted if y <= launch]
    if known:
        raise RatesError(
            f"Gesamtzahlen gibt es nur für Jahre nach dem letzten Bestand (31.12.{launch}).",
            cells=[{"year_end": y} for y in known],
            remedy="Spätere Jahre angeben.",
        )
    if len(set(wanted)) < len(wanted):
        raise RatesError(
            "Ein Jahr steht mehrfach.",
            cells=[{"year_end": y} for y in sorted(set(wanted)) if wanted.count(y) > 1],
            remedy="Jedes Jahr einmal angeben.",
        )
    if max(wanted) > LAST_YEAR:
        raise RatesError(
            f"Das Jahr {max(wanted)} liegt zu weit voraus.",
            cells=[{"year_end": y} for y in wanted if y > LAST_YEAR],
            remedy=f"Jahre bis {LAST_YEAR} angeben.",
        )
    return wanted


def _path(eckwert: Mapping[int, float] | xr.DataArray | None, years: list[int], now: float) -> np.ndarray | None:
    if eckwert is None:
        return None
    told = _by_year(eckwert)
    missing = [y for y in years if y not in told]
    if missing:
        raise RatesError(
            "Der Eckwert fehlt für einzelne Jahre.",
            cells=[{"year_end": y} for y in missing],
            remedy="Den Eckwert für jedes Jahr der Prognose angeben.",
        )
    path = {y: told[y] for y in years}
    check_told(path, now, "Der Eckwert")
    return np.array([float(path[y]) for y in years])


def check_told(persons: Mapping[int, Any], now: float, what: str) -> None:
    """Refuse totals by year that are no persons, or none of this city.

    No city grows or shrinks tenfold: such a total is one of thousands, or of another city.
    """
    wrong = {y: n for y, n in persons.items() if not is_number(n) or not 0 < n <= MOST_PERSONS}
    if wrong:
        raise RatesError(
            f"{what} ist eine Personenzahl über 0.",
            cells=[{"year_end": y, "value": n} for y, n in wrong.items()],
            remedy="Die Gesamtzahl der Stadt angeben.",
        )
    other = {y: n for y, n in persons.items() if not now / MOST_CHANGE <= n <= now * MOST_CHANGE}
    if other:
        raise RatesError(
            f"{what} passt nicht zum letzten Bestand von {number_text(now)} Personen: Er ist mehr als "
            f"{MOST_CHANGE}-mal so groß oder klein.",
            cells=[{"year_end": y, "value": n} for y, n in other.items()],
            remedy="Die Gesamtzahl derselben Stadt in Personen angeben, nicht in Tausend.",
        )


def _by_year(eckwert: object) -> Mapping[Any, Any]:
    """Totals of the city by year."""
    if isinstance(eckwert, xr.DataArray) and eckwert.dims == ("year_end",) and "year_end" in eckwert.coords:
        return dict(zip(eckwert["year_end"].values.tolist(), eckwert.values.tolist(), strict=True))
    if isinstance(eckwert, Mapping):
        return eckwert
    raise RatesError(
        f"Der Eckwert ist {handed(eckwert)}.",
        remedy="Die Gesamtzahl der Stadt je Jahr angeben, zum Beispiel {2030: 90000}, oder ein Feld [year_end].",
    )
