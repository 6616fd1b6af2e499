"""Families: a grid of scenarios as one run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import permutations, product
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from zwkprognose.errors import ScenarioError
from zwkprognose.german import decimal
from zwkprognose.scenarios.scenario import Scenario

#: Keyword of :func:`cross` → quantity and whether the numbers are goals or factors.
_AXES = {
    "tfr": ("geburten", "ziel"),
    "births": ("geburten", "faktor"),
    "mortality": ("sterblichkeit", "faktor"),
    "in_moves": ("zuzuege", "faktor"),
    "out_moves": ("fortzuege", "faktor"),
    "moves": ("umzuege", "faktor"),
    "naturalisations": ("einbuergerungen", "faktor"),
}


def cross(base: Scenario | None = None, **axes: Sequence[float]) -> list[Scenario]:
    """Every combination of the given levels as a scenario of its own.

    Parameters
    ----------
    base : Scenario, optional
        What holds in all of them.
    **axes : sequence of float
        ``tfr`` (children per woman), or factors ``births``, ``mortality``, ``in_moves``, ``out_moves``,
        ``moves``, ``naturalisations``.

    Returns
    -------
    list of Scenario
        For ``project``, which computes them in one run with a dimension ``scenario``;
        :func:`unfolded` turns that into one dimension per axis.

    Raises
    ------
    ScenarioError
        If an axis is unknown.

    Examples
    --------
    >>> [s.name for s in cross(tfr=[1.3, 1.5], in_moves=[0.8, 1.0])]
    ['tfr-1_3_in_moves-0_8', 'tfr-1_3_in_moves-1', 'tfr-1_5_in_moves-0_8', 'tfr-1_5_in_moves-1']
    """
    unknown = [name for name in axes if name not in _AXES]
    if unknown:
        raise ScenarioError(f"Die Achse „{unknown[0]}“ gibt es nicht.", remedy=f"Möglich sind {', '.join(_AXES)}.")
    start = base or Scenario.from_document({"name": "basis"})
    return [_member(start, dict(zip(axes, values, strict=True))) for values in product(*axes.values())]


def unfolded(projection: xr.Dataset, **axes: Sequence[float]) -> xr.Dataset:
    """A projection of :func:`cross` with one labelled dimension per axis instead of ``scenario``.

    Every scenario is found by its name, whatever the order of axes and levels.

    Raises
    ------
    ScenarioError
        If the projection lacks one of the combinations, or has scenarios beside them.
    """
    chosen = projection.sel(scenario=_keys(projection, axes))
    index = pd.MultiIndex.from_product([list(values) for values in axes.values()], names=list(axes))
    plain = chosen.drop_vars("scenario").assign_attrs(projection.attrs)
    stacked = plain.assign_coords(scenario=("scenario", range(len(index))))
    coords = xr.Coordinates.from_pandas_multiindex(index, "scenario")
    return stacked.drop_vars("scenario").assign_coords(coords).unstack("scenario")


def _keys(projection: xr.Dataset, axes: Mapping[str, Sequence[float]]) -> list[str]:
    """Names of the scenarios in the order of the product of the axes."""
    names = [str(name) for name in projection["scenario"].values.tolist()] if "scenario" in projection.dims else []
    levels = [dict(zip(axes, values, strict=True)) for values in product(*axes.values())]
    for order in permutations(axes):
        keys = [_key({axis: level[axis] for axis in order}) for level in levels]
        if sorted(keys) == sorted(names):
            return keys
    said = ", ".join(f"{axis} {', '.join(f'{value:g}' for value in values)}" for axis, values in axes.items())
    raise ScenarioError(
        f"Die Szenarien der Prognose ({', '.join(names[:4])}{' …' if len(names) > 4 else ''}) sind nicht die der "
        f"Achsen {said}.",
        remedy="Dieselben Achsen und Werte nennen wie bei cross; die Reihenfolge ist frei.",
    )


def _key(levels: Mapping[str, float]) -> str:
    """The name of a combination, with every digit of its numbers: no two have the same, and none has an exponent."""
    numbers = {name: np.format_float_positional(value, trim="-") for name, value in levels.items()}
    return "_".join(f"{name}-{number}".replace(".", "_") for name, number in numbers.items())


def _member(base: Scenario, levels: dict[str, float]) -> Scenario:
    patch = Scenario.from_document(
        {"name": "raster", "annahme": [_statement(name, value) for name, value in levels.items()]}
    )
    title = ", ".join(f"{name} {decimal(value, 3)}" for name, value in levels.items())
    whole = base | patch
    changing = tuple(a for a in whole.assumptions if a not in patch.assumptions or a.goal is not None or a.level != 1)
    return whole.model_copy(update={"assumptions": changing}).renamed(_key(levels), title)


def _statement(name: str, value: float) -> dict[str, Any]:
    quantity, kind = _AXES[name]
    return {"groesse": quantity, kind: float(value)}
