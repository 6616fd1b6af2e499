"""The look back at one year from last year's folder alone: numbers by hand, goals, and why the forecast moved."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from zwkprognose import load_example, project
from zwkprognose.errors import EvaluationError, OutputError
from zwkprognose.evaluation.flow_errors import FLOWS
from zwkprognose.output import open_netcdf
from zwkprognose.projects import YearComparison, compare_year, load_project, run_project
from zwkprognose.projects.year_ranges import with_ranges
from zwkprognose.scenarios import Scenario

PLAN = """
[[meilenstein]]
name = "Kinder unter sechs"
alter = "0-5"
jahr = 2030
ziel = 5000
"""
DOCUMENT = """
name = "hafen"
[daten]
beispiel = "bremerhaven"
[prognose]
basisjahr = 2022
bis = 2030
szenarien = ["middle", "natural"]
meilensteine = "plan.toml"
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Results of a run whose document and milestones are gone and that has been moved."""
    place = tmp_path_factory.mktemp("lauf")
    (place / "plan.toml").write_text(PLAN, encoding="utf-8")
    (place / "projekt.toml").write_text(DOCUMENT, encoding="utf-8")
    written = run_project(load_project(place / "projekt.toml"), out=place / "ergebnisse").folder
    moved = tmp_path_factory.mktemp("archiv") / "2022"
    shutil.move(written, moved)
    shutil.rmtree(place)
    return moved


@pytest.fixture(scope="module")
def seen(folder: Path) -> YearComparison:
    return compare_year(folder, load_example("bremerhaven"))


def test_projected_and_observed_are_those_of_the_files(folder: Path, seen: YearComparison) -> None:
    old = open_netcdf(folder / "prognose.nc").sel(scenario="middle")
    counted = load_example("bremerhaven")["population"].sel(year_end=2023)
    city = seen.table.query("area == '' and component == 'population'").iloc[0]
    assert seen.year == 2023
    assert city["projected"] == pytest.approx(float(old["population"].sel(year_end=2023).sum()))
    assert city["observed"] == pytest.approx(float(counted.sum()))
    assert city["deviation"] == pytest.approx(city["observed"] - city["projected"])
    assert city["percent"] == pytest.approx(100 * city["deviation"] / city["projected"])
    births = seen.table.query("area == '' and component == 'births'").iloc[0]
    assert births["projected"] == pytest.approx(float(old["births"].sel(year=2023).sum()))
    assert np.isnan(births["observed"])  # the example counts no births


def test_the_new_vintage_starts_from_what_was_counted(folder: Path, seen: YearComparison) -> None:
    counted = load_example("bremerhaven")["population"].sel(year_end=2023)
    start = seen.projection["population"].isel(scenario=0, year_end=0)
    np.testing.assert_allclose(start.values, counted.values)
    old = open_netcdf(folder / "prognose.nc").sel(scenario="middle")["population"].sel(year_end=2030)
    new = seen.projection["population"].isel(scenario=0).sel(year_end=2030)
    parts = seen.decomposition["contribution"].sel(year_end=2030)
    assert float(parts.sum()) == pytest.approx(float(new.sum() - old.sum()), abs=1e-6)
    jump = seen.decomposition["contribution"].sel(year_end=2023, component="jump_off")
    city = seen.table.query("area == '' and component == 'population'").iloc[0]
    assert float(jump.sum()) == pytest.approx(city["deviation"])


def test_what_it_means_for_the_goals(folder: Path, seen: YearComparison) -> None:
    assert seen.goals is not None
    (goal,) = seen.goals.to_dict("records")
    children = slice(0, 5)
    old = open_netcdf(folder / "prognose.nc").sel(scenario="middle")["population"]
    new = seen.projection["population"].isel(scenario=0)
    assert goal["value_before"] == pytest.approx(float(old.sel(year_end=2030, age=children).sum()))
    assert goal["value_now"] == pytest.approx(float(new.sel(year_end=2030, age=children).sum()))
    assert seen.text.startswith("Am 31.12.2023 waren ")
    assert "Ziel „Kinder unter sechs“ (2030): bisher" in seen.text
    assert "Was sich bis zum Ende der Vorausberechnung ändert:" in seen.text


def test_a_goal_of_the_counted_year_is_answered_by_the_count(folder: Path) -> None:
    """Goals that the run had for a year that has come meanwhile."""
    plan = folder / "meilensteine-des-laufs.toml"
    text = plan.read_text(encoding="utf-8")
    try:
        plan.write_text(text.replace("jahr = 2030", "jahr = 2023"), encoding="utf-8")
        goals = compare_year(folder, load_example("bremerhaven")).goals
    finally:
        plan.write_text(text, encoding="utf-8")
    assert goals is not None
    counted = load_example("bremerhaven")["population"].sel(year_end=2023, age=slice(0, 5))
    assert goals["value_now"].iloc[0] == pytest.approx(float(counted.sum()))


def test_another_scenario_can_be_looked_at(folder: Path) -> None:
    still = compare_year(folder, load_example("bremerhaven"), scenario="natural")
    moves = still.table.query("area == '' and component == 'in_moves'").iloc[0]
    assert moves["projected"] == 0
    assert still.scenario == Scenario.bundled("natural").title
    with pytest.raises(EvaluationError, match="Ein Szenario „obere“ hat der Ordner nicht"):
        compare_year(folder, load_example("bremerhaven"), scenario="obere")


def test_flows_that_are_counted_are_compared_by_area(folder: Path) -> None:
    """A year that went as forecast, but for ten deaths more at age 80."""
    old = open_netcdf(folder / "prognose.nc").sel(scenario="middle", drop=True)
    inputs = open_netcdf(folder / "eingaben.nc")
    stock = old["population"].sel(year_end=[2022, 2023]).transpose(*inputs["population"].dims)
    flows = {name: old[name].sel(year=[2023]) for name in ("deaths", "in_moves", "out_moves")}
    cell = {"year": 2023, "area": "04012", "nationality": "german", "sex": "female", "age": 80}
    flows["deaths"] = flows["deaths"].copy(deep=True)
    flows["deaths"].loc[cell] += 10
    stock = stock.copy(deep=True)
    stock.loc[{("year_end" if d == "year" else d): v for d, v in cell.items()}] -= 10
    seen = compare_year(folder, xr.Dataset({"population": stock, **flows}))
    by = seen.table.set_index(["area", "component"])["deviation"]
    for area in ("", "04012"):
        assert by[area, "population"] == pytest.approx(-10)
        assert by[area, "deaths"] == pytest.approx(10)
        assert by[area, "in_moves"] == pytest.approx(0, abs=1e-9)
    assert "Sterbefälle 2023: erwartet" in seen.text


def test_tables_are_read_as_the_project_said(town: Path) -> None:
    text = (town / "PROJEKT.toml").read_text(encoding="utf-8")
    folder = run_project(load_project(town / "PROJEKT.toml")).folder
    assert "basisjahr" not in text
    lines = (town / "bestand.csv").read_text(encoding="utf-8").splitlines()
    later = [lines[0], *(line.replace("2020", "2021", 1) for line in lines[1:] if line.startswith("2020"))]
    (town / "neu.csv").write_text("\n".join(later) + "\n", encoding="utf-8")
    counted = sum(float(line.rsplit(";", 1)[1]) for line in later[1:])
    (town / "bestand.csv").unlink()
    seen = compare_year(folder, town / "neu.csv")
    city = seen.table.query("area == '' and component == 'population'").iloc[0]
    assert city["observed"] == pytest.approx(counted)
    assert seen.table["area"].unique().tolist() == ["", "01", "02"]


def test_new_tables_are_cut_to_the_areas_of_the_project(town: Path) -> None:
    text = (town / "PROJEKT.toml").read_text(encoding="utf-8")
    chosen = text.replace("[prognose]", 'gebiete = ["02"]\n\n[prognose]')
    (town / "PROJEKT.toml").write_text(chosen, encoding="utf-8")
    folder = run_project(load_project(town / "PROJEKT.toml")).folder
    table = (town / "bestand.csv").read_text(encoding="utf-8").replace("2020;", "2021;")
    (town / "neu.csv").write_text(table, encoding="utf-8")
    assert compare_year(folder, town / "neu.csv").table["area"].unique().tolist() == ["", "02"]


def test_what_does_not_fit_is_refused(folder: Path, tmp_path: Path) -> None:
    known = load_example("bremerhaven")
    with pytest.raises(OutputError, match=r"fehlt prognose\.nc"):
        compare_year(tmp_path, known)
    with pytest.raises(EvaluationError, match=r"Einen Bestand nach dem 31\.12\.2022 gibt es"):
        compare_year(folder, known.sel(year_end=[2020, 2022]))
    with pytest.raises(EvaluationError, match="Gebiet: Die neuen Zahlen unterscheiden anderes"):
        compare_year(folder, known.assign_coords(area=["99"]))
    for year in (2030, 2031):
        ahead = known.assign_coords(year_end=[*known["year_end"].values[:-1], year])
        with pytest.raises(EvaluationError, match=rf"vom 31\.12\.{year}, .* endet am 31\.12\.2030\. Von ihm aus"):
            compare_year(folder, ahead)
    last = compare_year(folder, known.assign_coords(year_end=[*known["year_end"].values[:-1], 2029]), year=2029)
    assert last.projection["year_end"].values.tolist() == [2029, 2030]


def test_the_folder_holds_what_it_was_made_of(folder: Path) -> None:
    inputs, rates = (open_netcdf(folder / name) for name in ("eingaben.nc", "raten.nc"))
    again = project(inputs, rates, [Scenario.bundled("middle"), Scenario.bundled("natural")], until=2030)
    saved = open_netcdf(folder / "prognose.nc")
    for name in ("population", "births", "deaths", "in_moves", "out_moves"):
        np.testing.assert_array_equal(again[name].values, saved[name].values)


def test_the_range_of_draws_is_that_of_eight_in_ten() -> None:
    """Eleven draws 0, 10 … 100 of the whole and of the first area: from 10 to 90; the second has 50 in all of them."""
    cells = ("nationality", "sex", "age")
    labels = {"area": ["01", "02"], "nationality": ["total"], "sex": ["female"], "age": [0]}
    drawn = np.stack([np.arange(0.0, 101, 10), np.full(11, 50.0)], axis=1)
    stock = np.stack([drawn, drawn, drawn])[..., None, None, None]
    old = xr.Dataset(
        {"population": (("year_end", "draw", "area", *cells), stock)}
        | dict.fromkeys(FLOWS, (("year", "draw", "area", *cells), stock[1:] / 10)),
        {"year_end": [2020, 2021, 2022], "year": [2021, 2022], "draw": range(11), **labels},
    )
    rows = [("population", "", 60), ("population", "01", 9), ("population", "02", 51), ("births", "01", 2),
            ("births", "01", 1.9), ("deaths", "01", 18), ("deaths", "01", 18.1), ("births", "02", np.nan)]  # fmt: skip
    table = pd.DataFrame(rows, columns=["component", "area", "observed"]).assign(projected=0.0)
    found = with_ranges(table, load_project(DOCUMENT), old, old, 2022)
    # stocks of the year itself; flows of both years since the base year together
    assert found["low"].tolist() == pytest.approx([60, 10, 50, 2, 2, 2, 2, 10])
    assert found["high"].tolist() == pytest.approx([140, 90, 50, 18, 18, 18, 18, 10])
    assert found["place"].tolist() == [
        "in der Spanne", "unter der Spanne", "über der Spanne", "in der Spanne", "unter der Spanne", "in der Spanne",
        "über der Spanne", "",
    ]  # fmt: skip
