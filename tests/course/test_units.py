"""Every unit runs as those who learn and as the trainer see it; with the solutions every answer is right."""

from __future__ import annotations

import importlib.util
import re
import resource
from functools import cache
from importlib import import_module
from itertools import pairwise
from pathlib import Path
from types import ModuleType

import nbformat
import openpyxl
import pytest
from support.browser import CHROMIUM

from zwkprognose.course import messy_workbook
from zwkprognose.course.answers import tasks
from zwkprognose.examples import musterstadt
from zwkprognose.projects import load_project
from zwkprognose.projects.sources import read_tables

FOLDER = Path(__file__).parents[2] / "notebooks"
UNITS = sorted(FOLDER.glob("T[0-9]_*.md"))
#: Seconds of processor time for all eight units together.
ALL = 180


def builder() -> ModuleType:
    spec = importlib.util.spec_from_file_location("bauen", FOLDER / "bauen.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_unit_is_named_in_the_timetable() -> None:
    listed = re.findall(r"\((T\d_\w+\.md)\)", (FOLDER / "README.md").read_text(encoding="utf-8"))
    assert listed == [path.name for path in UNITS]


@pytest.mark.parametrize("path", UNITS, ids=lambda p: p.stem)
def test_a_unit_has_times_tasks_solutions_notes_and_a_way_without_python(path: Path) -> None:
    text, number = path.read_text(encoding="utf-8"), path.stem[:2]
    asked = re.findall(rf'answer\("({number}\.\d)", \.\.\.\)', text)
    assert asked == [key for key in tasks() if key.startswith(number)]
    assert len(re.findall(r"^:::\{loesung\}", text, re.MULTILINE)) == len(asked) >= 3
    assert text.count(":::{trainer}") >= 2
    assert text.count(":::{excel}") >= 1
    minutes = [int(m) for m in re.findall(r"^\| \d+–(\d+) \|", text, re.MULTILINE)]
    assert 45 <= minutes[-1] <= 60
    assert minutes == sorted(minutes)


@pytest.mark.parametrize("path", UNITS, ids=lambda p: p.stem)
def test_learners_do_not_see_solutions_and_notes(path: Path) -> None:
    cells = builder().notebook(path, trainer=False).cells
    assert not any({"loesung", "trainer"} & set(cell.metadata["tags"]) for cell in cells)
    slides = [cell.metadata["slideshow"]["slide_type"] for cell in cells]
    assert slides[0] == "slide"
    assert slides.count("slide") + slides.count("subslide") >= 5


@cache
def run(path: Path, trainer: bool) -> tuple[nbformat.NotebookNode, float]:
    """The unit with its outputs, and the seconds of processor time of its kernel."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    unit = builder().executed(path, trainer=trainer)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return unit, after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


@pytest.mark.filterwarnings("default")
@pytest.mark.parametrize("trainer", [False, True], ids=["learner", "trainer"])
@pytest.mark.parametrize("path", UNITS, ids=lambda p: p.stem)
def test_a_unit_runs_and_its_solutions_are_right(path: Path, trainer: bool) -> None:
    unit, _ = run(path, trainer)
    told = [output.get("data", {}).get("text/plain", "") for cell in unit.cells for output in cell.get("outputs", [])]
    right = [text for text in told if text.startswith("Richtig")]
    open_ = [text for text in told if text.startswith("Noch keine Antwort")]
    asked = len([key for key in tasks() if key.startswith(path.stem[:2])])
    assert len(open_) == asked
    assert len(right) == (asked if trainer else 0)
    assert not [text for text in told if text.startswith(("Noch nicht", "Gefragt"))]


@pytest.mark.filterwarnings("default")
def test_all_units_together_stay_within_three_minutes_of_processor_time() -> None:
    seconds = {path.stem: run(path, trainer=True)[1] for path in UNITS}
    assert min(seconds.values()) > 0.5, "a kernel that was not waited for is not counted"
    assert max(seconds.values()) < 20
    assert sum(seconds.values()) < ALL


@pytest.mark.filterwarnings("default")
@pytest.mark.parametrize("path", UNITS, ids=lambda p: p.stem)
def test_slides_load_nothing_and_give_no_answer_away(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(FOLDER))
    slides = import_module("folien").slides(run(path, trainer=True)[0])
    assert not re.findall(r"(?:src|href)=[\"'](?!data:)|@import|url\(", slides)
    assert "Richtig" not in slides
    assert "Noch keine Antwort" not in slides
    assert "answer(" not in re.sub(r"<aside>.*?</aside>", "", slides, flags=re.DOTALL)
    pages = re.findall(r"<section>(.*?)</section>", slides, re.DOTALL)
    assert all(re.match(r"<h[123]>", page) for page in pages)
    asked = [key for key in tasks() if key.startswith(path.stem[:2])]
    assert [len(re.findall(rf"<h3>Aufgabe {k}\b", slides)) for k in range(1, len(asked) + 1)] == [1] * len(asked)
    assert len(slides) < 1_000_000


@pytest.mark.browser
@pytest.mark.filterwarnings("default")
@pytest.mark.parametrize("path", UNITS, ids=lambda p: p.stem)
def test_every_slide_fits_the_screen(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a projector (1280 × 720) nothing is cut, and no picture is drawn out of its proportions."""
    from playwright.sync_api import sync_playwright

    monkeypatch.syspath_prepend(str(FOLDER))
    page = tmp_path / "folien.html"
    page.write_text(import_module("folien").slides(run(path, trainer=True)[0]), encoding="utf-8")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        tab = browser.new_context(viewport={"width": 1280, "height": 720}, offline=True).new_page()
        tab.goto(page.as_uri())
        found = tab.evaluate(
            """() => ({
              tall: [...document.querySelectorAll("section")].map(s => s.scrollHeight).filter(h => h > 723),
              wide: [...document.querySelectorAll("section *")].filter(e => e.scrollWidth > e.clientWidth + 1
                && getComputedStyle(e).display !== "inline").length,
              drawn: [...document.images].filter(i => getComputedStyle(i).objectFit !== "contain").length})"""
        )
        browser.close()
    assert found == {"tall": [], "wide": 0, "drawn": 0}


def test_slides_show_numbers_as_germans_write_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(FOLDER))
    slides = import_module("folien")
    assert slides._decimals("<td>391.0</td><td>7.0</td>") == "<td>391</td><td>7</td>"
    assert slides._decimals("<td>-0.50</td><td>2.00</td>") == "<td>−0,50</td><td>2,00</td>"
    assert slides._decimals("am 31.12.2023, Fassung 1.2.3") == "am 31.12.2023, Fassung 1.2.3"
    assert slides._plain("{'Zuzüge': 391.5}") == "<table><tr><th>Zuzüge</th><td>391,5</td></tr></table>"
    assert slides._plain("'4.698 Personen'") == "<p>4.698 Personen</p>"
    table = "<table>" + "".join(f"<tr><td>{k}</td></tr>" for k in range(60)) + "</table>"
    assert slides._table(table).count("<tr>") == slides.ROWS
    assert slides._table(table).endswith(f"</table><p>… und {60 - slides.ROWS} weitere Zeilen im Heft</p>")


