"""Strengths, weaknesses and themes of one area: every verdict with its number and its rule."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from zwkprognose.german import listed, number
from zwkprognose.output.content.numbers import Numbers
from zwkprognose.output.profiles.indices import INDICES, title
from zwkprognose.output.profiles.thresholds import Rule, Thresholds
from zwkprognose.output.publication.rounding import Floats

#: Themes that a profile names.
THEMES = 3
#: Below this size a few persons move every figure.
SMALL = 1000


@dataclass(frozen=True, slots=True)
class Verdict:
    """A strength or a weakness in words, with the number and the rule behind it; ``far``: thresholds away."""

    strong: bool | None
    words: str
    reason: str
    theme: str
    far: float


@dataclass(frozen=True, slots=True)
class Judgement:
    """All verdicts of one place, its themes, or why there are none."""

    strengths: tuple[Verdict, ...] = ()
    weaknesses: tuple[Verdict, ...] = ()
    themes: tuple[tuple[str, str], ...] = ()
    silent: tuple[str, ...] = ()
    blank: str = ""


def judged(values: Mapping[str, Floats], thresholds: Thresholds, numbers: Numbers, area: int | None) -> Judgement:
    """What the thresholds say of one area; the whole is judged by rules about values alone."""
    at = 0 if area is None else area + 1
    if area is not None and not values["personen"][at] >= SMALL:
        return Judgement(
            blank=f"Unter {number(SMALL)} Personen wird nicht gewertet: Wenige Menschen verändern dort jede Kennzahl."
        )
    rules = [rule for rule in thresholds.rules if rule.against == "wert" or area is not None]
    known = [rule for rule in rules if np.isfinite(_held(rule, values, at))]
    missing = [rule for rule in rules if rule not in known]
    found = [_verdict(rule, values, at, numbers) for rule in known]
    return Judgement(
        tuple(sorted((one for one in found if one.strong), key=_farthest)),
        tuple(sorted((one for one in found if one.strong is False), key=_farthest)),
        _themes(found),
        tuple(_silent(missing, numbers)),
        "" if found else "Keine Kennzahl dieses Gebiets wird veröffentlicht, die eine Schwelle hat.",
    )


def _held(rule: Rule, values: Mapping[str, Floats], at: int) -> float:
    """What the thresholds of a rule are compared with, as exactly as it is printed."""
    own, digits = float(values[rule.index][at]), INDICES[rule.index].digits
    if not np.isfinite(own):
        return np.nan
    return round(round(own, digits) - _compared(rule, values), digits)


def _compared(rule: Rule, values: Mapping[str, Floats]) -> float:
    """Value of the whole, or of the middle area, as it is printed; 0 for rules about the value itself."""
    if rule.against == "wert":
        return 0.0
    known = values[rule.index][1:][np.isfinite(values[rule.index][1:])]
    middle = float(np.median(known)) if known.size else np.nan
    other = float(values[rule.index][0]) if rule.against == "gesamt" else middle
    return round(other, INDICES[rule.index].digits) if np.isfinite(other) else np.nan


def _verdict(rule: Rule, values: Mapping[str, Floats], at: int, numbers: Numbers) -> Verdict:
    held = _held(rule, values, at)
    strong = rule.judged(held)
    words = "" if strong is None else rule.strength if strong else rule.weakness
    return Verdict(strong, words, _reason(rule, values, at, strong, numbers), rule.theme, _far(rule, held, strong))


def _reason(rule: Rule, values: Mapping[str, Floats], at: int, strong: bool | None, numbers: Numbers) -> str:
    """``Jugendquotient 34,2 (Stadt insgesamt 28,9); Regel: ab +4``."""
    index, facts = INDICES[rule.index], numbers.facts
    said = f"{title(rule.index, facts.target_year)} {index.text(float(values[rule.index][at]))}"
    place = facts.regions.total if rule.against == "gesamt" else f"Median der {facts.kind.plural}"
    if rule.against != "wert":
        said += f" ({place} {index.text(_compared(rule, values))})"
    return said if strong is None else f"{said}; Regel: {rule.said(strong, place)}"


def _far(rule: Rule, held: float, strong: bool | None) -> float:
    """Distance from the threshold, in widths of the rule: above 0 beyond it, below 0 short of the nearest one."""
    limits = [limit for side, limit in rule.limits() if strong is None or side == strong]
    width = max(max(abs(limit) for _, limit in rule.limits()), 1e-9)
    nearest = min(limits, key=lambda limit: abs(held - limit))
    return (-1 if strong is None else 1) * abs(held - nearest) / width


def _farthest(verdict: Verdict) -> float:
    return -verdict.far


def _themes(found: Sequence[Verdict]) -> tuple[tuple[str, str], ...]:
    """Three themes: weaknesses before strengths, then what lies nearest to a threshold; each with its reason."""
    order = sorted(found, key=lambda one: ({False: 0, True: 1, None: 2}[one.strong], -one.far))
    chosen: dict[str, str] = {}
    for one in order:
        label = {False: "handeln", True: "erhalten", None: "beobachten"}[one.strong]
        chosen.setdefault(one.theme, f"{label}: {one.words or one.reason}")
    return tuple(list(chosen.items())[:THEMES])


def _silent(rules: Sequence[Rule], numbers: Numbers) -> list[str]:
    """Which figures could not be judged."""
    if not rules:
        return []
    names = listed([title(rule.index, numbers.facts.target_year) for rule in rules])
    return [f"Nicht gewertet, weil nicht bekannt oder nicht veröffentlicht: {names}."]
