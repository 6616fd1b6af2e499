"""The lines of the page „In anderen Programmen“ for R, NCO and GDAL, and the surprises that it tells of."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from support.programs import r, told

from zwkprognose.output import publish, write_csv, write_netcdf

pytestmark = pytest.mark.programs

PAGE = (Path(__file__).parents[2] / "docs" / "andere-programme.md").read_text(encoding="utf-8")


def block(language: str) -> str:
    """The only block of the page in a language."""
    found = re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
    assert len(found) == 1, language
    return str(found[0])


@pytest.fixture(scope="module")
def folder(city: xr.Dataset, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The results of a run, as they lie in its folder."""
    found = tmp_path_factory.mktemp("results")
    write_csv(city, found / "bevoelkerung.csv")
    write_netcdf(city, found / "prognose.nc")
    return found


R_LINES = {
    "read.csv2": re.search(r"`(read\.csv2\(.+?\))` \|", PAGE),
    "fread": re.search(r"`(fread\(.+?\))` \|", PAGE),
    "read_csv2": re.search(r"(read_csv2)`;", PAGE),
}


@pytest.mark.parametrize("reader", R_LINES)
def test_r_keeps_keys_and_persons(city: xr.Dataset, folder: Path, reader: str) -> None:
    found = R_LINES[reader]
    assert found is not None
    line = found[1] if "(" in found[1] else 'read_csv2("bevoelkerung.csv", show_col_types = FALSE)'
    packages = "suppressMessages({library(data.table); library(readr)})"
    wanted = 't$szenario == "middle" & t$jahr == 2020'
    script = (
        f"{packages}; t <- {line}; cat(names(t)[1], sort(unique(t$gebiet)), sum(t$anzahl[{wanted}]), "
        "class(t$alter_bis), sum(is.na(t$anzahl)), sep = ';')"
    )
    name, *keys, persons, kind, hidden = r(script, folder).split(";")
    assert name == "szenario", "the mark of the byte order is no part of the name"
    assert keys == ["0001", "0002", "0003", "0004", "0005"]
    assert float(persons) == float(publish(city)["city_total"].sel(scenario="middle", year_end=2020))
    assert kind in ("integer", "numeric")
    assert hidden == "0"


def test_r_reads_the_netcdf_as_the_page_says(city: xr.Dataset, folder: Path) -> None:
    script = block("r") + "\ncat(dim(bestand), gebiete, sum(bestand[, , , , 1, 2]), sep = ';')"
    *sizes, persons = r(script, folder).split(";")
    dims = ("age", "sex", "nationality", "area", "year_end", "scenario")
    assert sizes == [str(city.sizes[dim]) for dim in dims] + [str(key) for key in city["area"].values]
    middle = city["population"].isel(scenario=1, year_end=0).sum().item()
    assert float(persons) == pytest.approx(middle, rel=1e-6)  # R prints seven figures


def test_nco_and_gdal_do_what_the_page_says(city: xr.Dataset, folder: Path) -> None:
    lines = block("sh").replace("gdalmdiminfo prognose.nc", "gdalmdiminfo prognose.nc > inhalt.json")
    printed = told(f"set -e\n{lines}", folder)
    sums = [float(value) for value in re.findall(r"population\[\d+\]=(\S+)", printed)]
    assert sums == pytest.approx(city["population"].sum(["area", "nationality", "sex", "age"]).values.ravel(), rel=1e-6)
    assert {"population", "births"} <= set(json.loads((folder / "inhalt.json").read_text(encoding="utf-8"))["arrays"])
    with xr.open_dataset(folder / "geburten.nc", engine="h5netcdf") as births:
        np.testing.assert_array_equal(births["births"].values, city["births"].isel(scenario=1, year=4).values)


def test_nco_answers_for_a_year_that_is_not_there(city: xr.Dataset, folder: Path) -> None:
    last = int(city["year_end"].values[-1])
    printed = told("ncks -C -H --trd -v year_end -d year_end,2060.0 prognose.nc", folder)
    assert f"={last}" in printed


def test_gdal_leaves_the_keys_of_a_band_empty(folder: Path) -> None:
    printed = told("gdalinfo NETCDF:prognose.nc:population", folder, complains=True)  # of axes that are no map
    first = printed.split("\nBand 2 ")[0].split("\nBand 1 ")[1]
    assert "NETCDF_DIM_area=\n" in first
    assert "NETCDF_DIM_year_end=2020" in first