def test_the_project_file_of_those_without_python_says_the_same(tmp_path: Path) -> None:
    """The lines shown in T2 read the workbook of the course, with the secret cells decided."""
    text = (FOLDER / "T2_eigene_tabelle.md").read_text(encoding="utf-8")
    (lines,) = re.findall(r"```toml\n(.*?)```", text, re.DOTALL)
    messy_workbook(tmp_path / "einwohner_2023.xlsx")
    (tmp_path / "projekt.toml").write_text(f'name = "kurs"\n\n{lines}\n[prognose]\nbis = 2030\n', "utf-8")
    (table,) = read_tables(load_project(tmp_path / "projekt.toml"))
    assert float(table.cells["value"].sum()) == tasks()["T2.4"].solution()


def test_the_workbook_of_the_course_has_a_row_for_every_quarter_and_group(tmp_path: Path) -> None:
    """Men before women, Germans before foreigners, one or two persons as a point; below, after a line, why."""
    path = messy_workbook(tmp_path / "einwohner_2023.xlsx")
    rows = list(openpyxl.load_workbook(path).active.iter_rows(values_only=True))
    assert [cell for cell in rows[3] if cell] == ["Schlüssel", "Quartier", "Alter", "männlich", "weiblich"]
    assert rows[4][3:] == ("Deutsche", "Ausländer", "Deutsche", "Ausländer")
    people = musterstadt().inputs["population"].sel(year_end=2023)
    limits = [0, 3, 6, 18, 30, 50, 65, 80, None]
    body = iter(rows[5:])
    for key in people["area"].values.tolist():
        for first, end in pairwise(limits):
            row = next(body)
            own = people.sel(area=key, age=slice(first, None if end is None else end - 1)).sum("age")
            told = [float(own.sel(sex=sex, nationality=group)) for sex in ("male", "female")
                    for group in ("german", "foreign")]  # fmt: skip
            assert row[0] == key
            assert str(row[2]).startswith("unter 3" if not first else str(first))
            assert list(row[3:]) == ["." if 0 < persons < 3 else persons for persons in told]
    assert [row[0] for row in body] == [
        None, ". = Zahl unbekannt oder geheim zu halten", "Quelle: Einwohnermelderegister, eigene Auswertung",
    ]  # fmt: skip


@pytest.mark.parametrize("path", UNITS, ids=lambda p: p.stem)
def test_lines_of_a_project_file_are_understood(path: Path, tmp_path: Path) -> None:
    messy_workbook(tmp_path / "einwohner_2023.xlsx")
    for lines in re.findall(r"```toml\n(.*?)```", path.read_text(encoding="utf-8"), re.DOTALL):
        stock = "" if "[daten]" in lines else '[daten]\nbestand = ["einwohner_2023.xlsx"]\n'
        file = tmp_path / "projekt.toml"
        years = "" if "[prognose]" in lines else "[prognose]\nbis = 2033\n"
        file.write_text(f'name = "kurs"\n\n{stock}\n{lines}\n{years}', "utf-8")
        assert load_project(file)


def test_one_command_writes_all(tmp_path: Path) -> None:
    builder().main(tmp_path / "kurs")
    written = sorted(path.name for path in (tmp_path / "kurs").iterdir())
    assert written == sorted(f"{path.stem}{end}.ipynb" for path in UNITS for end in ("", "_trainer"))
