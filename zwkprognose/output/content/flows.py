"""Which components change the persons of a place, and with which sign."""

from __future__ import annotations

import numpy as np
import xarray as xr

from zwkprognose.engine.balance import TOLERANCE
from zwkprognose.output.content.places import Place
from zwkprognose.output.publication.whole_tables import FLOWS, LEAVING

#: Moves between areas.
INNER = ("moves_in", "moves_out")


def signs_of(projection: xr.Dataset, place: Place) -> dict[str, int]:
    """Sign by component; without the moves between areas where all of them stay within the place."""
    known = [name for name in FLOWS if name in projection]
    if len(place.keys) == projection.sizes["area"] and _cancel(projection):
        known = [name for name in known if name not in INNER]
    return {name: -1 if name in LEAVING else 1 for name in known}


def _cancel(projection: xr.Dataset) -> bool:
    """Whether as many move in as out of every cohort: not so among areas that were taken out of a city."""
    if any(name not in projection for name in INNER):
        return True
    inward, outward = (projection[name].sum("area") for name in INNER)
    return bool((abs(inward - outward) <= TOLERANCE * np.maximum(outward, 1.0)).all())
