"""Small multiples: one little index line per area, all on one scale."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from zwkprognose.german import percent
from zwkprognose.output.figures.scales import Scale
from zwkprognose.output.publication.rounding import Floats

WIDTH, HEIGHT = 132, 64
_EDGE = 4


@dataclass(frozen=True, slots=True)
class Small:
    """The line of one area."""

    key: str
    name: str
    path: str
    end_x: float
    end_y: float
    change: str


@dataclass(frozen=True, slots=True)
class Multiples:
    """All little figures and what they share."""

    width: int
    height: int
    zero: float
    city: str
    items: tuple[Small, ...]


def multiples(areas: Sequence[tuple[str, str, Floats]], city: Floats) -> Multiples | None:
    """Lay out the index lines (first year = 100) of all areas.

    Parameters
    ----------
    areas : sequence of (key, name, array [y])
        Population of the years; areas that begin with nobody are left out.
    city : array [y]

    Returns
    -------
    Multiples or None
        None if no area can be shown.
    """
    index = {(key, name): 100 * values / values[0] for key, name, values in areas if values[0] > 0}
    if not index:
        return None
    whole = 100 * city / city[0]
    seen = np.stack([whole, *index.values()])
    spread = max(float(seen.max() - seen.min()), 1.0)
    y = Scale(float(seen.min()) - 0.04 * spread, float(seen.max()) + 0.04 * spread, HEIGHT - _EDGE, _EDGE)
    x = Scale(0, max(len(city) - 1, 1), _EDGE, WIDTH - _EDGE)
    items = tuple(
        Small(key, name, _points(x, y, line), x(len(line) - 1), y(float(line[-1])), percent(float(line[-1]) - 100, 0))
        for (key, name), line in index.items()
    )
    return Multiples(WIDTH, HEIGHT, y(100), _points(x, y, whole), items)


def _points(x: Scale, y: Scale, line: Floats) -> str:
    return " ".join(f"{x(k):g},{y(value):g}" for k, value in enumerate(line.tolist()))
