"""What is asked of every answer besides persons: the demand for services, and milestones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from zwkprognose.engine.grid import Grid
from zwkprognose.errors import ScenarioError
from zwkprognose.evaluation.milestone_document import FLOWS, WHOLE, Milestone, measure_text, read_milestones
from zwkprognose.evaluation.milestones import check_band
from zwkprognose.names import label
from zwkprognose.output.content.services import Service
from zwkprognose.scenarios.masks import known_areas, matching, unknown_area


@dataclass(frozen=True, slots=True)
class Asked:
    """Services with their weights by sex and age, and milestones with the cells they count, as plain values."""

    needs: list[dict[str, Any]]
    goals: list[dict[str, Any]]
    left_out: list[str]

    @staticmethod
    def of(grid: Grid, services: Sequence[Service], milestones: str | Path | None, *, hidden: bool = False) -> Asked:
        """Read services and a document of milestones for a case; ``hidden``: some areas may not be shown in it.

        Milestones that speak of such an area are left out, and named.

        Raises
        ------
        ScenarioError
            If a milestone names an unknown area, group, sex or demand, or ages or a year that are not there.
        """
        needs = [_need(grid, service) for service in services]
        if milestones is None:
            return Asked(needs, [], [])
        plan, document = read_milestones(milestones)
        named = {title: need for need in needs for title in (need["name"], need["title"])}
        goals, left_out = [], []
        for k, milestone in enumerate(plan.milestones):
            place = document.where(("meilenstein", k))
            if hidden and _areas(grid, milestone) is None:
                left_out.append(milestone.name)
            else:
                goals.append(_goal(grid, milestone, place, named))
        return Asked(needs, goals, left_out)


def _need(grid: Grid, service: Service) -> dict[str, Any]:
    quota, keys = service.quota, [str(key) for key in grid.labels("area")]
    years = np.concatenate([[grid.year_start], grid.years])
    sexes = [str(sex) for sex in grid.labels("sex")]
    places = None
    if service.places is not None:
        known = {str(key): float(number) for key, number in service.places.items()}
        others = sum(number for key, number in known.items() if key not in keys)
        places = [sum(known.values()), *(known.get(key, others) for key in keys)]
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
    for ages in (asked.ages, asked.per or WHOLE):
        check_band(ages, grid.size("age") - 1, place)
    if asked.demand is not None and asked.demand not in needs:
        raise ScenarioError(
            f"{place}: bedarf: Einen Bedarf „{asked.demand}“ gibt es in dieser Vorausberechnung nicht.",
            remedy=f"Berechnet ist: {', '.join(needs) or 'keiner'}. Im Projekt unter [[bedarf]] angeben.",
        )
    areas = _areas(grid, asked)
    if areas is None:
        raise _missing(grid, asked, place)
    return {
        "name": asked.name, "unit": asked.unit, "direction": asked.direction, "target": asked.value, "year": year,
        "areas": areas, "ages": list(asked.ages), "per": asked.per and list(asked.per),
        "group": _position(grid, "nationality", asked.nationality, place),
        "sex": _position(grid, "sex", asked.sex, place),
        "flows": list(FLOWS[asked.size].items()) if asked.size != "bestand" else None,
        "need": None if asked.demand is None else needs[asked.demand], "ratio": asked.per is not None,
        "measure": measure_text(asked.action, asked.office, asked.due),
    }  # fmt: skip


def _areas(grid: Grid, asked: Milestone) -> list[int] | None:
    """Positions of the areas of a milestone; None if one is not there."""
    known, keys = known_areas(grid.start), [str(key) for key in grid.labels("area")]
    found = [matching(word, known) for word in asked.areas or ("*",)]
    if not all(found):
        return None
    return [keys.index(key) for key in dict.fromkeys(key for hits in found for key in hits)]


def _missing(grid: Grid, asked: Milestone, place: str) -> ScenarioError:
    known = known_areas(grid.start)
    word = next(word for word in asked.areas or () if not matching(word, known))
    return unknown_area(f"{place}: gebiete", word, known)


def _position(grid: Grid, dim: str, wanted: str | None, place: str) -> int | None:
    if wanted is None:
        return None
    labels = [str(label) for label in grid.labels(dim)]
    if wanted not in labels:
        raise ScenarioError(
            f"{place}: „{label(dim, wanted)}“ gibt es in dieser Vorausberechnung nicht.", remedy="Die Angabe weglassen."
        )
    return labels.index(wanted)
