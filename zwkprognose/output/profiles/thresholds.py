"""The document of thresholds: from which value on a figure counts as a strength or a weakness."""

from __future__ import annotations

from functools import cache
from importlib import resources
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, ConfigDict, Field, field_validator, model_validator

from zwkprognose.errors import ScenarioError
from zwkprognose.german import listed, number_text
from zwkprognose.output.profiles.indices import INDICES
from zwkprognose.scenarios.documents import read_document, validated
from zwkprognose.scenarios.statements import Statement


def _known(key: str) -> str:
    if key not in INDICES:
        raise ValueError(f"eine Kennzahl „{key}“ gibt es nicht; möglich sind {', '.join(INDICES)}")
    return key


class Rule(Statement):
    """One figure, what it is held against, and the values from which it is called strong or weak."""

    index: Annotated[str, AfterValidator(_known)] = Field(alias="kennzahl")
    against: Literal["wert", "gesamt", "median"] = Field("wert", alias="bezug")
    strong_from: float | None = Field(None, alias="staerke_ab")
    strong_to: float | None = Field(None, alias="staerke_bis")
    weak_from: float | None = Field(None, alias="schwaeche_ab")
    weak_to: float | None = Field(None, alias="schwaeche_bis")
    theme: str = Field(alias="thema", min_length=1)
    strength: str = Field("", alias="staerke")
    weakness: str = Field("", alias="schwaeche")

    @model_validator(mode="after")
    def _possible(self) -> Rule:
        strong, weak = (self.strong_from, self.strong_to), (self.weak_from, self.weak_to)
        if None not in strong or None not in weak:
            raise ValueError("eine Stärke oder Schwäche gilt ab einem Wert oder bis zu einem, nicht beides")
        if strong == weak == (None, None):
            raise ValueError("nennt keine Schwelle (staerke_ab, staerke_bis, schwaeche_ab, schwaeche_bis)")
        for name, limits, words in (("staerke", strong, self.strength), ("schwaeche", weak, self.weakness)):
            if limits != (None, None) and not words:
                raise ValueError(f"„{name}“ fehlt: die Worte, in denen das Urteil dasteht")
        if (strong[0] is not None and weak[0] is not None) or (strong[1] is not None and weak[1] is not None):
            raise ValueError("Stärke und Schwäche liegen auf derselben Seite")
        upper, lower = (strong[0], weak[1]) if strong[0] is not None else (weak[0], strong[1])
        if upper is not None and lower is not None and upper <= lower:
            raise ValueError("Stärke und Schwäche überschneiden sich")
        return self

    def limits(self) -> tuple[tuple[bool, float], ...]:
        """Every threshold: whether it marks a strength, and where it lies."""
        sides = ((True, self.strong_from), (True, self.strong_to), (False, self.weak_from), (False, self.weak_to))
        return tuple((strong, limit) for strong, limit in sides if limit is not None)

    def judged(self, value: float) -> bool | None:
        """True: a strength; False: a weakness; None: neither."""
        if (self.strong_from is not None and value >= self.strong_from) or (
            self.strong_to is not None and value <= self.strong_to
        ):
            return True
        if (self.weak_from is not None and value >= self.weak_from) or (
            self.weak_to is not None and value <= self.weak_to
        ):
            return False
        return None

    def said(self, strong: bool, place: str) -> str:
        """The threshold of a verdict in words; ``place``: what the figure is held against."""
        low, high = (self.strong_from, self.strong_to) if strong else (self.weak_from, self.weak_to)
        index, limit = INDICES[self.index], float(low if low is not None else high or 0.0)
        if self.against == "wert":
            sign = "+" if index.signed and limit > 0 else ""
            unit = "\u202f%" if index.unit == "%" else ""
            return f"{'ab' if low is not None else 'bis'} {sign}{number_text(limit)}{unit}"
        if low is not None and limit > 0:
            return f"ab {number_text(limit)} über {place}"
        if low is None and limit < 0:
            return f"ab {number_text(-limit)} unter {place}"
        return f"Abstand {'ab' if low is not None else 'bis'} {number_text(limit)}"


class Thresholds(Statement):
    """All rules by which strengths and weaknesses are named."""

    model_config = ConfigDict(title="Schwellen")

    title: str = Field("", alias="titel")
    rules: tuple[Rule, ...] = Field(alias="regel", min_length=1)

    @field_validator("rules")
    @classmethod
    def _once(cls, rules: tuple[Rule, ...]) -> tuple[Rule, ...]:
        seen = [rule.index for rule in rules]
        twice = sorted({key for key in seen if seen.count(key) > 1})
        if twice:
            raise ValueError(f"{listed(twice)}: jede Kennzahl hat höchstens eine Regel")
        return rules


def read_thresholds(source: str | Path) -> Thresholds:
    """A document of thresholds: path or text.

    Raises
    ------
    ScenarioError
        Names line and statement of every mistake.
    """
    return validated(Thresholds, read_document(source))


@cache
def default_thresholds() -> Thresholds:
    """The thresholds that come with the package."""
    return read_thresholds(default_text())


def default_text() -> str:
    """The document that comes with the package, to copy and to edit."""
    return resources.files("zwkprognose.output").joinpath("data", "schwellen.toml").read_text(encoding="utf-8")


def thresholds_of(given: Thresholds | str | Path | None) -> Thresholds:
    """Thresholds as they are, from a document, or those of the package."""
    if given is None:
        return default_thresholds()
    if isinstance(given, Thresholds):
        return given
    if not isinstance(given, str | Path):
        raise ScenarioError(
            "Schwellen werden als Pfad oder Text eines Dokuments angegeben.",
            remedy="Das mitgelieferte Dokument kopieren und ändern, oder nichts angeben.",
        )
    return read_thresholds(given)

