"""The workbook as a reader finds it."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import openpyxl
import pytest
import python_calamine
import xarray as xr

from zwkprognose.errors import OutputError
from zwkprognose.output import publish, write_excel
from zwkprognose.output.workbook import data, picker


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


def test_formulas_stand_in_the_profile_only_and_nothing_links_outside(workbook: Path) -> None:
    with zipfile.ZipFile(workbook) as parts:
        names = [name for name in parts.namelist() if name.startswith("xl/worksheets/sheet")]
        with_formulas = [name for name in names if "<f>" in parts.read(name).decode()]
        assert with_formulas == ["xl/worksheets/sheet2.xml"]
        assert not any("External" in parts.read(name).decode() for name in parts.namelist() if name.endswith(".rels"))
        assert "xl/vbaProject.bin" not in parts.namelist()


def _lookup(book: openpyxl.Workbook, formula: str, choice: dict[str, object]) -> object:
    """What one of the formulas gives: row by area and scenario, column by year, as Excel would look them up."""
    parts = re.search(r"INDEX\(Profildaten!([^,]+),(\([^+]*\)\*\d+\+MATCH\([^)]*,0\))(?:,(.+?\+\d+))?\)", formula)
    assert parts is not None, formula
    ranges, row, column = parts.groups()
    cells = book["Profildaten"][ranges.replace("$", "")]
    labels = re.search(r"Profildaten!(\S+?),0", row)[1].replace("$", "")  # type: ignore[index]
    names = [cell[0].value for cell in book["Profildaten"][labels]]
    scenario = re.match(r"\((\d+|MATCH)", row)[1]  # type: ignore[index]
    s = int(scenario) if scenario.isdigit() else choice["scenarios"].index(choice["scenario"]) + 1  # type: ignore[attr-defined]
    blocks = int(re.search(r"-1\)\*(\d+)\+MATCH", row)[1])  # type: ignore[index]
    line = (s - 1) * blocks + names.index(choice["area"])
    if column is None:
        return cells[line][0].value
    years = re.search(r"\{([\d;]+)\}", column)
    m = 1 if years is None else years[1].split(";").index(str(choice["year"])) + 1
    step, within = map(int, re.search(r"-1\)\*(\d+)\+(\d+)$", column).groups())  # type: ignore[union-attr]
    return cells[line][(m - 1) * step + within - 1].value


def test_the_profile_follows_its_choice(workbook: Path, city: xr.Dataset) -> None:
    book = openpyxl.load_workbook(workbook)
    sheet, shown = book["Gebietsprofil"], publish(city)
    heads = [sheet.cell(9, 2 + s).value for s in range(3)]
    assert heads == ["Variante lower", "Variante middle", "Variante upper"]
    lists = {str(check.sqref): check.formula1 for check in sheet.data_validations.dataValidation}
    assert lists == {"B4": "Profildaten!$A$5:$A$9", "B5": "Gebietsprofil!$B$9:$D$9", "B6": '"2020,2025,2027"'}
    area = str(book["Profildaten"]["A8"].value)
    assert area.endswith("(0004)")
    choice = {"area": area, "scenario": "Variante upper", "year": 2025, "scenarios": heads}
    for y, year in enumerate(range(2020, 2028)):
        for s, name in enumerate(("lower", "middle", "upper")):
            found = _lookup(book, sheet.cell(10 + y, 2 + s).value, choice)
            assert found == float(shown["total"].sel(area="0004", year_end=year, scenario=name))
    ages = shown["by_age"].sel(area="0004", scenario="upper")
    for b in range(3):
        for column, sex, year, sign in ((7, "male", 2025, "-"), (8, "female", 2025, ""), (9, "male", 2020, "-")):
            formula = sheet.cell(10 + b, column).value
            assert f",{sign}INDEX" in formula
            assert _lookup(book, formula, choice) == float(ages.sel(sex=sex, year_end=year)[b])
            asked = re.findall(r"MATCH\((?:VALUE\()?(\$B\$\d)\)?,([^,]+),0\)", formula)
            years = [("$B$6", "{2020;2025;2027}")] if year == 2025 else []
            assert asked == 2 * [("$B$5", "$B$9:$D$9"), ("$B$4", "Profildaten!$A$5:$A$9"), *years]
    assert len(sheet._charts) == 2


def test_the_profile_looks_up_all_numbers_and_shows_those_of_its_first_choice(workbook: Path, city: xr.Dataset) -> None:
    """Before anybody recalculates: the first area, the main scenario, the last year; persons per year of age."""
    book, shown = openpyxl.load_workbook(workbook), openpyxl.load_workbook(workbook, data_only=True)
    data, sheet = book["Profildaten"], book["Gebietsprofil"]
    heads = [str(cell.value) for cell in data[4]]
    first = next(k for k, head in enumerate(heads, 1) if head.startswith("2020 Frauen"))
    letters = (openpyxl.utils.get_column_letter(first), openpyxl.utils.get_column_letter(data.max_column))
    whole = f"Profildaten!${letters[0]}$5:${letters[1]}${data.max_row}"
    ages = publish(city)["by_age"].sel(area="0001", scenario="middle")
    for b, label in enumerate(ages["age_group"].values.tolist()):
        low, high = map(int, label.split("–")) if "–" in label else (0, 4)
        for column, sex, year, sign in ((7, "male", 2027, -1), (8, "female", 2027, 1), (9, "male", 2020, -1),
                                        (10, "female", 2020, 1)):  # fmt: skip
            formula = str(sheet.cell(10 + b, column).value)
            assert re.findall(r"INDEX\((Profildaten[^,]+),", formula) == [whole, whole]
            assert formula.endswith(f'/{high - low + 1},".")'), formula
            found = shown["Gebietsprofil"].cell(10 + b, column).value
            assert found == pytest.approx(sign * float(ages.sel(sex=sex, year_end=year)[b]) / (high - low + 1))


def test_every_series_of_a_chart_is_a_column_of_its_table(workbook: Path) -> None:
    """Heads right above the values, and beside every value the year or age of its row."""
    book = openpyxl.load_workbook(workbook)
    drawn = {(sheet.title, type(chart).__name__): chart.series for sheet in book for chart in sheet._charts}
    assert {key: len(series) for key, series in drawn.items()} == {
        ("Stadt", "LineChart"): 3, ("Gebietsprofil", "LineChart"): 3, ("Gebietsprofil", "BarChart"): 4,
    }  # fmt: skip
    for (name, kind), series in drawn.items():
        sheet = book[name]
        for place, line in enumerate(series):
            head, rows, values = (
                openpyxl.utils.range_boundaries(of.f.partition("!")[2].replace("$", ""))
                for of in (line.tx.strRef, line.cat.numRef or line.cat.strRef, line.val.numRef)
            )
            column, top, last, bottom = values
            assert head == (column, top - 1, last, top - 1)
            assert (last, rows[1], rows[3]) == (column, top, bottom)
            assert column - rows[0] == place + 1
            labels = [sheet.cell(row, rows[0]).value for row in range(top, bottom + 1)]
            if kind == "LineChart":
                assert list(map(int, labels)) == list(range(2020, 2028))
            else:
                assert sheet.cell(top - 1, rows[0]).value == "Alter"
                assert labels[0].startswith("0–")
                assert labels[-1].endswith(" und älter")


def test_years_are_numbers_and_no_head_breaks(workbook: Path) -> None:
    book = openpyxl.load_workbook(workbook)
    assert [cell.value for cell in book["Stadt"]["A"][4:12]] == list(range(2020, 2028))
    assert book["Gebiete"]["C4"].value == 2020
    for sheet in book:
        for row in sheet.iter_rows(min_row=4, max_row=5):
            for cell in row:
                is_head = isinstance(cell.value, str) and cell.font.b and cell.alignment.wrap_text
                if is_head and not cell.value.startswith("31.12."):
                    width = sheet.column_dimensions[cell.column_letter].width
                    longest = max(map(len, re.split(r"[\s]+|(?<=-)", cell.value)))
                    assert longest * 1.1 < width or sheet.title in {"Gebietsprofil", "Profildaten", "Daten"}, cell.value


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


def test_more_areas_than_the_picker_holds_are_left_to_the_csv(
    city: xr.Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(picker, "LARGEST", 4)
    path = write_excel(city, tmp_path / "a.xlsx")
    assert not {"Gebietsprofil", "Profildaten"} & {*python_calamine.CalamineWorkbook.from_path(str(path)).sheet_names}
    notes = "\n".join(str(cell) for row in _rows(path, "Hinweise") for cell in row)
    assert "Das Blatt „Gebietsprofil“ zum Auswählen fehlt; es fasst höchstens 4 Gebiete." in notes


def test_a_table_too_long_for_a_workbook_is_left_to_the_csv(
    city: xr.Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(data, "_LONGEST", 10)
    path = write_excel(city, tmp_path / "a.xlsx")
    assert "Daten" not in python_calamine.CalamineWorkbook.from_path(str(path)).sheet_names
    assert "steht in der CSV-Datei" in "\n".join(str(cell) for row in _rows(path, "Hinweise") for cell in row)


def test_nothing_is_a_dash_in_every_cell_that_counts(city: xr.Dataset, inputs: xr.Dataset, tmp_path: Path) -> None:
    """As in the report; the value stays a number."""
    book = openpyxl.load_workbook(write_excel(city, tmp_path / "a.xlsx", inputs=inputs))
    for name in ("Stadt", "Komponenten", "Komponenten Gebiete", "Altersgruppen"):
        cells = [cell for row in book[name].iter_rows(min_row=5, min_col=2) for cell in row]
        counts = [cell for cell in cells if isinstance(cell.value, int | float)]
        assert len(counts) > 10
        assert all(cell.number_format.endswith(';"–"') for cell in counts)
