"""Population pyramids: men left, women right, an earlier year as outline."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np
import xarray as xr
from matplotlib.axes import Axes

from zwkprognose.errors import OutputError
from zwkprognose.german import decimal, number, share
from zwkprognose.output.content.places import Place, place_of, scenario_of, year_of
from zwkprognose.output.figures.colours import colour
from zwkprognose.output.figures.pyramid import OPEN_WIDTH
from zwkprognose.plots.people import Floats, at, band, middle, people_of
from zwkprognose.plots.picture import SMALL, TEXT, axes_for, describe, foot, head, numbers_on

if TYPE_CHECKING:
    from numpy.typing import NDArray

SIDES = {"male": (-1, "blue", "Männer"), "female": (1, "red", "Frauen")}


def plot_pyramid(
    people: xr.Dataset,
    area: str | Iterable[str] | None = None,
    *,
    year: int | None = None,
    base: int | None = None,
    scenario: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw the age structure of a year as areas, an earlier year as outline.

    Parameters
    ----------
    people : xr.Dataset
        Projection or inputs: ``population`` [year_end, area, …, sex, age], persons.
    area : str or iterable of str, optional
        Key or name of an area; several are added up; the whole unless given.
    year, base : int, optional
        31.12. of the areas and of the outline; by default the last and the first.
    scenario : str, optional
        Name or title of a scenario; the main one unless given.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a new picture unless given.

    Returns
    -------
    matplotlib.axes.Axes
        Of a new picture with ``alt``, what is to be seen in words. Persons are not rounded and not protected.

    Raises
    ------
    OutputError
        If there is no such area, year or scenario, or sexes are not known.

    Examples
    --------
    >>> from zwkprognose import load_example
    >>> axes = plot_pyramid(load_example("bremerhaven"), year=2023, base=1980)
    >>> axes.alt.splitlines()[0]
    'Altersaufbau, Stadt insgesamt, 31.12.2023 und 31.12.1980.'
    """
    shown = scenario_of(people_of(people), scenario)
    _check_sexes(shown)
    place = place_of(shown, area)
    years = shown["year_end"].values
    year = year_of(shown, int(years[-1]) if year is None else year)
    base = year_of(shown, int(years[0]) if base is None else base)
    by_year = at(place, shown["population"], "year_end", "sex", "age")
    now, before = by_year.sel(year_end=year), by_year.sel(year_end=base)
    edges, widths = _edges(now["age"].values)
    ax = axes_for(ax, 6.2, 6.2)
    for sex, (side, name, title) in SIDES.items():
        persons = now.sel(sex=sex)
        ax.stairs(side * middle(persons) / widths, edges, orientation="horizontal", fill=True, color=colour(name))
        _draw_band(ax, persons, side, edges, widths)
        if base != year:
            outline = side * middle(before.sel(sex=sex)) / widths
            ax.stairs(outline, edges, orientation="horizontal", color=colour("black"), linewidth=1.1)
        total = number(float(middle(persons).sum()))
        ax.annotate(
            f"{title} {total}", (0.5 + side * 0.49, 0.985), xycoords="axes fraction", fontsize=TEXT, fontweight="bold",
            color=colour(name), ha="left" if side < 0 else "right", va="top",
        )  # fmt: skip
    _axes(ax, edges)
    head(ax, f"Altersaufbau · {place.name}", _legend(year, base, now))
    foot(ax, people)
    describe(ax, _words(place, now, before, year, base))
    return ax


def _check_sexes(people: xr.Dataset) -> None:
    known = set(map(str, people["population"]["sex"].values)) if "sex" in people["population"].dims else set()
    if not {*SIDES} <= known or "age" not in people["population"].dims:
        raise OutputError(
            "Für einen Altersaufbau müssen Geschlecht und Alter bekannt sein.",
            remedy="Bestände nach Geschlecht und Alter einlesen.",
        )


def _edges(ages: NDArray[np.int64]) -> tuple[Floats, Floats]:
    """Limits of the ages, the open group drawn over five years, and the years of age over which each is drawn."""
    edges = np.append(ages, ages[-1] + OPEN_WIDTH).astype(float)
    return edges, np.diff(edges)


def _draw_band(ax: Axes, persons: xr.DataArray, side: int, edges: Floats, widths: Floats) -> None:
    limits = band(persons)
    if limits is not None:
        low, high = (side * limit / widths for limit in limits)
        ax.stairs(high, edges, baseline=low, orientation="horizontal", fill=True, color=colour("ink"), alpha=0.35)


def _axes(ax: Axes, edges: Floats) -> None:
    most = max(abs(limit) for limit in ax.dataLim.intervalx) * 1.04 or 1.0
    ax.set_xlim(-most, most)
    ax.set_ylim(0, edges[-1] + 4)
    numbers_on(ax.xaxis, lambda value, _: decimal(abs(value)), count=9)
    ax.set_yticks(range(0, int(edges[-1]) + 1, 10), [str(age) for age in range(0, int(edges[-1]) + 1, 10)])
    ax.axvline(0, color="white", linewidth=1.2)
    ax.set_xlabel("Personen je Altersjahr", fontsize=SMALL, color=colour("soft"))
    ax.set_ylabel("Alter", fontsize=SMALL, color=colour("soft"))


def _legend(year: int, base: int, now: xr.DataArray) -> str:
    drawn = f"Flächen: 31.12.{year}" + (f", Linie: 31.12.{base}" if base != year else "")
    drawn += ", dunkler Rand: 80 von 100 Ziehungen" if "draw" in now.dims else ""
    return f"{drawn}. {int(now['age'][-1])} und älter auf fünf Altersjahre verteilt."


def _words(place: Place, now: xr.DataArray, before: xr.DataArray, year: int, base: int) -> str:
    """What is to be seen: sizes, shares of the young and the old, the largest cohort."""
    lines = [f"Altersaufbau, {place.name}, 31.12.{year}{f' und 31.12.{base}' if base != year else ''}."]
    for one, when in ((now, year), *([(before, base)] if base != year else [])):
        ages, persons = one["age"].values, middle(one)
        whole = persons.sum() or np.nan
        young, old = persons[:, ages < 20].sum() / whole, persons[:, ages >= 65].sum() / whole
        top = int(ages[persons[:, :-1].sum(axis=0).argmax()])
        lines.append(
            f"31.12.{when}: {number(float(persons.sum()))} Personen, davon unter 20 Jahren {share(young)}, "
            f"ab 65 Jahren {share(old)}; am stärksten besetzt ist das Alter {top}."
        )
    return "\n".join(lines)
