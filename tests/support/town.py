"""A small town as a project folder: two quarters, two stocks, in the groups that a test wants."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

AREAS = {"01": "Altstadt", "02": "Hafen"}
YEARS = (2015, 2020)
#: Persons of a cell by year, area and first age.
Count = Callable[[int, str, int], int]


def document(scenarios: Iterable[str]) -> str:
    """The project document."""
    named = ", ".join(f'"{name}"' for name in scenarios)
    return (
        'schema = 1\nname = "kleinstadt"\ntitel = "Kleinstadt"\n\n[daten]\nbestand = "bestand.csv"\n\n'
        f"[prognose]\nbis = 2025\nszenarien = [{named}]\n"
    )


def write_town(
    folder: Path, count: Count, ages: range, scenarios: Mapping[str, str | None], years: Iterable[int] = YEARS
) -> Path:
    """Write ``bestand.csv``, ``PROJEKT.toml`` and the scenarios that have a text; the last age is open."""
    oldest = ages[-1]
    rows = [
        f"{year};{area};{name};{sex};{age};{'' if age == oldest else age + ages.step - 1};{count(year, area, age)}"
        for year in years
        for area, name in AREAS.items()
        for sex in "mw"
        for age in ages
    ]
    head = "jahr;gebiet;name;geschlecht;alter_von;alter_bis;anzahl"
    (folder / "bestand.csv").write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    (folder / "PROJEKT.toml").write_text(document(scenarios), encoding="utf-8")
    for name, text in scenarios.items():
        if text is not None:
            (folder / name).write_text(text, encoding="utf-8")
    return folder
