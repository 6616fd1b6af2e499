"""Population over the years: what was counted, what the scenarios say, and how far off it may be."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import xarray as xr
from matplotlib.axes import Axes

from zwkprognose.errors import OutputError
from zwkprognose.german import decimal, number, percent
from zwkprognose.output.content.facts import facts_of, main_of
from zwkprognose.output.content.places import Place, place_of
from zwkprognose.output.figures.colours import colour, line_styles
from zwkprognose.output.figures.lines import scenario_styles, spread
from zwkprognose.plots.people import WITHIN, Floats, at, band, family_of, inputs_of, limits_of, middle, titles_of
from zwkprognose.plots.picture import SMALL, axes_for, describe, foot, head, numbers_on, years_on

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: More scenarios than this are a family: thin lines, only the main one and the outer ones are named.
_NAMED = 5
_LINE_HEIGHT = 0.052


def plot_trend(
    projection: xr.Dataset | Mapping[str, xr.Dataset],
    area: str | Iterable[str] | None = None,
    *,
    inputs: xr.Dataset | None = None,
    limits: xr.Dataset | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw the population over the years, one line per scenario.

    Parameters
    ----------
    projection : xr.Dataset or mapping of title to xr.Dataset
        One projection with one or several scenarios or with draws, or several projections to compare.
    area : str or iterable of str, optional
        Key or name of an area; several are added up; the whole unless given.
    inputs : xr.Dataset, optional
        Counted stocks, drawn as points.
    limits : xr.Dataset, optional
        From :func:`zwkprognose.intervals`, for one area or the whole: drawn as an area behind the lines.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a new picture unless given.

    Returns
    -------
    matplotlib.axes.Axes
        Of a new picture with ``alt``, what is to be seen in words. The axis of persons need not begin at zero.

    Raises
    ------
    OutputError
        If there is no such area, the projections do not fit together, or there are no limits for the place.

    Examples
    --------
    >>> from zwkprognose import estimate_rates, load_example, project
    >>> inputs = load_example("bremerhaven")
    >>> axes = plot_trend(project(inputs, estimate_rates(inputs), until=2030), inputs=inputs)
    >>> axes.get_title(loc="left"), len(axes.lines) > 0
    ('Bevölkerung · Stadt insgesamt', True)
    """
    family = family_of(projection)
    place = place_of(family, area)
    counted = _past(inputs_of(inputs), place, int(family["year_end"][0]))
    stock = at(place, _side_by_side(family), "scenario", "year_end")
    years, names = stock["year_end"].values, [str(name) for name in stock["scenario"].values]
    titles = titles_of(family)
    main = names.index(main_of(facts_of(family).scenarios).name)
    ax = axes_for(ax)
    behind = _draw_limits(ax, limits, place, years[0], middle(stock)[main, 0])
    behind += _draw_draws(ax, family, place, names[main])
    if counted is not None:
        ax.plot(counted["year_end"], counted, color=colour("black"), linewidth=1.4, marker="o", markersize=3.5)
    _draw_lines(ax, years, middle(stock), [titles[name] for name in names], main)
    numbers_on(ax.yaxis, whole=True)
    years_on(ax, int(years[0] if counted is None else counted["year_end"][0]), int(years[-1]))
    points = "" if counted is None else "Punkte: Bestand laut Quelle. "
    head(ax, f"Bevölkerung · {place.name}", f"Personen am 31.12. {points}{behind}".strip())
    foot(ax, family, inputs)
    describe(ax, _words(place, years, middle(stock), [titles[name] for name in names], counted, behind))
    return ax


def _side_by_side(family: xr.Dataset) -> xr.DataArray:
    """The stock with a scenario dimension, draws kept."""
    stock = family["population"]
    if "scenario" in stock.dims:
        return stock
    return stock.drop_vars("scenario", errors="ignore").expand_dims(scenario=[facts_of(family).main.name])


def _past(inputs: xr.Dataset | None, place: Place, base: int) -> xr.DataArray | None:
    """Counted stocks of the place up to the base year."""
    if inputs is None:
        return None
    strange = [key for key in place.keys if key not in inputs["area"].values]
    if strange:
        raise OutputError(
            "Die gezählten Bestände (inputs) haben andere Gebiete als die Vorausberechnung.",
            cells=[{"area": key} for key in strange],
            remedy="Die Eingaben angeben, von denen die Vorausberechnung ausgeht.",
        )
    counted = at(place, inputs["population"], "year_end")
    return counted.sel(year_end=counted["year_end"] <= base)


def limits_at(limits: Any, place: Place) -> xr.Dataset | None:
    """``lower`` and ``upper`` [level, year_end] of one area or of the whole.

    Raises
    ------
    OutputError
        If these are no limits, or none of the place.
    """
    if limits is None:
        return None
    found = limits_of(limits)
    if len(place.keys) == 1 and place.keys[0] in found["area"].values:
        return found[["lower", "upper"]].sel(area=place.keys[0])
    if {*place.keys} == {*found["area"].values} and "city_lower" in found:
        return found[["city_lower", "city_upper"]].rename(city_lower="lower", city_upper="upper")
    raise OutputError(
        f"Für „{place.name}“ enthält die Spanne keine Grenzen.",
        remedy="Ein einzelnes Gebiet oder alle Gebiete zeigen, oder intervals(…, groups=…) für Summen rechnen.",
    )


