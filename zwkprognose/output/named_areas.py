"""Whether what is said of areas names every one of them, and no others: places, districts, dwellings."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from zwkprognose.errors import OutputError
from zwkprognose.german import counted
from zwkprognose.tables.areas.zeros import lost_zero


def check_named(areas: Sequence[str], named: Collection[str], what: str, remedy: str) -> None:
    """Raise :class:`OutputError` unless exactly the areas are named; it says what a spreadsheet may have done to them.

    Examples
    --------
    >>> from zwkprognose.errors import OutputError
    >>> try:
    ...     check_named(["01", "02"], ["1", "02"], "Plätze", "Für jedes Gebiet eine Zahl angeben.")
    ... except OutputError as error:
    ...     print(error)
    Plätze: 1 Gebiet der Vorausberechnung ist nicht genannt, 1 genanntes Gebiet gibt es nicht.
      – Gebiet: 01, Angabe: fehlt
      – Gebiet: 1, Angabe: gibt es nicht
    Was tun: Für jedes Gebiet eine Zahl angeben. Fehlt die führende Null (1 statt 01)? Die Schlüssel als Text speichern.
    """
    known, given = set(areas), set(named)
    missing = [key for key in areas if key not in given]
    unknown = [key for key in named if key not in known]
    lacks = counted(len(missing), "Gebiet der Vorausberechnung ist", "Gebiete der Vorausberechnung sind")
    strange = counted(len(unknown), "genanntes Gebiet", "genannte Gebiete")
    said = [f"{lacks} nicht genannt"] if missing else []
    said += [f"{strange} gibt es nicht"] if unknown else []
    if said:
        cells = [{"area": key, "Angabe": "fehlt"} for key in missing]
        cells += [{"area": key, "Angabe": "gibt es nicht"} for key in unknown]
        raise OutputError(f"{what}: {', '.join(said)}.", cells=cells, remedy=f"{remedy}{hint(missing, unknown)}")


def hint(missing: Sequence[str], unknown: Sequence[str]) -> str:
    """Why the keys may differ: a lost zero, or names where keys are meant."""
    if zero := lost_zero(missing, unknown):
        return f" {zero}"
    if missing and any(not any(sign.isdigit() for sign in key) for key in unknown):
        return f" Gebiete mit ihrem Schlüssel nennen, wie die Tabellen ihn führen (zum Beispiel {missing[0]})."
    return ""
