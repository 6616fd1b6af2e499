"""Random projections: thousands of draws reduced to means, quantiles and probabilities, or kept whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import xarray as xr

from zwkprognose.engine.assemble import Plan
from zwkprognose.engine.case.question import Question
from zwkprognose.engine.draws.drawn import QUANTILES, Asked, model_of, summaries, trajectories_of
from zwkprognose.engine.draws.summary import Band
from zwkprognose.engine.draws.uncertainty import Uncertainty
from zwkprognose.engine.features.eckwerte import Eckwert
from zwkprognose.engine.features.housing import Erstbezug
from zwkprognose.engine.features.special import Sondergruppe
from zwkprognose.engine.features.timing import Timing
from zwkprognose.engine.parts.lazy import draw_in_parts, in_parts, trajectories_in_parts
from zwkprognose.scenarios import Scenario


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
