"""A scenario: one short document of assumptions that an office can read aloud, agree on and run again."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from dataclasses import replace
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import ConfigDict, Field, PrivateAttr, StringConstraints, ValidationError, ValidationInfo, model_validator

from zwkprognose.errors import ScenarioError
from zwkprognose.scenarios.compose import Removal, conflicts, difference, field_of, merged, together, undo
from zwkprognose.scenarios.controls import Control
from zwkprognose.scenarios.documents import (
    FROM_DOCUMENT,
    Document,
    KeyPath,
    json_document,
    kind_of,
    nearest,
    plain,
    read_document,
    refusal,
    validated,
)
from zwkprognose.scenarios.editing import rewritten
from zwkprognose.scenarios.fields import Areas
from zwkprognose.scenarios.foundation import foundation_of, laid_over, patch_of
from zwkprognose.scenarios.measures import Attraction, Facility, Housing, Retention, Shock
from zwkprognose.scenarios.statements import Assumption, Statement
from zwkprognose.scenarios.toml import to_toml

if TYPE_CHECKING:
    import xarray as xr

Key = Annotated[str, StringConstraints(pattern=r"^[\w-]+$")]

#: Bundled document → what it is called in German; the words are accepted as well, in any spelling.
BUNDLED = {
    "lower": "untere Variante",
    "middle": "mittlere Variante",
    "upper": "obere Variante",
    "natural": "natürliche Entwicklung",
    "unchanged": "unveränderte Verhältnisse",
    "no-foreign-in-moves": "ohne Auslandszuzug",
}
_OTHER_NAMES = {
    "untere": "lower", "mittlere": "middle", "obere": "upper", "natürlich": "natural", "natuerlich": "natural",
    "unverändert": "unchanged", "unveraendert": "unchanged", "ohne-auslandszuzug": "no-foreign-in-moves",
}  # fmt: skip
NAMES = {key: key for key in BUNDLED} | {title.casefold(): key for key, title in BUNDLED.items()} | _OTHER_NAMES


class _OwnNames(type(Statement)):  # type: ignore[misc]
    """Completion offers what a scenario says and can do, not what every pydantic model has besides."""

    def __dir__(cls) -> list[str]:
        methods = {name for name in vars(cls) if not name.startswith(("_", "model_"))}
        return sorted(methods | {*cls.model_fields})

    def __call__(cls, *args: Any, **said: Any) -> Any:
        """A scenario of its fields, refused in German."""
        try:
            return super().__call__(*args, **said)
        except ValidationError as error:
            raise refusal(error, cls, Document({})) from None


class Scenario(Statement, metaclass=_OwnNames):
    """Assumptions about the future, as a document.

    Attributes
    ----------
    name : str
        Short key (``scenario`` coordinate of a projection).
    title : str
        German title for people.
    text : str
        Why these assumptions.
    author, date : optional
        Who agreed on it, and when.
    foundation : str, optional
        Scenario that a document builds on, a bundled one or a file; only while it is read, for its statements
        are then part of this scenario.
    area_types : dict
        Names for groups of areas; a statement uses them as ``"@name"``.
    assumptions, retention, attraction, shocks, housing, facilities, controls : tuples
        The statements. Their order does not matter: goals hold first, relative changes of the same cell
        multiply, additional persons come last.

    Examples
    --------
    >>> Scenario.bundled("natural").title
    'Natürliche Entwicklung (ohne Wanderung)'
    """

    model_config = ConfigDict(title="Szenario")

    schema_version: int = Field(1, alias="schema", ge=1, le=1)
    name: Key
    title: str = Field("", alias="titel")
    text: str = ""
    author: str | None = Field(None, alias="autor")
    date: dt.date | None = Field(None, alias="datum")
    foundation: str | None = Field(None, alias="grundlage", min_length=1, examples=["middle", "mittlere", "basis.toml"])
    area_types: dict[str, Areas] = Field({}, alias="gebietstypen")
    assumptions: tuple[Assumption, ...] = Field((), alias="annahme")
    retention: tuple[Retention, ...] = Field((), alias="halten")
    attraction: tuple[Attraction, ...] = Field((), alias="anziehen")
    shocks: tuple[Shock, ...] = Field((), alias="ereignis")
    housing: tuple[Housing, ...] = Field((), alias="erstbezug")
    facilities: tuple[Facility, ...] = Field((), alias="sondergruppe")
    controls: tuple[Control, ...] = Field((), alias="eckwert")
    removals: tuple[Removal, ...] = Field((), alias="streichung")

    _origin: Document | None = PrivateAttr(None)
    _base: Scenario | None = PrivateAttr(None)

    @model_validator(mode="after")
    def _foundation_in_documents(self, info: ValidationInfo) -> Scenario:
        if self.foundation is not None and info.context != FROM_DOCUMENT:
            raise ValueError("eine „grundlage“ steht nur in Dokumenten; im Programm schreibt man grundlage | nachtrag")
        return self

    @classmethod
    def from_toml(cls, source: str | Path) -> Scenario:
        """Read a scenario from a TOML file, or from the text of one.

        Raises
        ------
        ScenarioError
            If the document cannot be read or says something impossible; names line and statement.
        """
        return cls.read(read_document(source))

    @classmethod
    def from_json(cls, source: str | Path) -> Scenario:
        """Read a scenario from a JSON file, or from the text of one: the same names as in TOML.

        Raises
        ------
        ScenarioError
            If the document cannot be read or says something impossible; names the path of the statement.

        Examples
        --------
        >>> Scenario.from_json('{"name": "kurz", "annahme": [{"groesse": "zuzuege", "prozent": 10}]}').name
        'kurz'
        """
        return cls.read(read_document(source))

    @classmethod
    def model_validate(cls, obj: Any, **options: Any) -> Scenario:
        """An object of the content, as of any pydantic model, but refused in German."""
        try:
            return super().model_validate(obj, **options)
        except ValidationError as error:
            if options.get("context") == FROM_DOCUMENT:
                raise
            raise refusal(error, cls, Document({})) from None

    @classmethod
    def model_validate_json(cls, json_data: str | bytes | bytearray, **options: Any) -> Scenario:
        """A scenario of a JSON text, refused in German."""
        try:
            text = json_data if isinstance(json_data, str) else bytes(json_data).decode("utf-8")
        except UnicodeDecodeError as error:
            raise ScenarioError(
                f"Das Dokument ist nicht in UTF-8 kodiert (Byte {error.start}).", remedy="Den Text in UTF-8 übergeben."
            ) from None
        return cls.read(json_document(text))

    @classmethod
    def read(cls, document: Document, chain: tuple[Path, ...] = ()) -> Scenario:
        """The scenario of a document; ``chain`` are the documents that build on it."""
        return validated(cls, document).found_in(document, chain)

    @classmethod
    def from_document(cls, data: dict[str, Any]) -> Scenario:
        """Build a scenario from the content of a document (German keys), as :meth:`document` returns it."""
        scenario = cls.read(Document(plain(data)))
        return scenario if scenario._base is not None else scenario.detached()

    @classmethod
    def bundled(cls, name: str) -> Scenario:
        """One of the scenarios that come with the package: lower, middle, upper, natural, unchanged …

        Raises
        ------
        ScenarioError
            If there is none of that name; suggests the nearest.
        """
        key = NAMES.get(" ".join(str(name).casefold().split()))
        if key is None:
            raise ScenarioError(f"Ein mitgeliefertes Szenario „{name}“ gibt es nicht.", remedy=_suggestion(name))
        folder = resources.files("zwkprognose").joinpath("scenarios", "bundled")
        found = cls.from_toml(folder.joinpath(f"{key}.toml").read_text(encoding="utf-8"))
        if found._origin is not None:
            found._origin = replace(found._origin, numbered=False)
        return found

    def found_in(self, origin: Document, chain: tuple[Path, ...] = ()) -> Scenario:
        """The same scenario, laid over its foundation; it remembers its document (for errors and comments)."""
        own = self.model_copy()
        own._origin = origin
        if self.foundation is None:
            return own
        base = foundation_of(self, origin, chain)
        whole = laid_over(base, own)
        whole._base = base
        return whole

    def document(self) -> dict[str, Any]:
        """The content of the document: German keys, plain JSON values, nothing that is default."""
        return self.model_dump(mode="json", by_alias=True, exclude_defaults=True)

    def to_toml(self, *, base: str | None = None) -> str:
        """The scenario as a TOML document.

        Parameters
        ----------
        base : str, optional
            Text of a document whose comments and order are kept (needs the package tomlkit). Without it a
            scenario that was read and not changed gives its text back, any other one is written anew: with
            all statements of its foundation. A document with ``grundlage`` as ``base`` keeps it.
        """
        if base is not None:
            return self._written_into(read_document(base))
        origin = self._origin
        if origin is not None and origin.text and not origin.root and Scenario.read(origin) == self:
            return origin.text
        return to_toml(self.document())

    def to_json(self) -> str:
        """The scenario as a JSON document; :meth:`from_json` reads it back."""
        return json.dumps(self.document(), ensure_ascii=False, indent=2) + "\n"

    def _written_into(self, document: Document) -> str:
        own, found = validated(Scenario, document), Scenario.read(document)
        patch = self if found._base is None else patch_of(self, found._base, own)
        return rewritten(document.text, own.document(), patch.document())

    @property
    def digest(self) -> str:
        """Hash of the content: equal exactly if two scenarios say the same, in whatever order."""
        document = {key: _sorted(value) for key, value in self.document().items()}
        text = json.dumps(document, ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()

    def describe(
        self, rates: xr.Dataset | None = None, stock: xr.DataArray | None = None, until: int | None = None
    ) -> str:
        """The whole scenario in plain German sentences.

        With rates and stock, goals are told with today's level; with the last year of a run, what of the scenario
        has no effect in it is told too.
        """
        from zwkprognose.scenarios.describe import describe

        return describe(self, rates, stock, until)

    def warnings(self, rates: xr.Dataset | None = None, stock: xr.DataArray | None = None) -> list[str]:
        """Values outside of what has been observed, in German sentences; nothing is corrected."""
        from zwkprognose.scenarios.context import warnings

        return warnings(self, rates, stock)

    def __or__(self, patch: Scenario) -> Scenario:
        """This scenario with the statements of a patch; see :func:`zwkprognose.scenarios.compose.merged`."""
        return merged(self, required(patch))

    def plus(self, more: Scenario) -> Scenario:
        """This scenario with all statements of another beside its own; nothing is replaced."""
        return together(self, required(more))

    def conflicts(self, patch: Scenario) -> list[str]:
        """Statements of this scenario that a patch would override, in German sentences."""
        return conflicts(self, required(patch))

    def undo(self, patch: Scenario) -> Scenario:
        """The patch that takes a patch back: ``(a | b) | a.undo(b) == a``."""
        return undo(self, required(patch))

    def diff(self, other: Scenario) -> str:
        """What another scenario says differently, in words."""
        return difference(self, required(other))

    def renamed(self, name: str, title: str = "") -> Scenario:
        """The same assumptions under another name.

        Raises
        ------
        ScenarioError
            If no scenario can have this name.
        """
        named = type(self).from_document({"name": name, "titel": title or self.title})
        return self.model_copy(update={"name": named.name, "title": named.title}).detached()

    def detached(self) -> Scenario:
        """The same scenario without its document, whose lines no longer fit."""
        copy = self.model_copy()
        copy._origin = copy._base = None
        return copy

    def place(self, *path: str | int) -> str:
        """Where a statement stands: file, line and path, as far as they are known."""
        return self._place_in_base(path) or f"Szenario „{self.called}“, {(self._origin or Document({})).where(path)}"

    @property
    def called(self) -> str:
        """What messages call it: by the name in its document, one that comes with the package by its German title."""
        return self.title if self.name in BUNDLED and self.title else self.name

    def _place_in_base(self, path: KeyPath) -> str | None:
        """Place of a statement that comes from the foundation; ``None`` if the own document says it."""
        if self._base is None or self._origin is None or len(path) < 2:
            return None
        key, index, *rest = path
        if not isinstance(index, int) or index < len(self._origin.data.get(str(key), ())):
            return None
        field = field_of(str(key))
        theirs, statement = getattr(self._base, field), getattr(self, field)[index]
        return self._base.place(key, theirs.index(statement), *rest) if statement in theirs else None

    def _repr_html_(self) -> str:
        """Title, reason and statements, as a notebook shows them."""
        from zwkprognose.scenarios.describe import html_of

        return html_of(self)

    def __dir__(self) -> list[str]:
        return dir(type(self))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Scenario) and self.digest == other.digest

    def __hash__(self) -> int:
        return hash(self.digest)


def required(given: Any) -> Scenario:
    """A scenario that was handed on, refused in German if it is something else.

    Raises
    ------
    ScenarioError
        Says what it is instead.
    """
    if isinstance(given, Scenario):
        return given
    raise ScenarioError(
        f"Hier ist ein Szenario nötig, nicht {kind_of(given)}.",
        remedy='Zum Beispiel Scenario.bundled("mittlere") oder Scenario.from_toml("szenario.toml") angeben.',
    )


def _suggestion(name: str) -> str:
    """The bundled scenario that a misspelt name may mean, or all of them."""
    hits = nearest(str(name), NAMES, count=1)
    known = [f"„{key}“ ({BUNDLED[key]})" for key in ([NAMES[hits[0]]] if hits else BUNDLED)]
    if hits:
        return f"Gemeint ist vielleicht {known[0]}."
    return f"Möglich sind {', '.join(known)} oder eine Datei (.toml)."


def _sorted(value: Any) -> Any:
    """Statements in an order of their own, because their order means nothing."""
    if not isinstance(value, list):
        return value
    return sorted(value, key=lambda statement: json.dumps(statement, ensure_ascii=False, sort_keys=True))
