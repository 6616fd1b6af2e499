"""What is handed in: tables in memory of every library, and things that are no tables."""

from __future__ import annotations

import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st
from support.tidy_files import full_tidy, tidy, total, write

from zwkprognose import build_inputs, check, read_table
from zwkprognose.errors import TableError, ZwkError
from zwkprognose.tables import (
    adjust_level,
    area_totals,
    concat_tables,
    parts_only,
    rake,
    resolve_status,
    restore_zeros,
    with_universe,
)

HEADS = ["Einwohner 0 bis 17", "Einwohner 18 und älter"]
NAMES = tidy([]).strip().split(";")


def _frame() -> pd.DataFrame:
    frame = pd.DataFrame([row.split(";") for row in full_tidy()], columns=NAMES)
    typed = frame.astype({"jahr": int, "alter_von": int, "anzahl": int})
    return typed.assign(alter_bis=pd.to_numeric(typed["alter_bis"]).astype("Int64"))


def _crosstab() -> pd.DataFrame:
    return pd.DataFrame({"jahr": 2023, "Stadtteil": ["Nord", "Süd"], HEADS[0]: [5, 7], HEADS[1]: [20, 30]})


def _cells(table: Any) -> pd.DataFrame:
    return table.cells.drop(columns="file")


@pytest.mark.parametrize(
    "convert",
    [
        pd.DataFrame.copy,
        pl.from_pandas,
        lambda frame: pl.from_pandas(frame).lazy(),
        pa.Table.from_pandas,
        lambda frame: duckdb.from_df(frame),
        lambda frame: pa.Table.from_pandas(frame).to_reader(max_chunksize=7),
        lambda frame: pa.RecordBatch.from_pandas(frame),
        lambda frame: frame.convert_dtypes(dtype_backend="pyarrow"),
        lambda frame: frame.convert_dtypes(),
        lambda frame: frame.astype({"geschlecht": "category", "jahr": "category"}),
        lambda frame: frame.assign(jahr=pd.to_datetime(frame["jahr"].astype(str) + "-12-31")),
        lambda frame: frame.assign(jahr=[datetime.date(year, 12, 31) for year in frame["jahr"]]),
        lambda frame: frame.assign(anzahl=[Decimal(f"{n}.000") for n in frame["anzahl"]]),
        lambda frame: frame.assign(anzahl=frame["anzahl"].astype(float)),
        lambda frame: frame.set_index(["jahr", "gebiet"]),
        lambda frame: frame.sort_values("anzahl", kind="stable").sort_values(["jahr", *NAMES[1:-1]], kind="stable"),
    ],
)
def test_a_frame_reads_like_its_csv(tmp_path: Path, convert: Any) -> None:
    text, frame = read_table(write(tmp_path, tidy(full_tidy()))), read_table(convert(_frame()))
    assert len(frame.cells) == len(text.cells)
    order = ["area", "year", "sex", "nationality", "age_from"]
    one, other = (_cells(t).drop(columns="line").sort_values(order, ignore_index=True) for t in (frame, text))
    pd.testing.assert_frame_equal(one.drop(columns="column"), other.drop(columns="column"))
    assert frame.source.file == "Tabelle im Speicher"
    assert len(frame.source.sha256) == 64
    assert check(frame).errors.frame.empty


def test_the_hash_is_that_of_the_content() -> None:
    one = read_table(_frame()).source.sha256
    assert read_table(pl.from_pandas(_frame())).source.sha256 == one
    assert read_table(_frame().assign(anzahl=1)).source.sha256 != one


def test_crosstabs_and_several_levels_of_names() -> None:
    assert total(read_table(_crosstab())) == 62
    columns = pd.MultiIndex.from_product([["männlich", "weiblich"], HEADS])
    index = pd.MultiIndex.from_tuples([(2023, "Nord"), (2023, "Süd")], names=["Jahr", "Stadtteil"])
    table = read_table(pd.DataFrame([[1, 2, 3, 4], [5, 6, 7, 8]], index=index, columns=columns))
    assert total(table, sex="female", area="Süd") == 15


def test_a_title_stands_beside_the_frame() -> None:
    frame = pd.DataFrame({"Stadtteil": ["Nord", "Süd"], "unter 18": [5, 7], "18 und älter": [20, 30]})
    with pytest.raises(TableError) as error:
        read_table(frame)
    assert 'attrs["title"]' in error.value.remedy
    frame.attrs["title"] = "Einwohner am 31.12.2023"
    assert read_table(frame).cells["year"].unique().tolist() == [2023]


def test_several_frames_and_files_together(tmp_path: Path) -> None:
    path = write(tmp_path, tidy(full_tidy(years=[2019])))
    table = read_table([path, _crosstab(), _crosstab().assign(jahr=2024)])
    assert [part.file for part in table.source.parts] == [
        "tabelle.csv", "Tabelle im Speicher", "Tabelle im Speicher (2)",
    ]  # fmt: skip


