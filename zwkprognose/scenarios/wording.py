"""German words for numbers, periods and people."""

from __future__ import annotations

from collections.abc import Sequence

from zwkprognose.names import label
from zwkprognose.scenarios.statements import Selected, Timed


def decimal(value: float, digits: int = 2) -> str:
    """A number in German notation without trailing zeros.

    Examples
    --------
    >>> decimal(1.5), decimal(-8.0), decimal(12345.678), decimal(1200.0, 0)
    ('1,5', '−8', '12.345,68', '1.200')
    """
    text = f"{abs(value):,.{digits}f}"
    if digits:
        text = text.rstrip("0").rstrip(".")
    return ("−" if value < 0 else "") + text.replace(",", "\x00").replace(".", ",").replace("\x00", ".")


def percent(level: float) -> str:
    """Distance of a factor from 1."""
    return f"{decimal(abs(level - 1) * 100)} %"


def enumerated(words: Sequence[str]) -> str:
    """Words with commas and a last "und"."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} und {words[-1]}"


def whom(selection: Selected) -> str:
    """Areas, group, sex and ages of a statement, with a leading space; empty for all."""
    where = f" in {enumerated(selection.areas)}" if selection.areas else ""
    parts = []
    if selection.nationality:
        parts.append(f"Staatsangehörigkeit {label('nationality', selection.nationality)}")
    if selection.sex:
        parts.append(label("sex", selection.sex))
    if selection.ages:
        parts.append(ages(selection.ages))
    return where + (f" ({', '.join(parts)})" if parts else "")


def ages(band: tuple[int, int | None]) -> str:
    """An age band in words.

    Examples
    --------
    >>> ages((18, 29)), ages((65, None)), ages((18, 18))
    ('18 bis 29 Jahre', 'ab 65 Jahren', '18 Jahre')
    """
    first, last = band
    if last is None:
        return f"ab {first} Jahren"
    return f"{first} Jahre" if first == last else f"{first} bis {last} Jahre"


def period(statement: Timed) -> str:
    """When a statement holds."""
    first, last = statement.first_year, statement.last_year
    begin = f"ab {first}" if first else "ab dem ersten Prognosejahr"
    if last is not None:
        return f"im Jahr {last}" if last == first else f"{begin} bis {last}"
    return f"{begin} für {_years(statement.duration)}" if statement.duration else begin


def glide_period(statement: Timed) -> str:
    """From when to when a glide takes place."""
    begin = f"von {statement.first_year}" if statement.first_year else "vom ersten Prognosejahr"
    if statement.duration:
        return f"{begin} an über {_years(statement.duration)}"
    return f"{begin} bis {statement.last_year}"


def _years(number: int) -> str:
    return "1 Jahr" if number == 1 else f"{number} Jahre"
