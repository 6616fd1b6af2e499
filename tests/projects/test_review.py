"""Looking back with a project's tables, and writing a report anew."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from tests.support.town import write_town
from zwkprognose import hindcast, load_example, score
from zwkprognose.errors import EvaluationError, InputError, OutputError
from zwkprognose.evaluation import Library
from zwkprognose.german import counted, number
from zwkprognose.projects import load_project, review_project, rewrite_report, run_project
from zwkprognose.projects.review import plan_of

BERLIN = 'name = "b"\n[daten]\nbeispiel = "berlin"\n[prognose]\nbis = 2030\n'


@pytest.mark.parametrize(
    ("years", "plan"),
    [
        (range(2010, 2026), ([2015, 2016, 2017, 2018, 2019, 2020], [5])),
        (range(1990, 2026, 5), ([1995, 2000, 2005, 2010, 2015], [5, 10])),
        ([1980, 1990, 2000, 2010, 2020, 2021], ([1990, 2000, 2010], [10])),
        ([2011, 2014, 2016, 2020], ([2016], [4])),
    ],
)
def test_launches_and_leads_follow_the_stocks(years: list[int], plan: tuple[list[int], list[int]]) -> None:
    assert plan_of(list(years)) == plan


def test_what_is_asked_is_kept() -> None:
    assert plan_of([2000, 2005, 2010, 2015], [2005], [10]) == ([2005], [10])
    assert plan_of([2000, 2005, 2010, 2015], leads=[10]) == ([2005], [10])


def test_two_stocks_allow_no_look_back(town: Path) -> None:
    with pytest.raises(EvaluationError, match="2015, 2020 erlauben keinen Rückblick"):
        review_project(town / "PROJEKT.toml")
    assert not (town / "rueckblick").exists()


def test_the_example_looks_back(tmp_path: Path) -> None:
    folder = review_project(load_project(BERLIN), out=tmp_path / "rb")
    assert "Nach 4 Jahren" in (folder / "rueckblick.md").read_text(encoding="utf-8")
    with pytest.raises(EvaluationError, match="Ist-Werte"):
        review_project(load_project(BERLIN), leads=[3], out=tmp_path / "anders")
    assert [path.name for path in tmp_path.iterdir()] == ["rb"]


def test_a_report_written_anew_is_the_same(town: Path) -> None:
    folder = run_project(town / "PROJEKT.toml", out=town / "aus").folder
    before = (folder / "bericht.html").read_bytes()
    again = rewrite_report(folder / "prognose.nc", out=town / "neu.html")
    assert again.read_bytes() == before
    with pytest.raises(OutputError, match="gibt es schon"):
        rewrite_report(folder / "prognose.nc")
    internal = rewrite_report(folder / "prognose.nc", internal=True, force=True).read_text(encoding="utf-8")
    assert "Interne Fassung" in internal


def test_a_report_can_be_written_without_the_tables(town: Path) -> None:
    folder = run_project(town / "PROJEKT.toml", out=town / "aus").folder
    (town / "bestand.csv").write_text((town / "bestand.csv").read_text() + "\n", encoding="utf-8")
    with pytest.raises(InputError, match="geändert"):
        rewrite_report(folder / "prognose.nc", out=town / "neu.html")
    assert not (town / "neu.html").exists()
    text = rewrite_report(folder / "prognose.nc", out=town / "neu.html", alone=True).read_text(encoding="utf-8")
    assert "lagen die früheren Bestände nicht vor" in text


def test_only_a_projection_becomes_a_report(town: Path) -> None:
    from zwkprognose import load_example, write_netcdf

    write_netcdf(load_example("konstanz"), town / "eingaben.nc")
    with pytest.raises(OutputError, match="keine gespeicherte Vorausberechnung"):
        rewrite_report(town / "eingaben.nc", out=town / "neu.html")
    (town / "kaputt.nc").write_text("nichts")
    with pytest.raises(OutputError, match="netCDF"):
        rewrite_report(town / "kaputt.nc", out=town / "neu.html")
    assert not (town / "neu.html").exists()


def _looked(tmp_path: Path, rest: str, name: str = "rb") -> tuple[pd.DataFrame, str]:
    document = f'name = "b"\n[daten]\nbeispiel = "berlin"\n[prognose]\nbis = 2030\n{rest}'
    folder = review_project(load_project(document), out=tmp_path / name)
    table = pd.read_csv(folder / "rueckblick.csv", sep=";", decimal=",", encoding="utf-8-sig")
    return table.set_index(["verfahren", "eckwert"]), (folder / "rueckblick.md").read_text(encoding="utf-8")


OWN, COHORTS, DEFAULT = "dieses Projekt", "zwkprognose, nur Kohorten", "zwkprognose"


def test_the_forecast_that_is_looked_at_is_that_of_the_project(tmp_path: Path) -> None:
    plain, page = _looked(tmp_path, "")
    measures = plain.columns.drop(["jahre", "startpunkt"])
    pd.testing.assert_frame_equal(plain.loc[[OWN], measures], plain.loc[[COHORTS], measures].rename({COHORTS: OWN}))
    rule, _ = _looked(tmp_path, 'gesamtzahlen = "geschrumpft"\n', "regel")
    pd.testing.assert_frame_equal(rule.loc[[OWN], measures], rule.loc[[DEFAULT], measures].rename({DEFAULT: OWN}))
    still, _ = _looked(tmp_path, '[raten]\nwanderung = "none"\n', "ohne")
    assert still.loc[(OWN, "ohne"), "MAPE"].item() != plain.loc[(OWN, "ohne"), "MAPE"].item()
    assert (OWN, "wahr") not in still.index  # without migration no total can be reached
    pd.testing.assert_frame_equal(still.drop(OWN, level="verfahren"), plain.drop(OWN, level="verfahren"))
    assert page.index(f"**{OWN}**") < page.index("| unverändert")


def test_the_headline_counts_launches_and_areas_of_its_own_numbers(tmp_path: Path) -> None:
    table, page = _looked(tmp_path, "")
    own = table.loc[[(OWN, "ohne")]]
    areas = int(own["gebiete"].iloc[0])
    headline = page.split("\n\n")[1]
    assert f"von {counted(len(own), 'Startpunkt', 'Startpunkten')} aus und in {areas} Gebieten" in headline
    assert f"höchstens {number(float(own['MedAPE'].mean()), 1)} %" in headline
    assert len(own) == 1
    assert "| ja |" not in page
    assert "ein Startpunkt sagt es nicht" in page


def test_base_years_move_with_the_launch(tmp_path: Path) -> None:
    own, _ = _looked(tmp_path, "[raten]\nbasisjahre = [2016, 2020]\n")
    moved = hindcast(
        load_example("berlin"), 2016, 4, {"own": Library(None, options={"base_years": [2011, 2016]})}, eckwert="none"
    )
    error = float(score(moved, largest=1e6)["mape"].iloc[0])
    assert own.loc[[(OWN, "ohne")], "MAPE"].iloc[0] == pytest.approx(error, abs=5e-4)


def test_small_towns_are_looked_at_too(tmp_path: Path) -> None:
    def count(year: int, area: str, age: int) -> int:
        return 1 + (year + age + int(area)) % 3

    folder = write_town(tmp_path, count, range(0, 96, 5), {"middle": None}, years=(2005, 2010, 2015, 2020))
    page = (review_project(folder / "PROJEKT.toml") / "rueckblick.md").read_text(encoding="utf-8")
    assert "Gezählt sind deshalb alle bewohnten Gebiete" in page
    assert "in 2 Gebieten" in page
