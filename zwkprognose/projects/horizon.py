"""A warning about a last year that lies so far ahead that it may be a slip."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zwkprognose.german import number

if TYPE_CHECKING:
    import xarray as xr

    from zwkprognose.projects.document import Project
    from zwkprognose.tables import Findings

#: Years ahead after which nearly everybody has been born or has moved in after the last stock.
LONG = 60


def far_ahead(project: Project, inputs: xr.Dataset) -> Findings:
    """Say it if a projection goes on for longer than people stay: 2300 may be meant as 2030."""
    from zwkprognose.tables import Findings

    last, start = project.horizon.until, int(inputs["year_end"][-1])
    if last - start <= LONG:
        return Findings.of([])
    message = (
        f"Gerechnet wird bis {last}, {number(last - start)} Jahre über den letzten Bestand hinaus; fast niemand von "
        "damals lebt dann noch hier, das Ergebnis folgt allein aus den fortgeschriebenen Raten."
    )
    remedy = "Unter [prognose] bei „bis“ prüfen, ob das Jahr so gemeint ist."
    return Findings.of([{"severity": "warning", "rule": "P04", "message": message, "remedy": remedy}])
