"""Tasks of T3, by hand: three ages, a year of a real cohort, growth in the long run and momentum."""

from __future__ import annotations

import numpy as np

from zwkprognose.course.answers import Task
from zwkprognose.course.town import town

#: Women of three ages of twenty years each, today; who survives into the next; daughters per woman in twenty years.
START = np.array([300.0, 400.0, 500.0])
SURVIVE = (0.99, 0.95)
DAUGHTERS = np.array([0.15, 0.7, 0.0])
LESLIE = np.array([DAUGHTERS, [SURVIVE[0], 0, 0], [0, SURVIVE[1], 0]])
#: Daughters per girl who lives through her life.
NET = DAUGHTERS[0] + SURVIVE[0] * DAUGHTERS[1]
_LONG = 60


def _after(steps: int, matrix: np.ndarray = LESLIE) -> np.ndarray:
    return np.asarray(np.linalg.matrix_power(matrix, steps) @ START)


def _growth() -> float:
    return float(max(abs(np.linalg.eigvals(LESLIE))))


def _stable_share() -> float:
    shape = np.array([1.0, SURVIVE[0] / _growth(), SURVIVE[0] * SURVIVE[1] / _growth() ** 2])
    return float(100 * shape[0] / shape.sum())


def _momentum() -> float:
    replaced = LESLIE.copy()
    replaced[0] /= NET
    return float(100 * _after(_LONG, replaced).sum() / START.sum())


def _cohort(exposed: float = 0.5, moving_in: bool = True, start_age: int = 29) -> float:
    """German women of Campus who turn thirty in 2024, with the true rates and the moves inside of 2023's stock."""
    cell = {"nationality": "german", "sex": "female"}
    stock = town().inputs["population"].sel({"year_end": 2023, "age": start_age, **cell})
    rates = town().rates.sel({"age": 30, **cell})
    leaving = stock * rates["move_out_prob"]
    arriving = float((leaving.values @ rates["destination_share"].values)[2]) if moving_in else 0.0
    here, own = float(stock.sel(area="03")), rates.sel(area="03")
    gone = here * float(own["out_prob"] + own["move_out_prob"])
    come = float(own["in_moves"]) + arriving
    dead = float(own["death_prob"]) * (here - exposed * gone + exposed * come)
    return here - dead - gone + come


TASKS = {
    "T3.1": Task(
        lambda: float(_after(1)[1]),
        "Wer am Anfang 0 bis 19 ist, ist in zwanzig Jahren 20 bis 39; 99 von 100 leben dann noch.",
        (
            (lambda: float(START[0]), "Nicht alle überleben: mal 0,99."),
            (lambda: float(START[1] * SURVIVE[1]), "Das sind die 40- bis 59-Jährigen in zwanzig Jahren."),
        ),
        within=0.1,
    ),
    "T3.2": Task(
        lambda: float(_after(1)[0]),
        "0,15 Töchter je Frau von 0 bis 19 und 0,7 je Frau von 20 bis 39, jeweils mal die Frauen am Anfang.",
        (
            (lambda: float(DAUGHTERS[1] * START[1]), "Es fehlen die Töchter der jüngsten Gruppe."),
            (
                lambda: float(DAUGHTERS @ _after(1)),
                "Das sind die Töchter der Frauen in zwanzig Jahren. Mütter sind die Frauen am Anfang.",
            ),
        ),
        within=0.1,
    ),
    "T3.3": Task(
        _growth,
        "Lange genug rechnen und zwei aufeinander folgende Gesamtzahlen teilen; oder der größte Eigenwert der Matrix.",
        (
            (lambda: float(NET), "Das ist die Nettoreproduktionsziffer: Töchter je Leben, nicht Wachstum je Schritt."),
            (
                lambda: float(_after(1).sum() / START.sum()),
                "Das ist der erste Schritt. Er hängt noch vom ersten Altersaufbau ab.",
            ),
        ),
        within=0.002,
    ),
    "T3.4": Task(
        _stable_share,
        "Nach vielen Schritten die jüngste Gruppe durch alle teilen, mal hundert.",
        (
            (lambda: float(100 * START[0] / START.sum()), "Das ist der Anteil am Anfang."),
            (lambda: _stable_share() / 100, "Das ist der Anteil als Bruch. Gefragt sind Prozent."),
        ),
        within=0.1,
    ),
    "T3.5": Task(
        _momentum,
        "Töchter je Frau durch die Töchter je Leben, sechzig Schritte, dann durch die Zahl am Anfang.",
        (
            (lambda: 100.0, "Die Zahl bleibt nicht gleich: Der erste Altersaufbau wirkt nach."),
            (lambda: _momentum() / 100, "Das ist das Verhältnis. Gefragt sind Prozent der Zahl am Anfang."),
        ),
        within=0.5,
    ),
    "T3.6": Task(
        _cohort,
        "P = J − D − X + N mit D = q · (J − X/2 + N/2); zu N gehören auch die Umzüge nach Campus.",
        (
            (lambda: _cohort(moving_in=False), "Es fehlen die Umzüge aus anderen Quartieren."),
            (lambda: _cohort(start_age=30), "Wer 2024 dreißig wird, war am 31.12.2023 neunundzwanzig."),
        ),
        within=0.01,
    ),
}
