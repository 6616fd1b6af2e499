"""Tasks of T4, migration: gross and net, ages, who stays, pool and matrix, and why net rates mislead."""

from __future__ import annotations

from functools import cache

import numpy as np

from zwkprognose.course.answers import Task
from zwkprognose.course.town import town
from zwkprognose.examples import load_example

_YEAR, _CAMPUS, _NORTH, _STATION = 2023, "03", "04", "02"
#: Years that somebody who is 25 is followed.
_YEARS = 5


def _count(name: str, **where: object) -> float:
    return float(town().inputs[name].sel(where).sum())


def _flows() -> tuple[float, float, float, float]:
    """In-moves, out-moves, moves to and from the quarter at the station in the last year."""
    return (
        _count("in_moves", year=_YEAR, area=_STATION), _count("out_moves", year=_YEAR, area=_STATION),
        _count("moves", year=_YEAR, destination=_STATION), _count("moves", year=_YEAR, origin=_STATION),
    )  # fmt: skip


def _net(outside: float = 1, inside: float = 1) -> float:
    came, left, moved_in, moved_out = _flows()
    return outside * (came - left) + inside * (moved_in - moved_out)


def _turnover(inside: float = 1) -> float:
    """Moves of any kind per hundred persons of the quarter, mean of the two stocks of the year."""
    came, left, moved_in, moved_out = _flows()
    stock = (
        _count("population", year_end=_YEAR - 1, area=_STATION) + _count("population", year_end=_YEAR, area=_STATION)
    ) / 2
    return 100 * (came + left + inside * (moved_in + moved_out)) / stock


@cache
def _border() -> tuple[float, float]:
    """In- and out-moves of Konstanz in the last year that Musterstadt has too."""
    flows = load_example("konstanz").sel(year=_YEAR)
    return float(flows["in_moves"].sum()), float(flows["out_moves"].sum())


def _konstanz(came: float = 1, left: float = 1) -> float:
    """Moves across the border of Konstanz per person of its net."""
    inward, outward = _border()
    return (came * inward + left * outward) / (inward - outward)


def _age_of_leaving(name: str = "out_prob") -> float:
    found = town().rates[name].sel(area="01", nationality="german", sex="female")
    return float(found["age"].values[int(found.values.argmax())])


def _age_of_most_leavers() -> float:
    counts = town().inputs["out_moves"].sum(["year", "area", "nationality", "sex"])
    return float(counts["age"].values[int(counts.values.argmax())])


def _staying(moves: float = 1, nationality: str = "foreign", years: int = _YEARS) -> float:
    """Of a hundred women of 25 in the quarter at the station, those who never leave it and live."""
    cell = {"area": _STATION, "nationality": nationality, "sex": "female", "age": slice(26, 25 + years)}
    rates = town().rates.sel(cell)
    leaving = rates["out_prob"] + moves * rates["move_out_prob"]
    return float(100 * np.prod(1 - leaving - rates["death_prob"] * (1 - leaving / 2)))


def _added_up() -> float:
    cell = {"area": _STATION, "nationality": "foreign", "sex": "female", "age": slice(26, 25 + _YEARS)}
    rates = town().rates.sel(cell)
    return float(100 - 100 * (rates["out_prob"] + rates["move_out_prob"]).sum())


def _pool(area: str = _NORTH) -> float:
    return 100 * _count("moves", destination=area) / _count("moves")


def _from_campus() -> float:
    return 100 * _count("moves", origin=_CAMPUS, destination=_NORTH) / _count("moves", origin=_CAMPUS)


def _halved() -> float:
    came, left, _, _ = _flows()
    return came / 2 - left


