"""Runs in parts in one process: bits, folder, resuming, and everything that may be wrong with them."""

from __future__ import annotations

import errno
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from support.cities import START, City, plan_of, rates_of, stock_of, with_moves

from zwkprognose import Scenario
from zwkprognose.cluster import digest, open_parts, run_parts
from zwkprognose.cluster.digest import digest_of, versions
from zwkprognose.cluster.stored import Folder
from zwkprognose.cluster.task import Receipt, Task, other_versions, refuse_others
from zwkprognose.cluster.workers import _light
from zwkprognose.engine import Eckwert, Uncertainty, project, project_draws
from zwkprognose.engine.assemble import Plan
from zwkprognose.engine.case.question import Question
from zwkprognose.errors import ClusterError, EngineError, OutputError
from zwkprognose.output.files import netcdf

UNTIL = START + 5
CITY = City(areas=7, groups=2, open_age=30, seed=3)
STOCK, RATES = stock_of(CITY), rates_of(CITY)
TOWN = City(areas=3, groups=2, open_age=30, seed=1)


def assert_same(whole: xr.Dataset, stored: xr.Dataset) -> None:
    """Every array has the same bits and axes, every coordinate the same labels."""
    assert set(whole.data_vars) == set(stored.data_vars)
    for name, values in whole.data_vars.items():
        assert stored[name].dims == values.dims, name
        assert np.array_equal(stored[name].values, values.values), name
    for name, labels in whole.coords.items():
        assert np.array_equal(stored[name].values, labels.values), name


def times(folder: Path) -> dict[str, int]:
    """When each part was written."""
    return {path.name: path.stat().st_mtime_ns for path in sorted((folder / "teile").glob("*.nc"))}


# --- bits


@pytest.mark.parametrize("areas", [1, 3, 7])
@pytest.mark.parametrize("threads", [1, 2])
def test_a_projection_in_parts_is_the_projection(tmp_path: Path, areas: int, threads: int) -> None:
    stored = run_parts(STOCK, RATES, until=UNTIL, out=tmp_path, areas=areas, threads=threads)
    whole = project(STOCK, RATES, until=UNTIL)
    assert_same(whole, stored)
    assert stored.attrs["provenance"] == whole.attrs["provenance"]
    assert len(times(tmp_path)) == -(-7 // areas)


@pytest.mark.parametrize("chance", [None, Uncertainty().without_events()])
def test_draws_in_parts_are_the_draws(tmp_path: Path, chance: Uncertainty | None) -> None:
    given = {"until": UNTIL, "draws": 30, "uncertainty": chance, "quantiles": [0.1, 0.9]}
    stored = run_parts(STOCK.chunk(area=2), RATES, out=tmp_path, areas=3, **given)
    assert_same(project_draws(STOCK, RATES, **given), stored)


def test_a_city_that_belongs_together_is_cut_along_its_draws(tmp_path: Path) -> None:
    stock, rates, plan = stock_of(TOWN, 1.0), with_moves(rates_of(TOWN), TOWN, "pool"), plan_of(TOWN)
    stored = run_parts(stock, rates, until=UNTIL, out=tmp_path, draws=40, **plan)
    assert_same(project_draws(stock, rates, until=UNTIL, draws=40, **plan), stored)
    assert len(times(tmp_path)) == 3


def test_a_city_that_belongs_together_is_one_part_of_a_projection(tmp_path: Path) -> None:
    stock, rates, plan = stock_of(TOWN, 1.0), with_moves(rates_of(TOWN), TOWN, "pool"), plan_of(TOWN)
    goal = Scenario.from_toml('name = "ziel"\n[[annahme]]\ngroesse = "geburten"\nziel = 1.4')
    stored = run_parts(stock, rates, [None, goal], until=UNTIL, out=tmp_path, areas=1, **plan)
    assert_same(project(stock, rates, [None, goal], until=UNTIL, **plan), stored)


def test_cities_of_a_country_are_never_cut(tmp_path: Path) -> None:
    pairs = []
    for seed in (1, 2, 3):
        own = City(3, 2, 30, seed)
        keys = [f"{seed}{area}" for area in own.coords["area"]]
        both = stock_of(own, 1.0), with_moves(rates_of(own), own, "pool")
        pairs.append([dataset.assign_coords(area=keys) for dataset in both])
    stock, rates = (xr.concat([pair[k] for pair in pairs], "area", data_vars="all") for k in (0, 1))
    stock = stock.assign_coords(city=("area", np.repeat(["a", "b", "c"], 3)))
    stored = run_parts(stock.chunk(area=2), rates, until=UNTIL, out=tmp_path, areas=4)
    assert stored.chunks["area"] == (3, 3, 3)  # cut anew, along the cities
    assert_same(project(stock, rates, until=UNTIL), stored)


# --- resuming


def test_whoever_is_interrupted_goes_on(tmp_path: Path) -> None:
    def stop_after_three(step: str, done: int, total: int) -> None:
        if step == "Teile rechnen" and done == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_parts(STOCK, RATES, until=UNTIL, out=tmp_path, areas=1, progress=stop_after_three)
    with pytest.raises(OutputError, match="4 von 7 Teilen fehlen"):
        open_parts(tmp_path)
    before, told = times(tmp_path), []
    stored = run_parts(STOCK, RATES, until=UNTIL, out=tmp_path, areas=1, progress=lambda *said: told.append(said))
    assert ("Teile rechnen", 3, 7) in told
    assert len(before) == 3
    assert {name: times(tmp_path)[name] for name in before} == before
    assert_same(project(STOCK, RATES, until=UNTIL), stored)


def test_a_damaged_part_is_computed_again(tmp_path: Path) -> None:
    run_parts(STOCK, RATES, until=UNTIL, out=tmp_path, areas=2)
    part = tmp_path / "teile" / "0002.nc"
    content = bytearray(part.read_bytes())
    content[-9] ^= 1
    part.write_bytes(content)
    before = times(tmp_path)
    assert_same(project(STOCK, RATES, until=UNTIL), run_parts(STOCK, RATES, until=UNTIL, out=tmp_path, areas=2))
    assert [name for name, time in times(tmp_path).items() if time != before[name]] == ["0002.nc"]


@pytest.mark.parametrize("cause", [errno.ENOSPC, errno.EROFS])
def test_a_full_disk_costs_nothing_that_is_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cause: int
) -> None:
    real, written = netcdf.store, []

    def refuse_the_third(dataset: xr.Dataset, path: Path) -> None:
        written.append(path)
        if len(written) == 3:
            raise OSError(cause, "refused")
        real(dataset, path)

    monkeypatch.setattr(netcdf, "store", refuse_the_third)
    with pytest.raises(OutputError, match=r"kann nicht geschrieben werden(.|\n)*Ordner angeben"):
        run_parts(STOCK, RATES, until=UNTIL, out=tmp_path, areas=1)
    left = sorted(path.name for path in (tmp_path / "teile").iterdir())
    assert left == ["0001.json", "0001.nc", "0002.json", "0002.nc"]
    assert_same(project(STOCK, RATES, until=UNTIL), run_parts(STOCK, RATES, until=UNTIL, out=tmp_path, areas=1))


