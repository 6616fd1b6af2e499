"""Hold a Dataset against the registry: the check at every door between the rooms."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, get_args

import numpy as np

from zwkprognose.errors import InputError
from zwkprognose.german import stated
from zwkprognose.names import SEXES, DatasetKind, Variable, variables

if TYPE_CHECKING:
    import xarray as xr


def check_dataset(dataset: xr.Dataset, kind: DatasetKind) -> None:
    """Check dimensions, coordinates and values of a Dataset against :data:`zwkprognose.names.VARIABLES`.

    Parameters
    ----------
    dataset : xr.Dataset
    kind : {"inputs", "rates", "projection"}

    Raises
    ------
    InputError
        Names the variable and the cells; nothing is changed.
    """
    import xarray as xr

    if not isinstance(dataset, xr.Dataset):
        raise InputError(
            f"Gebraucht wird ein Datensatz, nicht {type(dataset).__name__}.",
            remedy="Aus einer Tabelle macht build_inputs(tabelle) einen Datensatz.",
        )
    if kind not in get_args(DatasetKind):
        raise InputError(
            f"Die Art „{kind}“ eines Datensatzes ist nicht bekannt.",
            remedy=f"Es gibt: {', '.join(get_args(DatasetKind))}.",
        )
    _check_coordinates(dataset)
    for record in variables(kind):
        if record.name in dataset:
            _check_dims(dataset[record.name], record)
            _check_values(dataset[record.name], record)
        elif record.required:
            raise InputError(
                f"Es fehlt die Variable „{record.name}“ ({record.label}).",
                remedy="Den Datensatz mit den Funktionen dieses Pakets erzeugen oder die Variable ergänzen.",
            )


def _check_coordinates(dataset: xr.Dataset) -> None:
    for name in dataset.dims:
        if name in dataset.coords:
            _check_unique(str(name), dataset[name].to_numpy())
    if "age" in dataset.coords:
        _check_ages(dataset["age"].to_numpy())
    if "sex" in dataset.coords:
        _check_sexes(dataset["sex"].to_numpy())
    for years in ("year_end", "year"):
        if years in dataset.coords and (np.diff(dataset[years].to_numpy()) <= 0).any():
            raise InputError(
                f"Die Jahre in „{years}“ steigen nicht an.", remedy="Die Jahre aufsteigend und ohne Dubletten ordnen."
            )


def _check_unique(name: str, values: np.ndarray) -> None:
    labels, counts = np.unique(values, return_counts=True)
    double = labels[counts > 1]
    if double.size:
        raise InputError(
            f"Doppelte Einträge in „{name}“.",
            cells=[{name: value} for value in double.tolist()],
            remedy="Jeden Eintrag genau einmal führen.",
        )


def _check_ages(ages: np.ndarray) -> None:
    if not np.array_equal(ages, np.arange(len(ages))):
        raise InputError(
            "Die Altersjahre sind nicht lückenlos von 0 an.",
            remedy="Einzelne Altersjahre 0, 1, 2 … führen; das letzte ist die offene Altersgruppe.",
        )


def _check_sexes(sexes: np.ndarray) -> None:
    unknown = set(sexes.tolist()) - set(SEXES)
    if unknown:
        raise InputError(
            "Unbekanntes Geschlecht.",
            cells=[{"sex": value} for value in sorted(unknown)],
            remedy="„female“ und „male“ verwenden (in Tabellen: w und m).",
        )


def _check_dims(array: xr.DataArray, record: Variable) -> None:
    expected = tuple(d for d in record.dims if d in array.dims or d not in record.broadcast)
    if set(array.dims) != set(expected):
        raise InputError(
            f"„{record.name}“ ({record.label}) hat die Dimensionen {', '.join(map(str, array.dims)) or 'keine'}; "
            f"verlangt sind {', '.join(expected)}.",
            remedy="Fehlende Dimensionen ergänzen, überzählige zusammenfassen.",
        )


def _check_values(array: xr.DataArray, record: Variable) -> None:
    lower, upper = record.bounds
    values = array.to_numpy()
    # NaN fails both comparisons, so one mask finds holes and values out of range
    wrong = ~((values >= lower) & (values <= upper)) | np.isinf(values)
    if wrong.any():
        allowed = f"{stated(lower)} bis {stated(upper)}" if np.isfinite(upper) else f"mindestens {stated(lower)}"
        raise InputError(
            f"„{record.name}“ ({record.label}) enthält fehlende oder unzulässige Werte (zulässig: {allowed}).",
            cells=cells_of(array, wrong),
            remedy="Die genannten Zellen berichtigen.",
        )


def cells_of(array: xr.DataArray, mask: np.ndarray) -> list[dict[str, Any]]:
    """The cells of an array where ``mask`` is true, labelled, with their value."""
    axes = [array[d].to_numpy() for d in array.dims]
    where = np.argwhere(mask)
    return [
        {
            **{str(d): axis[i].item() for d, axis, i in zip(array.dims, axes, index, strict=True)},
            "value": float(array.to_numpy()[tuple(index)]),
        }
        for index in where
    ]
