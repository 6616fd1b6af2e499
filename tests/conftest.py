"""Fixtures for all rooms."""

from __future__ import annotations

from pathlib import Path

import pytest

SHARED = Path(__file__).parents[2] / "shared"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The reference data folder beside the checkout."""
    if not SHARED.is_dir():
        pytest.fail(f"Referenzdaten fehlen: {SHARED} (Ordner neben den Klon legen oder mit -m 'not shared' laufen)")
    return SHARED
