"""The households of a project: quotas, known counts, dwellings there are and dwellings that are planned."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from zwkprognose.projects.household_document import KINDS, NATIONAL
from zwkprognose.projects.household_tables import read_known, read_quotas
from zwkprognose.projects.load import scenarios_of
from zwkprognose.projects.pairs import read_numbers
from zwkprognose.scenarios.effects.years import moving_in
from zwkprognose.scenarios.masks import known_areas, matching

if TYPE_CHECKING:
    import xarray as xr

    from zwkprognose.output.content.households import HouseholdPlan
    from zwkprognose.projects.document import Project
    from zwkprognose.rates.households import HouseholdQuotas

DWELLINGS = "wohnungen"


def households_of(project: Project, projection: xr.Dataset) -> HouseholdPlan | None:
    """What the project says of households; ``None`` if nothing.

    Raises
    ------
    ZwkError
        If a table cannot be read or contradicts itself; names file and line.
    """
    from zwkprognose.output.content.households import HouseholdPlan

    said = project.households
    if said is None:
        return None
    return HouseholdPlan(
        quotas_of(project),
        None if said.known is None else read_known(project.path(said.known)),
        None if said.dwellings is None else read_numbers(project.path(said.dwellings), DWELLINGS),
        _planned(project, projection),
        said.reserve,
    )


def quotas_of(project: Project) -> HouseholdQuotas:
    """The quotas that the project names."""
    from zwkprognose.rates.households import living_alone

    said = project.households
    assert said is not None
    if said.quotas == NATIONAL:
        return living_alone(said.open_size)
    return read_quotas(
        project.path(said.quotas), kind=KINDS[said.kind], source=said.source, open_size=said.open_size, note=said.note
    )


def _planned(project: Project, projection: xr.Dataset) -> dict[str, dict[tuple[int, str], float]]:
    """Dwellings into which people move, by scenario, year and area."""
    known, base = known_areas(projection), int(projection["year_end"][0])
    found: dict[str, dict[tuple[int, str], float]] = {}
    for scenario in scenarios_of(project):
        of_scenario = found.setdefault(scenario.name, {})
        for building in scenario.housing:
            (area,) = matching(building.area, known)
            for year, dwellings in moving_in(building).items():
                if year > base:
                    of_scenario[year, area] = of_scenario.get((year, area), 0.0) + dwellings
    return found


def recorded(project: Project) -> dict[str, Any] | None:
    """What the project says of households, with the full path of its tables."""
    if project.households is None:
        return None
    said = project.households.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    files = {key: said[key] for key in ("quoten", "bestand", DWELLINGS) if said.get(key, NATIONAL) != NATIONAL}
    return said | {key: str(project.path(name).resolve()) for key, name in files.items()}
