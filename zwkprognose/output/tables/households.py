"""Households as tables for people: the whole year by year, all areas, who lives alone, dwellings."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from zwkprognose.german import HIDDEN, SENSELESS, share
from zwkprognose.output.content.households import Households
from zwkprognose.output.content.numbers import Numbers
from zwkprognose.output.publication.rounding import Floats
from zwkprognose.output.tables.cross import STICHTAG, Cell, CrossTable, key_years, milestones
from zwkprognose.rates.households.quotas import INSTITUTION

#: Stands where the dwellings suffice in every year.
ENOUGH = "reichen"
SEXES = {"female": "Frauen", "male": "Männer", "total": ""}


def size_table(numbers: Numbers, found: Households, at: int = 0) -> CrossTable:
    """Households by size at the milestones, of the whole or of one area."""
    main, years = numbers.main, milestones(numbers.facts.base_year, numbers.facts.target_year)
    homes = any(row.size == INSTITUTION for row in found.plan.quotas.rows)
    rows: list[tuple[Cell, ...]] = []
    for year in years:
        y = numbers.year(year)
        whole, *sizes = found.households[main, y, at].tolist()
        limits = [_limit(float(side[main, y, at, 0]), whole, y) for side in (found.low, found.high)]
        others = [float(values[main, y, at]) for values in (found.mean, found.institutional)[: 1 + homes]]
        rows.append((str(year), whole, *limits, *sizes, *others))
    heads = [f"{size} {'Person' if size == '1' else 'Personen'}" for size in found.sizes]
    last = ("Personen je Haushalt", "Personen in Einrichtungen")[: 1 + homes]
    columns = (STICHTAG, "Haushalte", "von", "bis", *heads, *last)
    title = f"Haushalte nach Größe, {numbers.facts.main.title}"
    return CrossTable(title, columns, tuple(rows), decimals=frozenset({"Personen je Haushalt"}), note=note_of(found))


def alone_table(numbers: Numbers, found: Households, at: int = 0) -> CrossTable:
    """People living alone by age and sex at the milestones."""
    main, years = numbers.main, milestones(numbers.facts.base_year, numbers.facts.target_year)
    alone = [found.alone[main, numbers.year(year), at] for year in years]
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (f"{SEXES.get(sex, sex)} {band.label}".strip(), *(float(of_year[s, g]) for of_year in alone))
        for g, band in enumerate(found.groups)
        for s, sex in enumerate(numbers.sexes)
    )
    columns = ("Alter", *map(str, years))
    return CrossTable(f"Alleinlebende, {numbers.facts.main.title}", columns, rows, note=note_of(found))


def household_table(numbers: Numbers, found: Households) -> CrossTable:
    """One row per area: households and people living alone in a few years, ranges, mean size."""
    facts, main = numbers.facts, numbers.main
    years = (facts.base_year, *key_years(facts.base_year, facts.target_year)[-2:])
    last, both = numbers.year(years[-1]), (years[0], years[-1])
    whole = found.households[..., 0]

    def columns_of(name: str, values: Floats, shown: Sequence[int] = both) -> dict[str, list[Cell]]:
        return {f"{name} {year}": _of(values, main, numbers.year(year)) for year in shown}

    columns = columns_of("Haushalte", whole, years)
    if not np.isnan(found.low[..., 0]).all():
        counts = whole[main, last].tolist()
        for side, values in (("von", found.low), ("bis", found.high)):
            limits = values[main, last, :, 0].tolist()
            columns[f"{years[-1]} {side}"] = [_limit(v, c, last) for v, c in zip(limits, counts, strict=True)]
    columns |= columns_of("1 Person", found.households[..., 1])
    columns |= columns_of("allein ab 65", people_alone(found, 65))
    means = columns_of("Personen je Haushalt", found.mean)
    others = [k for k in range(len(facts.scenarios)) if k != main]
    columns |= means | {f"{years[-1]}: {facts.scenarios[k].title}": _of(whole, k, last) for k in others}
    title = f"Haushalte der {facts.unit[1]}, {facts.main.title}"
    return _places(numbers, title, columns, frozenset(means), note_of(found))


def dwelling_table(numbers: Numbers, found: Households) -> CrossTable | None:
    """One row per area: dwellings there are and are planned, those missing; None where no dwellings are known."""
    if found.dwellings is None or found.missing is None:
        return None
    facts, main = numbers.facts, numbers.main
    years = key_years(facts.base_year, facts.target_year)
    first, last = found.dwellings[main, 0], found.dwellings[main, -1]
    columns: dict[str, list[Cell]] = {
        f"Wohnungen {facts.base_year}": first.tolist(),
        f"geplant bis {facts.target_year}": (last - first).tolist(),
        **{f"Es fehlen {year}": _of(found.missing, main, numbers.year(year)) for year in (facts.base_year, *years)},
        "fehlen ab": _short(found.missing[main], numbers),
    }
    note = (
        "Nötig ist eine Wohnung je Haushalt"
        + (f" und eine Reserve von {share(found.plan.reserve, 1)} der Wohnungen" if found.plan.reserve else "")
        + "; geplant ist der Erstbezug des Szenarios. Negative Werte bei „Es fehlen“ sind Überschuss."
    )
    return _places(numbers, f"Wohnungen und Haushalte, {facts.main.title}", columns, frozenset(), note)


def note_of(found: Households) -> str:
    """What must stand beside the numbers."""
    quotas, plan = found.plan.quotas, found.plan
    kind = "Haushaltsmitgliederquoten" if quotas.kind == "members" else "Bezugspersonenquoten"
    known = (
        " Die Quoten sind je Gebiet an die bekannten Haushalte angepasst." if plan.known is not None
        else " Die Quoten gelten in allen Gebieten gleich; die Unterschiede folgen nur aus Alter und Geschlecht."
    )  # fmt: skip
    rounded = " Auf Vielfache von 5 gerundet, Summen weichen deshalb ab."
    return f"{kind}: {quotas.source}.{known}{' ' + quotas.note if quotas.note else ''}{rounded}"


def _places(
    numbers: Numbers, title: str, columns: dict[str, list[Cell]], decimals: frozenset[str], note: str
) -> CrossTable:
    heads = [("", "Insgesamt"), *numbers.facts.areas.items()]
    rows = tuple((*place, *row) for place, *row in zip(heads, *columns.values(), strict=True))
    head = (numbers.facts.unit[0], "Name", *columns)
    return CrossTable(title, head, rows, heads=2, decimals=decimals, total=True, note=note)


def _of(values: Floats, scenario: int, y: int) -> list[Cell]:
    return list(map(float, values[scenario, y]))


def people_alone(found: Households, age: int) -> Floats:
    """People of an age and older who live alone [scenario, y, 1 + area]."""
    groups = [g for g, band in enumerate(found.groups) if band.first >= age]
    return np.asarray(found.alone[..., groups].sum(axis=(-2, -1)))


def _limit(limit: float, count: float, y: int) -> Cell:
    """A limit, a sign where none is possible; nothing in the base year, which is counted."""
    if np.isnan(count):
        return float("nan")
    if y == 0:
        return ""
    return SENSELESS if np.isnan(limit) else float(limit)


def _short(missing: Floats, numbers: Numbers) -> list[Cell]:
    """First year in which dwellings are missing."""
    short, blank = np.asarray(missing > 0), np.asarray(np.isnan(missing).any(axis=0))
    years = [str(numbers.years[column.argmax()]) if column.any() else ENOUGH for column in short.T]
    return [HIDDEN if hidden else year for year, hidden in zip(years, blank, strict=True)]
