"""Random cases with a document for each, what the engine answers, and how far another answer is from it."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import xarray as xr
from hypothesis import strategies as st

from support.cities import City, rates_of, stock_of, with_moves
from support.lab_documents import LAST, documents, fixed, joined, whom
from zwkprognose import Scenario, prepare
from zwkprognose.engine.prepare import Prepared

Question = tuple[Prepared, dict[str, Any]]
#: What is solved step by step agrees to this share of a cell; all else to the bit.
SOLVED = 1e-9


def expected(case: Prepared, document: dict[str, Any]) -> xr.Dataset:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # documents are random: that part of one lies behind the end is no matter here
        return case.project(Scenario.from_document(document))


def differences(found: dict[str, list[list[float]]], wanted: xr.Dataset) -> dict[str, tuple[int, float]]:
    """By variable: cells that differ, and the largest difference as a share of the cell (of one person at least)."""
    assert set(found) == set(wanted.data_vars)
    result = {}
    for name, values in wanted.data_vars.items():
        time = "year_end" if name == "population" else "year"
        right = values.transpose(time, "area", "nationality", "sex", ...).values
        mine = np.array(found[str(name)]).reshape(right.shape)
        gap = np.abs(mine - right) / np.maximum(np.abs(right), 1.0)
        result[str(name)] = (int((mine != right).sum()), float(gap.max(initial=0.0)))
    return result


@st.composite
def questions(draw: st.DrawFn) -> Question:
    """A case and a document; a few towns have more areas than one block of a sum."""
    size = {"areas": 70, "open_age": 6} if draw(st.integers(0, 9)) == 0 else {"open_age": draw(st.integers(6, 30))}
    areas = st.just(size["areas"]) if "areas" in size else st.integers(1, 6)
    city = draw(st.builds(City, areas, st.integers(1, 3), st.just(size["open_age"]), st.integers(0, 2**32 - 1)))
    years = range(2021, LAST + 1) if draw(st.booleans()) else None
    rates = rates_of(city, years)
    if city.areas > 1 and draw(st.booleans()):
        rates = with_moves(rates, city, "pool")
    return prepare(stock_of(city, 1.0), rates, until=LAST), draw(documents(city))


@st.composite
def solved_questions(draw: st.DrawFn) -> Question:
    """A life expectancy, or Eckwerte that share no cell: near what comes without them, so that they can be met."""
    city = draw(st.builds(City, st.integers(2, 5), st.integers(1, 3), st.integers(8, 30), st.integers(0, 2**32 - 1)))
    case = prepare(stock_of(city, 1.0), rates_of(city), until=LAST)
    if draw(st.booleans()):
        years = st.floats(1.0, 8.0).map(lambda e: {"ziel": e})
        about = fixed(groesse="sterblichkeit", geschlecht=st.sampled_from(["w", "m"]))
        said = draw(joined(about, years, whom(city).map(_areas_only)))
        return case, {"name": "leben", "gebietstypen": {"typ": ["00"]}, "annahme": [said]}
    people = case.population(by="area")
    first, *others = city.coords["area"]
    held = []
    for areas in ([first], others):
        end = draw(st.integers(2022, LAST))
        near = float(people.sel(year_end=end, area=areas).sum()) * draw(st.floats(0.9, 1.1))
        course = draw(st.sampled_from(["stufe", "gleitend"]))
        held.append({"gebiete": areas, "personen": {str(end): near}, "verlauf": course})
    return case, {"name": "eckwerte", "eckwert": held}


def _areas_only(said: dict[str, Any]) -> dict[str, Any]:
    return {k: v for k, v in said.items() if k in ("gebiete", "staatsangehoerigkeit")}
