"""Children and births: what was tried beside the level of the last years, city by city and launch by launch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
import xarray as xr

from zwkprognose.evaluation.library import forecast
from zwkprognose.rates.fertility.returning import fertility_levels
from zwkprognose.rates.totals.growth import SMALLEST_AREA

#: City → launches whose outcome is known, and years ahead.
CASES: Mapping[str, Sequence[tuple[int, int]]] = {
    "Berlin": [(2006, 5), (2010, 5), (2015, 5), (2006, 10), (2010, 10)],
    "Bremen": [(1990, 10), (2000, 10), (2010, 10), (1990, 20), (2000, 20)],
    "Bremerhaven": [(1990, 10), (2000, 10), (2010, 10), (1990, 20), (2000, 20)],
    "Konstanz": [(2012, 5), (2014, 5), (2016, 5), (2018, 5), (2020, 5), (2012, 10), (2014, 10)],
}
#: Share of the births that return to the mean level of the city's own past.
RETURNING = (0.0, 0.25, 0.5, 1.0)
UNDER = 5


def children(cities: Mapping[str, xr.Dataset]) -> pd.DataFrame:
    """Sum of errors of all areas from 1,000 persons in percent of the children under five, with the same totals.

    ``default`` the library, ``share`` the last share of children of each area, ``half`` their mean.
    """
    rows = [row for name, inputs in cities.items() for row in _children(name, inputs[["population"]])]
    return pd.DataFrame(rows).set_index(["city", "lead", "launch"]).sort_index()


def _children(name: str, inputs: xr.Dataset) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    stocks = inputs["population"].sum(["nationality", "sex"])
    for launch in sorted({launch for launch, _ in CASES[name]}):
        leads = [lead for start, lead in CASES[name] if start == launch]
        known = inputs.sel(year_end=slice(None, launch))
        expected = forecast(known, launch + max(leads), "shrunk", None).sum(["nationality", "sex"])
        start = stocks.sel(year_end=launch)
        large = (start.sum("age") >= SMALLEST_AREA).values
        share = _young(start, large) / start.sum("age").values[large]
        for lead in leads:
            seen = _young(stocks.sel(year_end=launch + lead), large)
            here = expected.sel(year_end=launch + lead)
            ours, same = _young(here, large), share * here.sum("age").values[large]
            found = {"default": ours, "share": same, "half": (ours + same) / 2}
            errors = {rule: 100 * float(abs(v - seen).sum() / seen.sum()) for rule, v in found.items()}
            rows.append({"city": name, "lead": lead, "launch": launch} | errors)
    return rows


def _young(stock: xr.DataArray, large: np.ndarray) -> np.ndarray:
    """Children of the large areas [area]."""
    return np.asarray(stock.sel(age=slice(0, UNDER - 1)).sum("age").transpose("area").values[large])


def levels(cities: Mapping[str, xr.Dataset]) -> dict[str, pd.Series]:
    """Children per woman that each stock implies of the whole city, from what was known then."""
    return {name: fertility_levels(inputs[["population"]]).to_series() for name, inputs in cities.items()}


def returning(known: Mapping[str, pd.Series]) -> pd.DataFrame:
    """Mean error in percent of the level five or ten years later, by city and half of its launches.

    A column for each share of the way back to the mean of all levels known at the launch.
    """
    rows = []
    for city, level in known.items():
        later = {y: y + ahead for y in level.index[1:] for ahead in (10, 5) if y + ahead in level.index}
        for k, (launch, then) in enumerate(later.items()):
            before, seen = level.loc[:launch], level[then]
            errors = {str(w): 100 * abs(((1 - w) * before.iloc[-1] + w * before.mean()) / seen - 1) for w in RETURNING}
            half = "frühe" if k < len(later) / 2 else "späte"
            rows.append({"city": city, "half": half} | errors)
    frame = pd.DataFrame(rows)
    grouped = frame.groupby(["city", "half"], sort=False)
    return grouped[[str(w) for w in RETURNING]].mean().assign(launches=grouped.size())
