"""Write plain documents as TOML (the standard library only reads it)."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Mapping
from typing import Any


def to_toml(document: Mapping[str, Any]) -> str:
    """TOML text of a nested document of texts, numbers, dates, lists and tables.

    Keys without a value (``None``) are left out, because TOML knows no empty value.

    Examples
    --------
    >>> print(to_toml({"name": "hafen", "annahme": [{"groesse": "zuzuege", "prozent": -50.0}]}))
    name = "hafen"
    <BLANKLINE>
    [[annahme]]
    groesse = "zuzuege"
    prozent = -50.0
    <BLANKLINE>
    """
    return "\n".join(_lines(document, ())).strip() + "\n"


def _lines(table: Mapping[str, Any], path: tuple[str, ...]) -> list[str]:
    """Values of a table first, then its sub-tables, as TOML demands."""
    lines = [f"{_key(key)} = {inline(value)}" for key, value in table.items() if _is_value(value)]
    for key, value in table.items():
        name = (*path, _key(key))
        if isinstance(value, Mapping):
            lines += ["", f"[{'.'.join(name)}]", *_lines(value, name)]
        elif _is_table_array(value):
            for element in value:
                lines += ["", f"[[{'.'.join(name)}]]", *_lines(element, name)]
    return lines


def _is_value(value: Any) -> bool:
    return value is not None and not isinstance(value, Mapping) and not _is_table_array(value)


def _is_table_array(value: Any) -> bool:
    return isinstance(value, list | tuple) and len(value) > 0 and all(isinstance(v, Mapping) for v in value)


def _key(key: str) -> str:
    return key if re.fullmatch(r"[A-Za-z0-9_-]+", key) else json.dumps(key, ensure_ascii=False)


def inline(value: Any) -> str:
    """A value as it stands behind a key."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, list | tuple):
        return "[" + ", ".join(inline(v) for v in value) + "]"
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{_key(k)} = {inline(v)}" for k, v in value.items() if v is not None) + " }"
    return _string(str(value))


def _string(text: str) -> str:
    """Long texts over several lines, all others in one; JSON's escapes are TOML's as well."""
    if "\n" in text:
        body = "\n".join(json.dumps(line, ensure_ascii=False)[1:-1] for line in text.split("\n"))
        return f'"""\n{body}"""'
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
