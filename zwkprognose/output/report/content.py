"""What the report shows: figures, tables and sentences for the city and for every area."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from zwkprognose.names import label
from zwkprognose.output.cross_tables import (
    CrossTable,
    age_structure,
    components,
    index_table,
    milestones,
    population_by_scenario,
    relative,
)
from zwkprognose.output.disclosure import LEAVING
from zwkprognose.output.figures.choropleth import Outline, Shape, class_labels, class_limits, class_of, outline
from zwkprognose.output.figures.lines import Lines, lines, scenario_styles
from zwkprognose.output.figures.multiples import Multiples, multiples
from zwkprognose.output.figures.pyramid import Pyramid, pyramid
from zwkprognose.output.figures.stacks import Stacks, stacks
from zwkprognose.output.german import number, percent, signed
from zwkprognose.output.numbers import Numbers
from zwkprognose.output.report import words
from zwkprognose.output.rounding import Floats


@dataclass(frozen=True, slots=True)
class Portrait:
    """Everything about the city or one area."""

    key: str
    name: str
    sentence: str
    start: str
    end: str
    change: str
    lines: Lines
    lines_text: str
    pyramid: Pyramid | None
    pyramid_text: str
    stacks: Stacks
    stacks_text: str
    index: Lines | None
    index_text: str
    tables: dict[str, CrossTable]


@dataclass(frozen=True, slots=True)
class Silence:
    """An area of which nothing may be shown."""

    key: str
    name: str
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class MapArea:
    """One area on the map in its first state."""

    shape: Shape
    name: str
    css: str
    text: str


@dataclass(frozen=True, slots=True)
class Map:
    """The map of change until the target year."""

    outline: Outline
    areas: tuple[MapArea, ...]
    classes: tuple[str, ...]
    limits: tuple[float, ...]


def area_portraits(numbers: Numbers, past: Mapping[str, Sequence[tuple[int, float]]]) -> list[Portrait | Silence]:
    """Portraits of all areas in their order."""
    return [
        portrait(numbers, i, past.get(key, ())) if numbers.shown(i) else Silence(key, name)
        for i, (key, name) in enumerate(numbers.facts.areas.items())
    ]


def portrait(numbers: Numbers, area: int | None, past: Sequence[tuple[int, float]] = ()) -> Portrait:
    """Figures, tables and sentences of one area, or of the city."""
    key, name = ("", "insgesamt") if area is None else list(numbers.facts.areas.items())[area]
    totals, parts = numbers.totals(area), _parts(numbers, area)
    start, end = float(totals[numbers.main, 0]), float(totals[numbers.main, -1])
    titles = [scenario.title for scenario in numbers.facts.scenarios]
    drawn, text = _pyramid(numbers, area, name)
    return Portrait(
        key, name, words.headline(numbers, area), number(start), number(end), words.change_text(start, end),
        lines=lines(numbers.years, totals, titles, styles=scenario_styles(len(titles), numbers.main), past=past),
        lines_text=words.lines_text(numbers, name, area),
        pyramid=drawn,
        pyramid_text=text,
        stacks=stacks(numbers.flow_years, parts),
        stacks_text=words.stacks_text(numbers, name, parts),
        index=_index(numbers, area, name),
        index_text=words.index_text(numbers, name, area),
        tables={
            "lines": population_by_scenario(numbers, area),
            "ages": age_structure(numbers, area),
            "components": components(numbers, area),
            "index": index_table(numbers, area, name),
        },
    )  # fmt: skip


def _index(numbers: Numbers, area: int | None, name: str) -> Lines | None:
    """The area beside the city, base year = 100; none for the city itself and for areas that begin empty."""
    totals = numbers.totals(area)[numbers.main]
    if area is None or totals[0] == 0:
        return None
    city = numbers.totals()[numbers.main]
    values = np.stack([100 * totals / totals[0], 100 * city / city[0]])
    return lines(numbers.years, values, [name, "Stadt insgesamt"], styles=[0, 4])


def small_multiples(numbers: Numbers) -> Multiples | None:
    """Index lines of all areas that are shown."""
    areas = [
        (key, name, numbers.totals(i)[numbers.main])
        for i, (key, name) in enumerate(numbers.facts.areas.items())
        if numbers.shown(i)
    ]
    return multiples(areas, numbers.totals()[numbers.main]) if len(areas) > 1 else None


def _pyramid(numbers: Numbers, area: int | None, name: str) -> tuple[Pyramid | None, str]:
    """Pyramid and its text; none where ages must not be shown or sexes are not split."""
    shown_ages = numbers.pyramid(area)
    if len(numbers.sexes) != 2 or shown_ages is None:
        return None, ""
    bands, ages = shown_ages
    base, target = ages[numbers.main, 0], ages[numbers.main, -1]
    shown = state_key(numbers.main, numbers.facts.target_year)
    return pyramid(bands, base, _states(numbers, ages), shown=shown), words.pyramid_text(numbers, name, base, target)


def state_key(scenario: int, year: int) -> str:
    """Name of one state of the choosers."""
    return f"{scenario}-{year}"


def shown_years(numbers: Numbers) -> tuple[int, ...]:
    """Years to choose from: the milestones after the base year."""
    return milestones(numbers.facts.base_year, numbers.facts.target_year)[1:]


def change_map(numbers: Numbers, geometry: Mapping[str, Any]) -> Map:
    """Change of every area until the target year in the main scenario."""
    drawn = outline(geometry, list(numbers.facts.areas))
    base, end = numbers.total[numbers.main, 0], numbers.total[numbers.main, -1]
    change = relative(end - base, base)
    limits = class_limits(change)
    areas = tuple(
        MapArea(shape, name, css_class(value, limits), f"{name}: {_percent(value)} ({number(a)} → {number(b)})")
        for shape, name, value, a, b in zip(
            drawn.shapes, numbers.facts.areas.values(), change.tolist(), base.tolist(), end.tolist(), strict=True
        )
    )
    return Map(drawn, areas, class_labels(limits), limits)


def css_class(value: float, limits: Sequence[float]) -> str:
    """CSS class of a value on the map."""
    found = class_of(value, limits)
    return "k-none" if found is None else f"k{found}"


def choices(numbers: Numbers, limits: Sequence[float]) -> str:
    """What the script needs to switch the map: totals of every area by state, as compact JSON."""
    states = {
        state_key(s, year): _whole(numbers.total[s, numbers.year(year)])
        for s in range(len(numbers.facts.scenarios))
        for year in shown_years(numbers)
    }
    data = {
        "base": _whole(numbers.total[numbers.main, 0]),
        "baseYear": numbers.facts.base_year,
        "names": list(numbers.facts.areas.values()),
        "limits": list(limits),
        "states": states,
    }
    return json.dumps(data, separators=(",", ":")).replace("<", "\\u003c")


def tiles(numbers: Numbers) -> list[tuple[str, str, str]]:
    """Key figures of the city: heading, number, explanation."""
    facts, totals = numbers.facts, numbers.totals()[numbers.main]
    parts = {name: numbers.events(name)[numbers.main].sum() for name in numbers.flows}
    period = f"{facts.base_year + 1}–{facts.target_year}"
    shown = [
        (f"Bevölkerung {facts.base_year}", number(totals[0]), "am 31.12., Ausgangsbestand"),
        (f"Bevölkerung {facts.target_year}", number(totals[-1]), words.change_text(totals[0], totals[-1])),
    ]
    if {"births", "deaths"} <= set(parts):
        shown.append(("Geburten − Sterbefälle", signed(parts["births"] - parts["deaths"]), f"Summe {period}"))
    if {"in_moves", "out_moves"} <= set(parts):
        shown.append(("Zuzüge − Fortzüge", signed(parts["in_moves"] - parts["out_moves"]), f"Summe {period}"))
    return [*shown, _old_share(numbers)]


def _old_share(numbers: Numbers) -> tuple[str, str, str]:
    bands, counts = numbers.broad()
    first = next(k for k, band in enumerate(bands) if band.first >= 65 or band.last is None)
    shares = 100 * counts[numbers.main][:, first:].sum(axis=1) / counts[numbers.main].sum(axis=1)
    title = f"Anteil ab {bands[first].first} Jahren"
    return title, f"{number(shares[-1], 1)}\u202f%", f"{numbers.facts.base_year}: {number(shares[0], 1)}\u202f%"


def _states(numbers: Numbers, ages: Floats) -> dict[str, Floats]:
    return {
        state_key(s, year): ages[s, numbers.year(year)]
        for s in range(len(numbers.facts.scenarios))
        for year in shown_years(numbers)
    }


def _parts(numbers: Numbers, area: int | None) -> dict[str, Floats]:
    """Signed components of the main scenario by German name."""
    return {
        label("variables", name): numbers.events(name, area)[numbers.main] * (-1 if name in LEAVING else 1)
        for name in numbers.flows
    }


def _whole(values: Floats) -> list[int | None]:
    """Whole numbers for the script, null where nothing may be shown."""
    return [None if np.isnan(value) else int(value) for value in values]


def _percent(value: float) -> str:
    return "ohne Angabe" if np.isnan(value) else percent(value)
