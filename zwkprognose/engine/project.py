"""The public door of the engine: labelled Datasets in, a labelled projection out."""

from __future__ import annotations

from collections.abc import Sequence

import xarray as xr

from zwkprognose.engine.assemble import Plan
from zwkprognose.engine.case.question import Question
from zwkprognose.engine.compiled import compute
from zwkprognose.engine.draws.drawn import Asked
from zwkprognose.engine.draws.uncertainty import Uncertainty
from zwkprognose.engine.features.eckwerte import Eckwert
from zwkprognose.engine.features.housing import Erstbezug
from zwkprognose.engine.features.special import Sondergruppe
from zwkprognose.engine.features.timing import Timing
from zwkprognose.engine.parts.lazy import in_parts, project_in_parts
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
