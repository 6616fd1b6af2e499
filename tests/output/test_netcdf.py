"""The file for further calculation explains itself and comes back as it was."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from zwkprognose.errors import OutputError
from zwkprognose.output import open_netcdf, write_netcdf


def test_round_trip_bit_for_bit(city: xr.Dataset, tmp_path: Path) -> None:
    again = open_netcdf(write_netcdf(city, tmp_path / "prognose.nc"))
    xr.testing.assert_equal(again, city)
    assert again["area"].values.tolist() == ["0001", "0002", "0003", "0004", "0005"]
    assert again["area_name"].values.tolist() == city["area_name"].values.tolist()
    assert again.attrs["provenance"] == city.attrs["provenance"]


def test_every_kind_of_variable_comes_back(tmp_path: Path) -> None:
    odd = xr.Dataset(
        {
            "share": (("area", "sex"), np.array([[0.5, np.nan], [1 / 3, 2.0]])),
            "whole": ("area", np.array([2**40, -3])),
            "flag": ("sex", [True, False]),
            "note": ("area", ["Straße", ""]),
            "single": ((), 3.5),
            "turned": (("sex", "area"), np.arange(4.0).reshape(2, 2).T),
            "nameless": ("row", np.arange(3, dtype=np.float32)),
        },
        {"area": ["01", "02"], "sex": ["f", "m"], "area_name": ("area", ["Ä", "B"]), "scenario": "middle",
         "first": ("row", [0, 5, 9]), "apart": ("other", [1.0])},
    )  # fmt: skip
    path = write_netcdf(odd, tmp_path / "a.nc")
    again = open_netcdf(path)
    xr.testing.assert_equal(again, odd)
    assert set(again.coords) == set(odd.coords)
    assert {name: again[name].dtype.kind for name in odd} == {name: odd[name].dtype.kind for name in odd}
    assert list(again.data_vars) == list(odd.data_vars)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
def test_a_full_disk_is_an_error_at_every_byte(city: xr.Dataset, tmp_path: Path) -> None:
    """The HDF5 library itself would end the process."""
    import resource

    whole = write_netcdf(city, tmp_path / "whole.nc").stat().st_size
    (tmp_path / "whole.nc").unlink()
    for limit in [0, 1, 100, 2047, 4096, *range(10_000, whole, whole // 12), whole - 1]:
        child = os.fork()
        if child == 0:
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
            try:
                write_netcdf(city, tmp_path / "a.nc")
            except OutputError as error:
                os._exit(7 if "größer, als hier erlaubt" in str(error) else 8)
            os._exit(0)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7, limit
        assert list(tmp_path.iterdir()) == []


def test_the_file_explains_itself(city: xr.Dataset, tmp_path: Path) -> None:
    written = open_netcdf(write_netcdf(city, tmp_path / "prognose.nc"))
    assert written["population"].attrs["long_name"] == "Bevölkerung"
    assert written["population"].attrs["units"] == "persons"
    assert written["year_end"].attrs["long_name"] == "Stichtag 31.12."
    assert "ohne Geheimhaltung" in written.attrs["hinweis"]
    assert "units" not in city["population"].attrs, "the caller's Dataset is not touched"


def test_attributes_of_any_kind_are_stored(city: xr.Dataset, tmp_path: Path) -> None:
    odd = city.assign_attrs(seed=None, dwellings={"2021": 3}, flag=True)
    written = open_netcdf(write_netcdf(odd, tmp_path / "a.nc"))
    assert (written.attrs["seed"], written.attrs["dwellings"], written.attrs["flag"]) == ("null", '{"2021": 3}', "true")


def test_no_netcdf_is_named(tmp_path: Path) -> None:
    wrong = tmp_path / "prognose.nc"
    wrong.write_text("kein netCDF")
    refusals = {wrong: "prognose.nc ist keine netCDF-Datei", tmp_path / "fehlt.nc": "fehlt.nc gibt es nicht"}
    for path, words in refusals.items():
        with pytest.raises(OutputError, match=words):
            open_netcdf(path)


def test_a_missing_folder_is_named_and_nothing_is_written(city: xr.Dataset, tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="Ordner ist nicht vorhanden"):
        write_netcdf(city, tmp_path / "fehlt" / "prognose.nc")
    assert list(tmp_path.iterdir()) == []


def test_other_programs_read_attributes_without_warnings(city: xr.Dataset, tmp_path: Path) -> None:
    """R (ncdf4) and NCO warn of integers of 64 bits and of texts of variable length."""
    import h5py

    marked = city.assign_attrs(persons=12, note="Prüfung: Straße", empty="", provenance="x" * 70_000)
    marked["age"].attrs["open"] = 95
    path = write_netcdf(marked, tmp_path / "a.nc")
    with h5py.File(path) as file:
        for place in (file, *file.values()):
            for key in place.attrs:
                stored = h5py.h5a.open(place.id, key.encode()).get_type()
                if isinstance(stored, h5py.h5t.TypeStringID) and key not in {"empty", "provenance"}:
                    assert not stored.is_variable_str(), key
                elif isinstance(stored, h5py.h5t.TypeIntegerID):
                    assert stored.get_size() == 4, key
        assert file["year_end"].dtype == file["age"].dtype == "int32"
    again = open_netcdf(path)
    assert again.attrs["persons"] == 12
    assert again.attrs["note"] == "Prüfung: Straße"
    assert again.attrs["provenance"] == marked.attrs["provenance"]
    assert again["age"].attrs["open"] == 95
    assert again["year_end"].dtype == city["year_end"].dtype
    xr.testing.assert_equal(again, city)
