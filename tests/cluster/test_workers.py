"""Scheduler and workers as programs of their own: bits, killed workers, full disks, other processors and versions."""

from __future__ import annotations

import platform
import resource
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from distributed import Client, LocalCluster
from numpy._core import _multiarray_umath
from support.cities import START, City, rates_of, stock_of
from support.cluster import Programs

from zwkprognose.cluster import digest, open_parts, run_parts, workers
from zwkprognose.engine import project
from zwkprognose.errors import ClusterError, EngineError, OutputError

UNTIL = START + 3
CITY = City(areas=7, groups=2, open_age=30, seed=3)
STOCK, RATES = stock_of(CITY), rates_of(CITY)
#: A processor without the vector instructions of this one.
OLDER = {
    "NPY_DISABLE_CPU_FEATURES": " ".join(
        name for name in _multiarray_umath.__cpu_dispatch__ if _multiarray_umath.__cpu_features__.get(name)
    ),
    "NUMBA_CPU_NAME": "haswell" if platform.machine() == "x86_64" else "generic",
}


def assert_same(whole: xr.Dataset, stored: xr.Dataset) -> None:
    assert set(whole.data_vars) == set(stored.data_vars)
    for name, values in whole.data_vars.items():
        assert stored[name].dims == values.dims, name
        assert np.array_equal(stored[name].values, values.values), name


@pytest.fixture(scope="module")
def projection() -> xr.Dataset:
    return project(STOCK, RATES, until=UNTIL)


@pytest.fixture(scope="module")
def programs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Programs]:
    """A scheduler and two workers, one of them with an older processor."""
    found = Programs(tmp_path_factory.mktemp("cluster"))
    try:
        found.scheduler()
        found.worker("neu")
        found.worker("alt", OLDER)
        with Client(found.address, set_as_default=False) as client:
            client.wait_for_workers(2, timeout=60)
        yield found
    finally:
        found.end()


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Programs]:
    """A scheduler of one test, which starts its workers itself."""
    found = Programs(tmp_path)
    try:
        found.scheduler()
        yield found
    finally:
        found.end()


@pytest.mark.parametrize("areas", [1, 3, 7])
def test_the_workers_compute_the_projection(
    programs: Programs, projection: xr.Dataset, tmp_path: Path, areas: int
) -> None:
    stored = run_parts(STOCK, RATES, until=UNTIL, out=tmp_path / "o", areas=areas, scheduler=programs.address)
    assert_same(projection, stored)


def test_chunked_arrays_are_read_by_the_workers(programs: Programs, projection: xr.Dataset, tmp_path: Path) -> None:
    """From files that they open themselves; the task carries the way to them."""
    for name, dataset in (("bestand", STOCK), ("raten", RATES)):
        dataset.to_netcdf(tmp_path / f"{name}.nc", engine="h5netcdf")
    stock, rates = (xr.open_dataset(tmp_path / f"{name}.nc", chunks={"area": 2}) for name in ("bestand", "raten"))
    with stock, rates:
        texts = [{n: c.astype(str) for n, c in d.coords.items() if c.dtype == object} for d in (stock, rates)]
        stock, rates = stock.assign_coords(texts[0]), rates.assign_coords(texts[1])
        stored = run_parts(stock, rates, until=UNTIL, out=tmp_path / "o", areas=3, scheduler=programs.address)
        assert_same(projection, stored)


def test_an_older_processor_gives_the_same_bits(programs: Programs, projection: xr.Dataset) -> None:
    """All parts on the worker that has no newer instructions, by the compiled kernel."""
    points = np.linspace(-9, 9, 9999)
    with Client(programs.address, set_as_default=False) as client:
        names = {info["name"]: address for address, info in client.scheduler_info(n_workers=-1)["workers"].items()}
        lazy = project(STOCK.chunk(area=3), RATES, until=UNTIL, method="kernel")
        future = client.compute(lazy, workers=[names["alt"]], allow_other_workers=False)
        assert_same(projection, future.result(timeout=100))
        exp = client.run(np.exp, points, workers=list(names.values()))
    others = {values.tobytes() for values in exp.values()}
    assert len(others) == 2 or "V4" not in OLDER["NPY_DISABLE_CPU_FEATURES"]  # otherwise nothing is proved


