"""Levels that change: which quantity, for whom, when and by how much."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, Self

import numpy as np
from pydantic import ConfigDict, Field, model_validator

from zwkprognose.arithmetic import power
from zwkprognose.complaints import Strict
from zwkprognose.german import stated
from zwkprognose.scenarios.fields import Ages, Areas, Group, Number, Sex, Year

Quantity = Literal["geburten", "sterblichkeit", "zuzuege", "fortzuege", "umzuege", "einbuergerungen"]
Course = Literal["sprung", "gleitend", "jaehrlich"]

#: Quantity of a document → variable of the rates.
RATE_OF: dict[str, str] = {
    "geburten": "fertility_rate",
    "sterblichkeit": "death_prob",
    "zuzuege": "in_moves",
    "fortzuege": "out_prob",
    "umzuege": "move_out_prob",
    "einbuergerungen": "naturalisation_prob",
}


#: More persons, dwellings or times than this are a slip in an exponent.
LARGEST = 1e9


class Statement(Strict):
    """Base of all statements: frozen, unknown keys are errors, German keys or English names."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, allow_inf_nan=False)

    @model_validator(mode="after")
    def _possible_numbers(self) -> Self:
        """A slip in an exponent would give a population without end."""
        for name, field in type(self).model_fields.items():
            value = getattr(self, name)
            numbers = value.values() if isinstance(value, Mapping) else (value,)
            wrong = [number for number in numbers if isinstance(number, float) and abs(number) > LARGEST]
            if wrong:
                raise ValueError(f"{field.alias or name}: {stated(wrong[0])} ist unmöglich groß")
        return self


class Selected(Statement):
    """Whom a statement speaks of; what is not said is not restricted."""

    areas: Areas | None = Field(None, alias="gebiete")
    nationality: Group | None = Field(None, alias="staatsangehoerigkeit")
    sex: Sex | None = Field(None, alias="geschlecht")
    ages: Ages | None = Field(None, alias="alter")


class Timed(Statement):
    """A statement with a first and a last year.

    ``von`` defaults to the first year of the projection. ``bis`` and ``dauer`` (years) are two ways to say
    when it ends; without either it lasts until the projection ends.
    """

    first_year: Year | None = Field(None, alias="von")
    last_year: Year | None = Field(None, alias="bis")
    duration: int | None = Field(None, alias="dauer", ge=1)

    @model_validator(mode="after")
    def _end_once(self) -> Timed:
        if self.last_year is not None and self.duration is not None:
            raise ValueError("„bis“ und „dauer“ sagen dasselbe; nur eines davon angeben")
        if self.first_year is not None and self.last_year is not None and self.last_year < self.first_year:
            raise ValueError(f"„bis“ ({self.last_year}) liegt vor „von“ ({self.first_year})")
        return self

    def span(self, anchor: int) -> tuple[int, int | None]:
        """First and last year; ``anchor`` is the first year of the projection."""
        first = anchor if self.first_year is None else self.first_year
        if self.duration is not None:
            return first, first + self.duration - 1
        return first, self.last_year

    def active(self, years: np.ndarray, anchor: int) -> np.ndarray:
        """Which of the years lie in the span."""
        first, last = self.span(anchor)
        return (years >= first) & (years <= (np.inf if last is None else last))

    def acts_in(self, years: np.ndarray, anchor: int) -> bool:
        """Whether the statement touches any of the years."""
        return bool(self.active(years, anchor).any())


class Level(Statement):
    """The quantity and its new level, relative or absolute."""

    quantity: Quantity = Field(alias="groesse")
    factor: Number | None = Field(None, alias="faktor", ge=0)
    percent: Number | None = Field(None, alias="prozent", ge=-100)
    goal: Number | None = Field(None, alias="ziel", ge=0)


class Assumption(Timed, Selected, Level):
    """A change of one level, for all or for some.

    Relative (``faktor``, ``prozent``): the factor of year t is, with f the final factor, from year v to b,

    * ``sprung``: f in v … b, 1 outside;
    * ``gleitend``: 1 + (f − 1)·(t − v + 1)/(b − v + 1) in v … b, 1 before, f afterwards;
    * ``jaehrlich``: f to the power of (t − v + 1) in v … b, 1 before, constant after b.

    Absolute (``ziel``): the level of those selected reaches the goal at once or along a straight line. Its
    unit is children per woman (geburten), years of life expectancy at birth (sterblichkeit, one sex),
    persons a year (zuzuege), or per cent of the population a year (fortzuege, umzuege, einbuergerungen).
    """

    course: Course = Field("sprung", alias="verlauf")
    reason: str = Field("", alias="text")

    @model_validator(mode="after")
    def _one_level(self) -> Assumption:
        if sum(value is not None for value in (self.factor, self.percent, self.goal)) != 1:
            raise ValueError("genau eine der Angaben „faktor“, „prozent“ und „ziel“ ist nötig")
        if self.course == "gleitend" and self.last_year is None and self.duration is None:
            raise ValueError("ein gleitender Verlauf braucht „bis“ oder „dauer“")
        if self.quantity == "geburten" and self.sex is not None:
            raise ValueError("Geburten kennen kein Geschlecht der Mutter; „geschlecht“ weglassen")
        return self

    @model_validator(mode="after")
    def _possible_goal(self) -> Assumption:
        if self.goal is None:
            return self
        if self.course == "jaehrlich":
            raise ValueError("ein Ziel wird mit „sprung“ oder „gleitend“ erreicht, nicht „jaehrlich“")
        if self.quantity in ("geburten", "sterblichkeit") and self.ages is not None:
            raise ValueError("das Ziel gilt für alle Alter; „alter“ weglassen")
        if self.quantity == "sterblichkeit" and self.sex is None:
            raise ValueError("die Lebenserwartung ist je Geschlecht anzugeben; „geschlecht“ ergänzen")
        return self

    @property
    def level(self) -> float:
        """Final factor of a relative change."""
        if self.percent is not None:
            return 1.0 + self.percent / 100.0
        return 1.0 if self.factor is None else self.factor

    def weights(self, years: np.ndarray, anchor: int) -> np.ndarray:
        """Share of the way that is gone in each year, 0 to 1 (step and glide)."""
        if self.course == "sprung":
            return self.active(years, anchor).astype(float)
        first, last = self.span(anchor)
        return self._elapsed(years, anchor) / ((last or first) - first + 1.0)

    def factors(self, years: np.ndarray, anchor: int) -> np.ndarray:
        """Factor of a relative change in each year; ``anchor`` is the year of statements without ``von``."""
        if self.course == "jaehrlich":
            return power(self.level, self._elapsed(years, anchor))
        return 1.0 + (self.level - 1.0) * self.weights(years, anchor)

    def acts_in(self, years: np.ndarray, anchor: int) -> bool:
        """Whether the statement touches any of the years; a glide lasts beyond its end."""
        lasts = self.course != "sprung" and self.span(anchor)[0] <= years[-1]
        return lasts or super().acts_in(years, anchor)

    def _elapsed(self, years: np.ndarray, anchor: int) -> np.ndarray:
        first, last = self.span(anchor)
        reached = np.minimum(years, np.inf if last is None else last)
        return np.where(years < first, 0.0, reached - first + 1.0)
