"""A small town in single years of age to 89 and an open group."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.town import write_town

SIZES = {"01": 40, "02": 20}


def count(year: int, area: str, age: int) -> int:
    """The same at every age up to 60, then falling; one more in each year of the twenties in the later stock."""
    return max(SIZES[area] - max(age - 60, 0), 3) + (year == 2020 and 20 <= age < 30)


@pytest.fixture
def town(tmp_path: Path) -> Path:
    """Folder with ``bestand.csv`` and ``PROJEKT.toml``."""
    return write_town(tmp_path, count, range(91), {"middle": None, "natural": None})
