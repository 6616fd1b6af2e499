"""Families: a grid of scenarios as one run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import permutations, product
from numbers import Real
from typing import Any

import pandas as pd
import xarray as xr

from zwkprognose.complaints import written
from zwkprognose.errors import ScenarioError
from zwkprognose.german import decimal, listed
from zwkprognose.scenarios.documents import kind_of
from zwkprognose.scenarios.levers import key_of
from zwkprognose.scenarios.scenario import Scenario, required

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
        If an axis is unknown, or its levels are no different numbers.

    Examples
    --------
    >>> [s.name for s in cross(tfr=[1.3, 1.5], in_moves=[0.8, 1.0])]
    ['tfr-1_3_in_moves-0_8', 'tfr-1_3_in_moves-1', 'tfr-1_5_in_moves-0_8', 'tfr-1_5_in_moves-1']
    """
    unknown = [name for name in axes if name not in _AXES]
    if unknown:
        raise ScenarioError(f"Die Achse „{unknown[0]}“ gibt es nicht.", remedy=f"Möglich sind {', '.join(_AXES)}.")
    start = Scenario.from_document({"name": "basis"}) if base is None else required(base)
    levels = {name: _numbers(name, values) for name, values in axes.items()}
    return [_member(start, dict(zip(levels, values, strict=True))) for values in product(*levels.values())]


def unfolded(projection: xr.Dataset, **axes: Sequence[float]) -> xr.Dataset:
    """A projection of :func:`cross` with one labelled dimension per axis instead of ``scenario``.

    Every scenario is found by its name, whatever the order of axes and levels.

    Raises
    ------
    ScenarioError
        If the projection lacks one of the combinations, or has scenarios beside them.
    """
    if not isinstance(projection, xr.Dataset):
        raise ScenarioError(
            f"Entfaltet wird eine Prognose, nicht {kind_of(projection)}.",
            remedy="Das Ergebnis von project(…, cross(…)) angeben.",
        )
    levels = {name: _numbers(name, values) for name, values in axes.items()}
    chosen = projection.sel(scenario=_keys(projection, levels))
    index = pd.MultiIndex.from_product(list(levels.values()), names=list(levels))
    plain = chosen.drop_vars("scenario").assign_attrs(projection.attrs)
    stacked = plain.assign_coords(scenario=("scenario", range(len(index))))
    coords = xr.Coordinates.from_pandas_multiindex(index, "scenario")
    return stacked.drop_vars("scenario").assign_coords(coords).unstack("scenario")


def _keys(projection: xr.Dataset, axes: Mapping[str, Sequence[float]]) -> list[str]:
    """Names of the scenarios in the order of the product of the axes."""
    names = [str(name) for name in projection["scenario"].values.tolist()] if "scenario" in projection.dims else []
    levels = [dict(zip(axes, values, strict=True)) for values in product(*axes.values())]
    for order in permutations(axes):
        keys = [key_of({axis: level[axis] for axis in order}) for level in levels]
        if axes and sorted(keys) == sorted(names):
            return keys
    said = listed(f"{axis} ({' · '.join(written(value) for value in values)})" for axis, values in axes.items())
    there = f"die Szenarien {', '.join(names[:4])}{' …' if len(names) > 4 else ''}" if names else "kein Szenario"
    raise ScenarioError(
        f"Die Prognose enthält {there}; das sind nicht die Kombinationen der Achsen {said}."
        if axes else f"Ohne Achsen lässt sich nichts entfalten; die Prognose enthält {there}.",
        remedy="Dieselben Achsen und Werte nennen wie bei cross; die Reihenfolge ist frei.",
    )  # fmt: skip


def _numbers(name: str, values: Any) -> list[float]:
    """The levels of an axis, refused unless they are numbers of which no two are the same."""
    several = isinstance(values, Iterable) and not isinstance(values, str | Mapping)
    levels = list(values) if several else []
    wrong = [value for value in levels if isinstance(value, bool) or not isinstance(value, Real)]
    if not levels or wrong:
        shown = kind_of(wrong[0] if wrong else values) if wrong or not several else "leer"
        raise ScenarioError(
            f"Achse „{name}“: Hier muss eine Liste von Zahlen stehen, nicht {shown}.",
            remedy=f"Zum Beispiel {name}=[0.9, 1.0, 1.1] angeben.",
        )
    twice = [value for value in levels if levels.count(value) > 1]
    if twice:
        said = f"Achse „{name}“: {written(twice[0])} steht zweimal da."
        raise ScenarioError(said, remedy="Jeden Wert einmal nennen.")
    return [float(value) for value in levels]


def _member(base: Scenario, levels: dict[str, float]) -> Scenario:
    patch = Scenario.from_document(
        {"name": "raster", "annahme": [_statement(name, value) for name, value in levels.items()]}
    )
    title = ", ".join(f"{name} {decimal(value, 3)}" for name, value in levels.items())
    whole = base | patch
    changing = tuple(a for a in whole.assumptions if a not in patch.assumptions or a.goal is not None or a.level != 1)
    return whole.model_copy(update={"assumptions": changing}).renamed(key_of(levels), title)


def _statement(name: str, value: float) -> dict[str, Any]:
    quantity, kind = _AXES[name]
    return {"groesse": quantity, kind: float(value)}