@pytest.mark.parametrize("missing", [None, np.nan, pd.NA, pd.NaT, Decimal("NaN")])
def test_nothing_is_an_empty_cell_and_no_zero(missing: Any) -> None:
    cells = read_table(_crosstab().assign(**{HEADS[0]: pd.Series([5, missing], dtype=object)})).cells
    assert cells["status"].tolist() == ["number", "number", "absent", "number"]


@pytest.mark.parametrize("index", [["Nord", "Süd"], [2022, 2023], [0.5, 1.5]])
def test_an_index_without_a_name_would_be_lost(index: list[Any]) -> None:
    with pytest.raises(TableError, match=f"hat keinen Namen und ginge verloren; er beginnt mit „{index[0]}“"):
        read_table(_crosstab().set_axis(index))


@pytest.mark.parametrize("index", [[0, 1], [7, 3], pd.RangeIndex(2)])
def test_an_index_that_counts_the_rows_is_no_column(index: Any) -> None:
    assert total(read_table(_crosstab().set_axis(index))) == 62


_NESTED = [[[1], [2]], [{"a": 1}, {"a": 2}], [b"1", b"2"]]


@pytest.mark.parametrize("values", _NESTED)
@pytest.mark.parametrize("form", ["pandas", "polars", "arrow", "duckdb", "parquet"])
def test_lists_structures_and_bytes_name_their_column(tmp_path: Path, values: list[Any], form: str) -> None:
    columns = {name: column.tolist() for name, column in _crosstab().items()} | {"Rest": values}
    arrow = pa.table(columns)
    path = tmp_path / "a.parquet"
    pq.write_table(arrow, path)
    forms = {"pandas": pd.DataFrame, "polars": pl.DataFrame, "arrow": pa.table}
    source = forms[form](columns) if form in forms else path if form == "parquet" else duckdb.from_arrow(arrow)
    with pytest.raises(TableError, match="enthält die Spalte „Rest“ Listen, Strukturen oder Binärdaten"):
        read_table(source)


@pytest.mark.parametrize("values", [[True, False], [datetime.timedelta(1)] * 2, [float("inf"), 1.0], [1 + 2j, 1j]])
def test_values_that_are_no_counts_are_refused(values: list[Any]) -> None:
    with pytest.raises(TableError, match="Zeile 2"):
        read_table(_crosstab().assign(**{HEADS[0]: values}))


@pytest.mark.parametrize(
    "frame", [pd.DataFrame(), pl.DataFrame(), pa.table({}), _crosstab().iloc[:0], pl.DataFrame({"a": []})]
)
def test_a_frame_without_rows_or_columns(frame: Any) -> None:
    with pytest.raises(TableError):
        read_table(frame)


@given(st.lists(st.decimals(min_value=0, max_value=10**7, places=3), min_size=1, max_size=5))
@settings(max_examples=30)
def test_a_decimal_keeps_its_value(numbers: list[Decimal]) -> None:
    """12.500 of a database is twelve and a half, not twelve thousand five hundred."""
    frame = pd.DataFrame({"jahr": range(2000, 2000 + len(numbers)), "gebiet": "01", "anzahl": numbers})
    assert read_table(frame).cells["value"].tolist() == [float(number) for number in numbers]


_WRONG = [
    None, 3, 2.5, True, "bestand.csv", Path("bestand.csv"), b"PK", {"a": 1}, object(), xr.Dataset(), xr.DataArray([1]),
    pd.Series([1]), np.array([1, 2]), [None], [3], _frame(), [_frame()], pl.DataFrame({"a": [1]}), lambda: None,
]  # fmt: skip


@pytest.mark.parametrize("wrong", _WRONG, ids=lambda wrong: type(wrong).__name__)
def test_what_is_no_table_is_refused_in_german(wrong: Any) -> None:
    table = read_table(_frame())
    doors = [
        check, build_inputs, parts_only, area_totals, resolve_status, concat_tables,
        lambda one: restore_zeros(one, width=4), lambda one: with_universe(one, "Melderegister"),
        lambda one: adjust_level(table, one), lambda one: rake(table, one), lambda one: concat_tables([table, one]),
    ]  # fmt: skip
    for door in doors:
        with pytest.raises(ZwkError, match=r"Erwartet wird eine Tabelle \(Table\); übergeben wurde"):
            door(wrong)


@pytest.mark.parametrize(
    "wrong",
    [None, 3, b"PK", {"a": 1}, object(), xr.Dataset(), xr.DataArray([1]), pd.Series([1]), np.array([1]), [None],
     [_frame(), 3], xr.Dataset({"a": ("x", [1])}), pl.Series([1])],
    ids=lambda wrong: type(wrong).__name__,
)  # fmt: skip
def test_what_is_no_file_is_refused_in_german(wrong: Any) -> None:
    with pytest.raises(TableError, match="übergeben wurde"):
        read_table(wrong)


def test_a_table_is_not_read_again() -> None:
    with pytest.raises(TableError, match="schon gelesen"):
        read_table(read_table(_frame()))
