"""Tasks of T7, quality: errors of „unchanged“ and of a trend, a range made by hand, and what one launch proves."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from zwkprognose.course.answers import Task
from zwkprognose.course.town import town

_EARLIER, _LAUNCH, _LATER = 2013, 2018, 2023
_CAMPUS = 2
#: What a range promises: so many of 100 quarters lie within.
_PROMISE = 0.8


@cache
def _people(year: int) -> NDArray[np.float64]:
    """Persons [quarter] on 31.12. of a year."""
    stock = town().inputs["population"].sel(year_end=year)
    return np.asarray(stock.sum(["nationality", "sex", "age"]).values, dtype=float)


def _error(said: NDArray[np.float64]) -> NDArray[np.float64]:
    """Signed error [quarter] in percent of what came."""
    return 100 * (said - _people(_LATER)) / _people(_LATER)


def _mape(said: NDArray[np.float64]) -> float:
    return float(np.abs(_error(said)).mean())


def _weighted(said: NDArray[np.float64]) -> float:
    return float(100 * np.abs(said - _people(_LATER)).sum() / _people(_LATER).sum())


def _trend(since: int = _EARLIER, years: int = _LATER - _LAUNCH) -> NDArray[np.float64]:
    """The stock at the launch and, for so many years, the mean yearly change since an earlier one."""
    yearly = (_people(_LAUNCH) - _people(since)) / (_LAUNCH - since)
    return _people(_LAUNCH) + years * yearly


def _range() -> tuple[float, float]:
    """Limits as factors on the stock at the launch, from the changes of the five years before it."""
    low, high = np.quantile(_people(_LAUNCH) / _people(_EARLIER), [(1 - _PROMISE) / 2, (1 + _PROMISE) / 2])
    return float(low), float(high)


def _inside() -> int:
    """Quarters whose count lies within the range."""
    (low, high), came = _range(), _people(_LATER)
    return int(((_people(_LAUNCH) * low <= came) & (came <= _people(_LAUNCH) * high)).sum())


def _campus(sign: float = 1.0) -> float:
    return sign * float(_error(_people(_LAUNCH))[_CAMPUS])


def _missed() -> float:
    return float(_people(_LAUNCH)[_CAMPUS] - _people(_LATER)[_CAMPUS])


def _city_error() -> float:
    return float(100 * abs(_people(_LAUNCH).sum() / _people(_LATER).sum() - 1))


_QUARTERS = 20

TASKS = {
    "T7.1": Task(
        _campus,
        "Gesagt minus gekommen, geteilt durch gekommen, mal hundert. Gesagt ist der Bestand von 2018.",
        (
            (lambda: _campus(-1), "Der Betrag stimmt, das Vorzeichen nicht: Es ist gesagt minus gekommen."),
            (
                lambda: float(100 * _missed() / _people(_LAUNCH)[_CAMPUS]),
                "Geteilt wird durch das, was gekommen ist, nicht durch das, was gesagt war.",
            ),
            (_missed, "Das sind Personen. Gefragt sind Prozent."),
        ),
        within=0.06,
    ),
    "T7.2": Task(
        lambda: _mape(_people(_LAUNCH)),
        "Den Fehler jedes Quartiers in Prozent, davon den Betrag, davon das Mittel über alle zwanzig.",
        (
            (
                lambda: float(_error(_people(_LAUNCH)).mean()),
                "Das ist das Mittel mit Vorzeichen (MALPE): Zu viel und zu wenig heben sich auf. Beträge nehmen.",
            ),
            (
                lambda: float(np.median(np.abs(_error(_people(_LAUNCH))))),
                "Das ist der mittlere Wert der Reihe (MedAPE). Gefragt ist das Mittel.",
            ),
            (lambda: _mape(_people(_LAUNCH)) / 100, "Das ist ein Bruch. Gefragt sind Prozent: mal hundert."),
        ),
        within=0.05,
    ),
    "T7.3": Task(
        lambda: _weighted(_people(_LAUNCH)),
        "Zuerst alle Beträge in Personen addieren, dann durch alle Personen von 2023 teilen, mal hundert.",
        (
            (
                lambda: _mape(_people(_LAUNCH)),
                "Das ist die MAPE: Jedes Quartier zählt gleich. Hier zählt jede Person gleich.",
            ),
            (
                _city_error,
                "Das ist der Fehler der Stadt: Zu viel und zu wenig heben sich auf. Erst die Beträge addieren.",
            ),
        ),
        within=0.05,
    ),
    "T7.4": Task(
        lambda: _mape(_trend()),
        "Für jedes Quartier 2018 und noch einmal den Zuwachs von 2013 bis 2018; dann die MAPE wie in Aufgabe 2.",
        (
            (
                lambda: 0.0,
                "Ohne jeden Fehler geht es nur, wenn die Prognose 2023 schon kennt. Erlaubt sind Bestände bis 2018.",
            ),
            (lambda: _mape(_people(_LAUNCH)), "Das ist „unverändert“. Hier kommt der Zuwachs von 2013 bis 2018 dazu."),
            (lambda: _mape(_trend(years=1)), "Das ist der Zuwachs eines Jahres. Von 2018 bis 2023 sind es fünf."),
            (
                lambda: _mape(_trend(since=_LAUNCH - 1)),
                "Das ist fünfmal der Zuwachs des letzten Jahres. Gefragt ist der von 2013 bis 2018.",
            ),
        ),
        within=0.05,
    ),
    "T7.5": Task(
        lambda: float(_inside()),
        "Für jedes Quartier prüfen, ob der Bestand von 2023 zwischen den Grenzen liegt, und die Ja zählen.",
        (
            (lambda: _PROMISE * _QUARTERS, "Das ist das Versprechen: 80 von 100. Gefragt ist, was eintrat."),
            (lambda: float(_QUARTERS - _inside()), "Das sind die Quartiere außerhalb. Gefragt sind die innerhalb."),
            (lambda: 100 * _inside() / _QUARTERS, "Das ist der Anteil in Prozent. Gefragt ist die Zahl der Quartiere."),
        ),
        within=0.1,
    ),
    "T7.6": Task(
        lambda: float(100 * np.sqrt(_PROMISE * (1 - _PROMISE) / _QUARTERS)),
        "Die Wurzel aus p · (1 − p) / n mit p = 0,8 und n = 20, mal hundert.",
        (
            (
                lambda: float(np.sqrt(_PROMISE * (1 - _PROMISE) / _QUARTERS)),
                "Das ist ein Bruch. Gefragt sind Prozentpunkte: mal hundert.",
            ),
            (
                lambda: float(np.sqrt(_PROMISE * (1 - _PROMISE) * _QUARTERS)),
                "Das ist die Streuung der Zahl der Quartiere. Gefragt ist die des Anteils: durch 20, mal hundert.",
            ),
            (lambda: float(100 * _PROMISE * (1 - _PROMISE) / _QUARTERS), "Es fehlt die Wurzel."),
        ),
        within=0.06,
    ),
}
