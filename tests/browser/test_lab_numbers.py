"""Random documents of all that the lab can say: Chromium, ``project`` and the command line give the same numbers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import event, given, settings
from playwright.sync_api import Browser
from projects.test_every_size import Town
from support.browser import Visit, visited
from support.lab_questions import SOLVED, Question, differences, expected, questions, solved_questions

from zwkprognose.cli import main
from zwkprognose.errors import ZwkError
from zwkprognose.german import number
from zwkprognose.lab.filling import engine_script
from zwkprognose.lab.payload import payload
from zwkprognose.output import open_netcdf
from zwkprognose.projects.laboratory import write_lab

#: Every stock and flow of a document, computed in arrays that years share, as the page does it.
ASK = """([head, numbers, said]) => {
  const { laboratory, space } = lab, all = Float64Array.from(numbers);
  const town = laboratory.town(head, laboratory.from(head.arrays, all));
  const found = { population: [[...town.start]] };
  laboratory.follow(town, said, (t, year) => { for (const n in year) (found[n] ??= []).push([...year[n]]); }, space);
  return found;
}"""


@pytest.fixture(scope="module")
def engine(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visit]:
    """The engine in an empty page."""
    empty = tmp_path_factory.mktemp("leer") / "leer.html"
    empty.write_text("<!DOCTYPE html><title>leer</title>", encoding="utf-8")
    with visited(browser, empty) as visit:
        visit.page.evaluate(f"() => {{ {engine_script()} window.lab = {{ laboratory, space: year.room() }}; }}")
        yield visit


def compared(engine: Visit, question: Question) -> dict[str, tuple[int, float]]:
    """Differences of browser and engine; what the engine refuses the page need not know."""
    case, document = question
    try:
        wanted = expected(case, document)
    except ZwkError:
        event("refused")
        return {}
    carried = payload(case.base())
    head = {"facts": carried.facts | {"saysMortality": False}, "arrays": carried.arrays}
    return differences(engine.page.evaluate(ASK, [head, carried.numbers.tolist(), document]), wanted)


@given(questions())
@settings(max_examples=40)
def test_random_documents_have_the_bits_of_the_engine(engine: Visit, question: Question) -> None:
    found = compared(engine, question)
    assert all(count == 0 for count, _ in found.values()), found


@given(solved_questions())
@settings(max_examples=15)
def test_what_is_solved_step_by_step_is_solved_alike(engine: Visit, question: Question) -> None:
    found = compared(engine, question)
    assert all(gap <= SOLVED for _, gap in found.values()), found


def test_the_command_line_computes_the_screen_again(
    browser: Browser, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What is moved and added on the screen, saved, and run as a scenario of the same project."""
    sizes = (900, 2500, 300, 4000, 1800)
    document = Town(sizes, (2005, 2010, 2015, 2020), groups="DA", totals="geschrumpft", ahead=10).write(tmp_path)
    page = write_lab(document, internal=True)
    with visited(browser, page) as visit:
        visit.page.wait_for_selector("html[data-ready]")
        _assume(visit)
        text = visit.saved(visit.page.locator("#speichern"))
        shown = {year: _persons(visit, year) for year in (2023, 2026, 2030)}
    (tmp_path / "abend.toml").write_text(text, encoding="utf-8")
    asked = document.read_text(encoding="utf-8").replace('["lower", "middle", "natural"]', '["abend.toml"]')
    document.write_text(asked, encoding="utf-8")
    assert main(["run", str(document), "--out", str(tmp_path / "aus")]) == 0, capsys.readouterr().err
    people = open_netcdf(tmp_path / "aus" / "prognose.nc")["population"].squeeze("scenario", drop=True)
    by_area = people.sum(["nationality", "sex", "age"])
    for year, texts in shown.items():
        own = by_area.sel(year_end=year).values.tolist()
        assert texts == [number(sum(own)), *map(number, own)], year


def _assume(visit: Visit) -> None:
    for name, value in (("Zuzüge", "12"), ("Geburten", "-7.5"), ("Fortzüge", "3")):
        field = visit.page.get_by_label(f"{name}, Zahl")
        field.fill(value)
        field.press("Enter")
    for kind in ("halten", "anziehen", "ereignis", "erstbezug", "sondergruppe"):
        visit.page.select_option("#art", kind)
        visit.page.click("#dazu")
        visit.page.wait_for_selector("html[data-busy=false]")
    assert visit.text("#meldung") == ""


def _persons(visit: Visit, year: int) -> list[str]:
    visit.page.locator("#jahr").fill(str(year))
    found: Any = visit.page.locator("#liste b").all_inner_texts()
    return list(found)
