"""Paper for a picture: a figure and axes that carry what they show in words, with German numbers and quiet lines.

Figures are made without pyplot: nothing is kept open, nothing appears twice in a notebook, and no window is needed.
"""

from __future__ import annotations

import base64
import io
import textwrap
from collections.abc import Callable, Sequence
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.projections import register_projection
from matplotlib.ticker import FuncFormatter, MaxNLocator

from zwkprognose.errors import OutputError
from zwkprognose.german import decimal
from zwkprognose.inputs.handed import handed
from zwkprognose.output.content.facts import facts_of
from zwkprognose.output.figures.colours import colour
from zwkprognose.output.figures.frame import year_ticks

if TYPE_CHECKING:
    import xarray as xr

#: Where the formats of files keep a description.
_SAID_AS = {"png": "Description", "svg": "Description", "pdf": "Subject", "ps": "Title", "eps": "Title"}
_DOTS = 160
#: Sizes of letters, points.
TINY, SMALL, TEXT, TITLE = 7, 8.5, 9.5, 12.5
#: Letters of one point that a line of one inch holds, about.
_LETTERS = 124


class Picture(Figure):
    """A figure that describes itself in words: in a notebook, in the files it is saved to, and as ``alt``."""

    alt: str = ""

    def savefig(self, fname: Any, **options: Any) -> None:
        """As in matplotlib; the words travel in the file."""
        known = str(options.get("format") or Path(str(fname)).suffix.removeprefix(".") or "png").lower()
        if known in _SAID_AS:
            options["metadata"] = {_SAID_AS[known]: self.alt, **(options.get("metadata") or {})}
        super().savefig(fname, **{"dpi": _DOTS, **options})

    def _repr_html_(self) -> str:
        """The picture with its words for those who do not see it."""
        drawn = io.BytesIO()
        self.savefig(drawn, format="png")
        width = round(96 * self.get_size_inches()[0])
        data = base64.b64encode(drawn.getvalue()).decode()
        style = f"width:{width}px;max-width:100%;height:auto"
        return f'<img alt="{escape(self.alt)}" style="{style}" src="data:image/png;base64,{data}">'


class Panel(Axes):
    """Axes of a picture; the last line of a notebook's cell shows it."""

    name = "zwkprognose"

    @property
    def alt(self) -> str:
        """What is to be seen, in German sentences."""
        return str(getattr(self.figure, "alt", ""))

    def _repr_html_(self) -> str:
        return str(self.figure._repr_html_())  # type: ignore[union-attr]


register_projection(Panel)


def axes_for(ax: Axes | None, width: float = 7.2, height: float = 4.4) -> Axes:
    """The axes that were given, or new ones on a paper of this size in inches."""
    if ax is None:
        paper = Picture(figsize=(width, height), layout="constrained", facecolor="white")
        paper.get_layout_engine().set(w_pad=0.12, h_pad=0.1)  # type: ignore[union-attr,call-arg]
        ax = paper.add_subplot(projection=Panel.name)
    if not isinstance(ax, Axes):
        raise OutputError(
            f"Gezeichnet wird auf Achsen von matplotlib (ax); übergeben wurde {handed(ax)}.",
            remedy="Zum Beispiel figure, ax = matplotlib.pyplot.subplots() oder ax weglassen.",
        )
    for side in ("top", "right"):
        ax.spines[side].set_visible(False)
    for side in ("left", "bottom"):
        ax.spines[side].set_color(colour("rule"))
    ax.tick_params(colors=colour("soft"), labelsize=SMALL, length=0)
    ax.set_axisbelow(True)
    return ax


def head(ax: Axes, title: str, below: str = "", *, beside: float = 0.4) -> None:
    """Title and what is drawn how, over the axes, which begin ``beside`` inches from the left of the paper."""
    paper = ax.get_figure(root=True)
    width = (paper.get_figwidth() if paper else 6.4) - beside
    said = "\n".join(textwrap.wrap(below, round(_LETTERS * width / SMALL)))
    room = 8 + 12 * (said.count("\n") + 1 if said else 0)
    named = "\n".join(textwrap.wrap(title, round(0.9 * _LETTERS * width / TITLE)))
    ax.set_title(named, loc="left", fontsize=TITLE, fontweight="bold", color=colour("deep"), pad=room)
    if said:
        ax.annotate(
            said, (0, 1), (0, 6), xycoords="axes fraction", textcoords="offset points", fontsize=SMALL,
            color=colour("soft"), va="bottom",
        ).set_in_layout(False)  # fmt: skip


def foot(ax: Axes, *datasets: xr.Dataset | None) -> None:
    """The source of the numbers under the picture, where it is known."""
    lines = [facts_of(data).source_line for data in datasets if data is not None and "year_end" in data]
    known = [line for line in lines if line != "Quelle nicht angegeben"]
    if known and isinstance(ax.figure, Picture):
        wrapped = textwrap.wrap(f"Quelle: {known[-1]}", round(_LETTERS * ax.figure.get_figwidth() / TINY))
        ax.figure.supxlabel("\n".join(wrapped), x=0.015, ha="left", fontsize=TINY, color=colour("soft"))


def describe(ax: Axes, text: str) -> None:
    """Keep what is to be seen in words; axes of somebody else get it as their label for programs."""
    if isinstance(ax.figure, Picture):
        ax.figure.alt = text
    else:
        ax.set_gid(text)


def german(value: float, _: object = None) -> str:
    """A number of an axis."""
    return decimal(value)


def numbers_on(axis: Any, say: Callable[[float, Any], str] = german, count: int = 6, whole: bool = False) -> None:
    """Numbers as Germans read them, and quiet lines across; ``whole`` for persons."""
    axis.set_major_locator(MaxNLocator(count, steps=[1, 2, 2.5, 5, 10], integer=whole))
    axis.set_major_formatter(FuncFormatter(say))
    axis.grid(True, color=colour("rule"), linewidth=0.7)


def years_on(ax: Axes, first: int, last: int) -> None:
    """Round years, the first and the last of a short period."""
    marks = year_ticks(first, last) if last - first >= 6 else list(range(first, last + 1))
    ax.set_xticks(marks, [str(year) for year in marks])


def key(ax: Axes, entries: Sequence[tuple[Any, str]], **where: Any) -> None:
    """What the colours mean."""
    options = {"frameon": False, "fontsize": SMALL, "labelcolor": colour("ink"), **where}
    ax.legend([mark for mark, _ in entries], [text for _, text in entries], **options)
