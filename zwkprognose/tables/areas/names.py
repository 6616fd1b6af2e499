"""Names and keys of areas on every occasion where they stand side by side: names that move, keys that are renamed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import combinations, pairwise
from typing import Any

import pandas as pd

from zwkprognose.tables.areas.alike import alike, folded
from zwkprognose.tables.table import Status

#: File and year in which keys and names stand side by side → the name of each key.
Occasions = Mapping[tuple[str, int], dict[str, str]]


def occasions_of(cells: pd.DataFrame) -> Occasions:
    """Names of the keys that have more than one or share theirs with another, in the order of the years."""
    cells = cells if "file" in cells else cells.assign(file="")
    present = cells["status"] != Status.ABSENT.value
    seen = cells.loc[present, ["file", "year", "area", "area_name"]].drop_duplicates()
    seen = seen.astype(dict.fromkeys(("file", "area", "area_name"), str))
    seen = seen[(seen["area"] != "") & (seen["area_name"] != "") & (seen["area"] != seen["area_name"])]
    pairs = seen[["area", "area_name"]].drop_duplicates()
    pairs = pairs.assign(folded=pairs["area_name"].map(folded)).drop_duplicates(["area", "folded"])
    odd = pairs[pairs["area"].duplicated(keep=False) | pairs["folded"].duplicated(keep=False)]["area"]
    occasions: dict[tuple[str, int], dict[str, str]] = defaultdict(dict)
    seen = seen[seen["area"].isin(odd)].sort_values(["year", "file"])
    columns = (seen[column].tolist() for column in ("file", "year", "area", "area_name"))
    for file, year, area, name in zip(*columns, strict=True):
        occasions[file, year].setdefault(area, name)
    return occasions


def moved(occasions: Occasions) -> Iterator[dict[str, Any]]:
    """Names with one key here and another there, where both places know the first key."""
    keys_of = {at: _unique(names) for at, names in occasions.items()}
    for one, other in combinations(occasions, 2):
        for name, key in keys_of[one].items():
            there, instead = keys_of[other].get(name, key), occasions[other].get(key)
            if there != key and instead is not None and folded(instead) != name:
                yield _row(key, one, other, occasions[one][key], instead) | {"other": there}


def _unique(names: Mapping[str, str]) -> dict[str, str]:
    """Folded name → key, without names that several areas have."""
    keys: dict[str, list[str]] = defaultdict(list)
    for key, name in names.items():
        keys[folded(name)].append(key)
    return {name: own[0] for name, own in keys.items() if len(own) == 1}


def changed(occasions: Occasions) -> Iterator[dict[str, Any]]:
    """Keys whose name is quite another one than on the occasion before."""
    for key in dict.fromkeys(key for names in occasions.values() for key in names):
        named = [(at, names[key]) for at, names in occasions.items() if key in names]
        for (before, name), (after, instead) in pairwise(named):
            if not alike(name, instead):
                yield _row(key, before, after, name, instead)
                break


def _row(key: str, one: tuple[str, int], other: tuple[str, int], name: str, instead: str) -> dict[str, Any]:
    before, after = (f"{year} in „{file}“" if one[1] == other[1] else str(year) for file, year in (one, other))
    return {"area": key, "before": before, "after": after, "name": name, "instead": instead}
