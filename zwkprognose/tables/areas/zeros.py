"""Give keys back the leading zeros that a spreadsheet ate; explicit, because a width must be known."""

from __future__ import annotations

from dataclasses import replace

from zwkprognose.errors import TableError
from zwkprognose.tables.areas.keys import pad_keys
from zwkprognose.tables.require import require_table
from zwkprognose.tables.table import Table


def restore_zeros(table: Table, *, width: int) -> Table:
    """Fill keys of digits with leading zeros up to ``width`` (5 for a Kreis, 8 for a Gemeinde).

    Raises
    ------
    TableError
        If two keys become one, or a key is longer than ``width``.
    """
    keys = [key for key in require_table(table).cells["area"].unique() if key]
    padded = dict(zip(keys, pad_keys(keys, width), strict=True))
    clashing = [key for key in keys if padded[key] != key and padded[key] in keys]
    longer = [key for key in keys if key.isdigit() and len(key) > width]
    if clashing or longer:
        raise TableError(
            f"Die Schlüssel lassen sich nicht auf {width} Stellen bringen.",
            cells=[{"area": key} for key in (clashing or longer)[:50]],
            remedy="Prüfen Sie, ob die Tabelle Schlüssel verschiedener Ebenen enthält.",
        )
    cells = table.cells.assign(
        area=table.cells["area"].map(lambda key: padded.get(key, key)),
        destination=table.cells["destination"].map(lambda key: padded.get(key, key)),
    )
    note = f"Schlüssel sind mit führenden Nullen auf {width} Stellen ergänzt."
    return table.with_cells(cells, replace(table.source, notes=(*table.source.notes, note)))
