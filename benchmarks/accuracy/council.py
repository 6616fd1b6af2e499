"""The page for readers without statistics: docs/wie-gut-ist-das.md."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from zwkprognose.evaluation.tables import score_text

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
        five=score_text(mape(five, "default")),
        ten=score_text(mape(ten, "default")),
        five_persons=f"{round(mape(five, 'default') * 50, -1):.0f}",
        ten_persons=f"{round(mape(ten, 'default') * 50, -1):.0f}",
        five_unchanged=score_text(mape(five, "unchanged")),
        ten_unchanged=score_text(mape(ten, "unchanged")),
        five_trend=score_text(mape(five, "linear_exponential")),
        ten_trend=score_text(mape(ten, "linear_exponential")),
        five_true=score_text(mape(five, "default", "true")),
        ten_true=score_text(mape(ten, "default", "true")),
        five_cohorts=score_text(mape(five, "cohorts")),
        ten_cohorts=score_text(mape(ten, "cohorts")),
        five_cohorts_true=score_text(mape(five, "cohorts", "true")),
        ten_cohorts_true=score_text(mape(ten, "cohorts", "true")),
        ase=score_text(of("ase")),
        ase_unchanged=score_text(of("ase", "unchanged")),
        children=score_text(of("wape_0_4"), 0),
        old=score_text(of("wape_80"), 0),
        cover_low=score_text(covered.min(), 0),
        cover_high=score_text(covered.max(), 0),
        cover_worst=score_text(open_end.min(), 0),
        tail=score_text(of("ape90"), 0),
        kita=score_text(results.ages.loc["unter 3"].filter(like="80%, Breite").mean(), 0),
        shelf=str(results.shelf.loc["default"].min()),
    )