# --- what is refused, and nothing mixed


@pytest.mark.parametrize("areas", [3, 7])
def test_nothing_is_drawn_under_a_list_of_scenarios(tmp_path: Path, areas: int) -> None:
    with pytest.raises(EngineError, match="unter einem Szenario, nicht unter einer Liste"):
        run_parts(STOCK, RATES, [None, Scenario.bundled("middle")], until=UNTIL, out=tmp_path, areas=areas, draws=4)
    assert not list(tmp_path.iterdir())


def test_other_draws_in_the_folder_are_named_by_what_differs(tmp_path: Path) -> None:
    run_parts(STOCK, RATES, until=UNTIL, out=tmp_path, areas=3, draws=4)
    with pytest.raises(OutputError) as caught:
        run_parts(STOCK, RATES, until=UNTIL, out=tmp_path, areas=3, draws=5)
    assert [dict(cell) for cell in caught.value.cells] == [{"Angabe": "ziehungen, draws", "dort": "4", "hier": "5"}]


def test_what_differs_is_said_in_short(tmp_path: Path) -> None:
    """Of a checksum eight letters, of a text 120 signs; of a record what differs in it, whatever it is written in."""
    same = {"was": "Ziel", "art": "x"}
    before = {
        "a": "0" * 64, "b": "x" * 121, "c": "y" * 120, "d": "a b".ljust(64, "c"), "e": same, "f": [1, 2], "h": 1,
        "g": {"was": json.dumps({"tfr": 1.4, "jahr": 2030}), "wer": "Amt", "name": "A"},
    }  # fmt: skip
    after = {
        "a": "1" * 64, "b": "z" * 121, "c": "z" * 120, "d": "a d".ljust(64, "c"), "e": {**same, "was": "Weg"}, "f": [1],
        "g": {"was": json.dumps({"tfr": 1.5, "jahr": 2030}), "wer": "Stadt", "name": "A"}, "i": True, "h": 1,
    }  # fmt: skip
    folder = Folder(tmp_path)
    folder.begin(before, force=False)
    with pytest.raises(OutputError) as caught:
        folder.begin(after, force=False)
    assert [tuple(cell.values()) for cell in map(dict, caught.value.cells)] == [
        ("a", "00000000…", "11111111…"),
        ("b", "x" * 119 + "…", "z" * 119 + "…"),
        ("c", "y" * 120, "z" * 120),
        ("d", "a b" + "c" * 61, "a d" + "c" * 61),
        ("e, was", "Ziel", "Weg"),
        ("f", "[1, 2]", "[1]"),
        ("g, tfr", "1.4", "1.5"),
        ("g, wer", "Amt", "Stadt"),
        ("i", "fehlt", "true"),
    ]


