"""A project whose tables list only cells that occur: the choice is in the document."""

from __future__ import annotations

from pathlib import Path

import pytest

from zwkprognose.projects import load_project
from zwkprognose.projects.sources import read_tables

STOCK = "jahr;gebiet;geschlecht;alter_von;alter_bis;anzahl\n"
EVENTS = "jahr;gebiet;ereignis;alter_von;alter_bis;anzahl\n"


@pytest.mark.parametrize(("choice", "stock", "deaths"), [
    ('geheim = "null"', 5, 2), ('bestand_nicht_genannt = "null"', 8, 2), ('ereignis_nicht_genannt = "null"', 5, 4),
])  # fmt: skip
def test_stocks_and_events_are_completed_each_by_its_own_choice(
    tmp_path: Path, choice: str, stock: int, deaths: int
) -> None:
    rows = ["2020;01;m;0;64;5", "2020;01;w;65;;6", "2020;02;m;0;64;7", "2020;02;m;65;;7", "2020;02;w;65;;1"]
    (tmp_path / "bestand.csv").write_text(STOCK + "\n".join(rows), encoding="utf-8")
    (tmp_path / "ereignisse.csv").write_text(
        EVENTS + "2020;01;sterbefaelle;0;64;1\n2020;01;sterbefaelle;65;;2\n", encoding="utf-8"
    )
    document = tmp_path / "projekt.toml"
    document.write_text(
        'schema = 1\nname = "ort"\n[daten]\nbestand = "bestand.csv"\nereignisse = "ereignisse.csv"\n'
        f"[daten.zeichen]\n{choice}\n[prognose]\nbis = 2030\n",
        encoding="utf-8",
    )
    read = read_tables(load_project(document))
    assert [len(table.cells) for table in read] == [stock, deaths]
    assert [table.cells["value"].sum() for table in read] == [26, 3]
