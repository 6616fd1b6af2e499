"""Area totals to a given total of the city (Eckwert)."""

from __future__ import annotations

import numpy as np

from zwkprognose.arithmetic import total
from zwkprognose.errors import RatesError


def to_eckwert(totals: np.ndarray, eckwert: np.ndarray) -> np.ndarray:
    """All areas in proportion, so that they add up to the Eckwert of each year.

    Parameters
    ----------
    totals : np.ndarray [year, area], persons
    eckwert : np.ndarray [year], persons

    Raises
    ------
    RatesError
        If persons are asked for where the totals know nobody.
    """
    now = total(totals, 1)
    if ((now <= 0) & (eckwert > 0)).any():
        raise RatesError(
            "Der Eckwert verlangt Personen, wo das Verfahren niemanden erwartet.",
            cells=[{"total": float(t)} for t in eckwert[(now <= 0) & (eckwert > 0)]],
            remedy="Ein anderes Verfahren oder eine andere Regel für die Gesamtzahlen wählen.",
        )
    return np.asarray(totals * np.divide(eckwert, now, out=np.ones_like(now), where=now > 0)[:, None])


def plus_minus(change: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """Changes that add up to a total: gains times f, losses divided by f.

    The closed form is that of controlled flows, f = (G + √(G² + 4·Σgains·Σlosses)) / (2·Σgains).

    Parameters
    ----------
    change : np.ndarray [year, area], persons
    wanted : np.ndarray [year], persons

    Raises
    ------
    RatesError
        If the city is to grow where no area grows, or to shrink where none shrinks.
    """
    gains = total(np.maximum(change, 0.0), 1)
    losses = total(np.maximum(-change, 0.0), 1)
    impossible = ((wanted > 0) & (gains == 0)) | ((wanted < 0) & (losses == 0))
    if impossible.any():
        raise RatesError(
            "Der Eckwert verlangt Wachstum (oder Schrumpfung), aber kein einziges Gebiet wächst (schrumpft).",
            cells=[{"change": float(t)} for t in wanted[impossible]],
            remedy="Eine andere Regel für die Gesamtzahlen wählen, zum Beispiel „shrunk“.",
        )
    root = np.sqrt(wanted * wanted + 4 * gains * losses)
    up = np.divide(wanted + root, 2 * gains, out=np.zeros(wanted.shape), where=gains > 0)
    down = np.divide(root - wanted, 2 * losses, out=np.zeros(wanted.shape), where=losses > 0)
    return np.where(change > 0, change * up[:, None], change * down[:, None])
