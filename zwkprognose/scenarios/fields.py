"""Small values that documents write in German: age bands, sexes, groups."""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import BeforeValidator, PlainSerializer, WithJsonSchema

#: First and last completed age, the last one included; ``None`` is open.
AgeBand = tuple[int, int | None]

_SEXES = {"w": "female", "m": "male", "weiblich": "female", "männlich": "male", "female": "female", "male": "male"}
_GROUPS = {"D": "german", "A": "foreign", "deutsch": "german", "nichtdeutsch": "foreign"}
_SEX_SIGNS = {"female": "w", "male": "m"}
_GROUP_SIGNS = {"german": "D", "foreign": "A"}


def parse_ages(value: Any) -> Any:
    """``"18-29"``, ``"65+"``, ``"18"`` or ``18`` as a band of completed ages.

    Examples
    --------
    >>> parse_ages("18-29"), parse_ages("65+"), parse_ages(18)
    ((18, 29), (65, None), (18, 18))
    """
    if isinstance(value, tuple | list) and len(value) == 2:
        return _checked(value[0], value[1])
    match = re.fullmatch(r"\s*(\d{1,3})\s*(?:(\+)|(?:[-–]|bis)\s*(\d{1,3}))?\s*", str(value))
    if not match or isinstance(value, bool | float):
        raise ValueError(f'{value!r} ist keine Altersangabe; richtig sind zum Beispiel "18-29", "65+" oder 18')
    first = int(match[1])
    if match[2]:
        return _checked(first, None)
    return _checked(first, int(match[3]) if match[3] else first)


def ages_text(ages: AgeBand) -> str:
    """The band as a document writes it.

    Examples
    --------
    >>> ages_text((18, 29)), ages_text((65, None))
    ('18-29', '65+')
    """
    first, last = ages
    return f"{first}+" if last is None else f"{first}-{last}"


def _checked(first: Any, last: Any) -> AgeBand:
    if last is not None and last < first:
        raise ValueError(f"das Ende der Altersspanne ({last}) liegt vor ihrem Anfang ({first})")
    return first, last


def parse_sex(value: Any) -> Any:
    """``w`` and ``m`` as the coordinates of the arrays."""
    if value not in _SEXES:
        raise ValueError(f'{value!r} ist kein Geschlecht; möglich sind "w" und "m"')
    return _SEXES[value]


def parse_group(value: Any) -> Any:
    """``D`` and ``A`` as the coordinates of the arrays; a group of other tables keeps its own name."""
    return _GROUPS.get(value, value) if isinstance(value, str) else value


Ages = Annotated[
    AgeBand,
    BeforeValidator(parse_ages),
    PlainSerializer(ages_text),
    WithJsonSchema({"type": ["string", "integer"], "examples": ["18-29", "65+", 18]}),
]
Sex = Annotated[
    str,
    BeforeValidator(parse_sex),
    PlainSerializer(lambda sex: _SEX_SIGNS[sex]),
    WithJsonSchema({"type": "string", "enum": ["w", "m"]}),
]
Group = Annotated[
    str,
    BeforeValidator(parse_group),
    PlainSerializer(lambda group: _GROUP_SIGNS.get(group, group)),
    WithJsonSchema({"type": "string", "examples": ["D", "A"]}),
]
