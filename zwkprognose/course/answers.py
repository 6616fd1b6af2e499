"""Look at an answer: right, or a hint at what was probably done; whatever it is, the notebook runs on."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from html import escape
from importlib import import_module
from typing import Any

from zwkprognose.german import listed, number_text
from zwkprognose.inputs.handed import handed

#: Units of the course that have tasks.
UNITS = ("t1", "t2", "t3", "t4", "t5", "t6", "t7", "t8")


@dataclass(frozen=True)
class Task:
    """What is asked.

    Attributes
    ----------
    solution : callable
        Computes the right answer, a number or a text.
    hint : str
        What to look at when an answer is wrong in a way nobody thought of.
    mistakes : tuple of (callable, str)
        Answers that a usual mistake leads to, each with what to say then.
    within : float
        How far off a number may be.
    year : bool
        Whether the number is a year, which is written without a point.
    """

    solution: Callable[[], float | str]
    hint: str
    mistakes: tuple[tuple[Callable[[], float | str], str], ...] = ()
    within: float = 0.5
    year: bool = False


@dataclass(frozen=True)
class Reply:
    """What is said to an answer; a notebook shows it."""

    right: bool
    text: str

    def __str__(self) -> str:
        return self.text

    __repr__ = __str__

    def _repr_html_(self) -> str:
        mark = "✓" if self.right else "→"
        return f"<p><strong>{mark}</strong> {escape(self.text)}</p>"


def answer(task: str, given: object = ...) -> Reply:
    """Look at an answer of the course.

    Parameters
    ----------
    task : str
        Number of the task, such as ``"T1.2"``.
    given
        A number or a text; anything else, or nothing, gets a hint too.

    Returns
    -------
    Reply
        Whether it is right, and what to say. Nothing is raised.

    Examples
    --------
    >>> answer("T1.3", 34)
    Noch nicht. Am 31.12. haben alle in diesem Jahr schon Geburtstag gehabt: Jahr minus Geburtsjahr, ohne eins dazu.
    """
    known = tasks()
    asked = known.get(task) if isinstance(task, str) else None
    if asked is None:
        return Reply(False, f"Diese Aufgabe gibt es nicht. Möglich sind {listed(known)}.")
    if given is ... or given is None:
        return Reply(False, "Noch keine Antwort: die drei Punkte ersetzen und die Zelle ausführen.")
    wanted = asked.solution()
    value = _plain(given, wanted)
    if value is None:
        kind = "eine Zahl" if isinstance(wanted, float | int) else "ein Text"
        return Reply(False, f"Gefragt ist {kind}; da steht {handed(given)}. {asked.hint}")
    if _same(value, wanted, asked.within):
        return Reply(True, f"Richtig: {_shown(asked, wanted)}.")
    said = next((text for wrong, text in asked.mistakes if _same(value, wrong(), asked.within)), asked.hint)
    return Reply(False, f"Noch nicht. {said}")


@cache
def tasks() -> dict[str, Task]:
    """All tasks of the course by number."""
    return {key: task for unit in UNITS for key, task in import_module(f"zwkprognose.course.{unit}").TASKS.items()}


def _plain(given: Any, wanted: float | str) -> float | str | None:
    """The answer as number or text, as the task wants it; ``None`` if it is neither."""
    if isinstance(wanted, str):
        return " ".join(given.split()).casefold() if isinstance(given, str) and given.strip() else None
    if isinstance(given, str):
        given = given.strip().removesuffix("%").strip().replace(".", "").replace(",", ".")
    if isinstance(given, bool | bytes | bytearray):
        return None
    try:
        value = float(given)
    except (TypeError, ValueError, OverflowError):
        return None
    return value if math.isfinite(value) else None


def _shown(asked: Task, wanted: float | str) -> str:
    """The right answer as it is said."""
    if isinstance(wanted, str):
        return wanted
    return str(round(wanted)) if asked.year else number_text(round(float(wanted), 3 if 0 < asked.within < 0.05 else 1))


def _same(value: float | str, wanted: float | str, within: float) -> bool:
    if isinstance(wanted, str) or isinstance(value, str):
        return str(value) == str(wanted).casefold()
    return abs(value - wanted) <= within
