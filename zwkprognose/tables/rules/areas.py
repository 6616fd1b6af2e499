"""Rules about areas: sums of areas below others, nested levels, sizes, pseudo areas."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from zwkprognose.german import number_text
from zwkprognose.names import TOTAL
from zwkprognose.tables.areas.doubled import doubled_areas
from zwkprognose.tables.areas.hierarchy import children_sums, official_hierarchy
from zwkprognose.tables.areas.keys import is_official
from zwkprognose.tables.areas.whole import is_unplaced
from zwkprognose.tables.findings import Findings
from zwkprognose.tables.noise import noisy, tolerance
from zwkprognose.tables.reporting import findings, noise_accepted
from zwkprognose.tables.table import Table
from zwkprognose.tables.universe import area_totals
from zwkprognose.tables.wording import records

#: Size (persons) → what an area below it does not carry.
SIZES = {
    500: "zu klein für eine eigene Vorausberechnung nach Alter; nur mit Nachbargebieten zusammen deuten",
    1_000: "zu klein für die Veröffentlichung einzelner Altersjahre",
    8_000: "zu klein für verlässliche eigene Raten",
}


def children_exceed(table: Table) -> Findings:
    """T07: areas below another that together have more persons than it (official keys)."""
    keys = [key for key in table.cells["area"].unique() if is_official(key) or key == "DG"]
    if len(keys) < 2:
        return Findings.of([])
    sums = children_sums(table.cells[table.cells["area"].isin(keys)], official_hierarchy(keys))
    excess = (sums["summed"] - sums["value"]).to_numpy()
    explained = noisy(sums, table.source) & (excess <= tolerance(sums["children"].to_numpy() + 1))
    texts = {"printed": sums["value"].map(number_text), "parts": sums["summed"].map(number_text)}
    rows = sums.assign(amount=-excess, **texts)
    return findings(
        records(rows[(excess > 1e-6) & ~explained]), "T07", "error",
        "{cell}: ausgewiesen {printed}, die Gebiete darunter haben zusammen {parts}.",
        "Prüfen, ob ein Gebiet doppelt oder unter zwei Schlüsseln vorkommt.",
    ) + noise_accepted(records(rows[(excess > 1e-6) & explained]), "T07")  # fmt: skip


def nested(table: Table) -> Findings:
    """T26: areas that hold others of the same table, by their keys, their numbers, or perhaps by their name."""
    doubled = doubled_areas(table.cells[table.cells["variable"] == "population"])
    finest = f"{len(doubled.finest)} Gebiete, zum Beispiel {_few(doubled.finest)}"
    levels = [{"area": key, "parents": _few(list(doubled.levels)), "amount": 1} for key in doubled.levels][:1]
    sums = [{"area": a, "members": _few(members), "amount": len(members)} for a, members in doubled.sums.items()]
    return (
        findings(
            levels, "T26", "error",
            "Gebiete verschiedener Ebenen: {parents} enthalten andere Gebiete der Tabelle; Personen zählen doppelt.",
            f'Mit areas="feinste" (im Projekt gebiete = "feinste") die kleinsten Gebiete wählen, die zusammen alle '
            f"zählen: {finest}.",
        )
        + findings(
            sums, "T26", "error",
            "Gebiet {area} ist in jeder Zelle (nahezu) die Summe von {amount} anderen ({members}); Personen zählen "
            "doppelt.",
            f'Die Summen löschen, oder mit areas="feinste" (im Projekt gebiete = "feinste") die kleinsten Gebiete '
            f"wählen: {finest}.",
        )
        + findings(
            [{"area": area, "amount": len(members)} for area, members in doubled.doubts.items()], "T26", "warning",
            "Gebiet {area} heißt wie das Ganze und ist so groß wie die {amount} anderen zusammen; vielleicht zählen "
            "Personen doppelt.",
            "Ist es eine Summe, die Zeilen löschen oder das fehlende Gebiet ergänzen; ist es ein Gebiet wie die "
            "anderen, im Projekt unter gebiete alle Gebiete nennen.",
        )
    )  # fmt: skip


def _few(keys: Sequence[str]) -> str:
    return ", ".join(keys[:5]) + (" …" if len(keys) > 5 else "")


def area_total_differs(table: Table, totals: pd.Series) -> Findings:
    """T16: a stock of all areas together beside the areas, which would count everybody twice.

    Readers leave such rows out where they are the exact sum; what remains differs, or cannot be compared.
    """
    is_whole = totals.index.get_level_values("area") == ""
    whole, areas = totals[is_whole].droplevel("area"), totals[~is_whole]
    if whole.empty or areas.empty:
        return Findings.of([])
    summed = areas.groupby("year").agg(lambda values: values.sum(skipna=False))
    frame = pd.DataFrame({"printed": whole, "summed": summed}).loc[sorted({*whole.index} & {*summed.index})]
    texts = {name: frame[name].map(_known_number) for name in frame}
    rows = frame.assign(amount=frame["printed"] - frame["summed"], **{f"{k}_text": v for k, v in texts.items()})
    return findings(
        records(rows.reset_index(names="year")), "T16", "error",
        "{year}: Der Bestand ohne Gebiet hat {printed_text}, die Gebiete haben zusammen {summed_text} Personen.",
        "Prüfen, ob ein Gebiet fehlt oder doppelt ist; dann die Gesamtzeile weglassen.",
    )  # fmt: skip


def _known_number(value: float) -> str:
    return "unbekannt viele" if pd.isna(value) else number_text(value)


def small(table: Table, totals: pd.Series) -> Findings:
    """T17: areas below 500, 1,000 and 8,000 persons in the last year. One finding per size."""
    totals = totals.dropna()
    if totals.empty:
        return Findings.of([])
    year = int(totals.index.get_level_values("year").max())
    last = totals.xs(year, level="year")
    rows = [
        {"year": year, "size": number_text(size), "amount": float((last < size).sum()), "all": len(last), "why": why}
        for size, why in SIZES.items()
        if (last < size).any() and len(last) > 1
    ]
    return findings(
        rows, "T17", "info", "Gebiete unter {size} Personen: {times} von {all}; {why}.",
        "Kleine Gebiete zusammenfassen, wo es auf einzelne Alter ankommt.",
    )  # fmt: skip


def unplaced(table: Table) -> Findings:
    """T32: persons who are booked under no area; they stay an area of their own until somebody distributes them."""
    stock = table.cells[table.cells["variable"] == "population"]
    called = stock[["area", "area_name"]].drop_duplicates().itertuples(index=False)
    areas = list(dict.fromkeys(area for area, name in called if is_unplaced(area) or is_unplaced(name)))
    if not areas:
        return Findings.of([])
    totals = area_totals(table.with_cells(stock[stock["area"].isin(areas)])).dropna()
    rows = records(totals[totals > 0].rename("amount").reset_index().sort_values("year"))
    last = {row["area"]: row for row in rows}
    return findings(
        [{**row, "text": number_text(row["amount"])} for row in last.values()], "T32", "warning",
        "„{area}“ ist kein Gebiet: {text} Personen am 31.12.{year} sind keinem Gebiet zugeordnet und werden wie ein "
        "eigenes Gebiet gerechnet.",
        "Mit einer Umsteigetabelle verteilen (Zeilen alt; neu; anteil: die Anteile aller Gebiete ergeben zusammen 1; "
        "apply_crosswalk), oder als eigenes Gebiet lassen.",
    )  # fmt: skip


def pseudo(table: Table) -> Findings:
    """T18: keys of zeros only, under which offices book persons without a known address."""
    stock = table.cells[(table.cells["variable"] == "population") & (table.cells["sex"] == TOTAL)]
    keys = [key for key in table.cells["area"].unique() if len(key) > 1 and set(key) <= {"0"}]
    rows = [
        {"area": key, "amount": float(stock.loc[stock["area"] == key, "value"].max())} for key in keys
    ]  # fmt: skip
    return findings(
        rows, "T18", "warning", "Gebiet {area} ist kein Ort, sondern ein Sammelschlüssel.",
        "Diese Personen mit einer Umsteigetabelle verteilen (apply_crosswalk), oder das Gebiet weglassen.",
    )  # fmt: skip
