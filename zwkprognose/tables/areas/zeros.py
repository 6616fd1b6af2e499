"""Give keys back the leading zeros that a spreadsheet ate; explicit, because a width must be known."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from zwkprognose.errors import TableError
from zwkprognose.tables.areas.keys import pad_keys, with_zero, zeros_all_lost
from zwkprognose.tables.require import require_table
from zwkprognose.tables.table import Table


def lost_zero(wanted: Iterable[str], given: Iterable[str]) -> str:
    """What to say where keys that are missing and keys that nobody knows differ by zeros in front; empty otherwise.

    The one wording for all doors: tables, inputs, and what is said of areas beside them.

    >>> lost_zero(["01", "02"], ["1", "2"]), lost_zero(["01"], ["03", "Mitte"])
    ('Fehlt die führende Null (1 statt 01)? Die Schlüssel als Text speichern.', '')
    """
    keys = set(wanted)
    widths = dict.fromkeys(sorted(map(len, keys)))
    padded = ((key, key.zfill(width)) for key in given if key.isdigit() for width in widths if width > len(key))
    short, meant = next((pair for pair in padded if pair[1] in keys), ("", ""))
    return f"Fehlt die führende Null ({short} statt {meant})? Die Schlüssel als Text speichern." if short else ""


def restore_zeros(table: Table, *, width: int) -> Table:
    """Fill keys of digits with leading zeros up to ``width`` (5 for a Kreis, 8 for a Gemeinde).

    In a table of several levels (Land 8, Kreis 8111, Gemeinde 8111000) every official key gets its own zero back.

    Raises
    ------
    TableError
        If two keys become one, or a key is longer than ``width``.
    """
    table = require_table(table)
    if not isinstance(width, int) or not 2 <= width <= 12:
        raise TableError(f"width={width!r} ist keine Stellenzahl.", remedy="Eine ganze Zahl von 2 bis 12 angeben.")
    keys = [key for key in table.cells["area"].unique() if key]
    padded = {key: with_zero(key) for key in keys} if _are_levels(keys, width) else _filled(keys, width)
    clashing = [key for key in keys if padded[key] != key and padded[key] in keys]
    longer = [key for key in keys if key.isdigit() and len(key) > width]
    if clashing or longer:
        raise TableError(
            f"Die Schlüssel lassen sich nicht auf {width} Stellen bringen.",
            cells=[{"area": key} for key in (clashing or longer)[:50]],
            remedy="Prüfen, ob die Tabelle Schlüssel verschiedener Ebenen enthält.",
        )
    cells = table.cells.assign(
        area=table.cells["area"].map(lambda key: padded.get(key, key)),
        destination=table.cells["destination"].map(lambda key: padded.get(key, key)),
    )
    note = f"Schlüssel sind mit führenden Nullen auf {width} Stellen ergänzt."
    return table.with_cells(cells, replace(table.source, notes=(*table.source.notes, note)))


def _filled(keys: list[str], width: int) -> dict[str, str]:
    return dict(zip(keys, pad_keys(keys, width), strict=True))


def _are_levels(keys: list[str], width: int) -> bool:
    """Whether official keys of several levels, the longest of them of this width, all lost one zero."""
    longest = [key for key in keys if len(key) == width - 1]
    shorter = [key for key in keys if len(key) < width - 1]
    return bool(longest and shorter) and zeros_all_lost(longest) and all(with_zero(key) != key for key in shorter)
