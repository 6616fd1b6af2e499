"""Change a document that people wrote, and leave their comments, order and spelling where they are."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.util import find_spec
from typing import Any

from zwkprognose.errors import MissingExtraError

#: What makes two statements of a list the same one with another value.
_IDENTITY = ("groesse", "name", "gebiet", "gebiete", "staatsangehoerigkeit", "geschlecht", "alter", "von")


def rewritten(text: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> str:
    r"""The TOML text with the difference between two contents.

    Parameters
    ----------
    text : str
        The document as written by hand.
    before : mapping
        Its content, German keys; what is default may be left out.
    after : mapping
        Its new content.

    Returns
    -------
    str
        Only what changed is written anew; everything else, comments included, stays byte for byte.

    Raises
    ------
    MissingExtraError
        Without the package tomlkit.

    Examples
    --------
    >>> print(rewritten("# Beschluss\nname = 'a'  # kurz\n", {"name": "a"}, {"name": "b"}))
    # Beschluss
    name = "b"  # kurz
    <BLANKLINE>
    """
    if find_spec("tomlkit") is None:
        raise MissingExtraError(
            "Um Kommentare zu erhalten, wird das Paket tomlkit gebraucht.", remedy="pip install tomlkit"
        )
    import tomlkit

    written = tomlkit.parse(text)
    _update(written, before, after)
    return tomlkit.dumps(written)


def _update(table: Any, before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
    """Carry the difference of two contents into a table; what is equal is not touched."""
    for key in [key for key in before if key not in after]:
        del table[key]
    for key, value in after.items():
        old = before.get(key)
        if old == value:
            continue
        if _is_statements(value):
            table[key] = _statements(table.get(key, []), old or [], value)
        elif isinstance(value, Mapping) and isinstance(old, Mapping):
            _update(table[key], old, value)
        else:
            table[key] = value


def _statements(written: Any, before: list[Mapping[str, Any]], after: list[Mapping[str, Any]]) -> Any:
    """Array of tables in which the statements that stay keep their comments."""
    import tomlkit

    left = list(zip(written, before, strict=True))
    array = tomlkit.aot()
    for statement in after:
        match = next((pair for pair in left if _same(pair[1], statement)), None)
        if match is None:
            array.append(_new_table(statement))
        else:
            left.remove(match)
            _update(*match, statement)
            array.append(match[0])
    return array


def _new_table(statement: Mapping[str, Any]) -> Any:
    import tomlkit

    table = tomlkit.table()
    for key, value in statement.items():
        table[key] = value
    return table


def _same(old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    return all(old.get(key) == new.get(key) for key in _IDENTITY)


def _is_statements(value: Any) -> bool:
    return isinstance(value, list) and len(value) > 0 and all(isinstance(v, Mapping) for v in value)
