"""A small town in tidy tables: two quarters, two stocks, single years of age to 89 and an open group."""

from __future__ import annotations

from pathlib import Path

import pytest

PROJECT = """\
schema = 1
name = "kleinstadt"
titel = "Kleinstadt"

[daten]
bestand = "bestand.csv"

[prognose]
bis = 2025
szenarien = ["middle", "natural"]
"""


def stock_lines() -> list[str]:
    """Every quarter has 40 + age/10 persons per cell, falling after 70; the second is half as large."""
    lines = ["jahr;gebiet;name;geschlecht;alter_von;alter_bis;anzahl"]
    for year in (2015, 2020):
        for area, name, size in (("01", "Altstadt", 40), ("02", "Hafen", 20)):
            for sex in "mw":
                for age in range(91):
                    count = max(size - max(age - 60, 0), 3) + (year == 2020 and 20 <= age < 30)
                    lines.append(f"{year};{area};{name};{sex};{age};{'' if age == 90 else age};{count}")
    return lines


@pytest.fixture
def town(tmp_path: Path) -> Path:
    """Folder with ``bestand.csv`` and ``PROJEKT.toml``."""
    (tmp_path / "bestand.csv").write_text("\n".join(stock_lines()) + "\n", encoding="utf-8")
    (tmp_path / "PROJEKT.toml").write_text(PROJECT, encoding="utf-8")
    return tmp_path
