"""Rules about sums: a printed total must be the sum of its printed parts, a balance their difference."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from zwkprognose.german import number_text
from zwkprognose.tables.codes import repeated
from zwkprognose.tables.counts import KEY
from zwkprognose.tables.findings import Findings
from zwkprognose.tables.margins import Margins, margins_of
from zwkprognose.tables.noise import noisy, noisy_files, tolerance
from zwkprognose.tables.reporting import KNOWN, contradiction_place, findings, noise_accepted, rounding_accepted
from zwkprognose.tables.rounding import steps_of_files
from zwkprognose.tables.rounding import tolerance as rounding_tolerance
from zwkprognose.tables.rules.checked import Checked
from zwkprognose.tables.wording import records

_BALANCE_REMEDY = (
    "Die ausgewiesene Zahl und ihre Teile in der Quelle prüfen und die falsche Zahl berichtigen; gerechnet wird mit "
    "den Teilen."
)
_REMEDY = "Summe und Teile in der Quelle prüfen; nur bewusst angleichen (rake)."


def totals_differ(table: Checked) -> Findings:
    """T06: a total over sex, nationality or age that differs from the sum of its parts by more than noise or rounding.

    Differences that the noise of the cell-key method explains are one warning per file, those by rounding one remark.
    """
    cells = table.counted[table.counted["status"].isin(KNOWN)]
    cells = cells[~repeated(cells, KEY)]
    has_noise = noisy(cells, table.source)
    differing = [row for margins in margins_of(cells) for row in _differing(cells, margins, has_noise)]
    by = {reason: [row for row in differing if row["by"] == reason] for reason in ("", "noise", "rounding")}
    return (
        findings(
            by[""], "T06", "error",
            "{cell}: ausgewiesen {printed}, Summe der Teile ({parts}) {summed}, Differenz {difference}.", _REMEDY,
        )
        + noise_accepted(by["noise"], "T06")
        + rounding_accepted(by["rounding"], "T06")
    )  # fmt: skip


def balances_differ(table: Checked) -> Findings:
    """T06: a printed balance or change, left out on reading, that the figures beside it contradict; noise likewise."""
    secret = noisy_files(table.source)
    wrong: list[dict[str, Any]] = []
    by_noise: list[dict[str, Any]] = []
    by_rounding: list[dict[str, Any]] = []
    for one in (one for one in table.ledger.contradictions if not one.is_share):
        where = contradiction_place(one)
        amounts = _amounts(one.printed, one.reckoned)
        row = {"file": one.file, "area": one.area, "year": one.year, "where": where, "parts": one.parts, **amounts}
        explained = abs(row["amount"]) <= tolerance(np.array(one.counts))
        if one.rounded:
            by_rounding.append({**row, "step": one.rounded})
        else:
            (by_noise if one.file in secret and explained else wrong).append(row)
    return findings(
        wrong, "T06", "error", "{where}: ausgewiesen {printed}, gerechnet ({parts}) {summed}, Differenz {difference}.",
        _BALANCE_REMEDY,
    ) + noise_accepted(by_noise, "T06") + rounding_accepted(by_rounding, "T06")  # fmt: skip


def _differing(cells: pd.DataFrame, margins: Margins, has_noise: np.ndarray) -> list[dict[str, Any]]:
    values = cells["value"].to_numpy()
    printed, summed = values[margins.total], margins.summed(values)
    gap = np.abs(printed - summed)
    bad = np.flatnonzero(gap > 1e-6 * np.maximum(np.abs(printed), 1.0))
    if not bad.size:
        return []
    counts = np.bincount(margins.group) + 1
    steps = steps_of_files(cells)[margins.total]
    explained = has_noise[margins.total] & (gap <= tolerance(counts))
    rounded = gap <= rounding_tolerance(counts, steps)
    by = np.where(explained, "noise", np.where(rounded, "rounding", ""))
    rows = records(cells.iloc[margins.total[bad]])
    return [
        {**row, **_amounts(printed[i], summed[i]), "parts": margins.parts_name, "by": str(by[i]), "step": int(steps[i])}
        for row, i in zip(rows, bad, strict=True)
    ]


def _amounts(printed: float, summed: float) -> dict[str, Any]:
    return {
        "printed": number_text(printed),
        "summed": number_text(summed),
        "difference": number_text(printed - summed),
        "amount": printed - summed,
    }
