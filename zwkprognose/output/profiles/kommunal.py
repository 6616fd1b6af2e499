"""Kommunalprofil: one place on one page, beside the whole and its likes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from zwkprognose.german import number
from zwkprognose.output.content.goals import plan_of
from zwkprognose.output.content.material import Material
from zwkprognose.output.content.spans import fan_of
from zwkprognose.output.figures.lines import Lines, lines, scenario_styles
from zwkprognose.output.figures.pyramid import Pyramid, pyramid
from zwkprognose.output.profiles.indices import INDICES, LOW, title
from zwkprognose.output.profiles.peers import Peers, peers, rank_text
from zwkprognose.output.profiles.thresholds import Thresholds
from zwkprognose.output.profiles.verdicts import SMALL, Judgement, judged
from zwkprognose.output.publication.rounding import Floats
from zwkprognose.output.report import words
from zwkprognose.output.report.tiles import Tile, tiles

#: Figures of the table, in its order.
TABLE = (
    "personen", "veraenderung", "unter_20", "ab_65", "ab_80", "jugendquotient", "altenquotient", "auslaenderanteil",
    "natuerlicher_saldo", "wanderungssaldo", "umschlag", "spanne",
)  # fmt: skip


#: Milestones that one page has room for.
MOST = 6


@dataclass(frozen=True, slots=True)
class KommunalSheet:
    """Everything on the page of one place; ``table``: figure, own value, that of the whole, rank."""

    sentence: str
    tiles: tuple[Tile, ...]
    lines: Lines
    lines_text: str
    pyramid: Pyramid | None
    pyramid_text: tuple[str, str]
    no_pyramid: str
    table: tuple[tuple[str, str, str, str], ...]
    table_note: str
    judgement: Judgement
    peers: Peers
    spans_text: str
    cautions: tuple[str, ...]
    plan: tuple[Mapping[str, str], ...] = ()
    plan_note: str = ""


def kommunal_sheet(
    material: Material, values: Mapping[str, Floats], thresholds: Thresholds, area: int | None
) -> KommunalSheet:
    """The page of one place; one that may not be shown has no sheet (see :mod:`zwkprognose.output.profiles.write`)."""
    numbers, spans = material.numbers, material.spans
    key = "" if area is None else list(numbers.facts.areas)[area]
    name = numbers.facts.regions.total if area is None else numbers.facts.areas[key]
    titles = [scenario.title for scenario in numbers.facts.scenarios]
    drawn, text = _pyramid(material, area, name)
    table, note = _table(material, values, area)
    plan = plan_of(material.goals, numbers.facts.main.name, key, numbers.facts.areas)
    return KommunalSheet(
        sentence=words.headline(numbers, area),
        tiles=tuple(tiles(numbers, area, spans)[:5]),
        lines=lines(
            numbers.years, numbers.totals(area), titles, styles=scenario_styles(len(titles), numbers.main),
            past=material.past.get(key, ()), fan=fan_of(spans, key), height=LOW,
        ),
        lines_text=words.lines_text(numbers, name, area),
        pyramid=drawn,
        pyramid_text=text,
        no_pyramid=words.no_pyramid(numbers),
        table=table,
        table_note=note,
        judgement=judged(values, thresholds, numbers, area),
        peers=peers(values, numbers, area),
        spans_text=words.spans_text(numbers, spans, area),
        cautions=_cautions(material, values, area),
        plan=tuple(plan[:MOST]),
        plan_note=_plan_note(material, len(plan), area),
    )  # fmt: skip


def _pyramid(material: Material, area: int | None, name: str) -> tuple[Pyramid | None, tuple[str, str]]:
    numbers = material.numbers
    shown = numbers.pyramid(area)
    if len(numbers.sexes) != 2 or shown is None:
        return None, ("", "")
    bands, people = shown
    base, target = people[numbers.main, 0], people[numbers.main, -1]
    return pyramid(bands, base, target, []), words.pyramid_text(numbers, name, base, target)


def _table(
    material: Material, values: Mapping[str, Floats], area: int | None
) -> tuple[tuple[tuple[str, str, str, str], ...], str]:
    """Figures that are known of this place or of the whole; the others are named below."""
    facts, at = material.facts, 0 if area is None else area + 1
    rows, missing = [], []
    for key in TABLE:
        index, own = INDICES[key], float(values[key][at])
        name = title(key, facts.target_year)
        if np.isnan(values[key]).all():
            missing.append(name)
            continue
        rank = "" if area is None else rank_text(values[key], area, index.digits)
        rows.append((name, index.text(own), index.text(float(values[key][0])), rank))
    note = f"Nicht bekannt: {'; '.join(missing)}." if missing else ""
    return tuple(rows), note


def _plan_note(material: Material, many: int, area: int | None) -> str:
    """How the plan is read, what of it is not on the page, or that it does not speak of the place."""
    if material.goals is None:
        return ""
    whole = material.facts.regions.whole
    if not many:
        return f"Der Werkstattplan nennt hier keinen eigenen Meilenstein; seine Ziele gelten {whole.in_the} insgesamt."
    more = f" Weitere Meilensteine im Bericht: {many - MOST}." if many > MOST else ""
    shared = "" if area is None else f" Was {whole.in_the} insgesamt gilt, steht auf der Seite des Ganzen."
    return f"In Klammern die Spanne für 80 von 100 Fällen, soweit bekannt.{shared}{more}"


def _cautions(material: Material, values: Mapping[str, Floats], area: int | None) -> tuple[str, ...]:
    """What must be said where numbers are small or hidden."""
    numbers, said = material.numbers, []
    if area is not None:
        persons = float(values["personen"][area + 1])
        if persons < SMALL:
            said.append(
                f"Vorsicht: Hier wohnen weniger als {number(SMALL)} Personen. Wenige Zu- oder Fortzüge verändern jede "
                "Zahl."
            )
        if np.isnan(numbers.broad(area)[1]).any():
            said.append("Nach dem Alter wird hier nichts gezeigt (Schutz kleiner Zahlen).")
    return tuple(said)
