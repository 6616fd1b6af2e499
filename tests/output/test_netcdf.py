"""The file for further calculation explains itself and comes back as it was."""

from __future__ import annotations

from pathlib import Path

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
