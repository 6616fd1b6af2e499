"""One birth cohort of one area through the years, as an account sheet: every entry a sentence, every sum exact."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from html import escape
from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from zwkprognose.errors import OutputError
from zwkprognose.german import decimal, number, signed
from zwkprognose.inputs.handed import require_dataset
from zwkprognose.names import label
from zwkprognose.output.content.flows import signs_of
from zwkprognose.output.content.places import Place, check_cohort, group_of, place_of, scenario_of
from zwkprognose.output.publication.rounding import round_half_up, round_to_total
from zwkprognose.regions import Regions, regions_in

if TYPE_CHECKING:
    import pandas as pd

#: Shown are tenths of a person.
_TENTHS = 10
#: Persons below which an entry is nothing.
_NOTHING = 1e-12
#: Gap between stock and components, relative to the stock, that rounding in the machine may leave.
_ROUNDING = 1e-6
#: Component → what it does, for persons who come and for persons who go.
_SENTENCES = {
    "births": ("{n} Kinder werden geboren.", ""),
    "deaths": ("", "{n} Personen sterben."),
    "in_moves": ("{n} Personen ziehen von außerhalb zu.", ""),
    "eckwert": (
        "{n} weitere ziehen zu, damit der Eckwert erreicht wird (Faktor {f}).",
        "{n} ziehen weniger zu, damit der Eckwert erreicht wird (Faktor {f}).",
    ),
    "out_moves": ("", "{n} Personen ziehen fort."),
    "moves_in": ("{n} Personen ziehen aus anderen {parts} {whole} zu.", ""),
    "moves_out": ("", "{n} Personen ziehen in andere {parts_of} {whole} um."),
    "naturalisations": (
        "{n} kommen durch einen Wechsel der Staatsangehörigkeit hinzu.",
        "{n} scheiden durch einen Wechsel der Staatsangehörigkeit aus.",
    ),
    "erstbezug": (
        "{n} Personen mehr durch den Erstbezug neuer Wohnungen.",
        "{n} Personen weniger, weil sie in neue Wohnungen anderswo ziehen.",
    ),
    "sondergruppe": ("{n} Personen mehr in Sondergruppen.", "{n} Personen weniger in Sondergruppen."),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of an account.

    Attributes
    ----------
    year, age : int
        Year of the event or of the 31.12., and the age reached at its end.
    name : str
        ``opening``, ``closing``, a component, or ``eckwert``, the part of the in-moves that a target added.
    sentence : str
        The line in words.
    shown : float
        Persons in tenths, with their sign; the lines of a year add up exactly.
    exact : float
        Persons as computed.
    """

    year: int
    age: int
    name: str
    sentence: str
    shown: float
    exact: float


@dataclass(frozen=True, slots=True)
class Account:
    """The way of a cohort; from :func:`trace`.

    Attributes
    ----------
    title : str
        Area, cohort and years.
    birth_year : int
        The cohort.
    entries : tuple of Entry
        For every year its opening, events and closing.
    ends : str
        Why the account ends, if it ends before the projection.
    """

    title: str
    birth_year: int
    entries: tuple[Entry, ...]
    ends: str = ""

    @property
    def frame(self) -> pd.DataFrame:
        """The entries as a table: ``Jahr``, ``Alter``, ``Posten``, ``Satz``, ``Personen`` and ``genau``."""
        import pandas as pd

        rows = [(e.year, e.age, _title(e.name), e.sentence, e.shown, e.exact) for e in self.entries]
        return pd.DataFrame(rows, columns=["Jahr", "Alter", "Posten", "Satz", "Personen", "genau"])

    @property
    def stocks(self) -> dict[int, Entry]:
        """The stock of the cohort by 31.12."""
        opened = {entry.year: entry for entry in self.entries if entry.name == "opening"}
        return opened | {entry.year: entry for entry in self.entries if entry.name == "closing"}

    def __str__(self) -> str:
        lines = [self.title]
        for entry in self.entries:
            lines += [""] if entry.name == "opening" else []
            lines.append(f"{_figure(entry):>12}  {entry.sentence}")
        return "\n".join([*lines, *(["", self.ends] if self.ends else [])])

    def _repr_html_(self) -> str:
        """The sheet, as a notebook shows it."""
        rows = "".join(
            f"<tr{' style=font-weight:600' if entry.name in ('opening', 'closing') else ''}>"
            f"<td>{entry.year}</td><td style='text-align:right'>{escape(_figure(entry))}</td>"
            f"<td style='text-align:left'>{escape(entry.sentence)}</td></tr>"
            for entry in self.entries
        )
        top = "<tr><th scope='col'>Jahr</th><th scope='col'>Personen</th><th scope='col'>Was geschieht</th></tr>"
        ends = f"<p>{escape(self.ends)}</p>" if self.ends else ""
        return (
            f"<div><p><strong>{escape(self.title)}</strong></p><table><thead>{top}</thead><tbody>{rows}</tbody>"
            f"</table>{ends}</div>"
        )


