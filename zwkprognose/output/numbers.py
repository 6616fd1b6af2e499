"""The published numbers as plain arrays, ready for tables and figures of many areas."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from zwkprognose.output.bands import BROAD, Band, make_bands
from zwkprognose.output.disclosure import FLOWS
from zwkprognose.output.facts import Facts

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Numbers:
    """Whole persons, NaN where nothing may be shown.

    Attributes
    ----------
    years, flow_years : int arrays [y], [t]
    total : [scenario, y, area]
    by_age : [scenario, y, area, sex, band], bands as in ``bands``
    city : [scenario, y, sex, age], single years
    flows : variable → [scenario, t, area]
    sexes : keys of the sexes
    """

    facts: Facts
    years: NDArray[np.int64]
    flow_years: NDArray[np.int64]
    total: Floats
    by_age: Floats
    city: Floats
    flows: Mapping[str, Floats]
    bands: tuple[Band, ...]
    sexes: tuple[str, ...]

    @property
    def main(self) -> int:
        """Position of the main scenario."""
        return self.facts.scenarios.index(self.facts.main)

    @property
    def open_age(self) -> int:
        """First age of the open group of the single years."""
        return self.city.shape[-1] - 1

    def year(self, year: int) -> int:
        """Position of a 31.12. year."""
        return int(np.flatnonzero(self.years == year)[0])

    def totals(self, area: int | None = None) -> Floats:
        """Population [scenario, y] of one area or the city."""
        return np.asarray(self.total.sum(axis=2) if area is None else self.total[:, :, area])

    def events(self, name: str, area: int | None = None) -> Floats:
        """Events [scenario, t] of one area or the city."""
        values = self.flows[name]
        return np.asarray(values.sum(axis=2) if area is None else values[:, :, area])

    def broad(self, area: int | None = None) -> tuple[tuple[Band, ...], Floats]:
        """Broad age bands and the population in them [scenario, y, band]."""
        broad = make_bands(BROAD, self.bands[-1].first)
        values = self.city.sum(axis=2) if area is None else self.by_age[:, :, area].sum(axis=2)
        have = range(self.open_age + 1) if area is None else [band.first for band in self.bands]
        starts = [list(have).index(band.first) for band in broad]
        return broad, np.add.reduceat(values, starts, axis=-1)


def numbers_of(published: xr.Dataset, facts: Facts) -> Numbers:
    """Take the arrays out of a result of :func:`zwkprognose.output.publish`."""
    ages = published["age_from"].values, published["age_to"].values
    bands = tuple(Band(int(a), None if math.isnan(b) else int(b)) for a, b in zip(*ages, strict=True))
    order = ("scenario", "year_end", "area", "sex", "age_group")
    return Numbers(
        facts=facts,
        years=published["year_end"].values,
        flow_years=published["year"].values,
        total=published["total"].transpose("scenario", "year_end", "area").values,
        by_age=published["by_age"].transpose(*order).values,
        city=published["city"].sum("nationality").transpose("scenario", "year_end", "sex", "age").values,
        flows={n: published[n].transpose("scenario", "year", "area").values for n in FLOWS if n in published},
        bands=bands,
        sexes=tuple(str(sex) for sex in published["sex"].values),
    )
