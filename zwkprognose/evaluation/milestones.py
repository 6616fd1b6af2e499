"""Milestones: what shall be reached by when, held against every projection."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from pydantic import ConfigDict, Field

from zwkprognose.engine.provenance import provenance_of
from zwkprognose.errors import ScenarioError
from zwkprognose.german import decimal
from zwkprognose.scenarios.documents import Document, nearest, read_document, validated
from zwkprognose.scenarios.fields import Ages, Areas, Number, Year, ages_text
from zwkprognose.scenarios.masks import known_areas, matching
from zwkprognose.scenarios.statements import Statement

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

#: Interval shown where a projection has draws.
QUANTILES = (0.1, 0.9)


class Milestone(Statement):
    """One goal: persons of an age band, or their number per 100 of another band, in some areas and a year."""

    name: str = Field(min_length=1)
    year: Year = Field(alias="jahr")
    value: Number = Field(alias="ziel", ge=0)
    direction: Literal["mindestens", "hoechstens"] = Field("mindestens", alias="richtung")
    ages: Ages = Field((0, None), alias="alter")
    per: Ages | None = Field(None, alias="je_hundert")
    areas: Areas | None = Field(None, alias="gebiete")

    @property
    def unit(self) -> str:
        """What the value counts."""
        return "Personen" if self.per is None else f"je 100 Personen im Alter {ages_text(self.per)}"

    def met_by(self, value: float) -> bool:
        """Whether a value reaches the goal."""
        return value >= self.value if self.direction == "mindestens" else value <= self.value


class Milestones(Statement):
    """A document of milestones (Werkstattplan)."""

    model_config = ConfigDict(title="Meilensteine")

    schema_version: int = Field(1, alias="schema", ge=1, le=1)
    title: str = Field("", alias="titel")
    milestones: tuple[Milestone, ...] = Field(alias="meilenstein", min_length=1)


def read_milestones(source: str | Path) -> tuple[Milestones, Document]:
    """Read a document of milestones and keep its text for error messages.

    Raises
    ------
    ScenarioError
        Names line and statement of every mistake.
    """
    document = read_document(source)
    return validated(Milestones, document), document


def evaluate_milestones(projection: xr.Dataset, source: str | Path) -> pd.DataFrame:
    """What a projection says to every milestone.

    Parameters
    ----------
    projection : xr.Dataset
        With or without ``scenario`` and ``draw``.
    source : str or Path
        Document of milestones: path or text.

    Returns
    -------
    pandas.DataFrame
        One row per milestone and scenario: ``name, scenario, title, year, unit, target, start_year, today, value,
        low, high, met, gap``; ``title`` is what people call the scenario, ``today`` the value at the start, ``low`` and
        ``high`` are the 10 % and 90 % quantiles where there are draws, ``gap`` what is missing (negative: reserve).

    Raises
    ------
    ScenarioError
        If a milestone names an unknown area or a year outside of the projection.
    """
    import pandas as pd

    plan, document = read_milestones(source)
    rows, titles = [], _titles(projection)
    for index, milestone in enumerate(plan.milestones):
        values = _values(projection, milestone, document.where(("meilenstein", index)))
        rows += [{"name": milestone.name, **row} for row in _rows(values, milestone, titles)]
    return pd.DataFrame(rows)


def milestone_sentences(table: pd.DataFrame) -> list[str]:
    """The evaluation as German sentences."""
    return [_sentence(row) for row in table.to_dict("records")]


def _values(projection: xr.Dataset, milestone: Milestone, where: str) -> xr.DataArray:
    """Indicator by year_end, and by scenario and draw where there are such."""
    people = projection["population"]
    if milestone.year not in people["year_end"].values:
        years = people["year_end"].values
        raise ScenarioError(
            f"{where}: Das Jahr {milestone.year} liegt nicht in der Vorausberechnung ({years[0]} bis {years[-1]}).",
            remedy="das Jahr ändern oder länger rechnen",
        )
    people = people.sel(area=_areas(people, milestone, where)).sum(["area", "nationality", "sex"])
    counted = _band(people, milestone.ages)
    return counted if milestone.per is None else 100 * counted / _band(people, milestone.per)


def _areas(people: xr.DataArray, milestone: Milestone, where: str) -> list[str]:
    known = known_areas(people)
    found: dict[str, None] = {}
    for word in milestone.areas or ("*",):
        hits = matching(word, known)
        if not hits:
            near = ", ".join(f"{key} ({known[key]})" for key in nearest(word, known))
            raise ScenarioError(
                f"{where}: Ein Gebiet „{word}“ gibt es in dieser Vorausberechnung nicht.",
                remedy=f"gemeint ist vielleicht {near}" if near else "Schlüssel oder Namen prüfen",
            )
        found.update(dict.fromkeys(hits))
    return list(found)


def _band(people: xr.DataArray, ages: tuple[int, int | None]) -> xr.DataArray:
    first, last = ages
    return people.sel(age=slice(first, last)).sum("age")


def _titles(projection: xr.Dataset) -> dict[str, str]:
    """What people call the scenarios of a projection."""
    scenarios = provenance_of(projection).get("scenarios", [])
    return {scenario["name"]: scenario.get("title", scenario["name"]) for scenario in scenarios}


def _rows(values: xr.DataArray, milestone: Milestone, titles: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    names = values["scenario"].values.tolist() if "scenario" in values.dims else [""]
    for name in names:
        one = values.sel(scenario=name) if name else values
        yield {"scenario": name, "title": titles.get(name, name), **_row(one, milestone)}


def _row(values: xr.DataArray, milestone: Milestone) -> dict[str, Any]:
    then, today = values.sel(year_end=milestone.year), values.isel(year_end=0)
    low, high = (then.quantile(q, "draw").item() for q in QUANTILES) if "draw" in then.dims else (None, None)
    value = float(then.mean("draw") if "draw" in then.dims else then)
    start = float(today.mean("draw") if "draw" in today.dims else today)
    sign = 1 if milestone.direction == "mindestens" else -1
    return {
        "year": milestone.year, "unit": milestone.unit, "direction": milestone.direction,
        "target": milestone.value, "start_year": int(values["year_end"][0]), "today": start,
        "value": value, "low": low, "high": high,
        "met": milestone.met_by(value), "gap": sign * (milestone.value - value),
    }  # fmt: skip


def _sentence(row: dict[Any, Any]) -> str:
    under = f" im Szenario „{row['title']}“" if row["title"] else ""
    verdict = "erreicht" if row["met"] else "nicht erreicht"
    digits = 0 if row["unit"] == "Personen" else 2
    goal = f"{row['direction'].replace('oe', 'ö')} {decimal(row['target'], digits)} {row['unit']}"
    spread = "" if row["low"] is None or row["low"] != row["low"] else (
        f" (80 von 100 Läufen zwischen {decimal(row['low'], digits)} und {decimal(row['high'], digits)})"
    )  # fmt: skip
    return (
        f"{row['name']}: am 31.12.{row['year']} {decimal(row['value'], digits)} {row['unit']}{spread}{under}, "
        f"am 31.12.{row['start_year']}: {decimal(row['today'], digits)}; Ziel {goal}: {verdict}."
    )
