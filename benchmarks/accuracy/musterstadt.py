"""How far estimates and forecasts lie from a known truth: Musterstadt, five years ahead, many histories.

    python benchmarks/accuracy/musterstadt.py --towns 10

prints the table of docs/musterstadt.md: mean absolute percent error of a quarter's total, and in how many of 100
quarters the count lay within the range for 80.
"""

from __future__ import annotations

import argparse

import numpy as np
import pandas as pd
import xarray as xr

import zwkprognose as zwk
from zwkprognose.engine import Uncertainty
from zwkprognose.examples import Musterstadt, musterstadt

LAUNCH, TARGET, DRAWS = 2028, 2033, 200
SHOWN = {
    "truth": "wahre Raten",
    "register": "Raten aus dem Register",
    "cohorts": "nur Bestände: Kohorten",
    "default": "nur Bestände: Voreinstellung",
    "linear": "Trend verlängert",
    "unchanged": "unverändert",
}


def total(stock: xr.DataArray) -> np.ndarray:
    """Persons by area on the target day."""
    return np.asarray(stock.sel(year_end=TARGET).sum(["nationality", "sex", "age"]).values)


def of_draws(projection: xr.Dataset, seen: np.ndarray) -> float:
    """Percent of the areas within the middle 80 percent of the draws."""
    limits = projection["drawn_quantiles"].sel(year_end=TARGET, age_band="insgesamt", quantile=[0.1, 0.9])
    low, high = limits.transpose("quantile", "area").values
    return 100 * float(np.mean((low <= seen) & (seen <= high)))


def one_town(town: Musterstadt, seed: int) -> dict[str, dict[str, float]]:
    """Errors and coverage of every forecast."""
    known = town.inputs.sel(year_end=slice(None, LAUNCH), year=slice(None, LAUNCH))
    seen = total(town.inputs["population"])
    rates = zwk.estimate_rates(known, destinations="matrix", half_life=None)
    runs = {"truth": (town.rates, Uncertainty.of_events()), "register": (rates, Uncertainty.of_estimate(rates))}
    found: dict[str, dict[str, float]] = {}
    for name, (used, chance) in runs.items():
        run = zwk.project(known, used, until=TARGET, draws=DRAWS, seed=seed, uncertainty=chance)
        error = 100 * float(np.mean(abs(total(run["population"]) / seen - 1)))
        found[name] = {"mape": error, "inside": of_draws(run, seen)}
    methods = ["cohorts", "default", "linear", "unchanged"]
    back = zwk.hindcast(town.inputs, [LAUNCH], [TARGET - LAUNCH], methods, eckwert="none")
    for name in methods:
        error = abs(back["forecast"].sel(forecaster=name) / back["observed"] - 1)
        found[name] = {"mape": 100 * float(error.mean())}
    limits = zwk.intervals(known, [TARGET], levels=[0.8]).isel(level=0, year_end=0)
    inside = (limits["lower"].values <= seen) & (seen <= limits["upper"].values)
    found["default"]["inside"] = 100 * float(inside.mean())
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--towns", type=int, default=10, help="histories, each with another chance")
    towns = parser.parse_args().towns
    results = [one_town(musterstadt(seed, years=20), seed) for seed in range(1, towns + 1)]
    table = pd.DataFrame({SHOWN[name]: pd.DataFrame([r[name] for r in results]).mean() for name in SHOWN}).T
    print(table.round({"mape": 2, "inside": 0}).to_string())


if __name__ == "__main__":
    main()
