"""What tables of Eurostat and other SDMX sources have in common: codes to columns, missing figures, the open age."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from zwkprognose.errors import TableError
from zwkprognose.tables.dates import stock_year
from zwkprognose.tables.files.document import Document
from zwkprognose.tables.frame import cells_frame, value_columns
from zwkprognose.tables.ledger import Fate
from zwkprognose.tables.readers.columns import translate
from zwkprognose.tables.readers.sdmx_codes import (
    OPEN_AGE,
    ROLES,
    UNITS,
    Counted,
    coded_ages,
    coded_nations,
    coded_sexes,
    flag_status,
)
from zwkprognose.tables.readers.stock_days import JANUARY_NOTE
from zwkprognose.tables.table import Source, Status, Table

#: A printed figure that is not there.
_MISSING = (":", "", "NaN")
#: Dimensions that tell how the figures were made, not whom they count.
_DESCRIBING = frozenset({"agedef", "edition", "data_type", "indic_de", "measure", "methodology"})
_TOTALS = frozenset({"TOTAL", "_T", "T", "_Z", "99"})
_REGION_YEAR = ["area", "year"]


@dataclass(frozen=True)
class Observations:
    """Figures with their codes by dimension, flags, and where each was printed."""

    codes: Mapping[str, np.ndarray]
    figures: np.ndarray
    flags: np.ndarray
    lines: np.ndarray
    columns: np.ndarray
    scale: np.ndarray | float = 1.0


def table_of(document: Document, found: Observations, counted: Counted, kind: str, title: str) -> Table:
    """Cells of the contract; dimensions that it lacks must have one value, or become part of the variable's name."""
    roles = {name: ROLES.get(name.casefold(), "") for name in found.codes}
    columns = {role: found.codes[name] for name, role in roles.items() if role}
    _require(document, columns)
    _refuse_frequency(document, found, columns.pop("freq", None))
    others = [name for name, role in roles.items() if not role]
    built = {**_groups(document, found, columns), "area": columns["area"], "area_name": ""}
    built["year"] = translate(document, columns["year"], found.lines, stock_year, "TIME_PERIOD", "ein Jahr")
    built["year"] = built["year"] + counted.shift
    built["variable"] = _variables(found, others, counted.variable)
    scale = _scales(document, found, columns.get("unit")) * found.scale
    figures = _figures(document, found)
    figures["value"] = np.asarray(figures["value"], dtype=float) * scale
    cells = cells_frame({**built, **figures})
    cells, notes = _without_empty_years(document, cells, found)
    cells, more = _opened(document, cells, columns.get("age", np.full(len(cells), "TOTAL", dtype=object)), notes)
    return Table(
        cells, Source(document.name, kind, title=title, publisher=_publisher(title), notes=_notes(counted, more))
    )


def _groups(document: Document, found: Observations, columns: Mapping[str, np.ndarray]) -> dict[str, Any]:
    built: dict[str, Any] = {}
    if "sex" in columns:
        built["sex"] = coded_sexes(document, columns["sex"], found.lines, "sex")
    if "nationality" in columns:
        built["nationality"] = coded_nations(document, columns["nationality"], found.lines, "citizen")
    if "age" in columns:
        built.update(coded_ages(document, columns["age"], found.lines, "age"))
    return built


def _require(document: Document, columns: Mapping[str, np.ndarray]) -> None:
    for role, name in (("area", "geo"), ("year", "TIME_PERIOD")):
        if role not in columns:
            raise TableError(
                f"{document.label}: Die Dimension „{name}“ fehlt.",
                remedy="Den Datensatz vollständig neu herunterladen.",
            )


def _refuse_frequency(document: Document, found: Observations, freq: np.ndarray | None) -> None:
    if freq is None:
        return
    wrong = np.flatnonzero(freq != "A")
    if wrong.size:
        raise TableError(
            f"{document.label}, Zeile {found.lines[wrong[0]]}: Die Häufigkeit „{freq[wrong[0]]}“ ist nicht jährlich.",
            cells=[{"line": int(found.lines[i])} for i in wrong[:50]],
            remedy="Nur die jährlichen Reihen herunterladen.",
        )


def _variables(found: Observations, others: list[str], variable: str) -> np.ndarray:
    """A dimension that the contract lacks names the variable; its total and what describes the data set do not.

    A file of married people only must not pass for one of all people because it has a single marital status.
    """
    names = np.full(len(found.figures), variable, dtype=object)
    for name in others:
        if name.casefold() not in _DESCRIBING:
            texts = found.codes[name]
            names = names + np.array(["" if text in _TOTALS else f"/{name}={text}" for text in texts], dtype=object)
    return names


