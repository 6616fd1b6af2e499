"""The error that all areas of a city share, as far as the past of the city does not show it yet.

Few experiences tell how far a city can be missed, because neighbouring launches see the same boom: a past of twenty
years holds two or three of five years. So what other cities showed counts as some experiences more. In Berlin, Bremen,
Konstanz and Zürich the city was missed by half a percent for every year ahead (root mean square over all launches,
one to twenty years), children and young adults by more, the older by less.

The past errors of single areas hold most of what the city was missed by, those of a sum of many areas hardly any of it.
So sums are reckoned with the whole, areas with what comes in addition beyond the leads whose errors are known: a trend
that turns a little every year adds up, and the error of what it leads to grows with the power 3/2 of those years. No
area is surer than that of the city.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from zwkprognose.evaluation.past_errors import PastErrors

#: Log error of a city per year ahead.
USUAL = 0.005
#: Log error of areas beyond what their own past errors show, one year beyond their longest lead; 6 % ten years beyond.
#: Chosen by interval scores with at most one launch in twenty below 60 %, leaving each city out.
TURNING = 0.0018
#: The same as USUAL of the persons from an age on: Berlin, Bremen and Konstanz, 5 to 20 years.
USUAL_FROM_AGE = {0: 0.017, 5: 0.010, 10: 0.006, 18: 0.009, 25: 0.012, 40: 0.004}
#: Experiences that these are worth.
WORTH = 2.0
#: Experiences behind an error that is given as a number: as good as known.
SURE = 1e6
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
        return float(self.quantiles(np.array([probability]))[0, 0])

    def quantiles(self, probabilities: np.ndarray) -> np.ndarray:
        """Quantiles of the log error [probability, 1]."""
        from scipy.special import stdtrit

        if not self.scale:
            return np.zeros((len(probabilities), 1))
        return np.asarray(self.scale * stdtrit(self.experiences, probabilities)[:, None])


def unseen_error(known: Sequence[PastErrors], lead: int, yearly: float = USUAL) -> CommonError:
    """The usual error of a sum at a lead, the less of it the more experiences the errors known hold.

    Parameters
    ----------
    known : sequence of PastErrors
    lead : int
    yearly : float
        Usual log error per year ahead.
    """
    return _left(lead * yearly, experiences(known))


def turning_error(known: Sequence[PastErrors], lead: int) -> CommonError:
    """What areas are missed by beyond their own past errors, which hold short leads rather than long ones."""
    return _left(_turned(max(lead - max(e.lead for e in known), 0)), experiences(known))


def whole_error(known: Sequence[PastErrors], lead: int) -> CommonError:
    """What a sum of areas is missed by: all of the turning trend, and no less than is usual."""
    return _left(max(_turned(lead), lead * USUAL), experiences(known))


def _turned(years: int) -> float:
    """Log error after so many years of a trend that turns."""
    return float(TURNING * years * np.sqrt(years))


def _left(usual: float, seen: float) -> CommonError:
    """What so many experiences leave of a usual log error."""
    return CommonError(float(usual * np.sqrt(WORTH / (WORTH + seen))), WORTH + seen)


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
