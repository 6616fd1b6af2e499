"""The balance: every person who is there came from somewhere, every person who is not went somewhere."""

from __future__ import annotations

import numpy as np
import xarray as xr

from zwkprognose.engine.arrays import aged
from zwkprognose.engine.doors import cells_where
from zwkprognose.errors import EngineError
from zwkprognose.german import number_text
from zwkprognose.inputs.handed import require_dataset

TOLERANCE = 1e-9

#: Sign with which a component enters the stock at the end of the year.
SIGNS = {
    "deaths": -1, "in_moves": 1, "out_moves": -1, "moves_in": 1, "moves_out": -1,
    "naturalisations": 1, "erstbezug": 1, "sondergruppe": 1,
}  # fmt: skip


def check_balance(projection: xr.Dataset, *, tolerance: float = TOLERANCE) -> float:
    """Largest relative gap between the stock and the sum of its components, over all cells and years.

    In each cell the stock at the end of the year must be the persons who grew into it, the births and
    every component with its sign; over all areas as many must have moved in as have moved out.

    Parameters
    ----------
    projection : xr.Dataset
        Result of :func:`zwkprognose.project`.
    tolerance : float
        Largest gap allowed, relative to the persons of the cell and at least one person.

    Returns
    -------
    float
        The largest relative gap.

    Raises
    ------
    EngineError
        If a gap is larger than the tolerance; names the cells.

    Examples
    --------
    >>> from zwkprognose import estimate_rates, load_example, project
    >>> inputs = load_example("bremerhaven")
    >>> projection = project(inputs, estimate_rates(inputs), until=2026)
    >>> check_balance(projection) < 1e-12
    True
    """
    require_dataset(projection, "population", "year", error=EngineError)
    largest = 0.0
    for t, year in enumerate(projection["year"].values.tolist()):
        for gap in _gaps(projection, t):
            worst = float(gap.values.max())
            if not worst <= tolerance:
                raise EngineError(
                    f"Die Bilanz geht nicht auf: größte Abweichung {number_text(worst)} "
                    f"(erlaubt {number_text(tolerance)}).",
                    cells=[{"year": year} | cell for cell in cells_where(~(gap <= tolerance))],
                    remedy="Das Ergebnis nicht verwenden; Bestand oder Komponenten wurden nachträglich verändert.",
                )
            largest = max(largest, worst)
    return largest


def _gaps(projection: xr.Dataset, t: int) -> list[xr.DataArray]:
    """Relative gaps of one year: of every cell, and of the moves between areas of every cohort."""
    before, after = (projection["population"].isel(year_end=t + k, drop=True) for k in (0, 1))
    parts = {n: projection[n].isel(year=t, drop=True) for n in SIGNS if n in projection}
    with xr.set_options(arithmetic_join="exact"):
        expected = _older(before, projection["births"].isel(year=t, drop=True))
        scale = np.maximum(expected, 1.0)
        for name, values in parts.items():
            expected = expected + SIGNS[name] * values
        gaps = [abs(after - expected) / scale]
        if "moves_in" in parts:
            inward, outward = parts["moves_in"].sum("area"), parts["moves_out"].sum("area")
            gaps.append(abs(inward - outward) / np.maximum(outward, 1.0))
        if "naturalisations" in parts:
            gaps.append(abs(parts["naturalisations"].sum("nationality")))
    return gaps


def _older(stock: xr.DataArray, births: xr.DataArray) -> xr.DataArray:
    """The stock one year older, with the births of the year at age 0; the open group keeps its own."""
    older = xr.apply_ufunc(aged, stock, input_core_dims=[["age"]], output_core_dims=[["age"]])
    return xr.where(older["age"] == older["age"][0], births, older)
