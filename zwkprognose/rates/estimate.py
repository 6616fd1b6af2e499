"""From inputs to rates: one call, named methods, sensible defaults."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace

import xarray as xr

from zwkprognose.rates import fertility as by_birth
from zwkprognose.rates import migration as by_move
from zwkprognose.rates import mortality as by_death
from zwkprognose.rates.assemble import assemble, net_diagnostics
from zwkprognose.rates.base import prepare_base
from zwkprognose.rates.checks import check_numbers, years_of
from zwkprognose.rates.city_moves import CityMoves, with_city_moves
from zwkprognose.rates.events import years_of_moves
from zwkprognose.rates.options import Destinations, check_effects, check_names, check_schedules
from zwkprognose.rates.rate_groups import RateGroups
from zwkprognose.rates.shrinkage import level_diagnostics
from zwkprognose.rates.stocks import require_inputs
from zwkprognose.rates.totals import past_of, shock_years
from zwkprognose.rates.weights import Outliers

#: Word for the years that do not count because they were unusual.
SHOCKS = "shocks"


def estimate_rates(
    inputs: xr.Dataset,
    *,
    mortality: str = "auto",
    fertility: str = "auto",
    migration: str = "auto",
    base_years: Iterable[int] | None = None,
    exclude_years: Iterable[int] | str = (),
    half_life: float | None = 5.0,
    outliers: Outliers = "keep",
    mortality_period: str | None = None,
    fertility_year: int | None = None,
    shrinkage: float = 100.0,
    persistence: float = 0.6,
    turnover: float = 0.05,
    destinations: Destinations = "pool",
    city_moves: CityMoves | None = None,
    rate_groups: RateGroups | None = None,
) -> xr.Dataset:
    """Estimate all rates of a projection from what the inputs hold.

    Parameters
    ----------
    inputs : xr.Dataset
        ``population`` on at least two 31.12. (one is enough with ``migration="none"`` or known moves), and, where
        known, ``births``, ``deaths``, ``in_moves``, ``out_moves``, ``moves`` with any splits.
    mortality : {"auto", "national", "events"}
        National table, or a table at the level (and, if deaths are split by age, the shape) of the deaths.
    fertility : {"auto", "children", "events", "national"}
        National schedule at the level of the youngest children, of the births, or as it is.
    migration : {"auto", "residual", "totals", "schedule", "register", "none"}
        Cohort residuals between the stocks; the same with gross totals of moves; of a single stock a standard age
        schedule with these totals; moves by area, group, sex and age (and moves between areas, if there); or no
        migration.
    base_years : iterable of int, optional
        Years of the stocks (31.12.) to compare, default: those of the last ten years (at steps of at
        least three years where single ages were estimated from age groups).
    exclude_years : iterable of int, or "shocks"
        Years whose flows are left out; a period between two stocks that contains one is left out. ``"shocks"`` are
        those of :func:`zwkprognose.rates.totals.shock_years`.
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
    city_moves : mapping, optional
        ``in_moves`` and ``out_moves`` across the city line, persons, where the inputs have none: of a usual year, or
        by year of the base period; a number, or one for each nationality, which then holds for the group itself. They
        take the place of ``turnover``.
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
    numbers = {"shrinkage": shrinkage, "persistence": persistence, "turnover": turnover}
    base_years = None if base_years is None else years_of("base_years", base_years)
    schedules = {"mortality_period": mortality_period, "fertility_year": fertility_year}
    asked: dict[str, object] = {**chosen, **numbers, **schedules, "half_life": half_life}
    asked |= {"base_years": base_years, "city_moves": city_moves}
    check_names(chosen)
    check_numbers(half_life=half_life, **numbers)
    check_schedules(mortality_period, fertility_year)
    require_inputs(inputs)
    exclude_years = _excluded(inputs, exclude_years)
    asked |= {"exclude_years": exclude_years}
    base = prepare_base(
        inputs, base_years, exclude_years, mortality_period, fertility_year, half_life, outliers, rate_groups
    )
    known = with_city_moves(inputs, city_moves, years_of_moves(base))
    moving = by_move.METHODS.chosen(migration, known)
    check_effects(known, moving, destinations, shrinkage=shrinkage, persistence=persistence, turnover=turnover)
    dying = by_death.METHODS.chosen(mortality, inputs)
    deaths = dying.estimate(inputs, base)
    base = replace(base, mortality_year=deaths.year)
    moves = moving.estimate(
        known, base, deaths.death_prob, by_move.Options(shrinkage, persistence, turnover, destinations)
    )
    bearing = by_birth.METHODS.chosen(fertility, inputs)
    births = bearing.estimate(inputs, base, deaths.death_prob, moves.net.rate)
    diagnostics = {
        **net_diagnostics(moves.net),
        **level_diagnostics("fertility", births.levels),
        **level_diagnostics("mortality", deaths.levels),
        **moves.more,
    }
    rates = assemble(base, deaths.death_prob, births, moves.gross, diagnostics)
    used = {"mortality": dying.name, "fertility": bearing.name, "migration": moving.name}
    return rates.assign_attrs(**numbers, **(chosen | used), asked=json.dumps(asked))


def _excluded(inputs: xr.Dataset, years: Iterable[int] | str) -> list[int]:
    """Years that do not count: those named, or those in which the city grew as it otherwise does not."""
    if isinstance(years, str) and years == SHOCKS:
        return shock_years(past_of(inputs))
    return years_of("exclude_years", years)