def test_other_versions_are_named(programs: Programs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = digest._version
    monkeypatch.setattr(digest, "_version", lambda name: "0.1" if name == "numba" else real(name))
    with pytest.raises(ClusterError, match=r"anderes installiert(.|\n)*Paket: numba, dort: 0\.\d+(.|\n)*hier: 0.1"):
        run_parts(STOCK, RATES, until=UNTIL, out=tmp_path / "o", scheduler=programs.address)
    assert not (tmp_path / "o").exists()


def test_what_is_wrong_with_a_part_is_said_as_here(programs: Programs, tmp_path: Path) -> None:
    wrong = RATES.assign(death_prob=RATES["death_prob"].where(RATES["area"] != "05", 1.5))
    with pytest.raises(EngineError, match=r"außerhalb von 0 bis 1(.|\n)*Gebiet: 05"):
        run_parts(STOCK, wrong, until=UNTIL, out=tmp_path / "o", areas=1, scheduler=programs.address)


def test_threads_of_a_local_cluster(projection: xr.Dataset, tmp_path: Path) -> None:
    with (
        LocalCluster(n_workers=1, threads_per_worker=2, processes=False, dashboard_address=":0") as local,
        Client(local, set_as_default=False) as client,
    ):
        assert_same(projection, run_parts(STOCK, RATES, until=UNTIL, out=tmp_path / "o", areas=1, scheduler=client))


def test_a_killed_worker_costs_its_parts_only(own: Programs, tmp_path: Path) -> None:
    """It dies in the middle; what was done stays, what it was at is done by the other."""
    doomed, _ = own.worker("eins"), own.worker("zwei")
    large = City(areas=24, groups=2, open_age=100, seed=5)
    stock, rates, kept = stock_of(large), rates_of(large), {}

    def kill_in_the_middle(step: str, done: int, total: int) -> None:
        if step == "Teile rechnen" and done == 8:
            kept.update({path.name: path.stat().st_mtime_ns for path in (tmp_path / "o/teile").glob("*.json")})
            doomed.kill()

    with Client(own.address, set_as_default=False) as client:
        client.wait_for_workers(2, timeout=60)
    stored = run_parts(
        stock, rates, until=START + 20, out=tmp_path / "o", areas=1, scheduler=own.address, progress=kill_in_the_middle
    )
    assert doomed.poll() is not None
    assert len(kept) >= 8
    assert {name: (tmp_path / "o/teile" / name).stat().st_mtime_ns for name in kept} == kept
    assert_same(project(stock, rates, until=START + 20), stored)


def test_a_worker_with_a_full_disk_and_then_a_dead_scheduler(own: Programs, tmp_path: Path) -> None:
    """The system refuses the worker files of more than 20 kB; then the scheduler dies; then the run ends here."""
    worker = own.worker("eng", before=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000)))
    folder = tmp_path / "o"
    with pytest.raises(OutputError, match=r"teile/0001.nc kann nicht geschrieben werden(.|\n)*anderen Ordner"):
        run_parts(STOCK, RATES, until=UNTIL, out=folder, areas=7, scheduler=own.address)
    assert not list((folder / "teile").iterdir())
    worker.kill()
    worker.wait(timeout=60)
    own.worker("weit")

    def end_the_scheduler(step: str, done: int, total: int) -> None:
        if step == "Teile rechnen" and done == 2:
            own.running[0].kill()
            time.sleep(0.2)

    with pytest.raises(ClusterError, match=r"Verbindung zum Scheduler ist abgerissen(.|\n)*fertige Teile bleiben"):
        run_parts(STOCK, RATES, until=UNTIL, out=tmp_path / "p", areas=1, scheduler=own.address,
                  progress=end_the_scheduler)  # fmt: skip
    with pytest.raises(OutputError, match="nicht fertig"):
        open_parts(tmp_path / "p")
    assert_same(project(STOCK, RATES, until=UNTIL), run_parts(STOCK, RATES, until=UNTIL, out=tmp_path / "p", areas=1))


def test_a_scheduler_without_workers(own: Programs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "PATIENCE", 3)
    with pytest.raises(ClusterError, match=r"keinen Worker(.|\n)*dask worker"):
        run_parts(STOCK, RATES, until=UNTIL, out=tmp_path / "o", scheduler=own.address)
