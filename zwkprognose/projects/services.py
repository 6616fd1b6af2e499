"""Services whose demand a project asks for: a quota that comes with the package or one of its own, and the places."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from zwkprognose.errors import ScenarioError
from zwkprognose.projects.pairs import read_numbers
from zwkprognose.scenarios.effects.verdict import Verdict, rest_of

if TYPE_CHECKING:
    from zwkprognose import output
    from zwkprognose.output import Quota
    from zwkprognose.projects.document import Project
    from zwkprognose.projects.service_document import Service


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
        Asked(quota_of(project, k, base_year), _places(project, service)) for k, service in enumerate(project.services)
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
    from zwkprognose.output import Quota, Rate, default_quota, default_quotas

    service = project.services[index]
    if service.quota is None:
        rates = tuple(Rate(*share.ages, share.share, share.sex) for share in service.shares)
        quota = Quota(f"bedarf_{index + 1}", service.title, rates, service.source)
    elif service.quota in default_quotas():
        quota = default_quota(service.quota)
    else:
        place = project.where("bedarf", index, "quote")
        raise ScenarioError(
            f"{place}: Die Quote „{service.quota}“ gibt es nicht.",
            remedy=f"Mitgeliefert sind {', '.join(default_quotas())}; eigene Quoten mit „anteile“ angeben.",
        )
    if service.factor is None or service.last_year is None:
        return quota
    return quota.rising(service.factor, start=base_year, end=service.last_year)


def recorded(project: Project) -> list[dict[str, Any]]:
    """The services as a document states them, with the full path of their tables."""
    documents = [service.model_dump(mode="json", by_alias=True, exclude_defaults=True) for service in project.services]
    return [d | ({"plaetze": str(project.path(d["plaetze"]).resolve())} if "plaetze" in d else {}) for d in documents]


def _places(project: Project, service: Service) -> dict[str, float] | None:
    return None if service.places is None else read_numbers(project.path(service.places), "plaetze")
