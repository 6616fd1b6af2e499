"""README.md: an own town in the folder that the page creates with ``new``, and its table beside."""

from __future__ import annotations

import gzip
from collections.abc import Iterator

from support.pages import Visit, blocks
from support.town import write_town

from zwkprognose.examples import tables_of


def around(visit: Visit) -> Iterator[None]:
    (visit.folder / "meine-stadt").mkdir()
    write_town(visit.folder / "meine-stadt", lambda year, area, age: 90 + year - 2000 + (5 if area == "01" else 0),
               range(91), {"middle": None}, years=(2010, 2015, 2020))  # fmt: skip
    (visit.folder / "meine-stadt" / "PROJEKT.toml").rename(visit.folder / "meine-stadt" / "projekt.toml")
    with gzip.open(tables_of("bremerhaven")[0], "rt", encoding="utf-8") as file:
        (visit.folder / "bestand.csv").write_text(file.read(), encoding="utf-8")
    (python,) = blocks(visit.page, "python")
    assert len([line for line in python.text.splitlines() if line.strip()]) <= 10
    yield
    assert (visit.folder / "bericht.html").stat().st_size > 10_000
    assert (visit.folder / "meine-stadt" / "ergebnisse" / "bericht.html").is_file()
