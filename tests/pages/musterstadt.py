"""docs/musterstadt.md: what its block leaves behind."""

from __future__ import annotations

from collections.abc import Iterator

from support.pages import Visit


def around(visit: Visit) -> Iterator[None]:
    yield
    assert {"geschaetzt", "wahr", "karte", "vergleich"} <= set(visit.names)
