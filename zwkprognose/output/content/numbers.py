"""The published numbers as plain arrays, ready for tables and figures of many areas."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from zwkprognose.output.content.facts import Facts
from zwkprognose.output.publication.bands import BROAD, Band, make_bands
from zwkprognose.output.publication.rounding import Floats
from zwkprognose.output.publication.whole_tables import FLOWS

Bands = tuple[Band, ...]


@dataclass(frozen=True, slots=True)
class Numbers:
    """Whole persons, NaN where nothing may be shown.

    Attributes
    ----------
    years, flow_years : int arrays [y], [t]
    total : [scenario, y, area]; city_total : [scenario, y]
    by_age : [scenario, y, area, sex, fine band]; by_broad_age : the same by broad band
    broad_ages : [scenario, y, area, broad band]
    by_nationality : [scenario, y, area, nationality]; city_by_nationality : [scenario, y, nationality]
    city : [scenario, y, sex, city band]
    flows : variable → [scenario, t, area]; city_flows : variable → [scenario, t]
    """

    facts: Facts
    years: NDArray[np.int64]
    flow_years: NDArray[np.int64]
    total: Floats
    city_total: Floats
    by_age: Floats
    by_broad_age: Floats
    broad_ages: Floats
    by_nationality: Floats
    city_by_nationality: Floats
    city: Floats
    flows: Mapping[str, Floats]
    city_flows: Mapping[str, Floats]
    bands: Bands
    broad_bands: Bands
    city_bands: Bands
    sexes: tuple[str, ...]
    nationalities: tuple[str, ...]

    @property
    def main(self) -> int:
        """Position of the main scenario."""
        return self.facts.scenarios.index(self.facts.main)

    def year(self, year: int) -> int:
        """Position of a 31.12. year."""
        return int(np.flatnonzero(self.years == year)[0])

    def shown(self, area: int | None) -> bool:
        """Whether anything may be shown of an area."""
        return area is None or not bool(np.isnan(self.total[:, :, area]).any())

    def totals(self, area: int | None = None) -> Floats:
        """Population [scenario, y] of one area or the city."""
        return np.asarray(self.city_total if area is None else self.total[:, :, area])

    def events(self, name: str, area: int | None = None) -> Floats:
        """Events [scenario, t] of one area or the city."""
        return np.asarray(self.city_flows[name] if area is None else self.flows[name][:, :, area])

    def pyramid(self, area: int | None = None) -> tuple[Bands, Floats] | None:
        """Finest age bands shown and the population in them [scenario, y, sex, band]; None if none is shown."""
        if area is None:
            return self.city_bands, self.city
        for bands, table in ((self.bands, self.by_age), (self.broad_bands, self.by_broad_age)):
            if not np.isnan(table[:, :, area]).any():
                return bands, table[:, :, area]
        return None

    def broad(self, area: int | None = None) -> tuple[Bands, Floats]:
        """Broad age bands and the population in them [scenario, y, band]."""
        if area is not None:
            return self.broad_bands, np.asarray(self.broad_ages[:, :, area])
        have = [band.first for band in self.city_bands]
        bands = make_bands([first for first in BROAD if first in have], have[-1])
        starts = [have.index(band.first) for band in bands]
        return bands, np.add.reduceat(self.city.sum(axis=2), starts, axis=-1)


def numbers_of(published: xr.Dataset, facts: Facts) -> Numbers:
    """Take the arrays out of a result of :func:`zwkprognose.output.publish`."""
    flows = [name for name in FLOWS if name in published]
    return Numbers(
        facts=facts,
        years=published["year_end"].values,
        flow_years=published["year"].values,
        total=_stock(published, "total", "area"),
        city_total=_stock(published, "city_total"),
        by_age=_stock(published, "by_age", "area", "sex", "age_group"),
        by_broad_age=_stock(published, "by_broad_age", "area", "sex", "broad_group"),
        broad_ages=_stock(published, "broad", "area", "broad_group"),
        by_nationality=_stock(published, "by_nationality", "area", "nationality"),
        city_by_nationality=_stock(published, "city_by_nationality", "nationality"),
        city=_stock(published, "city", "sex", "city_group"),
        flows={name: published[name].transpose("scenario", "year", "area").values for name in flows},
        city_flows={name: published[f"city_{name}"].transpose("scenario", "year").values for name in flows},
        bands=_bands(published, "age"),
        broad_bands=_bands(published, "broad"),
        city_bands=_bands(published, "city"),
        sexes=tuple(map(str, published["sex"].values)),
        nationalities=tuple(map(str, published["nationality"].values)),
    )


def _stock(published: xr.Dataset, name: str, *dims: str) -> Floats:
    return np.asarray(published[name].transpose("scenario", "year_end", *dims).values)


def _bands(published: xr.Dataset, prefix: str) -> Bands:
    firsts, lasts = published[f"{prefix}_from"].values, published[f"{prefix}_to"].values
    return tuple(Band(int(a), None if math.isnan(b) else int(b)) for a, b in zip(firsts, lasts, strict=True))
