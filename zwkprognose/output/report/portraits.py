"""Portraits: figures, tables and sentences about the city or one area."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from zwkprognose.german import SENSELESS
from zwkprognose.output.content.material import Material
from zwkprognose.output.content.numbers import Numbers
from zwkprognose.output.content.spans import fan_of
from zwkprognose.output.figures.lines import Lines, lines, scenario_styles
from zwkprognose.output.figures.pyramid import Pyramid, pyramid
from zwkprognose.output.figures.stacks import Stacks, stacks
from zwkprognose.output.publication.rounding import Floats
from zwkprognose.output.publication.whole_tables import LEAVING
from zwkprognose.output.report import words
from zwkprognose.output.report.balances import balances, inside
from zwkprognose.output.report.states import states
from zwkprognose.output.tables.cross import (
    CrossTable,
    age_structure,
    components,
    index_table,
    population_by_scenario,
)
from zwkprognose.output.tables.needs import area_needs
from zwkprognose.output.tables.ranges import area_spans
from zwkprognose.output.tables.ratios import ratio_table

#: Height of the comparison with the city: a figure of second rank.
_LOW = 220


@dataclass(frozen=True, slots=True)
class Portrait:
    """Everything about the city or one area."""

    key: str
    name: str
    sentence: str
    lines: Lines
    lines_text: str
    pyramid: Pyramid | None
    pyramid_text: tuple[str, str]
    no_pyramid: str
    stacks: Stacks
    stacks_text: str
    index: Lines | None
    index_text: str
    spans: CrossTable | None
    spans_text: str
    needs: CrossTable | None
    ratios: CrossTable | None
    tables: dict[str, CrossTable]


def portrait(material: Material, area: int | None) -> Portrait:
    """Figures, tables and sentences of one area, or of the city."""
    numbers, spans = material.numbers, material.spans
    key, name = ("", numbers.facts.regions.total) if area is None else list(numbers.facts.areas.items())[area]
    totals, parts = numbers.totals(area), _parts(numbers, area)
    titles = [scenario.title for scenario in numbers.facts.scenarios]
    drawn, text = _pyramid(numbers, area, name)
    return Portrait(
        key, name, words.headline(numbers, area),
        lines=lines(
            numbers.years, totals, titles, styles=scenario_styles(len(titles), numbers.main),
            past=material.past.get(key, ()), fan=fan_of(spans, key),
        ),
        lines_text=words.lines_text(numbers, name, area),
        pyramid=drawn,
        pyramid_text=text,
        no_pyramid=words.no_pyramid(numbers),
        stacks=stacks(numbers.flow_years, parts),
        stacks_text=words.stacks_text(numbers, name, parts),
        index=_index(numbers, area, name),
        index_text=words.index_text(numbers, name, area),
        spans=_spans(material, area),
        spans_text=words.spans_text(numbers, spans, area),
        needs=area_needs(numbers, material.needs, area),
        ratios=ratio_table(numbers, area),
        tables={
            "lines": population_by_scenario(numbers, area),
            "ages": age_structure(numbers, area),
            "components": components(numbers, area),
            "index": index_table(numbers, area, name),
        },
    )  # fmt: skip


def _spans(material: Material, area: int | None) -> CrossTable | None:
    """Limits of an area or the city; none where there are none at all, as the sentence above says."""
    found = area_spans(material.numbers, material.spans, area)
    if found is None or all(cell == SENSELESS for row in found.rows for cell in row[1:]):
        return None
    return found


def _index(numbers: Numbers, area: int | None, name: str) -> Lines | None:
    """The area beside the city, base year = 100; none for the city itself and for areas that begin empty."""
    totals = numbers.totals(area)[numbers.main]
    if area is None or totals[0] == 0:
        return None
    city = numbers.totals()[numbers.main]
    values = np.stack([100 * totals / totals[0], 100 * city / city[0]])
    return lines(numbers.years, values, [name, numbers.facts.regions.total], styles=[0, 4], height=_LOW)


def _pyramid(numbers: Numbers, area: int | None, name: str) -> tuple[Pyramid | None, tuple[str, str]]:
    """Pyramid and its text; none where ages must not be shown or sexes are not split."""
    shown_ages = numbers.pyramid(area)
    if len(numbers.sexes) != 2 or shown_ages is None:
        return None, ("", "")
    bands, ages = shown_ages
    base, target = ages[numbers.main, 0], ages[numbers.main, -1]
    others = [ages[s, y] for _, s, y in states(numbers)]
    return pyramid(bands, base, target, others), words.pyramid_text(numbers, name, base, target)


def _parts(numbers: Numbers, area: int | None) -> dict[str, Floats]:
    """Balances of the main scenario by German name."""
    signed = [numbers.events(name, area)[numbers.main] * (-1 if name in LEAVING else 1) for name in numbers.flows]
    return {
        title: np.asarray(sum(signed[k] for k in flows))
        for title, flows in balances(numbers).items()
        if not (area is None and title == inside(numbers.facts))
    }
