"""A scenario: one short document of assumptions that an office can read aloud, agree on and run again."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import ConfigDict, Field, PrivateAttr, StringConstraints

from zwkprognose.errors import ScenarioError
from zwkprognose.scenarios.compose import Removal, conflicts, difference, merged, together, undo
from zwkprognose.scenarios.documents import Document, nearest, read_document, validated
from zwkprognose.scenarios.editing import rewritten
from zwkprognose.scenarios.fields import Areas
from zwkprognose.scenarios.measures import Attraction, Control, Facility, Housing, Retention, Shock
from zwkprognose.scenarios.statements import Assumption, Statement
from zwkprognose.scenarios.toml import to_toml

if TYPE_CHECKING:
    import xarray as xr

Key = Annotated[str, StringConstraints(pattern=r"^[\w-]+$")]

#: Bundled document → its key; German names are accepted as well.
BUNDLED = {
    "lower": "lower", "middle": "middle", "upper": "upper", "natural": "natural", "unchanged": "unchanged",
    "no-foreign-in-moves": "no-foreign-in-moves",
    "untere": "lower", "mittlere": "middle", "obere": "upper", "natürlich": "natural", "natuerlich": "natural",
    "unverändert": "unchanged", "unveraendert": "unchanged", "ohne-auslandszuzug": "no-foreign-in-moves",
}  # fmt: skip


class Scenario(Statement):
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

    @classmethod
    def from_toml(cls, source: str | Path) -> Scenario:
        """Read a scenario from a TOML file, or from the text of one.

        Raises
        ------
        ScenarioError
            If the document cannot be read or says something impossible; names line and statement.
        """
        document = read_document(source)
        return validated(cls, document).found_in(document)

    @classmethod
    def from_document(cls, data: dict[str, Any]) -> Scenario:
        """Build a scenario from the content of a document (German keys), as :meth:`document` returns it."""
        return validated(cls, Document(data))

    @classmethod
    def bundled(cls, name: str) -> Scenario:
        """One of the scenarios that come with the package: lower, middle, upper, natural, unchanged …

        Raises
        ------
        ScenarioError
            If there is none of that name; suggests the nearest.
        """
        if name not in BUNDLED:
            hits = nearest(name, {key: key for key in BUNDLED})
            raise ScenarioError(
                f"Ein mitgeliefertes Szenario »{name}« gibt es nicht.",
                remedy=f"eines von {', '.join(hits or sorted(set(BUNDLED.values())))} wählen oder eine Datei angeben",
            )
        folder = resources.files("zwkprognose").joinpath("scenarios", "bundled")
        return cls.from_toml(folder.joinpath(f"{BUNDLED[name]}.toml").read_text(encoding="utf-8"))

    def found_in(self, origin: Document) -> Scenario:
        """The same scenario, which remembers the document it stands in (for errors and comments)."""
        copy = self.model_copy()
        copy._origin = origin
        return copy

    def document(self) -> dict[str, Any]:
        """The content of the document: German keys, plain JSON values, nothing that is default."""
        return self.model_dump(mode="json", by_alias=True, exclude_defaults=True)

    def to_toml(self, *, base: str | None = None) -> str:
        """The scenario as a TOML document.

        Parameters
        ----------
        base : str, optional
            Text of a document whose comments and order are kept (needs the package tomlkit). Without it a
            scenario that was read and not changed gives its text back, any other one is written anew.
        """
        if base is not None:
            return rewritten(base, Scenario.from_toml(base).document(), self.document())
        origin = self._origin
        if origin is not None and not origin.root and validated(Scenario, origin) == self:
            return origin.text
        return to_toml(self.document())

    @property
    def digest(self) -> str:
        """Hash of the content: equal exactly if two scenarios say the same, in whatever order."""
        document = {key: _sorted(value) for key, value in self.document().items()}
        text = json.dumps(document, ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()

    def describe(self, rates: xr.Dataset | None = None, stock: xr.DataArray | None = None) -> str:
        """The whole scenario in plain German sentences; with rates, goals are told with today's level."""
        from zwkprognose.scenarios.describe import describe

        return describe(self, rates, stock)

    def warnings(self, rates: xr.Dataset | None = None, stock: xr.DataArray | None = None) -> list[str]:
        """Values outside of what has been observed, in German sentences; nothing is corrected."""
        from zwkprognose.scenarios.context import warnings

        return warnings(self, rates, stock)

    def __or__(self, patch: Scenario) -> Scenario:
        """This scenario with the statements of a patch; see :func:`zwkprognose.scenarios.compose.merged`."""
        return merged(self, patch)

    def plus(self, more: Scenario) -> Scenario:
        """This scenario with all statements of another beside its own; nothing is replaced."""
        return together(self, more)

    def conflicts(self, patch: Scenario) -> list[str]:
        """Statements of this scenario that a patch would override, in German sentences."""
        return conflicts(self, patch)

    def undo(self, patch: Scenario) -> Scenario:
        """The patch that takes a patch back: ``(a | b) | a.undo(b) == a``."""
        return undo(self, patch)

    def diff(self, other: Scenario) -> str:
        """What another scenario says differently, in words."""
        return difference(self, other)

    def renamed(self, name: str, title: str = "") -> Scenario:
        """The same assumptions under another name."""
        return self.model_copy(update={"name": name, "title": title or self.title}).detached()

    def detached(self) -> Scenario:
        """The same scenario without its document, whose lines no longer fit."""
        copy = self.model_copy()
        copy._origin = None
        return copy

    def place(self, *path: str | int) -> str:
        """Where a statement stands: file, line and path, as far as they are known."""
        origin = self._origin or Document({})
        return f"Szenario »{self.name}«, {origin.where(path)}"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Scenario) and self.digest == other.digest

    def __hash__(self) -> int:
        return hash(self.digest)


def _sorted(value: Any) -> Any:
    """Statements in an order of their own, because their order means nothing."""
    if not isinstance(value, list):
        return value
    return sorted(value, key=lambda statement: json.dumps(statement, ensure_ascii=False, sort_keys=True))
