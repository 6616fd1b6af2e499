"""docs/unsicherheit.md: the look back that its last block writes."""

from __future__ import annotations

from collections.abc import Iterator

from support.pages import Visit


def around(visit: Visit) -> Iterator[None]:
    yield
    assert str(visit.names["text"]).startswith("# Rückblick: Berlin, Ortsteile")
