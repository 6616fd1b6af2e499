"""The door: a projection or draws of many areas, computed in parts and stored in one folder."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import reduce
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import xarray as xr

from zwkprognose.cluster.digest import digest_of, versions
from zwkprognose.cluster.stored import WHOLE, Folder, numbers_of, open_parts
from zwkprognose.cluster.task import Task, carry_out, examine, refuse_others
from zwkprognose.cluster.workers import team_of
from zwkprognose.engine.assemble import Plan
from zwkprognose.engine.case.provenance import provenance
from zwkprognose.engine.case.question import Question
from zwkprognose.engine.draws.drawn import QUANTILES, Asked, areas_of, record_of, with_city
from zwkprognose.engine.draws.summary import Band, Summary
from zwkprognose.engine.draws.total import halves
from zwkprognose.engine.draws.uncertainty import Uncertainty
from zwkprognose.engine.features.eckwerte import Eckwert
from zwkprognose.engine.features.housing import Erstbezug
from zwkprognose.engine.features.special import Sondergruppe
from zwkprognose.engine.features.timing import Timing
from zwkprognose.engine.parts.cities import couples, cut, has_cities
from zwkprognose.engine.parts.lazy import Parts
from zwkprognose.output import write_netcdf

if TYPE_CHECKING:
    from distributed import Client

    from zwkprognose.scenarios import Scenario

#: Called with what is done, the number of parts that are ready, and of all.
Progress = Callable[[str, int, int], None]
#: Areas of a part unless given: some seconds of work, some hundred megabytes at most.
AREAS = 200
#: Draws of a part of one city: as many as a thread works on together.
DRAWS = 16


def run_parts(
    inputs: xr.Dataset,
    rates: xr.Dataset,
    scenario: Scenario | Sequence[Scenario | None] | None = None,
    *,
    until: int,
    out: str | Path,
    draws: int | None = None,
    seed: int = 1,
    uncertainty: Uncertainty | None = None,
    bands: Mapping[str, Band] | None = None,
    quantiles: Sequence[float] = QUANTILES,
    timing: str | Timing = "cohort",
    citizens: str | None = None,
    eckwerte: Sequence[Eckwert] = (),
    erstbezug: Erstbezug | None = None,
    sondergruppen: Sequence[Sondergruppe] = (),
    areas: int = AREAS,
    scheduler: str | Client | None = None,
    force: bool = False,
    progress: Progress | None = None,
    threads: int | None = None,
) -> xr.Dataset:
    """Project many areas, or many times with chance, in parts that are stored one by one.

    Whoever is interrupted, or whose workers die, repeats the call: finished parts are recognised by their contents and
    not computed again. The results have the bits of :func:`zwkprognose.project` and
    :func:`zwkprognose.engine.project_draws`, whatever the parts and whoever computes them.

    Parameters
    ----------
    inputs, rates, scenario, until, timing, citizens, eckwerte, erstbezug, sondergruppen
        As in :func:`zwkprognose.project`; arrays may be chunked (dask) and larger than the memory. Areas are cut along
        the coordinate ``city`` if they have one. What belongs to all areas together is one part; its draws are cut
        instead.
    out : path
        Folder of the results; on a cluster one that all machines see under this name.
    draws, seed, uncertainty, bands, quantiles
        As in :func:`zwkprognose.engine.project_draws`; without ``draws`` the projection itself is stored.
    areas : int
        Areas of a part at most.
    scheduler : str or distributed.Client, optional
        Address of a Dask scheduler (``tcp://rechner:8786``); without one this process computes.
    force : bool
        Begin anew where the folder holds another run.
    progress : callable, optional
        Told about every part.
    threads : int, optional
        Threads of a part; without a scheduler all processors, on workers one.

    Returns
    -------
    xr.Dataset
        As :func:`open_parts` gives it.

    Raises
    ------
    ZwkError
        As the projection; ``ClusterError`` if the scheduler is dead or versions differ, ``OutputError`` if the folder
        holds another run or cannot be written.

    Examples
    --------
    >>> from tempfile import mkdtemp
    >>> from zwkprognose import estimate_rates, load_example, project
    >>> inputs = load_example("berlin").isel(area=slice(6))
    >>> rates = estimate_rates(inputs)
    >>> stored = run_parts(inputs, rates, until=2022, out=mkdtemp(), areas=4)
    >>> stored.chunks["area"], bool((stored["deaths"] == project(inputs, rates, until=2022)["deaths"]).all())
    ((4, 2), True)
    """
    plan = Plan.of(timing, citizens, eckwerte, erstbezug, sondergruppen)
    question = Question(until, plan, scenario, threads=threads or (None if scheduler is None else 1))
    asked = None
    if draws is not None:
        question.drawn()
        asked = Asked(draws, seed, uncertainty, bands, tuple(quantiles), threads=question.threads).checked()
    apart = not _belongs_together(inputs, rates, question)
    parts = Parts.of(inputs, rates, question, cut(inputs, areas) if apart else (inputs.sizes["area"],))
    folder = Folder(Path(out).absolute())
    along_draws = asked is not None and parts.whole and not apart
    tasks = _tasks(parts, asked, folder, along_draws)
    with team_of(scheduler) as team:
        folder.begin(_identity(parts, asked, tasks, along_draws), force=force)
        tell = progress or (lambda *_: None)
        tell("Fertige Teile prüfen", 0, len(tasks))
        receipts = list(team(examine, [task for task in tasks if folder.done(task.number) is not None]))
        refuse_others(receipts, folder)
        done = {receipt.number for receipt in receipts if receipt.state == "fertig"}
        tell("Teile rechnen", len(done), len(tasks))
        for receipt in team(carry_out, [task for task in tasks if task.number not in done]):
            done.add(receipt.number)
            tell("Teile rechnen", len(done), len(tasks))
    tell("Zusammenfassen", len(tasks), len(tasks))
    write_netcdf(_whole(parts, question, asked, folder, len(tasks), along_draws), folder.path / WHOLE)
    return open_parts(folder.path)


def _belongs_together(inputs: xr.Dataset, rates: xr.Dataset, question: Question) -> bool:
    """Must all areas be computed at once?"""
    return couples(rates, question) and not has_cities(inputs)


def _tasks(parts: Parts, asked: Asked | None, folder: Folder, along_draws: bool) -> list[Task]:
    here = versions()
    if not along_draws:
        pieces = [(parts.piece(place), asked) for place in parts.places]
    else:
        assert asked is not None
        one = parts.piece(slice(None))
        spans = [(first, min(DRAWS, asked.draws - first)) for first in range(0, asked.draws, DRAWS)]
        pieces = [(one, asked._replace(first=first, draws=count)) for first, count in spans]
    return [Task(k, folder, *piece, some, along_draws, here) for k, (piece, some) in enumerate(pieces)]


def _identity(parts: Parts, asked: Asked | None, tasks: list[Task], along_draws: bool) -> dict[str, Any]:
    """What makes a run this run, as far as it can be said without looking at all numbers."""
    grid = parts.grid
    labels = {dim: np.array(grid.labels(dim)) for dim in ("area", "nationality", "sex", "age")}
    return {
        "programm": "zwkprognose",
        "versionen": tasks[0].expected,
        "art": "Vorausberechnung" if asked is None else "Ziehungen",
        "jahre": [grid.year_start, int(grid.years[-1])],
        "gebiete": grid.size("area"),
        "bezeichnungen": digest_of(labels),
        "annahmen": digest_of(replace(parts.question.whoever_computes, wholes=())),
        "ziehungen": None if asked is None else {"was": record_of(asked), "quantile": list(asked.quantiles)},
        "altersgruppen": None if asked is None else digest_of(asked.bands),
        "geschnitten": "Ziehungen" if along_draws else "Gebiete",
        "schnitt": digest_of(list(parts.sizes)),
        "teile": len(tasks),
    }


def _whole(
    parts: Parts, question: Question, asked: Asked | None, folder: Folder, count: int, along_draws: bool
) -> xr.Dataset:
    """What belongs to all parts together."""
    files = [folder.part(number) for number in range(count)]
    said = provenance(parts.inputs, parts.rates, question)
    if asked is None:
        return xr.Dataset(attrs=said)
    said["draws"] = record_of(asked)
    ages = parts.grid.size("age")
    if along_draws:
        return _from_draws(parts, asked, files).assign_attrs(said)
    sums = reduce(np.add, (numbers_of(path, "sums") for path in files))
    bands = list(asked.parts(ages)[0].names)
    labels = {"year_end": parts.grid.year_ends, "age_band": bands, "quantile": list(asked.quantiles)}
    return with_city(xr.Dataset(coords=labels), sums, ages, asked).assign_attrs(said)


def _from_draws(parts: Parts, asked: Asked, files: list[Path]) -> xr.Dataset:
    """Areas and their sum from draws that lie in several files, one area in memory at a time."""
    ages = parts.grid.size("age")
    bands, limits = asked.parts(ages)
    summaries: list[Summary] = []
    sums = None
    for area in range(parts.grid.size("area")):
        values = np.concatenate([numbers_of(path, "values", area) for path in files], axis=-1)
        summaries.append(asked.summary(values, limits))
        found = halves(values)
        sums = found if sums is None else sums + found
    assert sums is not None
    areas = areas_of(parts.grid, summaries, bands, asked)
    return with_city(areas, sums, ages, asked)
