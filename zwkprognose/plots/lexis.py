"""Lexis diagrams: years across, ages upwards, every cohort a diagonal."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.colors import LinearSegmentedColormap, Normalize, TwoSlopeNorm

from zwkprognose.errors import OutputError
from zwkprognose.german import decimal, number, signed
from zwkprognose.output.account import Account
from zwkprognose.output.content.places import Place, check_cohort, place_of, scenario_of
from zwkprognose.output.figures.colours import colour
from zwkprognose.plots.life_line import life_line
from zwkprognose.plots.people import Floats, at, middle, projection_of
from zwkprognose.plots.picture import SMALL, axes_for, describe, foot, german, head, years_on

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: What can be drawn: title, components with their sign.
QUANTITIES: dict[str, tuple[str, dict[str, int]]] = {
    "population": ("Bevölkerung", {}),
    "deaths": ("Sterbefälle", {"deaths": 1}),
    "in_moves": ("Zuzüge", {"in_moves": 1}),
    "out_moves": ("Fortzüge", {"out_moves": 1}),
    "migration": (
        "Wanderungssaldo", {"in_moves": 1, "out_moves": -1, "moves_in": 1, "moves_out": -1, "erstbezug": 1}
    ),
}  # fmt: skip


def plot_lexis(
    projection: xr.Dataset | Account,
    area: str | Iterable[str] | None = None,
    *,
    quantity: str = "population",
    birth_year: int | None = None,
    scenario: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw persons or events over years and ages; cohorts run along the diagonals.

    Stocks stand on the 31.12. at their completed age. Events are those of a cohort during a year: a parallelogram
    between two 31.12.

    Parameters
    ----------
    projection : xr.Dataset or Account
        Result of :func:`zwkprognose.project`, or of :func:`zwkprognose.trace`: then the way of that cohort is drawn,
        its stocks at the 31.12. and what changed them in between; nothing else is to be said.
    area : str or iterable of str, optional
        Key or name of an area; several are added up; the whole unless given.
    quantity : {"population", "deaths", "in_moves", "out_moves", "migration"}
        Stock, one event, or those who come less those who go (also between areas).
    birth_year : int, optional
        A cohort whose way is marked.
    scenario : str, optional
        Name or title of a scenario; the main one unless given.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a new picture unless given.

    Returns
    -------
    matplotlib.axes.Axes
        Of a new picture with ``alt``, what is to be seen in words.

    Raises
    ------
    OutputError
        If there is no such area, quantity or scenario, or the cohort is not in the projection.

    Examples
    --------
    >>> from zwkprognose import estimate_rates, load_example, project
    >>> inputs = load_example("bremerhaven")
    >>> axes = plot_lexis(project(inputs, estimate_rates(inputs), until=2030), birth_year=2000)
    >>> axes.get_xlabel(), axes.get_ylabel()
    ('Jahr', 'Alter')
    """
    if isinstance(projection, Account):
        return life_line(projection, ax)
    if quantity not in QUANTITIES:
        known = ", ".join(f'"{name}" ({title})' for name, (title, _) in QUANTITIES.items())
        raise OutputError(f"„{quantity}“ lässt sich hier nicht zeichnen.", remedy=f"Möglich sind {known}.")
    shown = scenario_of(projection_of(projection), scenario)
    place, (title, parts) = place_of(shown, area), QUANTITIES[quantity]
    values = _values(shown, place, parts)
    years, ages = (shown["year"] if parts else shown["year_end"]).values, shown["age"].values
    ax = axes_for(ax, 7.2, 6.4)
    _draw_cells(ax, values, years, ages, is_flow=bool(parts), diverging=quantity == "migration")
    _lines(ax, int(shown["year_end"][0]), int(shown["year_end"][-1]), int(ages[-1]))
    marked = _mark(ax, shown, birth_year) if birth_year is not None else ""
    cell = "ein Jahrgang in einem Jahr" if parts else "ein Altersjahr am 31.12."
    head(ax, f"{title} · {place.name}", f"Ein Feld: {cell}; Diagonalen: Jahrgänge{marked}.")
    foot(ax, projection)
    describe(ax, _words(title, place, values, years, ages))
    return ax


