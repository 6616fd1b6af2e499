"""A case that is checked and aligned once and then answers many scenarios."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeAlias

import numpy as np
import xarray as xr

from zwkprognose.engine import doors
from zwkprognose.engine.arrays import Array, in_order, over_areas
from zwkprognose.engine.assemble import Plan
from zwkprognose.engine.case.base import Base, Run, require_rates, stock_of
from zwkprognose.engine.case.levels import Level, with_levels
from zwkprognose.engine.case.provenance import provenance
from zwkprognose.engine.case.question import Question, name_of, several
from zwkprognose.engine.case.room import Room
from zwkprognose.engine.case.without_effect import sayings
from zwkprognose.engine.compiled import compute
from zwkprognose.engine.draws.drawn import Asked, summaries
from zwkprognose.engine.draws.uncertainty import Uncertainty
from zwkprognose.engine.features.eckwerte import Eckwert
from zwkprognose.engine.features.housing import Erstbezug
from zwkprognose.engine.features.special import Sondergruppe
from zwkprognose.engine.features.timing import Timing
from zwkprognose.engine.grid import CELL, grid_of, last_stock, projection_of
from zwkprognose.engine.known import Known
from zwkprognose.engine.model import Model, allocate, of_scenario
from zwkprognose.engine.rates import by_name, rates_of
from zwkprognose.engine.totals import says_mortality, with_totals
from zwkprognose.errors import EngineError
from zwkprognose.rates.totals import CityTotals
from zwkprognose.scenarios import Scenario
from zwkprognose.scenarios.documents import kind_of
from zwkprognose.scenarios.levers import LEVERS, of_levers
from zwkprognose.scenarios.masks import levels_of

#: A scenario, the rates as they are, or levers by name.
ScenarioLike: TypeAlias = Scenario | Mapping[str, float] | None


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
    question = Question(until, plan, None, totals, method, threads, city)
    case = Prepared(with_levels(inputs, levels or {}), rates, question)
    if "scenario" not in inputs.dims:  # what cannot be computed is refused here
        rates_of(grid_of(inputs["population"], until), by_name(rates), Known())
    return case


class Prepared:
    """A case ready for questions; from :func:`zwkprognose.prepare`.

    One object answers one question after the other. It remembers the arrays of the base and of the last scenario,
    no results.
    """

    def __init__(self, inputs: xr.Dataset, rates: xr.Dataset, question: Question) -> None:
        check_city(question.city, question.totals)
        stock = stock_of(inputs)
        require_rates(rates)
        last_stock(stock.isel(scenario=0, drop=True) if "scenario" in stock.dims else stock, question.until)
        self._inputs, self._rates, self._question = inputs, rates, question
        self._bases: dict[tuple[str, bool], Base] = {}
        self._room = Room()

    def base(self, scenario: Scenario | None = None) -> Base:
        """What scenarios set out from.

        Of a continued projection with several, each from its own stock; under a rule for totals, those that say how
        mortality goes on from another base than the others.
        """
        question, name = self._question, name_of(scenario) if "scenario" in self._inputs.dims else ""
        key = name, question.totals is not None and says_mortality(scenario)
        if key not in self._bases:
            own = _own(self._inputs, scenario)
            base = Base(own, self._rates, grid_of(stock_of(own), question.until), question.plan)
            if question.totals is not None:
                first = int(base.first_stock["year_end"]) + 1 if key[1] else None
                rates = with_totals(
                    own, self._rates, question.plan, question.until, question.totals, question.city, falling_from=first
                )
                base = Base(own, rates, base.grid, question.plan)
            self._bases[key] = base
        return self._bases[key]

    def project(
        self,
        scenario: ScenarioLike | Sequence[ScenarioLike] = None,
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
        question = self._asking(scenario)
        runs, many = self._runs(question), question.many
        flows = allocate([run.model for run in runs])
        for k, run in enumerate(runs):
            compute.run(run.model, of_scenario(flows, k), question.method, question.threads)
        projection = projection_of(
            runs[0].base.grid, flows if many else of_scenario(flows, 0), ("scenario",) if many else ()
        )
        if any(_may_fall_below_zero(run.model) for run in runs):
            doors.check_stock(projection["population"])
        if many:
            projection = projection.assign_coords(scenario=question.dimension)
        if draws is not None:
            asked = Asked(draws, seed, uncertainty, threads=question.threads)
            each = [summaries(run.base.grid, run.model, asked) for run in runs]
            projection = with_drawn(projection, each, question)
        return projection.assign_attrs(provenance(self._inputs, self._rates, question) | sayings(runs))

    def population(
        self, scenario: ScenarioLike | Sequence[ScenarioLike] = None, *, by: str | Sequence[str] = ("sex", "age")
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
        question = self._asking(scenario)
        runs, many = self._runs(question), question.many
        grid = runs[0].base.grid
        level, dims = _told_apart(grid.start, by)
        sums = [self._sum(run, level, dims) for run in runs]
        values = np.stack(sums) if many else sums[0]
        coords = {"year_end": grid.year_ends} | ({} if level is None else level.coords)
        coords |= {d: grid.start.coords.variables[d].values for d in dims}
        axes = ("scenario",) * many + ("year_end", *([level.name] if level else []), *dims)
        found = xr.DataArray(values, coords, axes, "population")
        if many:
            found = found.assign_coords(scenario=question.dimension)
        return found.assign_attrs(units="persons")

    def _asking(self, scenario: ScenarioLike | Sequence[ScenarioLike]) -> Question:
        """The question of the case under scenarios, or under levers."""
        said = [_as_scenario(one) for one in scenario] if several(scenario) else _as_scenario(scenario)
        return replace(self._question, scenario=said)

    def _runs(self, question: Question) -> list[Run]:
        """A run for each scenario."""
        each = [(one, self.base(one)) for one in question.scenarios]
        return [Run(one, base, base.model(one), base.verdicts(one)) for one, base in each]

    def _sum(self, run: Run, level: Level | None, dims: tuple[str, ...]) -> Array:
        """Persons (year, group of areas, …) of one run."""
        method, threads = self._question.method, self._question.threads
        flows = self._room.flows(run.model, method, stocks_only=True)
        compute.run(run.model, flows, method, threads)
        people = flows["population"]
        if _may_fall_below_zero(run.model) and not people.min() >= 0:
            doors.check_stock(projection_of(run.base.grid, flows)["population"])
        order = run.model.order
        summed = over_areas(people, order)[:, None] if level is None else level.summed(people, order)
        for axis in (4, 3, 2):  # ages first: the fewest terms for what comes after
            if CELL[axis - 1] not in dims:
                summed = in_order(summed, axis)
        return summed[:, 0] if level is None else summed


def with_drawn(projection: xr.Dataset, each: Sequence[xr.Dataset], question: Question) -> xr.Dataset:
    """The projection, and what random ones say of each of its scenarios."""
    drawn = xr.concat(each, question.dimension, join="exact") if question.many else each[0]
    drawn = drawn.drop_vars("area_name", errors="ignore")
    names = {str(name): f"drawn_{name}" for name in drawn.data_vars}
    return projection.merge(drawn.rename(names), combine_attrs="no_conflicts")


def check_city(city: object, totals: str | None) -> None:
    """An official total of the city needs a rule by which the areas share it."""
    if city is not None and (not isinstance(city, CityTotals) or totals is None):
        raise EngineError(
            "Ein amtlicher Eckwert der Stadt (city) ist ein CityTotals und braucht eine Regel für die Gesamtzahlen der "
            "Gebiete (totals).",
            remedy='Zum Beispiel totals="shrunk", city=CityTotals({2040: 90000}, error=0.003) angeben.',
        )


def _own(inputs: xr.Dataset, scenario: Scenario | None) -> xr.Dataset:
    """The inputs; of an earlier projection with several scenarios those of this one."""
    if "scenario" not in inputs.dims:
        return inputs
    known, name = inputs["scenario"].values.tolist(), name_of(scenario)
    if name not in known:
        raise EngineError(
            f"Fortgesetzt werden soll das Szenario „{name}“, die frühere Prognose hat es aber nicht.",
            cells=[{"scenario": there} for there in known],
            remedy="Szenarien der früheren Prognose angeben; None steht für „unchanged“.",
        )
    return inputs.sel(scenario=name, drop=True)


def _as_scenario(meant: Any) -> Any:
    """Levers as the scenario that they make; anything else stays, and is refused by name if it is no scenario."""
    if not isinstance(meant, Mapping):
        return meant
    numbers = all(isinstance(value, int | float) for value in meant.values())
    levers = numbers or any(name in LEVERS for name in meant)
    return of_levers(meant) if levers else meant  # the content of a document is no scenario


def _may_fall_below_zero(model: Model) -> bool:
    """Numbers of persons can take more than there are; probabilities that have passed the door cannot."""
    return model.couples_areas or model.rates.out_moves is not None


def _told_apart(stock: xr.DataArray, by: str | Sequence[str]) -> tuple[Level | None, tuple[str, ...]]:
    """The level of areas, and the dimensions of the cell, that a sum keeps, in their order."""
    by = [by] if isinstance(by, str) else by if isinstance(by, Sequence) else [kind_of(by)]
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
