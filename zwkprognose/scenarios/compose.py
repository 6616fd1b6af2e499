"""Put scenarios together: base and patch, what a patch overrides, how to undo it, and differences in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Literal

from pydantic import ConfigDict, Field

from zwkprognose.errors import ScenarioError
from zwkprognose.scenarios.statements import Statement

if TYPE_CHECKING:
    from zwkprognose.scenarios.scenario import Scenario

#: Field of a scenario → what identifies a statement of it: two statements with the same address replace
#: each other, all others stand side by side.
ADDRESS: dict[str, tuple[str, ...]] = {
    "assumptions": ("quantity", "areas", "nationality", "sex", "ages", "first_year"),
    "retention": ("areas", "nationality", "sex", "ages", "first_year"),
    "attraction": ("areas", "nationality", "sex", "ages", "first_year"),
    "shocks": ("name",),
    "housing": ("name", "area"),
    "facilities": ("name", "area"),
    "controls": ("areas", "nationality", "sex", "ages"),
}
HEAD = ("name", "title", "text", "author", "date")

Address = tuple[Any, ...]


class Removal(Statement):
    """A statement of the base that a patch takes away, named by its address."""

    model_config = ConfigDict(title="Streichung")

    kind: Literal["annahme", "halten", "anziehen", "ereignis", "erstbezug", "sondergruppe", "eckwert"] = Field(
        alias="art"
    )
    statement: dict[str, Any] = Field(alias="angabe")


def merged(base: Scenario, patch: Scenario) -> Scenario:
    """``base | patch``: the head of the base, its statements, and those of the patch.

    A statement of the patch replaces that of the base with the same address (quantity, whom, from when; or
    name) in its place, every other one is appended; then the patch's removals are taken out.

    Raises
    ------
    ScenarioError
        If a removal names a statement that is not there, or both define a type of areas differently.
    """
    fields: dict[str, Any] = {name: _joined(name, base, patch) for name in ADDRESS}
    fields["area_types"] = _joined_types(base, patch)
    fields["removals"] = base.removals
    return _without(base.model_copy(update=fields).detached(), patch)


def together(one: Scenario, other: Scenario) -> Scenario:
    """The head of the first scenario and the statements of both, side by side."""
    fields: dict[str, Any] = {name: (*getattr(one, name), *getattr(other, name)) for name in ADDRESS}
    fields["area_types"] = _joined_types(one, other)
    return one.model_copy(update=fields).detached()


def undo(base: Scenario, patch: Scenario) -> Scenario:
    """The patch that takes ``patch`` back: ``(base | patch) | undo(base, patch) == base``."""
    back = between(merged(base, patch), base)
    return back.model_copy(update={head: getattr(patch, head) for head in HEAD})


def between(first: Scenario, second: Scenario) -> Scenario:
    """The patch that leads from the statements of one scenario to those of another, with the head of the latter."""
    fields: dict[str, Any] = {}
    removals: list[Removal] = []
    for field in ADDRESS:
        before, after = _by_address(field, first), _by_address(field, second)
        fields[field] = _said_again(field, after, [address for address, s in after.items() if before.get(address) != s])
        removals += [removal(field, s) for address, s in before.items() if address not in after]
    return second.model_copy(update={**fields, "area_types": {}, "removals": tuple(removals)}).detached()


def conflicts(base: Scenario, patch: Scenario) -> list[str]:
    """German sentences about every statement of the base that the patch overrides with another value."""
    sentences = []
    for field in ADDRESS:
        mine, theirs = _by_address(field, base), _by_address(field, patch)
        for address, statement in theirs.items():
            if address in mine and mine[address] != statement:
                before, after = _sentence(mine[address]), _sentence(statement)
                sentences.append(f"„{patch.name}“ ersetzt „{before}“ durch „{after}“")
    return sentences


def difference(first: Scenario, second: Scenario) -> str:
    """What the second scenario says differently, in words."""
    lines = [_head_line(name, first, second) for name in HEAD if getattr(first, name) != getattr(second, name)]
    for field in ADDRESS:
        lines += _field_lines(_by_address(field, first), _by_address(field, second))
    return "\n".join(lines) or "Die Szenarien sagen dasselbe."


def removal(field: str, statement: Statement) -> Removal:
    """The removal of one statement."""
    return Removal.model_validate({"art": document_key(field), "angabe": _address_document(field, statement)})


def document_key(field: str) -> str:
    """German key of a field of the scenario."""
    from zwkprognose.scenarios.scenario import Scenario

    return str(Scenario.model_fields[field].alias)


def _field_lines(mine: Mapping[Address, Statement], theirs: Mapping[Address, Statement]) -> Iterator[str]:
    for address, statement in mine.items():
        if address not in theirs:
            yield f"Entfällt: {_sentence(statement)}"
        elif theirs[address] != statement:
            yield f"Geändert: {_sentence(statement)} → {_sentence(theirs[address])}"
    for address, statement in theirs.items():
        if address not in mine:
            yield f"Neu: {_sentence(statement)}"


def _head_line(name: str, first: Scenario, second: Scenario) -> str:
    from zwkprognose.scenarios.scenario import Scenario

    key = Scenario.model_fields[name].alias or name
    return f"{key}: {getattr(first, name) or '–'} → {getattr(second, name) or '–'}"


def _joined(field: str, base: Scenario, patch: Scenario) -> tuple[Statement, ...]:
    return tuple((_by_address(field, base) | _by_address(field, patch)).values())


def _joined_types(base: Scenario, patch: Scenario) -> dict[str, Any]:
    twice = [name for name, areas in patch.area_types.items() if base.area_types.get(name, areas) != areas]
    if twice:
        raise ScenarioError(
            f"Den Gebietstyp „{twice[0]}“ legen „{base.name}“ und „{patch.name}“ verschieden fest.",
            remedy="Einen der beiden anders nennen.",
        )
    return base.area_types | patch.area_types


def _without(scenario: Scenario, patch: Scenario) -> Scenario:
    """The scenario without the statements that the patch removes; of several alike each removal takes the last."""
    fields: dict[str, Any] = {}
    for index, gone in enumerate(patch.removals):
        field = field_of(gone.kind)
        kept = fields.get(field, getattr(scenario, field))
        named = [i for i, s in enumerate(kept) if _address_document(field, s) == gone.statement]
        if not named:
            raise ScenarioError(
                f"{patch.place('streichung', index)}: Eine solche Angabe steht nicht in „{scenario.called}“.",
                remedy=_to_strike(field, kept),
            )
        fields[field] = (*kept[: named[-1]], *kept[named[-1] + 1 :])
    return scenario.model_copy(update=fields)


def _to_strike(field: str, kept: Iterable[Statement]) -> str:
    """What could be taken away instead."""
    from zwkprognose.scenarios.toml import inline

    there = [inline(_address_document(field, statement)) for statement in kept]
    if not there:
        return f"Die Streichung weglassen: „{document_key(field)}“ kommt im Szenario nicht vor."
    return f"Als „angabe“ steht im Szenario: {' oder '.join(there)}."


def _by_address(field: str, scenario: Scenario) -> dict[Address, Statement]:
    """Statements of one kind under their addresses; a repeated address gets a number."""
    found: dict[Address, Statement] = {}
    for statement in _statements(scenario, field):
        address: Address = tuple(getattr(statement, name) for name in ADDRESS[field])
        count = sum(a[: len(address)] == address for a in found)
        found[(*address, count) if count else address] = statement
    return found


def _said_again(field: str, after: Mapping[Address, Statement], changed: Iterable[Address]) -> tuple[Statement, ...]:
    """The statements that changed, and of those said several times the earlier ones too: they are counted."""
    plain = len(ADDRESS[field])
    last = {address[:plain]: address for address in changed}
    return tuple(s for address, s in after.items() if address[:plain] in last and address <= last[address[:plain]])


def _statements(scenario: Scenario, field: str) -> Iterable[Statement]:
    statements: tuple[Statement, ...] = getattr(scenario, field)
    return statements


def _address_document(field: str, statement: Statement) -> dict[str, Any]:
    """The address as a document says it: German keys, plain values."""
    return statement.model_dump(mode="json", by_alias=True, exclude_none=True, include=set(ADDRESS[field]))


def field_of(key: str) -> str:
    """Field of the scenario behind a German key."""
    return next(field for field in ADDRESS if document_key(field) == key)


def _sentence(statement: Statement) -> str:
    from zwkprognose.scenarios.describe import sentence

    return sentence(statement).rstrip(".")