TASKS = {
    "T4.1": Task(
        _net,
        "Alles, was hereinkommt (Zuzüge und Umzüge hierher), minus alles, was hinausgeht.",
        (
            (lambda: -_net(), "Umgekehrt: erst, wer kommt, dann, wer geht. Das Vorzeichen gehört zur Antwort."),
            (lambda: _net(inside=0), "Das ist der Saldo über die Stadtgrenze. Es fehlen die Umzüge in der Stadt."),
            (lambda: _net(outside=0), "Das ist der Saldo der Umzüge in der Stadt. Es fehlen Zuzüge und Fortzüge."),
        ),
    ),
    "T4.2": Task(
        _turnover,
        "Alle vier Zahlen addieren, durch den mittleren Bestand teilen, mal hundert.",
        (
            (lambda: _turnover() / 100, "Das ist der Anteil als Bruch. Gefragt ist je 100 Personen: mal hundert."),
            (lambda: _turnover(inside=0), "Es fehlen die Umzüge in der Stadt: Auch sie wechseln die Menschen aus."),
            (lambda: _turnover() / 2, "Das sind halb so viele: Kommen und Gehen zählen beide."),
            (lambda: sum(_flows()), "Das sind die Bewegungen. Gefragt sind Bewegungen je 100 Personen."),
        ),
        within=0.06,
    ),
    "T4.3": Task(
        _konstanz,
        "Zuzüge und Fortzüge addieren und durch den Saldo (Zuzüge minus Fortzüge) teilen.",
        (
            (lambda: _konstanz(left=0), "Das sind nur die Zuzüge. Auch wer fortzieht, bewegt sich."),
            (lambda: _konstanz(came=0), "Das sind nur die Fortzüge. Auch wer zuzieht, bewegt sich."),
            (lambda: _konstanz(left=-1), "Das ist der Saldo, durch sich selbst geteilt. Oben steht die Summe."),
        ),
    ),
    "T4.4": Task(
        _age_of_leaving,
        "Die Spitze der Kurve suchen: Die Tabelle darunter nennt die Wahrscheinlichkeiten der Alter um sie herum.",
        (
            (
                _age_of_most_leavers,
                "In diesem Alter ziehen die meisten Personen fort. Gefragt ist die höchste Wahrscheinlichkeit.",
            ),
        ),
        within=0,
    ),
    "T4.5": Task(
        _staying,
        "Für jedes Jahr den Anteil, der bleibt, ausrechnen, die fünf Anteile miteinander malnehmen, mal hundert.",
        (
            (lambda: _staying(moves=0), "Es fehlen die Umzüge: Wer in ein anderes Quartier zieht, ist auch fort."),
            (lambda: _staying(nationality="german"), "Das sind deutsche Frauen. Gefragt sind Ausländerinnen."),
            (lambda: _staying(years=4), "Das sind vier Jahre. Vom Alter 25 bis zum Alter 30 sind es fünf."),
            (_added_up, "Die Anteile lassen sich nicht addieren: Im zweiten Jahr geht nur, wer noch da ist."),
            (lambda: 100 - _staying(), "Das sind die, die nicht geblieben sind."),
            (lambda: _staying() / 100, "Das ist der Anteil als Bruch. Gefragt ist: wie viele von hundert."),
        ),
        within=0.3,
    ),
    "T4.6": Task(
        _pool,
        "Umzüge mit dem Ziel Nordstadt, aus allen Quartieren, durch alle Umzüge der Stadt, mal hundert.",
        (
            (_from_campus, "Das ist der Anteil unter denen, die aus dem Campus kommen. Der Pool fragt nicht woher."),
            (lambda: _pool() / 100, "Das ist der Anteil als Bruch. Gefragt sind Prozent: mal hundert."),
            (lambda: _pool(_CAMPUS), "Das ist der Anteil des Campus. Gefragt ist die Nordstadt (04)."),
        ),
        within=0.06,
    ),
    "T4.7": Task(
        _halved,
        "Die Hälfte der Zuzüge minus alle Fortzüge: Wer da ist, zieht fort wie zuvor.",
        (
            (lambda: _net(inside=0) / 2, "Das ist der halbe Saldo. Halbiert werden nur die Zuzüge."),
            (lambda: -_halved(), "Umgekehrt: Zuzüge minus Fortzüge. Das Vorzeichen gehört zur Antwort."),
            (lambda: _net(inside=0), "Das ist der Saldo ohne Änderung."),
        ),
    ),
}
