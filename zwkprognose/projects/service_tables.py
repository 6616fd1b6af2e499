"""Tables that a service may bring: its own shares by age, and its sites with the areas they serve."""

from __future__ import annotations

from pathlib import Path

from zwkprognose.errors import InputError
from zwkprognose.german import number_text
from zwkprognose.output import Rate
from zwkprognose.output.content.sites import Sites
from zwkprognose.projects.pairs import KEY, read_count, read_number, read_rows, read_whole

SIGNS = {"m": "male", "w": "female"}
SHARES = (
    "Eine CSV-Tabelle mit den Spalten alter_von, alter_bis (leer: offen), anteil und, wenn nötig, geschlecht angeben."
)
SITES = "Eine CSV-Tabelle mit den Spalten standort und plaetze angeben, eine Zeile je Standort."
CATCHMENTS = (
    "Eine CSV-Tabelle mit den Spalten standort, gebiet und anteil angeben: welcher Teil des Bedarfs eines Gebiets "
    "dorthin geht."
)


def read_shares(path: Path) -> tuple[Rate, ...]:
    """Shares by age and sex; parts of one, ages inclusive.

    Raises
    ------
    InputError
        Names file and line.
    """
    rows = read_rows(path, ("alter_von", "alter_bis", "anteil"), SHARES)
    return tuple(_rate(path, line, row) for line, row in enumerate(rows, start=2))


def read_sites(sites: Path, catchments: Path) -> Sites:
    """Places by site, and which part of the demand of an area goes to which site.

    Raises
    ------
    InputError
        If a number is missing, a site stands there twice, or the catchments name a site that is not there.
    """
    places: dict[str, float] = {}
    for line, row in enumerate(read_rows(sites, ("standort", "plaetze"), SITES), start=2):
        name, count = (row["standort"] or "").strip(), read_count(row["plaetze"])
        if not name or name in places or count is None:
            unread = f"„{row['plaetze']}“ ist keine Zahl von Plätzen (ohne Punkt und Leerzeichen)"
            told = unread if row["plaetze"] else "Die Plätze fehlen"
            wrong = "Der Standort steht zweimal da" if name in places else told if name else "Der Standort fehlt"
            raise InputError(f"Tabelle {sites}, Zeile {line}: {wrong}.", remedy=SITES)
        places[name] = count
    weights: dict[tuple[str, str], float] = {}
    for line, row in enumerate(read_rows(catchments, ("standort", KEY, "anteil"), CATCHMENTS), start=2):
        name, area, part = (row["standort"] or "").strip(), (row[KEY] or "").strip(), read_number(row["anteil"])
        place = f"Tabelle {catchments}, Zeile {line}"
        if name not in places:
            raise InputError(f"{place}: Den Standort „{name}“ gibt es in {sites.name} nicht.", remedy=CATCHMENTS)
        if not area or part is None or part > 1 or (area, name) in weights:
            twice = (area, name) in weights
            wrong = "Gebiet und Standort stehen zweimal da" if twice else "Gebiet oder Anteil (0 bis 1) fehlt"
            raise InputError(f"{place}: {wrong}.", cells=[{"area": area}], remedy=CATCHMENTS)
        weights[area, name] = part
    return Sites(places, weights)


def _rate(path: Path, line: int, row: dict[str, str]) -> Rate:
    place = f"Tabelle {path}, Zeile {line}"
    first, last = read_whole(row["alter_von"]), read_whole(row["alter_bis"])
    part, said = read_number(row["anteil"]), (row.get("geschlecht") or "").strip()
    open_ended = not (row["alter_bis"] or "").strip()
    if first is None or (last is None and not open_ended) or (last is not None and last < first):
        raise InputError(f"{place}: „alter_von“ und „alter_bis“ müssen ganze Zahlen sein.", remedy=SHARES)
    if part is None or part > 1:
        known = "nichts" if part is None else number_text(part)
        raise InputError(f"{place}: Der Anteil muss zwischen 0 und 1 liegen, gelesen wurde {known}.", remedy=SHARES)
    if said and said not in SIGNS:
        raise InputError(f"{place}: Das Geschlecht „{said}“ ist weder m noch w.", remedy=SHARES)
    return Rate(first, last, part, SIGNS.get(said))
