"""What every output says about a projection: title, scenarios, base year, sources, areas."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

import numpy as np
import xarray as xr

from zwkprognose.regions import Kind, Regions, regions_in, regions_of
from zwkprognose.scenarios.said import assumptions_of, lost_of, sentence_of

#: Scenario that carries a report when several are there.
MAIN = ("middle", "mittlere", "main")
#: Name and title of the only scenario of a projection that was made without one.
SINGLE, SINGLE_TITLE = "projection", "Vorausberechnung"


@dataclass(frozen=True, slots=True)
class Scenario:
    """Key, German title and reason of one scenario of the projection, what it assumes, and what of it is lost."""

    name: str
    title: str
    text: str = ""
    assumptions: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Facts:
    """The head of every output."""

    title: str
    base_year: int
    target_year: int
    scenarios: tuple[Scenario, ...]
    main: Scenario
    sources: tuple[dict[str, Any], ...]
    provenance: dict[str, Any]
    method: str
    areas: dict[str, str]
    #: What the whole, its parts and the larger parts between them are called.
    regions: Regions = field(default_factory=regions_of)
    #: What was read of which file, in sentences.
    understood: tuple[str, ...] = ()
    #: Whether ``areas`` are the larger parts.
    larger: bool = False

    @property
    def kind(self) -> Kind:
        """What one of the areas is called, with its forms."""
        return self.regions.district if self.larger else self.regions.part

    @property
    def unit(self) -> tuple[str, str]:
        """What one area and several areas are called."""
        return self.kind.singular, self.kind.plural

    @property
    def source_line(self) -> str:
        """Publishers and licences of the data, once each."""
        lines = [_source_line(source) for source in self.sources]
        return "; ".join(dict.fromkeys(line for line in lines if line)) or "Quelle nicht angegeben"


def facts_of(projection: xr.Dataset, inputs: xr.Dataset | None = None) -> Facts:
    """Collect the head from the attributes of a projection and, if given, its inputs."""
    provenance = _json(projection.attrs.get("provenance"), {})
    scenarios = _scenarios(projection, provenance)
    years = projection["year_end"].values
    own = _json(projection.attrs.get("sources"), None) or _json(provenance.get("sources"), [])
    sources = own if inputs is None else _json(inputs.attrs.get("sources"), own)
    known = {} if inputs is None else inputs.attrs
    regions = regions_in(projection.attrs, known)
    return Facts(
        title=_title(projection, inputs),
        base_year=int(years[0]),
        target_year=int(years[-1]),
        scenarios=scenarios,
        main=main_of(scenarios),
        sources=tuple(source for source in sources if isinstance(source, dict)),
        provenance=provenance,
        method=str(projection.attrs.get("method", provenance.get("method", ""))),
        areas=area_names(projection),
        understood=tuple(regions.worded(_uncounted(line)) for line in _json(known.get("understood"), [])),
        regions=regions,
    )


class _Named(Protocol):
    @property
    def name(self) -> str: ...


N = TypeVar("N", bound=_Named)


def main_of(scenarios: Sequence[N]) -> N:
    """The scenario that carries a report: the middle one, or the first."""
    return next((one for one in scenarios if one.name in MAIN), scenarios[0])


def with_scenario(projection: xr.Dataset) -> xr.Dataset:
    """The projection with a scenario dimension in front, also if it has only one."""
    if "draw" in projection.dims:
        projection = projection.mean("draw", keep_attrs=True)
    if "scenario" in projection.dims:
        return projection
    name = str(projection["scenario"].item()) if "scenario" in projection.coords else SINGLE
    return projection.drop_vars("scenario", errors="ignore").expand_dims(scenario=[name])


def area_names(dataset: xr.Dataset) -> dict[str, str]:
    """Key and name of every area; an area without a name is called by its key."""
    if "area" not in dataset.dims:
        return {}
    keys = [str(key) for key in dataset["area"].values]
    names = dataset["area_name"].values if "area_name" in dataset.coords else keys
    return {key: str(name) or key for key, name in zip(keys, names, strict=True)}


def _title(projection: xr.Dataset, inputs: xr.Dataset | None) -> str:
    candidates = [projection.attrs.get("title"), None if inputs is None else inputs.attrs.get("title")]
    return next((str(title) for title in candidates if title), "Bevölkerungsprognose")


def _scenarios(projection: xr.Dataset, provenance: dict[str, Any]) -> tuple[Scenario, ...]:
    documents = _documents(provenance)
    titles = _json(projection.attrs.get("scenario_titles"), {})
    if "scenario" in projection.coords:
        titles = titles | _json(projection["scenario"].attrs.get("titles"), {})
        names = [str(name) for name in np.atleast_1d(projection["scenario"].values)]
    else:
        names = list(documents)[:1] or [SINGLE]
    assumed, lost = assumptions_of(projection), lost_of(projection.attrs)
    return tuple(
        _scenario(
            name, documents.get(name, {}), titles, tuple(assumed.get(name, ())),
            tuple(_in_words(record) for record in lost if record["scenario"] == name),
        )
        for name in names
    )  # fmt: skip


def _scenario(
    name: str, document: dict[str, Any], titles: dict[str, str], assumed: tuple[str, ...], lost: tuple[str, ...]
) -> Scenario:
    title = titles.get(name) or document.get("title") or (SINGLE_TITLE if name == SINGLE else name)
    title, text = (" ".join(str(said).split()) for said in (title, document.get("text", "")))
    return Scenario(name, title, text, assumed, lost)


def _documents(provenance: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Scenario documents of the provenance by name."""
    found = provenance.get("scenarios") or provenance.get("scenario") or []
    found = [found] if isinstance(found, dict) and "name" in found else found
    documents = found.values() if isinstance(found, dict) else found
    return {str(d["name"]): d for d in documents if isinstance(d, dict) and "name" in d}


def _in_words(record: dict[str, Any]) -> str:
    """What has no effect, for readers who do not have the document: which statement it is, not file, line and key.

    >>> place = "Szenario „Wenig“, Zeile 23, annahme 3: groesse"
    >>> _in_words({"place": place, "message": "Zuzüge: Alle Werte sind null.", "remedy": "", "persons": None})
    'annahme 3: Zuzüge: Alle Werte sind null.'
    """
    statement = re.search(r"\w+ \d+(?=(: \w+)?$)", record["place"].removesuffix("."))
    return sentence_of(record | {"place": statement[0] if statement else record["place"]})


def _uncounted(line: str) -> str:
    """What was read of a file without its persons: a file may be that of one area.

    >>> _uncounted("„hof.csv“, gelesen: 1 Gebiet · Stichtag 2024 · 3 Personen am 31.12.2024")
    '„hof.csv“, gelesen: 1 Gebiet · Stichtag 2024'
    """
    return re.sub(r" · [^·]* Personen am 31\.12\.\d+", "", line)


def _source_line(source: dict[str, Any]) -> str:
    parts = [source.get("publisher"), source.get("title"), source.get("licence")]
    return ", ".join(str(part) for part in parts if part) or str(source.get("file", ""))


def _json(value: Any, default: Any) -> Any:
    if value is None or value == "":
        return default
    return json.loads(value) if isinstance(value, str) else value
