"""Ways to carry on what sets an area apart from its city, side by side: what was tried before the rule was chosen."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import numpy as np
import pandas as pd
import xarray as xr
from every_launch import LEADS, launches_of

from zwkprognose.rates.totals import Past, past_of
from zwkprognose.rates.totals.growth import DAMPING, OWN_DAMPING, SMALLEST_AREA, city_trend, lasting_years
from zwkprognose.rates.totals.rules import area_growth, learned_growth, usual_growth

#: (past) → annual log growth of the areas relative to the city.
Deviation = Callable[[Past], np.ndarray]


def mixed(share: float) -> Deviation:
    """A share of what was learned, the rest of what usually lasts."""
    return lambda past: share * learned_growth(past) + (1 - share) * usual_growth(past)


#: Label → growth of areas apart from the city, and what each year after five brings of the one before.
DEVIATIONS: Mapping[str, tuple[Deviation, float]] = {
    "gelernter Anteil, −4 % im Jahr (bisher)": (learned_growth, DAMPING),
    "gelernter Anteil, −7 %": (learned_growth, OWN_DAMPING),
    "gelernter Anteil, −20 %": (learned_growth, 0.8),
    "fest ¼, −7 %": (usual_growth, OWN_DAMPING),
    "Hälfte und Hälfte, −4 %": (mixed(0.5), DAMPING),
    "Hälfte und Hälfte, −7 %": (mixed(0.5), OWN_DAMPING),
    "gelernt zu n/(n + 30), −4 %": (area_growth, DAMPING),
    "gelernt zu n/(n + 30), −7 % (gewählt)": (area_growth, OWN_DAMPING),
    "gelernt zu n/(n + 30), −20 %": (area_growth, 0.8),
}
#: What was known of the city's total.
TOLD = ("ohne Eckwert", "mit wahrem Eckwert")


def every_deviation(cities: Mapping[str, xr.DataArray | xr.Dataset]) -> pd.DataFrame:
    """MAPE of areas from 1,000 persons by what was told, city, lead and launch, a column for each way."""
    rows = [row for name, stocks in cities.items() for row in _city(name, past_of(stocks))]
    return pd.DataFrame(rows).set_index(["told", "city", "lead", "launch"])


def _city(name: str, past: Past) -> Iterator[dict[str, object]]:
    for launch in launches_of(past, min(LEADS)) or launches_of(past, 10):
        known = past.until(launch)
        own, city = {label: deviation(known) for label, (deviation, _) in DEVIATIONS.items()}, city_trend(known)
        for lead in (k for k in LEADS if launch + k in past.years):
            seen, ahead = past.at(launch + lead), np.array(float(lead))
            counts = (known.last >= SMALLEST_AREA) & (seen > 0)
            rows: list[dict[str, object]] = [
                {"told": told, "city": name, "lead": lead, "launch": launch} for told in TOLD
            ]
            for label, (_, damping) in DEVIATIONS.items():
                part = lasting_years(ahead, damping) * own[label]
                blind = known.last * np.exp(lasting_years(ahead) * city + part)
                for row, forecast in zip(rows, (blind, blind * seen.sum() / blind.sum()), strict=True):
                    row[label] = 100 * float(np.mean(abs(forecast[counts] / seen[counts] - 1)))
            yield from rows
