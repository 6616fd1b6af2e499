"""Where areas are cut into parts: along cities, or anywhere if nothing couples them."""

from __future__ import annotations

import xarray as xr

from zwkprognose.engine.case.base import stock_of
from zwkprognose.engine.case.question import Question
from zwkprognose.engine.parts.cities import cities_of, couples, has_cities
from zwkprognose.errors import EngineError


def cut(inputs: xr.Dataset, areas: int) -> tuple[int, ...]:
    """Sizes of parts of about so many areas that cut no city, for ``inputs.chunk(area=…)``.

    Parameters
    ----------
    inputs : xr.Dataset
        Areas with a coordinate ``city`` where what happens in one depends on others of its city; without it any place
        may be cut.
    areas : int
        Areas of a part at most; a city with more is a part of its own.

    Raises
    ------
    EngineError
        If the areas of a city do not stand together.

    Examples
    --------
    >>> from zwkprognose import load_example
    >>> inputs = load_example("berlin").isel(area=slice(10))
    >>> cut(inputs, 4)
    (4, 4, 2)
    >>> cut(inputs.assign_coords(city=("area", list("aaabbbbbcc"))), 4)
    (3, 5, 2)
    """
    count = stock_of(inputs).sizes["area"]
    if isinstance(areas, bool) or not isinstance(areas, int) or areas < 1:
        raise EngineError("Ein Teil braucht mindestens ein Gebiet.", remedy="Zum Beispiel 500 Gebiete angeben.")
    if not has_cities(inputs):
        return tuple(min(areas, count - first) for first in range(0, count, areas))
    sizes = [0]
    for city, positions in cities_of(inputs).items():
        if int(positions[-1]) - int(positions[0]) + 1 != len(positions):
            raise EngineError(
                "Die Gebiete einer Stadt stehen nicht beieinander.",
                cells=[{"Stadt": city}],
                remedy='Die Gebiete ordnen: inputs.sortby("city"), rates.sel(area=inputs["area"]).',
            )
        if sizes[-1] + len(positions) <= areas:
            sizes[-1] += len(positions)
        else:
            sizes.append(len(positions))
    return tuple(size for size in sizes if size)


def check_cut(inputs: xr.Dataset, rates: xr.Dataset, question: Question, sizes: tuple[int, ...]) -> None:
    """Refuse parts that cut what belongs together."""
    if len(sizes) == 1 or not couples(rates, question):
        return
    if not has_cities(inputs):
        raise EngineError(
            "Die Gebiete hängen voneinander ab (Umzüge, Eckwerte, Neubau oder eine Regel für die Gesamtzahlen) und "
            f"sind in {len(sizes)} Teile geschnitten.",
            remedy="In einem Stück rechnen: inputs.chunk(area=-1); oder mit der Koordinate city sagen, welche Gebiete "
            "eine Stadt bilden, und an ihren Grenzen schneiden: inputs.chunk(area=cut(inputs, 500)).",
        )
    part_of = [part for part, size in enumerate(sizes) for _ in range(size)]
    parts = {city: sorted({part_of[p] for p in positions}) for city, positions in cities_of(inputs).items()}
    split = {city: found for city, found in parts.items() if len(found) > 1}
    if split:
        raise EngineError(
            "Die Teile zerschneiden Städte, deren Gebiete voneinander abhängen.",
            cells=[{"Stadt": city, "Teile": ", ".join(str(p + 1) for p in found)} for city, found in split.items()],
            remedy="An den Grenzen der Städte schneiden: inputs.chunk(area=cut(inputs, 500)) mit cut aus "
            "zwkprognose.engine.",
        )
