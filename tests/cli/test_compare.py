"""One year later on the command line: last year's folder alone, new tables, and a folder of its own."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from zwkprognose.cli import main
from zwkprognose.output import open_netcdf
from zwkprognose.output.files.interim import INTERIM

PLAN = """
[[meilenstein]]
name = "Kinder"
alter = "0-5"
jahr = 2024
ziel = 100

[[meilenstein]]
name = "Altenquotient"
alter = "65+"
je_hundert = "20-64"
gebiete = ["Hafen"]
ziel = 45
richtung = "hoechstens"
"""


@pytest.fixture
def later(town: Path) -> Path:
    """Results of a run with milestones, and stocks of the two years after."""
    document = (town / "PROJEKT.toml").read_text(encoding="utf-8")
    (town / "PROJEKT.toml").write_text(
        document.replace("[prognose]\n", '[prognose]\nmeilensteine = "plan.toml"\n'), encoding="utf-8"
    )
    (town / "plan.toml").write_text(PLAN, encoding="utf-8")
    assert main(["run", "PROJEKT.toml"]) == 0
    head, *rows = (town / "bestand.csv").read_text(encoding="utf-8").splitlines()
    for year in (2021, 2022):
        new = [row.replace("2020", str(year), 1) for row in rows if row.startswith("2020")]
        (town / f"neu{year}.csv").write_text("\n".join([head, *new]) + "\n", encoding="utf-8")
    listed = '["bestand.csv", "neu2021.csv", "neu2022.csv"]'
    (town / "neues.toml").write_text(document.replace('"bestand.csv"', listed), encoding="utf-8")
    return town


def test_it_writes_what_was_expected_and_counted(later: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compare", "ergebnisse", "neu2021.csv"]) == 0
    said = capsys.readouterr().out
    assert "Ziel „Kinder“ (2024): bisher" in said
    folder = later / "zwischenbilanz"
    assert {path.name for path in folder.iterdir()} == set(INTERIM)
    old = open_netcdf(later / "ergebnisse" / "prognose.nc").sel(scenario="middle")
    options = {"sep": ";", "decimal": ",", "encoding": "utf-8-sig"}
    table = pd.read_csv(folder / "zwischenbilanz.csv", dtype={"gebiet": str}, keep_default_na=False, **options)
    people = table[table["bestandteil"] == "Bevölkerung"].set_index("gebiet")
    expected = old["population"].sel(year_end=2021)
    assert people.loc["", "erwartet"] == pytest.approx(float(expected.sum()), abs=1e-3)
    for area in ("01", "02"):
        assert people.loc[area, "erwartet"] == pytest.approx(float(expected.sel(area=area).sum()), abs=1e-3)
    counted = pd.read_csv(later / "neu2021.csv", sep=";")
    by_area = counted.groupby("gebiet")["anzahl"].sum()
    assert [float(str(people.loc[a, "gezaehlt"]).replace(",", ".")) for a in ("01", "02")] == by_area.tolist()
    goals = pd.read_csv(folder / "zwischenbilanz-ziele.csv", **options)
    assert goals["ziel"].tolist() == ["Kinder", "Altenquotient"]
    assert goals["bisher_erreicht"].isin(["ja", "nein"]).all()
    causes = pd.read_csv(folder / "zwischenbilanz-zerlegung.csv", **options)
    assert causes["jahr"].unique().tolist() == [2025]
    assert f"{round(abs(causes['personen'].sum()))} Personen" in said.replace(".", "")
    page = (folder / "zwischenbilanz.html").read_text(encoding="utf-8")
    assert "Nur intern" in page
    assert page.count("<table>") == 4


def test_this_years_project_and_its_tables_say_the_same(later: Path, capsys: pytest.CaptureFixture[str]) -> None:
    answers = []
    for sources, out in ((["neu2021.csv"], "a"), (["neues.toml"], "b")):
        capsys.readouterr()
        assert main(["compare", "ergebnisse", *sources, "--out", out, "--json"]) == 0
        answers.append(json.loads(capsys.readouterr().out))
    one, other = answers
    assert one["jahr"] == other["jahr"] == 2021
    assert one["bestandteile"] == other["bestandteile"]
    assert one["dateien"] == sorted(INTERIM)
    assert other["saetze"][-1] == "Verglichen wird der 31.12.2021; spätere Bestände (2022) bleiben außer Betracht."
    assert [goal["ziel"] for goal in one["ziele"]] == ["Kinder", "Altenquotient"]
    births = [row for row in one["bestandteile"] if row["bestandteil"] == "births"]
    assert all(row["gezaehlt"] is None and row["erwartet"] > 0 for row in births)
    assert main(["compare", "ergebnisse", "neues.toml", "--jahr", "2022", "--out", "c", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["jahr"] == 2022


def test_nothing_is_written_over(later: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call = ["compare", "ergebnisse", "neu2021.csv"]
    assert main(call) == 0
    before = {path: path.read_bytes() for path in (later / "zwischenbilanz").iterdir()}
    assert main(call) == 1
    assert "schon Ergebnisse" in capsys.readouterr().err
    assert {path: path.read_bytes() for path in (later / "zwischenbilanz").iterdir()} == before
    assert main([*call, "--force"]) == 0
    (later / "eigene").mkdir()
    (later / "eigene" / "zwischenbilanz.csv").write_text("eigenes", encoding="utf-8")
    assert main([*call, "--out", "eigene", "--force"]) == 1
    assert (later / "eigene" / "zwischenbilanz.csv").read_text(encoding="utf-8") == "eigenes"
    own = later / "zwischenbilanz" / "zwischenbilanz.csv"
    (later / "neu2021.csv").rename(own)
    assert main(["compare", "ergebnisse", str(own), "--force", "--out", str(own.parent)]) == 1
    assert "wird gelesen und deshalb nicht überschrieben" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (["ergebnisse", "neues.toml", "--jahr", "2023"], "Möglich ist 2021 oder 2022."),
        (["ergebnisse", "bestand.csv"], "Einen Bestand nach dem 31.12.2020 gibt es"),
        (["ergebnisse", "neu2021.csv", "--szenario", "obere"], "Der Ordner enthält „middle“ oder „s“."),
        (["ergebnisse", "neu2021.csv", "neues.toml"], "Ein Projektdokument steht für sich."),
        ([".", "neu2021.csv"], "fehlt prognose.nc"),
    ],
)
def test_what_cannot_be_compared(later: Path, call: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compare", *call]) == 1
    assert said in capsys.readouterr().err
    assert not (later / "zwischenbilanz").exists()
