"""German words for periods and people of a scenario."""

from __future__ import annotations

from zwkprognose.german import ages, counted, decimal, listed
from zwkprognose.names import label
from zwkprognose.scenarios.statements import Selected, Timed


def percent(level: float) -> str:
    """Distance of a factor from 1."""
    return f"{decimal(abs(level - 1) * 100)} %"


def whom(selection: Selected) -> str:
    """Areas, group, sex and ages of a statement, with a leading space; empty for all."""
    where = f" in {listed(selection.areas)}" if selection.areas else ""
    parts = []
    if selection.nationality:
        parts.append(f"Staatsangehörigkeit {label('nationality', selection.nationality)}")
    if selection.sex:
        parts.append(label("sex", selection.sex))
    if selection.ages:
        parts.append(ages(*selection.ages))
    return where + (f" ({', '.join(parts)})" if parts else "")


def period(statement: Timed) -> str:
    """When a statement holds."""
    first, last = statement.first_year, statement.last_year
    begin = f"ab {first}" if first else "ab dem ersten Prognosejahr"
    if last is not None:
        return f"im Jahr {last}" if last == first else f"{begin} bis {last}"
    return f"{begin} für {counted(statement.duration, 'Jahr', 'Jahre')}" if statement.duration else begin


def glide_period(statement: Timed) -> str:
    """From when to when a glide takes place."""
    begin = f"von {statement.first_year}" if statement.first_year else "vom ersten Prognosejahr"
    if statement.duration:
        return f"{begin} an über {counted(statement.duration, 'Jahr', 'Jahre')}"
    return f"{begin} bis {statement.last_year}"
