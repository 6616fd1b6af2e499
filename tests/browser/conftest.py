"""Folders of results of several places, and the browser that opens their pages."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser
from projects.test_every_size import Town
from support.browser import Visit, chromium, visited

from zwkprognose.projects import load_project, review_project, run_project, write_project_profiles
from zwkprognose.projects.demo import demo_project

LEVELS = 'gesamt = "Landkreis Auental"\nebenen = ["Landkreis", "Amt", "Gemeinde"]\n'
YEARS = (2005, 2010, 2015, 2020)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All tests of this folder want a browser."""
    for item in items:
        if item.path.parent == Path(__file__).parent:
            item.add_marker("browser")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One Chromium for the tests of a file; its event loop must not outlive them."""
    with chromium() as running:
        yield running


@pytest.fixture
def visit(browser: Browser) -> Iterator[Callable[..., Visit]]:
    """Opens a file as :func:`support.browser.visited` does, until the test ends."""
    with ExitStack() as open_pages:
        yield lambda path, **how: open_pages.enter_context(visited(browser, path, **how))


@pytest.fixture(scope="session")
def berlin(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Results of the bundled example: 94 areas, districts, map, four scenarios, demand."""
    return run_project(demo_project(), out=tmp_path_factory.mktemp("berlin") / "aus").folder


@pytest.fixture(scope="session")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Results of a town of 500 areas with everything that the template knows."""
    sizes = np.random.default_rng(4).integers(60, 9000, 500).tolist()
    return _run(tmp_path_factory, "stadt", Town(tuple(sizes), YEARS, totals="geschrumpft", ahead=20))


@pytest.fixture(scope="session")
def county(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Results of a Landkreis with Ämter and Gemeinden, one of three persons, and its look back."""
    sizes = (900, 2500, 300, 4000, 3, 1800, 50, 1200) * 4
    return _run(tmp_path_factory, "kreis", Town(sizes, YEARS, groups="DA", totals="geschrumpft", ahead=15), LEVELS)


@pytest.fixture(scope="session")
def profiles(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Profiles of a Landkreis whose smallest area is of three persons."""
    town = Town((900, 2500, 300, 4000, 3, 1800), YEARS, groups="DA", totals="geschrumpft", ahead=15)
    document = town.write(tmp_path_factory.mktemp("profile"))
    return write_project_profiles(load_project(document), pdf=False)


@pytest.fixture(scope="session")
def village(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Results of one area of 50 persons."""
    return _run(tmp_path_factory, "dorf", Town((50,), YEARS, ahead=10))


def _run(factory: Any, name: str, town: Town, levels: str = "") -> Path:
    document = town.write(factory.mktemp(name))
    if levels:
        text = document.read_text(encoding="utf-8")
        document.write_text(re.sub(r"gesamt = .*\nebenen = .*\n", levels, text), encoding="utf-8")
        review_project(load_project(document), out=document.parent / "rueckblick")
    return run_project(load_project(document), out=document.parent / "ergebnisse").folder
