"""Statements about what is done or happens: people kept, attracted, arriving at once; dwellings, homes."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from zwkprognose.german import stated
from zwkprognose.scenarios.fields import AgeShares, Group, Number, Sex, Share, Year, YearShares, YearValues
from zwkprognose.scenarios.statements import Assumption, Selected, Statement, Timed

Profile = Literal["zuzuege", "standard"]
DwellingType = Literal["frei", "gefoerdert", "gemischt"]

#: Persons per dwelling in new buildings; source: study of new housing in Germering, 2019.
PERSONS_PER_DWELLING = {"frei": 2.0, "gefoerdert": 2.9, "gemischt": 2.06}
#: Who moves into new dwellings, by age. Under 10: the range of the same study; the other bands are set.
MOVE_IN_AGES = {
    "frei": {"0-9": 0.08, "10-17": 0.05, "18-29": 0.24, "30-44": 0.37, "45-64": 0.18, "65+": 0.08},
    "gefoerdert": {"0-9": 0.125, "10-17": 0.095, "18-29": 0.2, "30-44": 0.34, "45-64": 0.17, "65+": 0.07},
    "gemischt": {"0-9": 0.1, "10-17": 0.07, "18-29": 0.22, "30-44": 0.36, "45-64": 0.175, "65+": 0.075},
}  # fmt: skip


class Retention(Timed, Selected):
    """Halten: of those who would leave, a share stays (the probability to leave the city falls)."""

    percent: Number = Field(alias="prozent", ge=0, le=100)
    reason: str = Field("", alias="text")

    def assumption(self) -> Assumption:
        """The same as a change of the out-moves."""
        return _level(self, "fortzuege", -self.percent)


class Attraction(Timed, Selected):
    """Anziehen: more people move in, by a percentage or by a number of persons a year."""

    percent: Number | None = Field(None, alias="prozent", ge=0)
    persons: Number | None = Field(None, alias="personen", ge=0)
    profile: Profile = Field("zuzuege", alias="profil")
    reason: str = Field("", alias="text")

    @model_validator(mode="after")
    def _one_size(self) -> Attraction:
        if (self.percent is None) == (self.persons is None):
            raise ValueError("genau eine der Angaben „prozent“ und „personen“ ist nötig")
        return self

    def assumption(self) -> Assumption:
        """The same as a change of the in-moves, for a percentage."""
        return _level(self, "zuzuege", self.percent or 0.0)

    def arrivals(self) -> Shock:
        """The same as additional in-moves, for a number of persons."""
        fields = {name: getattr(self, name) for name in _ARRIVAL_FIELDS}
        return Shock.model_construct(name="anziehen", **fields)


class Shock(Timed, Selected):
    """Ereignis: additional in-moves of some years, such as a year of refuge or a new university."""

    name: str = Field(min_length=1)
    persons: Number = Field(alias="personen", ge=0)
    profile: Profile = Field("zuzuege", alias="profil")
    reason: str = Field("", alias="text")


class Housing(Statement):
    """Erstbezug: new dwellings, who moves in, and how many of them come from outside the city."""

    name: str = Field(min_length=1)
    area: str = Field(alias="gebiet")
    dwellings: Number = Field(alias="wohnungen", gt=0)
    kind: DwellingType = Field("gemischt", alias="typ")
    first_year: Year = Field(alias="von")
    last_year: Year | None = Field(None, alias="bis")
    outside_share: Share = Field(alias="anteil_von_aussen")
    persons_per_dwelling: Number | None = Field(None, alias="personen_je_wohnung", gt=0)
    spread: YearShares = Field((1.0,), alias="einzug")
    ages: AgeShares | None = Field(None, alias="alter")
    reason: str = Field("", alias="text")

    @model_validator(mode="after")
    def _years_in_order(self) -> Housing:
        if self.last_year is not None and self.last_year < self.first_year:
            raise ValueError(f"„bis“ ({self.last_year}) liegt vor „von“ ({self.first_year})")
        return self

    @property
    def years(self) -> range:
        """Years of completion; the dwellings are spread evenly over them."""
        return range(self.first_year, (self.last_year or self.first_year) + 1)

    @property
    def persons(self) -> float:
        """Persons per dwelling: as stated, or typical of the kind."""
        return self.persons_per_dwelling or PERSONS_PER_DWELLING[self.kind]

    @property
    def age_shares(self) -> dict[str, float]:
        """Share of each age band among those who move in."""
        return self.ages or MOVE_IN_AGES[self.kind]


class Facility(Statement):
    """Sondergruppe: a home, dormitory or reception centre with its places year by year."""

    name: str = Field(min_length=1)
    area: str = Field(alias="gebiet")
    capacity: YearValues = Field(alias="plaetze")
    closing: Year | None = Field(None, alias="schliesst")
    stay_share: Share = Field(0.0, alias="bleibeanteil")
    ages: AgeShares = Field(alias="alter")
    nationality: Group | None = Field(None, alias="staatsangehoerigkeit")
    sex: Sex | None = Field(None, alias="geschlecht")
    reason: str = Field("", alias="text")

    @model_validator(mode="after")
    def _open_before_closing(self) -> Facility:
        below = [year for year, places in self.capacity.items() if places < 0]
        if below:
            raise ValueError(f"„plaetze“: {stated(self.capacity[below[0]])} im Jahr {below[0]} ist kleiner als 0")
        late = [year for year in self.capacity if self.closing is not None and year >= self.closing]
        if late:
            raise ValueError(f"„plaetze“ nennt {late[0]}, „schliesst“ schon {self.closing}; dort wohnt dann niemand")
        if self.stay_share and self.closing is None:
            raise ValueError("ein „bleibeanteil“ wirkt erst, wenn das Heim schließt; „schliesst“ ergänzen")
        return self


_ARRIVAL_FIELDS = (*Timed.model_fields, *Selected.model_fields, "persons", "profile", "reason")


def _level(statement: Retention | Attraction, quantity: str, percent: float) -> Assumption:
    fields = {name: getattr(statement, name) for name in (*Timed.model_fields, *Selected.model_fields)}
    return Assumption.model_construct(quantity=quantity, percent=percent, **fields)
