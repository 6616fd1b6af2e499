"""Counts that carry noise of their own (*Cell-Key-Methode*): a total need not be the sum of its parts.

The statistical offices change every count of the Zensus 2022, of the Zensus 2011 as published today, and from 2025 on
of births, deaths and moves by itself, parts and totals alike, so that nobody can be found. Such tables do not add up
and are not made to: the printed count of each level is the best one there is.

References
----------
Höhne and Höninger (2018), Die Cell-Key-Methode – ein Geheimhaltungsverfahren: noise of fixed variance and largest
amount; zero stays zero. Rothe et al. (2024), Die Cell-Key-Methode in den Forschungsdatenzentren, Teil 2, WISTA 3:
the noise of different counts is independent, and none exceeds the largest amount.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from zwkprognose.tables.table import Source

#: Mark of a source whose counts carry noise.
CELL_KEY = "cell-key"

#: Largest noise of one count and its variance in the published matrix. The matrix in use is not disclosed; what
#: Destatis says about its accuracy (mean below 0.5 persons, at most 0.5 % of the counts off by 4 or more) is tighter.
LARGEST, VARIANCE = 4.0, 2.25
#: A sum of independent noise stays within so many standard deviations, but for one in a billion.
DEVIATIONS = 6.0

_TITLE_WORDS = ("cell-key", "cell key")


def tolerance(counts: np.ndarray) -> np.ndarray:
    """Largest difference between a total and the sum of its parts that noise explains, in persons.

    Parameters
    ----------
    counts : np.ndarray
        Number of printed counts that meet in each sum: the parts and the total.

    Examples
    --------
    >>> tolerance(np.array([3, 101])).round(1).tolist()
    [12.0, 90.4]
    """
    return np.minimum(LARGEST * counts, DEVIATIONS * np.sqrt(VARIANCE * counts))


def noisy(cells: pd.DataFrame, source: Source) -> np.ndarray:
    """Which cells carry noise, by the file that each was printed in."""
    if not source.parts:
        return np.full(len(cells), source.secrecy == CELL_KEY)
    return cells["file"].isin(noisy_files(source)).to_numpy()


def noisy_files(source: Source) -> set[str]:
    """The files whose counts carry noise."""
    return {part.file for part in source.parts or (source,) if part.secrecy == CELL_KEY}


def secrecy_in(text: str) -> str:
    """The mark for titles and footnotes that speak of the method; empty for others.

    >>> secrecy_in("Zur Geheimhaltung wurde die Cell-Key-Methode eingesetzt."), secrecy_in("Einwohner")
    ('cell-key', '')
    """
    return CELL_KEY if any(word in text.casefold() for word in _TITLE_WORDS) else ""
