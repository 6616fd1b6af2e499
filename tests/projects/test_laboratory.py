"""A run writes the Demografielabor beside its report, of what it publishes and only if it is asked."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from zwkprognose.errors import OutputError
from zwkprognose.lab import page
from zwkprognose.projects import run_project
from zwkprognose.projects.laboratory import write_lab


def ask(town: Path, *said: str) -> Path:
    document = town / "PROJEKT.toml"
    lines = "\n".join(["[ausgabe]", *said])
    document.write_text(document.read_text(encoding="utf-8").split("[ausgabe]")[0] + lines + "\n", encoding="utf-8")
    return document


def carried(file: Path) -> tuple[Any, str]:
    """What the page carries: its small numbers and its large ones."""
    text = file.read_text(encoding="utf-8")
    small, large = (
        re.search(f'<script id="{name}"[^>]*>(.*?)</script>', text, re.DOTALL)[1] for name in ("daten", "zahlen")
    )  # type: ignore[index]
    return json.loads(small), large


def test_a_run_writes_the_page_and_the_report_leads_there(town: Path) -> None:
    outcome = run_project(ask(town, "labor = true"))
    text = (outcome.folder / "bericht.html").read_text(encoding="utf-8")
    assert 'href="labor.html"' in text
    given, kept = (outcome.folder / "weitergabe.txt").read_text(encoding="utf-8").split("NUR INTERN")
    assert "labor.html" in given
    assert "labor.html" not in kept
    assert carried(outcome.folder / "labor.html") == carried(write_lab(town / "PROJEKT.toml"))


def test_a_run_that_is_not_asked_leaves_no_page_and_no_link(town: Path) -> None:
    run_project(ask(town, "labor = true"))
    outcome = run_project(ask(town), force=True)
    assert not (outcome.folder / "labor.html").exists()
    assert "labor.html" not in (outcome.folder / "bericht.html").read_text(encoding="utf-8")


def test_an_internal_run_writes_an_internal_page(town: Path) -> None:
    outcome = run_project(ask(town, "labor = true", "nur_intern = true"))
    assert "INTERN" in (outcome.folder / "labor.html").read_text(encoding="utf-8")
    given = (outcome.folder / "weitergabe.txt").read_text(encoding="utf-8").split("NUR INTERN")[0]
    assert "labor.html" not in given


def test_the_recorded_project_writes_it_again(town: Path, tmp_path: Path) -> None:
    first = run_project(ask(town, "labor = true"))
    again = run_project(first.folder / "projekt.toml", out=tmp_path / "noch-einmal")
    assert carried(first.folder / "labor.html") == carried(again.folder / "labor.html")


def test_if_too_little_is_published_the_other_results_come_without_it(
    town: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(published: Any, open_age: int) -> None:
        raise OutputError("Zu wenig.", remedy="Mehr veröffentlichen.")

    monkeypatch.setattr(page, "public_case", refuse)
    outcome = run_project(ask(town, "labor = true"))
    assert not (outcome.folder / "labor.html").exists()
    assert "labor.html" not in (outcome.folder / "bericht.html").read_text(encoding="utf-8")
    told = outcome.findings.frame.set_index("rule").loc["P02"]
    assert told["message"].endswith("Es gibt kein Demografielabor. Zu wenig.")
    assert "Mehr veröffentlichen." in (outcome.folder / "befunde.csv").read_text(encoding="utf-8-sig")
