"""The portrait of one quarter on one page, to print and to hang up."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import xarray as xr

from zwkprognose.errors import OutputError
from zwkprognose.output.content.material import gather
from zwkprognose.output.content.notes import span_sentences
from zwkprognose.output.content.places import key_of
from zwkprognose.output.figures.choropleth import outline
from zwkprognose.output.files.extras import require
from zwkprognose.output.report.pages import policy, render, write_page
from zwkprognose.output.report.portraits import portrait
from zwkprognose.output.report.tiles import tiles


def profile(
    projection: xr.Dataset,
    area: str,
    path: str | Path,
    *,
    inputs: xr.Dataset | None = None,
    geometry: Mapping[str, Any] | None = None,
    internal: bool = False,
    created: datetime.date | None = None,
) -> Path:
    """Write the portrait of one area as a page of A4.

    Parameters
    ----------
    projection : xr.Dataset
        Result of the engine for the whole city; the area is compared with it, and small numbers can only be
        protected together.
    area : str
        Key or name of the area.
    path : path
        Target ``.html``; prints on one page.
    inputs, geometry, internal, created
        As for :func:`zwkprognose.write_report`; ``geometry`` shows where the area lies.

    Raises
    ------
    OutputError
        If there is no such area, nothing may be shown of it, or the file cannot be written.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import mkdtemp
    >>> from zwkprognose import estimate_rates, load_example, project
    >>> inputs = load_example("berlin")
    >>> projection = project(inputs, estimate_rates(inputs), until=2023)
    >>> page = profile(projection, "0101", Path(mkdtemp()) / "mitte.html", inputs=inputs)
    >>> "Mitte" in page.read_text("utf-8")
    True
    """
    require("jinja2", extra="report")
    material = gather(projection, inputs, internal=internal)
    area = key_of(material.facts.areas, area)
    position = list(material.facts.areas).index(area)
    if not material.numbers.shown(position):
        raise OutputError(
            "Für dieses Gebiet darf keine Zahl gezeigt werden (Schutz kleiner Zahlen).",
            cells=[{"area": area}],
            remedy="Das Gebiet mit einem Nachbargebiet zusammenfassen oder intern mit internal=True arbeiten.",
        )
    page = render(
        "profile.html.j2",
        created,
        facts=material.facts,
        internal=material.internal,
        policy=policy(),
        p=portrait(material, position),
        unsure=span_sentences(material.spans, material.facts)[0],
        tiles=tiles(material.numbers, position, material.spans),
        place=None if geometry is None else outline(geometry, list(material.facts.areas)),
    )
    return write_page(path, page)
