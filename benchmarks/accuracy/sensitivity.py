"""What happens when constants are halved or doubled, one at a time: totals of the library, ages of the fast method."""

from __future__ import annotations

from types import ModuleType
from unittest.mock import patch

import numpy as np
import pandas as pd
import xarray as xr

from zwkprognose.evaluation import children, hindcast, over_launches, ratio_types, score
from zwkprognose.rates.totals import growth, persistence, rules, types

#: German name → where the constant lives.
CONSTANTS: dict[str, tuple[ModuleType, str]] = {
    "Anteil der eigenen Abweichung, der ohne Wissen bleibt (¼)": (persistence, "PRIOR"),
    "Vorwissen im Wert von Gebieten (30)": (persistence, "PRIOR_AREAS"),
    "Anteil der eigenen Abweichung, der gewöhnlich bleibt (¼)": (rules, "USUAL_SHARE"),
    "Abweichung, die höchstens zählt (5 % im Jahr)": (rules, "MOST_DEVIATION"),
    "Wachstum der Stadt, das höchstens anhält (1 % im Jahr)": (growth, "FASTEST_LASTING"),
    "üblicher Bereich des Wachstums (6 Standardabweichungen)": (growth, "USUAL_RANGE"),
    "Ridge der Altersstruktur, Gesamtzahl (2)": (types, "RIDGE"),
    "Personen, ab denen die Altersstruktur zur Hälfte zählt (300)": (types, "HALF_BELIEVED"),
    "Ridge der Altersstruktur, Kohorten (1)": (ratio_types, "RIDGE"),
    "Anteil der Unterschiede, der bleibt (½)": (ratio_types, "LASTING_VARIANCE"),
    "Erwachsene, ab denen der eigene Kinderanteil zur Hälfte zählt (400)": (children, "HALF_BELIEVED"),
    "Anteil des Kindertrends, der bleibt (½)": (children, "TREND_KEPT"),
}


def sensitivity(stocks: xr.DataArray) -> pd.DataFrame:
    """MAPE without and with the true total, ASE and the error of the under-fives, Berlin after five years."""
    rows = {"wie voreingestellt": _scores(stocks)}
    for name, (module, constant) in CONSTANTS.items():
        value = getattr(module, constant)
        for word, factor in (("halb", 0.5), ("doppelt", 2.0)):
            with patch.object(module, constant, np.multiply(value, factor)):
                rows[f"{name}, {word}"] = _scores(stocks)
    return pd.DataFrame(rows).T


def _scores(stocks: xr.DataArray) -> dict[str, float]:
    means = over_launches(score(hindcast(stocks, (2006, 2010, 2011, 2015), [5], ["cohort_types"])))
    told, blind = (means.xs((k, "cohort_types", 5)) for k in ("true", "none"))
    return {"MAPE ohne Eckwert": blind["mape"], "MAPE": told["mape"], "ASE": told["ase"], "0–4": told["wape_0_4"]}
