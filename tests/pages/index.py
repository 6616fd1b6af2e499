"""docs/index.md: the table that its three lines read."""

from __future__ import annotations

import gzip
from collections.abc import Iterator

from support.pages import Visit

from zwkprognose.engine import check_balance
from zwkprognose.examples import tables_of


def around(visit: Visit) -> Iterator[None]:
    with gzip.open(tables_of("bremerhaven")[0], "rt", encoding="utf-8") as file:
        (visit.folder / "bestand.csv").write_text(file.read(), encoding="utf-8")
    yield
    assert check_balance(visit.names["projection"]) < 1e-9
