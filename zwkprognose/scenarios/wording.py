"""German words for periods and people of a scenario."""

from __future__ import annotations

from collections.abc import Mapping

from zwkprognose.german import ages, counted, decimal, listed
from zwkprognose.names import label
from zwkprognose.scenarios.fields import parse_ages
from zwkprognose.scenarios.statements import Selected, Timed


def percent(level: float) -> str:
    """Distance of a factor from 1."""
    return f"{decimal(abs(level - 1) * 100)} %"


def whom(selection: Selected) -> str:
    """Areas, group, sex and ages of a statement, with a leading space; empty for all."""
    where = f" in {listed(map(called, selection.areas))}" if selection.areas else ""
    parts = []
    if selection.nationality:
        parts.append(f"Staatsangehörigkeit {label('nationality', selection.nationality)}")
    if selection.sex:
        parts.append(label("sex", selection.sex))
    if selection.ages:
        parts.append(ages(*selection.ages))
    return where + (f" ({', '.join(parts)})" if parts else "")


def called(area: str) -> str:
    """An area, or a type of areas, as a sentence names it."""
    return f"Gebietstyp {area[1:]}" if area.startswith("@") else area


def period(statement: Timed) -> str:
    """When a statement holds.

    >>> [period(Timed(**said)) for said in ({}, {"von": 2026}, {"von": 2026, "bis": 2030}, {"von": 2026, "dauer": 1})]
    ['ab dem ersten Prognosejahr', 'ab 2026', 'von 2026 bis 2030', 'im Jahr 2026']
    >>> [period(Timed(**said)) for said in ({"bis": 2030}, {"dauer": 1}, {"dauer": 3})]
    ['vom ersten Prognosejahr bis 2030', 'im ersten Prognosejahr', 'in den ersten 3 Prognosejahren']
    """
    first, last, duration = statement.first_year, statement.last_year, statement.duration
    if first and duration:
        last = first + duration - 1
    if first and last:
        return f"im Jahr {first}" if first == last else f"von {first} bis {last}"
    if last:
        return f"vom ersten Prognosejahr bis {last}"
    if duration:
        return "im ersten Prognosejahr" if duration == 1 else f"in den ersten {duration} Prognosejahren"
    return f"ab {first}" if first else "ab dem ersten Prognosejahr"


def one_year(statement: Timed) -> bool:
    """Whether a statement holds in a single year."""
    return statement.duration == 1 or (statement.first_year is not None and statement.first_year == statement.last_year)


def glide_period(statement: Timed) -> str:
    """From when to when a glide takes place."""
    begin = f"von {statement.first_year}" if statement.first_year else "vom ersten Prognosejahr"
    if statement.duration:
        return f"{begin} an über {counted(statement.duration, 'Jahr', 'Jahre')}"
    return f"{begin} bis {statement.last_year}"


def shares(by_age: Mapping[str, float]) -> str:
    """Shares of age bands.

    >>> shares({"0-17": 0.3, "65+": 0.7}), shares({"80+": 1.0})
    ('30 % (0 bis 17 Jahre) und 70 % (ab 65 Jahren)', 'alle (ab 80 Jahren)')
    """
    told = [(f"{decimal(100 * share)} %", ages(*parse_ages(band))) for band, share in by_age.items() if share]
    return listed([f"{'alle' if len(told) == 1 else share} ({band})" for share, band in told])
