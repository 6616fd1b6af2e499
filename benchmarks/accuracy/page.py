"""The page docs/genauigkeit.md, written from the results; its prose is in vorlagen/."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
from deviations import TOLD
from every_launch import FAILED
from trends import compared, left_out

from zwkprognose.evaluation.page import SKILL_HEAD, contest_sections
from zwkprognose.evaluation.tables import markdown, method_label, score_text
from zwkprognose.names import label

if TYPE_CHECKING:
    from run import Results

PROSE = Path(__file__).parent / "vorlagen"
#: Bands that are compared, by the prefix of their columns.
BANDS = {"": "geeicht", "even_": "gleich geeicht, für alle gleich", "plain_": "einfach"}


def page(results: Results) -> str:
    """The whole page as Markdown."""
    parts = [_prose("kopf"), _prose("alle-startpunkte"), _every_launch(results.errors), *_official(results)]
    parts += [_prose("stadt-alter"), _city_ages(results.age_errors), *_cities(results)]
    parts += [_prose("besser"), markdown(["Stadt, Horizont", *SKILL_HEAD], results.skills)]
    parts += [_prose("fluchtjahre"), _methods_table(results.refugees, "true", 2)]
    parts += [_prose("haltbarkeit"), _methods_table(results.shelf.add_prefix("Start "), "none", 0)]
    parts += _intervals(results)
    parts += [_prose("spannen-staedte"), _limits(results.limits)]
    parts += [_prose("komponenten"), _flows_table(results.flows)]
    parts += [
        _prose("verfahren"),
        _trends(compared(results.trends)),
        *_deviations(results.deviations),
        _shocks(results.shocks),
        *_births(results.children, results.births),
        _prose("konstanten"),
        _plain_table(results.sensitivity, "Konstante", 2),
    ]
    return "\n".join(part.strip() + "\n" for part in parts)


def _prose(name: str) -> str:
    return (PROSE / f"{name}.md").read_text(encoding="utf-8")


def _every_launch(errors: pd.DataFrame) -> str:
    """Mean and worst launch of every method; a line for each city and lead."""
    methods = [c for c in errors if c != "missed"]
    rows = []
    for (city, lead), part in errors.groupby(level=["city", "lead"]):
        cells = [f"{score_text(part[m].mean())} ({score_text(part[m].max())})" for m in methods]
        rows.append([f"{city}, {lead} Jahre", str(len(part)), *cells, score_text(part["missed"].abs().mean())])
    head = ["Stadt, Horizont", "Startpunkte", *(method_label(m) for m in methods), "Stadt verfehlt"]
    return markdown(head, rows)


def _official(results: Results) -> list[str]:
    """The official scenarios beside our rule and our limits."""
    if results.official is None:
        return [_prose("quartiere-fehlen")]
    limits = results.limits.xs("Zürich", level="city")["covered"]
    rows = []
    for (launch, lead), part in results.official.groupby(level=["launch", "lead"]):
        one = part.droplevel(["launch", "lead"])
        held = limits.get((lead, launch))
        cells = [
            one.loc["middle", "mape"],
            *(one.loc["middle", f"mape_{m}"] for m in ("default", "average", "unchanged")),
        ]
        shares = [score_text(one.loc["alle", "between"], 0), score_text(held, 0)]
        rows.append(["1 Jahr" if lead == 1 else f"{lead} Jahre", *(score_text(v, 2) for v in cells), *shares])
    head = ["Horizont", "mittleres Szenario", *(method_label(m) for m in ("default", "average", "unchanged"))]
    return [_prose("amtlich"), markdown([*head, "zwischen", "80 %-Spanne"], rows)]


def _city_ages(errors: pd.DataFrame) -> str:
    """Mean over the launches; a line for each city, lead and method."""
    spans = list(dict.fromkeys(errors["span"]))
    rows = []
    for (city, lead, method), part in errors.groupby(["city", "lead", "method"], sort=False):
        mean = part.groupby("span")["missed"].mean()
        rows.append([f"{city}, {lead} Jahre: {method_label(str(method))}", *(score_text(mean.get(s)) for s in spans)])
    return markdown(["Stadt, Horizont, Verfahren", *spans], rows)


def _limits(limits: pd.DataFrame) -> str:
    """Whether the limits held, a line for each city and lead."""
    rows = []
    for (city, lead), part in limits.groupby(level=["city", "lead"]):
        failed = int((part["covered"] < FAILED).sum())
        thirds = [score_text(part[c].mean(), 0) for c in ("third_0", "third_1", "third_2", "few")]
        cells = [
            score_text(part["covered"].mean(), 0),
            score_text(part["covered"].min(), 0),
            f"{failed} von {len(part)}",
        ]
        rest = [score_text(part[c].mean(), d) for c, d in (("half_width", 1), ("covered_95", 0), ("city_covered", 0))]
        rows.append([f"{city}, {lead} Jahre", *cells, *thirds, *rest])
    head = [
        "Mittel",
        "schlechtester Startpunkt",
        "unter 60",
        "kleine",
        "mittlere",
        "große",
        "unter 1.000",
        "halbe Breite",
        "95 %",
        "Stadt",
    ]
    return markdown(["Stadt, Horizont", *head], rows)


def _trends(table: pd.DataFrame) -> str:
    """What was tried for the city's trend, and what leaving each city out would have chosen."""
    chosen = [[city, name, score_text(ratio, 3)] for city, (name, ratio) in left_out(table).items()]
    left = markdown(["ausgelassen", "nach den anderen Städten gewählt", "Verhältnis dort"], chosen)
    return "\n".join([_prose("stadttrend"), _plain_table(table, "Stadttrend", 3), "", left])


