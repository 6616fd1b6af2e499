"""What a project says of households: whose quotas, adjusted to which counts, against which dwellings."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from zwkprognose.scenarios.statements import Statement

#: Word of the document → kind of quotas.
KINDS: dict[str, Literal["members", "heads"]] = {"mitglieder": "members", "bezugspersonen": "heads"}
#: Quotas that come with the package.
NATIONAL = "mikrozensus"


class HouseholdOptions(Statement):
    """Households by quotas.

    ``quoten`` is ``"mikrozensus"`` (people living alone in Germany) or a table of one's own, ``bestand`` the households
    that are known on 31.12. of the base year, ``wohnungen`` the dwellings.
    """

    quotas: str = Field(alias="quoten", min_length=1)
    kind: Literal["mitglieder", "bezugspersonen"] = Field("mitglieder", alias="verfahren")
    open_size: float | None = Field(None, alias="groesse_offen", gt=1, le=20)
    source: str = Field("", alias="quelle")
    note: str = Field("", alias="hinweis")
    known: str | None = Field(None, alias="bestand")
    dwellings: str | None = Field(None, alias="wohnungen")
    reserve: float = Field(0.0, alias="reserve", ge=0, lt=1)

    @model_validator(mode="after")
    def _of_one_kind(self) -> HouseholdOptions:
        if self.quotas == NATIONAL and (self.source or self.note or self.kind != "mitglieder"):
            raise ValueError("„mikrozensus“ bringt Quelle, Hinweis und Verfahren mit; diese Angaben weglassen")
        if self.quotas != NATIONAL and not self.source:
            raise ValueError("eigene „quoten“ brauchen eine „quelle“")
        if self.reserve and self.dwellings is None:
            raise ValueError("„reserve“ gehört zu „wohnungen“")
        return self
