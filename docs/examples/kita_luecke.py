"""A small tool of one's own: where and when do Kita places run short, under each of several scenarios?

    python kita_luecke.py ERGEBNISORDNER PLAETZE.csv SZENARIO.toml [SZENARIO.toml …] > luecken.csv

It reads what every run leaves in its folder, asks one prepared case for all scenarios, and holds the children of three
to six against the places of a table „gebiet;plaetze“. For use inside the office: the answers are not protected.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd
import xarray as xr

import zwkprognose as zwk
from zwkprognose.output import default_quota

YEARS = 10


def shortages(results: Path, places: Path, documents: list[Path]) -> pd.DataFrame:
    """For each scenario and area the year in which places no longer suffice, and what is missing in the last year."""
    inputs, rates = (zwk.open_netcdf(results / name) for name in ("eingaben.nc", "raten.nc"))
    until = int(inputs["year_end"].values[-1]) + YEARS
    case = zwk.prepare(inputs, rates, until=until)
    capacity = pd.read_csv(places, sep=";", dtype={"gebiet": str}).set_index("gebiet")["plaetze"].to_dict()
    projection = case.project([zwk.Scenario.from_toml(document) for document in documents])
    needed = zwk.demand(projection, default_quota("kita_ue3"), capacity=capacity).isel(quota=0)
    missing = (-needed["gap"].sel(year_end=until, drop=True)).clip(0).round()
    columns = {"ab_jahr": needed["break_even"], "fehlende_plaetze": missing}
    table = xr.Dataset(columns).reset_coords(drop=True).to_dataframe().astype("Int64")
    return table.reset_index(["scenario", "area"]).set_index(["scenario", "area"]).sort_index()


if __name__ == "__main__":
    try:
        found = shortages(Path(sys.argv[1]), Path(sys.argv[2]), [Path(document) for document in sys.argv[3:]])
    except zwk.errors.ZwkError as error:
        sys.exit(str(error))
    print(found.to_csv(sep=";", lineterminator="\n"), end="")
