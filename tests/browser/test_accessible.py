"""Pages for everybody: what axe finds, what fits on a phone, what is printed, and what is there without script."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from support.browser import DESK, PHONE, Visit


@pytest.fixture
def page_of(request: pytest.FixtureRequest) -> Callable[[str], Path]:
    """The report of a fixture by its name."""
    return lambda name: request.getfixturevalue(name) / "bericht.html"


@pytest.mark.parametrize(
    ("name", "width"), [("berlin", DESK), ("berlin", PHONE), ("town", DESK), ("county", PHONE), ("village", PHONE)]
)
def test_axe_finds_nothing(visit: Callable[..., Visit], page_of: Callable[[str], Path], name: str, width: int) -> None:
    assert not _violations(visit(page_of(name), width=width))


@pytest.mark.parametrize("name", ["county", "village"])
def test_axe_finds_nothing_with_every_table_open(
    visit: Callable[..., Visit], page_of: Callable[[str], Path], name: str
) -> None:
    seen = visit(page_of(name))
    seen.unfold_all()
    assert not _violations(seen)


def test_axe_finds_nothing_beside_each_other_and_in_the_look_back(
    visit: Callable[..., Visit], berlin: Path, county: Path
) -> None:
    assert not _violations(visit(berlin / "bericht.html", at="#gebiete&gebiet=0101&daneben=0305&daneben-szenario=1"))
    assert not _violations(visit(county.parent / "rueckblick" / "rueckblick.html"))


@pytest.mark.parametrize("width", [DESK, PHONE])
@pytest.mark.parametrize("kind", ["kommunal", "versorgungs", "ankommens"])
def test_axe_finds_nothing_in_profiles(visit: Callable[..., Visit], profiles: Path, kind: str, width: int) -> None:
    for name in (f"{kind}profile", f"{kind}profil-001", f"{kind}profil-005"):
        seen = visit(profiles / f"{name}.html", width=width)
        assert not _violations(seen)
        assert seen.page.evaluate("document.documentElement.scrollWidth") <= width


def _violations(visit: Visit) -> list[str]:
    found = Axe().run(visit.page, options={"resultTypes": ["violations"]}).response["violations"]
    return [f"{one['id']}: {one['help']} {one['nodes'][0]['html'][:200]}" for one in found]


@pytest.mark.parametrize("name", ["berlin", "town", "county", "village"])
def test_nothing_runs_over_the_side_of_a_phone(
    visit: Callable[..., Visit], page_of: Callable[[str], Path], name: str
) -> None:
    seen = visit(page_of(name), width=PHONE)
    seen.unfold_all()
    assert seen.page.evaluate("document.documentElement.scrollWidth") == PHONE
    if name != "village":
        seen.search(seen.page.locator("#gebiete-liste option").nth(1).get_attribute("value") or "", field="#daneben")
        assert seen.page.locator("#portraets article").count() == 2
        assert seen.page.evaluate("document.documentElement.scrollWidth") == PHONE


def test_the_year_at_the_end_of_the_small_tables_fits_on_a_phone(visit: Callable[..., Visit], berlin: Path) -> None:
    """Ratios, demand and ranges of a place end with the year that matters most."""
    seen = visit(berlin / "bericht.html", width=PHONE)
    wide = "(all) => all.filter((box) => box.scrollWidth > box.clientWidth).map((box) => box.ariaLabel)"
    assert seen.page.locator(".spans .scroll").count() > 3
    assert seen.page.eval_on_selector_all(".spans .scroll", wide) == []


def test_print_shows_figures_and_their_tables_and_nothing_to_press(visit: Callable[..., Visit], berlin: Path) -> None:
    seen = visit(berlin / "bericht.html")
    assert not seen.page.locator("#stadt details.tab table").first.is_visible()
    seen.page.evaluate("dispatchEvent(new Event('beforeprint'))")
    seen.page.emulate_media(media="print")
    for control in ("#wahl", "nav", ".chooser", "button.save"):
        assert not any(one.is_visible() for one in seen.page.locator(control).all()), control
    for shown in ("#stadt svg.fig", "#stadt details.tab table", "#portraets svg.fig", "#karte"):
        assert all(one.is_visible() for one in seen.page.locator(shown).all()), shown
    assert seen.page.pdf(prefer_css_page_size=True)[:5] == b"%PDF-"


def test_one_portrait_is_printed_alone_and_all_of_them_together(visit: Callable[..., Visit], county: Path) -> None:
    seen = visit(county / "bericht.html")
    seen.page.evaluate("window.print = () => { window.printed = true; }")
    seen.page.click("#drucken")
    seen.page.emulate_media(media="print")
    assert seen.page.evaluate("window.printed")
    assert seen.page.locator("#portraets").is_visible()
    assert not seen.page.locator("#stadt").is_visible()
    seen.page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert seen.page.locator("#stadt").is_visible()
    seen.page.emulate_media(media="screen")
    seen.page.click("#alle-drucken")
    assert seen.page.locator("#druck article").count() == seen.page.locator("#gebiete-liste option").count() == 32


def test_without_script_all_areas_stand_in_tables(visit: Callable[..., Visit], county: Path) -> None:
    seen = visit(county / "bericht.html", script=False)
    assert seen.page.locator("#stadt svg.fig").count() == 3
    assert seen.page.locator("#alle table").count() == 4
    assert seen.page.locator("#alle table").first.locator("tbody tr").count() == 1 + 32
    assert not seen.page.locator("#wahl").is_visible()


def test_the_chosen_year_of_all_areas_is_seen_on_a_phone_without_scrolling(
    visit: Callable[..., Visit], berlin: Path
) -> None:
    seen = visit(berlin / "bericht.html", width=PHONE)
    seen.page.locator("#alle-inhalt table").scroll_into_view_if_needed()
    for place in ("#alle-inhalt", "#bezirke-inhalt"):
        head = seen.page.locator(f"{place} thead th", has_text="2040").first
        assert head.evaluate("(one) => one.getBoundingClientRect().right") <= PHONE
