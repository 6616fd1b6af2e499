"""The frame of a figure over years: margins, ticks, and the scales inside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from zwkprognose.german import number
from zwkprognose.output.figures.scales import Scale, ticks

WIDTH, HEIGHT = 520, 300
_TOP, _BOTTOM, _EDGE = 14, 34, 10

Ticks = tuple[tuple[float, str], ...]


@dataclass(frozen=True, slots=True)
class Frame:
    """Edges and ticks in user units."""

    width: int
    height: int
    left: int
    right: int
    top: int
    bottom: int
    y_ticks: Ticks
    y: Scale


def frame(low: float, high: float, *, right_texts: Sequence[str] = (), height: int = HEIGHT) -> Frame:
    """Frame for values from ``low`` to ``high`` with room for labels at both sides."""
    pad = 0.04 * (high - low) or max(abs(high), 1.0) * 0.1
    bottom, top = (0.0 if low == 0 else low - pad), high + pad
    values = [value for value in ticks(bottom, top, height // 50, least=1) if bottom <= value <= top]
    y = Scale(bottom, top, height - _BOTTOM, _TOP)
    texts = [number(value) for value in values]
    right = WIDTH - _EDGE - (room_for(right_texts) if right_texts else 0)
    marks = tuple((y(value), text) for value, text in zip(values, texts, strict=True))
    return Frame(WIDTH, height, room_for(texts), right, _TOP, height - _BOTTOM, marks, y)


def room_for(texts: Sequence[str]) -> int:
    """Width that the longest of the texts needs, also in the larger type of small screens."""
    return 12 + round(8.8 * max(len(text) for text in texts))


def year_ticks(first: int, last: int) -> list[int]:
    """Every fifth calendar year, every tenth of a period too long for the type of small screens.

    Examples
    --------
    >>> year_ticks(2018, 2031)
    [2020, 2025, 2030]
    """
    step = 5 if last - first <= 24 else 10
    return [year for year in range(first, last + 1) if year % step == 0]
