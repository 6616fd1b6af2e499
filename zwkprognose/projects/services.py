"""Services whose demand a project asks for: a quota that comes with the package or one of its own, and the places."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from zwkprognose.errors import ScenarioError
from zwkprognose.german import number_text
from zwkprognose.projects.pairs import read_numbers
from zwkprognose.projects.service_document import share_before
from zwkprognose.scenarios.effects.verdict import Verdict, rest_of

if TYPE_CHECKING:
    from zwkprognose import output
    from zwkprognose.output import Quota, Rate
    from zwkprognose.output.content.sites import Sites
    from zwkprognose.projects.document import Project
    from zwkprognose.projects.service_document import Service

#: Keys of a service that name a table.
TABLES = ("plaetze", "tabelle", "standorte", "einzugsgebiete")


def services_of(project: Project, base_year: int) -> list[output.Service]:
    """The services of a project with their quotas and places.

    Raises
    ------
    ZwkError
        If a quota is unknown, or the table of places cannot be read.
    """
    from zwkprognose.output import Service as Asked

    services_lost(project, base_year)
    return [
        Asked(quota_of(project, k, base_year), _places(project, service), service.reserve, _sites(project, service))
        for k, service in enumerate(project.services)
    ]


def services_lost(project: Project, base_year: int) -> tuple[Verdict, ...]:
    """What of the services has no effect from a base year on.

    Raises
    ------
    ScenarioError
        If a quota shall rise until a year that is past, or a service is asked for twice.
    """
    found: list[Verdict] = []
    for index, service in enumerate(project.services):
        earlier = project.services.index(service)
        if earlier < index:
            text, remedy = f"Dasselbe sagt schon bedarf {earlier + 1}.", "Eine der beiden Angaben streichen."
            found.append(Verdict(project.where("bedarf", index), text, remedy, nothing_left=True))
        place = project.where("bedarf", index, "bis")
        found += service.lost(place, base_year + 1, project.horizon.until)
    return rest_of(found)


def quota_of(project: Project, index: int, base_year: int) -> Quota:
    """The quota of one service.

    Raises
    ------
    ScenarioError
        If the package has no quota of that name; names the line.
    """

    service = project.services[index]
    quota = _level_of(project, index)
    if service.course:
        return replace(quota, path=tuple(sorted(service.course.items())))
    if service.factor is None or service.last_year is None:
        return quota
    return quota.rising(service.factor, start=base_year, end=service.last_year)


def _level_of(project: Project, index: int) -> Quota:
    """The quota of one service before its level changes."""
    from zwkprognose.output import Quota, Rate, default_quota, default_quotas, school_entry

    service = project.services[index]
    if service.quota is None:
        from zwkprognose.projects.service_tables import read_shares

        rates = tuple(Rate(*share.ages, share.share, share.sex) for share in service.shares)
        if service.table is not None:
            rates = read_shares(project.path(service.table))
        return Quota(f"bedarf_{index + 1}", service.title, rates, service.source)
    if service.quota not in default_quotas():
        place = project.where("bedarf", index, "quote")
        raise ScenarioError(
            f"{place}: Die Quote „{service.quota}“ gibt es nicht.",
            remedy=f"Mitgeliefert sind {', '.join(default_quotas())}; eigene Quoten mit „anteile“ angeben.",
        )
    quota = default_quota(service.quota)
    if service.cut_off is None and service.entering is None:
        return quota
    before = share_before(service.cut_off or "30.09.")
    if service.quota == "einschulung":
        return replace(quota, rates=school_entry(before, entering=service.entering or 1.0).rates, source=_by(service))
    return replace(quota, rates=moved_to(quota.rates, before), source=_by(service))


def moved_to(rates: tuple[Rate, ...], before: float) -> tuple[Rate, ...]:
    """Shares of children with the school entry on another day: single ages at the edges hold a part of a birth year.

    ``before`` is the part that has its birthday up to the day: it starts at six, the rest is a year longer in the
    kindergarten, and every class with it.
    """
    from zwkprognose.output import Rate

    starting = rates[0].share < 1
    whole = [rate for rate in rates if rate.share == 1]
    edges = [Rate(rate.first, rate.last, before if starting and rate is rates[0] else 1 - before)
             for rate in rates if rate.share != 1]  # fmt: skip
    return tuple(sorted([*whole, *edges], key=lambda rate: rate.first))


def _by(service: Service) -> str:
    said = service.source or f"Stichtag {service.cut_off or '30.09.'}"
    return said if service.entering is None else f"{said}, Einschulungsquote {number_text(service.entering)}"


def recorded(project: Project) -> list[dict[str, Any]]:
    """The services as a document states them, with the full path of their tables."""
    documents = [service.model_dump(mode="json", by_alias=True, exclude_defaults=True) for service in project.services]
    return [d | {key: str(project.path(d[key]).resolve()) for key in TABLES if key in d} for d in documents]


def _places(project: Project, service: Service) -> dict[str, float] | None:
    return None if service.places is None else read_numbers(project.path(service.places), "plaetze")


def _sites(project: Project, service: Service) -> Sites | None:
    if service.sites is None or service.catchments is None:
        return None
    from zwkprognose.projects.service_tables import read_sites

    return read_sites(project.path(service.sites), project.path(service.catchments))
