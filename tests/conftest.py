"""Fixtures for all rooms."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

# how long an example takes says nothing about what is tested, and differs from machine to machine
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

SHARED = Path(__file__).parents[2] / "shared"
#: Set to "required" where the reference data must be there, as in continuous integration.
SWITCH = "ZWKPROGNOSE_SHARED"
_left_out: list[pytest.Item] = []


@pytest.fixture(scope="session")
def shared() -> Path:
    """The reference data folder beside the checkout."""
    if not SHARED.is_dir():
        pytest.fail(f"Referenzdaten fehlen: {SHARED} (Ordner neben den Klon legen)")
    return SHARED


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Without the reference data, which cannot be part of the repository, run what needs none."""
    if SHARED.is_dir() or os.environ.get(SWITCH) == "required":
        return
    _left_out[:] = [item for item in items if item.get_closest_marker("shared")]
    items[:] = [item for item in items if not item.get_closest_marker("shared")]
    config.hook.pytest_deselected(items=_left_out)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say what was not tested, and what it takes."""
    if _left_out:
        terminalreporter.write_line(
            f"{len(_left_out)} Vergleiche mit amtlichen Ergebnissen und anderen Programmen liefen nicht: "
            f"Der Ordner mit den Referenzdaten fehlt ({SHARED}).",
            yellow=True,
        )
