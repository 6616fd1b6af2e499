"""Whether what is asked for can be answered with a number that means something."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import xarray as xr

from zwkprognose.engine.draws.summary import Band
from zwkprognose.engine.grid import LAST_YEAR
from zwkprognose.errors import EvaluationError
from zwkprognose.evaluation.quantities import Quantity
from zwkprognose.german import stated
from zwkprognose.inputs.handed import handed


def check_levels(levels: Sequence[float]) -> None:
    """An interval covers more than nothing and less than everything."""
    wrong = [level for level in levels if not 0 < level < 1]
    if wrong or not len(levels):
        raise EvaluationError(
            "Eine Spanne (levels) deckt einen Anteil der Fälle, der über 0 und unter 1 liegt.",
            cells=[{"Anteil": level} for level in wrong],
            remedy="Anteile angeben, zum Beispiel levels=(0.8, 0.95) für 80 und 95 von 100 Fällen.",
        )


def check_whole(values: Iterable[float], what: str) -> None:
    """Years, leads and numbers of draws are whole; at least one is needed."""
    if isinstance(values, str) or not isinstance(values, Iterable):
        raise EvaluationError(f"{what}: {handed(values)}.", remedy="Eine Liste angeben, zum Beispiel [2030, 2035].")
    values = list(values)
    wrong = [v for v in values if isinstance(v, bool | str) or not float(v).is_integer()]
    if wrong or not values:
        raise EvaluationError(
            f"Als {what} braucht es mindestens eine ganze Zahl.",
            cells=[{what: stated(v)} for v in wrong],
            remedy="Ganze Zahlen angeben, für Stichtage das Jahr des 31.12.",
        )


def check_horizon(years: Iterable[int]) -> None:
    """No year lies further ahead than a projection may reach."""
    beyond = [year for year in years if year > LAST_YEAR]
    if beyond:
        raise EvaluationError(
            f"Das Jahr {beyond[0]} liegt zu weit voraus.", remedy=f"Jahre bis {LAST_YEAR} angeben."
        )


def check_bands(bands: Mapping[str, Band | Quantity], population: xr.DataArray) -> None:
    """Every band begins at an age that there is and does not end before it."""
    if "age" not in population.dims:
        raise EvaluationError(
            "Die Bestände sind nicht nach Alter gegliedert.",
            remedy="Spannen der Gesamtzahlen verwenden (intervals) oder Bestände nach Altersjahren angeben.",
        )
    oldest = int(population["age"][-1])
    spans = {name: _spans(asked) for name, asked in bands.items()}
    wrong = [name for name, parts in spans.items() if not all(_possible(part, oldest) for part in parts)]
    if wrong or not bands:
        raise EvaluationError(
            f"Es braucht eine Altersgruppe, die zwischen 0 und {oldest} beginnt und nicht vor ihrem Anfang endet.",
            cells=[{"Altersgruppe": name} for name in wrong],
            remedy='Erstes und letztes Alter angeben: {"unter 3": (0, 2), "ab 65": (65, None)}.',
        )


def _spans(asked: Band | Quantity) -> list[Band]:
    parts = (asked.ages, asked.per) if isinstance(asked, Quantity) else (asked,)
    return [part for part in parts if part is not None]


def _possible(span: Band, oldest: int) -> bool:
    first, last = span
    return 0 <= first <= oldest and (last is None or last >= first)
