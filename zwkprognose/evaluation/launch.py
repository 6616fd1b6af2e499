"""How rates would have been estimated at an earlier launch: the same methods, the base years as long before it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from zwkprognose.errors import EvaluationError
from zwkprognose.german import numbers
from zwkprognose.rates.city_moves import usual


def at_launch(options: Mapping[str, Any], years: Sequence[int], base: int | None = None) -> dict[str, Any]:
    """Arguments of :func:`zwkprognose.estimate_rates` at the last of the years that were known.

    Base years are as long before the launch as they are before ``base``, or as nearly as there are stocks then. Moves
    of the city that are known by year count as those of a usual one.

    Raises
    ------
    EvaluationError
        If fewer than two base years were known.

    Examples
    --------
    >>> at_launch({"base_years": [2014, 2020]}, [2006, 2011, 2016], 2020)
    {'base_years': [2011, 2016]}
    """
    said, launch = options.get("base_years"), years[-1]
    if base is not None and launch != base and options.get("city_moves") is not None:
        options = dict(options) | {"city_moves": usual(options["city_moves"])}
    if said is None or base is None or launch == base:
        return dict(options)
    known = sorted({min(years, key=lambda known: abs(known - (year - base + launch))) for year in said})
    if len(known) < min(2, len(said)):
        raise EvaluationError(
            f"So lange vor dem 31.12.{launch}, wie die Basisjahre {numbers(sorted(said))} vor {base} liegen, "
            "gibt es nicht zwei Bestände.",
            remedy="Einen späteren Startpunkt wählen oder die Basisjahre weglassen.",
        )
    return dict(options) | {"base_years": known}
