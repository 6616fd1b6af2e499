"""Why two projections differ: from one to the other in steps that add up."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import xarray as xr
from matplotlib.axes import Axes

from zwkprognose.errors import OutputError
from zwkprognose.german import number, signed
from zwkprognose.inputs.handed import require_dataset
from zwkprognose.names import label
from zwkprognose.output.content.places import Place, place_of, year_of
from zwkprognose.output.figures.colours import colour
from zwkprognose.plots.picture import SMALL, TEXT, axes_for, describe, head, numbers_on

#: Contributions smaller than this are not drawn, persons.
_NOTHING = 0.05


def plot_decomposition(
    decomposition: xr.Dataset,
    area: str | Iterable[str] | None = None,
    *,
    year: int | None = None,
    titles: Sequence[str] = ("erste Vorausberechnung", "zweite Vorausberechnung"),
    ax: Axes | None = None,
) -> Axes:
    """Draw what makes two projections differ, step by step from one to the other.

    Parameters
    ----------
    decomposition : xr.Dataset
        From :func:`zwkprognose.decompose` or :func:`zwkprognose.evaluation.decompose_vintages`.
    area : str or iterable of str, optional
        Key of an area; several are added up; the whole unless given.
    year : int, optional
        31.12.; the last unless given.
    titles : sequence of two str
        What the two are called.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a new picture unless given.

    Returns
    -------
    matplotlib.axes.Axes
        Of a new picture with ``alt``, what is to be seen in words. The axis shows persons more or less than in the
        first projection.

    Raises
    ------
    OutputError
        If this is no decomposition, there is no such area or year, or there are not two titles.

    Examples
    --------
    >>> from zwkprognose import Scenario, decompose, estimate_rates, load_example
    >>> from zwkprognose.evaluation import Case
    >>> inputs = load_example("bremerhaven")
    >>> rates = estimate_rates(inputs)
    >>> more = Scenario.from_toml('name = "mehr"\\n[[annahme]]\\ngroesse = "zuzuege"\\nprozent = 10')
    >>> axes = plot_decomposition(decompose(Case(inputs, rates), Case(inputs, rates, more), until=2026))
    >>> axes.alt.splitlines()[1].startswith("Zuzüge: +")
    True
    """
    what, remedy = "eine Zerlegung", "Das Ergebnis von decompose(…) übergeben."
    given = require_dataset(decomposition, "contribution", "one", "other", what=what, remedy=remedy, error=OutputError)
    if isinstance(titles, str) or len(titles) != 2:
        message = "Eine Zerlegung vergleicht zwei Vorausberechnungen."
        raise OutputError(message, remedy="Bei titles= zwei Namen angeben.")
    place = place_of(given, area)
    year = year_of(given, int(given["year_end"][-1]) if year is None else year)
    now = given.sel(year_end=year, area=list(place.keys)).sum(["area", "age_group"])
    one, other = float(now["one"]), float(now["other"])
    parts = _parts(now)
    ax = axes_for(ax, 7.2, 1.9 + 0.42 * max(len(parts), 1))
    reached = _draw(ax, parts)
    _ends(ax, len(parts), reached, (one, other), titles)
    numbers_on(ax.xaxis, count=7)
    ax.grid(False, axis="y")
    ax.axvline(0, color=colour("ink"), linewidth=0.9)
    head(
        ax, f"Was den Unterschied ausmacht · {place.name}",
        f"31.12.{year}, Personen mehr oder weniger als: {titles[0]}. Die Schritte ergeben zusammen den Unterschied.",
        beside=1.7,
    )  # fmt: skip
    describe(ax, _words(place, year, titles, one, other, parts))
    return ax


def _parts(now: xr.Dataset) -> dict[str, float]:
    """Contributions that are something, the largest first."""
    values = dict(zip(map(str, now["component"].values), now["contribution"].values.tolist(), strict=True))
    found = {label("components", name): value for name, value in values.items() if abs(value) >= _NOTHING}
    return dict(sorted(found.items(), key=lambda item: -abs(item[1])))


def _draw(ax: Axes, parts: dict[str, float]) -> float:
    """A bar for each step, where the one before ended; returns where the last one ends."""
    reached = 0.0
    for row, value in enumerate(parts.values(), start=1):
        ax.barh(row, value, 0.62, left=reached, color=colour("blue" if value > 0 else "red"))
        ax.plot([reached + value] * 2, [row - 0.31, row + 1.31], color=colour("soft"), linewidth=0.8)
        end = max(reached, reached + value)
        ax.annotate(
            signed(value), (end, row), (5, 0), textcoords="offset points", va="center", fontsize=TEXT,
            color=colour("ink"),
        )  # fmt: skip
        reached += value
    names = ["", *parts, ""]
    ax.set_yticks(range(len(names)), names, fontsize=TEXT, color=colour("ink"))
    return reached


def _ends(ax: Axes, steps: int, reached: float, totals: tuple[float, float], titles: Sequence[str]) -> None:
    """The two projections above and below the steps."""
    for row, at, total, title in zip((0, steps + 1), (0.0, reached), totals, titles, strict=True):
        ax.plot(at, row, "o", color=colour("black"), markersize=6, clip_on=False)
        text = f"{title}: {number(total)}"
        left = at <= (ax.get_xlim()[0] + ax.get_xlim()[1]) / 2
        ax.annotate(
            text, (at, row), (8 if left else -8, 0), textcoords="offset points", va="center", fontsize=TEXT,
            fontweight="bold", color=colour("ink"), ha="left" if left else "right",
        )  # fmt: skip
    ax.set_ylim(steps + 1.6, -0.6)
    ax.margins(x=0.12)
    ax.tick_params(axis="x", labelsize=SMALL)


def _words(
    place: Place, year: int, titles: Sequence[str], one: float, other: float, parts: dict[str, float]
) -> str:
    first = (
        f"Unterschied am 31.12.{year}, {place.name}: {titles[0]} {number(one)}, {titles[1]} {number(other)} Personen, "
        f"also {signed(other - one)}."
    )
    return "\n".join([first, *(f"{name}: {signed(value)}." for name, value in parts.items())])
