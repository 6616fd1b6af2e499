"""The public doors of the engine: labelled Datasets in, a labelled projection out, or many random ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import xarray as xr

from zwkprognose.engine.assemble import Plan
from zwkprognose.engine.case.question import Question
from zwkprognose.engine.compiled import compute
from zwkprognose.engine.draws.drawn import QUANTILES, Asked, model_of, summaries, trajectories_of
from zwkprognose.engine.draws.summary import Band
from zwkprognose.engine.draws.uncertainty import Uncertainty
from zwkprognose.engine.features.eckwerte import Eckwert
from zwkprognose.engine.features.housing import Erstbezug
from zwkprognose.engine.features.special import Sondergruppe
from zwkprognose.engine.features.timing import Timing
from zwkprognose.engine.parts.lazy import draw_in_parts, in_parts, project_in_parts, trajectories_in_parts
from zwkprognose.engine.prepare import Prepared
from zwkprognose.rates.totals import CityTotals
from zwkprognose.scenarios import Scenario


def project(
    inputs: xr.Dataset,
    rates: xr.Dataset,
    scenario: Scenario | Sequence[Scenario | None] | None = None,
    *,
    until: int,
    timing: str | Timing = "cohort",
    citizens: str | None = None,
    eckwerte: Sequence[Eckwert] = (),
    erstbezug: Erstbezug | None = None,
    sondergruppen: Sequence[Sondergruppe] = (),
    totals: str | None = None,
    city: CityTotals | None = None,
    draws: int | None = None,
    seed: int = 1,
    uncertainty: Uncertainty | None = None,
    method: compute.Method = "auto",
    threads: int | None = None,
) -> xr.Dataset:
    """Project a population year by year, keeping every component.

    Starts from the last 31.12. of ``inputs`` and goes to 31.12. of ``until``. The same inputs give the
    same result, bit for bit, whatever the method and the number of threads; a projection may itself be
    the input of a longer one. Chunked arrays (dask) are projected when they are asked for, part by part along ``area``,
    with the same bits. Where the areas carry a coordinate ``city``, every city is projected on its own: moves inside,
    dwellings and Eckwerte stay in it.

    Parameters
    ----------
    inputs : xr.Dataset
        ``population`` [year_end, area, nationality, sex, age], persons; or an earlier projection. If that has
        several scenarios, each goes on from its own stock.
    rates : xr.Dataset
        Probabilities, fertility rates and in-moves by age reached at the end of the year (``names.py``).
    scenario : Scenario, sequence of Scenario or None
        Changes of the rates. A sequence gives results with a leading dimension ``scenario``; ``None`` in it are
        the rates as they are, under the name ``unchanged``.
    until : int
        Last year of the projection.
    timing : str or Timing
        When in the year people move: ``cohort`` (Swiss Federal Statistical Office), ``even`` or ``end``
        (United Nations).
    citizens : str, optional
        Group that naturalised persons join; ``german`` unless given.
    eckwerte : sequence of Eckwert
        Sums of the population or of flows to be met, in any years; flows are scaled, never stocks.
    erstbezug : Erstbezug, optional
        Dwellings to be built, and who moves in.
    sondergruppen : sequence of Sondergruppe
        Facilities whose residents are replaced and do not age in place.
    totals : str, optional
        Rule for the totals of the areas if nothing changes: ``shrunk`` (best in hindcasts), ``average``,
        ``unchanged`` … (:func:`zwkprognose.rates.totals.estimate_totals`). Moves across the city line are
        changed so that the areas reach them; scenarios, dwellings and Eckwerte come on top
        (:func:`zwkprognose.engine.rates_to_totals`). Without it the totals are what the rates make of them.
    city : CityTotals, optional
        Official totals of the city, which the areas share by the rule: the middle variant and the rates as they are
        meet them in every year.
    draws, seed : int, optional
        Number of random projections and start of the random numbers; adds ``drawn_mean``, ``drawn_sd``,
        ``drawn_quantiles`` and the same of the city (:func:`zwkprognose.engine.project_draws`).
    uncertainty : Uncertainty, optional
        What is uncertain in the draws.
    method : {"auto", "reference", "kernel"}
        Who computes; ``auto`` compiles nothing for the size of a city.
    threads : int, optional
        Threads of the kernel at most; all processors unless given.

    Returns
    -------
    xr.Dataset
        ``population`` on ``year_end``; ``births``, ``deaths``, ``in_moves``, ``out_moves`` on ``year`` and,
        where they take place, ``moves_in``, ``moves_out``, ``naturalisations``, ``erstbezug`` and
        ``sondergruppe``; persons. Those born in the year have age 0.

    Raises
    ------
    EngineError
        If inputs and rates do not fit together, a value is impossible or an Eckwert cannot be reached;
        names the cells and the amount.

    Notes
    -----
    Method: cohort-component projection of the Swiss Federal Statistical Office, see ``reference``.

    Examples
    --------
    >>> from zwkprognose import Scenario, estimate_rates, load_example
    >>> inputs = load_example("bremerhaven")
    >>> more = Scenario.from_toml('name = "mehr"\\n[[annahme]]\\ngroesse = "zuzuege"\\nprozent = 10')
    >>> projection = project(inputs, estimate_rates(inputs), [None, more], until=2026)
    >>> persons = projection["population"].sum(["area", "nationality", "sex", "age"])
    >>> bool((persons.sel(scenario="mehr") >= persons.sel(scenario="unchanged")).all())
    True
    """
    plan = Plan.of(timing, citizens, eckwerte, erstbezug, sondergruppen)
    question = Question(until, plan, scenario, totals, method, threads, city)
    if in_parts(inputs, rates, question):
        asked = None if draws is None else Asked(draws, seed, uncertainty, threads=threads)
        return project_in_parts(inputs, rates, question, asked)
    return Prepared(inputs, rates, question).project(scenario, draws=draws, seed=seed, uncertainty=uncertainty)


def project_draws(
    inputs: xr.Dataset,
    rates: xr.Dataset,
    scenario: Scenario | None = None,
    *,
    until: int,
    timing: str | Timing = "cohort",
    citizens: str | None = None,
    eckwerte: Sequence[Eckwert] = (),
    erstbezug: Erstbezug | None = None,
    sondergruppen: Sequence[Sondergruppe] = (),
    draws: int = 1000,
    seed: int = 1,
    uncertainty: Uncertainty | None = None,
    bands: Mapping[str, Band] | None = None,
    quantiles: Sequence[float] = QUANTILES,
    exceed: Mapping[str, float] | None = None,
    threads: int | None = None,
) -> xr.Dataset:
    """Project many times with chance and say how the results scatter.

    Areas that do not depend on each other are worked on one by one and only their sums are kept, so that the
    memory needed does not grow with the number of areas. Otherwise all areas are drawn together, year by year:
    from the persons drawn so far follows the year to be expected, with moves inside the city, dwellings,
    facilities and Eckwerte, and from this the chances of every person. The same seed gives the same draws
    whatever the number of threads or draws, and of areas on their own whatever the others. Chunked inputs (dask) are
    answered lazily, part by part, with the same bits; cities of a coordinate ``city`` each on their own.

    Under chance an Eckwert holds in the mean: every year is aimed at it anew from the persons drawn, so that only
    the chance of the year itself remains. New dwellings and moves inside the city are drawn person by person, the
    residents of facilities are whole numbers.

    Parameters
    ----------
    inputs, rates, scenario, until, timing, citizens, eckwerte, erstbezug, sondergruppen
        As in :func:`zwkprognose.project`.
    draws, seed : int
        Number of draws; start of the random numbers.
    uncertainty : Uncertainty, optional
        What is uncertain; by default events and rates.
    bands : mapping of name to (first age, last age or None), optional
        Age bands whose numbers are wanted; by default everybody and groups of five years.
    quantiles : sequence of float
    exceed : mapping of band to persons, optional
        Limits: how probable is it that more than so many live there?
    threads : int, optional
        All processors unless given.

    Returns
    -------
    xr.Dataset
        ``mean``, ``sd`` [year_end, area, age_band], ``quantiles`` [quantile, year_end, area, age_band] in
        persons; ``city_mean`` … without area, errors that are common to all areas included; with ``exceed``
        ``exceedance`` and ``city_exceedance`` [limit, year_end, (area)], probabilities.

    Raises
    ------
    EngineError
        If an Eckwert cannot be reached from the persons of a draw (names draw, year and target), if the sums take
        more than two gigabytes (names what would fit), or under the time conventions of the United Nations with
        events.
    """
    plan = Plan.of(timing, citizens, eckwerte, erstbezug, sondergruppen)
    asked = Asked(draws, seed, uncertainty, bands, quantiles, exceed, threads)
    question = Question(until, plan, scenario)
    question.drawn()
    if in_parts(inputs, rates, question):
        return draw_in_parts(inputs, rates, question, asked)
    return summaries(*model_of(inputs, rates, question), asked)


def draw_trajectories(
    inputs: xr.Dataset,
    rates: xr.Dataset,
    scenario: Scenario | None = None,
    *,
    until: int,
    timing: str | Timing = "cohort",
    citizens: str | None = None,
    eckwerte: Sequence[Eckwert] = (),
    erstbezug: Erstbezug | None = None,
    sondergruppen: Sequence[Sondergruppe] = (),
    draws: int = 100,
    seed: int = 1,
    uncertainty: Uncertainty | None = None,
    threads: int | None = None,
) -> xr.Dataset:
    """Project many times with chance and keep every component of every draw.

    Parameters and streams are those of :func:`project_draws`; the balance of every draw closes, with events
    to the person. Chunked inputs (dask) give blocks of areas and draws that are computed when they are asked for.

    Returns
    -------
    xr.Dataset
        A projection with a leading dimension ``draw``.

    Raises
    ------
    EngineError
        As in :func:`project_draws`; without events too the time convention must be that of cohorts.
    """
    plan = Plan.of(timing, citizens, eckwerte, erstbezug, sondergruppen)
    asked = Asked(draws, seed, uncertainty, threads=threads)
    question = Question(until, plan, scenario)
    question.drawn()
    if in_parts(inputs, rates, question):
        return trajectories_in_parts(inputs, rates, question, asked)
    return trajectories_of(*model_of(inputs, rates, question), asked)
