"""Put a projection together: stock, rates and everything that is planned, checked where they meet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from zwkprognose import names
from zwkprognose.engine import doors, formulas
from zwkprognose.engine.arrays import Index
from zwkprognose.engine.features.eckwerte import Eckwert, margins_of
from zwkprognose.engine.features.housing import Erstbezug, housing_of
from zwkprognose.engine.features.special import Sondergruppe, facilities_of
from zwkprognose.engine.features.timing import Timing, timing_of
from zwkprognose.engine.grid import Grid, axes, labelled
from zwkprognose.engine.known import Known
from zwkprognose.engine.model import Model
from zwkprognose.engine.rates import Rates, aligned, rates_of
from zwkprognose.errors import EngineError
from zwkprognose.inputs.handed import handed

SUM = 1e-9

TOO_MANY = (
    "Sterbe-, Fortzugs-, Umzugs- und Wechselwahrscheinlichkeit der Zellen prüfen: "
    "q·(1 − ½ξ) + ξ darf höchstens 1 sein (ξ: Summe der Wahrscheinlichkeiten zu gehen)."
)
CLOSED_TABLE = (
    "Sterben alle (q = 1), so kann niemand mehr gehen. Mit q = 1 endet eine Sterbetafel, weil jeder einmal stirbt, "
    "nicht in diesem Jahr: für die offene Altersgruppe 1 − T(A)/T(A−1) angeben (life_table(…).survival_ratio ist "
    "T(A)/T(A−1)), oder für diese Zellen 0 als Wahrscheinlichkeit zu gehen."
)


@dataclass(frozen=True)
class Plan:
    """What is given besides stock and rates."""

    timing: str | Timing = "cohort"
    citizens: str | None = None
    eckwerte: Sequence[Eckwert] = ()
    erstbezug: Erstbezug | None = None
    sondergruppen: Sequence[Sondergruppe] = ()

    @classmethod
    def of(cls, timing: Any, citizens: Any, eckwerte: Any, erstbezug: Any, sondergruppen: Any) -> Plan:
        """What a call gives; :class:`EngineError` if it is something else."""
        each: list[tuple[Any, type]] = [(one, Eckwert) for one in _several(eckwerte)]
        each += [(one, Sondergruppe) for one in _several(sondergruppen)]
        each += [] if erstbezug is None else [(erstbezug, Erstbezug)]
        for one, kind in each:
            if not isinstance(one, kind):
                raise EngineError(
                    f"Statt „{kind.__name__}“ wurde {handed(one)} übergeben.",
                    remedy=f"{kind.__name__}(…) aus zwkprognose.engine angeben"
                    f"{'' if kind is Erstbezug else ', mehrere als Liste'}.",
                )
        return cls(timing, citizens, tuple(eckwerte or ()), erstbezug, tuple(sondergruppen or ()))


def _several(given: Any) -> list[Any]:
    """A list of objects one by one; anything else stands for itself."""
    return list(given) if isinstance(given, list | tuple) else [] if given is None else [given]


def model_of(grid: Grid, rates: Mapping[str, xr.DataArray], plan: Plan, known: Known) -> Model:
    """The checked arrays of a projection; ``known`` is what was found for others on the same grid."""
    there = rates.get("area_exists")
    model = Model(
        start=known.once("start", (), lambda: np.ascontiguousarray(grid.start.values, dtype=np.float64)),
        years=grid.years,
        rates=rates_of(grid, rates, known),
        timing=timing_of(plan.timing),
        order=_order(grid.labels("area")),
        female=grid.labels("sex").index(names.SEXES[0]),
        citizens=_citizens(grid, rates, plan.citizens),
        exists=None if there is None else known.once("area_exists", (there.values,), lambda: _exists(grid, there)),
        housing=None if plan.erstbezug is None else housing_of(grid, plan.erstbezug),
        facilities=facilities_of(grid, plan.sondergruppen) if plan.sondergruppen else None,
        margins=known.once("margins", tuple(plan.eckwerte), lambda: margins_of(grid, plan.eckwerte)),
    )
    of = model.rates
    shares = (of.move_in_share, of.destination, of.birth_group, of.move_out)
    exits = (of.death, of.out, of.move_out, of.naturalisation)
    known.once("shares", shares, lambda: _check_shares(grid, of))
    known.once("births", (of.fertility,), lambda: _check_births(grid, model))
    known.once("citizens", (of.naturalisation,), lambda: _check_citizens(grid, model))
    known.once("exits", exits, lambda: _check_exits(grid, model))
    _check_existence(grid, model)
    return model


def _order(areas: list[Any]) -> Index | None:
    """Areas by key, in which sums over areas are added; ``None`` if that is how they stand."""
    order = sorted(range(len(areas)), key=lambda i: str(areas[i]))
    return None if order == list(range(len(areas))) else np.array(order, dtype=np.intp)


def _citizens(grid: Grid, rates: Mapping[str, xr.DataArray], citizens: str | None) -> int:
    groups = grid.labels("nationality")
    wanted = citizens or names.NATIONALITIES[0]
    if wanted in groups:
        return groups.index(wanted)
    changing = "naturalisation_prob" in rates and bool((rates["naturalisation_prob"] > 0).any())
    if citizens is not None or changing:
        raise EngineError(
            f"Die Gruppe „{wanted}“, in die eingebürgert wird, gibt es nicht.",
            cells=[{"nationality": g} for g in groups],
            remedy="Mit citizens= eine der vorhandenen Gruppen angeben.",
        )
    return 0


def _exists(grid: Grid, given: xr.DataArray) -> NDArray[np.bool_]:
    exists = axes(aligned(grid, given, "area_exists"), ("year", "area"))
    if not np.isin(exists, (0, 1)).all():
        raise EngineError("Bestand der Gebiete (area_exists): nur 0 und 1 sind möglich.",
                          remedy="1 für Jahre, in denen es das Gebiet gibt, sonst 0.")  # fmt: skip
    return np.broadcast_to(exists > 0, (len(grid.years), grid.size("area")))


def _check_shares(grid: Grid, rates: Rates) -> None:
    if rates.move_in_share is not None and rates.destination is not None:
        raise EngineError("Für die Umzüge sind Pool und Matrix zugleich angegeben.",
                          remedy="Entweder move_in_share oder destination_share angeben.")  # fmt: skip
    if rates.move_out is not None and rates.move_in_share is None and rates.destination is None:
        raise EngineError("Für die Umzüge fehlt, wohin sie führen.",
                          remedy="move_in_share (Pool) oder destination_share (Matrix) angeben.")  # fmt: skip
    cell = ("nationality", "sex", "age")
    if rates.move_in_share is not None:
        share = rates.move_in_share
        total = share.sum(axis=1) if share.shape[1] == grid.size("area") else share[:, 0] * grid.size("area")
        _refuse_sum(total, grid, ("year", *cell), "Anteil am Umzugspool")
    if rates.destination is not None:
        _refuse_sum(rates.destination.sum(axis=2), grid, ("year", "area", *cell), "Anteil des Zielgebiets")
    _refuse_sum(rates.birth_group.sum(axis=3), grid, ("year", "area", "nationality"),
                "Staatsangehörigkeit der Neugeborenen")  # fmt: skip


def _refuse_sum(total: NDArray[np.float64], grid: Grid, dims: tuple[str, ...], name: str) -> None:
    off = labelled(total, grid, dims)
    doors.refuse(abs(off - 1) > SUM, f"{name}: in {{n}} Fällen ist die Summe der Anteile nicht 1.",
                 "Die Anteile auf die Summe 1 bringen.")  # fmt: skip


def _check_births(grid: Grid, model: Model) -> None:
    born = labelled(model.rates.fertility[..., 0].max(axis=0), grid, ("area", "nationality"))
    doors.refuse(born > 0, "Geburtenziffer: Neugeborene haben in {n} Fällen selbst Kinder.",
                 "Die Ziffer für das Alter 0 auf 0 setzen.")  # fmt: skip


def _check_citizens(grid: Grid, model: Model) -> None:
    """Nobody is naturalised who is a citizen already."""
    chance = model.rates.naturalisation
    if chance is None:
        return
    group = grid.labels("nationality")[model.citizens]
    own = chance[:, :, min(model.citizens, chance.shape[2] - 1)].max(axis=0)
    doors.refuse(labelled(own, grid, ("area", "sex", "age")).expand_dims(nationality=[group]) > 0,
                 f"Einbürgerungswahrscheinlichkeit: „{group}“ ist die Gruppe, in die eingebürgert wird, hat aber "
                 "selbst in {n} Zellen einen Wert.",
                 f"Für „{group}“ 0 angeben, oder mit citizens= eine andere Zielgruppe.")  # fmt: skip


def _check_exits(grid: Grid, model: Model) -> None:
    """Deaths and exits together take at most everybody, in each year: q·(1 − w·ξ) + ξ ≤ 1 with ξ the sum of the exits.

    Where several are positive the sum must stay clear of one, so that rounding cannot make a stock negative.
    """
    rates = model.rates
    parts = [r for r in (rates.death, rates.out, rates.move_out, rates.naturalisation) if r is not None]
    count = max(len(r) for r in parts)
    for t in range(count):
        death, *leaving = (r[min(t, len(r) - 1)] for r in parts)
        together = formulas.gone(death, model.exposure, sum(leaving[1:], start=leaving[0]))
        if together.max() < 1 - doors.NOBODY_LEFT:
            continue
        several = sum(((p > 0).astype(int) for p in leaving), start=(death > 0).astype(int)) > 1
        mask = (together > 1) | (several & (together > 1 - doors.NOBODY_LEFT))
        year = {"year": [int(grid.years[t])]} if count > 1 else {}
        doors.refuse(labelled(mask, grid).expand_dims(year),
                     "In {n} Zellen sterben und gehen zusammen mehr Personen, als da sind.",
                     CLOSED_TABLE if (mask & (death == 1)).any() else TOO_MANY)  # fmt: skip


def _check_existence(grid: Grid, model: Model) -> None:
    """Nobody is planned for an area that does not exist, and somebody says where its people go."""
    if model.exists is None:
        return
    gone = xr.DataArray(~model.exists, {"year": grid.years, "area": grid.start["area"].values})
    if model.facilities is not None:
        there = np.zeros_like(model.exists)
        for k, area in enumerate(model.facilities.areas):
            there[:, area] |= model.facilities.residents[1:, k] > 0
        doors.refuse(gone & there, "Sondergruppen stehen in {n} Fällen in Gebieten, die es nicht gibt.",
                     "Die Einrichtung vorher schließen.")  # fmt: skip
    if model.housing is not None:
        built = (model.housing.inside + model.housing.outside).sum(axis=2) > 0
        doors.refuse(gone & built, "Erstbezug: in {n} Fällen wird in Gebieten gebaut, die es nicht gibt.",
                     "Die Wohnungen einem bestehenden Gebiet zuordnen.")  # fmt: skip
    settled = np.vstack([model.start.reshape(len(model.start), -1).any(axis=1), model.exists[:-1]])
    leaving = (settled & ~model.exists).any()
    if leaving and model.rates.move_in_share is None and model.rates.destination is None:
        raise EngineError("Ein bewohntes Gebiet wird aufgelöst, aber nichts sagt, wohin die Personen ziehen.",
                          remedy="move_in_share oder destination_share angeben.")  # fmt: skip
    _check_somewhere(gone, model)


def _check_somewhere(gone: xr.DataArray, model: Model) -> None:
    """In each year somebody takes in the movers of every cohort."""
    share = model.rates.move_in_share
    if share is None:
        return
    for t in np.flatnonzero(gone.any("area")).tolist():
        there = ~gone.values[t][:, None, None, None]
        if not ((share[min(t, len(share) - 1)] * there).sum(axis=0) > 0).all():
            raise EngineError("Kein bestehendes Gebiet nimmt die Umziehenden auf.",
                              cells=[{"year": int(gone["year"][t])}],
                              remedy="move_in_share der bestehenden Gebiete prüfen.")  # fmt: skip
