"""The colours of the report, for pictures that are drawn elsewhere: said in its style sheet, read from there."""

from __future__ import annotations

import re
from functools import cache
from importlib import resources

_VARIABLE = re.compile(r"--([\w-]+):\s*(#[0-9a-fA-F]{3,6})")
_CLASS = re.compile(r"\.([ck](?:\d|-none)) \{ fill: (#[0-9a-fA-F]{3,6})")
_LINE = re.compile(r"polyline\.l(\d) \{ stroke: ([^;]+);(?: stroke-dasharray: ([\d ]+);)?")


def colour(name: str) -> str:
    """A colour by its name in the style sheet: ``ink``, ``blue`` …, components ``c0`` …, classes of maps ``k0`` ….

    Examples
    --------
    >>> colour("blue"), colour("k-none")
    ('#0072b2', '#ffffff')
    """
    return _colours()[name]


def line_styles() -> tuple[tuple[str, tuple[float, ...]], ...]:
    """Colour and dashes (line and gap by turns, empty for a whole line) of the main scenario and of the others."""
    found = sorted(_LINE.findall(_sheet()))
    return tuple((_valued(said), tuple(map(float, dashes.split()))) for _, said, dashes in found)


@cache
def _colours() -> dict[str, str]:
    sheet = _sheet()
    return {name: _long(value) for pattern in (_VARIABLE, _CLASS) for name, value in pattern.findall(sheet)}


def _valued(said: str) -> str:
    """What ``var(--blue)`` or a colour stands for."""
    name = said.removeprefix("var(--").removesuffix(")")
    return _long(said) if said.startswith("#") else colour(name)


def _long(value: str) -> str:
    """``#fff`` as ``#ffffff``."""
    return value if len(value) == 7 else "#" + "".join(2 * figure for figure in value[1:])


@cache
def _sheet() -> str:
    return resources.files("zwkprognose.output").joinpath("templates", "report.css").read_text(encoding="utf-8")
