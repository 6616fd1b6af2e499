"""docs/weg.md: the files that its blocks write."""

from __future__ import annotations

from collections.abc import Iterator

from support.pages import Visit


def around(visit: Visit) -> Iterator[None]:
    yield
    assert {path.name for path in visit.folder.iterdir()} == {"bericht.html", "prognose.xlsx"}
