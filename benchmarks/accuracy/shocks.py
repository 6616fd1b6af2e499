"""Do rates become better if years in which the city grew as it otherwise does not are left out?"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import xarray as xr

from zwkprognose.evaluation import hindcast, score
from zwkprognose.evaluation.library import Library
from zwkprognose.rates.totals import past_of, shock_years

LEAD = 5
#: Label → options of the rates.
WAYS = {"alle Jahre (gewählt)": {}, "ohne Schockjahre": {"exclude_years": "shocks"}}


def without_shocks(cities: Mapping[str, xr.Dataset], most: int = 3) -> pd.DataFrame:
    """Errors of cohorts after five years, from the latest launches that knew shock years: city, launch and way."""
    parts = []
    for name, inputs in cities.items():
        years = [int(y) for y in inputs["year_end"].values]
        launches = [y for y in years if y + LEAD in years and shock_years(past_of(inputs.sel(year_end=slice(None, y))))]
        if not launches:
            continue
        methods = {label: Library(totals=None, options=options) for label, options in WAYS.items()}
        found = score(hindcast(inputs, launches[-most:], [LEAD], methods, eckwert="true"), largest=1e6)
        parts.append(found[["mape", "ase", "wape_0_4"]].droplevel(["eckwert", "lead"]).assign(city=name))
    return pd.concat(parts).set_index("city", append=True).reorder_levels(["city", "launch", "method"]).sort_index()
