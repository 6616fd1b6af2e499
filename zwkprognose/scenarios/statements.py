"""The statements of a scenario: which quantity changes, for whom, when and by how much."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import numpy as np
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from zwkprognose.scenarios.fields import Ages, Group, Sex

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


def as_tuple(value: Any) -> Any:
    """A single text counts as a list of one."""
    return (value,) if isinstance(value, str) else value


Areas = Annotated[tuple[str, ...], BeforeValidator(as_tuple)]
Year = Annotated[int, Field(ge=1900, le=2300, strict=True)]
Number = Annotated[float, Field(strict=True)]


class Statement(BaseModel):
    """Base of all statements: frozen, unknown keys are errors, German keys or English names."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, allow_inf_nan=False)


class Timed(Statement):
    """A statement with a first and a last year.

    ``von`` defaults to the first year of the projection. ``bis`` and ``dauer`` (years) are two ways to say
    when it ends; without either a step lasts until the projection ends.
    """

    first_year: Year | None = Field(None, alias="von")
    last_year: Year | None = Field(None, alias="bis")
    duration: int | None = Field(None, alias="dauer", ge=1)

    @model_validator(mode="after")
    def _end_once(self) -> Timed:
        if self.last_year is not None and self.duration is not None:
            raise ValueError("»bis« und »dauer« sagen dasselbe; nur eines davon angeben")
        if self.first_year is not None and self.last_year is not None and self.last_year < self.first_year:
            raise ValueError(f"»bis« ({self.last_year}) liegt vor »von« ({self.first_year})")
        return self

    def span(self, anchor: int) -> tuple[int, int | None]:
        """First and last year; ``anchor`` is the first year of the projection."""
        first = anchor if self.first_year is None else self.first_year
        if self.duration is not None:
            return first, first + self.duration - 1
        return first, self.last_year


class Assumption(Timed):
    """A relative change of one level, for all or for some.

    The factor of year t is, with f the final factor, from year v to year b:

    * ``sprung``: f in v … b, 1 outside;
    * ``gleitend``: 1 + (f − 1)·(t − v + 1)/(b − v + 1) in v … b, 1 before, f afterwards;
    * ``jaehrlich``: f to the power of (t − v + 1) in v … b, 1 before, constant after b.
    """

    quantity: Quantity = Field(alias="groesse")
    factor: Number | None = Field(None, alias="faktor", ge=0)
    percent: Number | None = Field(None, alias="prozent", ge=-100)
    course: Course = Field("sprung", alias="verlauf")
    areas: Areas | None = Field(None, alias="gebiete", min_length=1)
    nationality: Group | None = Field(None, alias="staatsangehoerigkeit")
    sex: Sex | None = Field(None, alias="geschlecht")
    ages: Ages | None = Field(None, alias="alter")
    reason: str = Field("", alias="text")

    @model_validator(mode="after")
    def _one_level(self) -> Assumption:
        if (self.factor is None) == (self.percent is None):
            raise ValueError("genau eine der Angaben »faktor« und »prozent« ist nötig")
        if self.course == "gleitend" and self.last_year is None and self.duration is None:
            raise ValueError("ein gleitender Verlauf braucht »bis« oder »dauer«")
        if self.quantity == "geburten" and self.sex is not None:
            raise ValueError("Geburten kennen kein Geschlecht der Mutter; »geschlecht« weglassen")
        return self

    @property
    def level(self) -> float:
        """Final factor."""
        if self.percent is not None:
            return 1.0 + self.percent / 100.0
        return float(self.factor if self.factor is not None else 1.0)

    def factors(self, years: np.ndarray, anchor: int) -> np.ndarray:
        """Factor in each year, see the class; ``anchor`` is the year of statements without ``von``."""
        first, last = self.span(anchor)
        end = float("inf") if last is None else float(last)
        if self.course == "sprung":
            return np.where((years >= first) & (years <= end), self.level, 1.0)
        elapsed = np.where(years < first, 0.0, np.minimum(years, end) - first + 1.0)
        if self.course == "jaehrlich":
            return self.level**elapsed
        return 1.0 + (self.level - 1.0) * elapsed / (end - first + 1.0)

    def acts_in(self, years: np.ndarray, anchor: int) -> bool:
        """Whether the statement touches any of the years."""
        first, last = self.span(anchor)
        ended = self.course == "sprung" and last is not None and last < years[0]
        return first <= years[-1] and not ended
