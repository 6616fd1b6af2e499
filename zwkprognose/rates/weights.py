"""How much a year of the base period counts: by age, and less if it was out of the ordinary."""

from __future__ import annotations

from typing import Literal

import numpy as np

from zwkprognose.arithmetic import power

Outliers = Literal["keep", "downweight"]

#: A year within this many robust standard deviations of the median keeps its full weight (Huber).
USUAL_RANGE = 1.5
#: A standard normal deviation per median absolute deviation.
MAD_TO_SD = 1.4826


def recency(years: np.ndarray, half_life: float | None) -> np.ndarray:
    """Weights that halve with every ``half_life`` years back; the latest year has one.

    Examples
    --------
    >>> recency(np.array([2013, 2018, 2023]), 5.0)
    array([0.25, 0.5 , 1.  ])
    """
    if half_life is None:
        return np.ones(len(years))
    return power(0.5, (np.max(years) - years) / half_life)


def usual_years(values: np.ndarray, outliers: Outliers) -> np.ndarray:
    """Huber weights of a yearly series: full near the median, falling with the distance beyond.

    Parameters
    ----------
    values : np.ndarray [year]
        A rate of the city for each year, such as net migration per inhabitant.
    outliers : {"keep", "downweight"}

    Examples
    --------
    >>> usual_years(np.array([0.010, 0.011, 0.009, 0.010, 0.040]), "downweight").round(2)
    array([1.  , 1.  , 1.  , 1.  , 0.07])
    """
    distance = np.abs(values - np.median(values))
    scale = MAD_TO_SD * np.median(distance)
    if outliers == "keep" or scale == 0:
        return np.ones(len(values))
    return np.asarray(np.minimum(1.0, USUAL_RANGE * scale / np.maximum(distance, 1e-300)))
