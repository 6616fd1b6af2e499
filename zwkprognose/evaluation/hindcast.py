"""Forecast the past from what was known then, and lay it beside what happened."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import product
from typing import Any

import numpy as np
import xarray as xr

from zwkprognose.errors import EvaluationError, ZwkError
from zwkprognose.evaluation.asked import check_whole
from zwkprognose.evaluation.history import FIVE_YEARS, History, history_of
from zwkprognose.evaluation.library import all_methods
from zwkprognose.evaluation.methods import METHODS, Forecast, Forecaster
from zwkprognose.rates.totals.growth import city_trend, lasting_years

#: What is known about the future total of the city: nothing, its own trend, or the truth ("oracle").
ECKWERTE = ("none", "trend", "true")


def hindcast(
    inputs: xr.Dataset | xr.DataArray,
    launches: int | Iterable[int],
    horizons: int | Iterable[int],
    methods: str | Sequence[str] | Mapping[str, Forecaster] | None = None,
    *,
    eckwert: str | Sequence[str] = ("none", "true"),
    groups: Sequence[int] = FIVE_YEARS,
    own: Forecaster | None = None,
) -> xr.Dataset:
    """Forecast past years from what was known at each launch.

    Parameters
    ----------
    inputs : xr.Dataset or xr.DataArray
        ``population`` [year_end, area, nationality, sex, age], persons; dims after the second may be missing.
    launches : int or iterable of int
        Years whose 31.12. is the last thing known.
    horizons : int or iterable of int
        Years ahead (leads).
    methods : str, sequence of str or mapping of name → Forecaster, optional
        ``default`` (the library's forecast, ``totals="shrunk"``), ``cohorts`` (the library without a rule for
        totals), names in :data:`zwkprognose.evaluation.METHODS`, or own methods under the same interface. All
        that the data can carry unless given.
    eckwert : {"none", "trend", "true"} or sequence of these
        What a method is told about the future total of the city. A method that needs a total is not run
        without one.
    groups : sequence of int
        First ages of the age groups, equally wide; the base period of cohort methods is one group wide.
    own : Forecaster, optional
        The forecast that is in question, such as ``Library(totals, options=…)``; it stands first, as ``own``.

    Returns
    -------
    xr.Dataset
        ``forecast`` [eckwert, forecaster, launch, lead, area] and ``observed`` [launch, lead, area] in persons,
        ``forecast_ages`` and ``observed_ages`` with [sex, age_group] where ages are known, ``start``
        [launch, area], the stock at the launch. ``attrs["not_run"]`` says, as JSON, which of the methods that
        were not asked for by name could not be run from a launch, and why; their forecasts are empty.

    Raises
    ------
    EvaluationError
        If a launch or a year to be forecast is not in the data, or too little is known before a launch for a
        method that was asked for, or for all of them.

    Examples
    --------
    >>> from zwkprognose import load_example, score
    >>> result = hindcast(load_example("berlin"), 2016, 4, ["unchanged", "default"], eckwert="true")
    >>> score(result, largest=100_000)["ase"].round(1).tolist()  # default, unchanged
    [2.5, 6.3]
    """
    history = history_of(inputs, groups)
    launches, leads = _years(launches), _years(horizons)
    eckwert = [eckwert] if isinstance(eckwert, str) else list(dict.fromkeys(eckwert))
    _check_told(eckwert)
    _check_years(history, launches, leads)
    chosen = _chosen([methods] if isinstance(methods, str) else methods, all_methods(inputs))
    chosen = chosen if own is None else {OWN: own, **chosen}
    if not chosen or (set(chosen) <= set(NEED_ECKWERT) and set(eckwert) == {"none"}):
        raise EvaluationError(
            "Für diesen Rückblick bleibt kein Verfahren: "
            + (f"„{', '.join(chosen)}“ verteilt eine Gesamtzahl." if chosen else "Die Liste ist leer."),
            remedy="Ein Verfahren nennen oder methods weglassen; variable_share braucht den Eckwert „true“.",
        )
    cases, not_run = _run_all(chosen, eckwert, launches, leads, history, strict=methods is not None)
    result = _labelled(history, cases, list(chosen), eckwert, launches, leads)
    why = [{"method": m, "launch": y, "reason": str(e).splitlines()[0]} for (m, y), e in not_run.items()]
    return result.assign_attrs({"not_run": json.dumps(why, ensure_ascii=False)} if why else {})


#: The forecast in question, and the library's own defaults.
OWN, DEFAULT = "own", "default"

Cases = dict[tuple[str, str, int], Forecast]


def _run_all(
    methods: Mapping[str, Forecaster], eckwert: Sequence[str], launches: Sequence[int], leads: Sequence[int],
    history: History, *, strict: bool,
) -> tuple[Cases, dict[tuple[str, int], ZwkError]]:  # fmt: skip
    """All forecasts, and why some could not be made; ``strict`` raises instead, as when none could."""
    cases: Cases = {}
    not_run: dict[tuple[str, int], ZwkError] = {}
    for (name, forecaster), told, launch in product(methods.items(), eckwert, launches):
        if told == "none" and name in NEED_ECKWERT:
            continue
        try:
            cases[name, told, launch] = run(forecaster, history.until(launch), history, leads, told)
        except ZwkError as error:
            if strict:
                raise
            not_run[name, launch] = error
    if not_run and not cases:
        raise next(iter(not_run.values()))
    return cases, not_run


#: Methods that distribute a given total.
NEED_ECKWERT = ("variable_share",)


def _years(given: int | Iterable[int]) -> list[int]:
    """Years or leads, ascending; a single one may stand alone."""
    if isinstance(given, int | np.integer):
        return [int(given)]
    if isinstance(given, str) or not isinstance(given, Iterable):
        check_whole(given, "Startpunkte und Horizonte")
    asked = list(given)
    if asked:
        check_whole(asked, "Startpunkte und Horizonte")
    return sorted({int(y) for y in asked})


def run(forecaster: Forecaster, known: History, truth: History, leads: Sequence[int], told: str) -> Forecast:
    """One forecast from one launch; of the truth only the total of the city may be told."""
    launch = known.years[-1]
    years = [launch + lead for lead in leads]
    if told == "none":
        return forecaster(known, years, None)
    if told == "true":
        return forecaster(known, years, np.array([truth.total(y) for y in years]))
    if told == "trend":
        ahead = lasting_years(np.array(leads, dtype=float))
        return forecaster(known, years, known.total(launch) * np.exp(city_trend(known.past) * ahead))
    raise AssertionError(told)  # checked at the door


def _check_told(eckwert: Sequence[str]) -> None:
    unknown = [told for told in eckwert if told not in ECKWERTE]
    if unknown or not eckwert:
        said = ", ".join(str(told) for told in unknown)
        raise EvaluationError(
            f"Der Eckwert „{said}“ ist nicht bekannt." if unknown else "Was über die Stadt bekannt ist, fehlt.",
            remedy=f"Einen von: {', '.join(ECKWERTE)}.",
        )


def _chosen(
    methods: Sequence[str] | Mapping[str, Forecaster] | None, possible: dict[str, Forecaster]
) -> dict[str, Forecaster]:
    if methods is None:
        return possible
    if isinstance(methods, Mapping):
        wrong = [str(name) for name, method in methods.items() if not callable(method)]
        if wrong:
            raise EvaluationError(
                f"Eigene Verfahren sind Funktionen; diese sind keine: {', '.join(wrong)}.",
                remedy="Funktionen (History, Jahre, Eckwert) → Forecast übergeben oder Verfahren mit Namen nennen.",
            )
        return dict(methods)
    known = possible | {name: m for name, m in METHODS.items() if name not in possible}
    unknown = [m for m in methods if m not in known]
    if unknown:
        raise EvaluationError(
            f"Unbekannte oder mit diesen Daten nicht mögliche Verfahren: {', '.join(map(str, unknown))}.",
            remedy=f"Eines von: {', '.join(known)}.",
        )
    return {m: known[m] for m in methods}


def _check_years(history: History, launches: Sequence[int], leads: Sequence[int]) -> None:
    """Every launch and every year to be forecast is known; the message says what would be possible."""
    if not launches or not leads or min(leads) < 1:
        raise EvaluationError(
            "Startpunkte und Horizonte fehlen.", remedy="Mindestens je einen angeben, Horizonte ab 1."
        )
    for launch in launches:
        history.until(launch)
    missing = [(a, b) for a, b in product(launches, leads) if a + b not in history.years]
    if missing:
        raise EvaluationError(
            "Für diese Startpunkte und Horizonte liegen keine Ist-Werte vor.",
            cells=[{"launch": a, "lead": b, "year_end": a + b} for a, b in missing],
            remedy=f"Möglich sind: {_possible(history, launches, leads)}.",
        )


def _possible(history: History, launches: Sequence[int], leads: Sequence[int]) -> str:
    found = [f"{a} + {b}" for a, b in product(launches, leads) if a + b in history.years]
    return ", ".join(found) or f"Stichtage {history.years[0]} bis {history.years[-1]}"


def _labelled(
    history: History, cases: Cases, methods: list[str], eckwert: list[str], launches: list[int], leads: list[int]
) -> xr.Dataset:
    coords: dict[str, list[Any]] = {
        "eckwert": eckwert, "forecaster": methods, "launch": launches, "lead": leads, "area": list(history.areas),
        "sex": list(history.sexes), "age_group": list(history.groups),
    }  # fmt: skip
    shape = (len(eckwert), len(methods), len(launches), len(leads), len(history.areas))
    ends = np.add.outer(launches, leads)
    at = np.searchsorted(history.years, ends)
    arrays = {
        "forecast": _dims(_filled(shape, cases, coords, lambda f: f.totals), ()),
        "observed": _dims(history.past.persons[at], ()),
        "start": (("launch", "area"), history.past.persons[np.searchsorted(history.years, launches)]),
    }
    if history.persons is not None:
        by_age = (*shape, len(history.sexes), len(history.groups))
        arrays["forecast_ages"] = _dims(_filled(by_age, cases, coords, lambda f: f.ages), ("sex", "age_group"))
        arrays["observed_ages"] = _dims(history.persons[at], ("sex", "age_group"))
    used = {d for dims, _ in arrays.values() for d in dims}
    result = xr.Dataset(arrays, {k: v for k, v in coords.items() if k in used})
    return result.assign_coords(year_end=(("launch", "lead"), ends))


def _dims(values: np.ndarray, last: tuple[str, ...]) -> tuple[tuple[str, ...], np.ndarray]:
    dims = ("eckwert", "forecaster", "launch", "lead", "area", *last)
    return dims[len(dims) - values.ndim :], values


def _filled(
    shape: tuple[int, ...],
    cases: Cases,
    coords: Mapping[str, list[Any]],
    part: Callable[[Forecast], np.ndarray | None],
) -> np.ndarray:
    """All forecasts in one array; a case that was not run, or has no ages, stays empty (NaN)."""
    out = np.full(shape, np.nan)
    for (name, told, launch), forecast in cases.items():
        values = part(forecast)
        if values is not None:
            index = (coords["eckwert"].index(told), coords["forecaster"].index(name), coords["launch"].index(launch))
            out[index] = values
    return out
