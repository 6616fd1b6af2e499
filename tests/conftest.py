"""Fixtures for all rooms."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import settings
from support.browser import CHROMIUM
from support.programs import PACKAGES, paper_can_be_set, programs_are_there

# how long an example takes says nothing about what is tested, and differs from machine to machine
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

SHARED = Path(__file__).parents[2] / "shared"


@dataclass(frozen=True)
class Outside:
    """Something that tests need and that cannot be part of the repository; they carry its marker.

    Where it is missing they do not run and the last line says so; with ``switch`` set to "required", as in
    continuous integration, its absence is an error.
    """

    marker: str
    switch: str
    there: Callable[[], bool]
    sentence: str
    left_out: list[pytest.Item] = field(default_factory=list)


OUTSIDE = (
    Outside(
        "shared", "ZWKPROGNOSE_SHARED", SHARED.is_dir,
        f"Vergleiche mit amtlichen Ergebnissen und anderen Programmen liefen nicht: "
        f"Der Ordner mit den Referenzdaten fehlt ({SHARED}).",
    ),
    Outside(
        "browser", "ZWKPROGNOSE_BROWSER", lambda: CHROMIUM is not None,
        "Tests der Seiten im Browser liefen nicht: Chromium fehlt (Debian: apt-get install chromium).",
    ),
    Outside(
        "paper", "ZWKPROGNOSE_PAPER", paper_can_be_set,
        "Tests der PDF-Dateien liefen nicht: Pango fehlt (Debian: apt-get install libpango-1.0-0 libpangoft2-1.0-0).",
    ),
    Outside(
        "programs", "ZWKPROGNOSE_PROGRAMS", programs_are_there,
        f"Tests mit R, NCO und GDAL liefen nicht (Debian: apt-get install {' '.join(PACKAGES)}).",
    ),
)  # fmt: skip


@pytest.fixture(scope="session")
def shared() -> Path:
    """The reference data folder beside the checkout."""
    if not SHARED.is_dir():
        pytest.fail(f"Referenzdaten fehlen: {SHARED} (Ordner neben den Klon legen)")
    return SHARED


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Without what lies outside of the repository, run what needs none of it."""
    for outside in OUTSIDE:
        if outside.there() or os.environ.get(outside.switch) == "required":
            continue
        outside.left_out[:] = [item for item in items if item.get_closest_marker(outside.marker)]
        items[:] = [item for item in items if not item.get_closest_marker(outside.marker)]
        config.hook.pytest_deselected(items=outside.left_out)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say what was not tested, and what it takes."""
    for outside in OUTSIDE:
        if outside.left_out:
            terminalreporter.write_line(f"{len(outside.left_out)} {outside.sentence}", yellow=True)
