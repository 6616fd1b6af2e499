"""Stocks on 31.12. as an array of single years of age."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from zwkprognose.arithmetic import total
from zwkprognose.errors import InputError
from zwkprognose.inputs.arrays import age_edges, to_array
from zwkprognose.inputs.graduation import graduate, split_open_group
from zwkprognose.names import NATIONALITIES, SEXES, TOTAL, label

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

#: A projection needs mortality by age up to here; a lower open group is split by the national life table.
LOWEST_OPEN_AGE = 85


@dataclass(frozen=True)
class Frame:
    """The coordinates shared by all arrays of one Dataset."""

    areas: tuple[str, ...]
    nationalities: tuple[str, ...]
    open_age: int

    @property
    def ages(self) -> np.ndarray:
        """Completed ages; the last one is open."""
        return np.arange(self.open_age + 1)


def frame_of(stocks: pd.DataFrame, open_age: int | None) -> Frame:
    """Areas, groups and open age of the stock cells."""
    _require_sexes(stocks)
    _require_both_groups(stocks)
    _require_ages(stocks)
    lowest = min(int(age_edges(year, _what(number))[-1]) for number, year in _years(stocks))
    return Frame(
        areas=tuple(sorted(stocks["area"].unique())),
        nationalities=_groups(stocks["nationality"].unique().tolist()),
        open_age=max(lowest, LOWEST_OPEN_AGE) if open_age is None else open_age,
    )


def _groups(found: list[str]) -> tuple[str, ...]:
    """German and foreign first, other groups in alphabetical order."""
    known = [g for g in (*NATIONALITIES, TOTAL) if g in found]
    return (*known, *sorted(set(found) - set(known)))


def _require_sexes(stocks: pd.DataFrame) -> None:
    if set(stocks["sex"].unique()) != set(SEXES):
        raise InputError(
            "Der Bestand ist nicht nach Geschlecht getrennt.",
            remedy="Eine Tabelle mit Männern und Frauen verwenden (Spalte geschlecht mit m und w).",
        )


def _require_both_groups(stocks: pd.DataFrame) -> None:
    """Germans alone, or foreigners alone, are not the people of a town."""
    found = stocks["nationality"].unique().tolist()
    if len(found) == 1 and found[0] in NATIONALITIES:
        raise InputError(
            f"Der Bestand enthält nur eine Gruppe: {label('nationality', found[0])}.",
            remedy="Eine Tabelle mit allen Einwohnern verwenden, oder die Tabelle der anderen Gruppe dazunehmen.",
        )


def _require_ages(stocks: pd.DataFrame) -> None:
    if stocks["age_to"].isna().all():
        raise InputError(
            "Der Bestand ist nicht zugleich nach Geschlecht und Alter getrennt.",
            remedy="Eine Tabelle verwenden, die Männer und Frauen je Altersgruppe nennt; "
            "Geschlecht nur als Summe über alle Alter genügt nicht.",
        )


def population(stocks: pd.DataFrame, frame: Frame) -> xr.DataArray:
    """Population by single year of age.

    Parameters
    ----------
    stocks : pandas.DataFrame
        Cells with numbers only, without totals and with one level of areas.
    frame : Frame

    Returns
    -------
    xr.DataArray [year_end, area, nationality, sex, age], persons
        The sum of every group of the source is kept.
    """
    import xarray as xr

    numbers, arrays = zip(*((n, _year(cells, frame, _what(n))) for n, cells in _years(stocks)), strict=True)
    return xr.DataArray(
        np.stack(arrays),
        coords={
            "year_end": np.array(numbers, dtype=np.int64),
            "area": list(frame.areas),
            "nationality": list(frame.nationalities),
            "sex": list(SEXES),
            "age": frame.ages,
        },
        dims=("year_end", "area", "nationality", "sex", "age"),
        name="population",
    )


def _year(cells: pd.DataFrame, frame: Frame, what: str) -> np.ndarray:
    lower = age_edges(cells, what)
    axes = {"area": frame.areas, "nationality": frame.nationalities, "sex": SEXES, "age_from": lower.tolist()}
    return single_years(to_array(cells, axes, what), lower, frame.open_age)


def single_years(counts: np.ndarray, lower: np.ndarray, open_age: int, events: str = "lived") -> np.ndarray:
    """Counts [..., sex, group] with an open last group to single years [..., sex, age] with an open last age."""
    start = int(lower[-1])
    closed = graduate(counts[..., :-1], lower) if len(lower) > 1 else counts[..., :0]
    if start < open_age:
        return np.concatenate([closed, split_open_group(counts[..., -1], start, open_age, events)], axis=-1)
    older = total(closed[..., open_age:], -1, keepdims=True) + counts[..., -1:]
    return np.concatenate([closed[..., :open_age], older], axis=-1)


def _years(stocks: pd.DataFrame) -> Iterable[tuple[int, pd.DataFrame]]:
    return ((int(str(year)), cells) for year, cells in stocks.groupby("year", sort=True))


def _what(year: int) -> str:
    return f"{label('variables', 'population')} 31.12.{year}"
