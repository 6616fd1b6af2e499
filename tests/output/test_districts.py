"""Districts beside areas: in workbook, long tables and report, and protected in one step with them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import python_calamine
import xarray as xr

from zwkprognose.errors import OutputError
from zwkprognose.output import publish, write_csv, write_excel, write_report
from zwkprognose.output.content.facts import facts_of
from zwkprognose.output.publication.districts import district_numbers, district_tables

from .conftest import make_city

DISTRICTS = {"0001": "Nord", "0002": "Nord", "0003": "Nord & <Ost>", "0004": "=Süd", "0005": "=Süd"}


def _rows(path: Path, sheet: str) -> list[list[object]]:
    book = python_calamine.CalamineWorkbook.from_path(str(path))
    return book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)


def _long(path: Path) -> pd.DataFrame:
    return pd.read_csv(path, sep=";", encoding="utf-8-sig", dtype={"gebiet": str}, keep_default_na=False)


def test_the_workbook_has_both_levels(city: xr.Dataset, tmp_path: Path) -> None:
    path = write_excel(city, tmp_path / "a.xlsx", districts=DISTRICTS)
    rows = _rows(path, "Bezirke")
    assert rows[3][:2] == ["Bezirk", 2020]
    assert [row[0] for row in rows[5:]] == ["=Süd", "Nord", "Nord & <Ost>"]
    areas = {str(row[0]): float(row[2]) for row in _rows(path, "Gebiete")[5:]}
    for row in rows[5:]:
        inside = [areas[key] for key, district in DISTRICTS.items() if district == row[0]]
        assert float(row[1]) == sum(inside)
    assert rows[4][1] == _rows(path, "Gebiete")[4][2]
    assert _rows(path, "Altersgruppen Bezirke")[0][0].startswith("Altersgruppen der Bezirke")
    assert _rows(path, "Komponenten Bezirke")[0][0].startswith("Komponenten der Bezirke")


def test_the_long_tables_add_up(city: xr.Dataset, tmp_path: Path) -> None:
    write_csv(city, tmp_path / "b.csv", districts=DISTRICTS)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["b-bezirke.csv", "b.csv"]
    areas, districts = _long(tmp_path / "b.csv"), _long(tmp_path / "b-bezirke.csv")
    sums = [frame.groupby(["szenario", "jahr"])["anzahl"].sum() for frame in (areas, districts)]
    pd.testing.assert_series_equal(*sums)
    assert set(districts["gebiet"]) == {"'=Süd", "Nord", "Nord & <Ost>"}


def test_the_report_shows_them(city: xr.Dataset, tmp_path: Path) -> None:
    text = write_report(city, tmp_path / "a.html", districts=DISTRICTS).read_text(encoding="utf-8")
    assert 'id="bezirke"' in text
    assert "Nord &amp; &lt;Ost&gt;" in text
    assert 'id="bezirke"' not in write_report(city, tmp_path / "b.html").read_text(encoding="utf-8")


def test_both_levels_come_from_one_protection(city: xr.Dataset) -> None:
    """What the writers show of the districts is what publish shows of them, hidden cells included."""
    published = publish(city, districts=DISTRICTS, min_cell=60)
    numbers = district_numbers(published, facts_of(city))
    assert numbers is not None
    tables = {"total": numbers.total, "by_age": numbers.by_age, "broad": numbers.broad_ages}
    for name, values in tables.items():
        shown = published[f"district_{name}"]
        others = [dim for dim in shown.dims if dim not in ("scenario", "year_end", "district")]
        expected = shown.transpose("scenario", "year_end", "district", *others).values
        np.testing.assert_array_equal(values, expected)
    assert np.isnan(numbers.by_age).any()
    assert not np.isnan(numbers.total).any()


def test_without_districts_there_are_no_tables(city: xr.Dataset) -> None:
    assert district_tables(publish(city)) is None
    assert district_numbers(publish(city), facts_of(city)) is None


def test_districts_cannot_be_added_afterwards(city: xr.Dataset, tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="nachträglich"):
        write_excel(publish(city), tmp_path / "a.xlsx", districts=DISTRICTS)
    with pytest.raises(OutputError, match="0005"):
        write_csv(city, tmp_path / "a.csv", districts={k: v for k, v in DISTRICTS.items() if k != "0005"})
    assert list(tmp_path.iterdir()) == []


def test_single_years_of_the_city_and_bands_of_its_only_district_give_no_few_persons() -> None:
    """Two publications: what one shows of the city by single years, the other shows of the same people by bands."""
    town = make_city((32.0, 408.0, 1665.0, 1015.0), scenarios={"middle": 1.0}, until=2022, seed=9)
    district = {str(key): "Süd" for key in town["area"].values}
    alone, beside = (publish(town, districts=of).isel(scenario=0, year_end=0) for of in (None, district))
    assert beside["district_by_age"].notnull().all(), "the only district is the whole town"
    counted = town["population"].isel(scenario=0, year_end=0).sum(["area", "nationality"]).transpose("sex", "age")
    limits = sorted({*alone["city_from"].values.tolist(), *beside["age_from"].values.tolist()})
    persons = np.add.reduceat(counted.values.round(), limits, axis=1)
    assert ((persons == 0) | (persons >= 5)).all()
