"""Values at the pointer and under the keys; the whole page without a mouse; tables saved as files."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from support.browser import Visit


@pytest.fixture
def seen(visit: Callable[..., Visit], berlin: Path) -> Visit:
    """The report of the example as it opens."""
    return visit(berlin / "bericht.html")


def test_values_appear_at_the_pointer_and_go_with_it(seen: Visit) -> None:
    plot = seen.page.locator("#stadt .plot").first
    reading, box = plot.locator("xpath=following-sibling::*[1]"), plot.bounding_box()
    assert box is not None
    plot.scroll_into_view_if_needed()
    plot.locator("svg").hover(position={"x": 0.12 * box["width"], "y": 0.5 * box["height"]})
    assert "Bestand" in reading.inner_text()
    plot.locator("svg").hover(position={"x": 0.6 * box["width"], "y": 0.5 * box["height"]})
    said = reading.inner_text()
    assert "Mittlere Variante" in said
    assert "Natürliche Entwicklung" in said
    seen.page.mouse.move(0, 0)
    assert reading.inner_text() == ""


@pytest.mark.parametrize(
    ("figure", "first", "back"),
    [(0, "2040: Mittlere Variante", "2039: "), (1, "2040: Natürlicher Saldo", "2039: "), (2, "Alter 95", "Alter 94")],
)
def test_values_appear_with_the_focus_and_under_the_arrows(seen: Visit, figure: int, first: str, back: str) -> None:
    plot = seen.page.locator("#stadt .plot").nth(figure)
    reading = plot.locator("xpath=following-sibling::*[1]")
    plot.locator("svg").focus()
    assert reading.inner_text().startswith(first)
    seen.page.keyboard.press("ArrowLeft")
    assert reading.inner_text().startswith(back)


def test_districts_are_drawn_with_their_ranges_when_somebody_opens_them(seen: Visit) -> None:
    assert seen.page.locator("#bezirke-bilder svg").count() == 0
    seen.page.click("#bezirke-bilder summary")
    figures = seen.page.locator("#bezirke-bilder figure")
    figures.first.wait_for()
    assert figures.count() == figures.locator(".fan").count() == 12
    figures.nth(4).locator("svg").focus()
    assert figures.nth(4).locator(".read").inner_text().startswith("2040: Mittlere Variante")
    seen.choose(scenario=3)
    assert "Linien der Bevölkerung Mitte; 2040" in (figures.nth(4).locator("svg").get_attribute("aria-label") or "")
    figures.nth(4).locator("svg").focus()
    assert figures.nth(4).locator(".read").inner_text().startswith("2040: Natürliche Entwicklung")


def test_the_map_is_read_with_pointer_and_arrows_and_opened_with_enter(seen: Visit) -> None:
    seen.page.locator("#karte a").first.focus()
    assert "Mitte" in seen.text("#lesung")
    seen.page.keyboard.press("ArrowRight")
    other = seen.text("#lesung")
    assert "Mitte" not in other
    seen.page.keyboard.press("Enter")
    assert other.split("\n")[0] in seen.text("#titel-0")


def test_the_whole_page_without_a_mouse(seen: Visit) -> None:
    """The tab key passes the choices, figures and tables in their order and never gets caught."""
    keys, stops = seen.page.keyboard, []
    keys.press("Tab")
    assert seen.page.evaluate("document.activeElement.className") == "skip"
    keys.press("Enter")
    for _ in range(400):
        keys.press("Tab")
        stops.append(str(seen.page.evaluate(_STOP)))
        if stops[-1] == "BODY":
            break
    wanted = ["s", "y", "SVG", "SUMMARY", "karte", "gebiet", "daneben", "daneben-szenario", "drucken", "tabelle"]
    assert [stop for stop in wanted if stop not in stops] == []
    assert stops.index("s") < stops.index("SVG") < stops.index("karte") < stops.index("gebiet")
    assert stops.count("karte") == 1, "one stop for the whole map"
    assert stops[-1] == "BODY" or len(stops) == 400


_STOP = """(() => { const on = document.activeElement;
  return on.closest('#karte') ? 'karte' : on.id || on.name || on.tagName.toUpperCase(); })()"""


def test_scenario_area_and_table_are_chosen_with_keys_alone(seen: Visit) -> None:
    keys = seen.page.keyboard
    seen.page.focus("#wahl input[name=s]:checked")
    keys.press("ArrowRight")
    assert "Obere Variante" in seen.text("#kurz")
    seen.page.focus("#gebiet")
    keys.type("Wedding")
    keys.press("Enter")
    assert "Wedding" in seen.text("#titel-0")
    seen.page.locator("#stadt details.tab > summary").first.focus()
    keys.press("Enter")
    seen.page.locator("#stadt details.tab table").first.wait_for()


def test_what_has_the_focus_can_be_seen(seen: Visit) -> None:
    for place in ("#wahl input:checked + span", "#gebiet", "#tabelle", "#stadt summary", "#alle thead button"):
        one = seen.page.locator(place).first
        before = one.evaluate("(e) => getComputedStyle(e).outline")
        inside = seen.page.locator(place.removesuffix(" + span")).first
        inside.focus()
        seen.page.keyboard.press("Shift+Tab")
        seen.page.keyboard.press("Tab")
        assert one.evaluate("(e) => getComputedStyle(e).outline") != before, place


def _rows(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text), delimiter=";"))


def test_every_table_can_be_saved_and_says_what_the_page_says(seen: Visit) -> None:
    seen.unfold_all()
    buttons = seen.page.locator("button.save:visible")
    boxes = seen.page.locator(".scroll:visible", has=seen.page.locator("table"))
    assert buttons.count() == boxes.count() > 15
    for k in range(buttons.count()):
        shown = boxes.nth(k).locator("tr").all()[:4]
        cells = [[cell.text_content() or "" for cell in row.locator("th, td").all()] for row in shown]
        saved = _rows(seen.saved(buttons.nth(k)))[: len(cells)]
        assert [[_plain(text) for text in row] for row in cells[1:]] == [[_plain(t) for t in row] for row in saved[1:]]


def _plain(text: str) -> str:
    """A number without points between thousands, sign of a positive change, and per cent."""
    bare = text.replace("\u202f%", "").replace("−", "-").removeprefix("+")
    number = bare.replace(".", "").replace(",", "").removeprefix("-")
    return bare.replace(".", "") if number.isdigit() and not text.startswith("0") else text


def test_saved_tables_are_the_csv_file_of_the_run(seen: Visit, berlin: Path) -> None:
    """Population of all areas and the lines of the city, in every scenario."""
    table = pd.read_csv(berlin / "bevoelkerung.csv", sep=";", encoding="utf-8-sig", dtype={"gebiet": str})
    persons = table.groupby(["szenario", "jahr", "gebiet"])["anzahl"].sum()
    for scenario, name in enumerate(("lower", "middle", "upper", "natural")):
        seen.choose(scenario=scenario, year=2040)
        rows = _rows(seen.saved(seen.page.locator("#alle-inhalt button.save")))
        start, end = rows[0].index("2020"), rows[0].index("2040")
        assert {row[0]: (row[start], row[end]) for row in rows[2:]} == {
            area: (str(int(persons[name, 2020, area])), str(int(persons[name, 2040, area])))
            for area in persons[name, 2020].index
        }
    lines = _rows(seen.saved(seen.unfold(seen.page.locator("#stadt details.tab").first).locator("button.save")))
    for year, *values in lines[1:]:
        own = [str(int(persons[name, int(year)].sum())) for name in ("lower", "middle", "upper", "natural")]
        assert values == own


def test_what_is_hidden_stays_hidden_in_a_saved_table(visit: Callable[..., Visit], county: Path) -> None:
    """The Gemeinde of three persons, and the one that hides it."""
    seen = visit(county / "bericht.html")
    rows = _rows(seen.saved(seen.page.locator("#alle-inhalt button.save")))
    table = pd.read_csv(county / "bevoelkerung.csv", sep=";", encoding="utf-8-sig", dtype={"gebiet": str})
    hidden = set(table[table["anzahl"].isna()]["gebiet"])
    assert "005" in hidden
    assert {row[0] for row in rows[1:] if row[2] == "."} == hidden
