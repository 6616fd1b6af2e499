"""A small town in five-year groups, with a scenario of its own, as the current folder."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.town import write_town

SIZES = {"01": 1600, "02": 400}
SCENARIO = """\
name = "s"
titel = "Weniger Zuzug"
[[annahme]]
groesse = "zuzuege"
prozent = -20
gebiete = ["Hafen"]
"""


def count(year: int, area: str, age: int) -> int:
    """Falling with age; some more young adults in the later stock."""
    return SIZES[area] - 3 * age + (age == 20) * year % 100


@pytest.fixture
def town(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Current folder with ``bestand.csv``, ``PROJEKT.toml`` and ``s.toml``."""
    monkeypatch.chdir(tmp_path)
    return write_town(tmp_path, count, range(0, 90, 5), {"middle": None, "s.toml": SCENARIO})
