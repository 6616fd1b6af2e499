"""Which cells of a Table count: the areas asked for, parts instead of totals, numbers only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

from zwkprognose.errors import InputError
from zwkprognose.german import counted, listed
from zwkprognose.names import TOTAL, label

if TYPE_CHECKING:
    import pandas as pd

    from zwkprognose.tables.areas.doubled import Doubled

COUNTED = ("number", "zero")
#: Name of the one area of a table without areas.
WHOLE = "gesamt"
#: So many keys are written out in an advice.
_LISTED = 12
_KEYS = "Schlüssel als Text in Anführungszeichen angeben."


def select_areas(cells: pd.DataFrame, areas: str | Sequence[str] | None) -> pd.DataFrame:
    """Keep the areas whose key matches one of the patterns (``*`` and ``?`` as in file names).

    ``"feinste"`` keeps the smallest areas that together count everybody once. Without patterns all areas stay.

    Raises
    ------
    InputError
        If a pattern is no text or matches nothing.
    """
    if areas is None:
        return cells
    patterns = list(areas) if isinstance(areas, Iterable) and not isinstance(areas, str) else [areas]
    if not patterns:
        raise InputError("areas= nennt kein Gebiet.", remedy="Schlüssel angeben, oder areas= weglassen.")
    if wrong := [pattern for pattern in patterns if not isinstance(pattern, str)]:
        raise InputError(f"Das Gebiet „{wrong[0]}“ ist kein Text.", remedy=_KEYS)
    keys = cells["area"].unique().tolist()
    matched = {p: _matching(cells, keys, p) for p in patterns}
    empty = [p for p, found in matched.items() if not found]
    if empty:
        from zwkprognose.tables.areas.zeros import lost_zero

        raise InputError(
            "Diese Gebiete gibt es in der Tabelle nicht: " + ", ".join(empty) + ".",
            remedy=f"{_meant(cells, empty)}{lost_zero(keys, empty) or 'Schlüssel prüfen.'} Vorhanden sind zum "
            f"Beispiel: {', '.join(keys[:5])}.",
        )
    return cells[cells["area"].isin({k for found in matched.values() for k in found})]


def _meant(cells: pd.DataFrame, asked: Sequence[str]) -> str:
    """The keys of areas that were asked for by something like their names."""
    keys = dict(zip(cells["area_name"].str.casefold(), cells["area"], strict=True))
    near = {word: get_close_matches(word.casefold(), list(keys), n=1, cutoff=0.8) for word in asked}
    said = [f"„{keys[found[0]]}“ für „{word}“" for word, found in near.items() if found]
    return f"Gebiete werden durch ihre Schlüssel angegeben: {listed(said)}. " if said else ""


def _matching(cells: pd.DataFrame, keys: list[str], pattern: str) -> Sequence[str]:
    from zwkprognose.tables.areas.doubled import FINEST, doubled_areas

    if pattern == FINEST and FINEST not in keys:
        return doubled_areas(cells[cells["variable"] == "population"]).finest
    return [key for key in keys if fnmatchcase(key, pattern)]


def refuse_doubled(stocks: pd.DataFrame, *, chosen: bool) -> None:
    """Refuse areas that hold others of the same stock, by their keys or by their numbers.

    Parameters
    ----------
    stocks : pandas.DataFrame
        Cells of the population.
    chosen : bool
        Whether the areas were named one by one; then a name that only sounds like the whole leaves no doubt.

    Raises
    ------
    InputError
        Names the areas, and those that count everybody once.
    """
    from zwkprognose.tables.areas.doubled import doubled_areas

    doubled = doubled_areas(stocks)
    cells = [{"area": area, "text": _few(members)} for area, members in doubled.sums.items()]
    if doubled.levels:
        raise InputError(
            "Die Tabelle enthält Gebiete verschiedener Ebenen; Personen würden doppelt gezählt.",
            cells=[{"area": key} for key in doubled.levels],
            remedy=f"{advice(doubled)} Vorhandene Schlüssel: {_lengths(stocks)}.",
        )
    if doubled.sums:
        raise InputError(
            "Die Tabelle enthält Gebiete, die in jeder Zelle (nahezu) die Summe anderer sind; Personen würden doppelt "
            "gezählt.",
            cells=cells,
            remedy=f"Die Summen löschen. {advice(doubled)}",
        )
    if doubled.doubts and not chosen:
        raise InputError(
            "Ein Gebiet heißt wie das Ganze und ist so groß wie alle anderen zusammen; vielleicht würden Personen "
            "doppelt gezählt.",
            cells=[{"area": area} for area in doubled.doubts],
            remedy="Ist es eine Summe, die Zeilen löschen oder das fehlende Gebiet ergänzen. Ist es ein Gebiet wie die "
            "anderen, alle Gebiete mit areas= (in projekt.toml: gebiete =) nennen.",
        )


def refuse_whole(stocks: pd.DataFrame) -> None:
    """Refuse a stock of all areas together beside stocks of the areas."""
    whole = stocks[stocks["area"] == WHOLE]
    if len(whole) and (stocks["area"] != WHOLE).any():
        years = whole["year"].drop_duplicates().tolist()
        raise InputError(
            "Neben den Gebieten steht ein Bestand insgesamt (ohne Gebiet), der nicht deren Summe ist; Personen würden "
            "doppelt gezählt.",
            cells=[{"area": "insgesamt", "year": year} for year in years],
            remedy="Prüfen, ob ein Gebiet fehlt oder doppelt ist; dann die Gesamtzeilen löschen.",
        )


def advice(doubled: Doubled) -> str:
    """How to choose areas that count everybody once."""
    keys = list(doubled.finest)
    listed = ", ".join(f'"{key}"' for key in keys) if len(keys) <= _LISTED else ""
    exact = f", das ist areas=[{listed}]" if listed else f", zum Beispiel {_few(keys)}"
    return (
        f'Mit areas="feinste" (in projekt.toml: gebiete = "feinste") die kleinsten Gebiete wählen, die zusammen alle '
        f"zählen: {len(keys)} Gebiete{exact}."
    )


def _few(keys: Sequence[str]) -> str:
    return ", ".join(keys[:5]) + (" …" if len(keys) > 5 else "")


def _lengths(stocks: pd.DataFrame) -> str:
    lengths = Counter(len(str(key)) for key in stocks["area"].unique())
    return ", ".join(f"{lengths[n]} mit {n} Stellen" for n in sorted(lengths))


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
    """Leave out areas that do not exist in a year; refuse other cells without a number, and numbers below zero."""
    present = cells[cells["status"] != "absent"]
    unknown = present[~present["status"].isin(COUNTED)]
    if len(unknown):
        raise InputError(
            f"Zeichen statt Zahlen stehen in {counted(len(unknown), 'Zelle', 'Zellen')}; sie werden nicht "
            "stillschweigend ersetzt.",
            cells=[_said(row) for row in unknown.to_dict("records")],
            remedy="Mit resolve_status(tabelle, …) ausdrücklich wählen, welche Zahl an diese Stellen tritt.",
        )
    impossible = present[~(present["value"] >= 0)]
    if len(impossible):
        what = label("variables", str(impossible["variable"].iloc[0]))
        raise InputError(
            f"{what}: Keine mögliche Anzahl steht in {counted(len(impossible), 'Zelle', 'Zellen')}.",
            cells=[_said(row) for row in impossible.to_dict("records")],
            remedy="Die Zahlen in der Quelle berichtigen; wohnt dort niemand oder ist nichts geschehen, 0 eintragen.",
        )
    return present


def _said(row: dict[Any, Any]) -> dict[str, Any]:
    """The cell as its table prints it: the whole age group, its value or sign, and where it stands."""
    from zwkprognose.tables.wording import age_text

    age = age_text(row["age_from"], row["age_to"])
    groups = {dim: row[dim] for dim in ("nationality", "sex") if row[dim] != TOTAL}
    counted_here = row["status"] in COUNTED
    said = {"value": row["value"]} if counted_here else {"Zeichen": label("status", str(row["status"]))}
    place = {key: row[key] for key in ("file", "line") if key in row}
    return {"area": row["area"], "year": int(row["year"]), **groups, **({"age": age} if age else {}), **said, **place}
