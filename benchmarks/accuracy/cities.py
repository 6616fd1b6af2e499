"""The cities of the accuracy benchmark as stocks by area and single year of age."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import xarray as xr

DATA = Path(__file__).parent / "data"
#: Oldest single year of the Berlin classes; the class above is open.
BERLIN_OPEN = 95
BREMEN_YEARS = (1980, 1990, 2000, 2010, 2020)
#: Handelshäfen and the Überseestadt carved out of it: one area in all years.
BREMEN_SAME = {"04011437": "04011121"}
BREMEN_ORTSTEILE = "04011???"


def berlin() -> xr.DataArray:
    """447 Planungsräume, 2001 … 2020, both sexes together; each class evenly over its single years."""
    table = pd.read_csv(DATA / "berlin_planungsraeume.csv.gz", sep=";", dtype={"gebiet": str})
    starts = np.sort(table["alter_von"].unique())
    years = [c for c in table.columns if c.isdigit()]
    wide = table.set_index(["gebiet", "alter_von"])[years].to_xarray().to_array("year_end")
    widths = np.diff([*starts, BERLIN_OPEN + 1])
    single = np.repeat(wide.transpose("year_end", "gebiet", "alter_von").to_numpy() / widths, widths, axis=-1)
    return xr.DataArray(
        single,
        {"year_end": [int(y) for y in years], "area": wide["gebiet"].values, "age": np.arange(BERLIN_OPEN + 1)},
        ("year_end", "area", "age"),
        name="population",
    )


def konstanz() -> xr.DataArray:
    """Totals of 15 Stadtteile, 1995 … 2025."""
    table = pd.read_csv(DATA / "konstanz_stadtteile.csv", sep=";", index_col="jahr")
    return xr.DataArray(
        table.to_numpy(dtype=float),
        {"year_end": table.index.to_numpy(), "area": list(table.columns)},
        ("year_end", "area"),
        name="population",
    )


def bremen(folder: Path) -> xr.Dataset:
    """89 Ortsteile, 1980, 1990 … 2020, by nationality, sex and single age, from the published exports."""
    from zwkprognose.inputs import build_inputs
    from zwkprognose.tables import read_table

    tables = [read_table(folder / f"12411-03-03-{year}.csv") for year in BREMEN_YEARS]
    return build_inputs(*(replace(t, cells=_same_areas(t.cells)) for t in tables), areas=BREMEN_ORTSTEILE)


def _same_areas(cells: pd.DataFrame) -> pd.DataFrame:
    """In each year one of the two areas is marked as not there (x); the other keeps its figures under one key."""
    pair = [*BREMEN_SAME, *BREMEN_SAME.values()]
    absent = cells["area"].isin(pair) & cells["value"].isna()
    return cells[~absent].assign(area=lambda c: c["area"].replace(BREMEN_SAME))
