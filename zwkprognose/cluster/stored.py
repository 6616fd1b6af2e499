"""The folder of a run in parts: one file for every part, and beside it what says that the part is done.

``lauf.json`` says what was asked. ``teile/0001.nc`` holds a part; ``teile/0001.json`` is written after it, with the
checksums of the contents that the part was computed from and of its file. ``gesamt.nc`` comes last.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from zwkprognose.errors import OutputError
from zwkprognose.output import open_netcdf, write_netcdf
from zwkprognose.output.files.atomic import whole_file, write_error

RUN, PARTS, WHOLE = "lauf.json", "teile", "gesamt.nc"
#: Letters of a checksum, and of a value in a message.
CHECKSUM, LONGEST = 64, 120
OTHER = "Einen anderen Ordner angeben, oder mit --force (force=True) von vorn beginnen."


@dataclass(frozen=True)
class Folder:
    """Where a run in parts is stored; nothing is read before it is asked for."""

    path: Path

    def part(self, number: int) -> Path:
        """File of a part."""
        return self.path / PARTS / f"{number + 1:04d}.nc"

    def marker(self, number: int) -> Path:
        """What says that a part is done."""
        return self.part(number).with_suffix(".json")

    @property
    def asked(self) -> dict[str, Any] | None:
        """What the run was asked for; ``None`` if there is none."""
        return _read(self.path / RUN)

    def begin(self, asked: dict[str, Any], *, force: bool) -> None:
        """Make the folder ready for a run: new, or the same as before.

        Raises
        ------
        OutputError
            If it holds another run or files that are none, or cannot be written.
        """
        asked = json.loads(json.dumps(asked))
        there = self.asked
        if there is not None and not force and there != asked:
            differing = [key for key in sorted({*asked, *there}) if asked.get(key) != there.get(key)]
            raise OutputError(
                f"Im Ordner {self.path} liegen Ergebnisse eines anderen Laufs.",
                cells=[cell for key in differing for cell in _differences(key, there.get(key), asked.get(key))],
                remedy=OTHER,
            )
        if there is None and self._strange():
            raise OutputError(
                f"Im Ordner {self.path} liegen Dateien, die nicht von einem Lauf in Teilen stammen.",
                cells=[{"file": path.name} for path in self._strange()],
                remedy="Einen leeren oder neuen Ordner angeben.",
            )
        try:
            (self.path / PARTS).mkdir(parents=True, exist_ok=True)
            if force:
                self._clear()
        except OSError as error:
            raise write_error(self.path, error) from error
        self.write_json(self.path / RUN, asked)

    def done(self, number: int) -> dict[str, str] | None:
        """Checksums of a part that is done; ``None`` if it is not."""
        return _read(self.marker(number))

    def intact(self, number: int, result: str) -> bool:
        """Is the file of a part the one that was written?"""
        try:
            return checksum(self.part(number)) == result
        except OSError:
            return False

    def keep(self, number: int, asked: str, found: xr.Dataset) -> None:
        """Write a part, and after it that it is done.

        Raises
        ------
        OutputError
            If the system refuses; the part then counts as not done.
        """
        with suppress(FileNotFoundError):
            self.marker(number).unlink()
        path = write_netcdf(found, self.part(number))
        self.write_json(self.marker(number), {"eingaben": asked, "ergebnis": checksum(path)})

    @staticmethod
    def write_json(path: Path, content: dict[str, Any]) -> None:
        """Write a small file that exists whole or not at all."""
        with whole_file(path) as temporary:
            temporary.write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")

    def _strange(self) -> list[Path]:
        if self.path.exists() and not self.path.is_dir():
            return [self.path]
        return sorted(self.path.iterdir())[:10] if self.path.exists() else []

    def _clear(self) -> None:
        """Remove an earlier run, and nothing else."""
        (self.path / WHOLE).unlink(missing_ok=True)
        for path in [*(self.path / PARTS).glob("[0-9]*.json"), *(self.path / PARTS).glob("[0-9]*.nc")]:
            path.unlink()


def open_parts(folder: str | Path) -> xr.Dataset:
    """Open the results of :func:`run_parts`, read from the files when they are asked for.

    Parameters
    ----------
    folder : path
        Folder of a run that is complete.

    Returns
    -------
    xr.Dataset
        The projection, or what is kept of the draws, with ``area`` in chunks of a part each.

    Raises
    ------
    OutputError
        If there is no run, or parts are missing, damaged or do not fit together.
    """
    where = Folder(Path(folder))
    asked = where.asked
    if asked is None:
        raise OutputError(f"In {folder} liegt kein Lauf in Teilen.", remedy="Den Ordner von run_parts angeben.")
    missing = [number for number in range(asked["teile"]) if where.done(number) is None]
    if missing or not (where.path / WHOLE).exists():
        raise OutputError(
            f"Der Lauf in {folder} ist nicht fertig: {len(missing)} von {asked['teile']} Teilen fehlen.",
            remedy="Denselben Aufruf wiederholen; fertige Teile werden nicht noch einmal gerechnet.",
        )
    whole = open_netcdf(where.path / WHOLE)
    if asked["geschnitten"] == "Ziehungen":
        return _plain(whole)
    areas = side_by_side([where.part(number) for number in range(asked["teile"])])
    return areas.assign(whole.data_vars).assign_attrs(whole.attrs)


def side_by_side(paths: Sequence[Path]) -> xr.Dataset:
    """Parts along the areas, whose other labels are the same; no area comes twice.

    The first tells what there is; of the others labels are read now and numbers when they are asked for.
    """
    first = _plain(open_netcdf(paths[0])).drop_vars("sums", errors="ignore")
    labels = {str(name): [labels_of(path, str(name)) for path in paths] for name in first.coords if name != "half"}
    for name, found in labels.items():
        if first[name].dims != ("area",) and not all(np.array_equal(one, found[0]) for one in found):
            raise OutputError("Die Teile eines Laufs passen nicht zusammen.", cells=[{"Angabe": name}], remedy=OTHER)
    areas = np.concatenate(labels["area"])
    if len(set(areas.tolist())) != len(areas):
        raise OutputError("Gebiete stehen in mehreren Teilen.", remedy=OTHER)
    sizes = [len(one) for one in labels["area"]]
    arrays = {name: (a.dims, _joined(paths, sizes, a), a.attrs) for name, a in first.data_vars.items()}
    along = [name for name, c in first.coords.items() if c.dims == ("area",)]
    of_area = {name: ("area", np.concatenate(labels[str(name)])) for name in along}
    others = {name: c for name, c in first.coords.items() if "area" not in c.dims}
    return xr.Dataset(arrays, others | of_area, first.attrs)


def _joined(paths: Sequence[Path], sizes: Sequence[int], first: xr.DataArray) -> Any:
    """The array of all parts, read when it is asked for."""
    from dask import array
    from dask.delayed import delayed

    axis, read = first.dims.index("area"), delayed(numbers_of)
    shapes = [(*first.shape[:axis], size, *first.shape[axis + 1 :]) for size in sizes]
    each = [
        array.from_delayed(read(path, str(first.name)), shape, dtype=first.dtype)
        for path, shape in zip(paths, shapes, strict=True)
    ]
    return array.concatenate(each, axis=axis)


def numbers_of(path: Path, name: str, where: Any = ...) -> Any:
    """Some or all numbers of a variable of a part."""
    with _file(path) as file:
        return file[name][where]


def labels_of(path: Path, name: str) -> Any:
    """Labels of a part: texts, or numbers as the package has them."""
    with _file(path) as file:
        found = file[name]
        if found.dtype.kind == "O":
            return found.asstr()[...].astype(np.str_)
        return found[...].astype(np.int64) if found.dtype.kind == "i" else found[...]


def _file(path: Path) -> Any:
    import h5py

    try:
        return h5py.File(path, "r")
    except OSError as error:
        raise OutputError(f"{path} ist beschädigt.", remedy="Denselben Aufruf wiederholen.") from error


def checksum(path: Path) -> str:
    """Checksum of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _plain(dataset: xr.Dataset) -> xr.Dataset:
    """Texts of a fixed width, so that labels compare as they did before."""
    texts = {name: c.astype(np.str_) for name, c in dataset.coords.items() if c.dtype.kind in "OT"}
    return dataset.assign_coords(texts)


def _read(path: Path) -> dict[str, Any] | None:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) else None


def _differences(key: str, there: Any, asked: Any) -> list[dict[str, str]]:
    """Where two answers differ: of records the entries that do, not the whole."""
    old, new = _record(there), _record(asked)
    if old is None or new is None:
        return [{"Angabe": key, "dort": _short(there), "hier": _short(asked)}]
    return [
        {"Angabe": f"{key}, {name}", "dort": _short(old.get(name)), "hier": _short(new.get(name))}
        for name in sorted({*old, *new})
        if old.get(name) != new.get(name)
    ]


def _record(value: Any) -> dict[str, Any] | None:
    """A record as a dictionary, with what is itself written as JSON unfolded."""
    if not isinstance(value, dict):
        return None
    written = value.get("was")
    inside = json.loads(written) if isinstance(written, str) and written.startswith("{") else {}
    return {**{name: one for name, one in value.items() if name != "was" or not inside}, **inside}


def _short(value: Any) -> str:
    """A value for a message; of a checksum its beginning."""
    text = "fehlt" if value is None else value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    if len(text) == CHECKSUM and " " not in text:
        return text[:8] + "…"
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