def _values(projection: xr.Dataset, place: Place, parts: dict[str, int]) -> Floats:
    """Persons [year, age]."""
    if not parts:
        return middle(at(place, projection["population"], "year_end", "age"))
    signs = {name: sign for name, sign in parts.items() if name in projection}
    return sum(
        (sign * middle(at(place, projection[name], "year", "age")) for name, sign in signs.items()),
        np.zeros((projection.sizes["year"], projection.sizes["age"])),
    )


def _draw_cells(
    ax: Axes, values: Floats, years: NDArray[np.int64], ages: NDArray[np.int64], *, is_flow: bool, diverging: bool
) -> None:
    """All cells but the open group, which has no end; time is counted at the end of years."""
    x, y = (grid.ravel().astype(float) for grid in np.meshgrid(years, ages[:-1], indexing="ij"))
    if is_flow:
        corners = [(x - 1, y - 1), (x - 1, y), (x, y + 1), (x, y)]
    else:
        corners = [(x - 0.5, y), (x - 0.5, y + 1), (x + 0.5, y + 1), (x + 0.5, y)]
    polygons = np.stack([np.stack(corner, axis=1) for corner in corners], axis=1)
    polygons[..., 1] = np.maximum(polygons[..., 1], 0)
    shown = values[:, :-1].ravel()
    cells = PolyCollection(list(polygons), array=shown, cmap=_colours(diverging), norm=_norm(shown, diverging))
    cells.set_edgecolor("face")
    cells.set_linewidth(0.2)
    ax.add_collection(cells)
    bar = ax.figure.colorbar(cells, ax=ax, shrink=0.55, aspect=24, pad=0.02, format=german)
    bar.outline.set_visible(False)
    bar.ax.tick_params(labelsize=SMALL, length=0, colors=colour("soft"))
    bar.set_label("Personen", fontsize=SMALL, color=colour("soft"))


def _colours(diverging: bool) -> LinearSegmentedColormap:
    names = [f"k{k}" for k in range(6)] if diverging else ["k-none", "k3", "k4", "k5"]
    shades = [colour(name) for name in names]
    return LinearSegmentedColormap.from_list("report", [*shades[:3], "#ffffff", *shades[3:]] if diverging else shades)


def _norm(values: Floats, diverging: bool) -> Normalize:
    most = float(np.quantile(np.abs(values), 0.995)) or 1.0
    return TwoSlopeNorm(0, -most, most) if diverging else Normalize(0, float(values.max()) or 1.0)


def _lines(ax: Axes, first: int, last: int, top: int) -> None:
    """Ages and years, and the diagonals of every tenth birth year."""
    ax.set(xlim=(first - 0.5, last + 0.5), ylim=(0, top))
    for born in range((first - top) // 10 * 10, last + 1, 10):
        ax.plot([born, born + top], [0, top], color=colour("ink"), alpha=0.35, linewidth=0.6)
    years_on(ax, first, last)
    ax.set_yticks(range(0, top + 1, 10))
    ax.set_xlabel("Jahr", fontsize=SMALL, color=colour("soft"))
    ax.set_ylabel("Alter", fontsize=SMALL, color=colour("soft"))


def _mark(ax: Axes, projection: xr.Dataset, born: int) -> str:
    """The way of one cohort, completed ages from 31.12. to 31.12."""
    check_cohort(projection, born)
    first, last = int(projection["year_end"][0]), int(projection["year_end"][-1])
    years = np.arange(max(first, born), last + 1)
    years = years[years - born < int(projection["age"][-1])]
    ax.fill_between(years, years - born, years - born + 1, color="none", edgecolor=colour("red"), linewidth=1.8)
    return f"; umrandet: Jahrgang {born}"


def _words(title: str, place: Place, values: Floats, years: NDArray[np.int64], ages: NDArray[np.int64]) -> str:
    first, last = values[0, :-1], values[-1, :-1]
    span = f"{int(years[0])} bis {int(years[-1])}"
    lines = [f"Lexis-Diagramm: {title}, {place.name}, {span}, Alter 0 bis {int(ages[-2])}."]
    for year, row in ((int(years[0]), first), (int(years[-1]), last)):
        top = int(row.argmax())
        most = f"am meisten im Alter {int(ages[top])} ({decimal(row[top], 1)})"
        lines.append(f"{year}: zusammen {_said(row.sum(), row)}, {most}.")
    return "\n".join(lines)


def _said(total: float, row: Floats) -> str:
    return signed(total) if bool((row < 0).any()) else number(total)
