"""docs/szenarien.md: a stored projection, the results of last year and the tables of this one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path

import pytest
from support.pages import Visit
from support.town import write_town

from zwkprognose import Scenario, estimate_rates, load_example, project, write_netcdf
from zwkprognose.projects import load_project, run_project


def around(visit: Visit) -> Iterator[None]:
    inputs = load_example("bremerhaven")
    projection = project(inputs, estimate_rates(inputs), Scenario.bundled("middle"), until=2025)
    write_netcdf(projection, visit.folder / "prognose.nc")
    write_year(visit.folder)
    first = "zwischenbilanz ergebnisse-2024 bestand-2025.csv --ereignisse bewegungen-2025.csv"
    visit.after[first] = lambda: (visit.folder / "zwischenbilanz").rename(visit.folder / "nur-tabellen")
    heard = StringIO()
    with redirect_stdout(heard):
        yield
    assert (visit.folder / "nur-tabellen").is_dir()
    assert (visit.folder / "zwischenbilanz").is_dir()
    said = heard.getvalue()
    for sentence in ("Mittlere Variante", "Davon durch:", "Erreicht wird es von", "Altenquotient",
                     "Am 31.12.2025 waren", "Sterbefälle 2025: erwartet"):  # fmt: skip
        assert sentence in said
    goal = visit.names["erreicht"]["population"].isel(year_end=-1).sum()
    assert float(goal) == pytest.approx(125_000, abs=0.01)


def write_year(folder: Path) -> None:
    """Results of a run from 2024, stocks and events of the year after, and the project of that year."""
    write_town(folder, lambda year, area, age: 90 + year - 2000 + (5 if area == "01" else 0), range(91),
               {"middle": None}, years=(2019, 2024))  # fmt: skip
    text = Path("PROJEKT.toml").read_text(encoding="utf-8").replace("bis = 2025", "bis = 2030")
    Path("PROJEKT.toml").write_text(text, encoding="utf-8")
    run_project(load_project("PROJEKT.toml"), out="ergebnisse-2024")
    head, *rows = Path("bestand.csv").read_text(encoding="utf-8").splitlines()
    later = [row.replace("2024", "2025", 1) for row in rows if row.startswith("2024")]
    Path("bestand-2025.csv").write_text("\n".join([head, *later]) + "\n", encoding="utf-8")
    counts = {"geburten": 80, "sterbefaelle": 300, "zuzuege": 500, "fortzuege": 400}
    events = [f"2025;{area};{what};{count}" for area in ("01", "02") for what, count in counts.items()]
    Path("bewegungen-2025.csv").write_text("\n".join(["jahr;gebiet;ereignis;anzahl", *events]) + "\n", encoding="utf-8")
    both = text.replace('bestand = "bestand.csv"', 'bestand = ["bestand.csv", "bestand-2025.csv"]')
    Path("projekt-2025.toml").write_text(both, encoding="utf-8")
