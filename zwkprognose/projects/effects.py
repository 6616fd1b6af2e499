"""What of a project's scenarios, services and milestones has no effect in its years, as Befunde."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from zwkprognose.scenarios.effects.verdict import Verdict
from zwkprognose.scenarios.said import lost_of, sentence_of

if TYPE_CHECKING:
    import xarray as xr

    from zwkprognose.tables import Findings

RULE = "S02"


def lost_in(projection: xr.Dataset, verdicts: Iterable[Verdict] = ()) -> Findings:
    """Befunde about statements that lose a part: as the projection keeps them, and those given."""
    from zwkprognose.tables import Findings

    told = [(sentence_of(record), record["remedy"]) for record in lost_of(projection.attrs)]
    told += [(str(verdict), verdict.remedy) for verdict in verdicts]
    rows = ({"severity": "warning", "rule": RULE, "message": text, "remedy": remedy} for text, remedy in told)
    return Findings.of(dict(row) for row in rows)
