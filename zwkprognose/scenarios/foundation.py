"""A document that builds on another one: ``grundlage`` names it, the own statements are laid over it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from zwkprognose.errors import ScenarioError
from zwkprognose.scenarios.compose import ADDRESS, between, merged
from zwkprognose.scenarios.documents import Document, read_document
from zwkprognose.scenarios.statements import Statement

if TYPE_CHECKING:
    from zwkprognose.scenarios.scenario import Scenario

Statements = tuple[Statement, ...]


def foundation_of(own: Scenario, document: Document, chain: tuple[Path, ...] = ()) -> Scenario:
    """The scenario that a document names as its ``grundlage``: a bundled one, or a file beside the document.

    Parameters
    ----------
    own : Scenario
        As the document says it, with ``foundation``.
    document : Document
        Relative paths begin in its folder.
    chain : tuple of Path
        Documents that build on this one.

    Raises
    ------
    ScenarioError
        If there is no such scenario or file, or the documents build on each other in a circle.
    """
    name, place = own.foundation or "", document.where(("grundlage",))
    try:
        if not name.endswith((".toml", ".json")):
            return type(own).bundled(name)
        path = document.folder / name
        _refuse_circle(path, (*chain, Path(document.file)), place)
        return type(own).read(read_document(path), (*chain, Path(document.file)))
    except ScenarioError as error:
        if place in error.message:
            raise
        raise ScenarioError(f"{place}: {error.message}", remedy=error.remedy) from None


def laid_over(base: Scenario, own: Scenario) -> Scenario:
    """``base | own`` with the head of the own document and its statements first, where its lines are found.

    The text names the foundation, because every report and every folder of results carries the text.
    """
    whole = merged(base, own)
    fields: dict[str, Any] = {name: _own_first(getattr(own, name), getattr(whole, name)) for name in ADDRESS}
    fields["text"] = f"{own.text}{_mention(base)}" if own.text else _mention(base).strip()
    return own.model_copy(update={**fields, "area_types": whole.area_types, "removals": (), "foundation": None})


def patch_of(whole: Scenario, base: Scenario, own: Scenario) -> Scenario:
    """What a document with a ``grundlage`` has to say so that it means ``whole``; what it says already stays."""
    patch = between(base, whole)
    fields: dict[str, Any] = {name: _own_first(_kept(own, whole, name), getattr(patch, name)) for name in ADDRESS} | {
        "text": f" {whole.text}".removesuffix(_mention(base))[1:]
    }
    types = {name: areas for name, areas in whole.area_types.items() if name not in base.area_types}
    return whole.model_copy(
        update={**fields, "area_types": types, "removals": patch.removals, "foundation": own.foundation}
    )


def _mention(base: Scenario) -> str:
    return f" (Grundlage: {base.title or base.name}.)"


def _kept(own: Scenario, whole: Scenario, name: str) -> Statements:
    """Statements of the own document that still hold."""
    gone = _without(getattr(own, name), getattr(whole, name))
    return _without(getattr(own, name), gone)


def _own_first(own: Statements, whole: Statements) -> Statements:
    return (*own, *_without(whole, own))


def _without(statements: Statements, taken: Statements) -> Statements:
    """Statements less those taken; what is said twice has to be taken twice."""
    left = list(statements)
    for statement in taken:
        if statement in left:
            left.remove(statement)
    return tuple(left)


def _refuse_circle(path: Path, chain: tuple[Path, ...], place: str) -> None:
    if path.resolve() in [earlier.resolve() for earlier in chain]:
        names = " → ".join(f"„{part.name}“" for part in (*chain, path) if part.name)
        raise ScenarioError(
            f"{place}: Die Grundlagen drehen sich im Kreis: {names}.",
            remedy="Eine der Dateien ohne „grundlage“ schreiben.",
        )
