"""How often what happened lay within the limits that were stated, or within ten percent of a forecast."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import xarray as xr
from matplotlib.axes import Axes

from zwkprognose.errors import OutputError
from zwkprognose.german import counted, decimal, listed, number
from zwkprognose.inputs.handed import require_dataset
from zwkprognose.names import label
from zwkprognose.output.figures.colours import colour, line_styles
from zwkprognose.output.figures.lines import spread
from zwkprognose.plots.people import Floats, inputs_of, kept, limits_of
from zwkprognose.plots.picture import SMALL, axes_for, describe, foot, head, numbers_on

#: A forecast that is no further off than this share is called useful; see ``shelf_life``.
_NEAR = 10.0
#: Lines that can be told apart.
_NAMED = 5


def plot_coverage(
    limits: xr.Dataset | Mapping[int, xr.Dataset],
    inputs: xr.Dataset | None = None,
    *,
    smallest: float = 0,
    ax: Axes | None = None,
) -> Axes:
    """Draw in how many of 100 areas the count lay within the stated limits.

    Parameters
    ----------
    limits : mapping of launch to xr.Dataset, or xr.Dataset
        Limits from :func:`zwkprognose.intervals` of the stocks up to each launch (31.12. of that year). Or a look back
        from :func:`zwkprognose.hindcast`: then the share of areas whose forecast was no more than 10 % off is drawn.
    inputs : xr.Dataset
        What was counted later; a look back holds it already.
    smallest : float
        Areas below this count at the time are left out.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a new picture unless given.

    Returns
    -------
    matplotlib.axes.Axes
        Of a new picture with ``alt``, what is to be seen in words.

    Raises
    ------
    OutputError
        If these are no limits, or nothing was counted in their years.

    Examples
    --------
    >>> from zwkprognose import intervals, load_example
    >>> inputs = load_example("berlin")
    >>> past = inputs.sel(year_end=inputs["year_end"] <= 2016)
    >>> plot_coverage({2016: intervals(past, [2020], levels=[0.8])}, inputs).alt.splitlines()[0]
    'Zahlen innerhalb der Spannen, Startpunkt 2016, je 94 Gebiete.'
    """
    if isinstance(limits, xr.Dataset) and "launch" in limits.dims:
        return _look_back(limits, smallest, ax)
    launches = _launches(limits)
    counts = inputs_of(inputs)
    if counts is None:
        raise OutputError(
            "Ohne gezählte Bestände ist nicht zu sehen, ob die Spannen hielten.",
            remedy="Als zweites die Eingaben mit den späteren Beständen übergeben.",
        )
    inside = {launch: _inside(one, counts, smallest) for launch, one in launches.items()}
    by_lead = _by_lead(inside)
    ax = axes_for(ax, 7.2, 4.2)
    areas = max(one.sizes["area"] for one in inside.values())
    ends = {f"für {decimal(100 * level)} von 100": path for level, path in by_lead.items()}
    for k, (level, path) in enumerate(by_lead.items()):
        shade, _ = line_styles()[k]
        margin = 196 * np.sqrt(level * (1 - level) / areas)
        leads = np.array([min(path) - 0.3, max(path) + 0.3])
        ax.fill_between(leads, 100 * level - margin, 100 * level + margin, color=shade, alpha=0.13, linewidth=0)
        ax.plot(leads, [100 * level] * 2, color=shade, linewidth=1, dashes=(4, 3))
    _draw(ax, ends)
    text = _launched(list(launches))
    head(
        ax, "Lagen die Zahlen innerhalb der Spannen?",
        "Von 100 Gebieten innerhalb. Gestrichelt: soll; heller Streifen: wohin es bei unabhängigen Gebieten der "
        "Zufall in 95 von 100 Fällen verschiebt.",
    )  # fmt: skip
    foot(ax, inputs)
    said = f"Zahlen innerhalb der Spannen, {text}, je {counted(areas, 'Gebiet', 'Gebiete')}."
    describe(ax, _words(said, ends))
    return ax


def _launches(given: Any) -> dict[int, xr.Dataset]:
    """Limits by launch."""
    is_years = isinstance(given, Mapping) and all(isinstance(year, int | np.integer) for year in given)
    if not is_years or isinstance(given, xr.Dataset) or not given:
        raise OutputError(
            "Hier sind Spannen je Startpunkt nötig, oder ein Rückblick.",
            remedy="{2016: intervals(bis_2016, [2020])} oder das Ergebnis von hindcast(…) übergeben.",
        )
    return {int(launch): limits_of(one, "forecast") for launch, one in sorted(given.items())}


def _inside(limits: xr.Dataset, inputs: xr.Dataset, smallest: float) -> xr.DataArray:
    """Whether each count lay within [level, year_end, area], of the years and areas that were counted."""
    counts = kept(inputs["population"], "year_end", "area")
    years = [year for year in limits["year_end"].values.tolist() if year in counts["year_end"].values]
    areas = [area for area in limits["area"].values.tolist() if area in counts["area"].values]
    if not years or not areas:
        raise OutputError(
            "Für die Jahre und Gebiete der Spannen liegen keine gezählten Bestände vor.",
            remedy="Spannen für Jahre rechnen, die schon gezählt sind.",
        )
    seen, part = counts.sel(year_end=years, area=areas), limits.sel(year_end=years, area=areas)
    large = _large(part["forecast"].isel(year_end=0, drop=True), smallest)
    within = (part["lower"] <= seen) & (seen <= part["upper"])
    return within.isel(area=np.flatnonzero(large.values)).transpose("level", "year_end", "area")


def _large(persons: xr.DataArray, smallest: float) -> xr.DataArray:
    """Where there are as many persons as asked for; refused if nowhere."""
    large = persons >= smallest
    if not bool(large.any()):
        message = f"Kein Gebiet ist so groß wie verlangt ({number(smallest)} Personen)."
        raise OutputError(message, remedy="Bei smallest= eine kleinere Zahl angeben.")
    return large


def _by_lead(inside: Mapping[int, xr.DataArray]) -> dict[float, dict[int, float]]:
    """Percent of the areas by level and years ahead, the mean over the launches."""
    levels = sorted({float(level) for one in inside.values() for level in one["level"].values})
    found: dict[float, dict[int, list[float]]] = {level: {} for level in levels}
    for launch, one in inside.items():
        share = 100 * one.mean("area")
        for level in one["level"].values.tolist():
            for year in one["year_end"].values.tolist():
                found[level].setdefault(year - launch, []).append(float(share.sel(level=level, year_end=year)))
    return {level: {lead: float(np.mean(v)) for lead, v in sorted(path.items())} for level, path in found.items()}


def _look_back(hindcast: xr.Dataset, smallest: float, ax: Axes | None) -> Axes:
    """Share of areas whose forecast was no more than ten percent off, by method and years ahead."""
    what, remedy = "ein Rückblick", "Das Ergebnis von hindcast(…) übergeben."
    names = ("forecast", "observed", "start")
    given = require_dataset(hindcast, *names, what=what, remedy=remedy, error=OutputError).isel(eckwert=0)
    with xr.set_options(arithmetic_join="exact"):
        near = abs(given["forecast"] - given["observed"]) * 100 <= _NEAR * given["observed"]
        known = given["forecast"].notnull() & _large(given["start"], smallest) & (given["observed"] > 0)
    share = 100 * near.where(known).mean(["launch", "area"])
    leads = share["lead"].values.tolist()
    ends = {
        label("methods", str(method)): dict(zip(leads, share.sel(forecaster=method).values.tolist(), strict=True))
        for method in share["forecaster"].values
    }
    ends = {name: path for name, path in ends.items() if not np.isnan(list(path.values())).all()}
    ax = axes_for(ax, 7.2, 4.2 if len(leads) > 1 else 1.6 + 0.3 * len(ends))
    if len(leads) > 1:
        _draw(ax, _most_telling(ends))
    else:
        _bars(ax, {name: path[leads[0]] for name, path in ends.items()})
    launched = _launched(given["launch"].values.tolist())
    ahead = f"; {counted(leads[0], 'Jahr', 'Jahre')} voraus" if len(leads) == 1 else ""
    head(
        ax, "Wie oft lag die Vorausberechnung höchstens 10 % daneben?", f"Von 100 Gebieten; {launched}{ahead}.",
        beside=0.4 if len(leads) > 1 else 2.9,
    )  # fmt: skip
    describe(ax, _words(f"Gebiete mit höchstens 10 % Abweichung, {launched}.", ends))
    return ax


def _most_telling(lines: dict[str, dict[int, float]]) -> dict[str, dict[int, float]]:
    """Of many methods the forecast in question, unchanged, and those that end best and worst."""
    if len(lines) <= _NAMED:
        return lines
    ranked = sorted(lines, key=lambda name: -list(lines[name].values())[-1])
    asked = [label("methods", name) for name in ("own", "default", "unchanged")]
    kept_names = [*(name for name in asked if name in lines), ranked[0], ranked[-1]]
    return {name: lines[name] for name in lines if name in kept_names}


def _bars(ax: Axes, values: dict[str, float]) -> None:
    """One bar per method, the best above."""
    ranked = sorted(values.items(), key=lambda item: item[1])
    own = {label("methods", name) for name in ("own", "default")}
    shades = [colour("blue" if name in own else "c5") for name, _ in ranked]
    ax.barh([name for name, _ in ranked], [value for _, value in ranked], 0.65, color=shades)
    for row, (_, value) in enumerate(ranked):
        ax.annotate(
            number(value), (value, row), (4, 0), textcoords="offset points", va="center", fontsize=SMALL,
            color=colour("ink"),
        )  # fmt: skip
    ax.set_xlim(0, 108)
    numbers_on(ax.xaxis)


def _launched(years: Sequence[int]) -> str:
    return f"{'Startpunkte' if len(years) > 1 else 'Startpunkt'} {listed(map(str, years))}"


def _draw(ax: Axes, lines: Mapping[str, Mapping[int, float]]) -> None:
    """One line per entry with its name at its end."""
    styles, leads = line_styles(), sorted({lead for path in lines.values() for lead in path})
    for k, path in enumerate(lines.values()):
        shade, dashes = styles[k % len(styles)]
        line = ax.plot(list(path), list(path.values()), color=shade, linewidth=2, marker="o", markersize=4)[0]
        if dashes:
            line.set_dashes([length / 2.2 for length in dashes])
    low = min([60.0, *(v - 5 for path in lines.values() for v in path.values() if v == v)])
    ax.set_ylim(max(low, 0), 102)
    ax.set_xlim(min(leads) - 0.5, max(leads) + 0.5)
    numbers_on(ax.yaxis)
    ax.set_xticks(leads, [str(lead) for lead in leads])
    ax.set_xlabel("Jahre voraus", fontsize=SMALL, color=colour("soft"))
    bottom, top = ax.get_ylim()
    ends = [(name, list(path.values())[-1]) for name, path in lines.items()]
    heights = spread([(value - bottom) / (top - bottom) for _, value in ends], 0.075, 0.03, 0.97)
    for k, ((name, value), height) in enumerate(zip(ends, heights, strict=True)):
        ax.annotate(
            f"{name}: {number(value)}", (1.015, height), xycoords="axes fraction", va="center", fontsize=SMALL,
            color=styles[k % len(styles)][0], annotation_clip=False,
        )  # fmt: skip


def _words(said: str, lines: Mapping[str, Mapping[int, float]]) -> str:
    told = []
    for name, path in lines.items():
        values: Floats = np.array(list(path.values()))
        steps = [f"nach {counted(lead, 'Jahr', 'Jahren')} {number(v)}" for lead, v in zip(path, values, strict=True)]
        told.append(f"{name}: {listed(steps)} von 100.")
    return "\n".join([said, *told])
