"""What a statement needs to know of the projection it is written for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from zwkprognose.scenarios.effects.years import Span
from zwkprognose.scenarios.masks import known_areas

if TYPE_CHECKING:
    from zwkprognose.scenarios.documents import KeyPath


@dataclass(frozen=True, slots=True)
class Run:
    """Years, the year in which "from now on" begins, area names, and the population at the start.

    ``wholes`` is given where rates and stock are those of some areas only: by place of the statement, what goals and
    additional persons are measured by, found for all areas together (:func:`zwkprognose.scenarios.apply.wholes_of`).
    """

    years: np.ndarray
    anchor: int
    areas: Mapping[str, str]
    stock: xr.DataArray | None = None
    wholes: Mapping[KeyPath, xr.DataArray] | None = None

    def misses(self, hit: xr.DataArray | None) -> bool:
        """Are these some areas only, and none of them selected?"""
        return self.wholes is not None and hit is not None and not bool(hit.any())

    def yearly(self, values: np.ndarray) -> xr.DataArray:
        """Numbers per year as a labelled array."""
        return xr.DataArray(values, coords={"year": self.years}, dims="year")

    @property
    def span(self) -> Span:
        """First and last year; a continued projection began with the scenario."""
        return Span(min(self.anchor, int(self.years[0])), int(self.years[-1]))


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