def trace(
    projection: xr.Dataset,
    area: str | None,
    birth_year: int,
    *,
    rates: xr.Dataset | None = None,
    scenario: str | None = None,
    sex: str | None = None,
    nationality: str | None = None,
) -> Account:
    """Follow one birth cohort through a projection, entry by entry.

    Parameters
    ----------
    projection : xr.Dataset
        Result of :func:`zwkprognose.project`.
    area : str or None
        Key or name of an area; ``None`` for the whole.
    birth_year : int
        Calendar year of birth: on 31.12. of year t the cohort has completed t − birth_year years.
    rates : xr.Dataset, optional
        Rates of the projection, with its scenario applied: in-moves are then told in two entries, those of the rates
        and those that an Eckwert added or took.
    scenario : str, optional
        Name or title of a scenario; the main one unless given.
    sex, nationality : str, optional
        One of each, such as ``"female"`` and ``"foreign"``; all together unless given.

    Returns
    -------
    Account
        ``print`` and notebooks show it as a sheet, ``frame`` is a table, :func:`zwkprognose.plot_lexis` draws it. It
        ends where the cohort reaches the open age group, in which cohorts are not told apart.

    Raises
    ------
    OutputError
        If there is no such area, cohort, scenario, sex or nationality, or this is no projection, or one whose stocks
        are not what its components make of them.

    Examples
    --------
    >>> from zwkprognose import estimate_rates, load_example, project
    >>> inputs = load_example("bremerhaven")
    >>> account = trace(project(inputs, estimate_rates(inputs), until=2025), None, 2024)
    >>> print(account)  # doctest: +ELLIPSIS
    Jahrgang 2024, Stadt insgesamt, 2024 bis 2025
    ...
    """
    given = require_dataset(projection, "population", "year", "births", "deaths", "in_moves", error=OutputError)
    what, remedy = "eine Schätzung der Raten", "Das Ergebnis von estimate_rates(…) übergeben."
    if rates is not None:
        require_dataset(rates, "in_moves", "death_prob", what=what, remedy=remedy, error=OutputError)
    shown = scenario_of(given, scenario)
    check_cohort(shown, birth_year)
    place = place_of(shown, area)
    groups = {"sex": group_of(shown, "sex", sex), "nationality": group_of(shown, "nationality", nationality)}
    cohort = _Cohort(shown, rates, place, {dim: one for dim, one in groups.items() if one is not None}, birth_year)
    start, last, oldest = (int(v) for v in (shown["year_end"][0], shown["year_end"][-1], shown["age"][-1]))
    first, until = max(start, birth_year - 1), min(last, birth_year + oldest - 1)
    entries = tuple(_years(cohort, range(first + 1, until + 1)))
    whom = [label(dim, one).lower() if dim == "sex" else label(dim, one) for dim, one in groups.items() if one]
    who = ", ".join([f"Jahrgang {birth_year}", *whom, place.name])
    ends = f"Am 31.12.{until + 1} gehört der Jahrgang zur offenen Altersgruppe ({oldest} und älter)."
    return Account(f"{who}, {max(start, birth_year)} bis {until}", birth_year, entries, ends if until < last else "")


