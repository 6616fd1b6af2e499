"""The page docs/genauigkeit.md, written from the results; its prose is in vorlagen/."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from zwkprognose.evaluation.page import SKILL_HEAD, contest_sections
from zwkprognose.evaluation.tables import markdown, method_label, number
from zwkprognose.names import label

if TYPE_CHECKING:
    from run import Results

PROSE = Path(__file__).parent / "vorlagen"
COVERAGE_HEAD = [
    "Start, Horizont",
    *(
        f"{level}{part}"
        for level in ("80 %: ", "95 %: ")
        for part in ("Abdeckung", "schwächstes Drittel", "halbe Breite", "einfach, Abdeckung", "einfach, halbe Breite")
    ),
    *("WIS", "einfach", "CRPS", "einfach"),
]


def page(results: Results) -> str:
    """The whole page as Markdown."""
    parts = [_prose("kopf"), *_cities(results)]
    parts += [_prose("besser"), markdown(["Stadt, Horizont", *SKILL_HEAD], results.skills)]
    parts += [_prose("fluchtjahre"), _methods_table(results.refugees, "true", 2)]
    parts += [_prose("haltbarkeit"), _methods_table(results.shelf.add_prefix("Start "), "none", 0)]
    parts += _intervals(results)
    parts += [_prose("komponenten"), _flows_table(results.flows)]
    parts += [_prose("verfahren"), _prose("konstanten"), _plain_table(results.sensitivity, "Konstante", 2)]
    return "\n".join(part.strip() + "\n" for part in parts)


def _prose(name: str) -> str:
    return (PROSE / f"{name}.md").read_text(encoding="utf-8")


def _cities(results: Results) -> list[str]:
    out = []
    for contest, scores in results.contests:
        launches = ", ".join(str(y) for y in contest.launches)
        areas = number(scores["areas"].mean(), 0)
        title = f"## {contest.city}, {contest.lead} Jahre"
        out.append(f"{title}\n\nStartpunkte 31.12. {launches}; im Mittel {areas} Gebiete.")
        out += contest_sections(scores, contest.lead, "###")
    if not any(c.city == "Bremen" for c, _ in results.contests):
        out.append(_prose("bremen-fehlt"))
    return out


def _methods_table(frame: pd.DataFrame, told: str, digits: int) -> str:
    rows = [[method_label(str(k), told), *(number(v, digits) for v in frame.loc[k])] for k in frame.index]
    return markdown(["Verfahren", *frame.columns], rows)


def _plain_table(frame: pd.DataFrame, title: str, digits: int) -> str:
    return markdown(
        [title, *frame.columns], [[str(k), *(number(v, digits) for v in frame.loc[k])] for k in frame.index]
    )


def _flows_table(frame: pd.DataFrame) -> str:
    rows = [
        [f"{label('variables', str(name))}, Start {launch}", *(number(v, 0) for v in row[:2]), f"{number(row[2])} %"]
        for (launch, name), row in zip(frame.index, frame[["forecast", "observed", "percent"]].to_numpy(), strict=True)
    ]
    return markdown(["Komponente", "erwartet", "beobachtet", "Fehler"], rows)


def _intervals(results: Results) -> list[str]:
    told, blind = results.coverage["true"], results.coverage["none"]
    return [
        _prose("spannen"),
        "### Mit wahrem Eckwert\n\n" + _coverage(told),
        "### Ohne Eckwert\n\n" + _coverage(blind),
        _weak_spots(told),
        _prose("spannen-alter"),
        _plain_table(results.ages, "Alter", 1),
    ]


def _coverage(frame: pd.DataFrame) -> str:
    rows = [[f"{r['launch']:.0f}, {r['lead']:.0f} Jahre", *_covered(r)] for r in frame.to_dict("records")]
    return markdown(COVERAGE_HEAD, rows)


def _covered(row: dict[str, float]) -> list[str]:
    out = []
    for level in ("80%", "95%"):
        out += [number(row[f"{k}_{level}"]) for k in ("coverage", "worst_third", "half_width")]
        out += [number(row[f"plain_{k}_{level}"]) for k in ("coverage", "half_width")]
    return out + [number(row[k], 2) for k in ("wis", "plain_wis", "crps", "plain_crps")]


def _weak_spots(frame: pd.DataFrame) -> str:
    outside = frame[(frame["coverage_80%"] < 77) | (frame["coverage_80%"] > 83)]
    weak = frame[frame["worst_third_80%"] < 74]
    named = [", ".join(f"{r.launch:.0f} ({r.lead:.0f} Jahre)" for r in f.itertuples()) for f in (outside, weak)]
    return _prose("schwaechen").format(outside=named[0] or "keinem", weak=named[1] or "keinem")
