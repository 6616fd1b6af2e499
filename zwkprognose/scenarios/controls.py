"""Eckwerte: what the population of some shall be: exactly, at least, at most, or as many as given dwellings hold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal

from pydantic import Field, model_validator

from zwkprognose.scenarios.fields import EVERY_YEAR, PerYear, Share, YearValues
from zwkprognose.scenarios.statements import Selected

Path = Literal["stufe", "gleitend"]
Bound = Literal["exact", "least", "most"]

#: Key of a document → what it says of the population.
BOUND_OF: dict[str, Bound] = {"personen": "exact", "wohnungen": "exact", "mindestens": "least", "hoechstens": "most"}


class Control(Selected):
    """Eckwert: the population of those selected on 31.12. of some years.

    ``personen`` are met exactly, ``mindestens`` and ``hoechstens`` are bounds of every year from the first that is
    named. ``wohnungen`` (on 31.12.) with ``personen_je_wohnung`` and the share ``leerstand`` of empty ones say how many
    live there. With ``verlauf = "gleitend"`` values change in a straight line from year to year, exact ones from the
    population at the start on; with ``"stufe"`` exact ones hold in their years only.
    """

    persons: YearValues | None = Field(None, alias="personen")
    least: PerYear | None = Field(None, alias="mindestens")
    most: PerYear | None = Field(None, alias="hoechstens")
    dwellings: YearValues | None = Field(None, alias="wohnungen")
    household: PerYear | None = Field(None, alias="personen_je_wohnung")
    vacancy: Share = Field(0.0, alias="leerstand")
    course: Path | None = Field(None, alias="verlauf")
    each: Literal["gebiet"] | None = Field(None, alias="je")
    reason: str = Field("", alias="text")

    @model_validator(mode="after")
    def _one_kind(self) -> Control:
        exact, bound = [self.persons, self.dwellings], [self.least, self.most]
        if sum(value is not None for value in exact) + any(value is not None for value in bound) != 1:
            raise ValueError("genau eine der Angaben „personen“, „wohnungen“, „mindestens“/„hoechstens“ ist nötig")
        if (self.dwellings is None) != (self.household is None):
            raise ValueError("„wohnungen“ und „personen_je_wohnung“ gehören zusammen")
        if self.dwellings is None and self.vacancy:
            raise ValueError("„leerstand“ gehört zu „wohnungen“")
        if self.dwellings is not None and self.each:
            raise ValueError("„wohnungen“ gelten für die Auswahl im Ganzen; je Gebiet eine eigene Angabe machen")
        for value in (*exact, *bound, self.household):
            if value is not None and min(value.values()) < 0:
                raise ValueError("eine Zahl unter null ist unmöglich")
        if self.household is not None and not min(self.household.values()) > 0:
            raise ValueError("„personen_je_wohnung“ muss größer als 0 sein")
        if self.vacancy == 1:
            raise ValueError("ein „leerstand“ von 1 heißt, dass niemand dort wohnt; einen Anteil unter 1 angeben")
        return self

    @model_validator(mode="after")
    def _bounds_in_order(self) -> Control:
        if self.least and self.most:
            years = {*self.least, *self.most} - {EVERY_YEAR} or {EVERY_YEAR}
            for year in years:
                low, high = (held_in(values, year, self.glides) for values in (self.least, self.most))
                if low is not None and high is not None and low > high:
                    raise ValueError("„mindestens“ liegt über „hoechstens“")
        return self

    @property
    def glides(self) -> bool:
        """Do values change in a straight line? Dwellings do unless something else is said."""
        return self.course == "gleitend" or (self.course is None and self.dwellings is not None)

    @property
    def stated(self) -> dict[str, Mapping[int, float]]:
        """What is said of persons by the key of the document: values by year, dwellings as the persons in them."""
        found: dict[str, Mapping[int, float] | None] = {"personen": self.persons, "mindestens": self.least,
                                                        "hoechstens": self.most}  # fmt: skip
        if self.dwellings is not None:
            found["wohnungen"] = {year: self.residents(year) for year in self.dwellings}
        return {key: values for key, values in found.items() if values is not None}

    def residents(self, year: int) -> float:
        """Persons in the dwellings of a year that is named."""
        assert self.dwellings is not None
        assert self.household is not None
        each = held_in(self.household, year, glides=True, before=True)
        return self.dwellings[year] * (1.0 - self.vacancy) * (each or 0.0)

    def targets(self, key: str, years: Iterable[int], start: Mapping[int, float]) -> dict[int, float]:
        """Values of those of the years in which one holds; ``start`` is the population at the start, by its year."""
        values = self.stated[key]
        if BOUND_OF[key] == "exact":
            if not self.glides:
                return {year: values[year] for year in years if year in values}
            values = {**start, **values}
            last = max(values)
            return {year: _between(values, year) for year in years if min(values) <= year <= last}
        held = {year: held_in(values, year, self.glides) for year in years}
        return {year: value for year, value in held.items() if value is not None}


def held_in(values: Mapping[int, float], year: int, glides: bool, before: bool = False) -> float | None:
    """The value that holds in a year: the last one named, on a straight line to the next one if it glides.

    Before the first there is none, or the first one (``before``).
    """
    if EVERY_YEAR in values:
        return values[EVERY_YEAR]
    known = sorted(values)
    if year <= known[0]:
        return values[known[0]] if before or year == known[0] else None
    if year >= known[-1]:
        return values[known[-1]]
    return _between(values, year) if glides else values[max(k for k in known if k <= year)]


def _between(values: Mapping[int, float], year: int) -> float:
    """A value on the straight line between the years that are named before and after."""
    if year in values:
        return values[year]
    before, after = max(k for k in values if k < year), min(k for k in values if k > year)
    share = (year - before) / (after - before)
    return values[before] + share * (values[after] - values[before])
