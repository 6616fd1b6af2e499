"""What cannot be answered is refused, with the cells and with what is possible instead; no number means nothing."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import pytest
import xarray as xr

from zwkprognose.errors import ZwkError
from zwkprognose.evaluation import age_intervals, hindcast, intervals, score, total_trajectories
from zwkprognose.rates.totals import estimate_totals

AGES = {"unter 3": (0, 2)}
SHAPE = np.interp(np.arange(91), [0, 20, 50, 80, 90], [1, 1.1, 1.2, 0.6, 0.1]) / 85
Ask = Callable[[xr.DataArray], Any]


def town(years: range, areas: int) -> xr.DataArray:
    """Areas of 1,500 to 6,000 persons that grow and shrink a little."""
    growth = np.random.default_rng(0).normal(0.003, 0.01, (len(years), areas)).cumsum(axis=0)
    totals = np.linspace(1500, 6000, areas) * np.exp(growth)
    persons = np.floor(totals[:, :, None, None, None] * np.array([0.49, 0.51])[:, None] * SHAPE)
    coords = {"year_end": list(years), "area": [f"{i:02}" for i in range(areas)], "nationality": ["total"],
              "sex": ["male", "female"], "age": np.arange(91)}  # fmt: skip
    found = xr.DataArray(persons, coords, list(coords), name="population")
    found["age"].attrs["open"] = 1
    return found


def of_ages(stocks: xr.DataArray, years: Any = (2025,), bands: Any = None, **asked: Any) -> xr.Dataset:
    return age_intervals(stocks.to_dataset(), years, AGES if bands is None else bands, **asked)


IMPOSSIBLE: dict[str, tuple[Ask, str]] = {
    "all of it": (lambda x: intervals(x, [2025], levels=[1.0]), "levels"),
    "nothing of it": (lambda x: intervals(x, [2025], levels=[0]), "levels"),
    "no level": (lambda x: intervals(x, [2025], levels=[]), "levels"),
    "more than all ages": (lambda x: of_ages(x, levels=[80]), "levels"),
    "no year": (lambda x: of_ages(x, []), "ganze Zahl"),
    "half a year": (lambda x: intervals(x, [2021.5]), "ganze Zahl"),
    "half a year of totals": (lambda x: estimate_totals(x, [2021.5]), "ganzer Jahre"),
    "half a launch": (lambda x: hindcast(x, [2012.5], [1]), "ganze Zahl"),
    "half a draw": (lambda x: total_trajectories(x, [2025], draws=2.5), "ganze Zahl"),
    "a seed below zero": (lambda x: total_trajectories(x, [2025], seed=-1), "Startwert"),
    "no band": (lambda x: of_ages(x, bands={}), "Altersgruppe"),
    "backwards": (lambda x: of_ages(x, bands={"a": (5, 2)}), "Altersgruppe"),
    "too old": (lambda x: of_ages(x, bands={"a": (120, None)}), "Altersgruppe"),
    "no ages": (lambda x: of_ages(x.sum("age")), "nicht nach Alter"),
    "a year that is no list": (lambda x: intervals(x, 2025), "Stichtage"),
    "not born": (lambda x: of_ages(x, bands={"a": (-3, 5)}), "Altersgruppe"),
    "more than no number": (lambda x: of_ages(x, exceed={"unter 3": np.nan}), "Grenzen"),
    "an empty city to come": (lambda x: intervals(x, [2025], eckwert={2025: 0}), "über 0"),
    "a city of no number": (lambda x: estimate_totals(x, [2025], eckwert={2025: np.nan}), "über 0"),
    "an error of no number": (lambda x: intervals(x, [2025], eckwert={2025: 1e5}, eckwert_error=np.nan), "Anteil"),
    "no areas": (lambda x: intervals(x.isel(area=0, drop=True), [2025]), "nach Stichtag und Gebiet"),
    "no stocks": (lambda _: intervals(xr.Dataset(), [2025]), "Bestand"),
    "too far": (lambda x: intervals(x, [2301]), "zu weit voraus"),
    "totals too far": (lambda x: estimate_totals(x, [10**9]), "zu weit voraus"),
    "trajectories too far": (lambda x: total_trajectories(x, [2301]), "zu weit voraus"),
    "ages too far": (lambda x: of_ages(x, [2301]), "zu weit voraus"),
    "no lead": (lambda x: intervals(x, [2020]), "nach dem letzten Bestand"),
    "ages of the past": (lambda x: of_ages(x, [2019]), "nach dem letzten Bestand"),
    "twice": (lambda x: intervals(x, [2025, 2025]), "mehrfach"),
    "a year in words": (lambda x: intervals(x, ["2025"]), "ganzer Jahre"),
    "no year at all": (lambda x: intervals(x, [None]), "ganzer Jahre"),
    "a date": (lambda x: intervals(x, np.array(["2025-12-31"], dtype="datetime64[D]")), "ganzer Jahre"),
    "a level in words": (lambda x: intervals(x, [2025], levels="0.8"), "levels"),
    "one level": (lambda x: intervals(x, [2025], levels=0.8), "levels"),
    "a level twice": (lambda x: intervals(x, [2025], levels=[0.8, 0.8]), "levels"),
    "groups of areas": (lambda x: intervals(x, [2025], groups={"N": ["00", "01"]}), "nicht umgekehrt"),
    "groups without names": (lambda x: intervals(x, [2025], groups=dict.fromkeys(x.area.values)), "ohne Gruppe"),
    "groups in a list": (lambda x: intervals(x, [2025], groups=["N"] * 20), "groups"),
    "a rule of no name": (lambda x: intervals(x, [2025], method=["shrunk"]), "gibt es nicht"),
    "a total that is one number": (lambda x: intervals(x, [2025], eckwert=80_000), "je Jahr"),
    "a total in words": (lambda x: intervals(x, [2025], eckwert={2025: "80000"}), "Personenzahl"),
    "a total of thousands": (lambda x: intervals(x, [2025], eckwert={2025: 80}), "nicht in Tausend"),
    "a total without years": (lambda x: intervals(x, [2025], eckwert=xr.DataArray([80_000.0])), "je Jahr"),
    "an error in percent": (lambda x: intervals(x, [2025], eckwert={2025: 8e4}, eckwert_error=0.3), "Anteil von 0 bis"),
    "a size of no number": (lambda x: intervals(x, [2025], largest=np.nan), "größer|über 0"),
    "the same key": (lambda x: intervals(x.assign_coords(area=["00"] * 20), [2025]), "eigenen Schlüssel"),
    "stocks at half years": (lambda x: intervals(x.assign_coords(year_end=x.year_end + 0.5), [2025]), "ganzen Jahre"),
    "stocks in words": (lambda x: intervals(x.sum("age").astype(str), [2025]), "keine Zahlen"),
    "stocks beyond measure": (lambda x: intervals(x * 1e20, [2025]), "nicht vergleichbar"),
    "a band of half ages": (lambda x: of_ages(x, bands={"a": (0.5, 2)}), "Altersgruppe"),
    "a band of three": (lambda x: of_ages(x, bands={"a": (1, 2, 3)}), "Altersgruppe"),
    "no ages of a band": (lambda x: of_ages(x, bands={"a": None}), "Altersgruppe"),
    "ends beyond all ages": (lambda x: of_ages(x, bands={"a": (85, 95)}), "Altersgruppe"),
    "bands in a list": (lambda x: of_ages(x, bands=[(0, 2)]), "Altersgruppen"),
    "a sum of nowhere": (lambda x: of_ages(x, sums={"S": ["nirgends"]}), "im Bestand"),
    "a sum of nothing": (lambda x: of_ages(x, sums={"S": []}), "leere Summen"),
    "a sum in words": (lambda x: of_ages(x, sums={"S": "00"}), "Listen von Gebieten"),
    "rates unheard of": (lambda x: of_ages(x, rates={"mortalty": 1}), "mortalty"),
    "no draws": (lambda x: total_trajectories(x, [2025], draws=None), "ganze Zahl"),
    "a thousand million draws": (lambda x: total_trajectories(x, [2025], draws=10**9), "nicht vorgesehen"),
    "launches in words": (lambda x: hindcast(x, "2012", [1]), "Startpunkte"),
    "no launches": (lambda x: hindcast(x, None, [1]), "Startpunkte"),
    "no horizon": (lambda x: hindcast(x, [2012], [0]), "Horizonte"),
    "told nothing": (lambda x: hindcast(x, [2012], [1], eckwert=[]), "fehlt"),
    "no method": (lambda x: hindcast(x, [2012], [1], []), "kein Verfahren"),
    "a share of nothing": (lambda x: hindcast(x, [2012], [1], "variable_share", eckwert="none"), "kein Verfahren"),
    "a method that is a number": (lambda x: hindcast(x, [2012], [1], {"a": 3}), "Funktionen"),
    "groups beyond all ages": (lambda x: hindcast(x, [2012], [1], groups=range(0, 150, 5)), "Alter bis 90"),
    "scores of no size": (lambda x: score(hindcast(x, [2012], [1], "unchanged"), smallest=np.nan), "keine Zahl"),
    "scores of stocks": (lambda x: score(x), "Rückblick"),
}


@pytest.fixture(scope="module")
def stocks() -> xr.DataArray:
    return town(range(2008, 2021), 20)


@pytest.mark.parametrize("name", IMPOSSIBLE)
def test_what_is_impossible_is_refused(stocks: xr.DataArray, name: str) -> None:
    ask, message = IMPOSSIBLE[name]
    with pytest.raises(ZwkError, match=message) as error:
        ask(stocks)
    assert error.value.remedy.endswith(".")


ASKS: dict[str, Ask] = {
    "totals": lambda x: estimate_totals(x, [x.year_end.values.max() + 5]),
    "intervals": lambda x: intervals(x, [x.year_end.values.max() + 5]),
    "trajectories": lambda x: total_trajectories(x, [x.year_end.values.max() + 5], draws=20),
    "ages": lambda x: of_ages(x, [int(x.year_end.values.max()) + 5]),
    "hindcast": lambda x: hindcast(x, [int(x.year_end.values.min()) + 5], [5]),
}


def with_gap(stocks: xr.DataArray, value: float) -> xr.DataArray:
    """One area is not known, or below zero, in one year."""
    broken = stocks.copy(deep=True)
    broken.loc[{"year_end": 2011, "area": "03"}] = value
    return broken


@pytest.mark.parametrize("ask", ASKS.values(), ids=ASKS)
def test_stocks_that_cannot_be_compared_are_refused_everywhere(stocks: xr.DataArray, ask: Ask) -> None:
    nobody = stocks.where(stocks["year_end"] != 2010, 0.0)
    for broken, message in (
        (with_gap(stocks, np.nan), "nicht vergleichbar"),
        (with_gap(stocks, -1.0), "nicht vergleichbar"),
        (with_gap(stocks, np.inf), "nicht vergleichbar"),
        (nobody, "wohnt in keinem Gebiet jemand"),
        (stocks.isel(year_end=slice(None, None, -1)), "aufsteigend"),
        (xr.concat([stocks, stocks.isel(year_end=[-1])], "year_end"), "aufsteigend"),
    ):
        with pytest.raises(ZwkError, match=message) as error:
            ask(broken)
        assert error.value.cells


@pytest.mark.parametrize("areas", [1, 3, 40])
@pytest.mark.parametrize("years", [2, 3, 4])
def test_a_short_past_gives_totals_or_says_what_is_possible(years: int, areas: int) -> None:
    """Two years are enough for every rule; a range needs 30 past errors, and says how many there are."""
    short = town(range(2021 - years, 2021), areas)
    for rule in ("unchanged", "linear", "exponential", "linear_exponential", "average", "trend_shares", "shrunk"):
        found = estimate_totals(short, [2021, 2040], method=rule)
        start = short.isel(year_end=-1).sum(["nationality", "sex", "age"])
        assert (abs(np.log(found / start)) < 1).all()
    errors = areas * max(years - 3, 0)  # launches with two years before and one after
    if errors >= 30:
        assert intervals(short, [2025])["calibrated_lead"].values.tolist() == [1]
        return
    for ask in (partial(intervals, years=[2025]), partial(total_trajectories, years=[2025])):
        with pytest.raises(ZwkError, match=f"höchstens {errors} frühere") as error:
            ask(short)
        assert "ohne Spanne" in error.value.remedy
    with pytest.raises(ZwkError, match="höchstens 0 statt mindestens 30") as error:
        of_ages(short)
    assert "ohne Spanne" in error.value.remedy


@pytest.mark.parametrize("step", [5, 10])
def test_ranges_nearer_than_any_two_stocks(step: int) -> None:
    """The errors of the distance between the stocks stand for nearer years."""
    sparse = town(range(1980, 2021, step), 60)
    for limits in (intervals(sparse, [2022], levels=[0.8]), of_ages(sparse, [2022], levels=[0.8])):
        limits = limits.squeeze()
        assert int(limits["calibrated_lead"]) == step
        assert (limits["lower"] < limits["forecast"]).all()
        assert (limits["forecast"] < limits["upper"]).all()
