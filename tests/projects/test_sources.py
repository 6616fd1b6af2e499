"""The files of a project: patterns, sheets for each file, one file for stocks and events, deep documents."""

from __future__ import annotations

from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from zwkprognose.errors import InputError, ScenarioError, TableError, ZwkError
from zwkprognose.projects import Project, load_project
from zwkprognose.projects.record import record
from zwkprognose.projects.sources import read_tables, stock_files
from zwkprognose.scenarios import Scenario
from zwkprognose.tables import check
from zwkprognose.tables.records.layout import read_layout

HEADS = ["Stadtteil", "Geschlecht", "unter 18", "18 und älter"]
ROWS = [["Nord", "m", 10, 20], ["Nord", "w", 11, 21], ["Süd", "m", 12, 22], ["Süd", "w", 13, 23]]
EVENTS = [["Bewegungen"], ["Jahr", "Geburten", "Sterbefälle"], [2022, 3, 2], [2023, 4, 1]]


def _book(path: Path, years: tuple[int, ...], **sheets: list[list[object]]) -> Path:
    stocks = {f"31.12.{year}": [[f"Einwohner am 31.12.{year}"], HEADS, *ROWS] for year in years}
    with xlsxwriter.Workbook(path) as book:
        for name, rows in {**stocks, **sheets}.items():
            sheet = book.add_worksheet(name)
            for line, row in enumerate(rows):
                sheet.write_row(line, 0, row)
    return path


def _project(folder: Path, data: str) -> Path:
    path = folder / "projekt.toml"
    path.write_text(f'schema = 1\nname = "ort"\n[daten]\n{data}\n[prognose]\nbis = 2030\n', encoding="utf-8")
    return path


def _recorded(tmp_path: Path, project: Path) -> Project:
    """The project as its results keep it."""
    results = tmp_path / "ergebnisse"
    results.mkdir()
    (results / "projekt.toml").write_text(record(load_project(project), results), encoding="utf-8")
    return load_project(results / "projekt.toml")


def _years(project: Path) -> list[list[int]]:
    return [sorted(table.cells["year"].unique().tolist()) for table in read_tables(load_project(project))]


def test_sheets_are_chosen_in_workbooks_and_not_in_files_beside_them(tmp_path: Path) -> None:
    _book(tmp_path / "a.xlsx", (2021, 2023), Entwurf=[["Einwohner am 31.12.2001"], HEADS, *ROWS])
    rows = "\n".join(";".join(map(str, row)) for row in EVENTS)
    (tmp_path / "e.csv").write_text(rows, encoding="utf-8")
    data = 'bestand = "a.xlsx"\nereignisse = "e.csv"\n'
    assert _years(_project(tmp_path, data + 'blaetter = ["31.12.*"]')) == [[2021, 2023], [2022, 2023]]
    assert _years(_project(tmp_path, data + 'blaetter = { "a.xlsx" = "31.12.2023" }')) == [[2023], [2022, 2023]]
    assert _years(_project(tmp_path, data + '[daten.blaetter]\n"a.*" = ["31.12.2021"]')) == [[2021], [2022, 2023]]


@pytest.mark.parametrize(
    ("sheets", "said"),
    [
        ('{ "b.xlsx" = "31.12.*" }', "Für „b.xlsx“ sind Blätter genannt, aber keine der Dateien heißt so"),
        ('{ "a.xlsx" = "2023" }', "In „a.xlsx“ gibt es kein Blatt „2023“"),
        ('["31.12.*", "Alt"]', "gibt es kein Blatt „Alt“"),
    ],
)
def test_names_that_nothing_has_are_refused(tmp_path: Path, sheets: str, said: str) -> None:
    _book(tmp_path / "a.xlsx", (2021,))
    with pytest.raises(TableError, match=said):
        _years(_project(tmp_path, f'bestand = "a.xlsx"\nblaetter = {sheets}'))


def test_a_recorded_project_keeps_its_sheets(tmp_path: Path) -> None:
    _book(tmp_path / "a.xlsx", (2021, 2023))
    project = _project(tmp_path, 'bestand = "a.xlsx"\nblaetter = { "a.xlsx" = "31.12.2023" }')
    again = _recorded(tmp_path, project)
    assert [table.cells["year"].unique().tolist() for table in read_tables(again)] == [[2023]]


