"""A project folder of one small town, in five-year groups and without nationality."""

from __future__ import annotations

from pathlib import Path

import pytest

PROJECT = """\
name = "kleinstadt"
titel = "Kleinstadt"
[daten]
bestand = "bestand.csv"
[prognose]
bis = 2025
szenarien = ["middle", "s.toml"]
"""
SCENARIO = """\
name = "s"
titel = "Weniger Zuzug"
[[annahme]]
groesse = "zuzuege"
prozent = -20
gebiete = ["Hafen"]
"""
AREAS = (("01", "Altstadt", 400), ("02", "Hafen", 100))


@pytest.fixture
def town(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Current folder with ``bestand.csv``, ``PROJEKT.toml`` and ``s.toml``."""
    rows = [
        f"{year};{area};{name};{sex};{age};{'' if age == 85 else age + 4};{size - 3 * age + (age == 20) * year % 100}"
        for year in (2015, 2020)
        for area, name, size in ((key, label, size * 4) for key, label, size in AREAS)
        for sex in "mw"
        for age in range(0, 90, 5)
    ]
    text = "\n".join(["jahr;gebiet;name;geschlecht;alter_von;alter_bis;anzahl", *rows]) + "\n"
    (tmp_path / "bestand.csv").write_text(text, encoding="utf-8")
    (tmp_path / "PROJEKT.toml").write_text(PROJECT, encoding="utf-8")
    (tmp_path / "s.toml").write_text(SCENARIO, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path
