"""Gesundheits- und Versorgungsprofil: who needs what, which places there are, and from when they do not suffice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from zwkprognose.errors import OutputError
from zwkprognose.german import HIDDEN, counted, number, share, signed
from zwkprognose.output.content.material import Material
from zwkprognose.output.content.numbers import Numbers
from zwkprognose.output.content.quotas import default_quota, default_quotas
from zwkprognose.output.content.services import Need, Service, need_of
from zwkprognose.output.figures.lines import Lines, lines
from zwkprognose.output.profiles.indices import LOW, place_name
from zwkprognose.output.profiles.sections import LIVING_ALONE, Row, Section
from zwkprognose.output.publication.rounding import Floats
from zwkprognose.output.report.tiles import Tile
from zwkprognose.output.tables.cross import STICHTAG, CrossTable, key_years
from zwkprognose.output.tables.households import note_of, people_alone
from zwkprognose.output.tables.needs import ENOUGH, with_range

NO_PLACES = "Wie viele Plätze es gibt, ist nicht angegeben ([[bedarf]] mit plaetze oder standorte)."
HIDDEN_SITES = (
    "Ein Standort, zu dessen Einzugsgebiet ein Gebiet ohne veröffentlichte Altersgruppen gehört, zeigt keinen Bedarf; "
    "durch Abziehen käme es sonst heraus."
)
NOT_FORMED = "aus den veröffentlichten Altersgruppen nicht zu bilden"


@dataclass(frozen=True, slots=True)
class Seat:
    """A service counted in seats: one for so many persons of all ages, and those there are (area key → seats)."""

    title: str
    persons: float
    source: str
    bias: str = ""

    def __post_init__(self) -> None:
        if not self.persons >= 1:
            raise OutputError(
                f"Sitze „{self.title}“: Eine Person je Sitz ist das Wenigste.",
                remedy="Angeben, wie viele Personen auf einen Sitz kommen, zum Beispiel 1671.",
            )


#: What the planning of general practitioners starts from.
FAMILY_DOCTORS: Seat = Seat(
    "Hausärztinnen und Hausärzte (Sitze)",
    1671,
    "Bedarfsplanungs-Richtlinie des Gemeinsamen Bundesausschusses, allgemeine Verhältniszahl: ein Sitz je 1.671 "
    "Personen",
    "Die Zahl wird an Alter und Krankheiten angepasst (veröffentlicht ist auch 1.581 je Sitz); geplant wird für "
    "Mittelbereiche, nicht für Quartiere.",
)


@dataclass(frozen=True, slots=True)
class Care:
    """Everything about the services of all places, ready to be cut into pages."""

    needs: tuple[Need, ...]
    services: tuple[Service, ...]
    seats: tuple[Seat, ...]
    alone: Section


@dataclass(frozen=True, slots=True)
class CareSheet:
    """The care profile of one place."""

    sentence: str
    tiles: tuple[Tile, ...]
    lines: Lines | None
    lines_text: str
    demand: CrossTable | None
    blanks: tuple[str, ...]
    seats: CrossTable | None
    sites: tuple[CrossTable, ...]
    alone: tuple[Row, ...]
    alone_note: str
    sources: tuple[tuple[str, str], ...]
    places_note: str


def care_of(
    material: Material,
    services: Sequence[Service] = (),
    seats: Sequence[Seat] = (FAMILY_DOCTORS,),
    alone: Section | None = None,
) -> Care:
    """Demand for the services that are asked for, and for those that come with the package.

    Who lives alone is taken from the households of the material, unless somebody brings it.
    """
    asked = {service.quota.name for service in services}
    others = tuple(Service(default_quota(name)) for name in default_quotas() if name not in asked)
    more = tuple(need_of(service, material.numbers, material.spans) for service in others)
    return Care((*material.needs, *more), (*services, *others), tuple(seats), alone or living_alone(material))


def living_alone(material: Material) -> Section:
    """People living alone, now and later, in all and from 65 and 80 years on; a reason where nobody counted them."""
    found, numbers = material.households, material.numbers
    if found is None:
        return LIVING_ALONE
    ages = {"insgesamt": 0, "ab 65 Jahren": 65, "ab 80 Jahren": 80}
    counts = {name: people_alone(found, age)[numbers.main] for name, age in ages.items()}
    rows = {
        key: tuple((f"Alleinlebende {name}", _said(of[0, at]), _said(of[-1, at])) for name, of in counts.items())
        for at, key in enumerate(("", *numbers.facts.areas))
        if not any(np.isnan(of[:, at]).any() for of in counts.values())
    }
    hidden = "Nach dem Alter wird hier nichts gezeigt (Schutz kleiner Zahlen)."
    return Section(LIVING_ALONE.title, rows, note_of(found), hidden)


def _said(count: Any) -> str:
    return number(float(count))


def care_sheet(care: Care, material: Material, area: int | None) -> CareSheet:
    """Tables and reasons of one place; titles of tables name it, for a page holds many of them."""
    numbers, at = material.numbers, 0 if area is None else area + 1
    name = place_name(numbers, area)
    shown = [need for need in care.needs if not np.isnan(need.demand[numbers.main, :, at]).any()]
    blanks = tuple(f"{need.title}: {NOT_FORMED}" for need in care.needs if need not in shown)
    rows = care.alone.of("" if area is None else list(numbers.facts.areas)[area])
    planned = any(need.places is not None for need in care.needs) or any(one.sites for one in care.services)
    return CareSheet(
        _sentence(numbers, area),
        _tiles(numbers, shown, at),
        _lines(numbers, area),
        _sentence(numbers, area),
        _demand(numbers, shown, at, name),
        blanks,
        _seats(numbers, care.seats, area, name),
        tuple(_sites(care, numbers, area, name)),
        rows,
        care.alone.note if rows else care.alone.reason,
        tuple((need.title, need.said) for need in shown)
        + tuple((seat.title, f"{seat.source}. {seat.bias}".strip()) for seat in care.seats),
        "" if planned else NO_PLACES,
    )


def _old(numbers: Numbers, area: int | None) -> Floats | None:
    """Persons from 65 and from 80 on [2, y]; None where ages are not shown."""
    bands, counts = numbers.broad(area)
    people, firsts = counts[numbers.main], [band.first for band in bands]
    if not {65, 80} <= set(firsts) or np.isnan(people).any():
        return None
    return np.stack([people[:, firsts.index(age) :].sum(axis=1) for age in (65, 80)])


def _sentence(numbers: Numbers, area: int | None) -> str:
    """How many old people live here now and later."""
    facts, found = numbers.facts, _old(numbers, area)
    if found is None:
        return "Nach dem Alter wird hier nichts gezeigt (Schutz kleiner Zahlen)."
    old, oldest = found
    return (
        f"Am 31.12.{facts.base_year} wohnen hier {counted(old[0], 'Person', 'Personen')} ab 65 Jahren, darunter "
        f"{number(oldest[0])} ab 80; im Szenario „{facts.main.title}“ sind es am 31.12.{facts.target_year} "
        f"{number(old[-1])} und {number(oldest[-1])}."
    )


def _lines(numbers: Numbers, area: int | None) -> Lines | None:
    """The old and the oldest over the years."""
    found = _old(numbers, area)
    names = ["ab 65 Jahren", "ab 80 Jahren"]
    return None if found is None else lines(numbers.years, found, names, styles=[0, 1], height=LOW)


def _tiles(numbers: Numbers, needs: Sequence[Need], at: int) -> tuple[Tile, ...]:
    """The services that concern most people, in the last year beside the first."""
    facts, main = numbers.facts, numbers.main
    most = sorted(needs, key=lambda need: -float(need.demand[main, -1, at]))[:5]
    return tuple(
        (
            f"{need.title} {facts.target_year}",
            number(float(need.demand[main, -1, at])),
            f"{facts.base_year}: {number(float(need.demand[main, 0, at]))}",
        )
        for need in needs
        if need in most
    )


def _demand(numbers: Numbers, needs: Sequence[Need], at: int, name: str) -> CrossTable | None:
    """One row a service: course with range; places, what is left or missing, and from when."""
    facts = numbers.facts
    years = (facts.base_year, *key_years(facts.base_year, facts.target_year)[-2:])
    places = any(need.places is not None for need in needs)
    heads = ("Plätze", f"Plätze − Bedarf {facts.target_year}", "Plätze fehlen ab") if places else ()
    rows = tuple(
        (
            need.title,
            *(with_range(need, numbers.main, numbers.year(year), at) for year in years),
            *(_places(need, numbers, at) if places else ()),
        )
        for need in needs
    )
    title = f"Bedarf {name}, {facts.main.title}"
    return CrossTable(title, (STICHTAG, *map(str, years), *heads), rows) if rows else None


def _places(need: Need, numbers: Numbers, at: int) -> tuple[str, str, str]:
    if need.places is None:
        return ("nicht angegeben", "", "")
    needed, places = need.demand[numbers.main, :, at], float(need.places[at])
    short = needed > places
    first = str(numbers.years[short.argmax()]) if short.any() else ENOUGH
    return number(places), signed(places - float(needed[-1])), first


def _seats(numbers: Numbers, seats: Sequence[Seat], area: int | None, name: str) -> CrossTable | None:
    """Seats that the published persons call for, with one decimal."""
    facts = numbers.facts
    years = (facts.base_year, *key_years(facts.base_year, facts.target_year)[-2:])
    totals = numbers.totals(area)[numbers.main][[numbers.year(year) for year in years]]
    rows = tuple((seat.title, *(totals / seat.persons).tolist()) for seat in seats)
    heads = tuple(map(str, years))
    title = f"Sitze {name}, {facts.main.title}"
    return CrossTable(title, (STICHTAG, *heads), rows, decimals=frozenset(heads)) if rows else None


def _sites(care: Care, numbers: Numbers, area: int | None, name: str) -> list[CrossTable]:
    """For the whole: every site against the demand of its areas; for an area: where its demand goes."""
    facts, found = numbers.facts, []
    for need, service in zip(care.needs, care.services, strict=True):
        if service.sites is None:
            continue
        if area is None:
            found.append(_all_sites(need, service, numbers))
            continue
        key = list(facts.areas)[area]
        own = {site: part for (one, site), part in service.sites.weights.items() if one == key and part > 0}
        rows = tuple((site, share(part)) for site, part in own.items())
        found.append(CrossTable(f"{need.title}: Standorte für {name}", ("Standort", "Anteil des Bedarfs"), rows))
    return found


def _all_sites(need: Need, service: Service, numbers: Numbers) -> CrossTable:
    facts, sites = numbers.facts, service.sites
    assert sites is not None
    needed = sites.demand(list(facts.areas), need.demand[numbers.main, :, 1:])
    usable = np.array(list(sites.places.values())) * (1 - service.reserve)
    rows = []
    for k, name in enumerate(sites.places):
        course, places = needed[:, k], float(usable[k])
        hidden = bool(np.isnan(course).any())
        short = course > places
        gap, first = signed(places - float(course[-1])), str(numbers.years[short.argmax()]) if short.any() else ENOUGH
        ends = [number(5 * round(float(value) / 5)) if value == value else HIDDEN for value in (course[0], course[-1])]
        rows.append((name, number(places), *ends, HIDDEN if hidden else gap, HIDDEN if hidden else first))
    head = ("Standort", "Plätze", f"Bedarf {facts.base_year}", f"Bedarf {facts.target_year}",
            f"Plätze − Bedarf {facts.target_year}", "Plätze fehlen ab")  # fmt: skip
    note = HIDDEN_SITES if any(row[-1] == HIDDEN for row in rows) else ""
    return CrossTable(f"{need.title}: Standorte und ihre Einzugsgebiete", head, tuple(rows), note=note)