def test_tables_that_have_changed_since_the_record_are_named(tmp_path: Path) -> None:
    rows = "\n".join(";".join(map(str, row)) for row in EVENTS)
    for name in ("e.csv", "f.csv"):
        (tmp_path / name).write_text(rows.replace("2022", "2020").replace("2023", "2021") if name == "f.csv" else rows)
    _book(tmp_path / "a.xlsx", (2021, 2023))
    project = _project(tmp_path, 'bestand = "a.xlsx"\nereignisse = ["e.csv", "f.csv"]')
    again = _recorded(tmp_path, project)
    before = read_tables(again)[1].cells["value"].sum()
    assert before == 20
    for name in ("f.csv", "e.csv"):
        (tmp_path / name).write_text(rows + "\n")
    with pytest.raises(InputError) as error:
        read_tables(again)
    named = error.value.message.partition("geändert: ")[2].removesuffix(".").split(", ")
    assert [Path(one).name for one in named] == ["e.csv", "f.csv"]


@pytest.mark.parametrize("data", ['bestand = "a.xlsx"', 'bestand = "a.xlsx"\nereignisse = "a.xlsx"',
                                  'bestand = "a.xlsx"\nereignisse = "kopie.xlsx"'])  # fmt: skip
def test_a_workbook_of_stocks_and_events_is_read_once(tmp_path: Path, data: str) -> None:
    path = _book(tmp_path / "a.xlsx", (2021, 2023), Bewegungen=EVENTS)
    (tmp_path / "kopie.xlsx").write_bytes(path.read_bytes())
    stocks, events = read_tables(load_project(_project(tmp_path, data)))
    assert stocks.cells["value"].sum() == 2 * 132
    assert events.cells.groupby("variable")["value"].sum().to_dict() == {"births": 7, "deaths": 3}
    assert check(stocks, events).errors.frame.empty
    assert len(stocks.ledger.accounts) + len(events.ledger.accounts) == 3


def test_events_of_the_town_stay_where_areas_are_chosen(tmp_path: Path) -> None:
    _book(tmp_path / "a.xlsx", (2021, 2023), Bewegungen=EVENTS)
    stocks, events = read_tables(load_project(_project(tmp_path, 'bestand = "a.xlsx"\ngebiete = "Nord"')))
    assert stocks.cells["area"].unique().tolist() == ["Nord"]
    assert len(events.cells) == 4


@pytest.mark.parametrize(("entry", "found"), [("**/*.csv", 2), ("*/**/b?.csv", 1), ("b[1].csv", 1), ("*", 3)])
def test_patterns_find_files(tmp_path: Path, entry: str, found: int) -> None:
    (tmp_path / "innen").mkdir()
    for name in ("b[1].csv", "innen/b2.csv"):
        (tmp_path / name).write_text("x", encoding="utf-8")
    (tmp_path / "c.txt").write_text("x", encoding="utf-8")
    assert len(stock_files(load_project(_project(tmp_path, f'bestand = "{entry}"')))) == found


@pytest.mark.parametrize("entry", ["**b.csv", "a**", "x/**y/b.csv", "b*\\u0000", "\\u0000", "a" * 5000, "*" * 5000])
def test_patterns_that_are_none_are_refused(tmp_path: Path, entry: str) -> None:
    with pytest.raises(ScenarioError) as error:
        read_tables(load_project(_project(tmp_path, f'bestand = "{entry}"')))
    assert error.value.remedy


@given(st.text(alphabet="*?[]./\\ab-!~ ", max_size=12))
@settings(max_examples=150)
def test_any_pattern_has_an_answer(tmp_path_factory: pytest.TempPathFactory, entry: str) -> None:
    folder = tmp_path_factory.mktemp("muster")
    written = entry.replace("\\", "\\\\")
    if entry.startswith(("/", "..")) or "/.." in entry:
        return
    try:
        stock_files(load_project(_project(folder, f'bestand = "{written}"')))
    except ZwkError as error:
        assert error.remedy  # noqa: PT017


DEEP = "a = " + "[" * 50_000


@pytest.mark.parametrize("text", [DEEP, "a = " + "{b = " * 50_000, "a = " + "9" * 10_000, "a" + ".b" * 2_000 + " = 1"])
def test_documents_without_measure_are_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "tief.toml"
    path.write_text(text + "\n", encoding="utf-8")
    for read in (load_project, Scenario.from_toml, read_layout):
        with pytest.raises(ZwkError) as error:
            read(path)
        assert error.value.remedy


@pytest.mark.parametrize("key", ["karte", "bezirke"])
def test_a_path_that_no_file_can_have(tmp_path: Path, key: str) -> None:
    _book(tmp_path / "a.xlsx", (2021, 2023))
    project = load_project(_project(tmp_path, f'bestand = "a.xlsx"\n[ausgabe]\n{key} = "a\\u0000b"\n'))
    with pytest.raises(ScenarioError, match="kann kein Pfad sein"):
        project.path(getattr(project.publication, {"karte": "geometry", "bezirke": "districts"}[key]))
