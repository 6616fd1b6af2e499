"""Musterstadt, made once for all tasks."""

from __future__ import annotations

from functools import cache

from zwkprognose.examples import Musterstadt, musterstadt


@cache
def town() -> Musterstadt:
    """The town of the course and its truth."""
    return musterstadt()
