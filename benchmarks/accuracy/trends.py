"""Ways to carry on a city's growth, side by side: what was tried before the rule was chosen."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd
import xarray as xr
from every_launch import LEADS, launches_of

from zwkprognose.rates.totals import Past, past_of
from zwkprognose.rates.totals.growth import OWN_DAMPING, SMALLEST_AREA, lasting_years
from zwkprognose.rates.totals.rules import area_growth, learned_growth

#: (past, years ahead) → log growth of the city.
Trend = Callable[[Past, float], float]


def growth(past: Past, longest: int) -> float:
    """Mean annual log growth of the city over all base periods up to so many years."""
    now = past.last.sum()
    return float(
        np.mean([np.log(now / past.at(y).sum()) / (past.launch - y) for y in past.base_years(longest=longest)])
    )


def yearly(past: Past, longest: int) -> np.ndarray:
    """Log growth of the city in each year between its stocks, oldest first."""
    years = [*sorted(past.base_years(longest=longest)), past.launch]
    totals = np.array([past.at(y).sum() for y in years])
    return np.asarray(np.diff(np.log(totals)) / np.diff(years))


def calm(past: Past, longest: int, width: float) -> float:
    """The growth without shock years, which are more robust standard deviations than ``width`` from the median of all.

    Years count as in the mean over all base periods; if all are shocks, or fewer than five known, none is left out.
    """
    every, recent = yearly(past, past.launch - past.years[0]), yearly(past, longest)
    spread = 1.4826 * np.median(abs(every - np.median(every)))
    usual = abs(recent - np.median(every)) <= width * spread
    if len(every) < 5 or not usual.any():
        return growth(past, longest)
    weight = np.cumsum(1 / np.arange(len(recent), 0, -1))
    return float((weight * usual) @ recent / (weight @ usual))


def straight(share: float, longest: int) -> Trend:
    """A share of the growth, undamped."""
    return lambda past, ahead: share * growth(past, longest) * ahead


def damped(share: float, longest: int, kept: float) -> Trend:
    """Each year brings a share of the year before."""
    return lambda past, ahead: share * growth(past, longest) * kept * (1 - kept**ahead) / (1 - kept)


def bounded(most: float, longest: int, fading: bool = True, of: Callable[[Past, int], float] = growth) -> Trend:
    """Never more than so much a year, fading after five years or not."""

    def trend(past: Past, ahead: float) -> float:
        c = of(past, longest)
        return float(c / np.sqrt(1 + (c / most) ** 2) * (lasting_years(np.array(ahead)) if fading else ahead))

    return trend


#: What was used before: the mean of five base periods, and of what sets an area apart the learned share alone.
BEFORE = "0,9 · Mittel der Basen 1–5, gelernter Anteil (bisher)"
TRENDS: Mapping[str, Trend] = {
    BEFORE: straight(0.9, 5),
    "0,9 · Basen 1–5": straight(0.9, 5),
    "0,8 · Basen 1–5": straight(0.8, 5),
    "0,7 · Basen 1–10": straight(0.7, 10),
    "Basen 1–5, gedämpft 0,95": damped(1.0, 5, 0.95),
    "Basen 1–10, gedämpft 0,95": damped(1.0, 10, 0.95),
    "0,8 · Basen 1–10, gedämpft 0,95": damped(0.8, 10, 0.95),
    "höchstens 0,75 %, Basen 1–7": bounded(0.0075, 7),
    "höchstens 1 %, Basen 1–5": bounded(0.01, 5),
    "höchstens 1 %, Basen 1–7 (gewählt)": bounded(0.01, 7),
    "höchstens 1 %, Basen 1–5, ohne Nachlassen": bounded(0.01, 5, fading=False),
    "höchstens 1 %, Basen 1–7, ohne Nachlassen": bounded(0.01, 7, fading=False),
    "höchstens 1 %, Basen 1–10": bounded(0.01, 10),
    "höchstens 1,5 %, Basen 1–7": bounded(0.015, 7),
    "höchstens 1 %, Median der 7 Jahre": bounded(0.01, 7, of=lambda past, n: float(np.median(yearly(past, n)))),
    "höchstens 1 %, Basen 1–7 ohne Schockjahre (2,5)": bounded(0.01, 7, of=lambda past, n: calm(past, n, 2.5)),
    "höchstens 1 %, Basen 1–7 ohne Schockjahre (3)": bounded(0.01, 7, of=lambda past, n: calm(past, n, 3.0)),
}


def compared(errors: pd.DataFrame) -> pd.DataFrame:
    """MAPE as a share of that of the first column: by city, in all cities, of the worst launches.

    Each lead of a city weighs the same.
    """
    first = errors.columns[0]
    mean, worst = (errors.groupby(level=["city", "lead"]).agg(how) for how in ("mean", "max"))
    by_city = mean.div(mean[first], axis=0).groupby(level="city").mean().T
    table = by_city.assign(alle=by_city.mean(axis=1))
    return table.assign(**{"schlechtester Startpunkt": worst.div(worst[first], axis=0).mean()})


def every_trend(cities: Mapping[str, xr.DataArray | xr.Dataset]) -> pd.DataFrame:
    """MAPE of areas from 1,000 persons by city, lead and launch, a column for each trend."""
    rows = [row for name, stocks in cities.items() for row in _city(name, past_of(stocks))]
    return pd.DataFrame(rows).set_index(["city", "lead", "launch"])


def left_out(table: pd.DataFrame) -> dict[str, tuple[str, float]]:
    """For each city the trend that is best in the mean of the others, and how it does in this one."""
    cities = [c for c in table if c not in ("alle", "schlechtester Startpunkt")]
    best = {c: str(table[[o for o in cities if o != c]].mean(axis=1).idxmin()) for c in cities}
    return {c: (name, float(table.loc[name, c])) for c, name in best.items()}


def _city(name: str, past: Past) -> list[dict[str, object]]:
    rows = []
    for launch in launches_of(past, min(LEADS)) or launches_of(past, 10):
        known = past.until(launch)
        own, before = area_growth(known), learned_growth(known)
        for lead in (k for k in LEADS if launch + k in past.years):
            seen = past.at(launch + lead)
            counts = (known.last >= SMALLEST_AREA) & (seen > 0)
            row: dict[str, object] = {"city": name, "lead": lead, "launch": launch}
            for label, trend in TRENDS.items():
                ahead = np.array(float(lead))
                apart = lasting_years(ahead) * before if label == BEFORE else lasting_years(ahead, OWN_DAMPING) * own
                forecast = known.last * np.exp(trend(known, lead) + apart)
                row[label] = 100 * float(np.mean(abs(forecast[counts] / seen[counts] - 1)))
            rows.append(row)
    return rows
