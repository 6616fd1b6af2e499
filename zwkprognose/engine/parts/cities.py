"""Cities of their own in one Dataset: what couples areas stays inside the city that the coordinate ``city`` names.

Parts are cut along cities, or anywhere if nothing couples the areas.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from zwkprognose.engine.assemble import Plan
from zwkprognose.engine.case.base import stock_of
from zwkprognose.engine.case.question import Question
from zwkprognose.engine.features.eckwerte import Eckwert
from zwkprognose.engine.features.margins import called
from zwkprognose.engine.features.moves import COUPLING
from zwkprognose.errors import EngineError

#: Coordinate of the areas that names their city or Kreis.
CITY = "city"
Positions = NDArray[np.intp]


def has_cities(inputs: xr.Dataset) -> bool:
    """Do the areas say which city they belong to?"""
    return CITY in inputs.coords and inputs.coords[CITY].dims == ("area",)


def cities_of(inputs: xr.Dataset) -> dict[str, Positions]:
    """Positions of the areas of every city, in the order in which cities first come; one city if nothing is said."""
    if not has_cities(inputs):
        return {"": np.arange(inputs.sizes["area"])}
    found: dict[str, list[int]] = {}
    for position, city in enumerate(_named(inputs)):
        found.setdefault(city, []).append(position)
    return {city: np.array(positions) for city, positions in found.items()}


def couples(rates: xr.Dataset, question: Question) -> bool:
    """Does what happens in one area depend on others of its city?"""
    plan = question.plan
    planned = plan.eckwerte or plan.erstbezug is not None or plan.sondergruppen or question.totals is not None
    said = any(s is not None and (s.housing or s.facilities or s.controls) for s in question.scenarios)
    return bool(planned or said or any(name in rates for name in COUPLING))


def of_areas(dataset: xr.Dataset, areas: Sequence[Any]) -> xr.Dataset:
    """The part of inputs or rates that belongs to these areas, on every dimension of areas."""
    wanted = list(areas)
    for dim in ("area", "origin", "destination"):
        if dim not in dataset.dims:
            continue
        there = {label: k for k, label in enumerate(dataset[dim].values.tolist())}
        missing = [{dim: area} for area in wanted if area not in there]
        if missing:
            raise EngineError(
                "Raten und Bestand haben nicht dieselben Gebiete.", cells=missing,
                remedy="Bestand und Raten auf dieselben Gebiete bringen; nichts wird weggelassen.",
            )  # fmt: skip
        dataset = dataset.isel({dim: _span([there[area] for area in wanted])})
    return dataset


def _span(positions: list[int]) -> slice | list[int]:
    """Neighbours as a slice, which keeps views and chunks as they are."""
    first = positions[0] if positions else 0
    neighbours = positions == list(range(first, first + len(positions)))
    return slice(first, first + len(positions)) if neighbours else positions


def check_plan(plan: Plan, inputs: xr.Dataset) -> None:
    """Refuse what is planned for areas that there are not, or for several cities together."""
    areas = inputs["area"].values.tolist()
    known = set(areas)
    named = [] if plan.erstbezug is None else plan.erstbezug.dwellings["area"].values.tolist()
    named += [group.area for group in plan.sondergruppen]
    named += [a for e in plan.eckwerte if "area" in e.target.dims for a in e.target["area"].values.tolist()]
    unknown = [{"area": area} for area in dict.fromkeys(named) if area not in known]
    if unknown:
        raise EngineError("Für Gebiete, die es im Bestand nicht gibt, ist etwas geplant.", cells=unknown,
                          remedy="Die Schlüssel der Gebiete prüfen.")  # fmt: skip
    for eckwert in plan.eckwerte:
        refuse_cities(eckwert.name, _counted_together(eckwert, areas), inputs)


def refuse_cities(name: str, together: Mapping[Any, Sequence[Any]], inputs: xr.Dataset) -> None:
    """Refuse an Eckwert that holds areas of several cities together; areas by what its values are called."""
    city_of = dict(zip(map(str, inputs["area"].values.tolist()), _named(inputs), strict=True))
    for label, areas in together.items():
        cities = list(dict.fromkeys(city_of[str(area)] for area in areas if str(area) in city_of))
        if len(cities) > 1:
            raise EngineError(
                f"{called(name)} gilt für mehrere Städte zusammen; jede wird für sich gerechnet.",
                cells=[{"Eckwert": label or name, "Stadt": city} for city in cities],
                remedy="Den Eckwert je Stadt angeben: im Szenario mit gebiete oder je = \"gebiet\", im Aufruf nach "
                "Gebieten oder mit groups nach Stadt.",
            )


def plan_of(plan: Plan, areas: Sequence[Any]) -> Plan:
    """What of the plan belongs to these areas."""
    here, built = set(areas), plan.erstbezug
    if built is not None:
        dwellings = _where(built.dwellings, "area", here)
        built = replace(built, dwellings=dwellings) if dwellings.size else None
    parts = [_eckwert_of(eckwert, here) for eckwert in plan.eckwerte]
    return replace(
        plan,
        erstbezug=built,
        sondergruppen=tuple(group for group in plan.sondergruppen if group.area in here),
        eckwerte=tuple(part for part in parts if part.target.size),
    )


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


def _named(inputs: xr.Dataset) -> list[str]:
    return [str(city) for city in inputs[CITY].values.tolist()] if has_cities(inputs) else [""] * inputs.sizes["area"]


def _of_area_groups(eckwert: Eckwert) -> dict[str, Mapping[Any, Any]]:
    """Dimensions of the target that group areas, with the group of each area."""
    groups = {dim: members for dim, (of, members) in eckwert.groups.items() if of == "area"}
    return {dim: members for dim, members in groups.items() if dim in eckwert.target.dims}


def _counted_together(eckwert: Eckwert, areas: list[Any]) -> dict[Any, list[Any]]:
    """Areas that are summed under one value."""
    if "area" in eckwert.target.dims:
        return {}
    together: dict[Any, list[Any]] = {}
    for members in _of_area_groups(eckwert).values():
        for area, group in members.items():
            together.setdefault(group, []).append(area)
    return together or {"": areas}


def _eckwert_of(eckwert: Eckwert, here: set[Any]) -> Eckwert:
    target, groups = eckwert.target, dict(eckwert.groups)
    if "area" in target.dims:
        target = _where(target, "area", here)
    for dim, members in _of_area_groups(eckwert).items():
        own = {area: group for area, group in members.items() if area in here}
        target, groups[dim] = _where(target, dim, set(own.values())), ("area", own)
    return replace(eckwert, target=target, groups=groups)


def _where(values: xr.DataArray, dim: str, wanted: set[Any]) -> xr.DataArray:
    return values.isel({dim: [k for k, label in enumerate(values[dim].values.tolist()) if label in wanted]})