def _draw_limits(ax: Axes, limits: Any, place: Place, base: int, start: float) -> str:
    """Areas that open from the base year; returns how they are to be read."""
    found = limits_at(limits, place)
    if found is None:
        return ""
    levels = sorted(found["level"].values.tolist())
    x = np.concatenate([[base], found["year_end"].values])
    for level in reversed(levels):
        low, high = (np.concatenate([[start], found[side].sel(level=level).values]) for side in ("lower", "upper"))
        ax.fill_between(x, low, high, color=colour("soft"), alpha=0.16, linewidth=0)
    return "Graue Fläche: Spanne für " + " und ".join(decimal(100 * level) for level in levels) + " von 100 Fällen."


def _draw_draws(ax: Axes, family: xr.Dataset, place: Place, scenario: str) -> str:
    """What most draws lie within, as they are or as ``project(…, draws=…)`` sums them up; returns how it is read."""
    limits = _of_draws(family, place, scenario)
    if limits is None:
        return ""
    ax.fill_between(family["year_end"].values, *limits, color=colour("blue"), alpha=0.18, linewidth=0)
    return "Farbige Fläche: 80 von 100 Ziehungen."


def _of_draws(family: xr.Dataset, place: Place, scenario: str) -> tuple[Floats, Floats] | None:
    one = family.sel(scenario=scenario) if "scenario" in family.dims else family
    if "drawn_quantiles" not in one:
        return band(at(place, one["population"], "year_end"))
    try:
        within = one.sel(quantile=[(1 - WITHIN) / 2, (1 + WITHIN) / 2], method="nearest", tolerance=1e-9)
    except KeyError:
        message = "Den Ziehungen fehlen die Grenzen für 80 von 100 Fällen."
        raise OutputError(message, remedy="Alle Quantile von project(…, draws=…) übergeben.") from None
    within = within.isel(age_band=0)
    if len(place.keys) == 1:
        low, high = within["drawn_quantiles"].sel(area=place.keys[0]).transpose("quantile", "year_end").values
    elif len(place.keys) == family.sizes["area"] and _hold_city(within):
        low, high = within["drawn_city_quantiles"].transpose("quantile", "year_end").values
    else:
        return None
    return low, high


def _hold_city(drawn: xr.Dataset) -> bool:
    """Whether these areas are the city that was drawn, and not only some of them."""
    return np.allclose(drawn["drawn_mean"].sum("area"), drawn["drawn_city_mean"], rtol=1e-9)


def _draw_lines(ax: Axes, years: NDArray[np.int64], values: Floats, titles: list[str], main: int) -> None:
    """All lines, the main one on top; names at their ends."""
    styles, many = line_styles(), len(titles) > _NAMED
    outer = {main, int(values[:, -1].argmin()), int(values[:, -1].argmax())}
    named = [k for k in range(len(titles)) if not many or k in outer]
    colours = {}
    for k, style in reversed([*enumerate(scenario_styles(len(titles), main))]):
        shade, dashes = styles[style]
        if many and k != main:
            shade, dashes = colour("soft"), ()
        width = 2.6 if k == main else 0.9 if many else 1.7
        line = ax.plot(years, values[k], color=shade, linewidth=width, zorder=3 if k == main else 2)[0]
        if dashes:
            line.set_dashes([length / 2.2 for length in dashes])
        colours[k] = shade
    _name_ends(ax, int(years[-1]), values[named, -1], [titles[k] for k in named], [colours[k] for k in named])


def _name_ends(ax: Axes, year: int, ends: Floats, titles: list[str], colours: list[str]) -> None:
    ax.margins(x=0.02)
    low, high = ax.get_ylim()
    shares = (ends - low) / (high - low)
    heights = spread(shares.tolist(), _LINE_HEIGHT * 2.1, 0.03, 0.97)
    for title, end, height, shade in zip(titles, ends.tolist(), heights, colours, strict=True):
        ax.annotate(
            f"{title}\n{number(end)}", (year, end), (1.015, height), textcoords="axes fraction", va="center",
            fontsize=SMALL, color=shade, annotation_clip=False, linespacing=1.1,
        )  # fmt: skip


def _words(
    place: Place, years: NDArray[np.int64], values: Floats, titles: list[str], counted: xr.DataArray | None, behind: str
) -> str:
    first, last = int(years[0]), int(years[-1])
    lines = [f"Bevölkerung, {place.name}, {first} bis {last}."]
    if counted is not None and counted.size > 1:
        lines.append(f"Am 31.12.{int(counted['year_end'][0])} waren es {number(float(counted[0]))} Personen.")
    for title, row in zip(titles, values.tolist(), strict=True):
        change = 100 * (row[-1] / row[0] - 1) if row[0] else float("nan")
        path = f"von {number(row[0])} am 31.12.{first} auf {number(row[-1])} am 31.12.{last}"
        lines.append(f"{title}: {path} ({percent(change)}).")
    return "\n".join([*lines, behind] if behind else lines)
