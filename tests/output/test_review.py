"""The look back: sentences and scores from the hindcast, whole or not at all, and nothing in it runs."""

from __future__ import annotations

import csv
import datetime
from pathlib import Path

import pytest
import xarray as xr

import zwkprognose as zwk
from zwkprognose.errors import OutputError
from zwkprognose.output.files.review import REVIEW, summary, write_review
from zwkprognose.output.report.markdown import to_html

from .test_report import Page

TITLE = "Stadt <script>alert(1)</script> | =1+1"


@pytest.fixture(scope="module")
def result() -> xr.Dataset:
    return zwk.hindcast(zwk.load_example("berlin"), [2016], [4], ["unchanged", "default"])


def test_it_writes_page_text_and_scores(result: xr.Dataset, tmp_path: Path) -> None:
    folder = write_review(tmp_path / "rb", result, TITLE, created=datetime.date(2026, 2, 3))
    assert sorted(path.name for path in folder.iterdir()) == sorted(REVIEW)
    text = (folder / "rueckblick.html").read_text(encoding="utf-8")
    page = Page(text)
    words = "".join(page.words)
    assert page.open == []
    assert TITLE in words
    assert "<script" not in text
    assert "http" not in text
    assert "03.02.2026" in words
    assert len(page.all("h1")) == 1
    markdown = (folder / "rueckblick.md").read_text(encoding="utf-8")
    assert markdown.startswith(f"# Rückblick: {TITLE}\n\nNach 4 Jahren, von 1 Startpunkt aus und in 93 Gebieten, lag")


def test_the_sentence_and_the_table_are_the_scores(result: xr.Dataset, tmp_path: Path) -> None:
    largest = float(result["start"].max())
    scores = zwk.score(result, smallest=1000, largest=largest)
    own = scores.xs(("none", "default"), level=("eckwert", "method")).iloc[0]
    (sentence,) = summary(scores)
    assert f"höchstens {own['medape']:.1f} %".replace(".", ",") in sentence
    write_review(tmp_path / "rb", result, "Berlin")
    text = (tmp_path / "rb" / "rueckblick.csv").read_text(encoding="utf-8-sig")
    rows = list(csv.DictReader(text.splitlines(), delimiter=";"))
    found = [row for row in rows if row["verfahren"] == "zwkprognose" and row["eckwert"] == "ohne"]
    assert [float(row["MAPE"].replace(",", ".")) for row in found] == [pytest.approx(own["mape"], abs=5e-4)]
    assert found[0]["startpunkt"] == "2016"


def test_a_look_back_is_not_replaced_unasked(result: xr.Dataset, tmp_path: Path) -> None:
    write_review(tmp_path, result, "Berlin")
    before = (tmp_path / "rueckblick.csv").read_bytes()
    with pytest.raises(OutputError, match="schon Ergebnisse"):
        write_review(tmp_path, result, "anders")
    assert (tmp_path / "rueckblick.csv").read_bytes() == before
    write_review(tmp_path, result, "anders", force=True)
    assert "anders" in (tmp_path / "rueckblick.md").read_text(encoding="utf-8")


def test_markdown_tables_keep_every_cell() -> None:
    html = to_html("| A | B |\n|---|---:|\n| **x** & y | 1,5 |\n| z | −2 |\n\nText <i>\nweiter")
    page = Page(html)
    assert page.open == []
    assert [word for word in page.words if word.strip()] == ["A", "B", "x", " & y", "1,5", "z", "−2", "Text <i> weiter"]
    assert len(page.all("tr")) == 3
