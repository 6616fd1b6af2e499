"""What of a statement has no effect in a run: refused if nothing is left, told and kept if a part is lost."""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from dataclasses import dataclass

from zwkprognose.errors import ScenarioError, ScenarioWarning, ZwkError
from zwkprognose.german import counted

#: Persons from which on no decimals are told.
FEW = 10


@dataclass(frozen=True, slots=True)
class Verdict:
    """A statement, or a part of it, that changes nothing in the years, areas, groups and ages of a run.

    Attributes
    ----------
    place : str
        File, line and statement, or the name of an object of the call.
    message, remedy : str
        German: what is without effect, and what to do.
    persons : float, optional
        Persons concerned, as far as the statement names any.
    nothing_left : bool
        The whole statement is without effect.
    path : tuple
        Key and position of the statement in its document.
    """

    place: str
    message: str
    remedy: str
    persons: float | None = None
    nothing_left: bool = False
    path: tuple[str, int] = ("", 0)

    def __str__(self) -> str:
        if self.persons is None:
            return f"{self.place}: {self.message}"
        persons = round(self.persons, 0 if self.persons >= FEW else 1)
        return f"{self.place}: {self.message} Betroffen: {counted(persons, 'Person', 'Personen')}."


def rest_of(verdicts: Iterable[Verdict], error: type[ZwkError] = ScenarioError) -> tuple[Verdict, ...]:
    """Verdicts about parts; refuses if there is a statement of which nothing is left.

    Raises
    ------
    ZwkError
        Of the kind given; names every such statement.
    """
    found = tuple(verdicts)
    empty = [verdict for verdict in found if verdict.nothing_left]
    if empty:
        raise error("\n".join(map(str, empty)), remedy=empty[0].remedy)
    return found


def tell(verdicts: Iterable[Verdict]) -> None:
    """Warn of every verdict."""
    for verdict in verdicts:
        warnings.warn(f"{verdict} Was tun: {verdict.remedy}", ScenarioWarning, stacklevel=3)