def _deviations(errors: pd.DataFrame) -> list[str]:
    """What was tried for the areas' deviations from the city."""
    tables = {told: compared(errors.xs(told, level="told")) for told in TOLD}
    shown = [f"*{told[0].upper()}{told[1:]}*\n\n" + _plain_table(tables[told], "Abweichung", 3) for told in TOLD]
    return [_prose("abweichung"), *shown]


def _shocks(errors: pd.DataFrame) -> str:
    """Whether rates become better without shock years."""
    rows = [
        [f"{city}, Start {launch}: {way}", *(score_text(v, 2) for v in row)]
        for (city, launch, way), row in errors.iterrows()
    ]
    return "\n".join([_prose("schockjahre"), markdown(["Stadt, Start", "MAPE", "ASE", "0–4"], rows)])


def _births(children: pd.DataFrame, births: pd.DataFrame) -> list[str]:
    """What was tried for children and for the level of births."""
    mean = children.groupby(level=["city", "lead"]).mean()
    cities = mean.groupby(level="city").mean()
    rows = [[f"{city}, {lead} Jahre", *(score_text(v) for v in row)] for (city, lead), row in mean.iterrows()]
    rows.append(["Mittel der Städte", *(score_text(v) for v in cities.mean())])
    head = ["Stadt, Horizont", "Geburten (gewählt)", "letzter Kinderanteil", "Mittel aus beiden"]
    back = [
        [f"{city}, {half} Startpunkte", *(score_text(v) for v in row.drop("launches")), f"{row['launches']:.0f}"]
        for (city, half), row in births.iterrows()
    ]
    ways = ["0 (gewählt)", "¼", "½", "ganz"]
    return [
        _prose("kinder"),
        markdown(head, rows),
        _prose("geburten"),
        markdown(["Stadt", *(f"zurück: {way}" for way in ways), "Startpunkte"], back),
    ]


def _cities(results: Results) -> list[str]:
    out = []
    for contest, scores in results.contests:
        launches = ", ".join(str(y) for y in contest.launches)
        areas = score_text(scores["areas"].mean(), 0)
        title = f"## {contest.city}, {contest.lead} Jahre"
        out.append(f"{title}\n\nStartpunkte 31.12. {launches}; im Mittel {areas} Gebiete.")
        out += contest_sections(scores, contest.lead, "###")
    if not any(c.city == "Bremen" for c, _ in results.contests):
        out.append(_prose("bremen-fehlt"))
    return out


def _methods_table(frame: pd.DataFrame, told: str, digits: int) -> str:
    rows = [[method_label(str(k), told), *(score_text(v, digits) for v in frame.loc[k])] for k in frame.index]
    return markdown(["Verfahren", *frame.columns], rows)


def _plain_table(frame: pd.DataFrame, title: str, digits: int) -> str:
    return markdown(
        [title, *frame.columns], [[str(k), *(score_text(v, digits) for v in frame.loc[k])] for k in frame.index]
    )


def _flows_table(frame: pd.DataFrame) -> str:
    rows = [
        [
            f"{label('variables', str(name))}, Start {launch}",
            *(score_text(v, 0) for v in row[:2]),
            f"{score_text(row[2])} %",
        ]
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
    """One table for each level and one for the scores of the whole distribution."""
    tables = [_of_level(frame, level) for level in ("80%", "95%")]
    head = [f"{score.upper()}: {band}" for score in ("wis", "crps") for band in BANDS.values()]
    keys = [band + score for score in ("wis", "crps") for band in BANDS]
    return "\n\n".join([*tables, _by_launch(frame, head, keys, 2)])


def _of_level(frame: pd.DataFrame, level: str) -> str:
    head = [f"{level[:-1]} %: Abdeckung", "schwächstes Drittel", "halbe Breite"]
    head += [f"{name}: {what}" for name in list(BANDS.values())[1:] for what in ("Abdeckung", "halbe Breite")]
    keys = [f"{key}_{level}" for key in ("coverage", "worst_third", "half_width")]
    keys += [f"{band}{key}_{level}" for band in list(BANDS)[1:] for key in ("coverage", "half_width")]
    return _by_launch(frame, head, keys, 1)


def _by_launch(frame: pd.DataFrame, head: list[str], keys: list[str], digits: int) -> str:
    rows = [
        [f"{r['launch']:.0f}, {r['lead']:.0f} Jahre", *(score_text(r[k], digits) for k in keys)]
        for r in frame.to_dict("records")
    ]
    return markdown(["Start, Horizont", *head], rows)


def _weak_spots(frame: pd.DataFrame) -> str:
    """Where a goal is missed, in words."""
    missed = {
        "outside": ~frame["coverage_80%"].between(77, 83),
        "outside_95": ~frame["coverage_95%"].between(93, 97),
        "weak": frame["worst_third_80%"] < 74,
        "weak_95": frame["worst_third_95%"] < 90,
    }
    named = {
        key: ", ".join(f"{r.launch:.0f} ({r.lead:.0f} Jahre)" for r in frame[rows].itertuples()) or "keinem"
        for key, rows in missed.items()
    }
    return _prose("schwaechen").format(**named)
