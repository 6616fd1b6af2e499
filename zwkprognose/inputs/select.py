"""Which cells of a Table count: the areas asked for, parts instead of totals, numbers only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

from zwkprognose.errors import InputError
from zwkprognose.names import TOTAL, label

if TYPE_CHECKING:
    import pandas as pd

COUNTED = ("number", "zero")
#: Key of the whole country, which begins no other key.
GERMANY = "DG"


def select_areas(cells: pd.DataFrame, areas: str | Sequence[str] | None) -> pd.DataFrame:
    """Keep the areas whose key matches one of the patterns (``*`` and ``?`` as in file names).

    Raises
    ------
    InputError
        If a pattern matches nothing, or if without patterns the table mixes levels, so that people would
        be counted twice.
    """
    keys = cells["area"].unique().tolist()
    if areas is None:
        _refuse_mixed_levels(keys)
        return cells
    patterns = [areas] if isinstance(areas, str) else list(areas)
    matched = {p: [k for k in keys if fnmatchcase(k, p)] for p in patterns}
    empty = [p for p, found in matched.items() if not found]
    if empty:
        raise InputError(
            "Diese Gebiete gibt es in der Tabelle nicht: " + ", ".join(empty) + ".",
            remedy="Schlüssel prüfen (führende Null?). Vorhanden sind zum Beispiel: " + ", ".join(keys[:5]) + ".",
        )
    return cells[cells["area"].isin({k for found in matched.values() for k in found})]


def _refuse_mixed_levels(keys: list[str]) -> None:
    """A key that begins another one is its parent, and so is Germany: both together count people twice."""
    known = set(keys)
    if known == {str(n) for n in range(1, len(known) + 1)}:
        return  # areas that are counted 1, 2, …, 14: the 1 is not above the 14
    parents = sorted({k[:n] for k in keys for n in range(1, len(k)) if k[:n] in known})
    parents += [GERMANY] if GERMANY in known and len(known) > 1 else []
    if parents:
        lengths = Counter(map(len, keys))
        counts = ", ".join(f"{lengths[n]} mit {n} Stellen" for n in sorted(lengths))
        usual = lengths.most_common(1)[0][0]
        raise InputError(
            "Die Tabelle enthält Gebiete verschiedener Ebenen; Personen würden doppelt gezählt.",
            cells=[{"area": key} for key in parents],
            remedy=f"Mit areas= (in projekt.toml: gebiete =) eine Ebene wählen, zum Beispiel \"{'?' * usual}\". "
            f"Vorhandene Schlüssel: {counts}.",
        )


def refuse_nested(stocks: pd.DataFrame) -> None:
    """Refuse areas that are the sum of others under a name of their own.

    Raises
    ------
    InputError
        Names the areas and what they are the sum of.
    """
    from zwkprognose.tables.areas.nested import nested_areas

    sums = nested_areas(stocks)
    if sums:
        raise InputError(
            "Die Tabelle enthält Gebiete, die in jeder Zelle die Summe anderer sind; Personen würden doppelt gezählt.",
            cells=[{"area": area, "text": ", ".join(members[:5])} for area, members in sums.items()],
            remedy="Die Summen löschen, oder mit areas= (in projekt.toml: gebiete =) die Gebiete nennen, die gelten.",
        )


def drop_totals(cells: pd.DataFrame) -> pd.DataFrame:
    """Leave out the rows of totals where the table also has the parts, and ages beside the finest that tile all."""
    for column in ("sex", "nationality"):
        is_total = cells[column] == TOTAL
        if not is_total.all():
            cells = cells[~is_total]
    from zwkprognose.tables.parts import finest_ages

    all_ages = (cells["age_from"] == 0) & cells["age_to"].isna()
    return cells if all_ages.all() else finest_ages(cells[~all_ages])


def require_numbers(cells: pd.DataFrame) -> pd.DataFrame:
    """Leave out areas that do not exist in a year; refuse every other cell that is not a number."""
    present = cells[cells["status"] != "absent"]
    unknown = present[~present["status"].isin(COUNTED)]
    if len(unknown):
        raise InputError(
            f"{len(unknown)} Zellen enthalten ein Zeichen statt einer Zahl; sie werden nicht stillschweigend ersetzt.",
            cells=[_said(row) for row in unknown.to_dict("records")],
            remedy="Mit resolve_status(tabelle, …) ausdrücklich wählen, welche Zahl an diese Stellen tritt.",
        )
    return present


def _said(row: dict[Any, Any]) -> dict[str, Any]:
    return {
        "area": row["area"],
        "year": row["year"],
        "sex": label("sex", row["sex"]),
        "age": row["age_from"],
        "Zeichen": label("status", str(row["status"])),
    }
