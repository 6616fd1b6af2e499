"""Looking back with a project's tables, and writing a report anew."""

from __future__ import annotations

from pathlib import Path

import pytest

from zwkprognose.errors import EvaluationError, InputError, OutputError
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
    with pytest.raises(InputError):
        rewrite_report(town / "eingaben.nc", out=town / "neu.html")
    (town / "kaputt.nc").write_text("nichts")
    with pytest.raises(OutputError, match="netCDF"):
        rewrite_report(town / "kaputt.nc", out=town / "neu.html")
    assert not (town / "neu.html").exists()
