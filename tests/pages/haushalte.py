"""docs/haushalte.md: the first figure that its text gives."""

from __future__ import annotations

from collections.abc import Iterator

from support.pages import Visit


def around(visit: Visit) -> Iterator[None]:
    yield
    one = visit.names["mit"]["households"].isel(year_end=0).sel(household_size="1")
    assert round(float(one.sum())) == 27_000
