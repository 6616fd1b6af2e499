"""An assumed turnover: which statements act on moves that nobody has counted, and what the assumption does."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from zwkprognose.arithmetic import total
from zwkprognose.german import age_span, decimal, listed, number, signed

if TYPE_CHECKING:
    from zwkprognose.scenarios.scenario import Scenario

#: Attribute of rates: JSON with the last year and, by scenario, what other turnovers would make of it.
EFFECT = "turnover_effect"
#: Largest turnover that can be assumed.
MOST = 0.2
#: Ages of which the most affected are named.
BANDS: tuple[tuple[int, int | None], ...] = ((0, 17), (18, 29), (30, 64), (65, None))
#: Quantities of which only the net is seen in stocks.
ASSUMED = ("zuzuege", "fortzuege")
#: Change, in per cent, below which there is none to speak of.
LEAST = 0.05


def is_assumed(attrs: Mapping[Any, Any]) -> bool:
    """Whether rates with these attributes rest on an assumed turnover."""
    return attrs.get("migration") == "residual" and float(attrs.get("turnover", 0.0)) > 0


def acting(scenario: Scenario) -> list[tuple[str, int]]:
    """Statements that change in- or out-moves by a share: key and position in the document."""
    found = [("annahme", k) for k, a in enumerate(scenario.assumptions) if a.quantity in ASSUMED and a.level]
    found += [("halten", k) for k in range(len(scenario.retention))]
    return found + [("anziehen", k) for k, a in enumerate(scenario.attraction) if a.percent]


def without_acting(scenario: Scenario) -> Scenario | None:
    """The scenario without these statements; ``None`` if it has none."""
    gone = acting(scenario)
    if not gone:
        return None
    kept = {
        "assumptions": tuple(a for k, a in enumerate(scenario.assumptions) if ("annahme", k) not in gone),
        "retention": (),
        "attraction": tuple(a for k, a in enumerate(scenario.attraction) if ("anziehen", k) not in gone),
    }
    return scenario.model_copy(update=kept).detached()


def compared(turnover: float, now: np.ndarray, other: np.ndarray) -> dict[str, Any]:
    """How many more persons another turnover makes, per cent: all of them, and the most affected band [band]."""
    by_band = 100 * (np.divide(other, now, out=np.ones_like(now), where=now > 0) - 1)
    most = int(np.argmax(abs(by_band)))
    return {"turnover": turnover, "change": change(now, other), "band": most, "band_change": float(by_band[most])}


def change(one: np.ndarray, other: np.ndarray) -> float:
    """From the sum of one to that of the other, per cent."""
    return float(100 * (total(other) / total(one) - 1))


def effect_sentence(attrs: Mapping[Any, Any]) -> str:
    """What other turnovers would make of the main scenario of this very projection; empty if it is not known."""
    known = _known(attrs)
    if known is None:
        return ""
    under = f" unter dem Szenario „{known['title']}“" if known["title"] else ""
    most = max(known["turnovers"], key=lambda one: abs(one["band_change"]))
    band, by_band = age_span(*BANDS[most["band"]]), _percent(most["band_change"])
    ages = f"; am stärksten ändert sich bei {_rate(most)} das Alter {band} ({by_band})"
    said = ages if abs(most["band_change"]) >= LEAST else ""
    if all(abs(one["change"]) < LEAST for one in known["turnovers"]):
        rates = listed(_rate(one) for one in known["turnovers"])
        return f"Hier bleibt{under} die Gesamtzahl bis {known['year']} mit {rates} Umschlag dieselbe{said}"
    return f"Hier ergeben sich{under} bis {known['year']} {listed(map(_more_or_less, known['turnovers']))}{said}"


def acting_sentence(attrs: Mapping[Any, Any], scenario: Scenario) -> str:
    """How the effect of a scenario's statements on assumed moves hangs on the assumption; empty if it is not known."""
    known = _known(attrs, scenario.name)
    if known is None or known["effect"] is None:
        return ""
    others = listed(f"mit {_rate(one)} Umschlag um {_percent(one['effect'])}" for one in known["turnovers"])
    return f" Die Bevölkerung ändert sich dadurch bis {known['year']} um {_percent(known['effect'])}, {others}."


def _known(attrs: Mapping[Any, Any], name: str | None = None) -> dict[str, Any] | None:
    """What is known of a scenario, or of the main one."""
    found = json.loads(attrs.get(EFFECT, "{}"))
    known = [one for one in found.get("scenarios", []) if name is None or one["name"] == name]
    return {"year": found["year"], **known[0]} if known and known[0]["turnovers"] else None


def _more_or_less(one: Mapping[str, Any]) -> str:
    if abs(one["change"]) < LEAST:
        return f"mit {_rate(one)} Umschlag ebenso viele Personen"
    more = "mehr" if one["change"] > 0 else "weniger"
    return f"mit {_rate(one)} Umschlag {number(abs(one['change']), 1)} % {more} Personen"


def _percent(value: float) -> str:
    return f"{signed(value, 1)} %"


def _rate(one: Mapping[str, Any]) -> str:
    return f"{decimal(100 * one['turnover'])} %"
