"""Services whose demand a project asks for: a quota that comes with the package or one of its own, and the places."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import Field, model_validator

from zwkprognose.errors import ScenarioError
from zwkprognose.projects.pairs import read_numbers
from zwkprognose.scenarios.fields import Ages, Sex, Year
from zwkprognose.scenarios.statements import Statement

if TYPE_CHECKING:
    from zwkprognose import output
    from zwkprognose.output import Quota
    from zwkprognose.projects.document import Project


class Share(Statement):
    """Share of an age group that needs a service."""

    ages: Ages = Field(alias="alter")
    share: float = Field(alias="anteil", ge=0, le=1)
    sex: Sex | None = Field(None, alias="geschlecht")


class Service(Statement):
    """One service: who needs it, at which level, and how many places there are."""

    quota: str | None = Field(None, alias="quote")
    title: str = Field("", alias="titel")
    source: str = Field("", alias="quelle")
    shares: tuple[Share, ...] = Field((), alias="anteile")
    factor: float | None = Field(None, alias="faktor", gt=0)
    last_year: Year | None = Field(None, alias="bis")
    places: str | None = Field(None, alias="plaetze")

    @model_validator(mode="after")
    def _one_quota(self) -> Service:
        if (self.quota is None) == (not self.shares):
            raise ValueError("genau eine der Angaben „quote“ und „anteile“ ist nötig")
        if self.shares and not (self.title and self.source):
            raise ValueError("eigene „anteile“ brauchen „titel“ und „quelle“")
        if (self.factor is None) != (self.last_year is None):
            raise ValueError("„faktor“ und „bis“ gehören zusammen")
        return self


def services_of(project: Project, base_year: int) -> list[output.Service]:
    """The services of a project with their quotas and places.

    Raises
    ------
    ZwkError
        If a quota is unknown, or the table of places cannot be read.
    """
    from zwkprognose.output import Service as Asked

    return [
        Asked(quota_of(project, k, base_year), _places(project, service)) for k, service in enumerate(project.services)
    ]


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
            remedy=f"mitgeliefert sind {', '.join(default_quotas())}; eigene Quoten mit „anteile“ angeben",
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
