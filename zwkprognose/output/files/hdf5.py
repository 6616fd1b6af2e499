"""How a Dataset is laid down as netCDF-4: HDF5 with dimension scales and texts of fixed length.

Written directly, because xarray needs three copies of a projection in memory for it, makes texts that R and NCO warn
of, and takes a hundredth of a second for each variable.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import xarray as xr

if TYPE_CHECKING:
    import h5py

#: Bytes of the longest attribute that HDF5 keeps with fixed length, with some room.
_LONGEST = 60_000
#: How netCDF-4 marks a dimension that has no variable; the length follows in ten places.
_NO_VARIABLE = "This is a netCDF dimension but not a netCDF variable. "


def store(dataset: xr.Dataset, path: Path) -> None:
    """Write all variables and attributes; attributes are texts, numbers and integers of 32 bits.

    Raises
    ------
    OSError
        If the system refuses to write.
    """
    import h5py

    with path.open("w+b", buffering=0) as raw:
        target = _Target(raw)
        try:
            with h5py.File(target, "w", track_order=True) as file:
                _fill(file, dataset)
        finally:
            if target.refused is not None:
                raise target.refused


class _Target:
    """The open file as the HDF5 library sees it: writing never fails.

    The library crashes the process if the system refuses a write, so a refusal is kept and told when it is done.
    """

    def __init__(self, raw: Any) -> None:
        self.raw, self.at, self.end = raw, 0, 0
        self.refused: OSError | None = None

    def seek(self, offset: int, whence: int = 0) -> int:
        """Move to a place that need not exist yet."""
        self.at = offset + (0, self.at, self.end)[whence]
        return self.at

    def tell(self) -> int:
        """Where that is."""
        return self.at

    def write(self, data: Any) -> int:
        """Write all of it, or remember why not."""
        left = memoryview(data)
        count = left.nbytes
        try:
            self.raw.seek(self.at)
            while self.refused is None and left.nbytes:
                left = left[self.raw.write(left) :]
        except OSError as error:
            self.refused = error
        self.at += count
        self.end = max(self.end, self.at)
        return count

    def readinto(self, buffer: Any) -> int:
        """Read back what was written, zeros where that was refused."""
        view = memoryview(buffer)
        self.raw.seek(self.at)
        found = self.raw.readinto(view)
        view[found:] = bytes(view.nbytes - found)
        self.at += view.nbytes
        return view.nbytes

    def read(self, size: int) -> bytes:
        """The same as new bytes."""
        buffer = bytearray(size)
        self.readinto(buffer)
        return bytes(buffer)

    def truncate(self, size: int) -> int:
        """End the file there."""
        try:
            self.raw.truncate(size)
        except OSError as error:
            self.refused = self.refused or error
        self.end = size
        return size

    def flush(self) -> None:
        """Nothing is held back."""


def _fill(file: h5py.File, dataset: xr.Dataset) -> None:
    """Dimensions first, then everything that lies on them."""
    _set(file, dataset.attrs | _coordinates(_beside(dataset) - {k for one in dataset.values() for k in _beside(one)}))
    for number, (name, size) in enumerate(dataset.sizes.items()):
        if name in dataset.variables:
            scale = _variable(file, dataset, str(name))
            scale.make_scale(str(name))
        else:
            scale = file.create_dataset(str(name), (size,), ">f4")
            scale.make_scale(f"{_NO_VARIABLE}{size:10d}")
        scale.attrs["_Netcdf4Dimid"] = np.int32(number)
    for name in map(str, dataset.variables):
        if name not in dataset.sizes:
            stored = _variable(file, dataset, name)
            for axis, dim in enumerate(dataset[name].dims):
                stored.dims[axis].attach_scale(file[str(dim)])


def _variable(file: h5py.File, dataset: xr.Dataset, name: str) -> h5py.Dataset:
    """Values and attributes of one variable."""
    import h5py

    array, extra = dataset[name], dict[str, Any]()
    values = array.values
    if values.dtype.kind in "UTO":
        stored = file.create_dataset(name, values.shape, h5py.string_dtype())
        stored[...] = values.astype(object)
    else:
        if values.dtype.kind == "f":
            extra["_FillValue"] = values.dtype.type(np.nan)
        if values.dtype.kind == "b":
            values, extra = values.astype(np.int8), {"dtype": "bool"}
        if values.dtype == np.int64 and name in dataset.coords:
            values = values.astype(np.int32)
        stored = file.create_dataset(name, data=values)
    _set(stored, array.attrs | extra | ({} if name in dataset.coords else _coordinates(_beside(array))))
    return stored


def _beside(labelled: xr.Dataset | xr.DataArray) -> set[str]:
    """Coordinates that are no dimension: names, limits of ages."""
    return {str(key) for key in labelled.coords if key not in labelled.dims}


def _coordinates(names: set[str]) -> dict[str, str]:
    """The attribute that says so."""
    return {"coordinates": " ".join(sorted(names))} if names else {}


def _set(place: Any, attrs: dict[Any, Any]) -> None:
    """Attributes; texts with fixed length (NC_CHAR) where HDF5 allows it."""
    import h5py

    for key, value in attrs.items():
        if isinstance(value, str) and 0 < len(value.encode()) <= _LONGEST:
            text = value.encode()
            place.attrs[key] = np.array(text, dtype=h5py.string_dtype("utf-8", len(text)))
        else:
            place.attrs[key] = value
