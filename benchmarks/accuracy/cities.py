"""The cities of the accuracy benchmark as stocks by area and single year of age."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import xarray as xr

from zwkprognose.evaluation.official import variants_of
from zwkprognose.names import SEXES
from zwkprognose.national import death_prob

DATA = Path(__file__).parent / "data"
#: Oldest single year of the Berlin classes; the class above is open.
BERLIN_OPEN = 95
BREMEN_YEARS = (1980, 1990, 2000, 2010, 2020)
#: Handelshäfen and the Überseestadt carved out of it: one area in all years.
BREMEN_SAME = {"04011437": "04011121"}
BREMEN_ORTSTEILE = "04011???"


def berlin() -> xr.DataArray:
    """447 Planungsräume, 2001 … 2020, both sexes together; each class evenly over its single years."""
    starts, table = _berlin_table()
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


@cache
def _berlin_table() -> tuple[np.ndarray, pd.DataFrame]:
    """First ages of the classes, and the table."""
    table = pd.read_csv(DATA / "berlin_planungsraeume.csv.gz", sep=";", dtype={"gebiet": str})
    return np.sort(table["alter_von"].unique()), table


def with_sexes(inputs: xr.Dataset) -> xr.Dataset:
    """Berlin as the engine needs it: classes to single years on a smooth curve, women as in the national table.

    The matrices give the sexes only in total; the share of women at each age is that of the stationary
    population of the life table 2022/24, the same in every area and year.
    """
    from zwkprognose.inputs.graduation import graduate

    starts = _berlin_table()[0]
    classes = np.add.reduceat(inputs["population"].transpose("year_end", "area", "age").to_numpy(), starts, axis=-1)
    single = np.concatenate([graduate(classes[..., :-1], starts), classes[..., -1:]], axis=-1)
    population = xr.DataArray(
        single[:, :, None, None, :] * _women_and_men()[:, : BERLIN_OPEN + 1],
        {
            "year_end": inputs["year_end"].values,
            "area": inputs["area"].values,
            "nationality": ["total"],
            "sex": list(SEXES),
            "age": np.arange(BERLIN_OPEN + 1),
        },
        ("year_end", "area", "nationality", "sex", "age"),
        attrs={},
    )
    population["age"].attrs["open"] = 1
    return population.to_dataset(name="population")


def _women_and_men() -> np.ndarray:
    """Shares of the sexes by age [sex, age] in the stationary population, 100 girls to 105 boys at birth."""
    dying = death_prob().sel(sex=list(SEXES)).transpose("sex", "age").to_numpy()
    alive = np.cumprod(np.concatenate([np.ones((2, 1)), 1 - dying], axis=1), axis=1) * [[100], [105]]
    return alive / alive.sum(axis=0)


def konstanz() -> xr.DataArray:
    """Totals of 15 Stadtteile, 1995 … 2025."""
    table = pd.read_csv(DATA / "konstanz_stadtteile.csv", sep=";", index_col="jahr")
    return xr.DataArray(
        table.to_numpy(dtype=float),
        {"year_end": table.index.to_numpy(), "area": list(table.columns)},
        ("year_end", "area"),
        name="population",
    )


def zurich(folder: Path) -> xr.DataArray:
    """Totals of 31 Quartiere, 1993 … 2025, as published by Statistik Stadt Zürich."""
    table = pd.read_csv(folder / "bestand_1993-2025.csv.gz", sep=";")
    return (
        table.set_index(["jahr", "gebiet"])["anzahl"]
        .to_xarray()
        .astype(float)
        .rename(jahr="year_end", gebiet="area")
        .rename("population")
    )


def zurich_official(folder: Path) -> xr.DataArray:
    """The city's scenarios of 2016 by Quartier, from 31.12.2015."""
    table = pd.read_csv(folder / "amtliche_szenarien_2016.csv.gz", sep=";")
    return variants_of(table.assign(start=2015))


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
