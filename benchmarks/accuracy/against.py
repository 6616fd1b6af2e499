"""This package against another version of it, from every launch of every city: errors and limits as ratios of one run.

    python benchmarks/accuracy/against.py OTHER [--bremen FOLDER] [--zuerich FOLDER]

OTHER is a folder with the other package in it. Only what both can answer is compared; each lead of a city weighs the
same.
"""

from __future__ import annotations

import argparse
import os
import pickle
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd
import xarray as xr

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
LEADS = (5, 10, 15, 20)
#: Persons from which an area counts, and years that must be known before a launch.
SMALLEST, LEAST_PAST = 1000, 2
#: Central levels of the interval score, and those whose limits are evenly spread points of the whole distribution.
LEVELS = (0.5, 0.8, 0.95)
POINTS = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
SCORES = ("mape", "half_width", "wis", "crps")


def main() -> None:
    """Print the table, or as a child write what one version says."""
    parser = argparse.ArgumentParser(description="Genauigkeit und Spannen gegen eine andere Fassung.")
    parser.add_argument("other", type=Path, help="Ordner, in dem das andere Paket liegt")
    parser.add_argument("--bremen", type=Path, default=ROOT.parent / "shared" / "data" / "bremen")
    parser.add_argument("--zuerich", type=Path, default=ROOT.parent / "shared" / "data" / "zuerich")
    parser.add_argument("--said", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.said:
        cities = pickle.loads(options.other.read_bytes())
        pd.DataFrame([row for name, stocks in cities.items() for row in _city(name, stocks)]).to_pickle(options.said)
        return
    with TemporaryDirectory() as name:
        folder = Path(name)
        known = folder / "cities"
        known.write_bytes(pickle.dumps(_cities(options.bremen, options.zuerich)))
        ours, theirs = (_said(package, known, folder / f"{k}") for k, package in enumerate((ROOT, options.other)))
    print(table(ours, theirs).round(3).to_string())


def _cities(bremen_folder: Path, zurich_folder: Path) -> dict[str, xr.DataArray]:
    sys.path.insert(0, str(HERE))
    from cities import berlin, bremen, konstanz, zurich

    known = {"Berlin": berlin(), "Konstanz": konstanz()}
    known |= {"Bremen": bremen(bremen_folder)["population"]} if bremen_folder.is_dir() else {}
    known |= {"Zürich": zurich(zurich_folder)} if zurich_folder.is_dir() else {}
    return known


def _said(package: Path, known: Path, to: Path) -> pd.DataFrame:
    """What one version says of the cities, in a process of its own."""
    command = [sys.executable, str(Path(__file__).resolve()), str(known), "--said", str(to)]
    subprocess.run(command, check=True, env=os.environ | {"PYTHONPATH": str(package)})
    return pd.read_pickle(to).set_index(["city", "lead", "launch"])


def _city(name: str, stocks: xr.DataArray) -> Iterator[dict[str, object]]:
    """One row for each lead and launch that has limits."""
    from zwkprognose.errors import ZwkError
    from zwkprognose.evaluation import intervals

    years = [int(year) for year in stocks["year_end"].values]
    totals = stocks.sum([d for d in stocks.dims if d not in ("year_end", "area")])
    levels = sorted({*LEVELS, *POINTS})
    for launch in (year for year in years if year - years[0] > LEAST_PAST):
        leads = [lead for lead in LEADS if launch + lead in years]
        if not leads:
            continue
        try:
            limits = intervals(stocks.sel(year_end=slice(None, launch)), [launch + k for k in leads], levels=levels)
        except ZwkError:  # too short a past for this version
            continue
        start = totals.sel(year_end=launch, drop=True)
        for lead in leads:
            part, seen = limits.sel(year_end=launch + lead), totals.sel(year_end=launch + lead, drop=True)
            counts = ((start >= SMALLEST) & (seen > 0)).values
            yield {"city": name, "lead": lead, "launch": launch} | _scores(part.isel(area=counts), seen[counts])


def _scores(limits: xr.Dataset, seen: xr.DataArray) -> dict[str, float]:
    """Error, coverage, half-width, WIS and CRPS in percent, means over the areas."""
    from zwkprognose.evaluation import measures as m

    lower, upper, forecast = limits["lower"], limits["upper"], limits["forecast"]
    pairs = {k: (lower.sel(level=k), upper.sel(level=k)) for k in LEVELS}
    points = [part.sel(level=list(POINTS)).transpose("level", "area").values for part in (lower, upper)]
    sample = np.concatenate([*points, forecast.values[None]])
    inside = (pairs[0.8][0] <= seen) & (seen <= pairs[0.8][1])
    return {
        "mape": 100 * float(abs(forecast / seen - 1).mean()),
        "covered": 100 * float(inside.mean()),
        "half_width": float(50 * ((pairs[0.8][1] - pairs[0.8][0]) / forecast).median()),
        "wis": float((100 * m.wis(forecast, pairs, seen) / seen).mean()),
        "crps": float((100 * m.crps(sample, seen.values) / seen.values).mean()),
    }


def table(ours: pd.DataFrame, theirs: pd.DataFrame) -> pd.DataFrame:
    """Ratios by city and lead, their means over cities, the worst launch, and coverage of both."""
    both = ours.index.intersection(theirs.index)
    ours, theirs = ours.loc[both], theirs.loc[both]
    groups = ["city", "lead"]
    found = ours.groupby(groups)[list(SCORES)].mean() / theirs.groupby(groups)[list(SCORES)].mean()
    worst = ours.groupby(groups)["mape"].max() / theirs.groupby(groups)["mape"].max()
    found = found.assign(worst=worst, launches=ours.groupby(groups).size())
    covered, before = (one.groupby(groups)["covered"].mean() for one in (ours, theirs))
    found = found.assign(covered=covered, before=before)
    by_city = found.groupby("city").mean().assign(launches=found.groupby("city")["launches"].sum())
    by_city.index = pd.MultiIndex.from_product([by_city.index, ["alle"]], names=groups)
    near, far = (found[found.index.get_level_values("lead").isin(k)] for k in ((5, 10), (15, 20)))
    means = {("Mittel der Städte", k): part.groupby("city").mean().mean() for k, part in
             (("5–10", near), ("15–20", far), ("alle", found))}  # fmt: skip
    return pd.concat([found, by_city, pd.DataFrame(means).T])


if __name__ == "__main__":
    main()
