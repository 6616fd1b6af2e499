"""Small values that documents write in German: age bands, sexes, groups, years, shares."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from numbers import Integral
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, PlainSerializer, WithJsonSchema

from zwkprognose.german import stated
from zwkprognose.names import LAST_YEAR

#: First and last completed age, the last one included; ``None`` is open.
AgeBand = tuple[int, int | None]
#: Instead of a year: a number that holds in all of them.
EVERY_YEAR = 0

NO_AGES = "ist keine Altersangabe; richtig sind zum Beispiel „18-29“, „65+“ oder 18"
_SEXES = {"w": "female", "m": "male", "weiblich": "female", "männlich": "male", "female": "female", "male": "male"}
_GROUPS = {"D": "german", "A": "foreign", "deutsch": "german", "nichtdeutsch": "foreign"}
_SEX_SIGNS = {"female": "w", "male": "m"}
GROUP_SIGNS = {"german": "D", "foreign": "A"}


def parse_ages(value: Any) -> Any:
    """``"18-29"``, ``"65+"``, ``"18"`` or ``18`` as a band of completed ages.

    Examples
    --------
    >>> parse_ages("18-29"), parse_ages("65+"), parse_ages(18)
    ((18, 29), (65, None), (18, 18))
    """
    if isinstance(value, tuple | list) and len(value) == 2:
        if not all(_is_age(part) for part in value[: 1 if value[1] is None else 2]):
            raise ValueError(f"„{', '.join(map(str, value))}“ {NO_AGES}")
        return _ordered(value[0], value[1])
    match = re.fullmatch(r"\s*(\d{1,3})\s*(?:(\+)|(?:[-–]|bis)\s*(\d{1,3}))?\s*", str(value))
    if not match or isinstance(value, bool | float):
        raise ValueError(f"„{value}“ {NO_AGES}")
    first = int(match[1])
    if match[2]:
        return _ordered(first, None)
    return _ordered(first, int(match[3]) if match[3] else first)


def _is_age(value: Any) -> bool:
    return isinstance(value, Integral) and not isinstance(value, bool) and 0 <= int(value) < 1000


def ages_text(ages: AgeBand) -> str:
    """The band as a document writes it.

    Examples
    --------
    >>> ages_text((18, 29)), ages_text((65, None))
    ('18-29', '65+')
    """
    first, last = ages
    return f"{first}+" if last is None else f"{first}-{last}"


def parse_sex(value: Any) -> Any:
    """``w`` and ``m`` as the coordinates of the arrays."""
    if not isinstance(value, str) or value not in _SEXES:
        raise ValueError(f"„{value}“ ist kein Geschlecht; möglich sind „w“ und „m“")
    return _SEXES[value]


def parse_group(value: Any) -> Any:
    """``D`` and ``A`` as the coordinates of the arrays; a group of other tables keeps its own name."""
    return _GROUPS.get(value, value) if isinstance(value, str) else value


def as_tuple(value: Any) -> Any:
    """A single text counts as a list of one."""
    return (value,) if isinstance(value, str) else value


def sum_to_one(shares: Any) -> Any:
    """Refuse shares that do not sum to one."""
    total = sum(shares.values() if isinstance(shares, dict) else shares)
    if abs(total - 1) > 1e-6:
        raise ValueError(f"die Anteile ergeben zusammen {stated(total)}, nicht 1")
    return shares


def _ordered(first: Any, last: Any) -> AgeBand:
    if last is not None and last < first:
        raise ValueError(f"das Ende der Altersspanne ({last}) liegt vor ihrem Anfang ({first})")
    return first, last


def crossing_bands(bands: Sequence[AgeBand]) -> tuple[AgeBand, AgeBand] | None:
    """Two age bands that have an age in common, if there are any.

    >>> crossing_bands([(0, 17), (18, 29), (25, None)]), crossing_bands([(0, 17), (18, None)])
    (((18, 29), (25, None)), None)
    """
    pairs = pairwise(sorted(bands, key=lambda band: band[0]))
    return next(((one, two) for one, two in pairs if one[1] is None or one[1] >= two[0]), None)


def _age_keys(shares: Any) -> Any:
    crossing = crossing_bands([parse_ages(key) for key in shares])
    if crossing:
        one, two = map(ages_text, crossing)
        raise ValueError(f"die Altersspannen {one} und {two} überschneiden sich")
    return shares


def _year_keys(value: Any) -> Any:
    """TOML keys are texts: ``{2028 = 120}`` arrives as ``{"2028": 120}``."""
    if not isinstance(value, dict):
        return value
    wrong = [key for key in value if not re.fullmatch(r"(19|2[0-2])\d\d", str(key))]
    if wrong:
        raise ValueError(f"„{wrong[0]}“ ist kein Jahr; richtig ist zum Beispiel {{ 2028 = 120 }}")
    return {int(key): number for key, number in sorted(value.items(), key=lambda item: int(item[0]))}


def _per_year(value: Any) -> Any:
    """A number alone holds in every year."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return {EVERY_YEAR: float(value)}
    if isinstance(value, dict) and list(value) == [EVERY_YEAR]:
        return value
    return _year_keys(value)


def _plain(values: dict[int, float]) -> Any:
    """As a document writes it: a number alone, or keys of text."""
    return values[EVERY_YEAR] if EVERY_YEAR in values else {str(year): number for year, number in values.items()}


Number = Annotated[float, Field(strict=True)]
Share = Annotated[float, Field(strict=True, ge=0, le=1)]
Year = Annotated[int, Field(ge=1900, le=LAST_YEAR, strict=True)]
Areas = Annotated[tuple[str, ...], BeforeValidator(as_tuple), Field(min_length=1)]
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
    PlainSerializer(lambda group: GROUP_SIGNS.get(group, group)),
    WithJsonSchema({"type": "string", "examples": ["D", "A"]}),
]
YearValues = Annotated[
    dict[int, Number],
    BeforeValidator(_year_keys),
    PlainSerializer(lambda values: {str(year): number for year, number in values.items()}),
    Field(min_length=1),
]
AgeShares = Annotated[
    dict[str, Share],
    AfterValidator(_age_keys),
    AfterValidator(sum_to_one),
    WithJsonSchema({"type": "object", "additionalProperties": {"type": "number"}, "examples": [{"0-17": 0.2}]}),
]
PerYear = Annotated[
    dict[int, Number],
    BeforeValidator(_per_year),
    PlainSerializer(_plain),
    Field(min_length=1),
    WithJsonSchema({"type": ["number", "object"], "additionalProperties": {"type": "number"}}),
]
YearShares = Annotated[tuple[Share, ...], AfterValidator(sum_to_one), Field(min_length=1)]
