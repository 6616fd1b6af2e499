"""Intervals for age bands, calibrated on what the library's forecast got wrong before.

Random projections alone are too narrow for ages: they know chance and the scatter of levels, not that families
move elsewhere than before. So the library's forecast is made from earlier launches, and its errors in each band
set the limits, by the size of the band and the unrest of the area.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from inspect import signature
from typing import Any

import numpy as np
import xarray as xr

from zwkprognose.engine.draws.summary import Band, limit_names
from zwkprognose.errors import EvaluationError
from zwkprognose.evaluation.asked import check_bands, check_levels, check_positive
from zwkprognose.evaluation.calibration import Calibration, Typical, calibrate, few_persons, typical_errors
from zwkprognose.evaluation.common_error import unseen_error, usual_of_ages
from zwkprognose.evaluation.history import known_at
from zwkprognose.evaluation.intervals import LEVELS, check_error, widening
from zwkprognose.evaluation.launch import at_launch
from zwkprognose.evaluation.library import forecast_in_parts
from zwkprognose.evaluation.past_errors import LEAST_ERRORS, PastErrors, unrest
from zwkprognose.evaluation.quantities import Quantity, counted, members, past_of_sum, summed_over, value_of
from zwkprognose.inputs.handed import handed, require_dataset
from zwkprognose.rates import estimate_rates
from zwkprognose.rates.totals import Past, past_of
from zwkprognose.rates.totals.estimate import future_years
from zwkprognose.rates.totals.growth import SMALLEST_AREA

#: Years that must be known before a launch, for cohorts to be followed.
LEAST_PAST = 3
#: Launches that are looked at, the latest ones; each costs one projection.
MOST_LAUNCHES = 8
#: Persons in a band below which its error in percent says nothing.
SMALLEST_BAND = 10.0


def age_intervals(
    inputs: xr.Dataset,
    years: Sequence[int],
    bands: Mapping[str, Band | Quantity],
    *,
    totals: str | None = "shrunk",
    rates: Mapping[str, Any] | None = None,
    city: Mapping[int, float] | None = None,
    city_error: float = 0.0,
    sums: Mapping[str, Sequence[str]] | None = None,
    levels: Sequence[float] = LEVELS,
    exceed: Mapping[str, float] | None = None,
    largest: float = np.inf,
) -> xr.Dataset:
    """Forecast persons in age bands with limits that hold as often as they say.

    Parameters
    ----------
    inputs : xr.Dataset
        ``population`` [year_end, area, nationality, sex, age] of several 31.12.
    years : sequence of int
        The 31.12. wanted.
    bands : mapping of name to (first age, last age or None) or Quantity
        Such as ``{"unter 3": (0, 2), "65+": (65, None)}``; a :class:`zwkprognose.evaluation.quantities.Quantity` is of
        one group or sex, or per hundred of others.
    totals : str or None
        Rule for the totals of the areas; None for a projection that has none (``project`` without ``totals``).
    rates : mapping, optional
        Arguments of :func:`zwkprognose.estimate_rates` for a forecast that does not use the defaults.
    city : mapping of year to persons, optional
        Total of the city. With one, the limits hold if it comes true.
    city_error : float
        Standard error of that total per year ahead, as a share (:func:`intervals`). The limits then include it.
    sums : mapping of name to areas, optional
        Sums of areas, such as districts or the city, each calibrated as one area of its size.
    levels : sequence of float
        Nominal coverages of central intervals.
    exceed : mapping of band to persons, optional
        Limits: how probable is it that more than so many live there?
    largest : float, persons
        Larger areas are not used for calibration.

    Returns
    -------
    xr.Dataset
        ``forecast`` [year_end, area, age_band], ``lower`` and ``upper`` [level, year_end, area, age_band],
        persons; ``calibrated_lead`` [year_end]; with ``exceed`` also ``exceedance`` [limit, year_end, area],
        probabilities; with ``sums`` also ``sum_forecast``, ``sum_lower``, ``sum_upper`` with ``sum`` for ``area``.

    Raises
    ------
    EvaluationError
        If there are fewer than 30 past errors of a band at every lead, or a limit is given for no band.
    """
    check_levels(levels)
    inputs = _dataset(inputs)
    past = past_of(inputs)
    launch = past.launch
    years = future_years(years, launch)
    check_bands(bands, inputs["population"])
    check_positive(largest, "Die Größe der Gebiete, an denen geeicht wird (largest),")
    _check_rates(rates or {})
    _check_city(city, years)
    check_error(city, city_error, "city_error")
    _check_sums(sums or {}, inputs["area"].values.tolist())
    _check_limits(exceed or {}, bands)
    own = _Own(totals, rates or {}, launch)
    longest = max(max(years) - launch, _nearest(inputs))
    cases = _earlier(inputs, longest, bands, own, city is not None, largest)
    chains = {
        name: _chain(cases, name, _yearly(of), city_error, [y - launch for y in years]) for name, of in bands.items()
    }
    found = own.forecast(inputs, max(years), city, bands).sel(year_end=list(years))
    found = found.transpose("year_end", "area", "age_band")
    restless, few = unrest(past), few_persons(past.last)
    result = _limits(found, chains, restless, few, levels)
    if sums:
        ratios = [isinstance(asked, Quantity) and asked.per is not None for asked in bands.values()]
        member = members(found["area"].values.tolist(), sums)
        result = result.merge(_of_sums(found, result, member, ratios, chains, past))
    if exceed:
        above = [_exceedance(found["persons"].sel(age_band=k), chains[k], restless, few, n) for k, n in exceed.items()]
        limits = xr.IndexVariable("limit", limit_names(exceed))
        result["exceedance"] = xr.concat(above, limits, coords="minimal", compat="override")
    return result


@dataclass(frozen=True)
class _Own:
    """The forecast whose errors are looked for: its rule for totals, how its rates are estimated, its base year."""

    totals: str | None
    rates: Mapping[str, Any]
    base: int

    def forecast(
        self, known: xr.Dataset, until: int, city: Mapping[int, float] | None, bands: Mapping[str, Band | Quantity]
    ) -> xr.Dataset:
        """Quantities forecast from what was known."""
        options = at_launch(self.rates, known["year_end"].values.tolist(), self.base)
        parts = forecast_in_parts(known, until, self.totals, city, **options)
        return xr.concat([counted(stocks, bands) for stocks in parts], "area")


def _limits(
    found: xr.Dataset,
    chains: Mapping[str, list[Calibration]],
    restless: np.ndarray,
    few: np.ndarray,
    levels: Sequence[float],
) -> xr.Dataset:
    """Forecast and limits of all bands."""
    points = [*((1 - k) / 2 for k in levels), *((1 + k) / 2 for k in levels)]
    size, forecast = found["size"], value_of(found)
    factors = [
        [c.factors(_size(size[t, :, b]), restless, points, few) for t, c in enumerate(chain)]
        for b, chain in enumerate(chains.values())
    ]
    limits = np.array(factors).transpose(2, 1, 3, 0) * forecast.values
    dims, k = ("level", *forecast.dims), len(levels)
    leads = [c.lead for c in next(iter(chains.values()))]
    return widening(
        xr.Dataset(
            {"forecast": forecast, "lower": (dims, limits[:k]), "upper": (dims, limits[k:]),
             "calibrated_lead": ("year_end", leads)},
            {"level": list(levels)},
        )
    )  # fmt: skip


def _of_sums(
    found: xr.Dataset, areas: xr.Dataset, member: xr.DataArray, ratios: Sequence[bool],
    chains: Mapping[str, list[Calibration]], past: Past,
) -> xr.Dataset:  # fmt: skip
    """Forecast and limits of sums of areas.

    No sum is less sure than if all of its areas were at their limits at once. Nothing larger than the largest area
    has taught the limits, so a sum counts as no larger than that.
    """
    pasts = [past_of_sum(past, inside) for inside in member.values]
    restless, few = np.array([unrest(p)[0] for p in pasts]), few_persons(np.array([p.last[0] for p in pasts]))
    sums = summed_over(found, member, ratios)
    sums = sums.assign(size=np.minimum(sums["size"], found["size"].max("area")))
    limits = _limits(sums, chains, restless, few, areas["level"].values.tolist())
    against = found["against"]  # an area without anybody to hold against has no ratio, and adds nothing to the sum
    at_once = {
        side: xr.dot((areas[side] * against).where(against > 0, 0.0), member, dim="area") / sums["against"]
        for side in ("lower", "upper")
    }
    limits = limits.assign(
        lower=np.maximum(limits["lower"], at_once["lower"]), upper=np.minimum(limits["upper"], at_once["upper"])
    )
    limits = widening(limits).drop_vars("calibrated_lead")
    return limits.rename({name: f"sum_{name}" for name in ("forecast", "lower", "upper")})


def _yearly(asked: Band | Quantity) -> float:
    """Usual log error of a city per year ahead; those of both parts of a ratio are independent."""
    one = asked if isinstance(asked, Quantity) else Quantity(asked)
    return float(np.hypot(usual_of_ages(*one.ages), 0.0 if one.per is None else usual_of_ages(*one.per)))


def _exceedance(
    forecast: xr.DataArray, chain: list[Calibration], restless: np.ndarray, few: np.ndarray, persons: float
) -> xr.DataArray:
    """Probability of more than so many persons [year_end, area]."""
    sizes = [_size(f) for f in forecast]
    above = [c.exceedance(size, restless, persons / size, few) for c, size in zip(chain, sizes, strict=True)]
    return forecast.drop_vars("age_band").copy(data=np.array(above))


def _size(forecast: xr.DataArray) -> np.ndarray:
    """Persons expected, at least one: a share of nobody says nothing."""
    return np.maximum(forecast.values, 1.0)


def _dataset(inputs: xr.Dataset) -> xr.Dataset:
    """Inputs, not a bare population: rates are estimated from them."""
    remedy = "Das Ergebnis von build_inputs oder load_example übergeben."
    return require_dataset(inputs, "population", what="ein Datensatz", remedy=remedy, error=EvaluationError)


def _check_rates(rates: Mapping[str, Any]) -> None:
    known = [name for name, of in signature(estimate_rates).parameters.items() if of.kind is of.KEYWORD_ONLY]
    unknown = [str(name) for name in rates if name not in known]
    if unknown:
        raise EvaluationError(
            f"Angaben zu den Raten (rates), die es nicht gibt: {', '.join(unknown)}.",
            remedy=f"Möglich sind: {', '.join(known)}.",
        )


def _check_city(city: Mapping[int, float] | None, years: Sequence[int]) -> None:
    if city is not None and not isinstance(city, Mapping):
        raise EvaluationError(
            f"Die Gesamtzahl der Stadt (city) ist {handed(city)}.",
            remedy=f"Personen je Jahr angeben, zum Beispiel {{{max(years)}: 90000}}.",
        )


def _check_sums(sums: Mapping[str, Sequence[str]], areas: Sequence[str]) -> None:
    """Every sum names areas that there are, each once."""
    lists = isinstance(sums, Mapping) and all(isinstance(of, list | tuple | set | np.ndarray) for of in sums.values())
    if not lists:
        raise EvaluationError(
            "Summen (sums) sind Listen von Gebieten.", remedy='Zum Beispiel {"Mitte": ["0101", "0102"]} angeben.'
        )
    known = set(areas)
    wrong = [(name, area) for name, of in sums.items() for area in of if area not in known]
    empty = [(name, "") for name, of in sums.items() if not len(of)]
    if wrong or empty:
        raise EvaluationError(
            "Summen (sums) brauchen Gebiete, die es im Bestand gibt.",
            cells=[{"sum": name, "area": str(area)} for name, area in wrong + empty],
            remedy="Die Schlüssel des Bestands verwenden und leere Summen weglassen.",
        )


def _check_limits(exceed: Mapping[str, float], bands: Mapping[str, Band | Quantity]) -> None:
    ratios = [name for name, asked in bands.items() if isinstance(asked, Quantity) and asked.per is not None]
    wrong = [name for name, persons in exceed.items() if name not in bands or not persons > 0 or name in ratios]
    if wrong:
        raise EvaluationError(
            "Grenzen für unbekannte Altersgruppen, oder nicht über null.",
            cells=[{"Altersgruppe": name, "Grenze": exceed[name]} for name in wrong],
            remedy=f"Bänder sind: {', '.join(bands)}; die Grenze ist eine Personenzahl über 0.",
        )


@dataclass(frozen=True, eq=False)
class _Case:
    """One earlier launch: what was forecast and what came [31.12., band, area] of areas that count; their unrest."""

    launch: int
    years: list[int]
    bands: list[str]
    size: np.ndarray
    forecast: np.ndarray
    truth: np.ndarray
    unrest: np.ndarray


def _nearest(inputs: xr.Dataset) -> int:
    """Years between the two stocks that lie nearest to each other."""
    years = inputs["population"]["year_end"].values
    return int(np.diff(years).min()) if len(years) > 1 else 0


def _earlier(
    inputs: xr.Dataset, longest: int, bands: Mapping[str, Band | Quantity], own: _Own, told: bool, largest: float
) -> list[_Case]:
    years = [int(y) for y in inputs["population"]["year_end"].values]
    launches = [y for y in years[:-1] if y - years[0] >= LEAST_PAST][-MOST_LAUNCHES - longest :]
    targets = {y: [t for t in years if 0 < t - y <= longest] for y in launches}
    return [_case(inputs, y, targets[y], bands, own, told, largest) for y in launches if targets[y]]


def _case(
    inputs: xr.Dataset, launch: int, targets: list[int], bands: Mapping[str, Band | Quantity], own: _Own, told: bool,
    largest: float,
) -> _Case:  # fmt: skip
    known, population = known_at(inputs, launch), inputs["population"]
    past = past_of(known)
    city = {t: float(population.sel(year_end=t).sum()) for t in targets} if told else None
    counts = np.flatnonzero((past.last >= SMALLEST_AREA) & (past.last <= largest))
    forecast = own.forecast(known, max(targets), city, bands).sel(year_end=targets).isel(area=counts)
    truth = counted(population.sel(year_end=targets), bands).isel(area=counts)
    size, expected, came = (
        of.transpose("year_end", "age_band", "area").values
        for of in (forecast["persons"], value_of(forecast), value_of(truth))
    )
    return _Case(launch, targets, list(bands), size, expected, came, unrest(past)[counts])


def _chain(cases: list[_Case], band: str, yearly: float, told: float, leads: Sequence[int]) -> list[Calibration]:
    """Calibrations of a band, one per lead; ``yearly`` is the usual error of a city per year ahead, ``told`` that of a
    total that is given."""
    ahead = sorted({year - c.launch for c in cases for year in c.years})
    found = [_errors(cases, band, lead) for lead in ahead]
    known = [e for e in found if e.count >= LEAST_ERRORS]
    if not known:
        raise _too_few(band, found)
    typical = typical_errors(known)
    return [
        _calibration([e for e in known if e.lead <= lead] or known[:1], lead, yearly, told, typical) for lead in leads
    ]


def _calibration(known: list[PastErrors], lead: int, yearly: float, told: float, typical: Typical) -> Calibration:
    """Calibration at a lead; one that is not known borrows the nearest shorter one, or the shortest of all.

    The error of a total that is given has nothing to do with how its ages are missed: they add as squares.
    """
    unseen = unseen_error(known, lead, yearly)
    common = replace(unseen, scale=float(np.hypot(unseen.scale, lead * told)))
    return calibrate(known, lead, common, by_hardest=False, typical=typical)


def _too_few(band: str, found: Sequence[PastErrors]) -> EvaluationError:
    """Why a band has no range, and what is possible instead."""
    most = max(found, key=lambda e: e.count, default=None)
    return EvaluationError(
        f"Für {f'„{band}“' if band else 'alle Alter'} gibt es zu wenige frühere Abweichungen: höchstens "
        f"{most.count if most else 0} statt mindestens {LEAST_ERRORS}.",
        cells=[{"lead": most.lead}] if most else [],
        remedy="Ältere Bestände ergänzen oder, wo Gebiete in dieser Altersgruppe zu klein sind, eine breitere wählen. "
        "Möglich sind die Zahlen ohne Spanne (project) und die Spannen der Gesamtzahlen (intervals).",
    )


def _errors(cases: list[_Case], band: str, lead: int) -> PastErrors:
    found = [c for c in cases if c.launch + lead in c.years]
    parts = [_of(c, band, c.launch + lead) for c in found]
    return PastErrors(lead, tuple(c.launch for c in found), *(tuple(p[k] for p in parts) for k in range(3)))


def _of(case: _Case, band: str, year: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    at = case.years.index(year), case.bands.index(band)
    size, forecast, truth = case.size[at], case.forecast[at], case.truth[at]
    counts = (size >= SMALLEST_BAND) & (truth > 0)
    return np.log(truth[counts] / forecast[counts]), size[counts], case.unrest[counts]
