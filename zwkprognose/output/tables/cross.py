"""Tables for people: years down, scenarios across; areas down, years across; the same in Excel and report."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from zwkprognose.german import SENSELESS
from zwkprognose.names import label
from zwkprognose.output.content.numbers import Numbers
from zwkprognose.output.publication.rounding import Floats
from zwkprognose.output.publication.whole_tables import LEAVING

Cell = str | float
CHANGE = "Veränderung"
STICHTAG = "Stichtag 31.12."


@dataclass(frozen=True, slots=True)
class CrossTable:
    """One table as it is printed: the first ``heads`` columns of each row are texts, the others numbers.

    ``signed``, ``percent`` and ``decimals`` name columns with a sign, with per cent, with one decimal;
    ``groups`` are headings over several columns (text, number of columns); ``total``: the first row is a sum;
    ``note`` is what must stand beside the table.
    """

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    heads: int = 1
    signed: frozenset[str] = frozenset()
    percent: frozenset[str] = frozenset()
    decimals: frozenset[str] = frozenset()
    groups: tuple[tuple[str, int], ...] = ()
    total: bool = False
    note: str = ""


def named_once(table: CrossTable) -> CrossTable:
    """The same without the column of keys, for places that are called by their names alone."""
    groups = ((table.groups[0][0], 1), *table.groups[1:]) if table.groups else ()
    rows = tuple(row[1:] for row in table.rows)
    columns = (table.columns[0], *table.columns[2:])
    return replace(table, columns=columns, rows=rows, heads=table.heads - 1, groups=groups)


def milestones(base: int, target: int, step: int = 5) -> tuple[int, ...]:
    """Base year, every fifth calendar year after it, and the target year.

    Examples
    --------
    >>> milestones(2020, 2037)
    (2020, 2025, 2030, 2035, 2037)
    """
    between = (year for year in range(base + 1, target) if year % step == 0)
    return tuple(dict.fromkeys((base, *between, target)))


def key_years(base: int, target: int) -> tuple[int, ...]:
    """The milestones that a sentence or a small table can hold: the first, that some ten years ahead, the last.

    Examples
    --------
    >>> key_years(2020, 2040), key_years(2020, 2024)
    ((2025, 2030, 2040), (2024,))
    """
    ahead = milestones(base, target)[1:]
    return tuple(sorted({ahead[0], min(ahead, key=lambda year: abs(year - base - 10)), target}))


def population_by_scenario(numbers: Numbers, area: int | None = None) -> CrossTable:
    """Population on 31.12. of every year, scenarios across."""
    titles = tuple(scenario.title for scenario in numbers.facts.scenarios)
    rows = _rows(numbers.years, numbers.totals(area).T)
    return CrossTable("Bevölkerung nach Szenarien", (STICHTAG, *titles), rows)


def age_structure(numbers: Numbers, area: int | None = None) -> CrossTable:
    """Population in broad age bands at the milestones, main scenario."""
    years = milestones(numbers.facts.base_year, numbers.facts.target_year)
    bands, counts = numbers.broad(area)
    shown = counts[numbers.main][[numbers.year(year) for year in years]]
    rows = _rows([band.label for band in bands], shown.T)
    title = f"Altersgruppen am 31.12., {numbers.facts.main.title}"
    return CrossTable(title, ("Alter", *map(str, years)), rows)


def components(numbers: Numbers, area: int | None = None) -> CrossTable:
    """Events of every year, main scenario: the balance, then what comes and what goes."""
    columns = [numbers.events(name, area)[numbers.main] for name in numbers.flows]
    rows = _rows(numbers.flow_years, np.stack([balance(numbers, columns), *columns], axis=1))
    title = f"Komponenten der Bevölkerungsentwicklung, {numbers.facts.main.title}"
    return CrossTable(title, ("Jahr", CHANGE, *flow_labels(numbers)), rows, signed=frozenset({CHANGE}))


def index_table(numbers: Numbers, area: int | None, name: str) -> CrossTable:
    """Area and city at the milestones, base year = 100, main scenario."""
    years = milestones(numbers.facts.base_year, numbers.facts.target_year)
    places = [numbers.year(year) for year in years]
    rows = [
        (title, *(relative(values[places] - values[0], values[:1].repeat(len(places))) + 100).tolist())
        for title, values in ((name, numbers.totals(area)[numbers.main]), ("Insgesamt", numbers.totals()[numbers.main]))
    ]
    title = f"{numbers.facts.base_year} = 100, {numbers.facts.main.title}"
    return CrossTable(title, (STICHTAG, *map(str, years)), tuple(rows), decimals=frozenset(map(str, years)))


def area_overview(numbers: Numbers) -> CrossTable:
    """One row per area: base and target year, change, the years between, target year of the other scenarios."""
    facts, total = numbers.facts, numbers.total
    years = milestones(facts.base_year, facts.target_year)
    places = [numbers.year(year) for year in years]
    others = {s.title: k for k, s in enumerate(facts.scenarios) if k != numbers.main}
    rows = [
        _overview_row(head, values[numbers.main, places], [float(values[k, -1]) for k in others.values()])
        for head, values in zip(_heads(numbers), _city_first(numbers.city_total, total), strict=True)
    ]
    absolute, share = f"{CHANGE} {facts.base_year}–{facts.target_year}", "in %"
    return CrossTable(
        f"Bevölkerung der {facts.unit[1]}, {facts.main.title}",
        (
            facts.unit[0], "Name", str(years[0]), str(years[-1]), absolute, share, *map(str, years[1:-1]),
            *(f"{years[-1]}: {title}" for title in others),
        ),
        tuple(rows), heads=2, signed=frozenset({absolute}), percent=frozenset({share}), total=True,
    )  # fmt: skip


def area_ages(numbers: Numbers) -> CrossTable:
    """One row per area: broad age bands in the base and the target year, main scenario."""
    counts = [numbers.broad(i)[1][numbers.main] for i in range(len(numbers.facts.areas))]
    names = [band.label for band in numbers.broad_bands]
    rows = tuple(
        (key, name, *np.concatenate([count[0], count[-1]]).tolist())
        for (key, name), count in zip(numbers.facts.areas.items(), counts, strict=True)
    )
    years = (numbers.facts.base_year, numbers.facts.target_year)
    groups = (("", 2), *((f"31.12.{year}", len(names)) for year in years))
    title = f"Altersgruppen der {numbers.facts.unit[1]}, {numbers.facts.main.title}"
    return CrossTable(title, (numbers.facts.unit[0], "Name", *names, *names), rows, heads=2, groups=groups)


def area_nationalities(numbers: Numbers) -> CrossTable:
    """One row per area: nationalities in the base and the target year, main scenario."""
    counts = _city_first(numbers.city_by_nationality, np.moveaxis(numbers.by_nationality, 2, -1))
    ends = counts[:, numbers.main][:, [0, -1]]
    rows = tuple((*head, *values.ravel().tolist()) for head, values in zip(_heads(numbers), ends, strict=True))
    names = [label("nationality", name) for name in numbers.nationalities]
    years = (numbers.facts.base_year, numbers.facts.target_year)
    groups = (("", 2), *((f"31.12.{year}", len(names)) for year in years))
    title = f"Staatsangehörigkeit der {numbers.facts.unit[1]}, {numbers.facts.main.title}"
    return CrossTable(title, (numbers.facts.unit[0], "Name", *names, *names), rows, heads=2, groups=groups, total=True)


def area_components(numbers: Numbers) -> CrossTable:
    """One row per area: events of the whole period, main scenario."""
    columns = [
        _city_first(numbers.city_flows[name][numbers.main].sum(), values[numbers.main].sum(axis=0))
        for name, values in numbers.flows.items()
    ]
    table = np.stack([balance(numbers, columns), *columns], axis=1)
    rows = tuple((*head, *row.tolist()) for head, row in zip(_heads(numbers), table, strict=True))
    facts = numbers.facts
    title = f"Komponenten der {facts.unit[1]}, Summe {facts.base_year + 1}–{facts.target_year}, {facts.main.title}"
    head = (facts.unit[0], "Name", CHANGE, *flow_labels(numbers))
    return CrossTable(title, head, rows, heads=2, signed=frozenset({CHANGE}), total=True)


def flow_labels(numbers: Numbers) -> tuple[str, ...]:
    """German names of the events that this projection knows, with the words for the whole and its parts."""
    regions = numbers.facts.regions
    own = {
        "moves_in": f"Zuzüge aus anderen {regions.part.plural_dative} {regions.whole.of_the}",
        "moves_out": f"Fortzüge in andere {regions.part.plural} {regions.whole.of_the}",
    }
    return tuple(own.get(name) or label("variables", name) for name in numbers.flows)


def balance(numbers: Numbers, columns: Sequence[Floats]) -> Floats:
    """Sum of the events, leaving ones negative."""
    signs = [-1.0 if name in LEAVING else 1.0 for name in numbers.flows]
    return np.asarray(sum(sign * values for sign, values in zip(signs, columns, strict=True)))


def relative(change: Floats, base: Floats) -> Floats:
    """Change in per cent; NaN for an area that was empty."""
    return np.divide(100 * change, base, out=np.full(np.shape(base), np.nan), where=base > 0)


def _rows(heads: Iterable[object], values: Floats) -> tuple[tuple[Cell, ...], ...]:
    return tuple((str(head), *row.tolist()) for head, row in zip(heads, values, strict=True))


def _overview_row(head: tuple[str, str], milestones: Floats, others: list[float]) -> tuple[Cell, ...]:
    start, end = float(milestones[0]), float(milestones[-1])
    share: Cell = SENSELESS if start == 0 else 100 * (end - start) / start
    return (*head, start, end, end - start, share, *milestones[1:-1].tolist(), *others)


def _heads(numbers: Numbers) -> list[tuple[str, str]]:
    """Key and name of every row: the city first, then the areas."""
    return [("", "Insgesamt"), *numbers.facts.areas.items()]


def _city_first(city: Floats, areas: Floats) -> Floats:
    """One row for the city and one per area; the area is the last axis of ``areas``."""
    return np.concatenate([np.asarray(city)[None], np.moveaxis(areas, -1, 0)])
