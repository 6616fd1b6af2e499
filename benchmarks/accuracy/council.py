"""The page for readers without statistics: docs/wie-gut-ist-das.md."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from zwkprognose.evaluation.tables import markdown, score_text
from zwkprognose.german import listed

if TYPE_CHECKING:
    from run import Results

TEXT = (Path(__file__).parent / "vorlagen" / "wie-gut-ist-das.md").read_text(encoding="utf-8")
#: Mean coverage from which limits of 80 % are said to have held.
HELD = 75


def _cities(errors: pd.DataFrame) -> str:
    """A line for each city: mean error after 5, 10 and 20 years, ours and that of no change."""
    leads, mean = (5, 10, 20), errors.groupby(level=["city", "lead"]).mean()
    rows = []
    for city in mean.index.unique("city"):
        cells = []
        for lead in leads:
            known = (city, lead) in mean.index
            ours, same = mean.loc[(city, lead), ["default", "unchanged"]] if known else (None, None)
            cells.append(f"{score_text(ours)} ({score_text(same)})" if known else score_text(None))
        rows.append([str(city), *cells])
    return markdown(["Stadt", *(f"nach {lead} Jahren" for lead in leads)], rows)


def _held(limits: pd.DataFrame) -> str:
    """What held and what did not, in a sentence for each city."""
    return "\n".join(
        f"- **{city}**: {_sentence(part.droplevel('city'))}" for city, part in limits.groupby(level="city")
    )


def _sentence(part: pd.DataFrame) -> str:
    mean = part.groupby(level="lead")[["covered", "city_covered"]].mean()
    good, bad = mean[mean["covered"] >= HELD], mean[mean["covered"] < HELD]
    said = []
    if len(good):
        said.append(f"nach {_years(good)} Jahren im Mittel in {_range(good['covered'])} von 100 Gebieten")
    if len(bad):
        said.append(
            f"nach {_years(bad)} Jahren nur in {_range(bad['covered'])}, weil die ganze Stadt bei "
            f"{100 - bad['city_covered'].mean():.0f} von 100 Starts ihre eigene Spanne verließ"
        )
    lead, launch = part["covered"].idxmin()
    worst = f"Am schlechtesten war der Start {launch} über {lead} Jahre: {part['covered'].min():.0f} von 100."
    return f"Die 80-Prozent-Spannen hielten {'; '.join(said)}. {worst}"


def _range(values: pd.Series) -> str:
    low, high = (f"{v:.0f}" for v in (values.min(), values.max()))
    return low if low == high else f"{low} bis {high}"


def _years(leads: pd.DataFrame) -> str:
    return listed([str(lead) for lead in leads.index])


def _without(errors: pd.DataFrame) -> str:
    """What somebody without a past may expect: the range over the cities, and the worst launch of any."""
    ours = errors["default"]
    lines = []
    for lead in (5, 10, 20):
        mean = ours.xs(lead, level="lead").groupby(level="city").mean()
        worst = ours.xs(lead, level="lead")
        city, launch = worst.idxmax()
        lines.append(
            f"- nach **{lead} Jahren** im Mittel {score_text(mean.min())} bis {score_text(mean.max())} Prozent; der "
            f"schlechteste Start ({city}, {launch}) brachte {score_text(worst.max())} Prozent."
        )
    return "\n".join(lines)


def council_page(results: Results) -> str:
    """The page with its figures filled in."""
    five, ten = results.mean("Berlin", 5), results.mean("Berlin", 10)

    def mape(frame: pd.DataFrame, method: str, told: str = "none") -> float:
        return float(frame.xs((told, method), level=("eckwert", "method"))["mape"].iloc[0])

    def of(column: str, method: str = "default") -> float:
        return float(five.xs(("none", method), level=("eckwert", "method"))[column].iloc[0])

    covered, (city, lead, launch) = results.coverage["true"]["coverage_80%"], results.limits["covered"].idxmin()
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
        cover_worst=score_text(results.limits["covered"].min(), 0),
        cover_where=f"{city}, {lead} Jahre ab {launch}",
        tail=score_text(of("ape90"), 0),
        kita=score_text(results.ages.loc["unter 3"].filter(like="80%, Breite").mean(), 0),
        cities=_cities(results.errors),
        held=_held(results.limits),
        without=_without(results.errors),
        shelf=str(results.shelf.loc["default"].min()),
    )
