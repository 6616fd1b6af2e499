"""The errors that a rule for area totals would have made from every earlier launch."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from zwkprognose.arithmetic import total
from zwkprognose.errors import EvaluationError
from zwkprognose.german import number_text
from zwkprognose.rates.totals import Past
from zwkprognose.rates.totals.estimate import forecast_totals
from zwkprognose.rates.totals.growth import SMALLEST_AREA, log_growth

#: Years that must be known before a launch whose errors are to count.
LEAST_PAST = 2
#: Fewer errors than this say nothing about a band.
LEAST_ERRORS = 30
#: Years over which the unrest of an area is measured: longer than a trend, because it is a trait, not an event.
UNREST_YEARS = 10


@dataclass(frozen=True, eq=False)
class PastErrors:
    """Log errors of all areas that counted, launch by launch, for one lead.

    Attributes
    ----------
    lead : int
    launches : tuple of int
    errors : tuple of np.ndarray [area]
        log(observed/forecast) per launch.
    size, unrest : tuple of np.ndarray [area]
        Persons at the launch and :func:`unrest` of the same areas.
    """

    lead: int
    launches: tuple[int, ...]
    errors: tuple[np.ndarray, ...]
    size: tuple[np.ndarray, ...]
    unrest: tuple[np.ndarray, ...]

    @property
    def count(self) -> int:
        """Number of errors."""
        return sum(len(e) for e in self.errors)


def past_errors(past: Past, lead: int, method: str, *, told: bool, largest: float = np.inf) -> PastErrors:
    """Errors at one lead from every launch whose outcome is already known.

    Parameters
    ----------
    past : Past
        Everything known; launches and outcomes are taken from it.
    told : bool
        The method was told the true total of the city (errors of the shares only).
    largest : float, persons
        Areas above this size at the launch are left out, as are those below 1,000.

    Raises
    ------
    EvaluationError
        If there are fewer than 30 such errors.
    """
    found = errors_by_lead(past, [lead], method, told=told, largest=largest)[lead]
    if found.count < LEAST_ERRORS:
        raise too_few(past, {lead: found})
    return found


def too_few(past: Past, found: Mapping[int, PastErrors]) -> EvaluationError:
    """Why there is no range, and what is possible instead."""
    lead, most = max(((k, e.count) for k, e in found.items()), key=lambda pair: pair[1], default=(0, 0))
    large = int(np.count_nonzero(past.last >= SMALLEST_AREA))
    areas = "einem Gebiet" if large == 1 else f"{large} Gebieten"
    return EvaluationError(
        f"Aus {len(past.years)} Beständen mit {areas} ab {number_text(SMALLEST_AREA)} Personen folgen höchstens {most} "
        f"frühere Abweichungen; für eine Spanne braucht es mindestens {LEAST_ERRORS}.",
        cells=[{"lead": lead}] if most else [],
        remedy=f"Ältere Bestände ergänzen: Vor einem Startpunkt braucht es {LEAST_PAST} Jahre, nach ihm eines. "
        "Möglich ist die Vorausberechnung ohne Spanne (estimate_totals, project); was in anderen Städten zu erwarten "
        "war, steht auf der Seite „Wie gut ist das?“.",
    )


def errors_by_lead(
    past: Past, leads: Iterable[int], method: str, *, told: bool, largest: float = np.inf
) -> dict[int, PastErrors]:
    """The same for several leads, however few errors there are; each launch is forecast once."""
    launches = [y for y in past.years if y - past.years[0] >= LEAST_PAST]
    cases = {launch: _cases(past, launch, leads, method, told, largest) for launch in launches}
    found = {}
    for lead in leads:
        known = [launch for launch in launches if lead in cases[launch]]
        parts = [cases[launch][lead] for launch in known]
        found[lead] = PastErrors(lead, tuple(known), *(tuple(p[k] for p in parts) for k in range(3)))
    return found


def unrest(past: Past) -> np.ndarray:
    """Root mean square of an area's annual growth apart from the city's in the last ten years [area]."""
    years = [y for y in past.years if past.launch - y <= UNREST_YEARS]
    years = years if len(years) > 1 else list(past.years[-2:])
    growth = [_apart(past, a, b) for a, b in pairwise(years)]
    return np.asarray(np.sqrt(np.mean(np.square(growth), axis=0)))


def _apart(past: Past, start: int, end: int) -> np.ndarray:
    a, b = past.at(start), past.at(end)
    return (log_growth(a, b) - np.log(total(b) / total(a))) / np.sqrt(end - start)


def _cases(
    past: Past, launch: int, leads: Iterable[int], method: str, told: bool, largest: float
) -> dict[int, Sequence[np.ndarray]]:
    """Errors, sizes and unrest of the areas that count, at each lead whose outcome is known."""
    known, ends = past.until(launch), [launch + lead for lead in leads if launch + lead in past.years]
    if not ends:
        return {}
    observed = np.stack([past.at(y) for y in ends])
    forecast = forecast_totals(known, ends, method, observed.sum(axis=1) if told else None)
    restless, large = unrest(known), (known.last >= SMALLEST_AREA) & (known.last <= largest)
    found: dict[int, Sequence[np.ndarray]] = {}
    for year, seen, expected in zip(ends, observed, forecast, strict=True):
        counts = np.flatnonzero(large & (seen > 0))
        found[year - launch] = np.log(seen[counts] / expected[counts]), known.last[counts], restless[counts]
    return found
