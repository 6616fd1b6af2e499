"""What a project says of its profiles: thresholds, a survey, seats."""

from __future__ import annotations

from pydantic import Field, model_validator

from zwkprognose.scenarios.statements import Statement


class Seats(Statement):
    """A service counted in seats: one for so many persons of all ages."""

    title: str = Field(alias="titel", min_length=1)
    persons: float = Field(alias="personen_je_sitz", ge=1)
    source: str = Field(alias="quelle", min_length=1)
    remark: str = Field("", alias="hinweis")


class Profile(Statement):
    """Thresholds of strengths and weaknesses, reasons for moving away, and seats beside those of the package."""

    thresholds: str | None = Field(None, alias="schwellen")
    survey: str | None = Field(None, alias="umfrage")
    survey_source: str = Field("", alias="umfrage_quelle")
    seats: tuple[Seats, ...] = Field((), alias="sitze")

    @model_validator(mode="after")
    def _sourced(self) -> Profile:
        if self.survey is not None and not self.survey_source:
            raise ValueError("eine „umfrage“ braucht „umfrage_quelle“: wer wann wen gefragt hat")
        return self
