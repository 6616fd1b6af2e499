"""Levers as a scenario: a few numbers, by the names that documents use."""

from __future__ import annotations

from collections.abc import Mapping
from numbers import Real
from typing import TYPE_CHECKING, Any, get_args

import numpy as np

from zwkprognose.errors import ScenarioError
from zwkprognose.german import decimal
from zwkprognose.scenarios.documents import kind_of
from zwkprognose.scenarios.statements import Quantity

if TYPE_CHECKING:
    from zwkprognose.scenarios.scenario import Scenario

#: Levers beside the factors of the quantities → section of the document and key of the number.
_OTHERS = {"tfr": ("annahme", "ziel"), "halten": ("halten", "prozent"), "anziehen": ("anziehen", "personen")}
LEVERS = (*get_args(Quantity), *_OTHERS)
#: What a lever says at rest.
_NEUTRAL = {"annahme": ("faktor", 1.0), "halten": ("prozent", 0.0), "anziehen": ("personen", 0.0)}


def of_levers(levers: Mapping[str, float], *, name: str | None = None) -> Scenario:
    """The scenario that sets some levers and leaves everything else as it is.

    Parameters
    ----------
    levers : mapping of str to float
        Factors of ``geburten``, ``sterblichkeit``, ``zuzuege``, ``fortzuege``, ``umzuege``, ``einbuergerungen``;
        ``tfr`` in children per woman; ``halten`` in per cent of those who would leave and stay; ``anziehen`` in
        additional persons a year.
    name : str, optional
        Of the scenario; default: levers and numbers, such as ``zuzuege-1_1``.

    Raises
    ------
    ScenarioError
        If there is no such lever, or a number is impossible.

    Examples
    --------
    >>> print(of_levers({"zuzuege": 1.1, "halten": 5.0}).describe().splitlines()[2])
    – Die Zuzüge sind ab dem ersten Prognosejahr um 10 % höher als im Basiszeitraum.
    """
    from zwkprognose.scenarios.scenario import Scenario

    statements: dict[str, list[dict[str, Any]]] = {}
    for lever, number in levers.items():
        if isinstance(number, bool) or not isinstance(number, Real):
            raise ScenarioError(
                f"Hebel „{lever}“: Hier muss eine Zahl stehen, nicht {kind_of(number)}.",
                remedy=f"Zum Beispiel {{\"{lever}\": 1.1}} angeben.",
            )
        section, statement = _statement(lever, float(number))
        if _NEUTRAL[section] not in statement.items():  # a lever at rest is no statement
            statements.setdefault(section, []).append(statement)
    title = ", ".join(f"{lever} {decimal(number, 3)}" for lever, number in levers.items())
    return Scenario.from_document({"name": name or key_of(levers) or "hebel", "titel": title, **statements})


def key_of(levels: Mapping[str, float]) -> str:
    """The name of a combination, with every digit of its numbers: no two have the same, and none has an exponent."""
    numbers = {name: np.format_float_positional(value, trim="-") for name, value in levels.items()}
    return "_".join(f"{name}-{number}".replace(".", "_") for name, number in numbers.items())


def _statement(lever: str, number: float) -> tuple[str, dict[str, Any]]:
    if lever not in LEVERS:
        raise ScenarioError(f"Einen Hebel „{lever}“ gibt es nicht.", remedy=f"Möglich sind {', '.join(LEVERS)}.")
    section, key = _OTHERS.get(lever, ("annahme", "faktor"))
    quantity = {"groesse": "geburten" if lever == "tfr" else lever} if section == "annahme" else {}
    return section, {**quantity, key: number}
