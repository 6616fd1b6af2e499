"""The balance of a year with the tables of a city: Konstanz forecast from 2023, held against 2024 (CC0)."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import python_calamine

from zwkprognose import load_example
from zwkprognose.evaluation import flow_errors
from zwkprognose.evaluation.component_ranges import component_limits, quantiles
from zwkprognose.evaluation.history import known_at
from zwkprognose.output import open_netcdf
from zwkprognose.projects import YearComparison, load_project, run_project
from zwkprognose.projects.interim import write_comparison

PLAN = """
[[meilenstein]]
name = "Kinder unter 3"
alter = "0-2"
jahr = 2028
ziel = 2400
massnahme = "Krippenplätze ausbauen"
zustaendig = "Sozial- und Jugendamt"
faellig = 2027
"""
EVENTS = ("natuerliche_entwicklung", "zu_und_wegzug")


def cut(source: Path, target: Path, years: range) -> Path:
    """The lines of some years of a yearly series."""
    head, *rows = source.read_text(encoding="utf-8").splitlines()
    kept = [row for row in rows if int(row.split(",")[0]) in years]
    target.write_text("\n".join([head, *kept]) + "\n", encoding="utf-8")
    return target


@pytest.fixture(scope="module")
def balance(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[YearComparison, Path, Path]:
    """The comparison, its folder, and that of the run from the tables up to 2023."""
    data, place = shared / "data/konstanz/bevoelkerung", tmp_path_factory.mktemp("konstanz")
    stocks = [str(data / f"pyramiden/pyramide_{year}.csv") for year in range(2009, 2024) if year != 2020]  # 658 short
    known = [str(cut(data / f"{name}.csv", place / f"{name}_2023.csv", range(1995, 2024))) for name in EVENTS]
    later = [cut(data / f"{name}.csv", place / f"{name}_2024.csv", range(2024, 2025)) for name in EVENTS]
    (place / "plan.toml").write_text(PLAN, encoding="utf-8")
    (place / "projekt.toml").write_text(
        f'name = "konstanz"\ntitel = "Konstanz"\n[daten]\noffen_ab = 95\nbestand = {stocks!r}\nereignisse = {known!r}\n'
        '[prognose]\nbis = 2035\nszenarien = ["middle"]\nmeilensteine = "plan.toml"\n',
        encoding="utf-8",
    )
    folder = run_project(load_project(place / "projekt.toml"), out=place / "ergebnisse").folder
    seen, written = write_comparison(
        folder, [data / "pyramiden/pyramide_2024.csv"], events=later, out=place / "zwischenbilanz"
    )
    return seen, written, folder


@pytest.mark.shared
def test_what_was_counted_stands_beside_what_was_expected(balance: tuple[YearComparison, Path, Path]) -> None:
    seen, _, folder = balance
    city = seen.table[seen.table["area"] == ""].set_index("component")
    assert city["observed"].to_dict() == {
        "population": 87_368, "births": 661, "deaths": 869, "in_moves": 8_328, "out_moves": 7_995,
    }  # fmt: skip
    assert round(city.loc["births", "projected"]) in (768, 769)
    old = open_netcdf(folder / "prognose.nc").isel(scenario=0)
    assert city.loc["births", "projected"] == pytest.approx(float(old["births"].sel(year=2024).sum()))
    assert city["place"].to_dict() == {
        "population": "in der Spanne", "births": "unter der Spanne", "deaths": "in der Spanne",
        "in_moves": "in der Spanne", "out_moves": "in der Spanne",
    }  # fmt: skip


@pytest.mark.shared
def test_the_causes_sum_to_the_change_exactly(balance: tuple[YearComparison, Path, Path]) -> None:
    seen, _, folder = balance
    old = open_netcdf(folder / "prognose.nc")["population"].isel(scenario=0)
    for year in (2024, 2030, 2035):
        change = float(seen.projection["population"].sel(year_end=year).sum() - old.sel(year_end=year).sum())
        causes = seen.decomposition["contribution"].sel(year_end=year)
        assert float(causes.sum()) == pytest.approx(change, abs=1e-6)


@pytest.mark.shared
def test_page_workbook_and_plan_say_the_same(balance: tuple[YearComparison, Path, Path]) -> None:
    seen, written, _ = balance
    assert seen.goals is not None
    (goal,) = seen.goals.to_dict("records")
    assert not goal["met_now"]
    assert "Maßnahme: Krippenplätze ausbauen (zuständig: Sozial- und Jugendamt, fällig 2027)." in seen.text
    page = (written / "zwischenbilanz.html").read_text(encoding="utf-8")
    text = (written / "zwischenbilanz.md").read_text(encoding="utf-8")
    for words in ("661", "unter der Spanne", "Krippenplätze ausbauen", "Warum sich die Zahl für den 31.12.2035 ändert"):
        assert words in page
        assert words in text
    book = python_calamine.CalamineWorkbook.from_path(str(written / "zwischenbilanz.xlsx"))
    assert book.sheet_names == ["Bestandteile", "Meilensteine", "Ursachen"]
    rows = {row[0]: row for row in book.get_sheet_by_name("Bestandteile").to_python() if row}
    assert rows["Geburten"][2] == 661


def test_past_errors_are_those_of_another_writing() -> None:
    """Births and deaths of the whole, launch by launch, as flow_errors finds them."""
    inputs = known_at(load_example("konstanz"), 2019)
    limits = component_limits(inputs, 1)
    launches = list(range(2011, 2019))
    other = flow_errors(inputs, launches, 1)
    for name in ("births", "deaths"):
        rows = other.xs(name, level="component")
        expected = (rows["observed"] / rows["forecast"] - 1).to_numpy()
        assert limits[name].whole == pytest.approx(expected, abs=1e-9)
        assert limits[name].of_whole(1000.0) is None  # eight launches are too few for 80 of 100 cases


def test_limits_are_errors_that_were_seen() -> None:
    assert quantiles(np.arange(19.0), 9) == (1.0, 17.0)  # the second of each end: 2 of 20 cases lie beyond each
