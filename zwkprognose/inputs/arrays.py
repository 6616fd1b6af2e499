"""From the long frame to an array, with every missing and every double cell named."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from zwkprognose.errors import InputError
from zwkprognose.german import stated
from zwkprognose.names import label

if TYPE_CHECKING:
    import pandas as pd

_MISSING = (
    "Fehlende Zeilen ergänzen oder die Gebiete mit areas= (im Projekt „gebiete“) eingrenzen. Nennt die Tabelle nur, "
    'was vorkommt: resolve_status(tabelle, unlisted="zero"), im Projekt unter [daten.zeichen] '
    'bestand_nicht_genannt = "null" oder ereignis_nicht_genannt = "null".'
)


def to_array(cells: pd.DataFrame, axes: Mapping[str, Sequence[Any]], what: str) -> np.ndarray:
    """Spread the values of a long frame over the axes.

    Parameters
    ----------
    cells : pandas.DataFrame
        One row per cell, columns the axes and ``value``.
    axes : mapping of column → coordinate values
        The array has one dimension per axis, in this order.
    what : str
        German name of the variable, for messages.

    Raises
    ------
    InputError
        If a cell is missing or occurs twice.
    """
    shape = tuple(len(values) for values in axes.values())
    position = np.ravel_multi_index(
        tuple(_codes(cells[column], values) for column, values in axes.items()), shape
    )
    seen = np.bincount(position, minlength=int(np.prod(shape))).reshape(shape)
    _refuse(seen > 1, axes, f"{what}: Zellen kommen mehrfach vor.", "Die doppelten Zeilen in der Quelle entfernen.")
    _refuse((seen == 0) & ~_stays(axes), axes, f"{what}: Zellen fehlen.", _MISSING)
    array = np.zeros(shape)
    array.ravel()[position] = cells["value"].to_numpy(dtype=float)
    return array


def _stays(axes: Mapping[str, Sequence[Any]]) -> np.ndarray:
    """Where origin and destination of moves are the same area: nobody moves there, and nothing need be printed."""
    names, values = list(axes), list(axes.values())
    if "destination" not in axes:
        return np.zeros([1] * len(axes), dtype=bool)
    same = np.equal.outer(np.array(axes["area"], dtype=object), np.array(axes["destination"], dtype=object))
    at = names.index("area"), names.index("destination")
    return np.expand_dims(same.astype(bool), [i for i in range(len(values)) if i not in at])


def _codes(column: pd.Series, values: Sequence[Any]) -> np.ndarray:
    order = {value: i for i, value in enumerate(values)}
    return column.map(order).to_numpy(dtype=np.intp)


def _refuse(wrong: np.ndarray, axes: Mapping[str, Sequence[Any]], message: str, remedy: str) -> None:
    if not wrong.any():
        return
    names, values = list(axes), list(axes.values())
    cells = [{n: _said(n, v[i]) for n, v, i in zip(names, values, index, strict=True)} for index in np.argwhere(wrong)]
    raise InputError(message, cells=cells, remedy=remedy)


def _said(name: str, value: Any) -> Any:
    return label(name, value) if name in ("sex", "nationality") else value


def age_edges(cells: pd.DataFrame, what: str) -> np.ndarray:
    """Lower limits of the age groups, checked to cover all ages without gap or overlap; the last one is open.

    Returns
    -------
    np.ndarray [group], years of age
        First age of each group, the last group being open.

    Raises
    ------
    InputError
        Names the ages where groups overlap or leave a gap.
    """
    groups = cells[["age_from", "age_to"]].drop_duplicates().sort_values(["age_from", "age_to"])
    lower = groups["age_from"].to_numpy(dtype=int)
    upper = groups["age_to"].to_numpy(dtype=float, na_value=np.inf)
    expected = np.concatenate([[0.0], upper[:-1]])
    breaks = np.flatnonzero(lower != expected)
    if breaks.size:
        raise InputError(
            f"{what}: Die Altersgruppen schließen nicht aneinander an.",
            cells=[{"age": f"erwartet ab {stated(expected[i])}, gefunden ab {lower[i]}"} for i in breaks],
            remedy="Altersgruppen ohne Lücke und ohne Überlappung von 0 an führen; Zwischensummen weglassen.",
        )
    if np.isfinite(upper[-1]):
        raise InputError(
            f"{what}: Es fehlt die offene Altersgruppe; die Tabelle endet mit dem Alter {stated(upper[-1] - 1)}.",
            remedy="Die letzte Gruppe ohne obere Grenze führen (alter_bis leer), zum Beispiel „90 und älter“. Steht "
            'das letzte Alter für alle, die so alt oder älter sind: last_age="open" (im Projekt „offen_ab“).',
        )
    return lower
