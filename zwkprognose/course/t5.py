"""Tasks of T5, small numbers: chance, own and common level, the weight between them, and hidden cells."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import xarray as xr

from zwkprognose.course.answers import Task
from zwkprognose.course.town import town

_YEARS, _VILLAGE, _VILLAGES = range(2021, 2024), "19", ["18", "19", "20"]


@dataclass(frozen=True)
class Births:
    """Births of the quarters in three years: counted, expected with the schedule of the town, true level."""

    counted: np.ndarray
    expected: np.ndarray
    truth: np.ndarray

    @property
    def own(self) -> np.ndarray:
        """Counted per expected."""
        return self.counted / self.expected


@cache
def births() -> Births:
    """What the first table of T5 shows."""
    inputs, rates = town().inputs, town().rates
    women = inputs["population"].sel(sex="female")
    lived = xr.zeros_like(women.isel(year_end=0, drop=True))
    for year in _YEARS:
        aged = women.sel(year_end=year - 1, drop=True).shift(age=1, fill_value=0.0)
        lived = lived + (aged + women.sel(year_end=year, drop=True)) / 2
    born = inputs["births"].sel(year=list(_YEARS)).sum("year")
    over = ["nationality", "age"]
    schedule = (born.sum(["area", "nationality"]) / lived.sum(["area", "nationality"])).fillna(0.0)
    expected = (schedule * lived).sum(over)
    truth = (rates["fertility_rate"] * lived).sum(over) / expected
    return Births(born.sum(over).values, expected.values, truth.values)


def _at(values: np.ndarray) -> float:
    return float(values[town().inputs["area"].values.tolist().index(_VILLAGE)])


def _expected() -> float:
    return _at(births().expected)


def _own() -> float:
    return _at(births().own)


def _spread() -> float:
    """Mean square of own levels around one, each quarter by its expected births."""
    one = births()
    return float((one.expected * (one.own - 1) ** 2).sum() / one.expected.sum())


def _chance() -> float:
    """What of it chance alone would make."""
    one = births()
    return float(len(one.expected) / one.expected.sum())


def _real() -> float:
    return _spread() - _chance()


def _weights() -> np.ndarray:
    return np.asarray(_real() / (_real() + 1 / births().expected))


def _drawn() -> np.ndarray:
    """Levels between the own and the town's."""
    return np.asarray(1 + _weights() * (births().own - 1))


def _error(levels: np.ndarray) -> float:
    return float(np.sqrt(((levels - births().truth) ** 2).mean()))


def _old(areas: list[str]) -> float:
    people = town().inputs["population"].sel(year_end=2023, nationality="foreign", age=slice(80, None))
    return float(people.sel(area=areas).sum())


TASKS = {
    "T5.1": Task(
        lambda: 100 / np.sqrt(_expected()),
        "Die Standardabweichung einer solchen Zahl ist ihre Wurzel; als Anteil: Wurzel durch Zahl, mal hundert.",
        (
            (lambda: np.sqrt(_expected()), "Das ist die Schwankung in Geburten. Gefragt sind Prozent der erwarteten."),
            (lambda: 100 / _expected(), "Es fehlt die Wurzel: 100 geteilt durch die Wurzel der erwarteten Zahl."),
            (
                lambda: 100 / np.sqrt(_at(births().counted)),
                "Das ist mit der gezählten Zahl gerechnet. Gefragt ist, wie weit die erwartete schwankt.",
            ),
            (lambda: 1 / np.sqrt(_expected()), "Das ist der Anteil als Bruch. Gefragt sind Prozent: mal hundert."),
        ),
        within=0.15,
    ),
    "T5.2": Task(
        _own,
        "Gezählte Geburten durch erwartete Geburten.",
        (
            (lambda: 1 / _own(), "Umgekehrt: gezählt durch erwartet."),
            (lambda: 100 * _own(), "Das sind Prozent. Gefragt ist das Vielfache, also ohne mal hundert."),
        ),
        within=0.006,
    ),
    "T5.3": Task(
        _real,
        "Von der Streuung, die man sieht, die Streuung abziehen, die der Zufall allein macht.",
        (
            (_spread, "Das ist die ganze Streuung. Der Zufall steckt noch darin."),
            (_chance, "Das ist die Streuung durch Zufall. Gefragt ist, was übrig bleibt."),
            (lambda: np.sqrt(_real()), "Das ist die Wurzel. Gefragt ist die Varianz selbst."),
        ),
        within=0.0006,
    ),
    "T5.4": Task(
        lambda: _at(_weights()),
        "A durch die Summe von A und 1/E, mit den erwarteten Geburten E von Niederau.",
        (
            (lambda: 1 - _at(_weights()), "Das ist das Gewicht der Stadt. Gefragt ist das des eigenen Werts."),
            (
                lambda: _real() / (_real() + 1 / _at(births().counted)),
                "Das ist mit den gezählten Geburten gerechnet. In der Formel steht die erwartete Zahl.",
            ),
            (
                lambda: _spread() / (_spread() + 1 / _expected()),
                "Das ist mit der ganzen Streuung gerechnet. A ist das, was ohne den Zufall übrig bleibt.",
            ),
            (lambda: 100 * _at(_weights()), "Das sind Prozent. Gefragt ist das Gewicht zwischen null und eins."),
        ),
        within=0.004,
    ),
    "T5.5": Task(
        lambda: _at(_drawn()),
        "Gewicht mal eigener Wert, dazu eins minus Gewicht mal Wert der Stadt.",
        (
            (_own, "Das ist der eigene Wert."),
            (lambda: 1.0, "Das ist der Wert der Stadt."),
            (lambda: _at(_weights()) * _own(), "Es fehlt der Teil der Stadt: eins minus Gewicht, mal eins."),
            (
                lambda: (1 - _at(_weights())) * _own() + _at(_weights()),
                "Die Gewichte sind vertauscht: B gehört zum eigenen Wert.",
            ),
        ),
        within=0.006,
    ),
    "T5.6": Task(
        lambda: _error(_drawn()),
        "Differenzen zur Wahrheit quadrieren, den Mittelwert über die zwanzig Quartiere nehmen, daraus die Wurzel.",
        (
            (lambda: _error(births().own), "Das ist der Fehler der eigenen Werte. Gefragt ist der gedämpfte."),
            (lambda: _error(np.ones(20)), "Das ist der Fehler, wenn alle den Wert der Stadt bekommen."),
            (lambda: _error(_drawn()) ** 2, "Es fehlt die Wurzel."),
        ),
        within=0.002,
    ),
    "T5.7": Task(
        lambda: _old(["20"]),
        "Von der Zeile „zusammen“ die Zahlen abziehen, die dastehen.",
        (
            (lambda: 0.0, "Ein Punkt ist keine Null: Er steht für eine Zahl, die geheim ist."),
            (lambda: _old(_VILLAGES), "Das ist die Summe der drei Dörfer. Zwei Summanden stehen da."),
            (lambda: _old(["18", "19"]), "Das sind die beiden anderen. Die Summe ist größer."),
        ),
        within=0,
    ),
}
