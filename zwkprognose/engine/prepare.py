"""A case that is checked and aligned once and then answers many scenarios."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import xarray as xr

from zwkprognose.engine import doors
from zwkprognose.engine.arrays import Array, in_order, over_areas
from zwkprognose.engine.assemble import Plan
from zwkprognose.engine.case.base import Base, Bases, Run
from zwkprognose.engine.case.levels import Level, with_levels
from zwkprognose.engine.case.provenance import KEY, provenance
from zwkprognose.engine.case.room import Room
from zwkprognose.engine.case.without_effect import sayings
from zwkprognose.engine.compiled import compute
from zwkprognose.engine.draws.uncertainty import Uncertainty
from zwkprognose.engine.features.eckwerte import Eckwert
from zwkprognose.engine.features.housing import Erstbezug
from zwkprognose.engine.features.special import Sondergruppe
from zwkprognose.engine.features.timing import Timing
from zwkprognose.engine.grid import CELL, grid_of, projection_of
from zwkprognose.engine.model import Model, allocate, of_scenario
from zwkprognose.engine.rates import by_name, rates_of
from zwkprognose.errors import EngineError
from zwkprognose.rates.totals import CityTotals
from zwkprognose.scenarios.documents import kind_of
from zwkprognose.scenarios.masks import levels_of

if TYPE_CHECKING:
    from zwkprognose.scenarios import Scenario

    #: A scenario, the rates as they are, or levers by name.
    Question: TypeAlias = Scenario | Mapping[str, float] | None


def prepare(
    inputs: xr.Dataset,
    rates: xr.Dataset,
    *,
    until: int,
    timing: str | Timing = "cohort",
    citizens: str | None = None,
    eckwerte: Sequence[Eckwert] = (),
    erstbezug: Erstbezug | None = None,
    sondergruppen: Sequence[Sondergruppe] = (),
    totals: str | None = None,
    city: CityTotals | None = None,
    levels: Mapping[str, Mapping[str, str]] | None = None,
    method: compute.Method = "auto",
    threads: int | None = None,
) -> Prepared:
    """Check and align stock and rates once, to ask for many scenarios.

    Parameters
    ----------
    inputs, rates, until, timing, citizens, eckwerte, erstbezug, sondergruppen, totals, city, method, threads
        As for :func:`zwkprognose.project`. They are copied: what happens to them later changes no answer.
    levels : mapping of str to mapping, optional
        Groups of areas under names of their own, as many levels as there are: ``{"Amt": {"0101": "Nord", …},
        "Regionalkonferenz": {"0101": "Mitte", …}}``. Scenarios then speak of ``"Amt Nord"`` where they would
        name areas, and :meth:`Prepared.population` adds areas up by them.

    Returns
    -------
    Prepared
        Answers a scenario, a list of scenarios or levers, to the bit what :func:`zwkprognose.project` does.

    Raises
    ------
    EngineError
        As :func:`zwkprognose.project`, or if a level leaves areas out or names unknown ones.

    Examples
    --------
    >>> from zwkprognose import Scenario, estimate_rates, load_example
    >>> inputs = load_example("bremerhaven")
    >>> case = prepare(inputs, estimate_rates(inputs), until=2030)
    >>> more = case.population({"zuzuege": 1.1}) - case.population()
    >>> bool(more.sel(year_end=2030).sum() > 0)
    True
    >>> case.project(Scenario.bundled("upper")).sizes["year"]
    7
    """
    if isinstance(inputs, xr.Dataset) and isinstance(rates, xr.Dataset):
        inputs, rates = inputs.copy(deep=True), rates.copy(deep=True)
    plan = Plan.of(timing, citizens, eckwerte, erstbezug, sondergruppen)
    case = Prepared(with_levels(inputs, levels or {}), rates, until, plan, totals, method, threads, city)
    if "scenario" not in inputs.dims:
        rates_of(grid_of(inputs["population"], until), by_name(rates))  # what cannot be computed is refused here
    return case


class Prepared:
    """A case ready for questions; from :func:`zwkprognose.prepare`.

    One object answers one question after the other. It remembers the arrays of the base and of the last scenario,
    no results.
    """

    def __init__(
        self, inputs: xr.Dataset, rates: xr.Dataset, until: int, plan: Plan, totals: str | None = None,
        method: compute.Method = "auto", threads: int | None = None, city: CityTotals | None = None,
    ) -> None:  # fmt: skip
        self._bases = Bases(inputs, rates, until, plan, totals, city)
        self._method, self._threads = method, threads
        self._room = Room()

    def base(self, scenario: Scenario | None = None) -> Base:
        """What scenarios set out from; of a continued projection with several, each from its own stock."""
        return self._bases.of(scenario)

    def project(
        self,
        scenario: Question | Sequence[Question] = None,
        *,
        draws: int | None = None,
        seed: int = 1,
        uncertainty: Uncertainty | None = None,
    ) -> xr.Dataset:
        """The whole projection with all its components, as :func:`zwkprognose.project` gives it.

        Parameters
        ----------
        scenario : Scenario, mapping of lever to number, None, or a sequence of them
            Levers are factors of ``geburten``, ``sterblichkeit``, ``zuzuege``, ``fortzuege``, ``umzuege``,
            ``einbuergerungen``, ``tfr`` in children per woman, ``halten`` in per cent of those who would leave,
            ``anziehen`` in additional persons a year. A sequence gives a leading dimension ``scenario``.
        draws, seed, uncertainty
            As for :func:`zwkprognose.project`.
        """
        runs, many = self._runs(scenario)
        flows = allocate([run.model for run in runs])
        for k, run in enumerate(runs):
            compute.run(run.model, of_scenario(flows, k), self._method, self._threads)
        projection = projection_of(
            runs[0].base.grid, flows if many else of_scenario(flows, 0), ("scenario",) if many else ()
        )
        if any(_may_fall_below_zero(run.model) for run in runs):
            doors.check_stock(projection["population"])
        if many:
            projection = projection.assign_coords(scenario=_named(runs))
        if draws is not None:
            drawn = self._drawn(runs, many, draws, seed, uncertainty)
            projection = projection.merge(drawn, combine_attrs="no_conflicts")
        return projection.assign_attrs({KEY: self._provenance(runs, many), **sayings(runs)})

    def population(
        self, scenario: Question | Sequence[Question] = None, *, by: str | Sequence[str] = ("sex", "age")
    ) -> xr.DataArray:
        """The stocks alone, added up: the pyramid of the city unless something else is asked for.

        Parameters
        ----------
        scenario
            As for :meth:`project`.
        by : str or sequence of str
            What is told apart: any of ``area`` (or a level of areas), ``nationality``, ``sex``, ``age``.

        Returns
        -------
        xr.DataArray [year_end, …]
            Persons, with a leading dimension ``scenario`` for a sequence. Sums are taken in the order of the keys
            of the areas, so that the order of the rows changes no bit.
        """
        runs, many = self._runs(scenario)
        grid = runs[0].base.grid
        level, dims = _told_apart(grid.start, _words(by))
        sums = [self._sum(run, level, dims) for run in runs]
        values = np.stack(sums) if many else sums[0]
        coords = {"year_end": grid.year_ends} | ({} if level is None else level.coords)
        coords |= {d: grid.start.coords.variables[d].values for d in dims}
        axes = ("scenario",) * many + ("year_end", *([level.name] if level else []), *dims)
        found = xr.DataArray(values, coords, axes, "population")
        if many:
            found = found.assign_coords(scenario=_named(runs))
        return found.assign_attrs(units="persons")

    def _runs(self, scenario: Question | Sequence[Question]) -> tuple[list[Run], bool]:
        """A run for each question, and whether there may be several."""
        if isinstance(scenario, Sequence) and not isinstance(scenario, str):
            return self._bases.runs([_as_scenario(one) for one in scenario]), True
        return self._bases.runs(_as_scenario(scenario)), False

    def _sum(self, run: Run, level: Level | None, dims: tuple[str, ...]) -> Array:
        """Persons (year, group of areas, …) of one run."""
        flows = self._room.flows(run.model, self._method, stocks_only=True)
        compute.run(run.model, flows, self._method, self._threads)
        people = flows["population"]
        if _may_fall_below_zero(run.model) and not people.min() >= 0:
            doors.check_stock(projection_of(run.base.grid, flows)["population"])
        order = run.model.order
        summed = over_areas(people, order)[:, None] if level is None else level.summed(people, order)
        for axis in (4, 3, 2):  # ages first: the fewest terms for what comes after
            if CELL[axis - 1] not in dims:
                summed = in_order(summed, axis)
        return summed[:, 0] if level is None else summed

    def _drawn(
        self, runs: Sequence[Run], many: bool, draws: int, seed: int, uncertainty: Uncertainty | None
    ) -> xr.Dataset:
        """What random projections say, scenario by scenario."""
        from zwkprognose.engine.draws.drawn import Asked, summaries

        asked = Asked(draws, seed, uncertainty, threads=self._threads)
        each = [summaries(run.base.grid, run.model, asked) for run in runs]
        drawn = xr.concat(each, _named(runs), join="exact") if many else each[0]
        drawn = drawn.drop_vars("area_name", errors="ignore")
        return drawn.rename({str(name): f"drawn_{name}" for name in drawn.data_vars})

    def _provenance(self, runs: Sequence[Run], many: bool) -> str:
        asked = self._bases
        stated = [run.stated for run in runs if many or run.scenario is not None]
        return provenance(asked.inputs, asked.rates, stated, asked.plan, asked.totals, asked.until, asked.city)


def _as_scenario(question: Question) -> Scenario | None:
    if not isinstance(question, Mapping):
        return question  # anything but a scenario is refused by name
    from zwkprognose.scenarios.levers import LEVERS, of_levers

    numbers = all(isinstance(value, int | float) for value in question.values())
    meant = numbers or any(name in LEVERS for name in question)
    return of_levers(question) if meant else question  # type: ignore[return-value]  # the content of a document is none


def _may_fall_below_zero(model: Model) -> bool:
    """Numbers of persons can take more than there are; probabilities that have passed the door cannot."""
    return model.couples_areas or model.rates.out_moves is not None


def _words(by: str | Sequence[str]) -> tuple[str, ...]:
    words = (by,) if isinstance(by, str) else by
    return tuple(words) if isinstance(words, Sequence) else (kind_of(words),)


def _told_apart(stock: xr.DataArray, by: tuple[str, ...]) -> tuple[Level | None, tuple[str, ...]]:
    """The level of areas, and the dimensions of the cell, that a sum keeps, in their order."""
    levels = ["area", *levels_of(stock)]
    unknown = [name for name in by if name not in levels and name not in CELL]
    chosen = [name for name in by if name in levels]
    if unknown or len(chosen) > 1:
        raise EngineError(
            f"Nach {', '.join(unknown or chosen)} lässt sich der Bestand nicht gliedern.",
            cells=[{"by": name} for name in unknown or chosen],
            remedy=f"Höchstens eines von {', '.join(levels)}, dazu nationality, sex, age angeben.",
        )
    return (Level.of(stock, chosen[0]) if chosen else None), tuple(d for d in CELL[1:] if d in by)


def _named(runs: Sequence[Run]) -> xr.Variable:
    """Keys of the scenarios, with their titles."""
    titles = {run.stated.name: run.stated.title for run in runs}
    return xr.Variable("scenario", list(titles), {"titles": json.dumps(titles, ensure_ascii=False)})
