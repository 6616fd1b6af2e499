"""Straight scales and round ticks."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Scale:
    """Maps values from ``low`` to ``high`` onto positions from ``start`` to ``end``."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        """Position of a value, in user units with one decimal."""
        share = (value - self.low) / (self.high - self.low)
        return round(self.start + share * (self.end - self.start), 1)


def round_step(span: float, count: int) -> float:
    """The smallest of 1, 2, 2.5, 5 times a power of ten that divides ``span`` into at most ``count`` steps.

    Examples
    --------
    >>> round_step(9000, 5), round_step(0.7, 5), round_step(12, 5)
    (2000.0, 0.2, 2.5)
    """
    raw = span / count
    power = 10.0 ** math.floor(math.log10(raw))
    factor = next(f for f in (1, 2, 2.5, 5, 10) if f * power >= raw * (1 - 1e-9))
    return round(factor * power, 12)


def ticks(low: float, high: float, count: int = 5, least: float = 0.0) -> list[float]:
    """Round values that enclose ``low`` to ``high``; steps are not smaller than ``least``.

    Examples
    --------
    >>> ticks(1210, 1890, 4)
    [1200.0, 1400.0, 1600.0, 1800.0, 2000.0]
    """
    span = high - low
    step = max(round_step(span if span > 0 else max(abs(high), 1.0) / 5, count), least)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [round(k * step, 9) for k in range(first, max(last, first + 1) + 1)]
