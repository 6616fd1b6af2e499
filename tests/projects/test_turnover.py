"""What an assumed turnover does to this very project is computed and told, and so is its effect on statements."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest
import xarray as xr

from zwkprognose import estimate_rates, project
from zwkprognose.cli import main
from zwkprognose.german import number, signed
from zwkprognose.output.content.notes import methods_of
from zwkprognose.projects import Project, load_project, rewrite_report, run_project
from zwkprognose.projects.case import case_of
from zwkprognose.projects.estimated import rates_of
from zwkprognose.projects.run import inputs_of, projection_of
from zwkprognose.projects.sources import read_tables
from zwkprognose.projects.turnover import beside_projection, with_turnover_effect
from zwkprognose.scenarios import Scenario
from zwkprognose.scenarios.turnover import EFFECT, effect_sentence, without_acting

MORE = 'schema = 1\nname = "mehr"\ntitel = "Mehr Zuzug"\n[[annahme]]\ngroesse = "zuzuege"\nprozent = 20\n'


@pytest.fixture
def more(town: Path) -> Path:
    document = (town / "PROJEKT.toml").read_text(encoding="utf-8")
    listed = document[document.index("szenarien = [") :].splitlines()[0]
    chosen = document.replace(listed, 'szenarien = ["middle", "mehr.toml"]')
    (town / "PROJEKT.toml").write_text(chosen, encoding="utf-8")
    (town / "mehr.toml").write_text(MORE, encoding="utf-8")
    return town / "PROJEKT.toml"


def persons(inputs: xr.Dataset, scenario: Scenario | None, turnover: float) -> float:
    """The city in the last year, by a projection of its own."""
    rates = estimate_rates(inputs, turnover=turnover)
    return float(project(inputs, rates, scenario, until=2025)["population"].isel(year_end=-1).sum())


def with_effect(chosen: Project, inputs: xr.Dataset, rates: xr.Dataset) -> xr.Dataset:
    """What a run does with its rates."""
    case = case_of(chosen, inputs, rates)
    beside = beside_projection(chosen, inputs, rates, case)
    told, projection = with_turnover_effect(rates, projection_of(chosen, inputs, case), beside)
    assert json.loads(projection.attrs["provenance"])["rates"].get(EFFECT) == told.attrs.get(EFFECT)
    return told


def close(one: float | None, other: float | None) -> bool:
    """Both unknown, or the same number."""
    return one is other if one is None or other is None else one == pytest.approx(other, rel=1e-9)


def last_ages(projection: xr.Dataset) -> pd.Series:
    """Persons by the bands of age of which the effect speaks."""
    people = projection["population"].isel(year_end=-1).sum(["area", "nationality", "sex"])
    bands = pd.cut(people["age"].values, [-1, 17, 29, 64, 200], labels=False)
    return pd.Series(people.values).groupby(bands).sum()


@pytest.mark.parametrize("totals", [None, "shrunk"])
def test_the_effect_is_the_difference_of_projections_of_their_own(more: Path, totals: str | None) -> None:
    if totals:
        text = more.read_text(encoding="utf-8")
        more.write_text(text.replace("[prognose]", '[prognose]\ngesamtzahlen = "geschrumpft"'), encoding="utf-8")
    chosen = load_project(more)
    inputs = inputs_of(chosen, read_tables(chosen))
    known = json.loads(with_effect(chosen, inputs, rates_of(chosen, inputs)).attrs[EFFECT])
    wish = Scenario.from_toml(MORE)
    assert [one["name"] for one in known["scenarios"]] == ["middle", "mehr"]
    for said, scenario in zip(known["scenarios"], (Scenario.bundled("middle"), wish), strict=True):
        without = without_acting(scenario)
        ages, effects = {}, {}
        for turnover in (0.05, 0.025, 0.1):
            rates = estimate_rates(inputs, turnover=turnover)
            ages[turnover] = last_ages(project(inputs, rates, scenario, until=2025, totals=totals))
            if without is not None:
                other = last_ages(project(inputs, rates, without, until=2025, totals=totals))
                effects[turnover] = 100 * (ages[turnover].sum() / other.sum() - 1)
        assert close(said["effect"], effects.get(0.05))
        assert [one["turnover"] for one in said["turnovers"]] == [0.025, 0.1]
        for one in said["turnovers"]:
            then, now = ages[one["turnover"]], ages[0.05]
            by_band = 100 * (then / now - 1)
            assert one["change"] == pytest.approx(100 * (then.sum() / now.sum() - 1), rel=1e-9, abs=1e-9)
            assert one["band"] == by_band.abs().idxmax()
            assert one["band_change"] == pytest.approx(by_band[one["band"]], rel=1e-9)
            assert close(one["effect"], effects.get(one["turnover"]))


def test_half_and_twice_the_turnover_are_computed_for_this_project(more: Path) -> None:
    chosen = load_project(more)
    inputs = inputs_of(chosen, read_tables(chosen))
    rates = with_effect(chosen, inputs, rates_of(chosen, inputs))
    middle, wish = Scenario.bundled("middle"), Scenario.from_toml(MORE)
    own = persons(inputs, middle, 0.05)
    changes = [100 * (persons(inputs, middle, value) / own - 1) for value in (0.025, 0.1)]
    text = effect_sentence(rates.attrs)
    for value, change in zip(("2,5", "10"), changes, strict=True):
        word = "mehr" if change > 0 else "weniger"
        assert f"mit {value} % Umschlag {number(abs(change), 1)} % {word} Personen" in text
    (said,) = [line for line in wish.warnings(rates) if "annahme 1" in line and "Umschlag" in line]
    effects = [
        100 * (persons(inputs, wish, value) / persons(inputs, without_acting(wish), value) - 1)
        for value in (0.05, 0.025, 0.1)
    ]  # fmt: skip
    for effect in effects:
        assert f"um {signed(effect, 1)} %" in said
    assert effects[1] < effects[0] < effects[2]


def test_report_workbook_check_and_file_say_it(more: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = run_project(load_project(more))
    text = effect_sentence(run.rates.attrs)
    assert "Mittlere Variante" in text
    page = (run.folder / "bericht.html").read_text(encoding="utf-8")
    assert text in page.replace("&#34;", '"')
    assert "In Berlin ergibt" not in page
    anew = rewrite_report(run.folder / "prognose.nc", out=more.parent / "neu.html").read_text(encoding="utf-8")
    for told in (text, "Die Bevölkerung ändert sich dadurch bis 2025 um +"):
        assert anew.count(told) == page.count(told) > 0
    capsys.readouterr()
    assert main(["check", str(more), "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert any(text in line for line in said["verfahren"])
    acting = [finding for finding in said["befunde"] if finding["regel"] == "S01" and "Umschlag" in finding["befund"]]
    assert any("Die Bevölkerung ändert sich dadurch bis 2025 um +" in finding["befund"] for finding in acting)
    saved = json.loads(xr.load_dataset(run.folder / "raten.nc", engine="h5netcdf").attrs[EFFECT])
    assert saved["year"] == 2025


def test_what_is_known_or_not_computed_says_nothing_of_it(more: Path) -> None:
    chosen = load_project(more)
    inputs = inputs_of(chosen, read_tables(chosen))
    counted = estimate_rates(inputs, city_moves={"in_moves": 300.0, "out_moves": 280.0})
    assert with_effect(chosen, inputs, counted).attrs == counted.attrs
    alone = estimate_rates(inputs)
    assert effect_sentence(alone.attrs) == ""
    assert any("Zum Beispiel ergibt in Berlin" in line for line in methods_of(alone.attrs))
    (said,) = Scenario.from_toml(MORE).warnings(alone)
    assert said.endswith("die Wirkung hängt von dieser Annahme ab.")


def test_a_turnover_that_cannot_be_doubled_is_told_up_to_the_largest(more: Path) -> None:
    text = more.read_text(encoding="utf-8")
    more.write_text(text + "\n[raten]\numschlag = 0.15\n", encoding="utf-8")
    chosen = load_project(more)
    inputs = inputs_of(chosen, read_tables(chosen))
    rates = with_effect(chosen, inputs, rates_of(chosen, inputs))
    tried = [one["turnover"] for one in json.loads(rates.attrs[EFFECT])["scenarios"][0]["turnovers"]]
    assert tried == [0.075, 0.2]
