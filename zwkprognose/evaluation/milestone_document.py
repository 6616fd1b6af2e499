"""A document of milestones (Werkstattplan): what shall be reached by when, and when somebody has to act."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import BeforeValidator, ConfigDict, Field, model_validator

from zwkprognose.german import ages as ages_in_words
from zwkprognose.names import label
from zwkprognose.scenarios.documents import Document, read_document, validated
from zwkprognose.scenarios.fields import Ages, Areas, Group, Number, Sex, Year
from zwkprognose.scenarios.statements import Statement

Size = Literal["bestand", "geburten", "sterbefaelle", "zuzuege", "fortzuege", "wanderungssaldo", "natuerlicher_saldo"]
#: Flow of a document → variables of a projection with their signs.
FLOWS: dict[str, dict[str, int]] = {
    "geburten": {"births": 1},
    "sterbefaelle": {"deaths": 1},
    "zuzuege": {"in_moves": 1},
    "fortzuege": {"out_moves": 1},
    "wanderungssaldo": {"in_moves": 1, "out_moves": -1, "moves_in": 1, "moves_out": -1, "erstbezug": 1},
    "natuerlicher_saldo": {"births": 1, "deaths": -1},
}
WHOLE = (0, None)
Against = Annotated[Ages, BeforeValidator(lambda said: "0+" if said == "alle" else said)]


class Milestone(Statement):
    """One goal for persons, a ratio, a flow or a demand, in some areas.

    ``ziel`` is met when the value is at least or at most so large: in the year ``jahr``, or in the last year that is
    computed. ``ausloeser`` is the value from which on somebody has to act; ``vorlauf`` says how many years before.
    ``massnahme`` says what shall be done, ``zustaendig`` which office does it, ``faellig`` until which year.
    """

    name: str = Field(min_length=1)
    year: Year | None = Field(None, alias="jahr")
    value: Number = Field(alias="ziel")
    direction: Literal["mindestens", "hoechstens"] = Field("mindestens", alias="richtung")
    size: Size = Field("bestand", alias="groesse")
    ages: Ages = Field(WHOLE, alias="alter")
    per: Against | None = Field(None, alias="je_hundert")
    nationality: Group | None = Field(None, alias="staatsangehoerigkeit")
    sex: Sex | None = Field(None, alias="geschlecht")
    areas: Areas | None = Field(None, alias="gebiete")
    demand: str | None = Field(None, alias="bedarf")
    trigger: Number | None = Field(None, alias="ausloeser")
    lead: int = Field(0, alias="vorlauf", ge=0, le=50)
    action: str = Field("", alias="massnahme")
    office: str = Field("", alias="zustaendig")
    due: Year | None = Field(None, alias="faellig")

    @model_validator(mode="after")
    def _one_thing(self) -> Milestone:
        chosen = self.ages != WHOLE or self.nationality or self.sex or self.per
        if self.demand and (chosen or self.size != "bestand"):
            raise ValueError(
                "„bedarf“ zählt nach seiner Quote; „alter“, „geschlecht“, „je_hundert“ und Ähnliches weglassen"
            )
        if self.size != "bestand" and self.per:
            raise ValueError("„je_hundert“ gibt es nur für den Bestand, nicht für Bewegungen")
        if self.per is not None and self.ages == self.per and not (self.nationality or self.sex):
            raise ValueError("„alter“ und „je_hundert“ meinen dieselben Personen; das sind immer 100 von 100")
        if self.size in ("geburten", "natuerlicher_saldo") and self.ages != WHOLE:
            raise ValueError(f"„{self.size}“ zählt Neugeborene mit; „alter“ weglassen")
        if self.value < 0 and not self.size.endswith("saldo"):
            raise ValueError("nur ein Saldo kann kleiner als 0 sein")
        if self.trigger is None and self.lead:
            raise ValueError("„vorlauf“ gehört zu einem „ausloeser“")
        if not self.action and (self.office or self.due):
            raise ValueError("„zustaendig“ und „faellig“ gehören zu einer „massnahme“")
        return self

    @property
    def unit(self) -> str:
        """What the value counts."""
        if self.demand:
            return "Personen mit Bedarf"
        if self.size != "bestand":
            return label("milestone", self.size)
        if self.per is None:
            return "Personen"
        return "je 100 Personen" if self.per == WHOLE else f"je 100 Personen ({ages_in_words(*self.per)})"

    def met_by(self, value: float) -> bool:
        """Whether a value reaches the goal."""
        return value >= self.value if self.direction == "mindestens" else value <= self.value

    def triggered_by(self, value: float) -> bool:
        """Whether a value lies on the wrong side of the trigger."""
        if self.trigger is None:
            return False
        return value < self.trigger if self.direction == "mindestens" else value > self.trigger


def measure_text(action: str, office: str = "", due: int | None = None) -> str:
    """What is to be done, by whom and until when; nothing where there is nothing to do.

    Examples
    --------
    >>> measure_text("Kita bauen", "Jugendamt", 2027)
    ' Maßnahme: Kita bauen (zuständig: Jugendamt, fällig 2027).'
    """
    if not action:
        return ""
    said = [*([f"zuständig: {office}"] if office else []), *([f"fällig {due}"] if due is not None else [])]
    return f" Maßnahme: {action}" + (f" ({', '.join(said)})." if said else ".")


class Milestones(Statement):
    """A document of milestones (Werkstattplan)."""

    model_config = ConfigDict(title="Meilensteine")

    schema_version: int = Field(1, alias="schema", ge=1, le=1)
    title: str = Field("", alias="titel")
    milestones: tuple[Milestone, ...] = Field(alias="meilenstein", min_length=1)


def read_milestones(source: str | Path) -> tuple[Milestones, Document]:
    """Read a document of milestones and keep its text for error messages.

    Raises
    ------
    ScenarioError
        Names line and statement of every mistake.
    """
    document = read_document(source)
    return validated(Milestones, document), document
