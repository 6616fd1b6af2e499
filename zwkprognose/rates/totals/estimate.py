"""The public door: area totals for years to come, and which rule they come from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import xarray as xr

from zwkprognose.arithmetic import total
from zwkprognose.errors import RatesError
from zwkprognose.inputs.handed import handed
from zwkprognose.rates.totals.control import plus_minus, to_eckwert
from zwkprognose.rates.totals.past import Past, past_of, stocks_of
from zwkprognose.rates.totals.rules import RULES, linear, unchanged

#: Rules that distribute a given total and are nothing without one.
SHARE_RULES = ("constant_share", "variable_share")


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
    wanted = _future(past, years)
    totals = forecast_totals(past, wanted, method, _path(eckwert, wanted))
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
    rule = unchanged if method == "constant_share" else RULES.get(method)
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


def _future(past: Past, years: Sequence[int]) -> list[int]:
    if isinstance(years, str) or not isinstance(years, Iterable):
        raise RatesError(f"Die Jahre sind {handed(years)}.", remedy="Eine Liste angeben, zum Beispiel [2030, 2035].")
    parts = [y for y in years if int(y) != y]
    if parts:
        raise RatesError(
            "Stichtage sind der 31.12. ganzer Jahre.",
            cells=[{"year_end": y} for y in parts],
            remedy="Das Jahr als ganze Zahl angeben.",
        )
    wanted = [int(y) for y in years]
    known = [y for y in wanted if y <= past.launch]
    if known or not wanted:
        raise RatesError(
            f"Gesamtzahlen gibt es nur für Jahre nach dem letzten Bestand (31.12.{past.launch}).",
            cells=[{"year_end": y} for y in known],
            remedy="Spätere Jahre angeben.",
        )
    return wanted


def _path(eckwert: Mapping[int, float] | xr.DataArray | None, years: list[int]) -> np.ndarray | None:
    if eckwert is None:
        return None
    if isinstance(eckwert, xr.DataArray):
        eckwert = {int(y): float(v) for y, v in zip(eckwert["year_end"].values, eckwert.values, strict=True)}
    missing = [y for y in years if y not in eckwert]
    if missing:
        raise RatesError(
            "Der Eckwert fehlt für einzelne Jahre.",
            cells=[{"year_end": y} for y in missing],
            remedy="Den Eckwert für jedes Jahr der Prognose angeben.",
        )
    path = np.array([float(eckwert[y]) for y in years])
    wrong = ~((path > 0) & (path < np.inf))
    if wrong.any():
        raise RatesError(
            "Der Eckwert ist eine Personenzahl über 0.",
            cells=[{"year_end": y, "value": v} for y, v, bad in zip(years, path.tolist(), wrong, strict=True) if bad],
            remedy="Die Gesamtzahl der Stadt angeben.",
        )
    return path
