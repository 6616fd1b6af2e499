"""What a project says of a service: who needs it, at which level, and how many places there are."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import Field, model_validator

from zwkprognose.german import decimal
from zwkprognose.names import SEXES
from zwkprognose.scenarios.effects.verdict import Verdict
from zwkprognose.scenarios.effects.years import REMEDY
from zwkprognose.scenarios.fields import Ages, Sex, Year, ages_text, crossing_bands
from zwkprognose.scenarios.statements import Statement


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
    factor: float | None = Field(None, alias="faktor", gt=0)
    last_year: Year | None = Field(None, alias="bis")
    places: str | None = Field(None, alias="plaetze")

    @model_validator(mode="after")
    def _one_quota(self) -> Service:
        if (self.quota is None) == (not self.shares):
            raise ValueError("genau eine der Angaben „quote“ und „anteile“ ist nötig")
        if self.shares and not (self.title and self.source):
            raise ValueError("eigene „anteile“ brauchen „titel“ und „quelle“")
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

    def lost(self, place: str, first: int, last: int) -> Iterator[Verdict]:
        """What of a rising quota lies outside of the years that are computed."""
        if self.last_year is None or first <= self.last_year <= last:
            return
        if self.last_year < first:
            text = f"Die Quote soll sich bis {self.last_year} ändern, gerechnet wird aber {first} bis {last}."
        else:
            share = decimal(100 * (last - first + 1) / (self.last_year - first + 1), 0)
            text = f"Die Quote ändert sich bis {self.last_year}, gerechnet wird bis {last}: {share} % des Wegs."
        yield Verdict(place, text, REMEDY, nothing_left=self.last_year < first)
