"""How good forecasts would have been here: the page of a city, to read and to print, and all scores as a table."""

from __future__ import annotations

import datetime
from pathlib import Path

import numpy as np
import pandas as pd
import xarray as xr

from zwkprognose.evaluation import city_page, over_launches, score
from zwkprognose.german import number
from zwkprognose.names import label
from zwkprognose.output.files.extras import require
from zwkprognose.output.files.folder import refuse_results, whole_folder
from zwkprognose.output.files.long_table import field, write_rows
from zwkprognose.output.report.markdown import to_html
from zwkprognose.output.report.pages import render

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
) -> Path:
    """Write a hindcast as ``rueckblick.html``, ``rueckblick.md`` and ``rueckblick.csv``.

    Parameters
    ----------
    folder : path
        Target; made if it does not exist.
    hindcast : xr.Dataset
        From :func:`zwkprognose.hindcast`; areas of at least 1,000 persons at the launch count.
    title : str
        Name of the city.
    force : bool
        Replace a look back that is already there.
    created : date, optional
        Printed at the foot; default: today.

    Raises
    ------
    OutputError
        If the folder already has one and ``force`` is not given, or the system refuses to write.
    """
    require("jinja2", extra="report")
    refuse_results(folder, REVIEW, force=force)
    largest = float(np.ceil(hindcast["start"].max()))
    scores = score(hindcast, smallest=SMALLEST, largest=largest)
    page = _page(title, hindcast, scores, largest)
    with whole_folder(folder, REVIEW) as draft:
        html = render("review.html.j2", created, title=title, content=to_html(page))
        (draft / REVIEW[0]).write_text(html, encoding="utf-8")
        (draft / REVIEW[1]).write_text(page, encoding="utf-8")
        _write_scores(scores, draft / REVIEW[2])
    return Path(folder)


def summary(scores: pd.DataFrame) -> list[str]:
    """The result in one sentence per lead, for readers who know no measure."""
    means = over_launches(scores).reset_index()
    plain = means[means["eckwert"] == "none"].set_index(["method", "lead"])
    found = [lead for method, lead in plain.index if method == "default"]
    return [_sentence(plain, lead) for lead in found]


def _sentence(plain: pd.DataFrame, lead: int) -> str:
    half, most = (
        [number(float(plain[measure].loc[(method, lead)]), 1) for method in ("default", "unchanged")]
        for measure in ("medape", "ape90")
    )
    return (
        f"Nach {lead} Jahren lag die Prognose in der Hälfte der Gebiete um höchstens {half[0]} % daneben, in neun von "
        f"zehn um höchstens {most[0]} %. Wer die Bevölkerung unverändert gelassen hätte: {half[1]} % und {most[1]} %. "
        "Gerechnet ohne Kenntnis der künftigen Gesamtzahl der Stadt."
    )


def _page(title: str, hindcast: xr.Dataset, scores: pd.DataFrame, largest: float) -> str:
    """The page of the city with the plain sentences below its heading."""
    heading, _, rest = city_page(title, hindcast, smallest=SMALLEST, largest=largest).partition("\n\n")
    return "\n\n".join([heading, *summary(scores), rest])


def _write_scores(scores: pd.DataFrame, path: Path) -> None:
    """One row per method, Eckwert, lead and launch; measures under their German names."""
    table = scores.reset_index()
    heads = {"eckwert": "eckwert", "method": "verfahren", "lead": "jahre", "launch": "startpunkt", "areas": "gebiete"}
    named = table.assign(
        method=[label("methods", name) for name in table["method"]],
        eckwert=table["eckwert"].map({"none": "ohne", "true": "wahr", "trend": "Trend"}),
    )
    header = [heads.get(str(column), label("measures", str(column))) for column in table.columns]
    rows = (";".join(field(_short(value)) for value in row) for row in named.itertuples(index=False, name=None))
    write_rows(path, header, rows)


def _short(value: object) -> object:
    return round(value, 3) if isinstance(value, float) else value
