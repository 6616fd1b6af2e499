"""The page for readers without statistics: docs/wie-gut-ist-das.md."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from zwkprognose.evaluation.tables import number

if TYPE_CHECKING:
    from run import Results

TEXT = (Path(__file__).parent / "vorlagen" / "wie-gut-ist-das.md").read_text(encoding="utf-8")


def council_page(results: Results) -> str:
    """The page with its figures filled in."""
    five, ten = results.mean("Berlin", 5), results.mean("Berlin", 10)

    def mape(frame: pd.DataFrame, method: str, told: str = "none") -> float:
        return float(frame.xs((told, method), level=("eckwert", "method"))["mape"].iloc[0])

    def of(column: str, method: str = "default") -> float:
        return float(five.xs(("none", method), level=("eckwert", "method"))[column].iloc[0])

    covered, open_end = results.coverage["true"]["coverage_80%"], results.coverage["none"]["coverage_80%"]
    return TEXT.format(
        five=number(mape(five, "default")),
        ten=number(mape(ten, "default")),
        five_persons=f"{round(mape(five, 'default') * 50, -1):.0f}",
        ten_persons=f"{round(mape(ten, 'default') * 50, -1):.0f}",
        five_unchanged=number(mape(five, "unchanged")),
        ten_unchanged=number(mape(ten, "unchanged")),
        five_trend=number(mape(five, "linear_exponential")),
        ten_trend=number(mape(ten, "linear_exponential")),
        five_true=number(mape(five, "default", "true")),
        ten_true=number(mape(ten, "default", "true")),
        five_cohorts=number(mape(five, "cohorts")),
        ten_cohorts=number(mape(ten, "cohorts")),
        five_cohorts_true=number(mape(five, "cohorts", "true")),
        ten_cohorts_true=number(mape(ten, "cohorts", "true")),
        ase=number(of("ase")),
        ase_unchanged=number(of("ase", "unchanged")),
        children=number(of("wape_0_4"), 0),
        old=number(of("wape_80"), 0),
        cover_low=number(covered.min(), 0),
        cover_high=number(covered.max(), 0),
        cover_worst=number(open_end.min(), 0),
        tail=number(of("ape90"), 0),
        kita=number(results.ages.loc["unter 3"].filter(like="80%, Breite").mean(), 0),
        shelf=str(results.shelf.loc["default"].min()),
    )
