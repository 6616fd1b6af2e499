"""Rules about time: a stock that moves more than births, deaths and moves explain."""

from __future__ import annotations

import numpy as np
import pandas as pd

from zwkprognose.german import number_text
from zwkprognose.tables.findings import Findings
from zwkprognose.tables.parts import parts_only
from zwkprognose.tables.reporting import findings
from zwkprognose.tables.sums import strict_sums
from zwkprognose.tables.table import Table
from zwkprognose.tables.wording import records

#: An unexplained change is reported above this share of the stock, and above this many persons.
UNEXPLAINED = (0.005, 50.0)
#: Without known flows: growth per year above this share, and above this many persons.
GROWTH = (0.15, 300.0)
#: A town of several areas grows less than this share in a year, unless its flows are known.
TOWN_GROWTH = (0.03, 300.0)
_FLOWS = {"births": 1.0, "deaths": -1.0, "in_moves": 1.0, "out_moves": -1.0}


def jumps(table: Table, totals: pd.Series) -> Findings:
    """T21: a jump between years beyond what births, deaths and moves explain, or beyond usual growth."""
    stock = totals.dropna().rename("stock").reset_index().sort_values(["area", "year"])
    if stock.empty:
        return Findings.of([])
    stock["before"] = stock.groupby("area")["stock"].shift()
    stock["gap"] = stock.groupby("area")["year"].diff()
    steps = stock.dropna().assign(change=lambda f: f["stock"] - f["before"])
    explained = steps.merge(_net_flows(table), on=["area", "year"], how="left")
    known = explained["net"].notna() & (explained["gap"] == 1)
    return _unexplained(explained[known]) + _unusual(explained[~known])


def town_jumps(table: Table, totals: pd.Series) -> Findings:
    """T21: all areas together change more in a year than a town does; each of them may still look possible."""
    wide = totals.dropna().unstack("area")
    if wide.shape[1] < 2 or table.cells["variable"].isin(_FLOWS).any():
        return Findings.of([])
    both = wide.where(wide.notna() & wide.shift().notna())
    steps = pd.DataFrame({"stock": both.sum(axis=1), "before": wide.shift().where(both.notna()).sum(axis=1)})
    steps["yearly"] = (steps["stock"] - steps["before"]) / wide.index.to_series().diff()
    share, persons = TOWN_GROWTH
    bad = steps[(steps["yearly"].abs() > share * steps["before"]) & (steps["yearly"].abs() > persons)]
    texts = {"old": bad["before"].map(number_text), "new": bad["stock"].map(number_text)}
    return findings(
        records(bad.assign(amount=bad["stock"] - bad["before"], **texts).reset_index(names="year")), "T21", "warning",
        "Alle Gebiete zusammen, {year}: Sprung von {old} auf {new} Personen.",
        "Prüfen, ob sich Gebietsstand oder Grundgesamtheit geändert haben.",
    )  # fmt: skip


def _unexplained(steps: pd.DataFrame) -> Findings:
    rest = steps["change"] - steps["net"]
    share, persons = UNEXPLAINED
    bad = steps[(rest.abs() > share * steps["before"]) & (rest.abs() > persons)]
    amount = bad["change"] - bad["net"]
    texts = {"rest": amount.map(number_text), "text": bad["change"].map(number_text)}
    return findings(
        records(bad.assign(amount=amount, **texts)), "T21", "warning",
        "Gebiet {area}, {year}: Von der Veränderung um {text} Personen erklären Geburten, Sterbefälle und "
        "Wanderungen {rest} nicht.",
        "Auf Bestandsbereinigung, anderen Gebietsstand oder andere Grundgesamtheit prüfen.",
    )  # fmt: skip


def _unusual(steps: pd.DataFrame) -> Findings:
    yearly = steps["change"] / steps["gap"]
    share, persons = GROWTH
    bad = steps[(yearly.abs() > share * np.maximum(steps["before"], 1)) & (yearly.abs() > persons)]
    texts = {"old": bad["before"].map(number_text), "new": bad["stock"].map(number_text)}
    return findings(
        records(bad.assign(amount=bad["change"], **texts)), "T21", "warning",
        "Gebiet {area}, {year}: Sprung von {old} auf {new} Personen.",
        "Prüfen, ob sich Gebietsstand oder Grundgesamtheit geändert haben oder ein Neubaugebiet bezogen wurde.",
    )  # fmt: skip


def _net_flows(table: Table) -> pd.DataFrame:
    """Births − deaths + in-moves − out-moves (and moves within) of areas and years for which all are known."""
    cells = table.cells
    if not cells["variable"].isin(_FLOWS).any():
        return pd.DataFrame({"area": [], "year": [], "net": []}).astype({"area": object, "year": "int64"})
    parts = parts_only(table.with_cells(cells[cells["variable"] != "population"])).cells
    flows = parts[parts["variable"].isin(_FLOWS)]
    wide = strict_sums(flows, ["area", "year", "variable"]).unstack("variable")
    complete = wide.reindex(columns=list(_FLOWS)).dropna()
    net = sum(sign * complete[name] for name, sign in _FLOWS.items())
    return (net + _internal(parts, complete.index)).rename("net").reset_index()


def _internal(parts: pd.DataFrame, index: pd.Index) -> pd.Series:
    """Moves between areas: in minus out."""
    moves = parts[parts["variable"] == "moves"]
    out = moves.groupby(["area", "year"])["value"].sum()
    into = moves.groupby(["destination", "year"])["value"].sum().rename_axis(["area", "year"])
    return into.reindex(index, fill_value=0.0) - out.reindex(index, fill_value=0.0)
