"""The bundled examples: real published figures, with their source."""

from __future__ import annotations

import json
import tomllib
from dataclasses import replace
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from zwkprognose.errors import InputError
from zwkprognose.inputs import build_inputs

if TYPE_CHECKING:
    import xarray as xr

    from zwkprognose.tables import Table

DATA = Path(__file__).parent / "data"
#: The invented town, which is made and not read.
MUSTERSTADT = "musterstadt"


def load_example(name: str = "berlin") -> xr.Dataset:
    """Load a bundled example as checked inputs.

    Parameters
    ----------
    name : {"berlin", "bremerhaven", "konstanz", "musterstadt"}
        Berlin's 94 Ortsteile 2011–2020, the city of Bremerhaven 1980–2023, Konstanz 2010–2025 with births, deaths and
        moves, or the invented :func:`zwkprognose.examples.musterstadt` with a whole register of events.

    Returns
    -------
    xr.Dataset
        As from :func:`zwkprognose.build_inputs`; ``attrs["title"]`` and ``attrs["sources"]`` name the source.

    Raises
    ------
    InputError
        If there is no example of that name.

    Examples
    --------
    >>> inputs = load_example("bremerhaven")
    >>> int(inputs["population"].sel(year_end=2023).sum().round())
    114677
    """
    if name == MUSTERSTADT:
        from zwkprognose.examples.musterstadt import musterstadt

        return musterstadt().inputs
    inputs = build_inputs(*example_tables(name))
    inputs.attrs["title"] = about(name)["title"]
    return inputs


def example_tables(name: str) -> list[Table]:
    """The tables of an example, with publisher, licence and universe."""
    from zwkprognose.tables import read_table

    said = about(name)
    keys = ("publisher", "licence", "universe", "gebietsstand")
    tables = [read_table(path) for path in tables_of(name)]
    return [
        replace(
            table,
            source=replace(
                table.source, title=said["table"], notes=tuple(said["notes"]), **{key: said[key] for key in keys}
            ),
        )
        for table in tables
    ]


def tables_of(name: str) -> list[Path]:
    """Files of an example in the tidy form, stocks first."""
    said = about(name)
    return [DATA / file for file in (*said["stocks"], *said["events"])]


def geometry(name: str) -> dict[str, Any] | None:
    """Outlines of the areas as GeoJSON (property ``area`` is the key), if the example has any."""
    if name == MUSTERSTADT:
        from zwkprognose.examples.musterstadt import outlines

        return outlines()
    file = about(name).get("geometry")
    return None if file is None else json.loads((DATA / file).read_text(encoding="utf-8"))


def about(name: str) -> dict[str, Any]:
    """Title, publisher, licence, universe and notes of an example."""
    if name == MUSTERSTADT:
        raise InputError(
            "Musterstadt wird erzeugt und liegt nicht als Tabelle bei.",
            remedy='Mit load_example("musterstadt") oder musterstadt() erzeugen.',
        )
    if not isinstance(name, str) or name not in _catalogue():
        near = get_close_matches(str(name).casefold(), [*_catalogue(), MUSTERSTADT], n=1)
        meant = f"Gemeint ist vielleicht „{near[0]}“. " if near else ""
        known = ", ".join([*_catalogue(), MUSTERSTADT])
        raise InputError(f"Das Beispiel „{name}“ gibt es nicht.", remedy=f"{meant}Mitgeliefert sind: {known}.")
    return _catalogue()[name]


@cache
def _catalogue() -> dict[str, dict[str, Any]]:
    return tomllib.loads((DATA / "examples.toml").read_text(encoding="utf-8"))
