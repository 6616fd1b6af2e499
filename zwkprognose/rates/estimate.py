"""From inputs to rates: one call, named methods, sensible defaults."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal, get_args

import numpy as np
import xarray as xr

from zwkprognose.errors import RatesError
from zwkprognose.rates import fertility as fert
from zwkprognose.rates.assemble import assemble, level_diagnostics, net_diagnostics
from zwkprognose.rates.base import Base, prepare_base
from zwkprognose.rates.events import area_totals, event_years, has_events
from zwkprognose.rates.levels import empirical_bayes
from zwkprognose.rates.migration import (
    GrossMigration,
    NetParts,
    base_cohorts,
    meet_totals,
    standard_turnover,
    turnover_from_totals,
)
from zwkprognose.rates.mortality import expected_deaths, scale
from zwkprognose.rates.residual import NetMigration, cohort_residuals

MortalityMethod = Literal["auto", "national", "events"]
FertilityMethod = Literal["auto", "children", "events", "national"]
MigrationMethod = Literal["auto", "residual", "totals", "none"]


def estimate_rates(
    inputs: xr.Dataset,
    *,
    mortality: MortalityMethod = "auto",
    fertility: FertilityMethod = "auto",
    migration: MigrationMethod = "auto",
    base_years: Iterable[int] | None = None,
    exclude_years: Iterable[int] = (),
    half_life: float | None = 5.0,
    mortality_period: str | None = None,
    fertility_year: int | None = None,
    shrinkage: float = 100.0,
    persistence: float = 0.6,
    turnover: float = 0.05,
) -> xr.Dataset:
    """Estimate all rates of a projection from what the inputs hold.

    Parameters
    ----------
    inputs : xr.Dataset
        ``population`` on at least two 31.12. (one is enough with ``migration="none"``), and, where
        known, ``births``, ``deaths``, ``in_moves``, ``out_moves``.
    mortality : {"auto", "national", "events"}
        National table, or the national table at the level of the area's deaths, shrunk.
    fertility : {"auto", "children", "events", "national"}
        National schedule at the level of the youngest children, of the births, or as it is.
    migration : {"auto", "residual", "totals", "none"}
        Cohort residuals between the stocks; the same with gross totals of moves; or no migration.
    base_years : iterable of int, optional
        Years of the stocks (31.12.) to compare, default: those of the last ten years (at steps of at
        least three years where single ages were estimated from age groups).
    exclude_years : iterable of int
        Years whose flows are left out; a period between two stocks that contains one is left out.
    half_life : float, years, or None
        A period that lies this much further back counts half; ``None`` weighs all alike.
    mortality_period, fertility_year : optional
        National schedules to use; default: the latest that was complete at the last stock.
    shrinkage : float, persons
        k of the weight N/(N + k) of an area's own cohorts (over five years, five ages pooled).
    persistence : float, 0 … 1
        Share (as a power) of an area's growth by migration relative to the city that is carried on.
        Hindcasts of Berlin's 447 Planungsräume are best about 0.6 together with the turnover below.
    turnover : float, 0 … 0.2
        Persons per inhabitant and year who leave and are replaced by their like; used where gross
        moves are not known. Germans change their municipality about once in twenty years.

    Returns
    -------
    xr.Dataset
        ``death_prob``, ``out_prob``, ``in_moves``, ``fertility_rate``, ``birth_group_share``,
        ``female_birth_share`` by age reached at the end of the year, and diagnostics.

    Raises
    ------
    RatesError
        If the inputs cannot carry the method; the message names the method that can.
    """
    _check_names(mortality=(mortality, MortalityMethod), fertility=(fertility, FertilityMethod),
                 migration=(migration, MigrationMethod))  # fmt: skip
    base = prepare_base(inputs, base_years, exclude_years, mortality_period, fertility_year, half_life)
    death_prob, death_diagnostics = _mortality(inputs, base, mortality)
    net = _net_migration(base, death_prob, migration, shrinkage, persistence)
    births = _fertility(inputs, base, fertility, death_prob, net.rate)
    gross = _gross_migration(inputs, base, migration, death_prob, net, turnover)
    diagnostics = {**net_diagnostics(net), **level_diagnostics("fertility", births.levels), **death_diagnostics}
    return assemble(base, death_prob, births, gross, diagnostics)


def _check_names(**choices: tuple[str, Any]) -> None:
    for argument, (name, allowed) in choices.items():
        if name not in get_args(allowed):
            raise RatesError(
                f"{argument}={name!r} gibt es nicht.", remedy=f"Eine von {', '.join(get_args(allowed))} wählen."
            )


def _mortality(inputs: xr.Dataset, base: Base, method: MortalityMethod) -> tuple[np.ndarray, dict[str, Any]]:
    if method == "national" or (method == "auto" and not has_events(inputs, "deaths")):
        return base.death_prob, {}
    years = event_years(inputs, "deaths", base)
    expected = expected_deaths(base.stocks, years, base.death_prob)
    levels = empirical_bayes(area_totals(inputs, "deaths", years, expected), expected)
    return scale(base.death_prob, levels.level[:, None, None, None]), level_diagnostics("mortality", levels)


def _net_migration(
    base: Base, death_prob: np.ndarray, method: MigrationMethod, shrinkage: float, persistence: float
) -> NetMigration:
    if method == "none":
        zero = np.zeros(base.stocks.persons.shape[1:])
        return NetMigration(zero, zero, zero)
    if not base.periods:
        raise RatesError(
            "Wanderungen lassen sich nur aus mindestens zwei Beständen schätzen.",
            cells=[{"year_end": y} for y in base.stocks.years],
            remedy='Einen zweiten Stichtag ergänzen, weniger Jahre ausschließen oder migration="none" wählen.',
        )
    return cohort_residuals(base.stocks, base.periods, death_prob, shrinkage=shrinkage, persistence=persistence)


def _fertility(
    inputs: xr.Dataset, base: Base, method: FertilityMethod, death_prob: np.ndarray, net: np.ndarray
) -> fert.Fertility:
    if method == "auto":
        method = _fertility_method(inputs, base)
    if method == "events":
        return _fertility_from_births(inputs, base, death_prob, net)
    if method == "children":
        return fert.from_children(base.stocks, base.schedule, death_prob, net)
    return fert.national(base.schedule, base.stocks)


def _fertility_method(inputs: xr.Dataset, base: Base) -> FertilityMethod:
    if len(base.stocks.years) == 1:
        return "national"
    return "events" if has_events(inputs, "births") else "children"


def _fertility_from_births(inputs: xr.Dataset, base: Base, death_prob: np.ndarray, net: np.ndarray) -> fert.Fertility:
    years = event_years(inputs, "births", base)
    mothers = np.sum([fert.expected_births(base.stocks, range(y, y + 1), base.schedule)[0] for y in years], axis=0)
    births = area_totals(inputs, "births", years, mothers.sum(-1))
    children = fert.recent_children(base.stocks, death_prob, net)
    return fert.from_births(base.schedule, births, children, mothers, base.stocks)


def _gross_migration(
    inputs: xr.Dataset,
    base: Base,
    method: MigrationMethod,
    death_prob: np.ndarray,
    net: NetMigration,
    turnover: float,
) -> GrossMigration:
    years = sorted({y for p in base.periods for y in (p.start, p.end)}) or [base.stocks.years[-1]]
    cohorts = base_cohorts(base.stocks, years)
    parts = NetParts.of(net.rate, death_prob)
    if method == "none":
        return parts.gross(cohorts, np.zeros(1))
    if method == "totals" or (method == "auto" and has_events(inputs, "in_moves", "out_moves")):
        arrivals, departures = (_annual(inputs, base, name, cohorts) for name in ("in_moves", "out_moves"))
        leaving = turnover_from_totals(parts, cohorts, arrivals, departures)
        return meet_totals(parts.gross(cohorts, leaving), cohorts, death_prob, arrivals, departures)
    return parts.gross(cohorts, standard_turnover(cohorts, turnover))


def _annual(inputs: xr.Dataset, base: Base, name: str, cohorts: np.ndarray) -> np.ndarray:
    """Moves per year of each area; those of a whole city are spread like the turnover expected."""
    years = event_years(inputs, name, base)
    expected = (standard_turnover(cohorts, 0.05) * cohorts).sum(axis=(1, 2, 3))
    return area_totals(inputs, name, years, expected) / len(years)
