"""Milestones: what shall be reached by when, held against every projection."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import xarray as xr

from zwkprognose.engine.case.provenance import provenance_of
from zwkprognose.errors import ScenarioError
from zwkprognose.evaluation.milestone_document import FLOWS, WHOLE, Milestone, measure_text, read_milestones
from zwkprognose.german import HIDDEN, decimal
from zwkprognose.names import label
from zwkprognose.scenarios.documents import kind_of
from zwkprognose.scenarios.effects.verdict import Verdict, rest_of
from zwkprognose.scenarios.masks import known_areas, matching, unknown_area

if TYPE_CHECKING:
    import pandas as pd

    from zwkprognose.evaluation.milestone_limits import Range

#: Interval shown where a projection has draws, or its method past errors.
LEVEL = 0.8
#: Ages [first, last] of the persons behind a milestone.
Band = tuple[int, int | None]


def evaluate_milestones(
    projection: xr.Dataset,
    source: str | Path,
    *,
    inputs: xr.Dataset | None = None,
    demand: Mapping[str, xr.DataArray] | None = None,
) -> pd.DataFrame:
    """What a projection says to every milestone.

    Parameters
    ----------
    projection : xr.Dataset
        With or without ``scenario`` and ``draw``.
    source : str or Path
        Document of milestones: path or text.
    inputs : xr.Dataset, optional
        What the projection started from, with earlier 31.12.: ranges of persons and ratios, in single areas and
        sums of them, are then calibrated on past errors (:func:`zwkprognose.evaluation.age_intervals`).
    demand : mapping of str to xr.DataArray [year_end, area, …], optional
        Demand by the name under which milestones speak of it, from :func:`zwkprognose.demand`.

    Returns
    -------
    pandas.DataFrame
        One row per milestone and scenario: ``name, scenario, title, year, start_year, unit, direction, target,
        today, value, low, high, no_range, chance, met, gap, since, trigger, trigger_year, act_by, action, office,
        due, areas, split, count``. ``title`` is what people call the scenario; ``today`` the value on 31.12. of
        ``start_year``, missing for flows; ``low`` and ``high`` limit the value in 80 of 100 cases, where draws or past
        errors tell, ``no_range`` says why they do not; ``chance`` the share of these cases in which the goal is met;
        ``gap`` what is missing (negative: reserve); ``since`` the first year from which on the goal is met to the end;
        ``trigger_year`` the first year beyond the trigger and ``act_by`` so many years earlier as the milestone asks
        for; ``action``, ``office`` and ``due`` what is to be done, by whom and until which year; ``areas`` the keys
        concerned; ``split`` what tables must tell apart to form the value (``age``, ``group``, empty: nothing);
        ``count`` the fewest persons behind the numbers.

    Raises
    ------
    ScenarioError
        If a milestone names an unknown area, group or demand, ages or a year that are not there, or says what
        another one says already.

    Examples
    --------
    >>> from zwkprognose import estimate_rates, load_example, project
    >>> inputs = load_example("bremerhaven")
    >>> projection = project(inputs, estimate_rates(inputs), until=2030)
    >>> plan = '''titel = "Plan"
    ... [[meilenstein]]
    ... name = "Anteil ab 65"
    ... alter = "65+"
    ... je_hundert = "alle"
    ... ziel = 20
    ... '''
    >>> row = evaluate_milestones(projection, plan).iloc[0]
    >>> bool(row["met"]), int(row["year"]), int(row["since"])
    (True, 2030, 2023)
    """
    import pandas as pd

    from zwkprognose.evaluation.milestone_limits import ranges_of

    plan, document = read_milestones(source)
    if inputs is not None:
        _stocks(inputs, "Als inputs das Ergebnis von build_inputs(…) angeben, oder es weglassen.")
    rest_of(_repeated(plan.milestones, _stocks(projection), document.where))
    places = [document.where(("meilenstein", index)) for index in range(len(plan.milestones))]
    series = [
        _Series(projection, milestone, place, demand or {})
        for milestone, place in zip(plan.milestones, places, strict=True)
    ]
    ranges = ranges_of(projection, inputs, [(one.milestone, one.year, one.areas) for one in series])
    titles = _titles(projection)
    return pd.DataFrame([row for one, known in zip(series, ranges, strict=True) for row in one.rows(titles, known)])


def milestone_sentences(table: pd.DataFrame) -> list[str]:
    """The evaluation as German sentences."""
    return [_sentence(row) for row in table.to_dict("records")]


class _Series:
    """A milestone and its value in every year, by scenario and draw where there are such."""

    def __init__(
        self, projection: xr.Dataset, milestone: Milestone, place: str, demand: Mapping[str, xr.DataArray]
    ) -> None:
        self.milestone = milestone
        people = _stocks(projection)
        self.areas = _areas(people, milestone, place)
        self.start = int(people["year_end"][0])
        if milestone.demand is not None:
            self.values = _of_demand(demand, milestone.demand, self.areas, place)
            self.counts = self.values
        elif milestone.size != "bestand":
            self.values = _of_flows(projection, milestone, self.areas, place)
            self.counts = abs(self.values)
        else:
            chosen = _chosen(people, milestone, place).sel(area=self.areas)
            self.counts = _band(chosen, milestone.ages, place)
            self.values = self.counts
            if milestone.per is not None:
                against = _band(people.sel(area=self.areas), milestone.per, place)
                self.values = 100 * self.counts / against.where(against > 0)
                self.counts = self.counts.where(self.counts < against, against)
        self.year = self._year(place)

    def rows(self, titles: Mapping[str, str], known: Range) -> Iterator[dict[str, Any]]:
        """One row for each scenario; ``known`` says how far the value may be off."""
        names = self.values["scenario"].values.tolist() if "scenario" in self.values.dims else [""]
        for name in names:
            one, counts = (v.sel(scenario=name) if name else v for v in (self.values, self.counts))
            head = {"name": self.milestone.name, "scenario": name, "title": titles.get(name, name)}
            yield head | self._row(one, known) | {"count": _least(counts, self.start, self.year)}

    def _row(self, values: xr.DataArray, known: Range) -> dict[str, Any]:
        m, then = self.milestone, values.sel(year_end=self.year)
        mean = values.mean("draw") if "draw" in values.dims else values
        value = float(mean.sel(year_end=self.year))
        low, high = (value * f for f in known.factors) if known.factors else (None, None)
        if high is not None and m.per == WHOLE:
            high = min(high, 100.0)  # of a hundred persons there are no more
        if "draw" in then.dims:
            low, high = (then.quantile(q, "draw").item() for q in ((1 - LEVEL) / 2, (1 + LEVEL) / 2))
            chance: float | None = float(np.mean([m.met_by(v) for v in then.values.tolist()]))
        else:
            chance = known.chance(value, m.value, at_least=m.direction == "mindestens")
        sign = 1 if m.direction == "mindestens" else -1
        crossed = self._crossed(mean)
        return {
            "year": self.year, "start_year": self.start, "unit": m.unit, "direction": m.direction, "target": m.value,
            "today": float(mean.sel(year_end=self.start)) if self.start in mean["year_end"].values else math.nan,
            "value": value, "low": low, "high": high, "no_range": known.why_not, "chance": chance,
            "met": m.met_by(value), "gap": sign * (m.value - value), "since": self._since(mean), "trigger": m.trigger,
            "trigger_year": crossed, "act_by": None if crossed is None else crossed - m.lead, "action": m.action,
            "office": m.office, "due": m.due, "areas": tuple(self.areas), "split": _split(m),
        }  # fmt: skip

    def _since(self, values: xr.DataArray) -> int | None:
        """First year from which on the goal is met in every year to the end."""
        found = None
        for year, value in zip(values["year_end"].values[::-1].tolist(), values.values[::-1].tolist(), strict=True):
            if not self.milestone.met_by(value):
                break
            found = int(year)
        return found

    def _crossed(self, values: xr.DataArray) -> int | None:
        """First year whose value lies beyond the trigger."""
        years = zip(values["year_end"].values.tolist(), values.values.tolist(), strict=True)
        return next((int(year) for year, value in years if self.milestone.triggered_by(value)), None)

    def _year(self, place: str) -> int:
        years = self.values["year_end"].values.tolist()
        wanted = years[-1] if self.milestone.year is None else self.milestone.year
        if wanted not in years or (wanted == self.start and self.milestone.year is not None):
            ahead = [year for year in years if year > self.start]
            why = "ist das Jahr des Ausgangsbestands" if wanted == self.start else "liegt nicht in der Vorausberechnung"
            raise ScenarioError(
                f"{place}: Das Jahr {wanted} {why} ({ahead[0]} bis {ahead[-1]}).",
                remedy="Das Jahr ändern oder länger rechnen.",
            )
        return int(wanted)


def _split(milestone: Milestone) -> str:
    """What tables must tell apart to form the value: groups, or ages and sexes, or neither."""
    m = milestone
    detailed = m.ages != WHOLE or m.sex is not None or m.per is not None or m.demand is not None
    return "group" if m.nationality is not None else "age" if detailed else ""


def _least(counts: xr.DataArray, *years: int) -> float:
    """The fewest persons behind the numbers of these years."""
    there = [year for year in years if year in counts["year_end"].values]
    return float(counts.sel(year_end=there).min())


def _of_demand(demand: Mapping[str, xr.DataArray], name: str, areas: list[str], place: str) -> xr.DataArray:
    if name not in demand:
        known = ", ".join(demand) or "keiner"
        raise ScenarioError(
            f"{place}: bedarf: Einen Bedarf „{name}“ gibt es in dieser Vorausberechnung nicht.",
            remedy=f"Berechnet ist: {known}. Im Projekt unter [[bedarf]] angeben, in Python mit demand=.",
        )
    if not isinstance(demand[name], xr.DataArray) or "area" not in demand[name].dims:
        raise ScenarioError(
            f"{place}: bedarf: Zu „{name}“ fehlt der Bedarf je Jahr und Gebiet.",
            remedy='In Python demand(…)["demand"].isel(quota=0) angeben.',
        )
    return demand[name].sel(area=areas).sum("area")


def _of_flows(projection: xr.Dataset, milestone: Milestone, areas: list[str], place: str) -> xr.DataArray:
    """Persons in a year, on the same axis as stocks at its end."""
    parts = []
    for name, sign in FLOWS[milestone.size].items():
        if name in projection:
            values = _chosen(projection[name], milestone, place).sel(area=areas)
            whole = _band(values, milestone.ages, place) if "age" in values.dims else _people(values)
            parts.append(sign * whole)
    with xr.set_options(arithmetic_join="exact"):
        return sum(parts[1:], start=parts[0]).rename(year="year_end")


def _chosen(values: xr.DataArray, milestone: Milestone, place: str) -> xr.DataArray:
    """One group and one sex, if the milestone names them."""
    for dim, wanted in (("nationality", milestone.nationality), ("sex", milestone.sex)):
        if wanted is None:
            continue
        if wanted not in values[dim].values:
            raise ScenarioError(
                f"{place}: „{label(dim, wanted)}“ gibt es in dieser Vorausberechnung nicht.",
                remedy="Die Angabe weglassen.",
            )
        values = values.sel({dim: [wanted]})
    return values


def _areas(people: xr.DataArray, milestone: Milestone, where: str) -> list[str]:
    known = known_areas(people)
    found: dict[str, None] = {}
    for word in milestone.areas or ("*",):
        hits = matching(word, known)
        if not hits:
            raise unknown_area(where, word, known)
        found.update(dict.fromkeys(hits))
    return list(found)


def _stocks(given: Any, remedy: str = "Das Ergebnis von project(…) angeben.") -> xr.DataArray:
    if not isinstance(given, xr.Dataset) or "population" not in given:
        raise ScenarioError(f"Meilensteine brauchen Bestände; {kind_of(given)} enthält keine.", remedy=remedy)
    return given["population"]


def check_band(ages: Band, oldest: int, place: str) -> None:
    """Refuse an age band that a projection does not tell apart: the open age group belongs to one as a whole."""
    first, last = ages
    if first > oldest or (last is not None and last >= oldest):
        raise ScenarioError(
            f"{place}: Ab {oldest} Jahren unterscheidet die Vorausberechnung keine einzelnen Alter mehr.",
            remedy=f'Die Altersspanne offen angeben, zum Beispiel "{min(first, oldest)}+".',
        )


def _band(values: xr.DataArray, ages: Band, place: str) -> xr.DataArray:
    """Persons of an age band."""
    check_band(ages, int(values["age"].max()), place)
    return _people(values.sel(age=slice(*ages)))


def _people(values: xr.DataArray) -> xr.DataArray:
    return values.sum([dim for dim in ("area", "nationality", "sex", "age") if dim in values.dims])


def _repeated(milestones: tuple[Milestone, ...], people: xr.DataArray, where: Any) -> Iterator[Verdict]:
    """Milestones that say what another one says already, in whatever words."""
    last = int(people["year_end"][-1])
    said = [
        milestone.model_copy(update={
            "areas": tuple(sorted(_areas(people, milestone, where(("meilenstein", index))))),
            "year": milestone.year or last,
        })
        for index, milestone in enumerate(milestones)
    ]  # fmt: skip
    for index, milestone in enumerate(said):
        earlier = said.index(milestone)
        if earlier < index:
            text = f"Dasselbe sagt schon meilenstein {earlier + 1}."
            yield Verdict(where(("meilenstein", index)), text, "Einen der beiden streichen oder ändern.", None, True)


def _titles(projection: xr.Dataset) -> dict[str, str]:
    """What people call the scenarios of a projection."""
    scenarios = provenance_of(projection).get("scenarios", [])
    return {scenario["name"]: scenario.get("title", scenario["name"]) for scenario in scenarios}


def is_known(value: Any) -> bool:
    """A number stands in this cell of the table."""
    return value is not None and not np.isnan(value)


def _sentence(row: dict[Any, Any]) -> str:
    ratio = row["unit"].startswith("je 100")
    stock = ratio or row["unit"].startswith("Personen")

    def number(value: Any) -> str:
        return decimal(value, 2 if ratio else 0) if is_known(value) else HIDDEN

    if row["met"] is None:
        return f"{row['name']}: keine Angabe, weil zu wenige Personen dahinterstehen."
    when = f"am 31.12.{row['year']}" if stock else f"im Jahr {row['year']}"
    spread = f", in 80 von 100 Fällen {number(row['low'])} bis {number(row['high'])}" if is_known(row["low"]) else ""
    if row.get("no_range"):
        spread = f", ohne Spanne ({row['no_range']})"
    under = f" im Szenario „{row['title']}“" if row["title"] else ""
    start = f" (am 31.12.{row['start_year']}: {number(row['today'])})" if stock else ""
    goal = f"{row['direction'].replace('oe', 'ö')} {number(row['target'])} {row['unit']}"
    verdict = "erreicht" if row["met"] else "nicht erreicht"
    return (
        f"{row['name']}: {number(row['value'])} {row['unit']} {when}{under}{spread}{start}; Ziel {goal}: "
        f"{verdict}{_since_text(row)}{_chance_text(row)}.{_trigger_text(row, number)}{measure_of(row)}"
    )


def tenths_text(chance: float | None) -> str:
    """In how many of ten cases a goal is reached; nothing where that is not known.

    Examples
    --------
    >>> tenths_text(0.68), tenths_text(0.02), tenths_text(None)
    ('7', 'weniger als 1', '')
    """
    if chance is None or math.isnan(chance):
        return ""
    tenths = round(10 * chance)
    return "weniger als 1" if tenths < 1 else "mehr als 9" if tenths > 9 else str(tenths)


def _chance_text(row: dict[Any, Any]) -> str:
    many = tenths_text(row["chance"])
    return f"; in {many} von 10 Fällen erreicht" if many else ""


def measure_of(row: dict[Any, Any]) -> str:
    """What is to be done, from a row of the table."""
    return measure_text(row["action"], row["office"], int(row["due"]) if is_known(row["due"]) else None)


def _since_text(row: dict[Any, Any]) -> str:
    if not is_known(row["since"]):
        return ", aber nicht auf Dauer" if row["met"] else ""
    return f", auf Dauer ab {int(row['since'])}" if row["met"] else f", erst ab {int(row['since'])}"


def _trigger_text(row: dict[Any, Any], number: Any) -> str:
    if not is_known(row["trigger"]):
        return ""
    side = "unter" if row["direction"] == "mindestens" else "über"
    if not is_known(row["trigger_year"]):
        return f" Der Auslöser ({side} {number(row['trigger'])}) wird nicht erreicht."
    when = "sofort" if row["act_by"] <= row["start_year"] else f"spätestens {int(row['act_by'])}"
    return f" Auslöser {side} {number(row['trigger'])}: erstmals {int(row['trigger_year'])}; zu handeln ist {when}."
