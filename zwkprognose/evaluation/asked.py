"""Whether what is asked for can be answered with a number that means something."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import xarray as xr

from zwkprognose.engine.draws.summary import Band
from zwkprognose.errors import EvaluationError
from zwkprognose.evaluation.quantities import Quantity
from zwkprognose.german import stated
from zwkprognose.inputs.handed import handed, is_number, is_whole


def check_levels(levels: Sequence[float]) -> None:
    """An interval covers more than nothing and less than everything."""
    several = isinstance(levels, Iterable) and not isinstance(levels, str)
    given: list[Any] = list(levels) if several else [levels]
    wrong = [level for level in given if not (is_number(level) and 0 < level < 1)]
    if wrong or not several or not given or len(set(given)) < len(given):
        raise EvaluationError(
            "Eine Spanne (levels) deckt einen Anteil der Fälle, der über 0 und unter 1 liegt, jede einen anderen.",
            cells=[{"Anteil": str(level)} for level in wrong],
            remedy="Anteile angeben, zum Beispiel levels=(0.8, 0.95) für 80 und 95 von 100 Fällen.",
        )


def check_whole(values: Iterable[float], what: str) -> None:
    """Years, leads and numbers of draws are whole; at least one is needed."""
    if isinstance(values, str) or not isinstance(values, Iterable):
        raise EvaluationError(f"{what}: {handed(values)}.", remedy="Eine Liste angeben, zum Beispiel [2030, 2035].")
    values = list(values)
    wrong = [v for v in values if not is_whole(v)]
    if wrong or not values:
        raise EvaluationError(
            f"Als {what} braucht es mindestens eine ganze Zahl.",
            cells=[{what: stated(v)} for v in wrong],
            remedy="Ganze Zahlen angeben, für Stichtage das Jahr des 31.12.",
        )


def check_positive(value: object, what: str) -> None:
    """A number of persons above nothing; infinitely many are allowed."""
    if not (is_number(value) and value > 0):  # type: ignore[operator]
        raise EvaluationError(
            f"{what} ist keine Zahl über 0: {stated(value)}.", remedy="Eine Personenzahl angeben oder sie weglassen."
        )


def check_bands(bands: Mapping[str, Band | Quantity], population: xr.DataArray) -> None:
    """Every band begins at an age that there is and does not end before it."""
    if "age" not in population.dims:
        raise EvaluationError(
            "Die Bestände sind nicht nach Alter gegliedert.",
            remedy="Spannen der Gesamtzahlen verwenden (intervals) oder Bestände nach Altersjahren angeben.",
        )
    if not isinstance(bands, Mapping):
        raise EvaluationError(
            f"Die Altersgruppen sind {handed(bands)}.", remedy='Namen angeben, zum Beispiel {"unter 3": (0, 2)}.'
        )
    oldest = int(population["age"][-1])
    spans = {name: _spans(asked) for name, asked in bands.items()}
    wrong = [name for name, parts in spans.items() if not all(_possible(part, oldest) for part in parts)]
    if wrong or not bands:
        raise EvaluationError(
            f"Es braucht eine Altersgruppe, die zwischen 0 und {oldest} beginnt und dort, nicht vor ihrem Anfang, oder "
            "offen endet.",
            cells=[{"Altersgruppe": name} for name in wrong],
            remedy='Erstes und letztes Alter angeben: {"unter 3": (0, 2), "ab 65": (65, None)}.',
        )


def _spans(asked: object) -> list[object]:
    if not isinstance(asked, Quantity):
        return [asked]
    return [asked.ages] if asked.per is None else [asked.ages, asked.per]


def _possible(span: object, oldest: int) -> bool:
    """Two whole ages, the second one or none, of which the last single one may be the oldest that is told apart."""
    if not isinstance(span, tuple | list) or len(span) != 2 or not is_whole(span[0]):
        return False
    first, last = span
    return 0 <= first <= oldest and (last is None or (is_whole(last) and first <= last <= oldest))
