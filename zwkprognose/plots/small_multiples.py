"""One small picture per area, all on one scale: which quarters go their own way.

All of them lie on one pair of axes: making axes is what matplotlib takes longest for.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Any

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PolyCollection
from numpy.typing import NDArray

from zwkprognose.errors import OutputError
from zwkprognose.german import about, counted, percent
from zwkprognose.output.content.facts import area_names
from zwkprognose.output.content.places import place_of, scenario_of
from zwkprognose.output.figures.colours import colour
from zwkprognose.plots.people import Floats, inputs_of, kept, limits_of, middle, people_of
from zwkprognose.plots.picture import axes_for, describe, foot, head

#: Areas shown unless others are asked for: the largest.
MOST = 48
#: Room of a cell of width and height one: lines from left to right and bottom to top, name and number above.
_LEFT, _RIGHT, _BOTTOM, _TOP, _NUMBER, _NAME = 0.0, 0.88, 0.06, 0.62, 0.67, 0.81
#: Longest name, letters.
_LONGEST = 20


@dataclass(frozen=True, slots=True)
class _Line:
    """Index values [area, y] in these years."""

    years: NDArray[np.int64]
    values: Floats


def plot_small_multiples(
    projection: xr.Dataset,
    areas: Iterable[str] | None = None,
    *,
    inputs: xr.Dataset | None = None,
    limits: xr.Dataset | None = None,
    scenario: str | None = None,
    columns: int = 6,
    ax: Axes | None = None,
) -> Axes:
    """Draw the population of many areas as an index (base year = 100), each beside the whole.

    Parameters
    ----------
    projection : xr.Dataset
        Result of :func:`zwkprognose.project`.
    areas : iterable of str, optional
        Keys or names; by default all, or the 48 largest.
    inputs : xr.Dataset, optional
        Counted stocks, drawn before the base year.
    limits : xr.Dataset, optional
        From :func:`zwkprognose.intervals`: the narrowest of its limits as an area behind each line.
    scenario : str, optional
        Name or title of a scenario; the main one unless given.
    columns : int
        Pictures beside each other.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a new picture unless given.

    Returns
    -------
    matplotlib.axes.Axes
        That hold all the small pictures, of a new picture with ``alt``, what is to be seen in words.

    Raises
    ------
    OutputError
        If there is no such area or scenario, or no column.

    Examples
    --------
    >>> from zwkprognose import estimate_rates, load_example, project
    >>> inputs = load_example("berlin")
    >>> axes = plot_small_multiples(project(inputs, estimate_rates(inputs), until=2030), ["Mitte", "0102"])
    >>> [text.get_text() for text in axes.texts if "%" not in text.get_text()][:2]
    ['Mitte', 'Moabit']
    """
    shown = scenario_of(people_of(projection), scenario)
    keys = _chosen(shown, areas)
    if isinstance(columns, bool) or not isinstance(columns, int) or columns < 1:
        raise OutputError("Nebeneinander steht mindestens ein Bild.", remedy="columns=6 oder eine andere Zahl ab 1.")
    stock = kept(shown["population"], "year_end", "area")
    start, years = middle(stock.sel(area=keys))[0], shown["year_end"].values
    own = _Line(years, _index(middle(stock.sel(area=keys)), start))
    together = middle(stock).sum(axis=1)
    whole = _index(together[:, None], together[:1])[0]
    past, span = _past(inputs_of(inputs), keys, start, int(years[0])), _span(limits, keys, start, int(years[0]))
    across = min(columns, len(keys))
    rows = -(-len(keys) // across)
    # title and source need the width of four pictures and some height, also where there are fewer
    ax = axes_for(ax, 1.5 * max(across, 4) + 0.4, 1.3 * max(rows, 1.3) + 1.0)
    low, high = _draw(ax, across, own, whole, past, span)
    names = area_names(shown)
    ends = [percent(value - 100) for value in own.values[:, -1]]
    _write(ax, across, [names[key] for key in keys], ends)
    first, last = int(years[0]), int(years[-1])
    rest = "" if len(keys) == len(names) else f" von {len(names)}"
    what = f"Bevölkerung {first}–{last} · {counted(len(keys), 'Gebiet', 'Gebiete')}{rest}"
    grey = f"{first} = 100, alle im selben Maßstab ({about(low)} bis {about(high)}). Grau: alle zusammen"
    head(ax, what, grey + (", Fläche: Spanne." if span else "."))
    foot(ax, projection, inputs)
    told = [f"{names[key]}: {end}." for key, end in zip(keys, ends, strict=True)]
    describe(ax, "\n".join([f"{what}. Alle Gebiete zusammen: {percent(whole[-1] - 100)}.", *told]))
    return ax


def _chosen(people: xr.Dataset, areas: Any) -> list[str]:
    """Keys in the order asked for, or of the largest areas in their own order."""
    if areas is not None:
        return list(place_of(people, areas).keys)
    persons = middle(kept(people["population"].isel(year_end=0), "area"))
    largest = np.sort(np.argsort(-persons, kind="stable")[:MOST])
    return [str(people["area"].values[k]) for k in largest]


def _index(persons: Floats, start: Floats) -> Floats:
    """Persons [y, area] as index [area, y]; an area without anybody has none."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(start > 0, 100 * persons / start, np.nan).T


