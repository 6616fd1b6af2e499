"""Rules about shares, probabilities and rates: ranges, impossible sums, contradictions with counts."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pandas as pd

from zwkprognose.german import age_span, number_text
from zwkprognose.names import TOTAL
from zwkprognose.tables.counts import OPEN, plain_ages
from zwkprognose.tables.findings import Findings
from zwkprognose.tables.noise import noisy_files
from zwkprognose.tables.reporting import contradiction_place, findings
from zwkprognose.tables.rules.checked import Checked
from zwkprognose.tables.table import Table
from zwkprognose.tables.wording import records

#: Endings of variables that are shares or probabilities.
_UNIT = ("_share", "_prob")
#: Printed shares have three digits; a larger difference is a contradiction.
SHARE_TOLERANCE = 0.002
_SHARE_REMEDY = "Grundgesamtheit, Altersgrenzen und Nenner des Anteils prüfen."
#: Variable → women that its rates are per.
_FERTILITY_SCALES = {"births_per_1000_women": 1000.0, "births_per_woman": 1.0}
#: Children per woman that are possible for a population.
FERTILITY = (0.3, 9.0)


def out_of_range(table: Table) -> Findings:
    """T22: a share or probability below 0 or above 1, or a fertility that no population has."""
    names = table.cells["variable"].unique()
    unit = [name for name in names if name.split("/")[0].endswith(_UNIT)]
    cells = plain_ages(table.cells[table.cells["variable"].isin([*unit, *_FERTILITY_SCALES])])
    bad = cells[cells["variable"].isin(unit) & ((cells["value"] < 0) | (cells["value"] > 1))]
    texts = bad.assign(amount=bad["value"], text=bad["value"].map(number_text))
    return findings(
        records(texts), "T22", "error", "{cell}: {text} liegt nicht zwischen 0 und 1.",
        "Die Einheit (Prozent oder Anteil) und das Dezimalzeichen prüfen.",
    ) + _fertility(cells)  # fmt: skip


def complements(table: Table) -> Findings:
    """T23: death and survival probability of the same age that do not add up to one."""
    cells = table.cells[table.cells["variable"].isin(["death_prob", "survival_prob"])]
    keys = ["area", "year", "sex", "nationality", "age_from"]
    if cells["variable"].nunique() < 2 or cells.duplicated([*keys, "variable"]).any():
        return Findings.of([])
    wide = cells.pivot(index=keys, columns="variable", values="value").dropna()
    total = wide.sum(axis=1)
    bad = total[(total - 1).abs() > 1e-6].rename("amount").reset_index()
    bad = bad.assign(age_to=bad["age_from"] + 1, text=bad["amount"].map(number_text), variable="death_prob")
    return findings(
        records(bad), "T23", "error", "{cell}: Sterbe- und Überlebenswahrscheinlichkeit ergeben {text} statt 1.",
        "Die Sterbetafel berichtigen.",
    )  # fmt: skip


def shares_contradict(table: Checked) -> Findings:
    """T24: a printed share of an age group that the printed counts of the same area and year contradict."""
    shares = plain_ages(table.cells[table.cells["variable"] == "population_share"]).dropna(subset="value")
    stock = table.stocks.dropna(subset="value") if len(shares) else shares
    rows = [_contradiction(row, stock) for row in records(shares)]
    return findings(
        [row for row in rows if row is not None], "T24", "warning",
        "{cell}: ausgewiesen {printed} %, nach den Anzahlen {counted} %.{slipped}", _SHARE_REMEDY,
    ) + findings(
        _beside_counts(table), "T24", "warning", "{where}: ausgewiesen {printed}, gerechnet ({parts}) {counted}.",
        _SHARE_REMEDY,
    )  # fmt: skip


def _beside_counts(table: Table) -> list[dict[str, Any]]:
    """Shares that were left out on reading and that the counts in their row contradict by more than noise."""
    secret = noisy_files(table.source)
    found = [one for one in table.ledger.contradictions if one.is_share and not one.rounded and one.file not in secret]
    return [
        {
            "area": one.area,
            "year": one.year,
            "where": contradiction_place(one),
            "parts": one.parts,
            "printed": number_text(one.printed),
            "counted": number_text(round(one.reckoned, 2 if abs(one.reckoned) > 1 else 4)),
            "amount": one.printed - one.reckoned,
        }
        for one in found
    ]


def _fertility(cells: pd.DataFrame) -> Findings:
    single = cells[cells["variable"].isin(_FERTILITY_SCALES) & (cells["age_to"] == cells["age_from"] + 1)]
    scale = single["variable"].map(_FERTILITY_SCALES).astype(float)
    keys = ["variable", "area", "year", "sex", "nationality"]
    sums: pd.Series = (single["value"] / scale).groupby([single[key] for key in keys]).sum()
    bad = sums[(sums < FERTILITY[0]) | (sums > FERTILITY[1])].rename("amount").reset_index()
    return findings(
        records(bad.assign(text=bad["amount"].map(number_text))), "T22", "error",
        "{cell}: Die Geburtenziffern ergeben {text} Kinder je Frau.",
        "Prüfen, ob die Ziffern je Frau oder je 1.000 Frauen gelten.",
    )  # fmt: skip


def _contradiction(row: dict[str, Any], stock: pd.DataFrame) -> dict[str, Any] | None:
    here = stock[(stock["area"] == row["area"]) & (stock["year"] == row["year"])]
    own = _of_group(here, row)
    group = _persons(own, row["age_from"], row["age_to"])
    whole = (_everybody(own), _everybody(here))
    # a share of the women of an age may be one of all women or of everybody: both are printed
    possible = [group / persons for persons in whole if persons] if group is not None else []
    if not possible or any(abs(share - row["value"]) <= SHARE_TOLERANCE for share in possible):
        return None
    counted = min(possible, key=lambda share: abs(share - row["value"]))
    texts = {"printed": number_text(round(100 * row["value"], 2)), "counted": number_text(round(100 * counted, 2))}
    return {**row, **texts, "slipped": _slipped(row, own, whole[0]), "amount": row["value"] - counted}


def _slipped(row: dict[str, Any], own: pd.DataFrame, persons: float | None) -> str:
    """Whose share it is, if that of another printed age group stands in the line."""
    if not persons:
        return ""
    for first, end in sorted(set(zip(own["age_from"], own["age_to"], strict=True))):
        group = _persons(own, first, end)
        if group is not None and abs(group / persons - row["value"]) <= SHARE_TOLERANCE:
            return f" So groß ist der Anteil im Alter {age_span(int(first), None if end == OPEN else int(end) - 1)}."
    return ""


def _everybody(stock: pd.DataFrame) -> float | None:
    """All persons: from the cells of the ages, else as a total is printed."""
    added = _persons(stock, 0, OPEN)
    if added is not None:
        return added
    printed = stock[(stock["age_from"] == 0) & (stock["age_to"] == OPEN)]
    for dim in ("sex", "nationality"):
        is_total = printed[dim] == TOTAL
        printed = printed[is_total] if is_total.any() else printed
    return None if printed.empty else float(printed["value"].sum())


def _of_group(stock: pd.DataFrame, row: dict[str, Any]) -> pd.DataFrame:
    """Cells of the sex and nationality of a row."""
    for dim in ("sex", "nationality"):
        stock = stock if row[dim] == TOTAL else stock[stock[dim] == row[dim]]
    return stock


def _persons(stock: pd.DataFrame, start: int, end: int) -> float | None:
    """Persons of an age range from single cells that tile it, of every sex and nationality; ``None`` if none do."""
    whole = (stock["age_from"] == 0) & (stock["age_to"] == OPEN)
    inside = stock[~whole & (stock["age_from"] >= start) & (stock["age_to"] <= end)]
    for dim in ("sex", "nationality"):
        is_total = inside[dim] == TOTAL
        inside = inside[is_total] if is_total.any() else inside
    spans = sorted(set(zip(inside["age_from"], inside["age_to"], strict=True)))
    reaches = bool(spans) and spans[0][0] == start and (spans[-1][1] == end or end == OPEN)
    tiles = all(a[1] == b[0] for a, b in pairwise(spans))
    return float(inside["value"].sum()) if reaches and tiles else None
