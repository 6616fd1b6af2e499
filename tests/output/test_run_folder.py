"""The folder of a run: everything or nothing."""

from __future__ import annotations

import errno
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import xarray as xr

from zwkprognose.errors import OutputError
from zwkprognose.output import check_folder, open_netcdf, write_netcdf, write_run
from zwkprognose.output.files import run_folder
from zwkprognose.output.files.run_folder import RESULTS

#: Results that a run without districts, rates and milestones does not have.
ON_DEMAND = {
    "haushalte.csv", "haushalte.nc",
    "bevoelkerung-bezirke.csv", "eingaben.nc", "raten.nc", "meilensteine.csv", "meilensteine-des-laufs.toml",
    "labor.html",
}  # fmt: skip
DOCUMENT = 'titel = "Übung"\n'


@pytest.fixture
def parts(city: xr.Dataset, inputs: xr.Dataset, findings: object, geometry: dict) -> dict:
    return {
        "projection": city, "inputs": inputs, "findings": findings, "document": DOCUMENT, "geometry": geometry,
    }  # fmt: skip


def written(folder: Path, **parts: Any) -> Path:
    write_run(folder, **parts)
    return folder


def test_the_folder_holds_everything(parts: dict, tmp_path: Path) -> None:
    folder = written(tmp_path / "neu" / "ergebnis", **parts)
    assert sorted(path.name for path in folder.iterdir()) == sorted(set(RESULTS) - ON_DEMAND)
    assert (folder / "projekt.toml").read_text(encoding="utf-8") == DOCUMENT
    xr.testing.assert_equal(open_netcdf(folder / "prognose.nc"), parts["projection"])
    assert [path.name for path in (tmp_path / "neu").iterdir()] == ["ergebnis"]


def test_what_a_year_later_is_needed_is_kept_if_given(parts: dict, tmp_path: Path) -> None:
    rates = xr.Dataset({"death_prob": ("age", [0.1, 0.2])}, {"age": [0, 1]}, {"method": "probe"})
    folder = written(tmp_path / "ergebnis", **parts, rates=rates, plan="# Ziele\n")
    xr.testing.assert_equal(open_netcdf(folder / "raten.nc"), rates)
    xr.testing.assert_equal(open_netcdf(folder / "eingaben.nc")["population"], parts["inputs"]["population"])
    assert (folder / "meilensteine-des-laufs.toml").read_text(encoding="utf-8") == "# Ziele\n"


@pytest.mark.parametrize("internal", [False, True])
def test_the_folder_says_what_may_be_passed_on(parts: dict, tmp_path: Path, internal: bool) -> None:
    folder = written(tmp_path / "ergebnis", **parts, internal=internal)
    before, after = (folder / "weitergabe.txt").read_text(encoding="utf-8").split("NUR INTERN")
    named = {path.name for path in folder.iterdir()} - {"weitergabe.txt"}
    kept = named if internal else {"prognose.nc"}
    assert {line.strip() for line in after.splitlines()[1:]} == kept
    assert {line.strip() for line in before.splitlines() if line.startswith("  ")} == named - kept


def test_results_are_not_replaced_unasked(parts: dict, tmp_path: Path) -> None:
    folder = written(tmp_path / "ergebnis", **parts)
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    with pytest.raises(OutputError, match="schon Ergebnisse"):
        write_run(folder, **parts | {"document": "anders"})
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_force_replaces_results_and_leaves_other_files(parts: dict, tmp_path: Path) -> None:
    folder = written(tmp_path / "ergebnis", **parts)
    (folder / "notiz.txt").write_text("bleibt")
    write_run(folder, **parts | {"document": "anders"}, force=True)
    assert (folder / "projekt.toml").read_text() == "anders"
    assert (folder / "notiz.txt").read_text() == "bleibt"


def test_districts_of_an_earlier_run_do_not_stay(parts: dict, tmp_path: Path) -> None:
    """Protected apart from the new areas, they could give hidden ones back."""
    districts = dict.fromkeys(["0001", "0002", "0003"], "Nord") | dict.fromkeys(["0004", "0005"], "Süd")
    folder = written(tmp_path / "ergebnis", **parts, districts=districts)
    assert {path.name for path in folder.iterdir()} == set(RESULTS) - (ON_DEMAND - {"bevoelkerung-bezirke.csv"})
    write_run(folder, **parts, force=True)
    assert not (folder / "bevoelkerung-bezirke.csv").exists()


def test_a_failure_on_the_way_leaves_nothing(parts: dict, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(run_folder, "fill_report", full)
    with pytest.raises(OutputError, match="kein Platz"):
        write_run(tmp_path / "ergebnis", **parts)
    assert list(tmp_path.iterdir()) == []


def test_the_error_names_the_target_not_the_draft(parts: dict, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "open", full)
    with pytest.raises(OutputError) as caught:
        write_run(tmp_path / "ergebnis", **parts)
    assert str(tmp_path / "ergebnis" / "prognose.nc") in caught.value.message
    assert list(tmp_path.iterdir()) == []


def test_a_file_in_the_way_is_named(parts: dict, tmp_path: Path) -> None:
    (tmp_path / "ergebnis").write_text("")
    with pytest.raises(OutputError, match="ist eine Datei"):
        check_folder(tmp_path / "ergebnis")


LIMITED = """
import resource, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
import xarray as xr, numpy as np
from zwkprognose.errors import OutputError
from zwkprognose.output import open_netcdf, write_csv, write_excel, write_netcdf, write_report
rng = np.random.default_rng(1)
shape = (3, 40, 1, 2, 96)
dims = ("year_end", "area", "nationality", "sex", "age")
coords = dict(year_end=[2020, 2021, 2022], year=[2021, 2022], area=[str(k) for k in range(40)],
              nationality=["total"], sex=["female", "male"], age=range(96))
flow = (("year", *dims[1:]), rng.random((2, *shape[1:])))
data = xr.Dataset({"population": (dims, 50 * rng.random(shape)), "deaths": flow, "in_moves": flow}, coords)
for write, name in ((write_netcdf, "a.nc"), (write_excel, "a.xlsx"), (write_csv, "a.csv"), (write_report, "a.html")):
    try:
        write(data, sys.argv[1] + "/" + name)
    except OutputError as error:
        print(name, error.message)
"""


def test_a_refusing_system_leaves_no_half_file(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, str(tmp_path)], capture_output=True, text=True, check=True, timeout=120
    )
    lines = done.stdout.splitlines()
    assert [line.split()[0] for line in lines] == ["a.nc", "a.xlsx", "a.csv", "a.html"]
    assert all("kann nicht geschrieben werden" in line for line in lines)
    assert list(tmp_path.iterdir()) == []


def test_an_older_file_survives(city: xr.Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_netcdf(city.isel(area=[0]), tmp_path / "a.nc")
    before = path.read_bytes()

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "open", full)
    with pytest.raises(OutputError, match="kein Platz"):
        write_netcdf(city, path)
    monkeypatch.undo()
    assert path.read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == ["a.nc"]


def test_force_replaces_results_only(tmp_path: Path) -> None:
    (tmp_path / "prognose.xlsx").write_bytes(b"eigene Mappe")
    with pytest.raises(OutputError, match="nicht von einem Lauf stammen: prognose"):
        check_folder(tmp_path, force=True)
