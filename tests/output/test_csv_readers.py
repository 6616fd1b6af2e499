"""Other programs read the long table as the page „In anderen Programmen“ says: keys stay texts, nobody is lost."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
import xarray as xr
from pyarrow import csv

from zwkprognose.output import publish, write_csv

PAGE = Path(__file__).parents[2] / "docs" / "andere-programme.md"


def _line(program: str) -> str:
    """What the page says for a program."""
    found = re.search(rf"^\| {program} \| `(.+)` \|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert found is not None, program
    return found[1]


@pytest.mark.parametrize("program", ["pandas", "polars", "pyarrow"])
def test_the_line_of_the_page_keeps_keys_and_persons(
    city: xr.Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, program: str
) -> None:
    monkeypatch.chdir(tmp_path)
    write_csv(city, "bevoelkerung.csv")
    names = {"pd": pd, "pl": pl, "pa": pa, "csv": csv, "datei": "bevoelkerung.csv"}
    table: Any = eval(_line(program), names)  # noqa: S307
    table = table if program == "pandas" else table.to_pandas()
    read = table.to_dict("records")
    assert {row["gebiet"] for row in read} == {"0001", "0002", "0003", "0004", "0005"}
    assert next(iter(read[0])) == "szenario", "the mark of the byte order is no part of the name"
    persons = sum(row["anzahl"] for row in read if row["szenario"] == "middle" and row["jahr"] == 2020)
    assert persons == float(publish(city)["city_total"].sel(scenario="middle", year_end=2020))


def test_duckdb_needs_no_word(city: xr.Dataset, tmp_path: Path) -> None:
    path = write_csv(city, tmp_path / "bevoelkerung.csv")
    wanted = "sum(anzahl), list(distinct gebiet order by gebiet)"
    persons, keys = duckdb.sql(f"select {wanted} from '{path}' where szenario='middle' and jahr=2020").fetchall()[0]
    assert keys == ["0001", "0002", "0003", "0004", "0005"]
    assert persons == float(publish(city)["city_total"].sel(scenario="middle", year_end=2020))
