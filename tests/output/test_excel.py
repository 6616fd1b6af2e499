"""The workbook as a reader finds it."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
import python_calamine
import xarray as xr

from zwkprognose.errors import OutputError
from zwkprognose.output import publish, write_excel


@pytest.fixture(scope="module")
def workbook(city: xr.Dataset, inputs: xr.Dataset, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_excel(city, tmp_path_factory.mktemp("xlsx") / "prognose.xlsx", inputs=inputs)


def _rows(path: Path, sheet: str) -> list[list[object]]:
    workbook = python_calamine.CalamineWorkbook.from_path(str(path))
    return workbook.get_sheet_by_name(sheet).to_python(skip_empty_area=False)


def test_the_notes_come_first_and_say_what_is_needed(workbook: Path) -> None:
    sheets = python_calamine.CalamineWorkbook.from_path(str(workbook)).sheet_names
    assert sheets[0] == "Hinweise"
    text = "\n".join(str(cell) for row in _rows(workbook, "Hinweise") for cell in row)
    for word in ("Stadt Übungsheim", "31.12.", "Amt für <b>Statistik</b>", "Kohorten", "Variante upper", "„.“"):
        assert word in text


def test_the_city_sheet_holds_every_year_and_scenario(workbook: Path, city: xr.Dataset) -> None:
    rows = _rows(workbook, "Stadt")
    assert rows[3][:4] == ["Stichtag 31.12.", "Variante lower", "Variante middle", "Variante upper"]
    totals = city["population"].sum(["area", "nationality", "sex", "age"]).transpose("year_end", "scenario").values
    for row, exact in zip(rows[4:12], totals, strict=True):
        assert [abs(float(value) - x) < 1 for value, x in zip(row[1:4], exact, strict=True)] == [True] * 3


def test_areas_add_up_to_the_city(workbook: Path) -> None:
    rows = _rows(workbook, "Gebiete")
    city, areas = rows[4], rows[5:10]
    assert city[1] == "Insgesamt"
    for column in range(2, 5):
        assert float(city[column]) == sum(float(row[column]) for row in areas)


def test_small_areas_are_protected(workbook: Path) -> None:
    small = next(row for row in _rows(workbook, "Altersgruppen Gebiete") if row[0] == "0002")
    assert set(small[2:22]) == {"."}


def test_no_cell_is_a_formula_or_a_link_outside(workbook: Path) -> None:
    with zipfile.ZipFile(workbook) as parts:
        sheets = [parts.read(name).decode() for name in parts.namelist() if name.startswith("xl/worksheets/sheet")]
        assert not any("<f>" in sheet for sheet in sheets)
        assert not any("External" in parts.read(name).decode() for name in parts.namelist() if name.endswith(".rels"))
        assert "xl/vbaProject.bin" not in parts.namelist()


def test_keys_and_names_stay_as_they_are(workbook: Path, city: xr.Dataset) -> None:
    rows = _rows(workbook, "Gebiete")[5:10]
    assert [row[0] for row in rows] == ["0001", "0002", "0003", "0004", "0005"]
    assert [row[1] for row in rows] == city["area_name"].values.tolist()


def test_internal_says_so(city: xr.Dataset, tmp_path: Path) -> None:
    path = write_excel(city, tmp_path / "intern.xlsx", internal=True)
    text = "\n".join(str(cell) for row in _rows(path, "Hinweise") for cell in row)
    assert "INTERNE FASSUNG" in text
    small = next(row for row in _rows(path, "Altersgruppen Gebiete") if row[0] == "0002")
    assert "." not in small


def test_a_folder_in_the_way_is_an_error_that_leaves_nothing(city: xr.Dataset, tmp_path: Path) -> None:
    (tmp_path / "prognose.xlsx").mkdir()
    with pytest.raises(OutputError, match=r"prognose\.xlsx"):
        write_excel(city, tmp_path / "prognose.xlsx")
    assert [path.name for path in tmp_path.iterdir()] == ["prognose.xlsx"]


def test_another_ending_is_refused(city: xr.Dataset, tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"Endung \.xlsx"):
        write_excel(city, tmp_path / "x.csv")
    assert list(tmp_path.iterdir()) == []


def test_inputs_of_another_town_are_refused(city: xr.Dataset, inputs: xr.Dataset, tmp_path: Path) -> None:
    fewer = inputs.isel(area=slice(1, None))
    with pytest.raises(OutputError, match="0001"):
        write_excel(city, tmp_path / "a.xlsx", inputs=fewer)
    other = inputs.copy(deep=True)
    other["population"].loc[{"area": "0003"}] *= 1.01
    for projection in (city, publish(city)):
        with pytest.raises(OutputError, match=r"(?s)Bestände am 31.12.2020.*0003"):
            write_excel(projection, tmp_path / "a.xlsx", inputs=other)
    assert list(tmp_path.iterdir()) == []
