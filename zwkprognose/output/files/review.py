"""How good forecasts would have been here: the page of a city, to read and to print, and all scores as a table."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import xarray as xr

from zwkprognose.errors import OutputError
from zwkprognose.evaluation import city_page, score
from zwkprognose.evaluation.hindcast import DEFAULT, OWN
from zwkprognose.german import counted, number
from zwkprognose.names import label
from zwkprognose.output.files.reading import is_ours, write_reading, write_table
from zwkprognose.output.report.markdown import to_html
from zwkprognose.output.report.pages import render
from zwkprognose.regions import Regions

#: Files of a look back in the order in which they are written.
REVIEW = ("rueckblick.html", "rueckblick.md", "rueckblick.csv")
#: Persons below which an area does not count.
SMALLEST = 1000.0


def write_review(
    folder: str | Path,
    hindcast: xr.Dataset,
    title: str,
    *,
    force: bool = False,
    created: datetime.date | None = None,
    regions: Regions | None = None,
    notes: Sequence[str] = (),
) -> Path:
    """Write a hindcast as ``rueckblick.html``, ``rueckblick.md`` and ``rueckblick.csv``.

    Parameters
    ----------
    folder : path
        Target; made if it does not exist.
    hindcast : xr.Dataset
        From :func:`zwkprognose.hindcast`; areas of at least 1,000 persons at the launch count, or all where a launch
        has none.
    title : str
        Name of the city.
    force : bool
        Replace a look back that is already there.
    created : date, optional
        Printed at the foot; default: today.
    regions : Regions, optional
        What the whole and its parts are called.
    notes : sequence of str
        German sentences (Markdown) below the result, such as what is not put to the test.

    Raises
    ------
    OutputError
        If the folder already has one and ``force`` is not given, or the system refuses to write.
    """
    hindcast, smallest = _counting(hindcast)
    largest = float(np.ceil(hindcast["start"].max()))
    scores = score(hindcast, smallest=smallest, largest=largest)

    def pages() -> tuple[str, str]:
        page = _page(title, hindcast, scores, smallest, largest, notes)
        if regions is not None:
            heading, _, rest = page.partition("\n")
            page = f"{heading}\n{regions.worded(rest)}"
        html = render(
            "review.html.j2", created, kind="Rückblick", kicker="Wie gut wären Prognosen hier gewesen?", title=title,
            content=to_html(page),
        )  # fmt: skip
        return html, page

    return write_reading(folder, REVIEW, pages, lambda draft: _write_scores(scores, draft / REVIEW[2]), force=force)


is_review = is_ours(REVIEW[0])


def summary(scores: pd.DataFrame) -> list[str]:
    """The result in one sentence per lead, for readers who know no measure."""
    told = pd.DataFrame(scores.xs("none", level="eckwert"))
    methods = told.index.get_level_values("method")
    method = OWN if OWN in methods else DEFAULT
    if method not in methods:
        return []
    leads = told.xs(method, level="method").index.get_level_values("lead").unique()
    return [_sentence(pd.DataFrame(told.xs(lead, level="lead")), method, int(lead)) for lead in leads]


def _sentence(told: pd.DataFrame, method: str, lead: int) -> str:
    """How far off one forecast was, beside standing still; launches and areas of the very numbers are counted."""
    own, still = (told.xs(name, level="method") for name in (method, "unchanged"))
    half, most = (
        [number(float(part.loc[own.index, measure].mean()), 1) for part in (own, still)]
        for measure in ("medape", "ape90")
    )
    few, many = int(own["areas"].min()), int(own["areas"].max())
    areas = counted(many, "Gebiet", "Gebieten") if few == many else f"{number(few)} bis {number(many)} Gebieten"
    name = "die Vorausberechnung dieses Projekts" if method == OWN else "die Vorausberechnung"
    if many == 1:
        return (
            f"Nach {lead} Jahren, von {counted(len(own), 'Startpunkt', 'Startpunkten')} aus und in 1 Gebiet, lag "
            f"{name} um {half[0]} % daneben. Bei unveränderter Bevölkerung wären es {half[1]} %."
        )
    return (
        f"Nach {lead} Jahren, von {counted(len(own), 'Startpunkt', 'Startpunkten')} aus und in {areas}, lag {name} in "
        f"der Hälfte der Gebiete um höchstens {half[0]} % daneben, in neun von zehn um höchstens {most[0]} %. Bei "
        f"unveränderter Bevölkerung wären es {half[1]} % und {most[1]} %. Die künftige Gesamtzahl war nicht bekannt."
    )


def _page(
    title: str, hindcast: xr.Dataset, scores: pd.DataFrame, smallest: float, largest: float, notes: Sequence[str]
) -> str:
    """The page of the city with the plain sentences below its heading."""
    heading, _, rest = city_page(title, hindcast, smallest=smallest, largest=largest).partition("\n\n")
    found = summary(scores) or [NO_OWN]
    few = [] if smallest >= SMALLEST else [TOO_SMALL]
    return "\n\n".join([heading, *found, *few, *notes, rest])


#: Said where the project's own forecast could be made from no launch.
NO_OWN = (
    "Die Vorausberechnung dieses Projekts ließ sich von keinem Startpunkt aus rechnen; warum, steht am Ende. Die "
    "Tabellen zeigen andere Verfahren."
)
TOO_SMALL = (
    f"Nicht an jedem Startpunkt hat ein Gebiet {number(SMALLEST)} Personen. Gezählt sind deshalb alle bewohnten "
    "Gebiete; in so kleinen Gebieten sind die Fehler vor allem Zufall."
)


def _counting(hindcast: xr.Dataset) -> tuple[xr.Dataset, float]:
    """The areas that count and the size from which they do: all inhabited ones where a launch has no larger one."""
    if bool((hindcast["start"] >= SMALLEST).any("area").all()):
        return hindcast, SMALLEST
    inhabited = (hindcast["start"] > 0).all("launch") & (hindcast["observed"] > 0).all(["launch", "lead"])
    if not bool(inhabited.any()):
        raise OutputError(
            "In keinem Gebiet leben an allen Stichtagen Personen; Fehler in Prozent sind nicht bestimmt.",
            remedy="Andere Startpunkte wählen oder Gebiete zusammenfassen.",
        )
    return hindcast.isel(area=inhabited.values), 1.0


def _write_scores(scores: pd.DataFrame, path: Path) -> None:
    """One row per method, Eckwert, lead and launch; measures under their German names."""
    table = scores.reset_index()
    heads = {"eckwert": "eckwert", "method": "verfahren", "lead": "jahre", "launch": "startpunkt", "areas": "gebiete"}
    named = table.assign(
        method=[label("methods", name) for name in table["method"]],
        eckwert=table["eckwert"].map({"none": "ohne", "true": "wahr", "trend": "Trend"}),
    )
    header = [heads.get(str(column), label("measures", str(column))) for column in table.columns]
    write_table(path, header, named.itertuples(index=False, name=None))
