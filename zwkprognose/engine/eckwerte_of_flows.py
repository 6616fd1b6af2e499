"""Eckwerte of flows: births, deaths, in-moves and out-moves by scaling their rates."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from zwkprognose.engine import formulas, reference
from zwkprognose.engine.arrays import Array, Flows, Index, Mask
from zwkprognose.engine.features.margins import Margin, called, summed
from zwkprognose.engine.formulas import STEPS
from zwkprognose.engine.model import Model, YearInputs
from zwkprognose.errors import EngineError
from zwkprognose.german import amount_text, number_text


def advance_to_levels(
    advance: Callable[[YearInputs], Flows], given: YearInputs, levels: list[Margin], model: Model
) -> Flows:
    """Repeat a year with scaled rates until its flows meet their Eckwerte.

    Natural change comes first: births, deaths, then moves. A level that is met changes nothing.
    """
    ordered = sorted(levels, key=lambda m: ("births", "deaths", "in_moves", "out_moves").index(m.of))
    for _ in range(STEPS):
        year = advance(given)
        changes = [_change(m, year[m.of], model.area_order) for m in ordered]
        if all((c == 1).all() for c in changes):
            _check(given, model, ordered)
            return year
        for margin, change in zip(ordered, changes, strict=True):
            given = scaled(given, margin, change)
    raise EngineError(
        "Die Eckwerte der Bewegungen sind nicht gemeinsam erreichbar.",
        cells=[{"Eckwert": m.name} for m, c in zip(ordered, changes, strict=True) if (c != 1).any()],
        remedy="Die Summen der Eckwerte aufeinander abstimmen.",
    )


def scaled(given: YearInputs, margin: Margin, change: Array) -> YearInputs:
    """The inputs of a year with the rates of one flow multiplied."""
    factor = np.where(margin.cells >= 0, change[:, margin.cells], 1.0)
    factor = np.where((margin.areas >= 0)[:, None, None, None], factor[margin.areas], 1.0)
    rates = given.rates
    if margin.of == "births":
        scale = np.ones(1) if given.birth_scale is None else given.birth_scale
        return replace(given, birth_scale=scale * factor[..., 0])
    if margin.of == "deaths":
        return replace(given, rates=replace(rates, death=rates.death * factor))
    return _with_moves(given, margin.of, factor)


def _with_moves(given: YearInputs, of: str, factor: Array) -> YearInputs:
    """In-moves or out-moves multiplied, also those who are there from the start of the year."""
    rates, mothers, older = given.rates, given.mothers_early, reference.a_year_older(factor)
    if of == "in_moves":
        mothers = None if mothers is None else (mothers[0] * older, mothers[1])
        early = None if rates.in_early is None else rates.in_early * factor
        rates = replace(rates, in_moves=rates.in_moves * factor, in_early=early)
    else:
        mothers = None if mothers is None else (mothers[0], mothers[1] * older)
        known, early = (None if v is None else v * factor for v in (rates.out_moves, rates.out_early))
        rates = replace(rates, out=rates.out * factor, out_moves=known, out_early=early)
    return replace(given, rates=rates, mothers_early=mothers)


def _change(margin: Margin, flow: Array, order: Index) -> Array:
    """Factor for each target; one where it is met."""
    cells = flow[..., None] if margin.of == "births" else flow
    if margin.of == "births":
        margin = replace(margin, cells=margin.cells[..., :1])
    rows, columns = margin.target.shape
    of_areas = summed(cells.reshape(len(cells), -1), margin.areas, rows, order)
    total = summed(of_areas.T, margin.cells.ravel(), columns).T
    off = margin.present & (abs(total - margin.target) > margin.tolerance)
    if (off & (total <= 0)).any():
        raise _empty(margin, off & (total <= 0))
    return np.divide(margin.target, total, out=np.ones_like(total), where=off)


def _empty(margin: Margin, where: Mask) -> EngineError:
    at = np.argwhere(where).tolist()
    cells = [margin.label(r, c) | {"Eckwert": float(margin.target[r, c])} for r, c in at]
    return EngineError(
        f"{called(margin.name)}: nach den Raten gibt es keine Bewegung, die sich auf "
        f"{amount_text(float(margin.target[where].sum()))} Personen bringen ließe.",
        cells=cells,
        remedy="Raten über null vorgeben oder den Eckwert weglassen.",
    )


def _check(given: YearInputs, model: Model, levels: list[Margin]) -> None:
    """After scaling, deaths and exits must still take at most everybody."""
    rates = given.rates
    gone = sum((r for r in (rates.out, rates.move_out, rates.naturalisation) if r is not None), np.zeros(1))
    together = formulas.gone(rates.death, model.exposure, gone)
    if (rates.death > 1).any() or (together > 1).any():
        excess = float(np.max(together)) - 1
        raise EngineError(
            f"Eckwerte {', '.join(m.name for m in levels)}: so viele Personen sterben und gehen, dass in einzelnen "
            f"Zellen der Anteil um {number_text(excess)} über 1 liegt.",
            remedy="Eckwerte der Sterbefälle und Fortzüge senken oder die Raten der Zellen prüfen.",
        )