def _scales(document: Document, found: Observations, units: np.ndarray | None) -> np.ndarray:
    if units is None:
        return np.ones(len(found.figures))
    return translate(
        document, units, found.lines, lambda unit: UNITS.get(unit.casefold()), "unit", "NR, PER oder THS (Personen)"
    )


def _figures(document: Document, found: Observations) -> dict[str, Any]:
    missing = np.isin(found.figures, _MISSING)
    texts = np.where(missing, "", found.figures)
    figures = value_columns(
        list(texts), document, lines=found.lines, labels="OBS_VALUE", columns=found.columns, decimal="."
    )
    status = np.array(figures["status"], dtype=object)
    meanings = {flag: flag_status(flag).value for flag in set(found.flags[missing])}
    status[missing] = [meanings[flag] for flag in found.flags[missing]]
    return {**figures, "status": status, "flag": found.flags}


def _without_empty_years(
    document: Document, cells: pd.DataFrame, found: Observations
) -> tuple[pd.DataFrame, pd.Series]:
    """Years of an area for which nothing at all is published are gaps of a wide table, not hidden numbers."""
    nothing = (cells["status"] == Status.HIDDEN.value) & (cells["flag"] == "")
    empty = nothing.groupby([cells[name] for name in _REGION_YEAR]).transform("all")
    document.fates.mark(Fate.MARK, found.lines[empty.to_numpy()], found.columns[empty.to_numpy()])
    if empty.all():
        raise TableError(
            f"{document.label}: Keine Zelle enthält eine Zahl.", remedy="Den Datensatz mit Jahren herunterladen, die "
            "veröffentlicht sind.",
        )  # fmt: skip
    return cells, ~empty


def _opened(
    document: Document, cells: pd.DataFrame, codes: np.ndarray, kept: pd.Series
) -> tuple[pd.DataFrame, list[str]]:
    """The open group begins after the last single age that the area publishes in that year.

    Eurostat prints ``Y_OPEN`` without its first age: countries that publish single ages up to 84 only have ``:`` from
    85 to 99 and everybody older in ``Y_OPEN``.
    """
    notes = [] if kept.all() else ["Jahre, für die ein Gebiet keine Zahl hat, sind ausgelassen."]
    is_open = pd.Series(codes == OPEN_AGE, index=cells.index)
    keys = [cells[name] for name in (*_REGION_YEAR, "sex", "nationality", "variable")]
    if not (is_open & kept).any():
        return cells[kept].reset_index(drop=True), notes
    end = cells["age_to"].astype("float64")
    single = (end - cells["age_from"].astype("float64")) == 1
    begin = end.where(single & (cells["value"].notna() | (cells["flag"] != ""))).groupby(keys).transform("max")
    _refuse_unopened(document, cells, is_open & kept & begin.isna())
    cells = cells.assign(age_from=cells["age_from"].mask(is_open, begin.astype("Int64")))
    above = kept & single & (cells["age_from"].astype("float64") >= begin)
    above &= is_open.groupby(keys).transform("any")
    document.fates.mark(Fate.MARK, cells.loc[above, "line"], cells.loc[above, "column"])
    first = sorted({int(age) for age in begin[is_open & kept]})
    notes.append(
        f"Die offene Altersgruppe {OPEN_AGE} beginnt nach dem letzten Altersjahr: {', '.join(map(str, first))}."
    )
    return cells[kept & ~above].reset_index(drop=True), notes


def _refuse_unopened(document: Document, cells: pd.DataFrame, bad: pd.Series) -> None:
    if bad.any():
        row = cells[bad].iloc[0]
        raise TableError(
            f"{document.label}, Zeile {row['line']}: Wo die Altersgruppe {OPEN_AGE} beginnt, ist nicht zu erkennen, "
            f"denn „{row['area']}“ hat keine einzelnen Altersjahre.",
            cells=[{"area": row["area"], "year": int(row["year"]), "line": int(row["line"])}],
            remedy="Die einzelnen Altersjahre mit herunterladen, oder Altersgruppen wie Y_GE85.",
        )


def _publisher(title: str) -> str:
    return "ISTAT" if "IT1" in title else "Eurostat"


def _notes(counted: Counted, more: list[str]) -> tuple[str, ...]:
    return tuple([JANUARY_NOTE, *more] if counted.shift else more)
