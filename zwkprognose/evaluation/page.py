"""One page for a city: how far off the methods would have been here."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import xarray as xr

from zwkprognose.evaluation.hindcast import DEFAULT, OWN
from zwkprognose.evaluation.measures import absolute_percent_error, age_structure_error
from zwkprognose.evaluation.measures.skill import Skill, skill
from zwkprognose.evaluation.score import in_size, over_launches, score
from zwkprognose.evaluation.tables import launches_table, markdown, measures_table, method_label, score_text
from zwkprognose.german import number_text, numbers

TOLD = {"none": "Ohne Eckwert", "trend": "Mit dem Trend der Stadt als Eckwert", "true": "Mit wahrem Eckwert"}
#: Measure → reference that a claim must beat under the true total.
CLAIMS = (("mape", "unchanged"), ("mape", "average"), ("ase", "composite"))


def city_page(title: str, hindcast: xr.Dataset, *, smallest: float = 1000, largest: float = 10000) -> str:
    """A German Markdown page with all scores of a hindcast.

    Parameters
    ----------
    title : str
        Name of the city.
    hindcast : xr.Dataset
        From :func:`zwkprognose.evaluation.hindcast`.
    smallest, largest : float, persons
        Areas of this size at the launch count.
    """
    scores = score(hindcast, smallest=smallest, largest=largest)
    parts = [f"# Rückblick: {title}", _what(hindcast, scores, smallest, largest)]
    for lead in hindcast["lead"].values.tolist():
        parts.append(f"## Nach {lead} Jahren")
        parts += contest_sections(scores, lead, "###")
    parts += [_claims(hindcast, smallest, largest), _not_run(hindcast)]
    return "\n\n".join(p for p in parts if p) + "\n"


def contest_sections(scores: pd.DataFrame, lead: int, level: str) -> list[str]:
    """Tables of one lead: all measures, then every launch."""
    means = over_launches(scores)
    out = []
    for told in sorted(scores.index.get_level_values("eckwert").unique(), reverse=True):
        out.append(f"{level} {TOLD[told]}\n\n{measures_table(means, told, lead)}")
        several = scores.index.get_level_values("launch").nunique() > 1
        out += [launches_table(scores, told, lead, m) for m in ("mape", "ase") if several and m in scores]
    return out


def errors_of(
    hindcast: xr.Dataset, method: str, told: str, lead: int, kind: str, smallest: float, largest: float
) -> xr.DataArray:
    """Absolute errors [launch, area] of the areas that count: ``mape`` for totals, ``ase`` for ages."""
    parts = []
    for launch in hindcast["launch"].values.tolist():
        part = in_size(hindcast, launch, smallest, largest).sel(lead=lead, forecaster=method, eckwert=told)
        if kind == "ase":
            parts.append(age_structure_error(part["forecast_ages"], part["observed_ages"]))
        else:
            parts.append(absolute_percent_error(part["forecast"], part["observed"]))
    return xr.concat(parts, "launch", join="outer", coords="minimal", compat="override")


def compare(
    hindcast: xr.Dataset, reference: str, told: str, lead: int, kind: str, smallest: float, largest: float
) -> Skill:
    """Skill of the forecast in question against a reference on all areas and launches."""
    sizes = (smallest, largest)
    ours, theirs = (errors_of(hindcast, k, told, lead, kind, *sizes) for k in (in_question(hindcast), reference))
    return skill(ours, theirs)


def in_question(hindcast: xr.Dataset) -> str:
    """The forecast that a page is about: the one named so, else the library's own."""
    return OWN if OWN in hindcast["forecaster"] else DEFAULT


def skill_rows(hindcast: xr.Dataset, lead: int, smallest: float, largest: float) -> list[list[str]]:
    """Rows of the comparison table: reference, measure, gain, its interval, and whether it is beyond luck."""
    rows = []
    for kind, reference in CLAIMS:
        if reference not in hindcast["forecaster"] or (kind == "ase" and "forecast_ages" not in hindcast):
            continue
        for told in hindcast["eckwert"].values.tolist():
            launches = min(_launches(hindcast, name, told, lead) for name in (in_question(hindcast), reference))
            if launches == 0:
                continue
            s = compare(hindcast, reference, told, lead, kind, smallest, largest)
            if np.isnan(s.value):
                continue
            span = f"{score_text(100 * s.lower)} … {score_text(100 * s.upper)} %"
            known = "wahr" if told == "true" else "ohne"
            gain = f"{score_text(100 * s.value)} %"
            verdict = ONE_LAUNCH if launches == 1 else "ja" if s.better else "nein"
            rows.append([method_label(reference, told), known, kind.upper(), gain, span, verdict])
    return rows


def _launches(hindcast: xr.Dataset, method: str, told: str, lead: int) -> int:
    """Number of launches from which a method was run."""
    made = hindcast["forecast"].sel(forecaster=method, eckwert=told, lead=lead).notnull()
    return int(made.any("area").sum())


#: Verdict where all areas share the luck of one launch.
ONE_LAUNCH = "ein Startpunkt sagt es nicht"
SKILL_HEAD = ["Vergleich mit", "Eckwert", "Maß", "besser um", "95 %-Spanne", "gesichert"]


def _claims(hindcast: xr.Dataset, smallest: float, largest: float) -> str:
    if in_question(hindcast) not in hindcast["forecaster"]:
        return ""
    rows = [
        [f"{row[0]}, {lead} Jahre", *row[1:]]
        for lead in hindcast["lead"].values.tolist()
        for row in skill_rows(hindcast, lead, smallest, largest)
    ]
    return "" if not rows else "## Besser als einfache Regeln?\n\n" + markdown(SKILL_HEAD, rows)


def _not_run(hindcast: xr.Dataset) -> str:
    """Methods that could not be run from a launch, and why."""
    cases = json.loads(hindcast.attrs.get("not_run", "[]"))
    if not cases:
        return ""
    lines = [f"- {method_label(c['method'])}, Start {c['launch']}: {c['reason']}" for c in cases]
    return "## Was hier nicht gerechnet werden konnte\n\n" + "\n".join(lines)


def _what(hindcast: xr.Dataset, scores: pd.DataFrame, smallest: float, largest: float) -> str:
    launches = numbers(hindcast["launch"].values.tolist())
    sizes = f"{number_text(smallest)} bis {number_text(largest)}"
    areas = score_text(scores["areas"].mean(), 0)
    starts = "Startpunkt" if hindcast.sizes["launch"] == 1 else "Startpunkte"
    return (
        f"{starts} 31.12. {launches}; im Mittel {areas} Gebiete mit {sizes} Personen am Startpunkt. Gerechnet ist nur "
        "mit dem, was am Startpunkt bekannt war. MAPE, MedAPE, APE90: mittlerer Fehler, Median des Fehlers und in neun "
        "von zehn Gebieten unterschrittener Fehler in Prozent; MALPE: mit Vorzeichen; ASE: Anteil der Personen in "
        "einer falschen Altersgruppe (Median der Gebiete); 0–4, 65+, 80+: gewichteter Fehler der Altersspanne."
    )
