"""The CSV opens in German Excel, reads back, and never runs anything."""

from __future__ import annotations

import csv
from pathlib import Path

import pandas as pd
import pytest
import xarray as xr

from zwkprognose.output import write_csv, write_findings, write_parquet
from zwkprognose.output.files.long_table import field
from zwkprognose.tables.files.cell_text import neutral

from .conftest import Befunde


def _read(path: Path) -> pd.DataFrame:
    return pd.read_csv(path, sep=";", decimal=",", encoding="utf-8-sig", dtype={"gebiet": str}, keep_default_na=False)


def test_rows_add_up_to_every_area_and_year(city: xr.Dataset, tmp_path: Path) -> None:
    rows = _read(write_csv(city, tmp_path / "b.csv"))
    written = rows.groupby(["szenario", "jahr", "gebiet"])["anzahl"].sum()
    exact = city["population"].sum(["nationality", "sex", "age"]).to_series()
    exact.index.names = ["szenario", "jahr", "gebiet"]
    assert (written - exact.sort_index()).abs().max() < 1


def test_a_column_says_in_which_split_an_area_is_shown_in_all_years(city: xr.Dataset, tmp_path: Path) -> None:
    rows = _read(write_csv(city, tmp_path / "b.csv"))
    splits = rows.groupby("gebiet")["gliederung"].unique()
    assert (splits.str.len() == 1).all()
    assert splits.str[0].nunique() > 1
    for split, one in rows.groupby("gliederung"):
        assert ("Staatsangehörigkeit" in split) == (set(one["staatsangehoerigkeit"]) == {"D", "A"})
        assert ("Geschlecht" in split) == (set(one["geschlecht"]) == {"m", "w"})


def test_the_count_of_the_base_year_is_exact(city: xr.Dataset, tmp_path: Path) -> None:
    rows = _read(write_csv(city, tmp_path / "b.csv"))
    base = rows[(rows["jahr"] == 2020) & (rows["szenario"] == "middle")]
    assert base["anzahl"].sum() == city["population"].isel(scenario=0, year_end=0).sum()


def test_excel_german(city: xr.Dataset, tmp_path: Path) -> None:
    raw = write_csv(city, tmp_path / "b.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbfszenario;jahr;gebiet;name;")
    assert raw.endswith(b"\r\n")


def test_hostile_names_survive_and_do_nothing(city: xr.Dataset, tmp_path: Path) -> None:
    with write_csv(city, tmp_path / "b.csv").open(encoding="utf-8-sig", newline="") as file:
        names = {row["name"] for row in csv.DictReader(file, delimiter=";")}
    assert names == {neutral(name) for name in city["area_name"].values.tolist()}
    assert "'=SUMME(A1:A9)" in names


@pytest.mark.parametrize("text", ["=1+1", "+49", "-x", "@SUM(A1)", " =1", "\t=1", "\r=1", "＝1", "\n+1"])
def test_text_that_a_spreadsheet_would_run_is_neutralised(text: str) -> None:
    assert neutral(text) == "'" + text


def test_numbers_have_a_decimal_comma_and_keep_their_sign() -> None:
    assert [field(value) for value in (1.5, -3.0, 7, float("nan"), None)] == ["1,5", "-3", "7", "", ""]


def test_findings_are_written_with_german_heads(findings: object, tmp_path: Path) -> None:
    path = write_findings(findings, tmp_path / "befunde.csv")
    rows = _read(path)
    assert list(rows.columns[:4]) == ["schwere", "regel", "gebiet", "jahr"]
    assert rows["befund"].tolist() == ["'=2+2 <img src=x>", "Sprung um 12,5 %"]
    assert rows["wert"].tolist() == ["", "12,5"]
    assert rows["schwere"].tolist() == ["Hinweis", "Warnung"]


def test_findings_speak_german(findings: Befunde, tmp_path: Path) -> None:
    named = Befunde(findings.frame.assign(sex=["female", "weiblich"]))
    rows = _read(write_findings(named, tmp_path / "befunde.csv"))
    assert rows["geschlecht"].tolist() == ["weiblich", "weiblich"]


def test_parquet_holds_the_same_rows_with_keys_as_text(city: xr.Dataset, tmp_path: Path) -> None:
    found = pd.read_parquet(write_parquet(city, tmp_path / "b.parquet"))
    expected = _read(write_csv(city, tmp_path / "b.csv"))
    assert found["gebiet"].unique().tolist() == ["0001", "0002", "0003", "0004", "0005"]
    assert str(found["anzahl"].dtype) == "Int64"
    assert found["anzahl"].tolist() == expected["anzahl"].tolist()
    assert found["name"].tolist() == expected["name"].tolist()
    assert found["alter_bis"].isna().any()
