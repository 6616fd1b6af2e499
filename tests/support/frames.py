"""Small tables of an invented town, built cell by cell."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from zwkprognose.tables.table import Source, Table

#: Half-open age groups with an open end, as German tables print them.
GROUPS: tuple[tuple[int, int | None], ...] = ((0, 3), (3, 6), (6, 18), (18, 65), (65, 90), (90, None))


def town(
    areas: Iterable[str] = ("01", "02"),
    years: Iterable[int] = (2020, 2023),
    nationalities: Iterable[str] = ("german", "foreign"),
    groups: Iterable[tuple[int, int | None]] = GROUPS,
) -> Table:
    """A complete stock table; every cell has another value."""
    rows = [
        (area, f"Quartier {area}", year, sex, nationality, lower, upper)
        for area in areas
        for year in years
        for sex in ("female", "male")
        for nationality in nationalities
        for lower, upper in groups
    ]
    return table(rows, values=[float(10 + i % 97) for i in range(len(rows))])


def table(rows: list[tuple], values: list[float], variable: str = "population", status: str = "number") -> Table:
    """Rows of (area, name, year, sex, nationality, age_from, age_to) to a Table."""
    columns = ["area", "area_name", "year", "sex", "nationality", "age_from", "age_to"]
    cells = pd.DataFrame(rows, columns=columns).astype({"age_from": "Int64", "age_to": "Int64"})
    cells = cells.assign(destination="", variable=variable, value=values, status=status, flag="")
    return Table(cells, Source(file="stadt.csv", kind="tidy"))
