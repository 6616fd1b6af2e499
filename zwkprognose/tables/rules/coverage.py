"""Rules about what is not there: ages, groups, areas and years that a table leaves out."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from functools import cache
from typing import Any

import pandas as pd

from zwkprognose.names import NATIONALITIES, SEXES, TOTAL, label
from zwkprognose.tables.agesets import Span, gaps, overlaps, top, within_others
from zwkprognose.tables.areas.alike import folded
from zwkprognose.tables.areas.zeros import lost_zero
from zwkprognose.tables.counts import OPEN
from zwkprognose.tables.findings import Findings
from zwkprognose.tables.margins import GROUP, by_age_set
from zwkprognose.tables.reporting import findings
from zwkprognose.tables.rules.checked import Checked
from zwkprognose.tables.table import Status
from zwkprognose.tables.wording import age_text

#: What to do about a table that leaves out whatever is zero.
SPARSE = (
    'Nennt die Tabelle nur, was vorkommt: resolve_status(tabelle, unlisted="zero"), im Projekt unter [daten.zeichen] '
    'bestand_nicht_genannt = "null" oder ereignis_nicht_genannt = "null".'
)

#: Among more areas than this that come and go, nobody looks for two spellings of one.
_FEW = 1_000


def missing_ages(table: Checked) -> Findings:
    """T02: ages that lie between the groups, or the highest group that all other areas have."""
    sets = table.age_sets
    usual = _usual_tops(sets)
    rows = [
        {**row, "missing": _span_text(span)}
        for row, spans in _items(sets)
        for span in (*gaps(spans), *_lower_top(spans, usual.get((row["variable"], row["year"]), 0)))
    ]
    return findings(
        rows, "T02", "error", "{cell}: Das Alter {missing} fehlt.",
        f"Die fehlende Altersgruppe ergänzen; wohnt dort niemand, 0 eintragen. {SPARSE}",
    )  # fmt: skip


def overlapping_ages(table: Checked) -> Findings:
    """T03: age groups that overlap, so that persons count twice."""
    rows = [
        {**row, "one": age_text(*a), "other": age_text(*b)}
        for row, spans in _items(table.age_sets)
        for a, b in overlaps(spans)
    ]
    return findings(
        rows, "T03", "error", "{cell}: Die Altersgruppen {one} und {other} überschneiden sich.",
        "Prüfen, ob das letzte Alter einer Gruppe eingeschlossen ist (20 bis 24) oder nicht (20 bis unter 25).",
    )  # fmt: skip


def ages_within_others(table: Checked) -> Findings:
    """T40: age groups that are parts of another one or lie across others; they are read and not used. One per file."""
    rows = [
        {"file": file, "ages": ", ".join(map(_span_text, sorted(found))), "amount": float(len(found))}
        for file, group in table.all_ages.groupby("file", sort=False)
        if (found := frozenset().union(*(within_others(frozenset(spans)) for spans, _ in by_age_set(group))))
    ]
    return findings(
        rows, "T40", "info", "„{file}“: Altersgruppen innerhalb oder quer zu anderen werden nicht verwendet: {ages}.",
        "Nichts ist zu tun; gerechnet wird mit den Gruppen, die aneinander anschließen.",
    )  # fmt: skip


def missing_groups(table: Checked) -> Findings:
    """T04: a sex or nationality that other areas of the same year have."""
    cells = _present(table.stocks)
    seen = cells[["year", "area", "sex", "nationality"]].drop_duplicates()
    rows = []
    for year, group in seen.groupby("year"):
        areas = group["area"].nunique()
        combos = group.groupby(["sex", "nationality"])["area"].nunique()
        for combo in combos[(combos < areas) & (2 * combos > areas)].index:
            have = group[(group["sex"] == combo[0]) & (group["nationality"] == combo[1])]["area"]
            rows += [
                {**_lack(area, year, combo), "twin": _asked(_spelled_alike([area], have))}
                for area in sorted(set(group["area"]) - set(have))
            ]
    return findings(
        rows, "T04", "error", "{cell}: Diese Gruppe fehlt.{twin}",
        f"Die Zeilen ergänzen; wohnt dort niemand, mit 0. Ist ein Gebiet auf zwei Weisen geschrieben, die Schreibweise "
        f"angleichen. {SPARSE}",
    )  # fmt: skip


def missing_areas(table: Checked) -> Findings:
    """T05: an area that a later year lacks (error), or that appears only later (warning)."""
    cells = _present(table.stocks)
    years = sorted(cells["year"].unique())
    seen = cells.groupby("area")["year"].agg(set)
    lacking = seen[seen.map(len) < len(years)]
    called = cells[["area", "area_name"]].drop_duplicates().itertuples(index=False)
    names = {str(area): str(name) for area, name in called}
    rows = [_absence(area, have, years, lacking, names) for area, have in lacking.items()]
    gone = [_missed(row, [y for y in row["lack"] if y > row["first"]]) for row in rows]
    new = [_missed(row, [y for y in row["lack"] if y < row["first"]]) for row in rows]
    remedy = (
        "Das Gebiet ergänzen, gleiche Gebiete gleich schreiben, oder auf einen gemeinsamen Gebietsstand umrechnen "
        "(apply_crosswalk)."
    )
    return findings(
        filter(None, gone), "T05", "error", "Gebiet {area} fehlt {years}, kommt vorher aber vor.{twin}", remedy
    ) + findings(
        filter(None, new), "T05", "warning", "Gebiet {area} fehlt {years} und kommt erst später vor.{twin}", remedy
    )


def not_enough(table: Checked) -> Findings:
    """T35: a stock that is not split by sex, counts one nationality, or has no open age group. One per lack."""
    cells = _present(table.stocks)
    ages = cells["age_from"] >= 0  # not unknown; sums of all ages stand beside other tables
    split = cells[ages & ~((cells["age_from"] == 0) & (cells["age_to"] >= OPEN))]
    if split.empty:
        return Findings.of([])
    lacks = [
        *([_NO_SEXES] if not set(SEXES) <= set(split["sex"]) else []),
        *(_one_group(split["nationality"].unique().tolist())),
    ]
    tops = split.groupby("year")["age_to"].max()
    ends = [(year, end - 1) for year, end in tops.items() if end < OPEN]
    closed = [{"year": year, "lack": _CLOSED.format(year=year, age=age)} for year, age in ends]
    return findings(
        [*({"lack": lack} for lack in lacks), *closed], "T35", "info",
        "{lack}",
        "So reicht der Bestand nicht für eine Vorausberechnung: Die fehlende Tabelle dazunehmen, nach Männern und "
        "Frauen getrennte Zahlen verwenden, die letzte Altersgruppe offen führen („90 und älter“). Steht das letzte "
        'Alter für alle, die so alt oder älter sind: last_age="open", im Projekt offen_ab.',
    )  # fmt: skip


_NO_SEXES = "Der Bestand ist nicht nach Geschlecht getrennt."
_CLOSED = "Der Bestand {year} endet mit dem Alter {age}; eine offene Altersgruppe fehlt."


def _one_group(found: list[Any]) -> list[str]:
    known = [name for name in found if name in NATIONALITIES]
    only = len(found) == 1 and len(known) == 1
    return [f"Der Bestand enthält nur eine Gruppe: {label('nationality', known[0])}."] if only else []


def _absence(area: Any, have: set[int], years: list[int], lacking: pd.Series, names: dict[str, str]) -> dict[str, Any]:
    """Years that an area lacks; one with a like key or name that has just these years is perhaps the same area."""
    lack = [year for year in years if year not in have]
    others = [str(key) for key, other in lacking.items() if other == set(lack)] if len(lacking) <= _FEW else []
    own = {str(area), names.get(str(area), "")}
    twins = [
        key
        for key in others
        if _one_sign_apart(str(area), key) or _spelled_alike(own - {""}, {key, names.get(key, "")} - {""})
    ]
    return {"area": area, "first": min(have), "lack": lack, "twin": _asked(twins, str(area))}


def _asked(twins: Sequence[str], area: str = "") -> str:
    """Whether an area is perhaps one that is written otherwise elsewhere."""
    if len(twins) != 1:
        return ""
    zero = lost_zero(sorted([area, twins[0]], key=len)[1:], sorted([area, twins[0]], key=len)[:1])
    return f" Ist es dasselbe Gebiet wie {twins[0]}, das nur dort vorkommt?" + (f" {zero}" if zero else "")


def _spelled_alike(one: Iterable[str], others: Iterable[str]) -> list[str]:
    """Those of the others that are written like one of these but for case, umlauts, hyphens and blanks."""
    own = {folded(name) for name in one} - {""}
    return [name for name in others if folded(name) in own]


def _one_sign_apart(one: str, other: str) -> bool:
    """One sign changed, or one more in front: 16 for 06, 6 for 06.

    >>> _one_sign_apart("16", "06"), _one_sign_apart("6", "06"), _one_sign_apart("16", "61")
    (True, True, False)
    """
    short, long = sorted((one, other), key=len)
    if len(one) == len(other):
        return sum(a != b for a, b in zip(one, other, strict=True)) == 1
    return short == long[1:]


def _missed(row: dict[str, Any], years: list[int]) -> dict[str, Any] | None:
    if not years:
        return None
    text = ", ".join(map(str, years)) if len(years) < 6 else f"{years[0]} bis {years[-1]} ({len(years)} Jahre)"
    return {"area": row["area"], "twin": row["twin"], "year": years[0], "years": text, "amount": float(len(years))}


def _present(cells: pd.DataFrame) -> pd.DataFrame:
    return cells[cells["status"] != Status.ABSENT.value]


def _items(sets: pd.Series) -> list[tuple[dict[str, Any], frozenset[Span]]]:
    odd = sets[[_odd(spans) for spans in sets]]
    return [(dict(zip(GROUP, tuple(key), strict=True)), spans) for key, spans in zip(odd.index, odd, strict=True)]


@cache
def _odd(spans: frozenset[Span]) -> bool:
    return bool(gaps(spans) or overlaps(spans)) or top(spans) < OPEN


def _usual_tops(sets: pd.Series) -> dict[Hashable, int]:
    """The upper end that most groups of a variable and year have."""
    split = sets[[len(spans) > 1 for spans in sets]]
    tops = split.map(top).groupby(level=["variable", "year"])
    return {key: int(values.mode().iloc[0]) for key, values in tops}


def _lower_top(spans: frozenset[Span], usual: int) -> list[Span]:
    own = top(spans)
    return [(own, usual)] if len(spans) > 1 and own < usual else []


def _span_text(span: Span) -> str:
    return age_text(*span) or "insgesamt"


def _lack(area: Any, year: Any, combo: Any) -> dict[str, Any]:
    return {"area": area, "year": year, "sex": combo[0], "nationality": combo[1] or TOTAL}