@dataclass(frozen=True)
class _Cohort:
    """Where the numbers of a cohort stand in a projection."""

    projection: xr.Dataset
    rates: xr.Dataset | None
    place: Place
    groups: dict[str, str]
    born: int

    @cached_property
    def signs(self) -> dict[str, int]:
        """Components that change the cohort, with their sign."""
        return signs_of(self.projection, self.place)

    @property
    def regions(self) -> Regions:
        """Words for the whole and its parts."""
        return regions_in(self.projection.attrs)

    def stock(self, year: int) -> float:
        """Persons on 31.12.; nobody before birth."""
        return 0.0 if year < self.born else self._sum(self.projection["population"].sel(year_end=year), year)

    def flows(self, year: int) -> dict[str, tuple[float, float]]:
        """Persons by component, with their sign, and by which factor an Eckwert changed them."""
        found: dict[str, tuple[float, float]] = {}
        for name, sign in self.signs.items():
            if name == "births" and year != self.born:
                continue
            persons = self._sum(self.projection[name].sel(year=year), year)
            found |= self._split(year, persons) if name == "in_moves" else {name: (sign * persons, 1.0)}
        return {name: (persons, factor) for name, (persons, factor) in found.items() if abs(persons) > _NOTHING}

    def _split(self, year: int, persons: float) -> dict[str, tuple[float, float]]:
        """In-moves of the rates and those that an Eckwert added."""
        if self.rates is None:
            return {"in_moves": (persons, 1.0)}
        rates = self.rates["in_moves"]
        expected = self._sum(rates.sel(year=year) if "year" in rates.dims else rates, year)
        added = persons - expected
        if abs(added) <= 1e-9 * max(persons, 1.0):
            return {"in_moves": (persons, 1.0)}
        factor = persons / expected if expected else float("inf")
        return {"in_moves": (expected, 1.0), "eckwert": (added, factor)}

    def _sum(self, values: xr.DataArray, year: int) -> float:
        values = values.mean("draw") if "draw" in values.dims else values
        values = values.sel(age=year - self.born) if "age" in values.dims else values
        chosen = {dim: one for dim, one in self.groups.items() if dim in values.dims}
        return float(values.sel({"area": list(self.place.keys), **chosen}).sum())


def _years(cohort: _Cohort, years: range) -> Iterator[Entry]:
    """Opening, events and closing of every year, in tenths that add up."""
    before = cohort.stock(years[0] - 1)
    shown = float(round_half_up(np.asarray(_TENTHS * before)))
    for year in years:
        flows, after = cohort.flows(year), cohort.stock(year)
        _check_closes(year, before + sum(persons for persons, _ in flows.values()), after)
        exact = np.array([_TENTHS * persons for persons, _ in flows.values()])
        floor = float(np.floor(exact).sum())
        closing = float(round_half_up(np.asarray(_TENTHS * after)))
        # where the account closes, these limits hold but for what rounding in the machine moves over a half
        closing = float(np.clip(closing, shown + floor, shown + floor + len(exact)))
        tenths = round_to_total(exact, np.asarray(closing - shown)) if len(exact) else exact
        if year > cohort.born:
            yield _stock(cohort, year - 1, "opening", shown, before)
        for (name, (persons, factor)), value in zip(flows.items(), tenths.tolist(), strict=True):
            sentence = _said(cohort.regions, name, persons, abs(value) / _TENTHS, factor)
            yield Entry(year, year - cohort.born, name, sentence, value / _TENTHS, persons)
        yield _stock(cohort, year, "closing", closing, after)
        before, shown = after, closing


def _check_closes(year: int, expected: float, counted: float) -> None:
    if not abs(expected - counted) <= _ROUNDING * max(counted, 1.0):
        raise OutputError(
            f"Das Konto schließt nicht: Am 31.12.{year} wären es nach den Bewegungen {number(expected, 1)} Personen, "
            f"im Bestand stehen {number(counted, 1)}.",
            remedy="Die Vorausberechnung so übergeben, wie project(…) sie zurückgibt, mit allen Bewegungen.",
        )


def _stock(cohort: _Cohort, year: int, name: str, tenths: float, exact: float) -> Entry:
    persons, age = tenths / _TENTHS, year - cohort.born
    begin = "leben hier" if name == "opening" else "sind es"
    sentence = f"Am 31.12.{year} {begin} {number(persons, 1)} Personen im Alter von {age}."
    return Entry(year, age, name, sentence, persons, exact)


def _said(regions: Regions, name: str, persons: float, shown: float, factor: float) -> str:
    comes, goes = _SENTENCES[name]
    parts, parts_of = regions.part.plural_dative, regions.part.plural
    text = comes if (persons > 0 and comes) or not goes else goes
    said = number(shown, 1) if shown else f"Unter {number(1 / _TENTHS, 1)}"
    return text.format(
        n=said, f=decimal(factor, 3), parts=parts, parts_of=parts_of, whole=regions.whole.of_the
    )


def _title(name: str) -> str:
    special = {"opening": "Anfangsbestand", "closing": "Endbestand", "eckwert": "Eckwert"}
    return special.get(name) or label("variables", name)


def _figure(entry: Entry) -> str:
    return number(entry.shown, 1) if entry.name in ("opening", "closing") else signed(entry.shown, 1)
