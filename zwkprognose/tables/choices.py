"""Turn signs into numbers by a named choice, never by default."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Literal, get_args

import numpy as np
import pandas as pd

from zwkprognose.errors import TableError
from zwkprognose.names import label
from zwkprognose.tables.hidden import bounds_of
from zwkprognose.tables.impute import imputed
from zwkprognose.tables.noise import noisy
from zwkprognose.tables.require import require_table
from zwkprognose.tables.table import Source, Status, Table
from zwkprognose.tables.unlisted import with_unlisted
from zwkprognose.tables.wording import cell_text, records

Choice = Literal["zero", "midpoint", "impute_from_total", "keep", "error"]

#: Mark beside a number that was printed as a sign.
ESTIMATED = "geschätzt"
_WORDS = {
    "zero": "als null genommen",
    "midpoint": "auf die Mitte des möglichen Bereichs gesetzt",
    "impute_from_total": "aus den Summen der Tabelle erschlossen",
}


def resolve_status(
    table: Table,
    *,
    hidden: Choice = "error",
    unreliable: Choice = "error",
    late: Choice = "error",
    not_applicable: Choice = "error",
    absent: Choice = "keep",
    largest_hidden: int | None = None,
    unlisted: Literal["zero", "error"] = "error",
) -> Table:
    """Give cells that print a sign a number, each status by its own named choice.

    Parameters
    ----------
    table : Table
        Cells with statuses.
    hidden, unreliable, late, not_applicable, absent : {"zero", "midpoint", "impute_from_total", "keep", "error"}
        What to do with each status: take it as zero; as the middle of 1 and the largest number that is
        hidden; infer it from the printed totals; leave it; or raise an error that names the cells. Areas that
        do not exist (``absent``) are left by default.
    largest_hidden : int, optional
        Largest number that the publisher hides, for ``midpoint``; cells like ``<3``, ``1–4`` carry their own.
    unlisted : {"zero", "error"}
        What to do with cells that the table does not list at all: take them as zero (exports of registers list
        only what occurs), or leave them out, which later is an error that names them.

    Returns
    -------
    Table
        Chosen cells are numbers with flag ``geschätzt``; ``source.notes`` says what was chosen.

    Raises
    ------
    TableError
        For cells whose status has the choice ``error``, for ``midpoint`` without a bound, and for
        ``impute_from_total`` where no total determines the cells, the totals contradict each other, or the counts
        carry noise (cell-key method), so that totals say nothing about a part.

    Examples
    --------
    >>> from zwkprognose.tables import read_table, resolve_status
    >>> resolve_status(read_table("bestand.csv"), hidden="midpoint", largest_hidden=2)  # doctest: +SKIP
    """
    table = require_table(table)
    choices: dict[Status, Choice] = {
        Status.HIDDEN: hidden,
        Status.UNRELIABLE: unreliable,
        Status.LATE: late,
        Status.NOT_APPLICABLE: not_applicable,
        Status.ABSENT: absent,
    }
    _refuse_choices(choices, unlisted, largest_hidden)
    cells = table.cells
    _refuse(cells, [status for status, choice in choices.items() if choice == "error"])
    notes = []
    for status, choice in choices.items():
        chosen = (cells["status"] == status.value).to_numpy()
        if choice in _WORDS and chosen.any():
            _refuse_noise(choice, cells[chosen], table.source)
            cells = _with_numbers(cells, chosen, _numbers(cells, chosen, choice, largest_hidden))
            notes.append(f"Zellen „{label('status', status.value)}“ ({chosen.sum()}): {_WORDS[choice]}.")
    source = replace(table.source, notes=(*table.source.notes, *notes))
    resolved = table.with_cells(cells, source)
    return with_unlisted(resolved) if unlisted == "zero" else resolved


def _refuse_choices(choices: Mapping[Status, str], unlisted: str, largest: Any) -> None:
    """Refuse names of choices that there are not, and a bound that is no number of persons."""
    unknown = [choice for choice in choices.values() if choice not in get_args(Choice)]
    if unknown or unlisted not in ("zero", "error"):
        raise TableError(
            f"Die Wahl „{unknown[0] if unknown else unlisted}“ ist nicht bekannt.",
            remedy=f"Es gibt: {', '.join(get_args(Choice))}; für unlisted: zero, error.",
        )
    if largest is not None and (not isinstance(largest, (int, np.integer)) or isinstance(largest, bool) or largest < 1):
        raise TableError(
            f"largest_hidden={largest!r} ist keine Zahl von Personen.", remedy="Eine ganze Zahl ab 1 angeben."
        )


def _refuse(cells: pd.DataFrame, statuses: list[Status]) -> None:
    bad = cells[cells["status"].isin([status.value for status in statuses])]
    if bad.empty:
        return
    raise TableError(
        f"Zellen mit einem Zeichen statt einer Zahl: {len(bad)}.",
        cells=[{"text": cell_text(row), "status": label("status", row["status"])} for row in records(bad)],
        remedy="Für jedes Zeichen eine Lösung wählen: im Projekt unter [daten.zeichen], sonst zero, midpoint, "
        "impute_from_total oder keep.",
    )


def _refuse_noise(choice: Choice, chosen: pd.DataFrame, source: Source) -> None:
    with_noise = chosen[noisy(chosen, source)]
    if choice == "impute_from_total" and len(with_noise):
        raise TableError(
            "Aus den Summen dieser Tabelle lässt sich nichts erschließen: Jede Zahl ist für sich verändert "
            "(Cell-Key-Methode).",
            cells=[{"text": cell_text(row)} for row in records(with_noise.iloc[:50])],
            remedy="Die Zellen geheim lassen (keep), oder midpoint mit largest_hidden=… wählen.",
        )


def _numbers(cells: pd.DataFrame, chosen: np.ndarray, choice: Choice, largest: int | None) -> np.ndarray:
    if choice == "zero":
        return np.zeros(int(chosen.sum()))
    if choice == "midpoint":
        return _midpoints(cells[chosen], largest)
    return imputed(cells, chosen)


def _midpoints(cells: pd.DataFrame, largest: int | None) -> np.ndarray:
    """The middle of the smallest and the largest number that a cell may hide; 1 and ``largest`` where it says none."""
    bounds = bounds_of(cells["flag"])
    bounds = bounds if largest is None else bounds.fillna({0: 1, 1: largest})
    unknown = bounds[1].isna()
    if unknown.any():
        row = records(cells[unknown].iloc[:1])[0]
        raise TableError(
            f"{cell_text(row)}: Es ist nicht bekannt, bis zu welcher Zahl der Herausgeber geheim hält.",
            remedy="Die größte mit largest_hidden=… nennen, zum Beispiel 2, wenn 1 und 2 geheim bleiben.",
        )
    return bounds.to_numpy(dtype=float).mean(axis=1)


def _with_numbers(cells: pd.DataFrame, chosen: np.ndarray, numbers: np.ndarray) -> pd.DataFrame:
    value = cells["value"].to_numpy(dtype=float).copy()
    status = cells["status"].to_numpy(dtype=object).copy()
    flag = cells["flag"].to_numpy(dtype=object).copy()
    value[chosen], status[chosen], flag[chosen] = numbers, Status.NUMBER.value, ESTIMATED
    return cells.assign(value=value, status=status, flag=flag)
