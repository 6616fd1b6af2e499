"""A case as the numbers that a page carries: stock, finished rates, and the names of everything."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from zwkprognose import names
from zwkprognose.engine.case.base import Base
from zwkprognose.engine.grid import CELL
from zwkprognose.errors import EngineError
from zwkprognose.lab.packing import OTHERWISE
from zwkprognose.rates.assemble import FEMALE_BIRTH_SHARE
from zwkprognose.rates.migration.rogers_castro import STANDARD, rogers_castro
from zwkprognose.scenarios.masks import known_areas
from zwkprognose.scenarios.measures import MOVE_IN_AGES, PERSONS_PER_DWELLING

#: Dimensions, and values along them.
Labelled = tuple[tuple[str, ...], NDArray[np.float64]]
#: Rates that the year in the page knows.
CARRIED = ("death_prob", "out_prob", "in_moves", "out_moves", "move_out_prob", "move_in_share", "naturalisation_prob",
           "fertility_rate", "birth_group_share", "female_birth_share")  # fmt: skip
#: Rates that depend on how mortality goes on, under a rule for totals: they travel for both ways.
_OF_THE_PATH = ("in_moves", "out_prob")
#: Rates that it does not, and what they are called.
_UNKNOWN = {"destination_share": "Umzüge nach einer Matrix", "area_exists": "Gebiete, die sich auflösen"}


@dataclass(frozen=True)
class Payload:
    """Numbers of a case: small things as plain values, and all arrays one after the other.

    ``arrays`` says of each its dimensions, its shape and where among the ``numbers`` it begins.
    """

    facts: dict[str, Any]
    arrays: dict[str, dict[str, Any]]
    numbers: NDArray[np.float64]


def payload(base: Base, other: Base | None = None) -> Payload:
    """The numbers of a case, as the page needs them.

    Parameters
    ----------
    base : Base
        Stock and rates, aligned and checked; from :meth:`zwkprognose.engine.prepare.Prepared.base`.
    other : Base, optional
        What documents set out from that say otherwise than those of ``base`` how mortality goes on.

    Raises
    ------
    EngineError
        If the case has something that a page cannot compute; names it.
    """
    _refuse(base)
    grid, model = base.grid, base.model()
    areas = known_areas(base.first_stock)
    place = {key: k for k, key in enumerate(areas)}
    by_age = rogers_castro(np.asarray(grid.labels("age")), **STANDARD)
    facts = {
        "years": grid.years.tolist(),
        "base": grid.year_start,
        "areas": [{"key": key, "name": name} for key, name in areas.items()],
        "order": model.area_order.tolist(),
        "levels": {name: [place[key] for key in keys] for name, keys in areas.groups.items()},
        "groups": grid.labels("nationality"),
        "sexes": grid.labels("sex"),
        "ages": grid.size("age"),
        "citizens": model.citizens,
        "timing": {"early": model.timing.early, "newborn": model.timing.newborn,
                   "mothersStart": model.timing.mothers_start},
        "standard": by_age.tolist(),
        "dwellings": {"persons": PERSONS_PER_DWELLING, "ages": MOVE_IN_AGES},
    }  # fmt: skip
    arrays = {"start": (CELL, model.start)} | dict(_rates(base))
    if other is not None:
        found = dict(_rates(other))
        arrays |= {f"{name}{OTHERWISE}": found[name] for name in _OF_THE_PATH}
    return _laid_out(facts, arrays)


def _laid_out(facts: dict[str, Any], arrays: dict[str, Labelled]) -> Payload:
    spots, at = {}, 0
    for name, (dims, values) in arrays.items():
        spots[name] = {"dims": dims, "shape": values.shape, "at": at}
        at += values.size
    return Payload(facts, spots, np.concatenate([values.ravel() for _, values in arrays.values()]))


def _refuse(base: Base) -> None:
    """Refuse what the year in the page does not know."""
    timing, plan = base.model().timing, base.plan
    found = [text for name, text in _UNKNOWN.items() if name in base.rates]
    if timing.by_completed_age or not timing.late_mothers:
        found.append("eine andere Zeitkonvention als „cohort“")
    if plan.eckwerte or plan.erstbezug is not None or plan.sondergruppen:
        found.append("Eckwerte, Erstbezug oder Sondergruppen außerhalb eines Szenarios")
    if found:
        raise EngineError(
            f"Das Labor kann diesen Fall nicht rechnen: {', '.join(found)}.",
            remedy="Ohne diese Angaben vorbereiten, oder mit project rechnen.",
        )


def _rates(base: Base) -> Iterator[tuple[str, Labelled]]:
    labels = {dim: base.grid.start[dim].values for dim in CELL}
    for name in CARRIED:
        if name in base.rates:
            values = base.rates[name]
            there = {dim: label for dim, label in labels.items() if dim in values.dims}
            if "nationality_child" in values.dims:
                there["nationality_child"] = labels["nationality"]
            if "year" in values.dims:
                there["year"] = base.grid.years
            dims = tuple(dim for dim in names.variable("rates", name).dims if dim in values.dims)
            yield name, (dims, values.sel(there).transpose(*dims).values.astype(np.float64))
    groups = base.grid.size("nationality")
    if "birth_group_share" not in base.rates:
        yield "birth_group_share", (("nationality", "nationality_child"), np.eye(groups))
    if "female_birth_share" not in base.rates:
        yield "female_birth_share", ((), np.asarray(FEMALE_BIRTH_SHARE))
