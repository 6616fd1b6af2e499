"""The year in the page against the engine: random cities and documents, the same bits of every stock and flow."""

from __future__ import annotations

import json
import warnings
from typing import Any

import numpy as np
import pytest
import xarray as xr
from hypothesis import event, given, settings
from hypothesis import strategies as st
from py_mini_racer import MiniRacer
from support.cities import City, rates_of, stock_of, with_moves
from support.lab_documents import LAST, documents, fixed, joined, whom

from zwkprognose import Scenario, estimate_rates, load_example, prepare
from zwkprognose.engine.prepare import Prepared
from zwkprognose.errors import ZwkError
from zwkprognose.lab.filling import engine_script
from zwkprognose.lab.payload import payload

Question = tuple[Prepared, dict[str, Any]]
#: What is solved step by step agrees to this share of a cell; all else to the bit.
SOLVED = 1e-9


@pytest.fixture(scope="module")
def script() -> MiniRacer:
    context = MiniRacer()
    context.eval(engine_script())
    return context


def load(script: MiniRacer, case: Prepared, other: Scenario | None = None) -> None:
    """Give the script the numbers of a case, and of what documents like another scenario set out from."""
    carried = payload(case.base(), None if other is None else case.base(other))
    head = json.dumps({"facts": carried.facts | {"saysMortality": False}, "arrays": carried.arrays})
    script.eval(f"head = {head}; numbers = Float64Array.from({json.dumps(carried.numbers.tolist())})")
    script.eval("town = laboratory.town(head, laboratory.from(head.arrays, numbers)); space = year.room()")


#: The same once more in arrays that other years have been written to, as the page does it.
AGAIN = """again = { population: [town.start] };
laboratory.follow(town, said, (t, year) => { for (const n in year) (again[n] ??= []).push(year[n].slice()); }, space);
for (const n in found) found[n].forEach((values, t) => values.forEach((value, i) => {
  if (!Object.is(value, again[n][t][i])) throw new Error(`${n} ${t} ${i}: ${value} ${again[n][t][i]}`);
}));
JSON.stringify(Object.fromEntries(Object.entries(found).map(([n, years]) => [n, years.map((y) => [...y])])))"""


def answer(script: MiniRacer, document: dict[str, Any]) -> dict[str, list[list[float]]]:
    """Every stock and flow of a document, as the page computes them."""
    script.eval(f"said = {json.dumps(document)}; found = laboratory.project(town, said)")
    return json.loads(str(script.eval(AGAIN)))


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


def compared(script: MiniRacer, question: Question) -> dict[str, tuple[int, float]]:
    """Differences of page and engine; what the engine refuses the page need not know."""
    case, document = question
    load(script, case)
    try:
        wanted = expected(case, document)
    except ZwkError:
        event("refused")
        return {}
    return differences(answer(script, document), wanted)


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


@given(questions())
@settings(max_examples=80)
def test_every_stock_and_flow_has_the_bits_of_the_engine(script: MiniRacer, question: Question) -> None:
    found = compared(script, question)
    assert all(count == 0 for count, _ in found.values()), found


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


@given(solved_questions())
@settings(max_examples=30)
def test_what_is_solved_step_by_step_is_solved_alike(script: MiniRacer, question: Question) -> None:
    found = compared(script, question)
    assert all(gap <= SOLVED for _, gap in found.values()), found


def test_documents_that_say_how_mortality_goes_on_set_out_from_another_path(script: MiniRacer) -> None:
    inputs = load_example("berlin").isel(area=slice(0, 6))
    case = prepare(inputs, estimate_rates(inputs), until=2028, totals="shrunk")
    load(script, case, Scenario.bundled("middle"))
    for said in ([], [{"groesse": "sterblichkeit", "prozent": -1.0, "verlauf": "jaehrlich"}],
                 [{"groesse": "sterblichkeit", "prozent": -5.0}], [{"groesse": "zuzuege", "prozent": 10.0}],
                 [{"groesse": "sterblichkeit", "prozent": -1.0, "verlauf": "jaehrlich", "gebiete": ["0101"]}],
                 [{"groesse": "sterblichkeit", "prozent": 2.0, "verlauf": "gleitend", "bis": 2028}]):  # fmt: skip
        document = {"name": "weg", "annahme": said}
        found = differences(answer(script, document), expected(case, document))
        assert all(count == 0 for count, _ in found.values()), (said, found)
