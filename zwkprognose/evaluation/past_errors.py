"""The errors that a rule for area totals would have made from every earlier launch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from zwkprognose.errors import EvaluationError
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
    launches = [y for y in past.years if y - past.years[0] >= LEAST_PAST and y + lead in past.years]
    cases = [_case(past, launch, lead, method, told, largest) for launch in launches]
    found = PastErrors(lead, tuple(launches), *(tuple(c[k] for c in cases) for k in range(3)))
    if found.count < LEAST_ERRORS:
        raise EvaluationError(
            f"Für den Horizont {lead} Jahre gibt es nur {found.count} frühere Abweichungen; "
            f"für ein Band braucht es mindestens {LEAST_ERRORS}.",
            cells=[{"lead": lead}],
            remedy="Ältere Bestände ergänzen oder einen kürzeren Horizont wählen.",
        )
    return found


def unrest(past: Past) -> np.ndarray:
    """Root mean square of an area's annual growth apart from the city's in the last ten years [area]."""
    years = [y for y in past.years if past.launch - y <= UNREST_YEARS]
    years = years if len(years) > 1 else list(past.years[-2:])
    growth = [_apart(past, a, b) for a, b in pairwise(years)]
    return np.asarray(np.sqrt(np.mean(np.square(growth), axis=0)))


def _apart(past: Past, start: int, end: int) -> np.ndarray:
    a, b = past.at(start), past.at(end)
    return (log_growth(a, b) - np.log(b.sum() / a.sum())) / np.sqrt(end - start)


def _case(past: Past, launch: int, lead: int, method: str, told: bool, largest: float) -> Sequence[np.ndarray]:
    known, observed = past.until(launch), past.at(launch + lead)
    eckwert = np.array([observed.sum()]) if told else None
    forecast = forecast_totals(known, [launch + lead], method, eckwert)[0]
    counts = (known.last >= SMALLEST_AREA) & (known.last <= largest) & (observed > 0)
    errors = np.log(observed[counts] / forecast[counts])
    return errors, known.last[counts], unrest(known)[counts]
