"""From inputs to rates: one call, named methods, sensible defaults."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import xarray as xr

from zwkprognose.arithmetic import total
from zwkprognose.errors import RatesError
from zwkprognose.rates import fertility as fert
from zwkprognose.rates import fertility_events, mortality_events, moves
from zwkprognose.rates.assemble import (
    assemble,
    level_diagnostics,
    move_variables,
    net_diagnostics,
    register_diagnostics,
)
from zwkprognose.rates.base import Base, prepare_base
from zwkprognose.rates.checks import check_numbers
from zwkprognose.rates.choice import check_effects, migration_method
from zwkprognose.rates.events import area_events, has_events, splits
from zwkprognose.rates.migration import (
    GrossMigration,
    NetParts,
    Totals,
    base_cohorts,
    meet_totals,
    standard_turnover,
    turnover_from_totals,
)
from zwkprognose.rates.migration_events import from_register
from zwkprognose.rates.mortality_events import Mortality
from zwkprognose.rates.options import (
    Destinations,
    FertilityMethod,
    MigrationMethod,
    MortalityMethod,
    check_names,
    check_schedules,
)
from zwkprognose.rates.residual import NetMigration, cohort_residuals
from zwkprognose.rates.types import RateGroups
from zwkprognose.rates.weights import Outliers


def estimate_rates(
    inputs: xr.Dataset,
    *,
    mortality: MortalityMethod = "auto",
    fertility: FertilityMethod = "auto",
    migration: MigrationMethod = "auto",
    base_years: Iterable[int] | None = None,
    exclude_years: Iterable[int] = (),
    half_life: float | None = 5.0,
    outliers: Outliers = "keep",
    mortality_period: str | None = None,
    fertility_year: int | None = None,
    shrinkage: float = 100.0,
    persistence: float = 0.6,
    turnover: float = 0.05,
    destinations: Destinations = "pool",
    rate_groups: RateGroups | None = None,
) -> xr.Dataset:
    """Estimate all rates of a projection from what the inputs hold.

    Parameters
    ----------
    inputs : xr.Dataset
        ``population`` on at least two 31.12. (one is enough with ``migration="none"``), and, where
        known, ``births``, ``deaths``, ``in_moves``, ``out_moves``, ``moves`` with any splits.
    mortality : {"auto", "national", "events"}
        National table, or a table at the level (and, if deaths are split by age, the shape) of the deaths.
    fertility : {"auto", "children", "events", "national"}
        National schedule at the level of the youngest children, of the births, or as it is.
    migration : {"auto", "residual", "totals", "register", "none"}
        Cohort residuals between the stocks; the same with gross totals of moves; moves by area, group, sex
        and age (and moves between areas, if there); or no migration.
    base_years : iterable of int, optional
        Years of the stocks (31.12.) to compare, default: those of the last ten years (at steps of at
        least three years where single ages were estimated from age groups).
    exclude_years : iterable of int
        Years whose flows are left out; a period between two stocks that contains one is left out.
    half_life : float, years, or None
        A period that lies this much further back counts half; ``None`` weighs all alike.
    outliers : {"keep", "downweight"}
        Whether years far from the median of all years count less (Huber weights).
    mortality_period, fertility_year : optional
        National schedules to use; default: the latest that was complete at the last stock.
    shrinkage : float, persons
        k of the weight N/(N + k) of an area's own cohorts (over five years, five ages pooled).
    persistence : float, 0 … 1
        Share of an area's growth by migration relative to the city that is carried on.
        Hindcasts of Berlin's 447 Planungsräume are best about 0.6 together with the turnover below.
    turnover : float, 0 … 0.2
        Persons per inhabitant and year who leave and are replaced by their like; used where gross
        moves are not known. Germans change their municipality about once in twenty years.
    destinations : {"pool", "matrix"}
        Where those go who move inside the city (with a register that knows such moves): into a pool from
        which every area takes its share, or by shares of every destination for each origin.
    rate_groups : xr.DataArray [area] or mapping of them, optional
        Types of areas (Gebietstypen) inside which levels are shrunk; one for all or by ``"mortality"``,
        ``"fertility"``, ``"migration"``. :func:`zwkprognose.rates.propose_types` finds some.

    Returns
    -------
    xr.Dataset
        ``death_prob``, ``out_prob``, ``in_moves``, ``fertility_rate``, ``birth_group_share``,
        ``female_birth_share`` by age reached at the end of the year, where known ``move_out_prob`` with
        ``move_in_share`` or ``destination_share``, and diagnostics, which
        :func:`zwkprognose.rates.explain` puts into words.

    Raises
    ------
    RatesError
        If an option is impossible or has no effect, or the inputs cannot carry the method; the message names
        what is possible.

    Examples
    --------
    >>> from zwkprognose import load_example
    >>> inputs = load_example("bremerhaven")
    >>> rates = estimate_rates(inputs)
    >>> rates.attrs["base_period"], round(float(rates["fertility_rate"].sum("age").mean()), 2)
    ('2020–2023', 1.71)
    >>> national = estimate_rates(inputs, fertility="national", fertility_year=2021)
    >>> round(float(national["fertility_rate"].sum("age").mean()), 2)
    1.58
    """
    chosen = {
        "mortality": mortality,
        "fertility": fertility,
        "migration": migration,
        "outliers": outliers,
        "destinations": destinations,
    }
    check_names(chosen)
    check_numbers(half_life=half_life, shrinkage=shrinkage, persistence=persistence, turnover=turnover)
    check_schedules(mortality_period, fertility_year)
    migration = migration_method(inputs, migration)
    check_effects(
        inputs, migration, destinations, shrinkage=shrinkage, persistence=persistence, turnover=turnover
    )  # fmt: skip
    base = prepare_base(
        inputs, base_years, exclude_years, mortality_period, fertility_year, half_life, outliers, rate_groups
    )
    deaths = _mortality(inputs, base, mortality)
    net = _net_migration(base, deaths.death_prob, migration, shrinkage, persistence)
    fertility = _fertility_method(inputs, base) if fertility == "auto" else fertility
    births = _fertility(inputs, base, fertility, deaths.death_prob, net.rate)
    gross, more = _gross_migration(inputs, base, migration, deaths.death_prob, net, turnover, destinations)
    diagnostics = {
        **net_diagnostics(net),
        **level_diagnostics("fertility", births.levels),
        **level_diagnostics("mortality", deaths.levels),
        **more,
    }
    rates = assemble(base, deaths.death_prob, births, gross, diagnostics)
    used = {"mortality": "events" if deaths.levels else "national", "fertility": fertility, "migration": migration}
    return rates.assign_attrs(shrinkage=shrinkage, persistence=persistence, turnover=turnover, **(chosen | used))


def _mortality(inputs: xr.Dataset, base: Base, method: MortalityMethod) -> Mortality:
    # with one stock deaths cannot be set against a population before and after
    usable = has_events(inputs, "deaths") and len(base.stocks.years) > 1
    if method == "national" or (method == "auto" and not usable):
        return Mortality(base.death_prob, None)
    return mortality_events.from_deaths(inputs, base)


def _net_migration(
    base: Base, death_prob: np.ndarray, method: MigrationMethod, shrinkage: float, persistence: float
) -> NetMigration:
    if method == "none":
        return NetMigration.none(base.stocks.persons.shape[1:])
    if not base.periods:
        raise RatesError(
            "Wanderungen lassen sich nur aus mindestens zwei Beständen schätzen.",
            cells=[{"year_end": y} for y in base.stocks.years],
            remedy='Einen zweiten Stichtag ergänzen, weniger Jahre ausschließen oder migration="none" wählen.',
        )
    return cohort_residuals(
        base.stocks, base.periods, death_prob,
        shrinkage=shrinkage, persistence=persistence, outliers=base.outliers, types=base.types["migration"],
    )  # fmt: skip


def _fertility(
    inputs: xr.Dataset, base: Base, method: FertilityMethod, death_prob: np.ndarray, net: np.ndarray
) -> fert.Fertility:
    if method == "events":
        return fertility_events.from_births(inputs, base, death_prob, net)
    if method == "children":
        return fert.from_children(base.stocks, base.schedule, death_prob, net, base.types["fertility"])
    return fert.national(base.schedule, base.stocks)


def _fertility_method(inputs: xr.Dataset, base: Base) -> FertilityMethod:
    if len(base.stocks.years) == 1:
        return "national"
    return "events" if has_events(inputs, "births") else "children"


def _gross_migration(
    inputs: xr.Dataset,
    base: Base,
    method: MigrationMethod,
    death_prob: np.ndarray,
    net: NetMigration,
    turnover: float,
    destinations: Destinations,
) -> tuple[GrossMigration, dict[str, Any]]:
    """Gross rates, and the diagnostics and move variables that come with a register."""
    if method == "register":
        return _from_register(inputs, base, death_prob, destinations)
    years = sorted({y for p in base.periods for y in (p.start, p.end)}) or [base.stocks.years[-1]]
    cohorts = base_cohorts(base.stocks, years)
    parts = NetParts.of(net.rate, death_prob)
    if method == "none":
        return parts.gross(cohorts, np.zeros(1)), {}
    if method == "totals":
        totals = _totals(inputs, base, cohorts)
        leaving = turnover_from_totals(parts, cohorts, totals)
        return meet_totals(parts.gross(cohorts, leaving), cohorts, death_prob, totals), {}
    return parts.gross(cohorts, standard_turnover(cohorts, turnover)), {}


def _totals(inputs: xr.Dataset, base: Base, cohorts: np.ndarray) -> Totals:
    """Arrivals and departures per year; moves between the areas belong to both, as they do in the residuals."""
    expected = total(standard_turnover(cohorts, 0.05) * cohorts, (1, 2, 3))
    arrivals, departures = (area_events(inputs, name, base, expected).per_year() for name in ("in_moves", "out_moves"))
    inside = "moves" in inputs and splits(inputs, "in_moves", ("area",)) and splits(inputs, "out_moves", ("area",))
    if inside:
        coming, going = moves.move_margins(inputs, base)
        arrivals, departures = arrivals + coming, departures + going
    return Totals(arrivals, departures, joint=len(expected) > 1 and not inside, areas=base.stocks.areas)


def _from_register(
    inputs: xr.Dataset, base: Base, death_prob: np.ndarray, destinations: Destinations
) -> tuple[GrossMigration, dict[str, Any]]:
    found = from_register(inputs, base, death_prob)
    more = register_diagnostics(found)
    if "moves" in inputs:
        more |= move_variables(moves.from_moves(inputs, base), destinations)
    return found.gross, more
