"""Sites of a service and the areas they serve: how much of the demand of an area goes to which site."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from zwkprognose.errors import OutputError
from zwkprognose.german import number_text
from zwkprognose.output.publication.rounding import Floats

#: By how much the parts of an area may miss one: they are written with few decimals.
_CLOSE = 0.005


@dataclass(frozen=True, slots=True)
class Sites:
    """Places by site, and the weight matrix: (area, site) → part of the demand of the area that goes there."""

    places: Mapping[str, float]
    weights: Mapping[tuple[str, str], float]

    def matrix(self, areas: Sequence[str]) -> Floats:
        """Weights [area, site]; the parts of every area add up to one.

        Raises
        ------
        OutputError
            Names areas that are not there, and those whose parts do not add up.
        """
        strange = sorted({area for area, _ in self.weights} - set(areas))
        if strange:
            raise OutputError(
                "Die Einzugsgebiete nennen Gebiete, die es nicht gibt.",
                cells=[{"area": area} for area in strange],
                remedy="Schlüssel wie in der Tabelle des Bestands schreiben, mit führenden Nullen.",
            )
        parts = np.array([[self.weights.get((area, site), 0.0) for site in self.places] for area in areas])
        sums = parts.sum(axis=1)
        wrong = np.flatnonzero(abs(sums - 1) > _CLOSE)
        if wrong.size:
            raise OutputError(
                "Die Anteile der Einzugsgebiete ergeben nicht 1.",
                cells=[{"area": areas[int(k)], "summe": number_text(float(sums[k]))} for k in wrong],
                remedy="Den ganzen Bedarf jedes Gebiets auf Standorte verteilen.",
            )
        return np.asarray(parts / sums[:, None])

    def demand(self, areas: Sequence[str], needed: Floats) -> Floats:
        """Demand [y, site] from that of the areas [y, area]; NaN where an area that belongs to a site is not shown."""
        parts = self.matrix(areas)
        served = np.where(parts[None] > 0, needed[:, :, None] * parts[None], 0.0)
        return np.asarray(served.sum(axis=1))
