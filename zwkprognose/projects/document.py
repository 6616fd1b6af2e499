"""A run as a document: which tables, which rates, which scenarios, until when, and where the results go."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeAlias

from pydantic import (
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    PrivateAttr,
    WithJsonSchema,
    field_validator,
    model_validator,
)

from zwkprognose.errors import ScenarioError
from zwkprognose.projects.household_document import HouseholdOptions
from zwkprognose.projects.profile_document import Profile
from zwkprognose.projects.service_document import Service
from zwkprognose.rates import fertility, migration, mortality
from zwkprognose.rates.totals import CityTotals
from zwkprognose.regions import Regions, regions_of
from zwkprognose.scenarios import Scenario
from zwkprognose.scenarios.documents import Document
from zwkprognose.scenarios.fields import GROUP_SIGNS, Year, YearValues, as_tuple, parse_group
from zwkprognose.scenarios.scenario import Key
from zwkprognose.scenarios.statements import Statement

_ONE_OR_MORE: dict[str, Any] = {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}
Names = Annotated[tuple[str, ...], BeforeValidator(as_tuple), WithJsonSchema(_ONE_OR_MORE)]
#: Sheets of all workbooks, or of each by its name.
Sheets = Annotated[
    tuple[str, ...] | dict[str, Names],
    BeforeValidator(as_tuple),
    WithJsonSchema({"anyOf": [*_ONE_OR_MORE["anyOf"], {"type": "object", "additionalProperties": _ONE_OR_MORE}]}),
]
Choice = Literal["null", "mitte", "aus_summen"]
#: Word of the document → choice of :func:`zwkprognose.tables.resolve_status`.
CHOICES: dict[str | None, str] = {"null": "zero", "mitte": "midpoint", "aus_summen": "impute_from_total"}
#: Word of the document → rule of :func:`zwkprognose.rates.totals.estimate_totals`.
TOTALS = {
    "unveraendert": "unchanged", "mittel": "average", "trend": "linear_exponential", "linear": "linear",
    "prozentual": "exponential", "stadttrend": "trend_shares", "geschrumpft": "shrunk",
    "ohne_schockjahre": "calm",
}  # fmt: skip
if TYPE_CHECKING:
    Mortality: TypeAlias = str
    Fertility: TypeAlias = str
    Migration: TypeAlias = str
else:  # whatever methods there are
    Mortality, Fertility, Migration = (Literal[room.METHODS.choices] for room in (mortality, fertility, migration))
ExampleName = Literal["berlin", "bremerhaven", "konstanz"]


class DataSource(Statement):
    """Who published the tables; travels into every output."""

    publisher: str = Field("", alias="herausgeber")
    title: str = Field("", alias="titel")
    licence: str = Field("", alias="lizenz")
    gebietsstand: str = ""
    universe: str = Field("", alias="grundgesamtheit")
    secrecy: Literal["", "cell-key"] = Field("", alias="geheimhaltung")


class Difference(Statement):
    """An area that a table does not print, as the difference of areas that it does print."""

    area: str = Field(alias="gebiet")
    name: str = ""
    whole: str = Field(alias="von")
    parts: Names = Field(alias="abzueglich", min_length=1)


class Signs(Statement):
    """Which number stands for a sign of the table; without a choice a sign stops the run."""

    hidden: Choice | None = Field(None, alias="geheim")
    unreliable: Choice | None = Field(None, alias="unsicher")
    not_applicable: Choice | None = Field(None, alias="nicht_sinnvoll")
    late: Choice | None = Field(None, alias="spaeter")
    absent: Choice | None = Field(None, alias="gebiet_ohne_zahlen")
    largest_hidden: int | None = Field(None, alias="groesste_geheime", ge=1)
    meanings: dict[str, str] = Field({}, alias="bedeutung")
    unlisted_stocks: Literal["null"] | None = Field(None, alias="bestand_nicht_genannt")
    unlisted_events: Literal["null"] | None = Field(None, alias="ereignis_nicht_genannt")

    def options(self) -> dict[str, Any]:
        """Arguments of :func:`zwkprognose.tables.resolve_status`; what is not chosen is kept for later."""
        names = ("hidden", "unreliable", "not_applicable", "late", "absent")
        chosen = {name: CHOICES.get(getattr(self, name), "keep") for name in names}
        unlisted = "error" if self.unlisted_stocks is None else "zero"
        return chosen | {"largest_hidden": self.largest_hidden, "unlisted": unlisted}


class Data(Statement):
    """Tables and what of them is used: the bundled example, or own files."""

    example: ExampleName | None = Field(None, alias="beispiel")
    stocks: Names = Field((), alias="bestand")
    events: Names = Field((), alias="ereignisse")
    kind: str | None = Field(None, alias="art")
    sheets: Sheets = Field((), alias="blaetter")
    areas: Names = Field((), alias="gebiete")
    titles: Literal["geprüft"] | None = Field(None, alias="ueberschriften")
    key_width: int | None = Field(None, alias="schluesselstellen", ge=2, le=12)
    open_age: int | None = Field(None, alias="offen_ab", ge=60, le=120)
    signs: Signs | None = Field(None, alias="zeichen")
    source: DataSource | None = Field(None, alias="quelle")
    differences: tuple[Difference, ...] = Field((), alias="differenz")
    checksums: dict[str, str] = Field({}, alias="pruefsummen")

    @model_validator(mode="after")
    def _one_source(self) -> Data:
        if (self.example is None) == (not self.stocks):
            raise ValueError("genau eine der Angaben „beispiel“ und „bestand“ ist nötig")
        if self.example and self.events:
            raise ValueError("„ereignisse“ gehört zu eigenen Tabellen; das Beispiel bringt seine eigenen mit")
        return self


def parse_moves(said: Any) -> Any:
    """Persons of a usual year, or of each of several; of all, or of each nationality.

    >>> parse_moves({"2023": {"D": 900, "A": 1500}})
    {2023: {'german': 900.0, 'foreign': 1500.0}}
    """
    if isinstance(said, int | float) and not isinstance(said, bool):
        return float(said)
    if isinstance(said, dict) and said:
        years = all(re.fullmatch(r"(19|2[0-2])\d\d", str(key)) for key in said)
        return {int(key) if years else parse_group(key): parse_moves(part) for key, part in said.items()}
    raise ValueError("hier muss eine Zahl von Personen stehen, oder eine je Staatsangehörigkeit, oder beides je Jahr")


def _written_moves(moves: Any) -> Any:
    """As a document writes it."""
    if not isinstance(moves, dict):
        return moves
    return {GROUP_SIGNS.get(key, str(key)): _written_moves(part) for key, part in moves.items()}


_ONE_OR_EACH = {"type": ["number", "object"]}
Moves = Annotated[
    Any,
    BeforeValidator(parse_moves),
    PlainSerializer(lambda moves, info: _written_moves(moves) if info.by_alias else moves),
    WithJsonSchema(_ONE_OR_EACH | {"examples": [9000, {"D": 4000, "A": 5000}, {"2023": 9000, "2024": 9400}]}),
]


class CityMoves(Statement):
    """In- and out-moves across the city line, of a usual year or of several, as cities publish them."""

    in_moves: Moves = Field(alias="zuzuege")
    out_moves: Moves = Field(alias="fortzuege")


class RateOptions(Statement):
    """How rates are estimated; what is not said is chosen by :func:`zwkprognose.estimate_rates`."""

    mortality: Mortality = Field("auto", alias="sterblichkeit")
    fertility: Fertility = Field("auto", alias="geburten")
    fertility_return: int | None = Field(None, alias="geburten_rueckkehr", ge=1, le=100, strict=True)
    migration: Migration = Field("auto", alias="wanderung")
    destinations: Literal["pool", "matrix"] = Field("pool", alias="umzugsziele")
    base_years: tuple[Year, ...] | None = Field(None, alias="basisjahre", min_length=1)
    exclude_years: tuple[Year, ...] | Literal["schockjahre"] = Field((), alias="ohne_jahre")
    mortality_period: str | None = Field(None, alias="sterbetafel")
    fertility_year: Year | None = Field(None, alias="geburtenziffern_jahr")
    half_life: Any = Field(5.0, alias="halbwertszeit")
    outliers: Literal["behalten", "daempfen"] = Field("behalten", alias="ausreisser")
    shrinkage: float = Field(100.0, alias="k", ge=0)
    persistence: float = Field(0.6, alias="fortdauer", ge=0, le=1)
    turnover: float = Field(0.05, alias="umschlag", ge=0, le=0.2)
    city_moves: CityMoves | None = Field(None, alias="bewegungen")

    @field_validator("half_life")
    @classmethod
    def _years_or_none(cls, said: Any) -> Any:
        if said != "keine" and (isinstance(said, bool) or not isinstance(said, int | float) or not said > 0):
            raise ValueError('hier muss eine Zahl von Jahren größer als 0 stehen, oder "keine"')
        return said

    def options(self) -> dict[str, Any]:
        """Arguments of :func:`zwkprognose.estimate_rates`."""
        said = {
            "exclude_years": "shocks" if self.exclude_years == "schockjahre" else self.exclude_years,
            "half_life": None if self.half_life == "keine" else self.half_life,
            "outliers": "keep" if self.outliers == "behalten" else "downweight",
            "city_moves": None if self.city_moves is None else self.city_moves.model_dump(by_alias=False),
        }
        return self.model_dump(by_alias=False, exclude={"fertility_return"}) | said


class Official(Statement):
    """Totals of the whole that somebody else has forecast, such as the statistical office of the Land."""

    persons: YearValues = Field(alias="personen")
    error: float | None = Field(None, alias="fehler", ge=0, le=0.1, strict=True)
    source: str = Field("", alias="quelle")

    @field_validator("persons")
    @classmethod
    def _somebody(cls, persons: dict[int, float]) -> dict[int, float]:
        wrong = [year for year, number in persons.items() if not number > 0]
        if wrong:
            raise ValueError(f"die Zahl von {wrong[0]} muss größer als 0 sein")
        return persons

    def totals(self) -> CityTotals:
        """As the engine and the limits take them."""
        return CityTotals(self.persons, self.error, self.source)


class Horizon(Statement):
    """From when to when, and under which scenarios."""

    base_year: Year | None = Field(None, alias="basisjahr")
    until: Year = Field(alias="bis")
    scenarios: Names = Field((), alias="szenarien")
    milestones: str | None = Field(None, alias="meilensteine")
    totals: str | None = Field(None, alias="gesamtzahlen")
    official: Official | None = Field(None, alias="eckwert_amtlich")
    draws: int | None = Field(None, alias="ziehungen", ge=1)
    seed: int | None = Field(None, alias="startzahl", ge=0)

    @field_validator("totals")
    @classmethod
    def _known_rule(cls, word: str | None) -> str | None:
        if word is not None and word not in TOTALS:
            raise ValueError(f"die Regel „{word}“ gibt es nicht; möglich sind {', '.join(TOTALS)}")
        return word

    @model_validator(mode="after")
    def _shared_by_a_rule(self) -> Horizon:
        if self.official is not None and self.totals is None:
            raise ValueError(
                "„eckwert_amtlich“ braucht „gesamtzahlen“, die Regel, nach der sich die Gebiete die Zahl teilen"
            )
        return self

    def options(self) -> dict[str, Any]:
        """Arguments of :func:`zwkprognose.project` that the document states."""
        totals = None if self.totals is None else TOTALS[self.totals]
        city = None if self.official is None else self.official.totals()
        stated = {"totals": totals, "city": city, "draws": self.draws, "seed": self.seed}
        return {name: value for name, value in stated.items() if value is not None}


class Publication(Statement):
    """Where the results go and what of them may be shown."""

    folder: str = Field("ergebnisse", alias="ordner", min_length=1)
    geometry: str | None = Field(None, alias="karte")
    districts: str | None = Field(None, alias="bezirke")
    internal: bool = Field(False, alias="nur_intern")
    lab: bool = Field(False, alias="labor")


class Project(Statement):
    """One run, complete enough to be repeated.

    Attributes
    ----------
    name, title, text : str
        Key, German title, and what the run is for.
    whole, levels : str, tuple of str
        Name of the whole, and what it and its parts are called, from the largest to the smallest.
    data : Data
        Tables, areas, open age group.
    rates : RateOptions
        Methods of estimation.
    horizon : Horizon
        Base year, last year, scenarios by name or file.
    scenarios : tuple of Scenario
        Scenarios written into the document itself.
    services : tuple of Service
        Services whose demand is asked for.
    households : HouseholdOptions, optional
        Quotas of households and what they are held against.
    publication : Publication
        Output folder, map, disclosure rule.
    profile : Profile
        Thresholds, survey and seats of the profiles.
    """

    model_config = ConfigDict(title="Projekt")

    schema_version: int = Field(1, alias="schema", ge=1, le=1)
    name: Key
    title: str = Field("", alias="titel")
    text: str = ""
    whole: str = Field("", alias="gesamt")
    levels: Names = Field((), alias="ebenen")
    data: Data = Field(alias="daten")
    rates: RateOptions = Field(RateOptions.model_validate({}), alias="raten")
    horizon: Horizon = Field(alias="prognose")
    scenarios: tuple[Scenario, ...] = Field((), alias="szenario")
    services: tuple[Service, ...] = Field((), alias="bedarf")
    households: HouseholdOptions | None = Field(None, alias="haushalte")
    publication: Publication = Field(Publication.model_validate({}), alias="ausgabe")
    profile: Profile = Field(Profile.model_validate({}), alias="profil")

    _origin: Document = PrivateAttr(Document({}))

    @field_validator("levels")
    @classmethod
    def _known_levels(cls, said: tuple[str, ...]) -> tuple[str, ...]:
        regions_of(levels=said)
        return said

    def regions(self) -> Regions:
        """What the whole and its parts are called."""
        return regions_of(self.whole, self.levels)

    @property
    def folder(self) -> Path:
        """Folder that relative paths refer to: that of the document."""
        return self._origin.folder

    @property
    def file(self) -> Path | None:
        """The document itself; ``None`` for one that was given as text."""
        return Path(self._origin.file) if self._origin.file else None

    def path(self, name: str) -> Path:
        """A path of the document, relative to the document's folder.

        Raises
        ------
        ScenarioError
            If no file can have this name.
        """
        if "\0" in name:
            raise ScenarioError(f"„{name}“ kann kein Pfad sein.", remedy="Den Pfad neu schreiben.")
        return self.folder / name

    def found_in(self, origin: Document) -> Project:
        """The same project, which remembers the document it was read from."""
        copy = self.model_copy()
        copy._origin = origin
        return copy

    def where(self, *path: str | int) -> str:
        """File, line and path of a statement, for error messages."""
        return self._origin.where(path)

    def document(self) -> dict[str, Any]:
        """The content of the document: German keys, plain values, nothing that is default."""
        return self.model_dump(mode="json", by_alias=True, exclude_defaults=True, exclude_none=True)
