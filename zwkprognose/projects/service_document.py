"""What a project says of a service: who needs it, at which level, and how many places there are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, PlainSerializer, WithJsonSchema, field_validator, model_validator

from zwkprognose.german import decimal, numbers
from zwkprognose.names import SEXES
from zwkprognose.scenarios.effects.verdict import Verdict
from zwkprognose.scenarios.effects.years import REMEDY
from zwkprognose.scenarios.fields import Ages, Sex, Year, ages_text, crossing_bands
from zwkprognose.scenarios.statements import Statement

#: Quotas that follow from the day by which a child must be six years old.
BY_CUT_OFF = ("einschulung", "grundschule", "kita_ue3")


def _course(said: Any) -> Any:
    """Year → level; TOML knows only texts as keys."""
    if isinstance(said, dict) and all(re.fullmatch(r"(19|2[0-2])\d\d", str(key)) for key in said):
        return {int(key): value for key, value in said.items()}
    if isinstance(said, dict):
        raise ValueError("hier stehen Jahre und Faktoren, zum Beispiel { 2025 = 1.0, 2030 = 1.1 }")
    return said


Course = Annotated[
    dict[Year, Annotated[float, Field(gt=0)]],
    BeforeValidator(_course),
    PlainSerializer(lambda course, info: {str(year): level for year, level in course.items()}),
    WithJsonSchema({"type": "object", "additionalProperties": {"type": "number", "exclusiveMinimum": 0}}),
]


class Share(Statement):
    """Share of an age group that needs a service."""

    ages: Ages = Field(alias="alter")
    share: float = Field(alias="anteil", ge=0, le=1)
    sex: Sex | None = Field(None, alias="geschlecht")


class Service(Statement):
    """One service: who needs it, at which level, and how many places there are."""

    quota: str | None = Field(None, alias="quote")
    title: str = Field("", alias="titel")
    source: str = Field("", alias="quelle")
    shares: tuple[Share, ...] = Field((), alias="anteile")
    table: str | None = Field(None, alias="tabelle")
    cut_off: str | None = Field(None, alias="stichtag", examples=["30.09."])
    entering: float | None = Field(None, alias="einschulungsquote", gt=0, le=1)
    factor: float | None = Field(None, alias="faktor", gt=0)
    last_year: Year | None = Field(None, alias="bis")
    course: Course = Field({}, alias="verlauf")
    places: str | None = Field(None, alias="plaetze")
    reserve: float = Field(0.0, ge=0, lt=1)
    sites: str | None = Field(None, alias="standorte")
    catchments: str | None = Field(None, alias="einzugsgebiete")

    @field_validator("cut_off")
    @classmethod
    def _a_day(cls, said: str | None) -> str | None:
        if said is not None:
            share_before(said)
        return said

    @model_validator(mode="after")
    def _one_quota(self) -> Service:
        if sum((self.quota is not None, bool(self.shares), self.table is not None)) != 1:
            raise ValueError("genau eine der Angaben „quote“, „anteile“ und „tabelle“ ist nötig")
        if self.quota is None and not (self.title and self.source):
            raise ValueError("eigene „anteile“ und eine „tabelle“ brauchen „titel“ und „quelle“")
        if self.cut_off is not None and self.quota not in BY_CUT_OFF:
            raise ValueError(f"einen „stichtag“ haben nur die Quoten {', '.join(BY_CUT_OFF)}")
        if self.entering is not None and self.quota != "einschulung":
            raise ValueError("eine „einschulungsquote“ hat nur die Quote einschulung")
        return self

    @model_validator(mode="after")
    def _what_goes_together(self) -> Service:
        if self.course and self.factor is not None:
            raise ValueError("„verlauf“ und „faktor“ sagen dasselbe; eines von beiden genügt")
        if self.course and set(self.course.values()) == {1}:
            raise ValueError("ein „verlauf“ aus lauter Einsen ändert nichts; „verlauf“ weglassen")
        if (self.sites is None) != (self.catchments is None):
            raise ValueError("„standorte“ und „einzugsgebiete“ gehören zusammen")
        if self.sites is not None and self.places is not None:
            raise ValueError("Plätze stehen bei den Gebieten („plaetze“) oder bei den Standorten („standorte“)")
        if self.reserve and self.sites is None and self.places is None:
            raise ValueError("eine „reserve“ braucht „plaetze“ oder „standorte“")
        if (self.factor is None) != (self.last_year is None):
            raise ValueError("„faktor“ und „bis“ gehören zusammen")
        if self.factor == 1:
            raise ValueError("ein „faktor“ von 1 ändert nichts; „faktor“ und „bis“ weglassen")
        if self.shares and not any(share.share for share in self.shares):
            raise ValueError("alle „anteile“ sind 0; niemand hätte Bedarf")
        return self

    @model_validator(mode="after")
    def _ages_once(self) -> Service:
        for sex in SEXES:
            bands = [share.ages for share in self.shares if share.sex in (None, sex)]
            if crossing := crossing_bands(bands):
                one, two = map(ages_text, crossing)
                raise ValueError(f"„anteile“: die Altersspannen {one} und {two} überschneiden sich")
        return self

    def tables(self) -> tuple[str | None, ...]:
        """Files that the service names."""
        return self.places, self.table, self.sites, self.catchments

    def lost(self, place: str, first: int, last: int) -> Iterator[Verdict]:
        """What of a changing quota lies outside of the years that are computed."""
        if self.course and not any(first <= year <= last for year in self.course):
            years = numbers(sorted(self.course))
            text = f"Der Verlauf der Quote nennt nur Jahre ({years}), die nicht gerechnet werden ({first} bis {last})."
            yield Verdict(place.removesuffix("bis") + "verlauf", text, REMEDY, nothing_left=False)
        if self.last_year is None or first <= self.last_year <= last:
            return
        if self.last_year < first:
            text = f"Die Quote soll sich bis {self.last_year} ändern, gerechnet wird aber {first} bis {last}."
        else:
            share = decimal(100 * (last - first + 1) / (self.last_year - first + 1), 0)
            text = f"Die Quote ändert sich bis {self.last_year}, gerechnet wird bis {last}: {share} % des Wegs."
        yield Verdict(place, text, REMEDY, nothing_left=self.last_year < first)


def share_before(day: str) -> float:
    """Share of the birthdays of a year that lie up to and on a day, ``TT.MM.``.

    Examples
    --------
    >>> round(share_before("30.09."), 3), round(share_before("30.06."), 3)
    (0.748, 0.496)
    """
    found = re.fullmatch(r"(\d{1,2})\.\s*(\d{1,2})\.", day.strip())
    try:
        inside = date(2023, int(found[2]), int(found[1])) if found else None
    except ValueError:
        inside = None
    if inside is None:
        raise ValueError(f"„{day}“ ist kein Tag; geschrieben wird er wie „30.09.“")
    return inside.timetuple().tm_yday / 365