def _past(inputs: xr.Dataset | None, keys: Sequence[str], start: Floats, base: int) -> _Line | None:
    """What was counted up to the base year."""
    if inputs is None:
        return None
    stock = kept(inputs["population"], "year_end", "area").reindex(area=list(keys))
    before = stock.sel(year_end=stock["year_end"] <= base)
    return _Line(before["year_end"].values, _index(before.values, start))


def _span(limits: xr.Dataset | None, keys: Sequence[str], start: Floats, base: int) -> tuple[_Line, _Line] | None:
    """The narrowest limits, opening from the base year."""
    if limits is None:
        return None
    given = limits_of(limits)
    narrow = given.isel(level=int(given["level"].values.argmin())).reindex(area=list(keys))
    years = np.concatenate([[base], narrow["year_end"].values])
    low, high = (
        _Line(years, _index(np.concatenate([start[None], narrow[side].transpose("year_end", "area").values]), start))
        for side in ("lower", "upper")
    )
    return low, high


def _draw(
    ax: Axes, across: int, own: _Line, whole: Floats, past: _Line | None, span: tuple[_Line, _Line] | None
) -> tuple[float, float]:
    """All lines in their cells; returns the limits of the scale."""
    lines = [own, *([past] if past else []), *(span or ())]
    everything = np.concatenate([whole, *(line.values.ravel() for line in lines)])
    low, high = float(np.nanmin(everything)), float(np.nanmax(everything))
    first, last = int(min(line.years[0] for line in lines)), int(own.years[-1])
    corners = [(k % across, -(k // across)) for k in range(len(own.values))]

    def placed(line: _Line) -> list[NDArray[np.float64]]:
        x = _LEFT + (_RIGHT - _LEFT) * (line.years - first) / (last - first)
        y = _BOTTOM + (_TOP - _BOTTOM) * (line.values - low) / ((high - low) or 1.0)
        return [np.column_stack([x + left, row + lower]) for (left, lower), row in zip(corners, y, strict=True)]

    def draw(line: _Line, shade: str, width: float) -> None:
        ax.add_collection(LineCollection(placed(line), colors=colour(shade), linewidths=width, capstyle="round"))

    count = len(own.values)
    if span:
        sides = zip(*map(placed, span), strict=True)
        areas = [np.concatenate([low_side, high_side[::-1]]) for low_side, high_side in sides]
        ax.add_collection(PolyCollection(areas, facecolors=colour("soft"), alpha=0.2, linewidths=0))
    ends = np.array([first, last])
    draw(_Line(ends, np.full((count, 2), 100.0)), "rule", 0.8)
    draw(_Line(own.years, np.tile(whole, (count, 1))), "c5", 1.0)
    if past:
        draw(past, "black", 1.1)
    draw(own, "blue", 1.8)
    dots = np.array([line[-1] for line in placed(own)])
    ax.scatter(dots[:, 0], dots[:, 1], s=9, color=colour("blue"), zorder=3)
    ax.set(xlim=(-0.02, across), ylim=(corners[-1][1], 1))
    ax.axis("off")
    return low, high


def _write(ax: Axes, across: int, names: Sequence[str], ends: Sequence[str]) -> None:
    for k, (short, end) in enumerate(zip(shortened(names, _LONGEST), ends, strict=True)):
        left, lower = k % across, -(k // across)
        ax.text(left, lower + _NAME, short, fontsize=7.5, fontweight="bold", color=colour("ink"))
        ax.text(left, lower + _NUMBER, end, fontsize=7.5, color=colour("soft"))


def shortened(names: Sequence[str], longest: int) -> list[str]:
    """Names of no more signs than this; of those that begin alike, what tells them apart is kept.

    >>> shortened(["Altstadt", "Industriegebiet Hafen Nord", "Industriegebiet Hafen Süd"], 18)
    ['Altstadt', 'Industrie…fen Nord', 'Industrie…afen Süd']
    >>> shortened(["Verwaltungsgemeinschaft Am Berg"], 18)
    ['Verwaltungsgemein…']
    """
    cut = [name if len(name) <= longest else f"{name[: longest - 1]}…" for name in names]
    alike = {short for short in cut if cut.count(short) > 1}
    both = zip(names, cut, strict=True)
    told = [_end_kept(name, names, longest) if short in alike else short for name, short in both]
    return [f"{short[: longest - 4]}… {k + 1}" if told.count(short) > 1 else short for k, short in enumerate(told)]


def _end_kept(name: str, names: Sequence[str], longest: int) -> str:
    """The beginning of a name and the part from which on it differs from the one most like it."""
    if len(name) <= longest:
        return name
    pairs = (zip(name, other, strict=False) for other in names if other != name)
    begins = max((sum(1 for _ in takewhile(lambda two: two[0] == two[1], pair)) for pair in pairs), default=0)
    half = longest // 2
    room = longest - half - 1
    start = min(max(begins - room // 2, half), len(name) - room)
    end = start + room
    return f"{name[:half]}…{name[start:end]}" if end >= len(name) else f"{name[:half]}…{name[start:end - 1]}…"
