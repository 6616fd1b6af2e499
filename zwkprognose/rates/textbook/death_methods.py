"""From deaths and population to q(x): the methods of German official statistics.

Farr's rate method takes deaths by completed age and the mean population. The *Sterbejahrmethode* follows
the two birth cohorts that meet in an age within one calendar year, each through its Lexis triangle.
"""

from __future__ import annotations

import numpy as np

from zwkprognose.errors import RatesError


def farr(deaths: np.ndarray, population: np.ndarray, births: np.ndarray | None = None) -> np.ndarray:
    """Death probabilities from death rates, q = m/(1 + m/2).

    Parameters
    ----------
    deaths : np.ndarray [..., age], persons
        By completed age.
    population : np.ndarray [..., age], persons
        Mean population of the year (half of both year ends).
    births : np.ndarray [...], persons, optional
        If given, age 0 is deaths per birth.

    Returns
    -------
    np.ndarray [..., age], probability
        The open age group has 1.

    Raises
    ------
    RatesError
        If nobody lives at an age; the message names it.

    Examples
    --------
    >>> farr(np.array([2.0, 10.0]), np.array([100.0, 20.0])).round(4)
    array([0.0198, 1.    ])
    """
    _check_exposed(population)
    rates = deaths / population
    q = rates / (1 + rates / 2)
    if births is not None:
        q[..., 0] = deaths[..., 0] / births
    q[..., -1] = 1.0
    return np.asarray(q)


def year_of_death(
    deaths_younger: np.ndarray, deaths_older: np.ndarray, start: np.ndarray, end: np.ndarray
) -> np.ndarray:
    """Death probabilities of one calendar year from the two cohorts at each age (Sterbejahrmethode).

    Parameters
    ----------
    deaths_younger : np.ndarray [..., age], persons
        Deaths at completed age x of the cohort that turned x in the year (lower triangle).
    deaths_older : np.ndarray [..., age], persons
        Deaths at completed age x of the cohort that turned x in the year before (upper triangle).
    start, end : np.ndarray [..., age], persons
        Population by completed age on 31.12. before and at the end of the year.

    Returns
    -------
    np.ndarray [..., age], probability
        q = 1 − P_end/(P_end + D_younger) · (P_start − D_older)/P_start.
    """
    to_year_end = end / (end + deaths_younger)
    _check_exposed(start)
    to_birthday = (start - deaths_older) / start
    return np.asarray(1 - to_year_end * to_birthday)


def _check_exposed(population: np.ndarray) -> None:
    empty = np.argwhere(population <= 0)
    if len(empty):
        raise RatesError(
            "In einem Alter lebt niemand; dort gibt es keine Sterbewahrscheinlichkeit.",
            cells=[{"age": int(cell[-1])} for cell in empty],
            remedy="Altersgruppen bilden, Jahre zusammenfassen oder TOPALS mit einer Standardtafel wählen.",
        )
