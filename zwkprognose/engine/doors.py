"""The checks at the door: what is let in can be computed without a further look.

Each check names the cells that break it. Nothing is repaired and nothing is clipped.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable
from typing import Any

import numpy as np
import xarray as xr

from zwkprognose.errors import EngineError
from zwkprognose.german import stated
from zwkprognose.names import Variable, label

CELLS_KEPT = 1000
#: The largest number there is.
LARGEST = float(np.finfo(np.float64).max)
#: Distance to one below which several probabilities together leave nobody for rounding to take away.
NOBODY_LEFT = 1e-12


def cells_where(mask: xr.DataArray) -> list[dict[str, Any]]:
    """The labels of the cells that are true (the first thousand)."""
    where = np.argwhere(mask.values)[:CELLS_KEPT]
    said = [d for d in mask.dims if d in mask.coords or mask.sizes[d] > 1]  # a place among one is no label
    axes = [(d, mask.get_axis_num(d)) for d in said]
    return [{str(d): _label(mask, d, at[k]) for d, k in axes} for at in where.tolist()]


def refuse(mask: xr.DataArray, message: str, remedy: str) -> None:
    """Raise ``EngineError`` with the cells that are true, if there are any; ``{n}`` is their number."""
    count = int(mask.values.sum())
    if count:
        said = message.format(n=count) if count > 1 else _of_one(message)
        raise EngineError(said, cells=cells_where(mask), remedy=remedy)


#: How a sentence about several cells is said of one.
_ONE = {
    "In {n} Zellen": "In einer Zelle", "in {n} Zellen": "in einer Zelle", "{n} Zellen sind": "Eine Zelle ist",
    "{n} Zellen liegen": "Eine Zelle liegt",
}  # fmt: skip


def _of_one(message: str) -> str:
    """The sentence with its verb and noun in the singular.

    >>> _of_one("Geburten: {n} Zellen sind leer."), _of_one("In {n} Zellen gehen mehr Personen, als da sind.")
    ('Geburten: Eine Zelle ist leer.', 'In einer Zelle gehen mehr Personen, als da sind.')
    """
    for many, one in _ONE.items():
        message = message.replace(many, one)
    return message.format(n=1)


def check_values(values: xr.DataArray, record: Variable) -> None:
    """Every value is a number within the bounds of its variable."""
    name = label("variables", record.name)
    if values.dtype.kind not in "iufb":
        raise EngineError(f"{name}: Die Werte sind keine Zahlen, sondern {values.dtype}.",
                          remedy="Die Spalte in Zahlen umwandeln, zum Beispiel mit astype(float).")  # fmt: skip
    lower, upper = record.bounds
    if values.size and lower <= values.values.min() and values.values.max() <= min(upper, LARGEST):
        return
    refuse(~(abs(values) < np.inf), f"{name}: {{n}} Zellen sind leer oder keine Zahl.",
           "Die Zellen füllen; fehlende Werte werden nicht geraten.")  # fmt: skip
    allowed = f"außerhalb von {stated(lower)} bis {stated(upper)}" if upper < np.inf else f"unter {stated(lower)}"
    refuse((values < lower) | (values > upper), f"{name}: {{n}} Zellen liegen {allowed}.",
           "Die Zellen oder ihre Schätzung prüfen; es wird nichts abgeschnitten.")  # fmt: skip


def check_dims(values: xr.DataArray, record: Variable) -> None:
    """The array has dimensions of its variable only, and those that must not be missing."""
    name = label("variables", record.name)
    unknown = [str(d) for d in values.dims if d not in record.dims]
    missing = [d for d in record.dims if d not in values.dims and d not in record.broadcast]
    if unknown or missing:
        raise EngineError(
            f"{name}: Dimensionen {', '.join(map(str, values.dims)) or 'keine'} passen nicht.",
            cells=[{"überzählig": d} for d in unknown] + [{"fehlt": d} for d in missing],
            remedy=f"Erlaubt sind {', '.join(record.dims)}.",
        )


def check_members(found: Iterable[Hashable], wanted: Iterable[Hashable], dim: str, name: str) -> None:
    """Two lists of labels hold the same members, in whatever order."""
    found, wanted = list(found), list(wanted)
    if found == wanted and len(set(found)) == len(found):
        return
    here, there, times = set(found), set(wanted), Counter(found)
    extra = [{dim: v, "Befund": "nur hier, nicht im Bestand"} for v in found if v not in there]
    missing = [{dim: v, "Befund": "fehlt hier"} for v in wanted if v not in here]
    double = [{dim: v, "Befund": "doppelt"} for v, n in times.items() if n > 1]
    if extra or missing or double:
        raise EngineError(
            f"{name}: {label('dims', dim)} stimmt nicht mit dem Bestand überein.",
            cells=extra + missing + double,
            remedy="Bestand und Raten auf dieselben Gebiete, Gruppen und Alter bringen; nichts wird weggelassen.",
        )


def check_years(found: Iterable[Any], wanted: Iterable[Any], name: str) -> None:
    """Every year to be projected is there, once."""
    found = [int(y) for y in found]
    missing = [int(y) for y in wanted if int(y) not in found]
    if missing or len(set(found)) != len(found):
        raise EngineError(
            f"{name}: Jahre fehlen oder sind doppelt.",
            cells=[{"year": y} for y in missing or sorted(found)],
            remedy="Jährliche Raten für jedes Jahr der Prognose angeben, oder ohne Jahresachse für alle Jahre.",
        )


def check_ages(ages: xr.DataArray) -> None:
    """Ages are 0, 1, 2 … up to the open group, which starts at 5 at the earliest."""
    wanted = np.arange(ages.size)
    if ages.size < 6 or not np.array_equal(ages.values, wanted):
        wrong = [int(a) for a, b in zip(ages.values, wanted, strict=True) if a != b]
        raise EngineError(
            "Die Alter schließen nicht aneinander an.",
            cells=[{"age": a} for a in wrong or ages.values.tolist()],
            remedy="Einzelne Jahre von 0 bis zur offenen Gruppe (ab 5) angeben.",
        )


def check_stock(population: xr.DataArray) -> None:
    """No stock is negative or not a number; names the cells of the first year in which one is.

    Probabilities that have passed the door cannot do this; numbers of persons can: planned out-moves, or
    moves into new dwellings, of more persons than there are. Where nobody can say how many are left of a
    cohort (not a number), nobody can say how many children it has: those born are named only if no one else is.
    """
    if population.values.min() >= 0:
        return
    for t in range(population.sizes["year_end"]):
        stock = population.isel(year_end=t)
        if not stock.values.min() >= 0:
            unknown = stock.isnull()
            follow = unknown & (stock["age"] == 0) & unknown.isel(age=slice(1, None)).any()
            wrong = ~(stock >= 0) & ~follow
            refuse(wrong.expand_dims(year_end=[int(stock["year_end"])]),
                   "In {n} Zellen gehen mehr Personen, als da sind.",
                   "Fortzüge in Personen oder Erstbezug (Profil, Anteil von außen) dieser Zellen senken.")  # fmt: skip


def _label(mask: xr.DataArray, dim: Hashable, index: int) -> Any:
    return mask[dim].values[index : index + 1].tolist()[0] if dim in mask.coords else index
