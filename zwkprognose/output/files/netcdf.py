"""The result file for further calculation: netCDF that explains itself."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from zwkprognose.errors import OutputError
from zwkprognose.inputs.handed import handed, require_dataset
from zwkprognose.names import CONTRACT, label, variables
from zwkprognose.output.files.atomic import whole_file
from zwkprognose.output.files.endings import require_ending
from zwkprognose.output.files.extras import require
from zwkprognose.output.files.hdf5 import store

NOTICE = (
    "Interne Datei zum Weiterrechnen: Werte reell, ungerundet und ohne Geheimhaltung. "
    "Zur Veröffentlichung gibt publish() gerundete und geschützte Werte."
)
#: Where a file says which version of the contract it keeps.
CONTRACT_KEY = "zwkprognose_contract"


def write_netcdf(dataset: xr.Dataset, path: str | Path) -> Path:
    """Write inputs, rates or a projection with units, German labels and provenance in the file.

    Parameters
    ----------
    dataset : xr.Dataset
        Real-valued persons, events, rates.
    path : path
        Target; an older file is replaced only when the new one is complete.

    Raises
    ------
    OutputError
        If the file cannot be written; nothing half-written remains.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import mkdtemp
    >>> from zwkprognose import load_example, open_netcdf
    >>> path = write_netcdf(load_example("bremerhaven"), Path(mkdtemp()) / "eingaben.nc")
    >>> open_netcdf(path)["population"].attrs["long_name"]
    'Bevölkerung'
    """
    remedy = "Das Ergebnis von build_inputs, estimate_rates oder project übergeben."
    require_dataset(dataset, what="ein Dataset", remedy=remedy, error=OutputError)
    require("h5netcdf", extra="netcdf")
    require_ending(path, ".nc", ".nc4", ".netcdf")
    # Not compressed: projections have full mantissas; a third less would cost seven times the time.
    with whole_file(path) as temporary:
        store(_explained(dataset), temporary)
    return Path(path)


def open_netcdf(path: str | Path) -> xr.Dataset:
    """Read a file of :func:`write_netcdf` completely and close it.

    Raises
    ------
    OutputError
        If the file is missing, is no netCDF-4 file, or keeps a later version of the contract of names.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import mkdtemp
    >>> from zwkprognose import load_example, write_netcdf
    >>> inputs = load_example("bremerhaven")
    >>> again = open_netcdf(write_netcdf(inputs, Path(mkdtemp()) / "eingaben.nc"))
    >>> bool((again["population"] == inputs["population"]).all())
    True
    """
    require("h5netcdf", extra="netcdf")
    remedy = "Den Pfad prüfen; lesbar ist prognose.nc aus einem Ergebnisordner."
    if not isinstance(path, str | Path):
        raise OutputError(f"Gelesen wird eine Datei; übergeben wurde {handed(path)}.", remedy=remedy)
    if Path(path).is_dir():
        raise OutputError(f"{path} ist ein Ordner, keine Datei.", remedy=f"Gemeint ist vielleicht {path}/prognose.nc.")
    if not Path(path).is_file():
        raise OutputError(f"Die Datei {path} gibt es nicht.", remedy=remedy)
    try:
        with xr.open_dataset(path, engine="h5netcdf", decode_times=False) as dataset:
            found = _long_integers(dataset.load())
    except (OSError, ValueError) as error:
        raise OutputError(f"{path} ist keine netCDF-Datei oder beschädigt.", remedy=remedy) from error
    if (version := found.attrs.pop(CONTRACT_KEY, CONTRACT)) > CONTRACT:
        raise OutputError(
            f"{path} ist nach Fassung {version} der Datenbeschreibung geschrieben, gelesen wird höchstens {CONTRACT}.",
            remedy="Eine neuere Fassung von zwkprognose installieren.",
        )
    return found


def _explained(dataset: xr.Dataset) -> xr.Dataset:
    """A copy with labels and units on every variable and only texts and numbers in the attributes."""
    units = {v.name: v.unit for kind in ("projection", "inputs", "rates") for v in variables(kind)}
    result = dataset.copy()
    for name, array in result.variables.items():
        section = "dims" if name in dataset.coords else "variables"
        texts = {"long_name": label(section, str(name))}
        if name in units and name not in dataset.coords:
            texts["units"] = units[str(name)]
        array.attrs = _storable({**texts, **array.attrs})
    said = {"Conventions": "CF-1.11", CONTRACT_KEY: CONTRACT, "hinweis": NOTICE}
    return result.assign_attrs(_storable(said | dataset.attrs))


def _storable(attrs: dict[Any, Any]) -> dict[str, Any]:
    """Texts, real numbers and integers of 32 bits: R and NCO know no longer ones."""
    return {str(key): _attribute(value) for key, value in attrs.items()}


def _attribute(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return json.dumps(value)
    return np.int32(value) if isinstance(value, int) and abs(value) < 2**31 else value


def _long_integers(dataset: xr.Dataset) -> xr.Dataset:
    """Years and ages as the package computes with them, attributes as Python numbers."""
    places: list[Any] = [dataset, *dataset.variables.values()]
    for array in places:
        whole = {key: int(value) for key, value in array.attrs.items() if isinstance(value, np.integer)}
        array.attrs = array.attrs | whole
    return dataset.assign_coords(
        {name: array.astype(np.int64) for name, array in dataset.coords.items() if array.dtype == np.int32}
    )
