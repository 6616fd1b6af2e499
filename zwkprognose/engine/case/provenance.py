"""What a projection was asked for, kept with its result, so that a saved file explains itself."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import numpy as np
import xarray as xr

from zwkprognose import __version__
from zwkprognose.engine.assemble import Plan
from zwkprognose.engine.case.question import Question
from zwkprognose.engine.features.eckwerte import Eckwert
from zwkprognose.engine.features.housing import Erstbezug
from zwkprognose.engine.features.special import Sondergruppe

KEY = "provenance"
#: Lists that are written even when they are empty: no scenario and no source are statements too.
ALWAYS = ("scenarios", "sources")


def provenance_of(dataset: xr.Dataset) -> dict[str, Any]:
    """What a Dataset says about the projection it comes from; empty if it is none."""
    read: dict[str, Any] = json.loads(dataset.attrs.get(KEY, "{}"))
    return read


def provenance(inputs: xr.Dataset, rates: xr.Dataset, question: Question) -> dict[str, str]:
    """The attribute with all that decides the result, as JSON: data with hashes, rates, scenarios, what was planned.

    Sources and methods are what the attributes of stock and rates name; dwellings and Eckwerte are sums of each year.
    """
    earlier, city = provenance_of(inputs), question.city
    record = {
        "program": "zwkprognose",
        "version": __version__,
        "start": int(inputs["year_end"][-1]),
        "until": int(question.until),
        "scenarios": [s.model_dump(mode="json", exclude_defaults=True) for s in question.documents],
        "rates": _plain(rates.attrs),
        "totals": question.totals,
        "city": None if city is None else city.record(),
        **_planned(question.plan),
        "sources": earlier.pop("sources", []) if earlier else json.loads(inputs.attrs.get("sources", "[]")),
        "continues": earlier,
    }
    said = {key: value for key, value in record.items() if value not in (None, {}) and (key in ALWAYS or value != [])}
    return {KEY: json.dumps(said, ensure_ascii=False)}


def with_rates_stated(projection: xr.Dataset, rates: xr.Dataset) -> xr.Dataset:
    """The projection, with what its rates say by now: of some things only the projection itself can tell."""
    stated = provenance_of(projection) | {"rates": _plain(rates.attrs)}
    return projection.assign_attrs({KEY: json.dumps(stated, ensure_ascii=False)})


def _plain(attrs: Mapping[Any, Any]) -> dict[str, Any]:
    """Texts and numbers, also those that come back from a file as arrays of NumPy."""
    values = {str(k): v.item() if isinstance(v, np.generic) else v for k, v in attrs.items()}
    return {name: value for name, value in values.items() if isinstance(value, str | int | float)}


def _planned(plan: Plan) -> dict[str, Any]:
    return {
        "timing": plan.timing if isinstance(plan.timing, str) else asdict(plan.timing),
        "citizens": plan.citizens,
        "eckwerte": [_eckwert(e) for e in plan.eckwerte],
        "erstbezug": None if plan.erstbezug is None else _erstbezug(plan.erstbezug),
        "sondergruppen": [_sondergruppe(s) for s in plan.sondergruppen],
    }


def _eckwert(eckwert: Eckwert) -> dict[str, Any]:
    time = eckwert.time
    by = [str(d) for d in eckwert.target.dims if d != time]
    bound = {} if eckwert.bound == "exact" else {"bound": eckwert.bound}
    return {"name": eckwert.name, "of": eckwert.of, "by": by, "persons": _by_year(eckwert.target, time), **bound}


def _erstbezug(plan: Erstbezug) -> dict[str, Any]:
    return {
        "dwellings": _by_year(plan.dwellings, "year"),
        "areas": int(plan.dwellings.sizes["area"]),
        "persons": _numbers(plan.persons),
        "outside_share": _numbers(plan.outside_share),
        "spread": list(plan.spread),
    }


def _sondergruppe(group: Sondergruppe) -> dict[str, Any]:
    capacity = {str(year): float(persons) for year, persons in group.capacity.items()}
    return {"name": group.name, "area": group.area, "capacity": capacity, "closing": group.closing,
            "stay_share": group.stay_share}  # fmt: skip


def _by_year(values: xr.DataArray, time: str) -> Mapping[str, float]:
    """Sum of each year."""
    totals = values.sum([d for d in values.dims if d != time])
    return {str(year): float(total) for year, total in zip(totals[time].values, totals.values, strict=True)}


def _numbers(value: float | xr.DataArray) -> float | list[float]:
    return [float(v) for v in value.values.ravel()] if isinstance(value, xr.DataArray) else float(value)
