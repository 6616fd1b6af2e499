"""The Kommunalprofil of one area on one page, to print and to hang up."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import xarray as xr

from zwkprognose.errors import OutputError
from zwkprognose.inputs.handed import handed
from zwkprognose.output.content.places import key_of
from zwkprognose.output.files.atomic import whole_file
from zwkprognose.output.files.endings import require_ending
from zwkprognose.output.files.extras import require
from zwkprognose.output.profiles.pages import KINDS, html_of, locator_of
from zwkprognose.output.profiles.pdf import require_pdf, write_all
from zwkprognose.output.profiles.thresholds import Thresholds
from zwkprognose.output.profiles.write import contents_of, printed
from zwkprognose.output.report.pages import write_page


def profile(
    projection: xr.Dataset,
    area: str,
    path: str | Path | None = None,
    *,
    inputs: xr.Dataset | None = None,
    geometry: Mapping[str, Any] | None = None,
    thresholds: Thresholds | str | Path | None = None,
    internal: bool = False,
    created: datetime.date | None = None,
) -> Path:
    """Write the Kommunalprofil of one area as a page of A4.

    All places at once, with care and arrivals, are written by :func:`zwkprognose.output.profiles.write_profiles`.

    Parameters
    ----------
    projection : xr.Dataset
        Result of the engine for the whole city; the area is compared with it, and small numbers can only be
        protected together.
    area : str
        Key of the area, or its name where only one has it.
    path : path
        Target, ``.html`` or ``.pdf``.
    inputs, geometry, internal, created
        As for :func:`zwkprognose.write_report`; ``geometry`` shows where the area lies.
    thresholds : Thresholds, path or text, optional
        When a figure is called strong or weak; default: those of the package.

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
    if not isinstance(path, str | Path):
        raise OutputError(
            f"Wohin das Profil geschrieben werden soll, ist nicht angegeben; übergeben wurde {handed(path)}.",
            remedy='Als drittes einen Dateinamen angeben, zum Beispiel "mitte.html" oder "mitte.pdf".',
        )
    require_ending(path, ".html", ".htm", ".pdf")
    as_pdf = Path(path).suffix.lower() == ".pdf"
    if as_pdf:
        require_pdf()
    contents = contents_of(
        projection, inputs=inputs, thresholds=thresholds, geometry=geometry, internal=internal, created=created
    )
    areas = contents.material.facts.areas
    area = key_of(areas, area)
    position = list(areas).index(area)
    page = contents.page(KINDS["kommunal"], position)
    if page.sheet is None:
        raise OutputError(
            "Für dieses Gebiet darf keine Zahl gezeigt werden (Schutz kleiner Zahlen).",
            cells=[{"area": area}],
            remedy="Das Gebiet mit einem Nachbargebiet zusammenfassen oder intern mit internal=True arbeiten.",
        )
    drawn = locator_of(contents)
    if not as_pdf:
        return write_page(path, html_of(contents, KINDS["kommunal"], [page], drawn))
    document = printed(contents, KINDS["kommunal"], [page], drawn)
    with whole_file(path) as temporary:
        write_all(document, temporary)
    return Path(path)

