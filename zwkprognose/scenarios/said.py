"""What a projection keeps of its scenarios: their assumptions in sentences, and what of them has no effect."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from zwkprognose.scenarios.effects.verdict import Verdict

if TYPE_CHECKING:
    import xarray as xr

#: Attributes of a projection: sentences of every scenario by its name, and records of what is without effect.
ASSUMPTIONS, LOST = "assumptions", "without_effect"


def assumptions_of(projection: xr.Dataset) -> dict[str, list[str]]:
    """What each scenario of a projection assumes, in sentences, as the projection or its file keeps them.

    Examples
    --------
    >>> from zwkprognose import Scenario, estimate_rates, load_example, project
    >>> inputs = load_example("bremerhaven")
    >>> projection = project(inputs, estimate_rates(inputs), Scenario.bundled("middle"), until=2026)
    >>> assumptions_of(projection)["middle"]
    ['Die Sterbewahrscheinlichkeiten sinken ab dem ersten Prognosejahr jedes Jahr um 1 %.']
    """
    read: dict[str, list[str]] = json.loads(projection.attrs.get(ASSUMPTIONS, "{}"))
    return read


def kept(verdicts: Iterable[Verdict], scenario: str = "") -> list[dict[str, Any]]:
    """Verdicts as records of an attribute, with the name of their scenario."""
    said = []
    for verdict in verdicts:
        record = {key: value for key, value in asdict(verdict).items() if key not in ("nothing_left", "path")}
        said.append({"scenario": scenario, **record})
    return said


def lost_of(attrs: Any) -> list[dict[str, Any]]:
    """Records that the attributes of a projection keep."""
    read: list[dict[str, Any]] = json.loads(attrs.get(LOST, "[]"))
    return read


def sentence_of(record: dict[str, Any]) -> str:
    """A record as a German sentence, without its remedy."""
    return str(Verdict(record["place"], record["message"], record["remedy"], record["persons"]))
