"""Tasks of T1, reading: pyramid, Lexis diagram, balance. All numbers are those of Musterstadt."""

from __future__ import annotations

from zwkprognose.course.answers import Task
from zwkprognose.course.town import town

_LAST, _FIRST, _CAMPUS, _WALDHANG = 2023, 2013, "03", "11"


def _stock(area: str | None = None, year: int = _LAST, ages: slice = slice(None)) -> float:
    people = town().inputs["population"].sel(year_end=year, age=ages)
    return float((people if area is None else people.sel(area=area)).sum())


def _events(name: str, area: str | None = None, years: slice = slice(_LAST, _LAST)) -> float:
    found = town().inputs[name].sel(year=years)
    return float((found if area is None else found.sel(area=area)).sum())


def _moves(side: str, area: str) -> float:
    return float(town().inputs["moves"].sel({"year": _LAST, side: area}).sum())


def _oldest_quarter() -> str:
    people = town().inputs["population"].sel(year_end=_LAST)
    old = people.sel(age=slice(65, None)).sum(["nationality", "sex", "age"]) / people.sum(["nationality", "sex", "age"])
    return str(town().inputs["area_name"].values[int(old.values.argmax())])


def _quarter_of_most_old() -> str:
    old = town().inputs["population"].sel(year_end=_LAST, age=slice(65, None)).sum(["nationality", "sex", "age"])
    return str(town().inputs["area_name"].values[int(old.values.argmax())])


def _share_old(area: str | None, year: int = _LAST, first: int = 65) -> float:
    return 100 * _stock(area, year, slice(first, None)) / _stock(area, year)


def _campus(**signs: float) -> float:
    """The stock of Campus at the end, from the one before and the events, each with its sign."""
    flows = {
        "births": _events("births", _CAMPUS), "deaths": -_events("deaths", _CAMPUS),
        "in_moves": _events("in_moves", _CAMPUS), "out_moves": -_events("out_moves", _CAMPUS),
        "moves_in": _moves("destination", _CAMPUS), "moves_out": -_moves("origin", _CAMPUS),
    }  # fmt: skip
    return _stock(_CAMPUS, _LAST - 1) + sum(signs.get(name, 1.0) * value for name, value in flows.items())


_YEARS = slice(_FIRST + 1, _LAST)

TASKS = {
    "T1.1": Task(
        _oldest_quarter,
        "Den Anteil der Personen ab 65 Jahren in jedem Quartier ansehen und den Namen des Quartiers als Text angeben.",
        ((_quarter_of_most_old, "Dort leben die meisten Älteren, aber auch sonst viele. Gefragt ist der Anteil."),),
    ),
    "T1.2": Task(
        lambda: _share_old(_WALDHANG),
        "Personen ab 65 durch alle Personen im Waldhang am 31.12.2023, mal hundert.",
        (
            (lambda: _share_old(_WALDHANG) / 100, "Das ist der Anteil als Bruch. Gefragt sind Prozent: mal hundert."),
            (lambda: _share_old(_WALDHANG, _FIRST), "Das ist der Anteil von 2013. Gefragt ist der 31.12.2023."),
            (lambda: _share_old(None), "Das ist der Anteil in der ganzen Stadt. Gefragt ist der Waldhang (11)."),
            (lambda: _share_old(_WALDHANG, first=66), "Wer 65 ist, gehört dazu: age=slice(65, None)."),
            (lambda: _stock(_WALDHANG, ages=slice(65, None)), "Das sind Personen. Gefragt ist der Anteil in Prozent."),
        ),
        within=0.06,
    ),
    "T1.3": Task(
        lambda: _LAST - 1990,
        "Auf dem Lexis-Diagramm der Diagonalen folgen, die 1990 unten beginnt, bis zum 31.12.2023.",
        (
            (
                lambda: _LAST - 1990 + 1,
                "Am 31.12. haben alle in diesem Jahr schon Geburtstag gehabt: Jahr minus Geburtsjahr, ohne eins dazu.",
            ),
            (lambda: _LAST - 1990 - 1, "So alt war der Jahrgang am 31.12. des Vorjahrs."),
        ),
        within=0,
    ),
    "T1.4": Task(
        lambda: float(town().inputs["population"].sel(year_end=_LAST, age=17).sum()),
        "Wer 2006 geboren ist, ist am 31.12.2023 siebzehn: age=17, alle Quartiere und Gruppen zusammen.",
        (
            (
                lambda: float(town().inputs["population"].sel(year_end=_LAST, age=18).sum()),
                "Das ist der Jahrgang 2005: Er wird 2023 achtzehn.",
            ),
            (
                lambda: float(town().inputs["population"].sel(year_end=_LAST, age=16).sum()),
                "Das ist der Jahrgang 2007: Er wird 2023 sechzehn.",
            ),
            (
                lambda: float(town().inputs["population"].sel(year_end=_FIRST, age=17).sum()),
                "Das sind die Siebzehnjährigen von 2013, also der Jahrgang 1996.",
            ),
        ),
    ),
    "T1.5": Task(
        _campus,
        "Bestand davor + Geburten − Sterbefälle + Zuzüge − Fortzüge + Umzüge herein − Umzüge hinaus.",
        (
            (
                lambda: _campus(moves_in=0, moves_out=0),
                "Es fehlen die Umzüge zwischen den Quartieren: Für Campus sind sie Zu- und Abgang.",
            ),
            (lambda: _campus(moves_in=0), "Es fehlen die Umzüge aus anderen Quartieren nach Campus."),
            (lambda: _campus(moves_out=0), "Es fehlen die Umzüge von Campus in andere Quartiere."),
            (lambda: _campus(deaths=-1), "Sterbefälle gehen ab."),
            (lambda: _campus(deaths=0), "Es fehlen die Sterbefälle."),
            (lambda: _campus(births=0), "Es fehlen die Geburten."),
            (lambda: _campus(out_moves=-1), "Fortzüge gehen ab."),
            (lambda: _stock(_CAMPUS, _LAST - 1), "Das ist der Bestand am Anfang des Jahres."),
        ),
    ),
    "T1.6": Task(
        lambda: _events("births", years=_YEARS) - _events("deaths", years=_YEARS),
        "Alle Geburten minus alle Sterbefälle der Jahre 2014 bis 2023, für die ganze Stadt.",
        (
            (
                lambda: _events("deaths", years=_YEARS) - _events("births", years=_YEARS),
                "Umgekehrt: Geburten minus Sterbefälle.",
            ),
            (
                lambda: _events("births") - _events("deaths"),
                "Das ist der Saldo von 2023 allein. Gefragt sind zehn Jahre.",
            ),
            (
                lambda: _stock() - _stock(year=_FIRST),
                "Das ist die ganze Veränderung; darin stecken auch die Wanderungen.",
            ),
            (
                lambda: _events("in_moves", years=_YEARS) - _events("out_moves", years=_YEARS),
                "Das ist der Wanderungssaldo.",
            ),
        ),
    ),
}