@pytest.mark.parametrize("chunked", [(True, False), (False, True), (True, True), (False, False)])
def test_a_task_carries_its_own_areas_and_reads_them_all(tmp_path: Path, chunked: tuple[bool, bool]) -> None:
    """Of seven areas two: what it is sent with holds no others, be it the stock or the rates that are chunked."""
    whole = [one.chunk(area=1) if lazy else one for one, lazy in zip((STOCK, RATES), chunked, strict=True)]
    stock, rates = (one.isel(area=slice(2)) for one in whole)
    task = Task(0, Folder(tmp_path), stock, rates, Question(UNTIL, Plan()), True, None, False, versions())
    light = _light(task)
    sent = [len(set(dict(one.__dask_graph__()))) for one in (light.inputs, light.rates) if one.chunks]
    before = [len(set(dict(one.__dask_graph__()))) for one in (stock, rates) if one.chunks]
    assert all(2 * few < many for few, many in zip(sent, before, strict=True))
    loaded = light.loaded()
    assert (loaded.inputs.chunks, loaded.rates.chunks) == ({}, {})
    xr.testing.assert_identical(loaded.inputs, STOCK.isel(area=slice(2)))
    xr.testing.assert_identical(loaded.rates, RATES.isel(area=slice(2)))


def test_other_versions_and_parts_are_named_one_by_one(tmp_path: Path) -> None:
    """Only what differs, and parts as people count them."""
    here = {"numpy": "2.0", "dask": "1.0"}
    told = other_versions([("w1", {"numpy": "2.0", "dask": "0.9"}), ("w2", {"dask": "1.0"})], here)
    assert [tuple(dict(cell).values()) for cell in told.cells] == [
        ("w1", "dask", "0.9", "1.0"), ("w2", "numpy", "fehlt", "2.0"),
    ]  # fmt: skip
    refuse_others([Receipt(0, "fertig"), Receipt(1, "fehlt")], Folder(tmp_path))
    with pytest.raises(OutputError) as caught:
        refuse_others([Receipt(0, "anders"), Receipt(1, "fertig"), Receipt(9, "anders")], Folder(tmp_path))
    assert [dict(cell) for cell in caught.value.cells] == [{"Teil": 1}, {"Teil": 10}]


def test_another_run_in_the_folder(tmp_path: Path) -> None:
    run_parts(STOCK, RATES, until=UNTIL, out=tmp_path, areas=3)
    before = times(tmp_path)
    more = STOCK.assign(population=STOCK["population"] + (STOCK["area"] == "05"))
    with pytest.raises(OutputError, match=r"Teile eines anderen Laufs(.|\n)*Teil: 2"):
        run_parts(more, RATES, until=UNTIL, out=tmp_path, areas=3)
    with pytest.raises(OutputError, match=r"eines anderen Laufs(.|\n)*Angabe: jahre(.|\n)*2025(.|\n)*2026"):
        run_parts(STOCK, RATES, until=UNTIL + 1, out=tmp_path, areas=3)
    with pytest.raises(OutputError, match="Angabe: art"):
        run_parts(STOCK, RATES, until=UNTIL, out=tmp_path, areas=3, draws=10)
    assert times(tmp_path) == before
    anew = run_parts(more, RATES, until=UNTIL, out=tmp_path, areas=3, force=True)
    assert_same(project(more, RATES, until=UNTIL), anew)


