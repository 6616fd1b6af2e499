"""Maps of the areas: change of the population, or any figure by area, in few classes with round limits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.collections import PathCollection
from matplotlib.patches import Patch
from matplotlib.path import Path

from zwkprognose.errors import OutputError
from zwkprognose.german import counted, decimal, listed, percent
from zwkprognose.names import label
from zwkprognose.output.content.facts import area_names
from zwkprognose.output.content.places import scenario_of, year_of
from zwkprognose.output.figures.choropleth import class_labels, class_limits, class_of
from zwkprognose.output.figures.colours import colour
from zwkprognose.output.figures.rings import rings_of
from zwkprognose.output.figures.scales import ticks
from zwkprognose.plots.people import Floats, kept, middle, people_of
from zwkprognose.plots.picture import SMALL, axes_for, describe, foot, head, key

#: Light to dark: classes of a figure that has no middle; the cold half of the map with two shades between.
_RISING = ("#e8f0f6", colour("k3"), "#8ebbdc", colour("k4"), colour("k5"))


def plot_map(
    values: xr.Dataset | xr.DataArray,
    geometry: Mapping[str, Any],
    *,
    year: int | None = None,
    base: int | None = None,
    scenario: str | None = None,
    title: str = "",
    ax: Axes | None = None,
) -> Axes:
    """Draw a figure of every area as a map.

    Parameters
    ----------
    values : xr.Dataset or xr.DataArray [area]
        Projection or inputs: the change of the population in percent is drawn, in six classes around zero. Or one
        number for every area, such as ``indicators(p)["old_age_ratio"].sel(year_end=2040)``, in five classes.
    geometry : mapping
        GeoJSON FeatureCollection with the key of the area in the property ``area``, such as that of
        :func:`zwkprognose.examples.geometry`.
    year, base : int, optional
        31.12. between which the change is taken; by default the last and the first.
    scenario : str, optional
        Name or title of a scenario; the main one unless given.
    title : str, optional
        Title of the picture.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a new picture unless given.

    Returns
    -------
    matplotlib.axes.Axes
        Of a new picture with ``alt``, what is to be seen in words.

    Raises
    ------
    OutputError
        If an area has no outline, there is no such year, or there is not one number for every area.

    Examples
    --------
    >>> from zwkprognose import load_example
    >>> from zwkprognose.examples import geometry
    >>> axes = plot_map(load_example("berlin"), geometry("berlin"))
    >>> axes.alt.splitlines()[0]
    'Karte: Veränderung der Bevölkerung 2011–2020 in Prozent, 94 Gebiete.'
    """
    numbers, names, said, diverging = _numbers(values, year, base, scenario)
    rings = rings_of(geometry, list(names))
    limits = class_limits(numbers) if diverging else _rising_limits(numbers)
    labels = class_labels(limits) if diverging else _rising_labels(limits)
    colours = [colour(f"k{k}") for k in range(6)] if diverging else _RISING
    classes = [class_of(value, limits) for value in numbers.tolist()]
    ax = axes_for(ax, 7.2, 5.6)
    shades = [colour("k-none") if one is None else colours[one] for one in classes]
    _draw(ax, [rings[name] for name in names], shades)
    boxes = [
        (Patch(facecolor=shade, edgecolor=colour("soft"), linewidth=0.5), f"{text}  ({classes.count(k)})")
        for k, (text, shade) in enumerate(zip(labels, colours, strict=True))
    ]
    none = [(Patch(facecolor="white", edgecolor=colour("soft")), "keine Angabe")] if None in classes else []
    key(ax, [*reversed(boxes), *none], loc="center left", bbox_to_anchor=(1.0, 0.5), title="Klasse (Zahl der Gebiete)",
        title_fontsize=SMALL, alignment="left")
    head(ax, title or said)
    if isinstance(values, xr.Dataset):
        foot(ax, values)
    describe(ax, _words(title or said, numbers, names, diverging))
    return ax


def _numbers(
    given: Any, year: int | None, base: int | None, scenario: str | None
) -> tuple[Floats, dict[str, str], str, bool]:
    """Values by area, names of the areas, what they are, and whether zero is their middle."""
    if isinstance(given, xr.DataArray):
        return *_of_array(given), False
    people = scenario_of(people_of(given), scenario)
    years = people["year_end"].values
    until = year_of(people, int(years[-1]) if year is None else year)
    since = year_of(people, int(years[0]) if base is None else base)
    stock = kept(people["population"], "year_end", "area")
    now, before = (middle(stock.sel(year_end=one)) for one in (until, since))
    with np.errstate(divide="ignore", invalid="ignore"):
        change = np.where(before > 0, 100 * (now / before - 1), np.nan)
    return change, area_names(people), f"Veränderung der Bevölkerung {since}–{until} in Prozent", True


def _of_array(values: xr.DataArray) -> tuple[Floats, dict[str, str], str]:
    if values.dims != ("area",):
        wrong = [str(dim) for dim in values.dims if dim != "area"]
        raise OutputError(
            "Eine Karte braucht genau eine Zahl je Gebiet"
            + (f"; übrig sind außerdem: {listed(label('dims', dim) for dim in wrong)}." if wrong else "."),
            remedy="Jahr und Szenario wählen, zum Beispiel mit .sel(year_end=2040).",
        )
    said = str(values.attrs.get("long_name", values.name or "Wert"))
    return values.values.astype(float), area_names(values.to_dataset(name="value")), said


def _rising_limits(values: Floats) -> tuple[float, ...]:
    """Four round limits near the fifths of the values."""
    known = np.sort(values[~np.isnan(values)])
    if known.size == 0 or known[0] == known[-1]:
        return tuple(float(known[0] if known.size else 0) + k for k in range(1, 5))
    fifths = np.quantile(known, [0.2, 0.4, 0.6, 0.8])
    step = ticks(0, max(float(np.diff(fifths).min()), float(known[-1] - known[0]) / 40), 2)[1]
    rounded = np.round(fifths / step) * step
    return tuple(float(max(value, rounded[0] + k * step)) for k, value in enumerate(rounded))


def _rising_labels(limits: Sequence[float]) -> list[str]:
    texts = [decimal(limit) for limit in limits]
    return [f"unter {texts[0]}", *(f"{a} bis unter {b}" for a, b in pairwise(texts)), f"{texts[-1]} und mehr"]


def _draw(ax: Axes, areas: Sequence[Sequence[Any]], shades: Sequence[str]) -> None:
    """Areas in their true shape; the largest first, so that one inside another is seen."""
    points = [[np.asarray([point[:2] for point in ring], dtype=float) for ring in rings] for rings in areas]
    every = np.concatenate([ring for rings in points for ring in rings])
    (west, south), (east, north) = every.min(axis=0), every.max(axis=0)
    is_degrees = np.abs(every).max() <= 180
    order = sorted(range(len(points)), key=lambda k: -max(float(np.ptp(ring, axis=0).prod()) for ring in points[k]))
    paths = [Path.make_compound_path(*(Path(ring, closed=True) for ring in points[k])) for k in order]
    ax.add_collection(
        PathCollection(paths, facecolors=[shades[k] for k in order], edgecolors=colour("soft"), linewidths=0.5)
    )
    edge = 0.01 * max(east - west, north - south)
    ax.set(xlim=(west - edge, east + edge), ylim=(south - edge, north + edge))
    ax.set_aspect(1 / np.cos(np.radians((south + north) / 2)) if is_degrees else 1)
    ax.axis("off")
    ax.set(xticks=[], yticks=[])


def _words(said: str, values: Floats, names: Mapping[str, str], diverging: bool) -> str:
    """What is to be seen: how many gain and lose, the largest and the smallest."""
    show = percent if diverging else decimal
    found = sorted(((v, name) for v, name in zip(values.tolist(), names.values(), strict=True) if v == v), reverse=True)
    lines = [f"Karte: {said}, {counted(len(names), 'Gebiet', 'Gebiete')}."]
    if diverging:
        lines.append(f"Es wachsen {sum(v > 0 for v, _ in found)}, es schrumpfen {sum(v < 0 for v, _ in found)}.")
    ends = {"Am höchsten": found[:3], "Am niedrigsten": found[::-1][:3]}
    lines += [f"{what}: " + ", ".join(f"{n} {show(v)}" for v, n in some) + "." for what, some in ends.items() if some]
    return "\n".join(lines)
