"""What a statement needs to know of the projection it is written for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from zwkprognose.errors import ScenarioError
from zwkprognose.scenarios.masks import Place, known_areas

if TYPE_CHECKING:
    from zwkprognose.scenarios.statements import Timed


@dataclass(frozen=True, slots=True)
class Run:
    """Years, the year in which "from now on" begins, area names, and the population at the start."""

    years: np.ndarray
    anchor: int
    areas: Mapping[str, str]
    stock: xr.DataArray | None = None

    def yearly(self, values: np.ndarray) -> xr.DataArray:
        """Numbers per year as a labelled array."""
        return xr.DataArray(values, coords={"year": self.years}, dims="year")

    def require_effect(self, statement: Timed, place: Place) -> None:
        """Refuse a statement that touches no year from the beginning to the end."""
        whole = np.arange(min(self.anchor, int(self.years[0])), int(self.years[-1]) + 1)
        if statement.acts_in(whole, self.anchor):
            return
        first, last = statement.span(self.anchor)
        raise ScenarioError(
            f"{place.at('von')}: Die Annahme gilt {first} bis {last or 'zum Ende'}, "
            f"gerechnet wird aber {whole[0]} bis {whole[-1]}.",
            remedy="die Jahre der Annahme oder den Zeitraum der Vorausberechnung ändern",
        )


def run_of(
    rates: xr.Dataset,
    years: Sequence[int] | np.ndarray,
    *,
    stock: xr.DataArray | None = None,
    areas: xr.DataArray | None = None,
    anchor: int | None = None,
) -> Run:
    """The facts of a run; area names come from ``areas``, the stock or the rates, whichever has them."""
    span = np.asarray(years, dtype="int64")
    named = areas if areas is not None else stock if stock is not None and "area_name" in stock.coords else rates
    return Run(span, int(span[0]) if anchor is None else anchor, known_areas(named), stock)
