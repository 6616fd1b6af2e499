"""The three Datasets that other programs hand over and take back, as a JSON Schema of their heads.

What :data:`zwkprognose.names.VARIABLES` says for people and for the checks at the doors, in a form that any program can
hold a Dataset against: ``dataset.to_dict(data=False)`` is what the schema describes.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import combinations
from math import isfinite
from typing import Any

from zwkprognose.names import CONTRACT, DatasetKind, Variable, label, variables

KINDS: tuple[DatasetKind, ...] = ("inputs", "rates", "projection")
#: What each kind is, for people.
TITLES = {"inputs": "Eingaben", "rates": "Raten", "projection": "Prognose"}


def dataset_schema(kind: DatasetKind) -> dict[str, Any]:
    """The schema of one Dataset: which variables it has, in which dimensions, in which unit.

    Parameters
    ----------
    kind : {"inputs", "rates", "projection"}

    Examples
    --------
    >>> dataset_schema("rates")["properties"]["data_vars"]["required"]
    ['death_prob', 'out_prob', 'fertility_rate', 'in_moves']
    """
    arrays = variables(kind)
    return {
        "title": TITLES[kind],
        "type": "object",
        "required": ["coords", "data_vars"],
        "properties": {
            "coords": {"type": "object", "required": _always(arrays)},
            "data_vars": {
                "type": "object",
                "required": [one.name for one in arrays if one.required],
                "properties": {one.name: _array(one) for one in arrays},
            },
        },
    }


def contract_schema() -> dict[str, Any]:
    """All three, under ``$defs``; ``version`` counts changes after which an older reader would go wrong."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Datasets von zwkprognose",
        "description": "dataset.to_dict(data=False) von xarray; gewählt mit #/$defs/inputs, rates oder projection.",
        "version": CONTRACT,
        "$defs": {kind: dataset_schema(kind) for kind in KINDS},
    }


def schema_text() -> str:
    """The same as a file of the documentation holds it."""
    return json.dumps(contract_schema(), ensure_ascii=False, indent=1) + "\n"


def _always(arrays: tuple[Variable, ...]) -> list[str]:
    """Dimensions that a Dataset of this kind has in any case."""
    sure = {dim for one in arrays if one.required for dim in one.dims if dim not in one.broadcast}
    return sorted(sure)


def _array(one: Variable) -> dict[str, Any]:
    low, high = one.bounds
    return {
        "title": one.label,
        "description": label("units", one.unit),
        "type": "object",
        "required": ["dims", "dtype"],
        "properties": {
            "dims": {"enum": [list(dims) for dims in _allowed(one)]},
            "dtype": {"enum": ["float64"]},
        },
        "values": {name: end for name, end in (("minimum", low), ("maximum", high)) if isfinite(end)},
    }


def _allowed(one: Variable) -> Iterator[tuple[str, ...]]:
    """The dimensions of an array, whole first, then without what may be the same for all."""
    for few in range(len(one.broadcast) + 1):
        for left_out in combinations(one.broadcast, few):
            yield tuple(dim for dim in one.dims if dim not in left_out)
