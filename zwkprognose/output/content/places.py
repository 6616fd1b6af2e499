"""Areas, years and scenarios that a call asks for: found by key or name, or refused with what was probably meant."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import xarray as xr

from zwkprognose.errors import OutputError
from zwkprognose.german import listed
from zwkprognose.inputs.handed import handed
from zwkprognose.names import label
from zwkprognose.output.content.facts import area_names, main_of
from zwkprognose.output.content.facts import facts_of as _facts_of
from zwkprognose.regions import regions_in
from zwkprognose.scenarios.documents import nearest

#: Names that a refusal lists at most.
_LISTED = 5


@dataclass(frozen=True, slots=True)
class Place:
    """What is shown: keys of the areas that are added up, and what they are called together."""

    keys: tuple[str, ...]
    name: str


def place_of(dataset: xr.Dataset, area: Any = None) -> Place:
    """One area by its key or name, several that are added up, or the whole.

    Raises
    ------
    OutputError
        If there is no such area; names those that were probably meant.
    """
    names = area_names(dataset)
    if area is None:
        return Place(tuple(names), regions_in(dataset.attrs).total)
    several = isinstance(area, Iterable) and not isinstance(area, str | bytes | Mapping)
    keys = tuple(dict.fromkeys(key_of(names, one) for one in area)) if several else (key_of(names, area),)
    if not keys:
        raise OutputError("Es wurde kein Gebiet angegeben.", remedy=f"{_examples(names)}, oder area=None für alle.")
    return Place(keys, listed([*(names[key] for key in keys[:3]), *(["weitere"] if len(keys) > 3 else [])]))


def key_of(names: Mapping[str, str], asked: Any) -> str:
    """The key of an area that is asked for by key or name.

    Parameters
    ----------
    names : mapping of key to name
        All areas.
    asked
        Key or name.

    Raises
    ------
    OutputError
        If there is no such area, or several have the name.
    """
    if not isinstance(asked, str):
        raise OutputError(
            f"Ein Gebiet wird durch seinen Schlüssel oder Namen als Text angegeben; übergeben wurde {handed(asked)}.",
            remedy=f"{_examples(names)}; führende Nullen gehören dazu.",
        )
    if asked in names:
        return asked
    called = [key for key, name in names.items() if name.casefold() == " ".join(asked.split()).casefold()]
    if len(called) > 1:
        raise OutputError(
            f"„{asked}“ heißen mehrere Gebiete.", remedy=f"Einen der Schlüssel {listed(called, 'oder')} angeben."
        )
    if called:
        return called[0]
    near = [f"„{names[key]}“ ({key})" for key in nearest(asked, names)]
    remedy = f"Gemeint ist vielleicht {listed(near, 'oder')}." if near else f"{_examples(names)}."
    raise OutputError(f"Das Gebiet „{asked}“ gibt es nicht.", remedy=remedy)


def year_of(dataset: xr.Dataset, asked: Any, dim: str = "year_end") -> int:
    """A year that the dataset holds.

    Raises
    ------
    OutputError
        If it is no whole number or lies outside; says which years there are.
    """
    known = dataset[dim].values.astype(int).tolist()
    if isinstance(asked, bool) or not isinstance(asked, int | np.integer):
        raise OutputError(
            f"Ein Jahr ist eine ganze Zahl; übergeben wurde {handed(asked)}.",
            remedy=f"Ein Jahr wie {known[-1]} angeben.",
        )
    if asked not in known:
        what = f"Das Jahr {asked}" if dim == "year" else f"Der 31.12.{asked}"
        raise OutputError(f"{what} kommt hier nicht vor.", remedy=f"Vorhanden sind {_years(known)}.")
    return int(asked)


def scenario_of(projection: xr.Dataset, asked: Any = None) -> xr.Dataset:
    """The projection under one scenario, by name or title; the main one unless asked for.

    Raises
    ------
    OutputError
        If there is no such scenario; lists those that there are.
    """
    if "scenario" not in projection.dims:
        if asked is None or ("scenario" in projection.coords and asked == str(projection["scenario"].item())):
            return projection
        raise OutputError(
            "Diese Vorausberechnung hat nur ein Szenario.", remedy="Die Angabe scenario= weglassen."
        )
    titles = {one.name: one.title for one in _facts_of(projection).scenarios}
    if asked is None:
        return projection.sel(scenario=main_of(_facts_of(projection).scenarios).name)
    found = [name for name, title in titles.items() if asked in (name, title)]
    if not found:
        known = [f"„{name}“" for name in titles]
        raise OutputError(f"Das Szenario „{asked}“ gibt es hier nicht.", remedy=f"Möglich ist {listed(known, 'oder')}.")
    return projection.sel(scenario=found[0])


def check_cohort(projection: xr.Dataset, born: int) -> None:
    """Refuse a birth year that no single age of the projection belongs to.

    Raises
    ------
    OutputError
        Says which birth years there are.
    """
    last, start, top = (int(v) for v in (projection["year_end"][-1], projection["year_end"][0], projection["age"][-1]))
    lowest = start - top + 1
    if isinstance(born, bool) or not isinstance(born, int | np.integer) or not lowest <= born <= last:
        raise OutputError(
            f"Den Jahrgang {born} gibt es hier nicht.",
            remedy=f"Ein Geburtsjahr von {lowest} bis {last} angeben; Ältere stehen in der offenen Altersgruppe.",
        )


def group_of(projection: xr.Dataset, dim: str, asked: Any) -> str | None:
    """One sex or nationality, by its name in the dataset or in German; ``None`` for all.

    Raises
    ------
    OutputError
        If the projection does not tell it apart; says which there are.
    """
    if asked is None:
        return None
    known = {str(one): label(dim, str(one)) for one in projection["population"][dim].values}
    found = [one for one, said in known.items() if asked in (one, said)]
    if not found:
        possible = listed((f'"{one}" ({said})' for one, said in known.items()), "oder")
        raise OutputError(f"„{asked}“ wird hier nicht unterschieden.", remedy=f"Möglich ist {possible}.")
    return found[0]


def _examples(names: Mapping[str, str]) -> str:
    shown = [key if key == name else f"„{key}“ ({name})" for key, name in list(names.items())[:_LISTED]]
    return f"Gebiete sind zum Beispiel {listed(shown)}"


def _years(known: list[int]) -> str:
    whole = known == list(range(known[0], known[-1] + 1))
    return f"die Jahre {known[0]} bis {known[-1]}" if whole and len(known) > 2 else listed(map(str, known))
