"""The error that all areas of a city share, as far as the past of the city does not show it yet.

Few experiences tell how far a city can be missed, because neighbouring launches see the same boom: a past of twenty
years holds two or three of five years. So what other cities showed counts as some experiences more. In Berlin, Bremen,
Konstanz and Zürich the city was missed by half a percent for every year ahead (root mean square over all launches,
one to twenty years), children and young adults by more, the older by less.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from zwkprognose.evaluation.past_errors import PastErrors

#: Log error of a city per year ahead.
USUAL = 0.005
#: The same of the persons from an age on: Berlin, Bremen and Konstanz, 5 to 20 years.
USUAL_FROM_AGE = {0: 0.017, 5: 0.010, 10: 0.006, 18: 0.009, 25: 0.012, 40: 0.004}
#: Experiences that these are worth.
WORTH = 2.0
OLDEST = 100


@dataclass(frozen=True)
class CommonError:
    """Student's t distribution of a log error around zero.

    Attributes
    ----------
    scale : float
        Log error.
    experiences : float
        Degrees of freedom.
    """

    scale: float = 0.0
    experiences: float = WORTH

    def quantile(self, probability: float) -> float:
        """Quantile of the log error."""
        from scipy.special import stdtrit

        return float(self.scale * stdtrit(self.experiences, probability)) if self.scale else 0.0


def unseen_error(known: Sequence[PastErrors], lead: int, yearly: float = USUAL) -> CommonError:
    """The usual error at a lead, the less of it the more experiences the errors known hold.

    Parameters
    ----------
    known : sequence of PastErrors
    lead : int
    yearly : float
        Usual log error per year ahead.
    """
    seen = experiences(known)
    return CommonError(float(lead * yearly * np.sqrt(WORTH / (WORTH + seen))), WORTH + seen)


def experiences(known: Sequence[PastErrors]) -> float:
    """Launches that do not overlap at the longest lead known."""
    longest = max(known, key=lambda e: e.lead)
    return 1 + (max(longest.launches) - min(longest.launches)) / longest.lead


def usual_of_ages(first: int, last: int | None) -> float:
    """Usual log error per year ahead of the persons of some ages: mean over the ages.

    Examples
    --------
    >>> round(usual_of_ages(3, 6), 4), round(usual_of_ages(80, None), 4)
    (0.0135, 0.004)
    """
    starts = np.array(list(USUAL_FROM_AGE))
    ages = np.arange(first, max(OLDEST if last is None else last, first) + 1)
    return float(np.mean(np.array(list(USUAL_FROM_AGE.values()))[np.searchsorted(starts, ages, side="right") - 1]))
