"""One year later: what a saved forecast said of the year, what was counted, and what that means."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import pandas as pd
import xarray as xr

from zwkprognose.errors import EvaluationError, OutputError, ScenarioWarning
from zwkprognose.german import number, numbers, percent, signed
from zwkprognose.inputs.handed import handed
from zwkprognose.names import label
from zwkprognose.output.named_areas import hint
from zwkprognose.projects.load import load_project, scenarios_of
from zwkprognose.projects.run import inputs_of, milestones_of
from zwkprognose.projects.year_ranges import INSIDE, place_text, with_ranges
from zwkprognose.scenarios.documents import kind_of
from zwkprognose.scenarios.scenario import NAMES

if TYPE_CHECKING:
    from zwkprognose.projects.document import Project
    from zwkprognose.scenarios import Scenario
    from zwkprognose.tables import Table

#: What the observed year may be given as: files, a table that is read, or inputs that are built.
Given: TypeAlias = "str | Path | Sequence[str | Path] | Table | xr.Dataset"
#: Files of a folder that a look back needs.
PROJECTION, INPUTS, RATES, DOCUMENT = "prognose.nc", "eingaben.nc", "raten.nc", "projekt.toml"
FLOWS = ("births", "deaths", "in_moves", "out_moves")
SUMMED = ("nationality", "sex", "age")


@dataclass(frozen=True)
class YearComparison:
    """What a forecast said of a year, and what came.

    Attributes
    ----------
    title : str
        What the forecast is called.
    year : int
        The 31.12. that is compared.
    scenario : str
        Scenario of the forecast, by its title.
    table : pandas.DataFrame
        ``area, name, component, projected, observed, deviation, percent, low, high, place``: persons by component and
        area, the city under the key ``""``. Components are the stock and the flows since the base year; ``observed`` is
        missing for flows that are not known. ``low`` and ``high`` had to be expected in 80 of 100 cases, ``place`` says
        whether what was counted lies between them.
    goals : pandas.DataFrame or None
        Milestones of the saved project under the scenario: ``name, year, unit, direction, target, action, office,
        due``, the ``value``, ``met``, ``since``, ``chance`` and ``trigger_year`` as it was (``_before``) and from the
        new stock on (``_now``).
    decomposition : xr.Dataset
        Why the forecast moved: :func:`zwkprognose.evaluation.decompose_vintages`.
    projection : xr.Dataset
        The new vintage: from the new stock, with rates estimated anew by the same options.
    sentences : tuple of str
        What was expected and counted, and what it means for the goals.
    text : str
        All of it in German, with the causes.
    """

    title: str
    year: int
    scenario: str
    table: pd.DataFrame
    goals: pd.DataFrame | None
    decomposition: xr.Dataset
    projection: xr.Dataset
    sentences: tuple[str, ...]
    text: str


def compare_year(
    last_year_folder: str | Path,
    new_stocks: Given,
    events: Given | None = None,
    *,
    scenario: str | None = None,
    year: int | None = None,
) -> YearComparison:
    """Hold a saved forecast against the stock that was counted since, and make its next vintage.

    Everything of the old forecast comes from its folder: the numbers, the rates, the scenarios, the milestones.

    Parameters
    ----------
    last_year_folder : path
        Folder of results of a run.
    new_stocks : path, list of paths, Table or Dataset
        Stocks with a 31.12. after the base year; read as the saved project says. A Dataset of
        :func:`zwkprognose.build_inputs` may hold events too.
    events : path, list of paths or Table, optional
        Births, deaths and moves of the years since.
    scenario : str, optional
        Name or title of one of the scenarios of the run; default: the middle one, or the first.
    year : int, optional
        Which 31.12. is compared; default: the first one after the base year.

    Raises
    ------
    OutputError
        If the folder lacks a file.
    EvaluationError
        If the stocks have other areas, ages or groups, or none is of the year.

    Examples
    --------
    >>> from tempfile import mkdtemp
    >>> from zwkprognose import load_example
    >>> from zwkprognose.projects import load_project, run_project
    >>> lines = ['name = "hafen"', "[daten]", 'beispiel = "bremerhaven"', "[prognose]", "basisjahr = 2022",
    ...          "bis = 2030", 'szenarien = ["middle"]']
    >>> run = run_project(load_project("\\n".join(lines)), out=mkdtemp())
    >>> seen = compare_year(run.folder, load_example("bremerhaven"))
    >>> city = seen.table.query("area == '' and component == 'population'").iloc[0]
    >>> seen.year, bool(abs(city["percent"]) < 3)
    (2023, True)
    """
    if not isinstance(last_year_folder, str | Path):
        raise OutputError(
            f"Vom Vorjahr ist der Ergebnisordner nötig; übergeben wurde {handed(last_year_folder)}.",
            remedy="Den Pfad des Ordners angeben.",
        )
    folder = Path(last_year_folder)
    old, inputs, rates = (_opened(folder, name) for name in (PROJECTION, INPUTS, RATES))
    project = load_project(_file(folder, DOCUMENT))
    chosen = _chosen(old, scenarios_of(project), scenario)
    known, later = _observed(project, inputs, new_stocks, events, year)
    year = int(known["year_end"][-1])
    if year >= int(old["year_end"][-1]):
        raise EvaluationError(
            f"Der neue Bestand ist vom 31.12.{year}, die Vorausberechnung endet am 31.12.{int(old['year_end'][-1])}. "
            "Von ihm aus bleibt kein Jahr zu rechnen.",
            remedy="Einen früheren Bestand angeben oder länger rechnen.",
        )
    one = old if chosen is None or "scenario" not in old.dims else old.sel(scenario=[chosen.name])
    single = one.isel(scenario=0, drop=True) if "scenario" in one.dims else one
    table = with_ranges(_compared(single, known, year), project, inputs, single, year)
    whole = _continued(inputs, known, year)
    new, decomposition = _next_vintage(project, inputs, rates, whole, chosen, int(old["year_end"][-1]))
    goals = _goals(project, one, new, inputs, whole)
    title = "" if chosen is None else chosen.title or chosen.name
    told = (*_told(table, goals, year, int(inputs["year_end"][-1]), title), *_unused(year, later))
    text = "\n".join([*told, "", *_causes(decomposition)])
    return YearComparison(project.title or project.name, year, title, table, goals, decomposition, new, told, text)


def _file(folder: Path, name: str) -> Path:
    path = folder / name
    if not path.is_file():
        raise OutputError(
            f"Im Ordner {folder} fehlt {name}.",
            remedy="Den Ergebnisordner eines ganzen Laufs angeben; ältere Ordner mit dieser Fassung neu rechnen.",
        )
    return path


def _opened(folder: Path, name: str) -> xr.Dataset:
    from zwkprognose.output import open_netcdf

    return open_netcdf(_file(folder, name))


def _chosen(old: xr.Dataset, scenarios: Sequence[Scenario], name: str | None) -> Scenario | None:
    """The scenario that is looked at; ``None`` for a run without any."""
    from zwkprognose.output.content.facts import MAIN

    names = {one.name: one for one in scenarios}
    if name is not None:
        word = str(getattr(name, "name", name)).casefold()
        called = [n for n, one in names.items() if word in (n.casefold(), one.title.casefold()) or NAMES.get(word) == n]
        if not called:
            there = " oder ".join(f"„{n}“" for n in names) or "keines"
            raise EvaluationError(
                f"Ein Szenario „{name}“ hat der Ordner nicht.", remedy=f"Der Ordner enthält {there}."
            )
        return names[called[0]]
    wanted = next((n for n in names if n in MAIN), next(iter(names), None))
    return None if wanted is None else names[wanted]


def _observed(
    project: Project, inputs: xr.Dataset, stocks: Given, events: Given | None, wanted: int | None
) -> tuple[xr.Dataset, list[int]]:
    """Stock and flows since the base year, on the labels of the forecast, and the years after the one compared."""
    known = stocks if isinstance(stocks, xr.Dataset) else _built(project, inputs, stocks, events)
    if "population" not in known:
        raise EvaluationError(
            "Die neuen Zahlen enthalten keinen Bestand.",
            remedy="Das Ergebnis von build_inputs(…) oder Tabellen angeben.",
        )
    base = int(inputs["year_end"][-1])
    later = [int(year) for year in known["year_end"].values if year > base]
    if not later:
        raise EvaluationError(
            f"Einen Bestand nach dem 31.12.{base} gibt es in den neuen Zahlen nicht.",
            remedy="Den Bestand eines späteren 31.12. angeben.",
        )
    year = later[0] if wanted is None else wanted
    if year not in later:
        raise EvaluationError(
            f"Einen Bestand am 31.12. des Jahres {kind_of(year)} gibt es in den neuen Zahlen nicht.",
            remedy=f"Möglich ist {' oder '.join(map(str, later))}.",
        )
    for dim in ("area", *SUMMED):
        mine, theirs = [set(map(str, d[dim].values.tolist())) for d in (inputs, known)]
        if mine != theirs:
            raise EvaluationError(
                f"{label('dims', dim)}: Die neuen Zahlen unterscheiden anderes als die Vorausberechnung.",
                cells=[
                    *({dim: value, "Angabe": "fehlt in den neuen Zahlen"} for value in sorted(mine - theirs)),
                    *({dim: value, "Angabe": "nur in den neuen Zahlen"} for value in sorted(theirs - mine)),
                ],
                remedy="Die neuen Tabellen so gliedern wie die alten."
                + hint(sorted(mine - theirs), sorted(theirs - mine)),
            )
    cells = {dim: inputs[dim].values for dim in ("area", *SUMMED)}
    keep = {"year_end": [y for y in known["year_end"].values if base <= y <= year]}
    if "year" in known.dims:
        keep["year"] = [y for y in known["year"].values if base < y <= year]
    return known.sel(cells | keep), [y for y in later if y > year]


def _built(project: Project, inputs: xr.Dataset, stocks: Given, events: Given | None) -> xr.Dataset:
    """Inputs of new tables, read and prepared as those of the project were."""
    from zwkprognose.projects.sources import read_tables
    from zwkprognose.tables import Table

    if not _several(stocks) or not _are_files(stocks) or not _are_files(events):
        from zwkprognose.inputs import build_inputs

        tables = [*_several(stocks), *_several(events)]
        wrong = [given for given in tables if not isinstance(given, Table)]
        if wrong or not tables:
            raise EvaluationError(
                f"Die neuen Zahlen sind {kind_of(wrong[0] if wrong else stocks)}, keine Tabelle.",
                remedy="Dateien, gelesene Tabellen oder das Ergebnis von build_inputs(…) angeben.",
            )
        return build_inputs(*tables, open_age=int(inputs["age"].values[-1]), last_age="open")
    named: dict[str, Any] = {
        "example": None,
        "stocks": _paths(stocks),
        "events": _paths(events),
        "checksums": {},
    }
    data = project.data.model_copy(update=named | {"open_age": int(inputs["age"].values[-1])})
    later = project.model_copy(update={"data": data, "horizon": project.horizon.model_copy(update={"base_year": None})})
    return inputs_of(later, read_tables(later))


def _several(given: Any) -> list[Any]:
    """What was given, one by one."""
    if given is None:
        return []
    return list(given) if isinstance(given, Sequence) and not isinstance(given, str) else [given]


def _are_files(given: Given | None) -> bool:
    return all(isinstance(one, str | Path) for one in _several(given))


def _paths(given: Any) -> tuple[str, ...]:
    return tuple(str(Path(one).resolve()) for one in _several(given))


def _compared(old: xr.Dataset, known: xr.Dataset, year: int) -> pd.DataFrame:
    """Persons by component and area, projected and observed."""
    if "draw" in old.dims:
        old = old.mean("draw", keep_attrs=True)
    base = int(old["year_end"][0])
    span = range(base + 1, year + 1)
    rows = []
    for name in ("population", *FLOWS):
        projected = _by_area(old[name].sel(year_end=year) if name == "population" else old[name].sel(year=list(span)))
        observed = _observed_by_area(known, name, year, span)
        rows += _rows(old, name, projected, observed)
    return pd.DataFrame(rows)


def _observed_by_area(known: xr.Dataset, name: str, year: int, span: range) -> xr.DataArray | None:
    if name == "population":
        return _by_area(known[name].sel(year_end=year))
    if name not in known or "area" not in known[name].dims or not set(span) <= set(known[name]["year"].values.tolist()):
        return None
    return _by_area(known[name].sel(year=list(span)))


def _by_area(values: xr.DataArray) -> xr.DataArray:
    return values.sum([dim for dim in values.dims if dim != "area"])


def _rows(old: xr.Dataset, name: str, projected: xr.DataArray, observed: xr.DataArray | None) -> list[dict[str, Any]]:
    names = old["area_name"].values.tolist() if "area_name" in old.coords else [""] * old.sizes["area"]
    places = [("", "Insgesamt"), *zip(map(str, old["area"].values.tolist()), names, strict=True)]
    said = projected.values
    seen = np.full(len(said), np.nan) if observed is None else observed.sel(area=projected["area"].values).values
    pairs = zip(np.r_[said.sum(), said], np.r_[seen.sum(), seen], strict=True)
    return [
        {"area": key, "name": place, "component": name, "projected": float(p), "observed": float(o),
         "deviation": float(o - p), "percent": 100 * float(o / p - 1) if p else float("nan")}
        for (key, place), (p, o) in zip(places, pairs, strict=True)
    ]  # fmt: skip


def _continued(inputs: xr.Dataset, known: xr.Dataset, year: int) -> xr.Dataset:
    """The saved inputs with the new stock, and with the flows that both have; a revised base stock replaces the old."""
    base = int(inputs["year_end"][-1])
    before = inputs.sel(year_end=inputs["year_end"] < base) if base in known["year_end"].values else inputs
    parts = {"population": xr.concat([before["population"], known["population"]], "year_end", join="exact")}
    for name in FLOWS:
        if name in inputs and name in known:
            parts[name] = xr.concat([inputs[name], known[name]], "year", join="exact")
    whole = xr.Dataset({name: values.transpose(*inputs[name].dims) for name, values in parts.items()})
    names = {} if "area_name" not in inputs.coords else {"area_name": inputs["area_name"]}
    return whole.assign_coords(names).assign_attrs(inputs.attrs).sel(year_end=whole["year_end"] <= year)


def _next_vintage(
    project: Project, inputs: xr.Dataset, rates: xr.Dataset, whole: xr.Dataset, chosen: Scenario | None, until: int
) -> tuple[xr.Dataset, xr.Dataset]:
    """The forecast from the new stock on, and why it differs from the old one."""
    from zwkprognose.engine import project as advance
    from zwkprognose.evaluation import Case, decompose_vintages
    from zwkprognose.projects.estimated import rates_of
    from zwkprognose.scenarios.effects.judge import within
    from zwkprognose.scenarios.run import run_of

    anew = rates_of(project, whole)
    first = int(whole["year_end"][-1]) + 1
    run = run_of(anew, range(first, until + 1), stock=whole["population"].isel(year_end=-1))
    remaining = None if chosen is None else within(chosen, run)
    options = {k: v for k, v in project.horizon.options().items() if k in ("totals", "city")}
    later = options | ({"city": options["city"].after(first - 1)} if "city" in options else {})
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ScenarioWarning)  # what lies before the new base year has had its effect
        new = advance(whole, anew, None if remaining is None else [remaining], until=until, **later)
        cases = [
            Case(data, _with_totals(data, given, said, until, given_totals), said)
            for data, given, said, given_totals in ((inputs, rates, chosen, options), (whole, anew, remaining, later))
        ]
        return new, decompose_vintages(*cases, until=until)


def _with_totals(
    inputs: xr.Dataset, rates: xr.Dataset, scenario: Scenario | None, until: int, options: dict[str, Any]
) -> xr.Dataset:
    """The rates from which a scenario sets out under a rule for totals."""
    if "totals" not in options:
        return rates
    from zwkprognose.engine.assemble import Plan
    from zwkprognose.engine.totals import says_mortality, with_totals

    first = int(inputs["year_end"][-1]) + 1 if says_mortality(scenario) else None
    return with_totals(inputs, rates, Plan(), until, options["totals"], options.get("city"), falling_from=first)


def _goals(
    project: Project, old: xr.Dataset, new: xr.Dataset, inputs: xr.Dataset, whole: xr.Dataset
) -> pd.DataFrame | None:
    """Milestones as the old forecast and the new one answer them; what was counted since answers for its years."""
    before = milestones_of(project, old, inputs)
    if before is None:
        return None
    now = milestones_of(project, _with_counted(new, whole, int(inputs["year_end"][-1])), whole)
    assert now is not None
    answers = [answer[["value", "met", "since", "chance", "trigger_year"]] for answer in (before, now)]
    head = before[["name", "year", "unit", "direction", "target", "action", "office", "due"]]
    return pd.concat([head, answers[0].add_suffix("_before"), answers[1].add_suffix("_now")], axis=1)


def _with_counted(new: xr.Dataset, whole: xr.Dataset, base: int) -> xr.Dataset:
    """The new vintage with the stocks that were counted from the old base year on."""
    start = int(new["year_end"][0])
    counted = whole["population"].sel(year_end=[y for y in whole["year_end"].values if base <= y < start])
    if "scenario" in new.dims:
        counted = counted.expand_dims(scenario=new["scenario"].values)
    people = xr.concat([counted, new["population"]], "year_end", join="exact", coords="minimal", compat="override")
    return new.drop_dims("year_end").assign(population=people.transpose(*new["population"].dims))


def _told(table: pd.DataFrame, goals: pd.DataFrame | None, year: int, base: int, title: str) -> list[str]:
    """What was expected and counted, and what it means for the goals."""
    city = {row["component"]: row for row in table[table["area"] == ""].to_dict("records")}
    whole = city["population"]
    under = f" (Szenario „{title}“)" if title else ""
    lines = [
        f"Am 31.12.{year} waren {number(whole['projected'])} Personen erwartet{under}, gezählt sind "
        f"{number(whole['observed'])}: {signed(whole['deviation'])} Personen, {percent(whole['percent'])}"
        f"{place_text(whole)}."
    ]
    for name in FLOWS:
        row = city[name]
        if row["observed"] == row["observed"]:
            since = f"{base + 1}" if year == base + 1 else f"{base + 1} bis {year}"
            lines.append(
                f"{label('variables', name)} {since}: erwartet {number(row['projected'])}, gezählt "
                f"{number(row['observed'])} ({signed(row['deviation'])}){place_text(row)}."
            )
    lines += _areas_told(table)
    return lines if goals is None else [*lines, *_goals_told(goals)]


def _areas_told(table: pd.DataFrame) -> list[str]:
    """In how many areas the stock lies outside of what had to be expected."""
    stocks = table[(table["area"] != "") & (table["component"] == "population")]
    places = stocks.loc[stocks["place"] != "", "place"]
    if len(places) < 2:
        return []
    outside = int((places != INSIDE).sum())
    return [f"In {number(outside)} von {number(len(places))} Gebieten liegt die Bevölkerung außerhalb der Spanne."]


def _unused(year: int, later: list[int]) -> list[str]:
    """Stocks that are there and are not looked at."""
    if not later:
        return []
    return [f"Verglichen wird der 31.12.{year}; spätere Bestände ({numbers(later)}) bleiben außer Betracht."]


def _causes(decomposition: xr.Dataset) -> list[str]:
    """Why the forecast of the last year moved."""
    from zwkprognose.evaluation import contributions_text

    end = int(decomposition["year_end"][-1])
    return ["Was sich bis zum Ende der Vorausberechnung ändert:", contributions_text(decomposition, end)]


def _goals_told(goals: pd.DataFrame) -> list[str]:
    """What the new stock means for each milestone."""
    lines = []
    for row in goals.to_dict("records"):
        digits = 1 if row["unit"].startswith("je 100") else 0
        told = [
            f"{when} {number(row[f'value_{key}'], digits)} ({'erreicht' if row[f'met_{key}'] else 'nicht erreicht'})"
            for when, key in (("bisher", "before"), ("jetzt", "now"))
        ]
        lines.append(f"Ziel „{row['name']}“ ({row['year']}): {', '.join(told)}.{_due_text(row)}")
    return lines


def _due_text(row: dict[Any, Any]) -> str:
    """Who has to do what, where the goal is not reached or its trigger is nearer now."""
    from zwkprognose.evaluation.milestones import is_known, measure_of

    before, now = row["trigger_year_before"], row["trigger_year_now"]
    if is_known(now) and (not is_known(before) or now < before):
        return f" Auslöser jetzt {int(now)} erreicht.{measure_of(row)}"
    return "" if row["met_now"] else measure_of(row)
