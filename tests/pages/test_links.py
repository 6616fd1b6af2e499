"""Links inside the documentation lead somewhere, and the places of the repository that it names exist."""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote

import pytest
from markdown_it import MarkdownIt
from support.pages import ROOT, pages

PAGES = [*pages(), *sorted((ROOT / "notebooks").glob("T*.md"))]
each = pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
_PLACE = re.compile(r"`((?:docs|benchmarks|tests|notebooks|findings|zwkprognose|\.ci)/[\w./-]+)`")


def links(page: Path) -> list[str]:
    """Targets of the links and pictures of a page that stay inside."""
    tokens = [child for token in MarkdownIt().parse(page.read_text("utf-8")) for child in token.children or []]
    targets = [str(token.attrs.get("href") or token.attrs.get("src") or "") for token in tokens]
    return [target for target in targets if target and not re.match(r"[a-z]+:", target)]


@cache
def headings(page: Path) -> frozenset[str]:
    """The anchors of a page, as GitHub and MyST make them of its headings."""
    tokens = MarkdownIt().parse(page.read_text("utf-8"))
    titles = [after.content for token, after in pairwise(tokens) if token.type == "heading_open"]
    return frozenset(re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles)


def broken(page: Path, link: str) -> bool:
    file, _, anchor = link.partition("#")
    target = (page.parent / unquote(file)).resolve() if file else page
    return not target.exists() or bool(anchor and unquote(anchor) not in headings(target))


@each
def test_every_link_leads_somewhere(page: Path) -> None:
    assert [link for link in links(page) if broken(page, link)] == []


@each
def test_every_place_of_the_repository_exists(page: Path) -> None:
    if page.name == "CHANGELOG.md":  # it tells of what there was
        return
    assert [place for place in _PLACE.findall(page.read_text("utf-8")) if not (ROOT / place).exists()] == []


def test_broken_links_are_found(tmp_path: Path) -> None:
    (tmp_path / "da.md").write_text("# Das hier: „Über“\n", encoding="utf-8")
    page = tmp_path / "seite.md"
    page.write_text("[a](da.md#das-hier-über) [b](da.md#fort) ![c](fort.png) [d](https://a.de) [e](#nie)\n", "utf-8")
    assert [link for link in links(page) if broken(page, link)] == ["da.md#fort", "fort.png", "#nie"]
