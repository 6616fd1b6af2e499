"""Projects on the publishers' own files: Bremen, Bremerhaven, Konstanz."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from zwkprognose.cli import main
from zwkprognose.engine import check_balance
from zwkprognose.output import open_netcdf

pytestmark = pytest.mark.shared

BREMEN_FILES = 'bestand = ["{0}/bremen/12411-03-03-2020.csv", "{0}/bremen/12411-03-03-2023.csv"]'
BREMEN = f"""
name = "bremen"
titel = "Bremen nach Ortsteilen"
[daten]
{BREMEN_FILES}
gebiete = "04011???"
[daten.zeichen]
gebiet_ohne_zahlen = "null"
[prognose]
basisjahr = 2023
bis = 2030
szenarien = ["middle", "natural"]
"""
BREMERHAVEN = f"""
name = "bremerhaven"
titel = "Bremerhaven"
[daten]
{BREMEN_FILES}
gebiete = "04012"
[[daten.differenz]]
gebiet = "04012"
name = "Bremerhaven"
von = "04"
abzueglich = "04011"
[prognose]
basisjahr = 2023
bis = 2030
szenarien = ["middle"]
"""
KONSTANZ = """
name = "konstanz"
titel = "Konstanz"
[daten]
bestand = "{0}/konstanz/bevoelkerung/pyramiden/pyramide_202[1-5].csv"
ereignisse = [
  "{0}/konstanz/bevoelkerung/natuerliche_entwicklung.csv", "{0}/konstanz/bevoelkerung/zu_und_wegzug.csv",
]
offen_ab = 100
[prognose]
bis = 2030
szenarien = ["unchanged"]
"""


def run(document: str, shared: Path, folder: Path) -> xr.Dataset:
    path = folder / "PROJEKT.toml"
    path.write_text(document.replace("{0}", (shared / "data").resolve().as_posix()), encoding="utf-8")
    assert main(["run", str(path)]) == 0
    return open_netcdf(folder / "ergebnisse" / "prognose.nc")


def start(projection: xr.Dataset) -> xr.DataArray:
    return projection["population"].isel(scenario=0, year_end=0)


def test_bremen_by_ortsteil(shared: Path, tmp_path: Path) -> None:
    result = run(BREMEN, shared, tmp_path)
    assert result.sizes["area"] == 90
    assert int(result["year_end"][0]) == 2023
    assert float(start(result).sum()) == pytest.approx(577_026)
    assert check_balance(result) < 1e-9


def test_bremerhaven_as_a_city(shared: Path, tmp_path: Path) -> None:
    result = run(BREMERHAVEN, shared, tmp_path)
    assert float(start(result).sum()) == pytest.approx(114_677)
    assert result["area_name"].values.tolist() == ["Bremerhaven"]
    assert check_balance(result) < 1e-9


def test_konstanz_with_its_events_as_levels(shared: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    result = run(KONSTANZ, shared, tmp_path)
    first = result.isel(scenario=0, year=0)
    observed = np.genfromtxt(
        shared / "data/konstanz/bevoelkerung/zu_und_wegzug.csv", delimiter=",", names=True, dtype=float
    )
    recent = observed[observed["jahr"] >= 2022]
    assert float(first["in_moves"].sum()) == pytest.approx(recent["zuzug"].mean(), rel=0.05)
    assert float(first["out_moves"].sum()) == pytest.approx(recent["wegzug"].mean(), rel=0.05)
    assert check_balance(result) < 1e-9
