"""Whom a statement speaks of: area, group, sex and age as boolean masks; unknown ones are refused by name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING
from unicodedata import normalize

import numpy as np
import xarray as xr

from zwkprognose.errors import ScenarioError
from zwkprognose.names import label
from zwkprognose.scenarios.documents import KeyPath, nearest

if TYPE_CHECKING:
    from zwkprognose.scenarios.fields import AgeBand
    from zwkprognose.scenarios.scenario import Scenario


@dataclass(frozen=True, slots=True)
class Place:
    """A spot in a scenario document, for error messages."""

    scenario: Scenario
    path: KeyPath = ()

    def at(self, *path: str | int) -> Place:
        """A spot further inside."""
        return Place(self.scenario, (*self.path, *path))

    def __str__(self) -> str:
        return self.scenario.place(*self.path)


def area_keys(
    wanted: tuple[str, ...], known: Mapping[str, str], place: Place, inside: tuple[str, ...] = ()
) -> list[str]:
    """Keys of the areas a statement names by key, by name, by pattern (``0101*``) or by type (``@zentrum``).

    Parameters
    ----------
    wanted : tuple of str
        Entries of the document.
    known : mapping
        Area key → name of the projection.
    place : Place
        The list in the document.
    inside : tuple of str
        Types of areas in whose list the entries stand.

    Raises
    ------
    ScenarioError
        If an entry fits no area, suggests the nearest keys and names; or if types contain each other.
    """
    keys: dict[str, None] = {}
    for index, word in enumerate(wanted):
        hits = _of_type(word, known, place, inside) if word.startswith("@") else matching(word, known)
        if not hits:
            raise unknown_area(place.at(index), word, known)
        keys.update(dict.fromkeys(hits))
    return list(keys)


def matching(word: str, known: Mapping[str, str]) -> list[str]:
    """Keys that a key, a name, a group of areas (``Amt Nord``) or a pattern with ``*`` or ``?`` stands for."""
    if word in known:
        return [word]
    if isinstance(known, Areas) and word in known.groups:
        return known.groups[word]
    is_pattern = "*" in word or "?" in word
    name_of = normalize("NFC", word)  # an umlaut may be one sign or two
    return [
        key
        for key, name in known.items()
        if normalize("NFC", name) == name_of or (is_pattern and fnmatchcase(key, word))
    ]


def _of_type(word: str, known: Mapping[str, str], place: Place, inside: tuple[str, ...]) -> list[str]:
    """Areas of a type that the scenario defines."""
    types = place.scenario.area_types
    name = word.removeprefix("@")
    if name not in types:
        raise ScenarioError(
            f"{place}: Den Gebietstyp „{word}“ kennt das Szenario nicht.",
            remedy=f"Unter [gebietstypen] festlegen; dort stehen: {', '.join(types) or 'keine'}.",
        )
    at = Place(place.scenario, ("gebietstypen", name))
    if name in inside:
        raise ScenarioError(
            f"{at}: Die Gebietstypen enthalten einander: {' → '.join(f'„@{one}“' for one in (*inside, name))}.",
            remedy="In einem der Gebietstypen die Gebiete selbst nennen.",
        )
    return area_keys(types[name], known, at, (*inside, name))


class Areas(dict[str, str]):
    """Area key → name, and the groups of areas: level and label (``Amt Nord``) → keys."""

    def __init__(self, names: Mapping[str, str], groups: Mapping[str, list[str]]) -> None:
        super().__init__(names)
        self.groups = dict(groups)


def known_areas(labelled: xr.Dataset | xr.DataArray) -> Areas:
    """Area key → name (empty if the arrays carry none), and the groups of every further coordinate of the areas."""
    keys = [str(key) for key in labelled["area"].values] if "area" in labelled.coords else []
    names = labelled["area_name"].values if "area_name" in labelled.coords else [""] * len(keys)
    groups: dict[str, list[str]] = {}
    for level in levels_of(labelled):
        for key, label_of in zip(keys, labelled[level].values.tolist(), strict=True):
            groups.setdefault(f"{level} {label_of}", []).append(key)
    return Areas({key: str(name) for key, name in zip(keys, np.atleast_1d(names), strict=True)}, groups)


def levels_of(labelled: xr.Dataset | xr.DataArray) -> list[str]:
    """Names of the levels into which areas are grouped: coordinates of the areas beside their keys and names."""
    found = labelled.coords.variables.items()
    return [str(name) for name, v in found if v.dims == ("area",) and name not in ("area", "area_name")]


def area_mask(area: xr.DataArray, wanted: tuple[str, ...], known: Mapping[str, str], place: Place) -> xr.DataArray:
    """Areas that the statement names."""
    return _bare(area.isin(area_keys(wanted, known, place)))


def equals(rates: xr.Dataset, dim: str, value: str, place: Place) -> xr.DataArray:
    """One sex or one group."""
    present = [str(v) for v in rates[dim].values] if dim in rates.coords else []
    if value not in present:
        there = " oder ".join(f"„{label(dim, v)}“" for v in present)
        raise ScenarioError(
            f"{place}: „{label(dim, value)}“ gibt es in dieser Vorausberechnung nicht.",
            remedy=f"Möglich ist {there}." if len(present) > 1 else "Die Angabe weglassen: Unterschieden wird nicht.",
        )
    return _bare(rates[dim] == value)


def age_mask(ages: xr.DataArray, oldest: int, band: AgeBand, place: Place) -> xr.DataArray:
    """Ages of a band; the open age group ``oldest`` belongs to a band only as a whole."""
    first, last = band
    has_open_group = int(ages.max()) == oldest
    if first > oldest or (last is not None and last >= oldest and has_open_group):
        raise ScenarioError(
            f"{place}: Ab {oldest} Jahren kennen die Raten keine einzelnen Alter mehr.",
            remedy=f'Die Altersspanne offen angeben, zum Beispiel "{min(first, oldest)}+".',
        )
    mask = (ages >= first) & (ages <= (oldest if last is None else last))
    if not bool(mask.any()):
        raise ScenarioError(
            f"{place}: In dieser Altersspanne hat die Größe keine Werte.",
            remedy=f"Ein Alter zwischen {int(ages.min())} und {int(ages.max())} Jahren wählen.",
        )
    return _bare(mask)


def _bare(mask: xr.DataArray) -> xr.DataArray:
    """The mask without labels such as area names, which need not be the same on both sides."""
    return mask.drop_vars([name for name in mask.coords if name not in mask.dims])


def unknown_area(place: Place | str, word: str, known: Mapping[str, str]) -> ScenarioError:
    """That there is no such area, with those whose keys or names are like it."""
    groups = known.groups if isinstance(known, Areas) else {}
    hits = nearest(word, {**known, **dict.fromkeys(groups, "")})
    listed = " oder ".join(f"{key} ({known[key]})" if known.get(key) else key for key in hits)
    return ScenarioError(
        f"{f'{place}: ' if place else ''}Ein Gebiet „{word}“ gibt es in dieser Vorausberechnung nicht.",
        cells=[{"area": word}],
        remedy=f"Gemeint ist vielleicht {listed}." if hits else "Schlüssel oder Namen der Gebiete prüfen.",
    )
