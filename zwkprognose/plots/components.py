"""Births, deaths and moves of every year as bars around zero, the balance as a line."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from zwkprognose.german import signed
from zwkprognose.names import label
from zwkprognose.output.content.flows import signs_of
from zwkprognose.output.content.places import Place, place_of, scenario_of
from zwkprognose.output.figures.colours import colour
from zwkprognose.output.publication.whole_tables import FLOWS
from zwkprognose.plots.people import Floats, at, middle, projection_of
from zwkprognose.plots.picture import axes_for, describe, foot, head, key, numbers_on, years_on


def plot_components(
    projection: xr.Dataset,
    area: str | Iterable[str] | None = None,
    *,
    scenario: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw the components of change: what comes above zero, what goes below, the balance as a line.

    Parameters
    ----------
    projection : xr.Dataset
        Result of :func:`zwkprognose.project`.
    area : str or iterable of str, optional
        Key or name of an area; several are added up; the whole unless given.
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
        If there is no such area or scenario, or this is no projection.

    Examples
    --------
    >>> from zwkprognose import estimate_rates, load_example, project
    >>> inputs = load_example("bremerhaven")
    >>> axes = plot_components(project(inputs, estimate_rates(inputs), until=2030))
    >>> len(axes.alt.splitlines())
    6
    """
    shown = scenario_of(projection_of(projection), scenario)
    place = place_of(shown, area)
    years, parts = shown["year"].values, signed_flows(shown, place)
    table = np.stack(list(parts.values()))
    ax = axes_for(ax, 7.2, 4.8)
    above = below = np.zeros(len(years))
    for name, values in parts.items():
        bottom = np.where(values > 0, above, below)
        ax.bar(years, values, 0.8, bottom, color=colour(f"c{FLOWS.index(name)}"), edgecolor="white", linewidth=0.4)
        above, below = above + np.maximum(values, 0), below + np.minimum(values, 0)
    line = {"color": colour("black"), "marker": "o", "markersize": 4, "markerfacecolor": "white", "linewidth": 1.6}
    ax.plot(years, table.sum(axis=0), color="white", linewidth=4)
    ax.plot(years, table.sum(axis=0), **line)  # type: ignore[arg-type]
    ax.axhline(0, color=colour("ink"), linewidth=0.9)
    numbers_on(ax.yaxis, whole=True)
    years_on(ax, int(years[0]), int(years[-1]))
    boxes = [(Patch(color=colour(f"c{FLOWS.index(name)}")), label("variables", name)) for name in parts]
    legend = [*boxes, (Line2D([], [], **line), "Saldo")]  # type: ignore[arg-type]
    key(ax, legend, loc="upper center", bbox_to_anchor=(0.5, -0.09), ncols=2 if len(legend) > 5 else 5)
    head(
        ax, f"Komponenten der Bevölkerungsentwicklung · {place.name}",
        "Personen im Jahr. Was hinzukommt, steht über der Nulllinie, was abgeht, darunter.",
    )  # fmt: skip
    foot(ax, projection)
    describe(ax, _words(place, years, parts))
    return ax


def signed_flows(projection: xr.Dataset, place: Place) -> dict[str, Floats]:
    """Persons by year of every component that occurs, negative for those who go."""
    signs = signs_of(projection, place)
    flows = {name: sign * middle(at(place, projection[name], "year")) for name, sign in signs.items()}
    return {name: values for name, values in flows.items() if np.abs(values).max(initial=0) > 1e-9 or name == "births"}


def _words(place: Place, years: Floats, parts: dict[str, Floats]) -> str:
    first, last = int(years[0]), int(years[-1])
    lines = [f"Komponenten der Bevölkerungsentwicklung, {place.name}, {first} bis {last}, Personen im Jahr."]
    for name, values in [*parts.items(), ("", np.stack(list(parts.values())).sum(axis=0))]:
        title = label("variables", name) if name else "Saldo"
        lines.append(f"{title}: {first} {signed(values[0])}, {last} {signed(values[-1])}.")
    return "\n".join(lines)
