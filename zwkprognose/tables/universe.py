"""Universes: who is counted. Register is not Fortschreibung, a main residence is not a second home."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Literal

import pandas as pd

from zwkprognose.errors import TableError
from zwkprognose.german import number_text
from zwkprognose.names import TOTAL
from zwkprognose.tables.parts import parts_only
from zwkprognose.tables.require import require_table
from zwkprognose.tables.sums import strict_sums
from zwkprognose.tables.table import Source, Table

#: Stands before the date in the universe of a census.
CENSUS_DAY = "Stichtag "

_COUNTED = (
    (re.compile("fortschreibung"), "Fortschreibung"),
    (re.compile("melderegister|einwohnerregister|einwohnerwesen"), "Melderegister"),
)
_RESIDENCE = (
    (re.compile(r"haupt- (?:und|oder|u\.) nebenwohn|wohnberechtigt"), "Haupt- und Nebenwohnung"),
    (re.compile("hauptwohn"), "Hauptwohnung"),
)
_REGISTER = ("register", "einwohnerwesen")


def universe_of(source: Source) -> frozenset[str]:
    """What a source says about its universe, in comparable words; empty if it says nothing.

    >>> sorted(universe_of(Source("a", "tidy", universe="Melderegister, Haupt- und Nebenwohnsitz")))
    ['Haupt- und Nebenwohnung', 'Register']
    """
    text = source.universe.casefold()
    said = set()
    if any(word in text for word in _REGISTER):
        said.add("Register")
    if "fortschreibung" in text:
        said.add("Fortschreibung")
    if "neben" in text:
        said.add("Haupt- und Nebenwohnung")
    elif "haupt" in text:
        said.add("Hauptwohnung")
    said |= {f"Zensus {year}" for year in ("1987", "2011", "2022") if f"zensus {year}" in text}
    return frozenset(said or ({source.universe} if source.universe else set()))


def universe_in(text: str) -> str:
    """What titles and footnotes say about who is counted; empty if they say nothing.

    >>> universe_in("Einwohner mit Hauptwohnung"), universe_in("Wohnberechtigte Bevölkerung, Quelle: Melderegister")
    ('Hauptwohnung', 'Melderegister, Haupt- und Nebenwohnung')
    """
    words = text.casefold()
    counted = [name for pattern, name in _COUNTED if pattern.search(words)]
    residence = next((name for pattern, name in _RESIDENCE if pattern.search(words)), "")
    return ", ".join([*counted[:1], *([residence] if residence else [])])


def with_universe(table: Table, universe: str, *, secrecy: Literal["", "cell-key"] = "") -> Table:
    """The same table with its universe stated, for example ``"Melderegister, Hauptwohnsitz"``.

    ``secrecy="cell-key"`` says that every count carries noise of its own (see :mod:`zwkprognose.tables.noise`).
    """
    table = require_table(table)
    if not isinstance(universe, str) or secrecy not in ("", "cell-key"):
        raise TableError(
            f"Die Grundgesamtheit „{universe}“ oder die Geheimhaltung „{secrecy}“ ist nicht bekannt.",
            remedy="Die Grundgesamtheit als Text angeben; secrecy ist leer oder „cell-key“.",
        )
    return replace(table, source=replace(table.source, universe=universe, secrecy=secrecy or table.source.secrecy))


@dataclass(frozen=True)
class Adjusted:
    """A table on the level of another universe, and the factor of every area and year.

    Attributes
    ----------
    table : Table
        Cells times the factor of their area and year.
    factors : pandas.DataFrame
        Columns ``area``, ``year``, ``before``, ``after``, ``factor``.
    """

    table: Table
    factors: pd.DataFrame


def adjust_level(table: Table, level: Table) -> Adjusted:
    """Bring a stock to the level of another universe: one factor for every area and year.

    The structure by age, sex and nationality stays that of ``table``, the total of every area and year becomes
    that of ``level`` (for example register structure on the Fortschreibung's totals).

    Raises
    ------
    TableError
        If ``level`` lacks an area or year, has signs there, or asks for persons where ``table`` has none.
    """
    table, level = require_table(table), require_table(level)
    own = area_totals(table)
    wanted = area_totals(level).reindex(own.index)
    _refuse(wanted[wanted.isna()].index, "Für diese Gebiete und Jahre fehlt das Niveau.")
    _refuse(own[own.isna()].index, "Diese Gebiete und Jahre haben Zeichen statt Zahlen.")
    _refuse(wanted[(own == 0) & (wanted > 0)].index, "Diese Gebiete sind leer und sollen Personen bekommen.")
    factor = (wanted / own).where(own > 0, 1.0)
    stock = table.cells[table.cells["variable"] == "population"]
    spread = factor.reindex(pd.MultiIndex.from_frame(stock[["area", "year"]])).to_numpy()
    note = (
        f"Auf das Niveau „{level.source.universe or level.source.file}“ umgerechnet: Faktoren von "
        f"{number_text(round(float(factor.min()), 4))} bis {number_text(round(float(factor.max()), 4))}."
    )
    source = replace(table.source, universe=level.source.universe, notes=(*table.source.notes, note))
    factors = pd.DataFrame({"before": own, "after": wanted, "factor": factor}).reset_index()
    return Adjusted(table.with_cells(stock.assign(value=stock["value"] * spread), source), factors)


def area_totals(table: Table) -> pd.Series:
    """Persons of each area and year: the printed total, else the sum of the parts; ``NaN`` where a sign stands.

    A table that splits sexes and ages only as margins is summed over its ages.
    """
    table = require_table(table)
    stock = table.cells[table.cells["variable"] == "population"]
    whole = (stock["sex"] == TOTAL) & (stock["nationality"] == TOTAL)
    whole &= (stock["age_from"] == 0).fillna(False) & stock["age_to"].isna()
    printed = stock[whole].drop_duplicates(["area", "year"]).set_index(["area", "year"])["value"]
    unprinted = ~pd.MultiIndex.from_frame(stock[["area", "year"]]).isin(printed.dropna().index)
    return printed.combine_first(_summed_parts(table.with_cells(stock[unprinted])))


def _summed_parts(stock: Table) -> pd.Series:
    parts = parts_only(stock).cells
    for dim in ("sex", "nationality"):
        is_total = parts[dim] == TOTAL
        has_total = is_total.groupby([parts["area"], parts["year"]]).transform("any")
        parts = parts[is_total | ~has_total]
    return strict_sums(parts, ["area", "year"])


def _refuse(index: pd.Index, message: str) -> None:
    if len(index):
        raise TableError(
            message,
            cells=[{"area": area, "year": int(year)} for area, year in list(index)[:50]],
            remedy="Schlüssel und Jahre beider Tabellen prüfen.",
        )