def test_other_files_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "rechnung.xlsx").write_text("mein", encoding="utf-8")
    with pytest.raises(OutputError, match=r"nicht von einem Lauf in Teilen(.|\n)*rechnung.xlsx"):
        run_parts(STOCK, RATES, until=UNTIL, out=tmp_path, force=True)
    assert [path.name for path in tmp_path.iterdir()] == ["rechnung.xlsx"]
    with pytest.raises(OutputError, match="kein Lauf in Teilen"):
        open_parts(tmp_path)
    with pytest.raises(OutputError, match="kein Ordner"):
        run_parts(STOCK, RATES, until=UNTIL, out=tmp_path / "rechnung.xlsx" / "darin")


def test_parts_of_two_runs_do_not_open_as_one(tmp_path: Path) -> None:
    run_parts(STOCK, RATES, until=UNTIL, out=tmp_path / "a", areas=4)
    run_parts(STOCK, RATES, until=UNTIL + 1, out=tmp_path / "b", areas=4)
    (tmp_path / "a/teile/0002.nc").write_bytes((tmp_path / "b/teile/0002.nc").read_bytes())
    with pytest.raises(OutputError, match="passen nicht zusammen"):
        open_parts(tmp_path / "a")
    (tmp_path / "a/teile/0002.nc").write_bytes((tmp_path / "a/teile/0001.nc").read_bytes())
    with pytest.raises(OutputError, match="in mehreren Teilen"):
        open_parts(tmp_path / "a")


def test_versions_of_the_first_run_hold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run_parts(STOCK, RATES, until=UNTIL, out=tmp_path)
    monkeypatch.setattr(digest, "_version", lambda name: "0.1")
    with pytest.raises(OutputError, match="Angabe: versionen"):
        run_parts(STOCK, RATES, until=UNTIL, out=tmp_path)


@pytest.mark.parametrize("scheduler", ["tcp://127.0.0.1:9", 8786])
def test_a_scheduler_that_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, scheduler: object) -> None:
    monkeypatch.setattr("zwkprognose.cluster.workers.PATIENCE", 1)
    with pytest.raises(ClusterError, match=r"Scheduler(.|\n)*tcp://|dask scheduler"):
        run_parts(STOCK, RATES, until=UNTIL, out=tmp_path / "neu", scheduler=scheduler)
    assert not (tmp_path / "neu").exists()


# --- checksums


def scaled(values: xr.DataArray) -> Eckwert:
    return Eckwert("Stadt", values)


GOAL = xr.DataArray([100.0, 110.0], {"year_end": [2021, 2022]})


@pytest.mark.parametrize(
    "other",
    [
        lambda: STOCK.astype("float32"),
        lambda: STOCK.assign_coords(area=[f"x{k}" for k in range(7)]),
        lambda: STOCK.transpose("area", ...),
        lambda: STOCK.rename(population="persons"),
        lambda: STOCK + 1e-13 * (STOCK["age"] == 3),
    ],
)
def test_a_checksum_sees_values_types_and_labels(other: Callable[[], xr.Dataset]) -> None:
    assert digest_of(STOCK) != digest_of(other())


def test_a_checksum_does_not_see_how_an_array_is_kept(tmp_path: Path) -> None:
    fortran = STOCK.copy(data={"population": np.asfortranarray(STOCK["population"].values)})
    stored = netcdf.open_netcdf(netcdf.write_netcdf(STOCK, tmp_path / "a.nc"))
    same = [STOCK.copy(deep=True), fortran, STOCK.assign_attrs(a=1), stored, STOCK.chunk(area=2)]
    assert {digest_of(one) for one in same} == {digest_of(STOCK)}


def test_plans_and_scenarios_have_checksums() -> None:
    assert digest_of(scaled(GOAL)) == digest_of(scaled(GOAL.copy()))
    assert digest_of(scaled(GOAL)) != digest_of(scaled(GOAL + 1))
    upper, lower = Scenario.bundled("upper"), Scenario.bundled("lower")
    assert digest_of([upper]) != digest_of([lower])
    assert digest_of({"a": (1, 2)}, "b") != digest_of({"a": (1,)}, 2, "b")
    with pytest.raises(TypeError):
        digest_of(object())


def test_the_run_says_what_it_is(tmp_path: Path) -> None:
    run_parts(STOCK, RATES, until=UNTIL, out=tmp_path, areas=3)
    said = json.loads((tmp_path / "lauf.json").read_text(encoding="utf-8"))
    assert (said["art"], said["jahre"], said["gebiete"], said["teile"]) == ("Vorausberechnung", [2020, 2025], 7, 3)
    assert said["versionen"] == versions()
