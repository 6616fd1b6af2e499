"""Births that go back to their mean level, as a project asks for them."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from support.town import write_town

from zwkprognose.cli import main
from zwkprognose.projects.load import load_project
from zwkprognose.projects.review import left_out, review_project
from zwkprognose.rates.fertility.returning import fertility_levels


def count(year: int, area: str, age: int) -> int:
    """Two hundred of each age; of the youngest fewer from stock to stock."""
    return {2010: 210, 2015: 180, 2020: 150}[year] if age < 5 else 200 + 10 * (area == "02")


@pytest.fixture
def town(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    write_town(tmp_path, count, range(0, 90, 5), {"unchanged": None}, (2010, 2015, 2020))
    monkeypatch.chdir(tmp_path)
    return tmp_path / "PROJEKT.toml"


def say(document: Path, words: str) -> None:
    text = document.read_text(encoding="utf-8")
    document.write_text(text.replace("[prognose]", f"[raten]\n{words}\n\n[prognose]"), encoding="utf-8")


def run(folder: str) -> xr.Dataset:
    assert main(["run", "PROJEKT.toml", "--out", folder]) == 0
    return xr.load_dataset(Path(folder) / "raten.nc")


def test_the_command_goes_back_in_as_many_years(town: Path) -> None:
    last = run("wie-zuletzt")
    say(town, "geburten_rueckkehr = 4")
    path = run("rueckkehr")
    levels = fertility_levels(xr.load_dataset(Path("rueckkehr") / "eingaben.nc")).values
    back = levels.mean() / levels[-1]
    assert back > 1.05
    for year, share in zip(range(2021, 2026), (0.25, 0.5, 0.75, 1.0, 1.0), strict=True):
        expected = last["fertility_rate"] * (1 + share * (back - 1))
        np.testing.assert_allclose(path["fertility_rate"].sel(year=year), expected, rtol=1e-9)
    born = [xr.load_dataset(Path(one) / "prognose.nc")["births"] for one in ("wie-zuletzt", "rueckkehr")]
    more = (born[1] - born[0]).sum([dim for dim in born[0].dims if dim != "year"])
    assert bool((more > 0).all())


def test_outputs_and_check_say_so(town: Path, capsys: pytest.CaptureFixture[str]) -> None:
    say(town, "geburten_rueckkehr = 4")
    run("aus")
    report = (Path("aus") / "bericht.html").read_text(encoding="utf-8")
    sentence = r"das Niveau kehrt gleichmäßig in 4 Jahren zum Mittel aller bisherigen zurück, dem 1,\d\d-Fachen"
    assert re.search(sentence, report)
    assert "geburten_rueckkehr = 4" in (Path("aus") / "projekt.toml").read_text(encoding="utf-8")
    capsys.readouterr()
    assert main(["check", "PROJEKT.toml", "--json"]) == 0
    assert any(re.search(sentence, line) for line in json.loads(capsys.readouterr().out)["verfahren"])


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ("0", "Zeile 9, raten: geburten_rueckkehr: der Wert 0 ist kleiner als 1"),
        ("101", "geburten_rueckkehr: der Wert 101 ist größer als 100"),
        ("2.5", "geburten_rueckkehr: hier muss eine ganze Zahl stehen"),
        ('"bald"', "geburten_rueckkehr: hier muss eine ganze Zahl stehen"),
        ("true", "geburten_rueckkehr: hier muss eine ganze Zahl stehen"),
    ],
)
def test_what_is_no_number_of_years_is_refused(
    town: Path, said: str, sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    say(town, f"geburten_rueckkehr = {said}")
    assert main(["run", "PROJEKT.toml"]) != 0
    assert sentence in capsys.readouterr().err


def test_two_stocks_know_no_mean_level(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write_town(tmp_path, count, range(0, 90, 5), {"unchanged": None}, (2015, 2020))
    monkeypatch.chdir(tmp_path)
    say(tmp_path / "PROJEKT.toml", "geburten_rueckkehr = 10")
    assert main(["run", "PROJEKT.toml"]) != 0
    told = capsys.readouterr().err
    assert "raten: Ein mittleres Geburtenniveau braucht mindestens zwei; bekannt ist 1." in told
    assert "Bestände von mindestens drei Stichtagen angeben" in told


def test_the_lab_counts_on_it(town: Path) -> None:
    say(town, "geburten_rueckkehr = 4")
    assert main(["lab", "PROJEKT.toml", "--out", "labor.html", "--intern"]) == 0
    assert Path("labor.html").stat().st_size > 100_000


def test_a_look_back_says_that_it_is_made_without_it(town: Path) -> None:
    assert left_out(load_project("PROJEKT.toml")) == ()
    say(town, "geburten_rueckkehr = 4")
    (sentence,) = left_out(load_project("PROJEKT.toml"))
    looked = review_project("PROJEKT.toml", launches=[2015], leads=[5])
    page = (looked / "rueckblick.md").read_text(encoding="utf-8")
    assert sentence in page
    assert "geburten_rueckkehr = 4" in page
    assert "gilt im Rückblick nicht" in (looked / "rueckblick.html").read_text(encoding="utf-8")
