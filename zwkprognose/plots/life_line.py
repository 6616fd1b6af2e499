"""The way of one cohort through the Lexis plane: stocks on the 31.12., and what changes them in between."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection

from zwkprognose.german import number, signed
from zwkprognose.output.account import Account
from zwkprognose.output.figures.colours import colour
from zwkprognose.plots.picture import SMALL, TINY, axes_for, describe, head

#: Stocks and changes that find room along the diagonal.
_NAMED = 11
#: What changes a cohort: title and components.
_KINDS = {
    "Geburten": ("births",),
    "Sterbefälle": ("deaths",),
    "Zuzüge, auch aus anderen Gebieten": ("in_moves", "eckwert", "moves_in"),
    "Fortzüge, auch in andere Gebiete": ("out_moves", "moves_out"),
    "Übriges": ("naturalisations", "erstbezug", "sondergruppe"),
}


def life_line(account: Account, ax: Axes | None = None) -> Axes:
    """Draw an account: a band along the diagonal, as long as the cohort is followed.

    Every year's parallelogram lies between the stocks of two 31.12.; its colour says whether the cohort grew. Above
    stands the stock, below the change, and in the corner what all changes together are made of.
    """
    stocks, born = account.stocks, account.birth_year
    years = sorted({entry.year for entry in account.entries if entry.name == "closing"})
    changes = {year: sum(e.shown for e in account.entries if e.year == year and _is_event(e.name)) for year in years}
    ax = axes_for(ax, 7.4, 7.0)
    _band(ax, changes, born)
    _labels(ax, {year: entry.shown for year, entry in stocks.items()}, changes, born)
    first, last = min(stocks, default=born), max(years)
    room = max((last - first) * 0.16, 1.0)
    ax.set(xlim=(first - room, last + room), ylim=(max(first - born, 0) - 2 * room, last - born + 1 + room))
    ax.set_aspect("equal")
    step = max(round((last - first) / 10), 1)
    ax.set_xticks(range(first, last + 1, step), [str(year) for year in range(first, last + 1, step)])
    lowest = max(first - born, 0)
    ax.set_yticks(range(lowest, last - born + 2, step))
    ax.grid(True, color=colour("rule"), linewidth=0.6)
    ax.set_xlabel("31.12.", fontsize=SMALL, color=colour("soft"))
    ax.set_ylabel("Alter", fontsize=SMALL, color=colour("soft"))
    ax.annotate(
        "\n".join(_sums(account, years)), (0.98, 0.03), xycoords="axes fraction", ha="right", fontsize=SMALL,
        color=colour("ink"), linespacing=1.5,
    )  # fmt: skip
    above, below = "Über dem Band: Personen am 31.12.", "darunter: Veränderung im Jahr, blau Zunahme, orange Abnahme."
    head(ax, account.title, f"{above}; {below}")
    describe(ax, _words(account, changes))
    return ax


def _is_event(name: str) -> bool:
    return name not in ("opening", "closing")


def _band(ax: Axes, changes: dict[int, float], born: int) -> None:
    """A parallelogram for every year, a triangle for the year of birth."""
    corners = [
        [(y - 1, max(y - born - 1, 0)), (y - 1, max(y - born, 0)), (y, y - born + 1), (y, y - born)] for y in changes
    ]
    shades = [colour("k3" if change >= 0 else "k2") for change in changes.values()]
    ax.add_collection(PolyCollection(corners, facecolors=shades, edgecolors=colour("soft"), linewidths=0.6))


def _labels(ax: Axes, stocks: dict[int, float], changes: dict[int, float], born: int) -> None:
    step = max(-(-len(stocks) // _NAMED), 1)
    for year in [*stocks][::-step]:
        ax.plot([year, year], [year - born, year - born + 1], color=colour("ink"), linewidth=1.4)
        ax.annotate(
            number(stocks[year]), (year, year - born + 1), (-3, 4), textcoords="offset points", ha="right", va="bottom",
            fontsize=SMALL, fontweight="bold", color=colour("ink"),
        )  # fmt: skip
    for year in [*changes][::-step]:
        ax.annotate(
            signed(changes[year]), (year - 0.5, year - born), (9, -9), textcoords="offset points", va="top",
            fontsize=TINY, color=colour("blue" if changes[year] >= 0 else "k0"),
        )  # fmt: skip


def _sums(account: Account, years: list[int]) -> list[str]:
    """What came and went over the whole way."""
    by_kind = {k: sum(e.shown for e in account.entries if e.name in names) for k, names in _KINDS.items()}
    span = f"{years[0]} bis {years[-1]}" if len(years) > 1 else str(years[0])
    return [f"Zusammen {span}:", *(f"{kind} {signed(persons)}" for kind, persons in by_kind.items() if persons)]


def _words(account: Account, changes: dict[int, float]) -> str:
    shown = {year: entry.shown for year, entry in account.stocks.items()}
    first, last = min(shown), max(shown)
    most = max(changes, key=lambda year: abs(changes[year]))
    lines = [
        f"Lexis-Diagramm: {account.title}.",
        f"Am 31.12.{first} {number(shown[first], 1)} Personen, am 31.12.{last} {number(shown[last], 1)}.",
        f"Am stärksten ändert sich der Jahrgang im Jahr {most}: um {signed(changes[most], 1)} Personen.",
    ]
    return "\n".join([*lines, account.ends] if account.ends else lines)
