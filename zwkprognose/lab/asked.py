"""What is asked of every answer besides persons: the demand for services, and milestones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from zwkprognose.engine.grid import Grid
from zwkprognose.errors import ScenarioError
from zwkprognose.evaluation.milestone_document import FLOWS, WHOLE, Milestone, read_milestones
from zwkprognose.names import label
from zwkprognose.output.content.services import Service
from zwkprognose.scenarios.masks import known_areas, matching, unknown_area


@dataclass(frozen=True, slots=True)
class Asked:
    """Services with their weights by sex and age, and milestones with the cells they count, as plain values."""

    needs: list[dict[str, Any]]
    goals: list[dict[str, Any]]

    @staticmethod
    def of(grid: Grid, services: Sequence[Service], milestones: str | Path | None) -> Asked:
        """Read services and a document of milestones for a case.

        Raises
        ------
        ScenarioError
            If a milestone names an unknown area, group, sex or demand, or ages or a year that are not there.
        """
        needs = [_need(grid, service) for service in services]
        if milestones is None:
            return Asked(needs, [])
        plan, document = read_milestones(milestones)
        named = {title: need for need in needs for title in (need["name"], need["title"])}
        places = [document.where(("meilenstein", k)) for k in range(len(plan.milestones))]
        return Asked(
            needs, [_goal(grid, one, place, named) for one, place in zip(plan.milestones, places, strict=True)]
        )


def _need(grid: Grid, service: Service) -> dict[str, Any]:
    quota, keys = service.quota, [str(key) for key in grid.labels("area")]
    years = np.concatenate([[grid.year_start], grid.years])
    sexes = [str(sex) for sex in grid.labels("sex")]
    places = None
    if service.places is not None:
        own = [float(service.places[key]) for key in keys]
        places = [sum(own), *own]
    return {
        "name": quota.name, "title": quota.title, "source": quota.source, "places": places,
        "weights": quota.shares(np.asarray(grid.labels("age")), sexes).tolist(),
        "factors": quota.factors(years).tolist(),
    }  # fmt: skip


def _goal(grid: Grid, asked: Milestone, place: str, needs: Mapping[str, dict[str, Any]]) -> dict[str, Any]:
    """A milestone as positions in the arrays of the page."""
    last = int(grid.years[-1])
    year = last if asked.year is None else asked.year
    if year not in grid.years:
        raise ScenarioError(
            f"{place}: Das Jahr {year} liegt nicht in der Vorausberechnung ({grid.years[0]} bis {last}).",
            remedy="Das Jahr ändern oder länger rechnen.",
        )
    for first, end in (asked.ages, asked.per or WHOLE):
        oldest = grid.size("age") - 1
        if first > oldest or (end is not None and end >= oldest):
            raise ScenarioError(
                f"{place}: Ab {oldest} Jahren unterscheidet die Vorausberechnung keine einzelnen Alter mehr.",
                remedy=f'Die Altersspanne offen angeben, zum Beispiel "{min(first, oldest)}+".',
            )
    if asked.demand is not None and asked.demand not in needs:
        raise ScenarioError(
            f"{place}: bedarf: Einen Bedarf „{asked.demand}“ gibt es in dieser Vorausberechnung nicht.",
            remedy=f"Berechnet ist: {', '.join(needs) or 'keiner'}. Im Projekt unter [[bedarf]] angeben.",
        )
    return {
        "name": asked.name, "unit": asked.unit, "direction": asked.direction, "target": asked.value, "year": year,
        "areas": _areas(grid, asked, place), "ages": list(asked.ages), "per": asked.per and list(asked.per),
        "group": _position(grid, "nationality", asked.nationality, place),
        "sex": _position(grid, "sex", asked.sex, place),
        "flows": list(FLOWS[asked.size].items()) if asked.size != "bestand" else None,
        "need": None if asked.demand is None else needs[asked.demand], "ratio": asked.per is not None,
    }  # fmt: skip


def _areas(grid: Grid, asked: Milestone, place: str) -> list[int]:
    known, keys = known_areas(grid.start), [str(key) for key in grid.labels("area")]
    found: dict[str, None] = {}
    for word in asked.areas or ("*",):
        hits = matching(word, known)
        if not hits:
            raise unknown_area(f"{place}: gebiete", word, known)
        found.update(dict.fromkeys(hits))
    return [keys.index(key) for key in found]


def _position(grid: Grid, dim: str, wanted: str | None, place: str) -> int | None:
    if wanted is None:
        return None
    labels = [str(label) for label in grid.labels(dim)]
    if wanted not in labels:
        raise ScenarioError(
            f"{place}: „{label(dim, wanted)}“ gibt es in dieser Vorausberechnung nicht.", remedy="Die Angabe weglassen."
        )
    return labels.index(wanted)
