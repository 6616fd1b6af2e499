"""The one picture: how far off, after five and after ten years."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from zwkprognose.evaluation.tables import score_text

if TYPE_CHECKING:
    from run import Results

SHOWN = {
    "linear_exponential": "Trend verlängert",
    "unchanged": "alles bleibt gleich",
    "average": "Mittel aus beiden",
    "default": "zwkprognose",
}
BLUE, GREY = "#0072b2", "#8c8c8c"


def picture(results: Results, path: Path) -> None:
    """Bars of the mean error of an area's total, without a given city total."""
    import matplotlib

    matplotlib.use("svg")
    import matplotlib.pyplot as plt

    # no dates and no random marks in the file: the same figures give the same picture
    with plt.rc_context({"svg.hashsalt": "zwkprognose", "svg.fonttype": "none", "font.size": 11}):
        figure, axes = plt.subplots(1, 2, figsize=(8, 2.9), sharey=True, sharex=True, layout="constrained")
        for axis, lead in zip(axes, (5, 10), strict=True):
            mean = results.mean("Berlin", lead)["mape"].xs(("none", lead), level=("eckwert", "lead"))
            _bars(axis, [float(mean[k]) for k in SHOWN], f"nach {lead} Jahren")
        figure.suptitle("Mittlerer Fehler der Einwohnerzahl eines Berliner Quartiers in Prozent", fontsize=12)
        figure.savefig(path, metadata={"Date": None, "Title": "Mittlerer Fehler nach fünf und zehn Jahren"})
        plt.close(figure)


def _bars(axis, values: list[float], title: str) -> None:  # type: ignore[no-untyped-def]
    colours = [BLUE if name == "default" else GREY for name in SHOWN]
    axis.barh(list(SHOWN.values()), values, color=colours, height=0.62)
    for row, value in enumerate(values):
        axis.text(value + 0.15, row, score_text(value), va="center")
    axis.set_title(title, loc="left", fontsize=11)
    axis.set_xlim(0, max(values) * 1.25)
    axis.spines[["top", "right", "bottom"]].set_visible(False)
    axis.tick_params(left=False, bottom=False, labelbottom=False)
