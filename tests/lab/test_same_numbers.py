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

from zwkprognose import Scenario, prepare
from zwkprognose.engine.prepare import Prepared
from zwkprognose.errors import ZwkError
from zwkprognose.lab.page import engine_script
from zwkprognose.lab.payload import payload

LAST = 2028
#: What is solved step by step agrees to this share of a cell; all else to the bit.
SOLVED = 1e-9


@pytest.fixture(scope="module")
def script() -> MiniRacer:
    context = MiniRacer()
    context.eval(engine_script())
    return context


def load(script: MiniRacer, case: Prepared) -> None:
    """Give the script the numbers of a case."""
    carried = payload(case.base())
    head = json.dumps({"facts": carried.facts, "arrays": carried.arrays})
    script.eval(f"town = laboratory.town({head}, Float64Array.from({json.dumps(carried.numbers.tolist())}))")


def answer(script: MiniRacer, document: dict[str, Any]) -> dict[str, list[list[float]]]:
    """Every stock and flow of a document, as the page computes them."""
    text = script.eval(
        f"found = laboratory.project(town, {json.dumps(document)});"
        "JSON.stringify(Object.fromEntries(Object.entries(found).map(([n, years]) => [n, years.map((y) => [...y])])))"
    )
    return json.loads(str(text))


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


# --- documents -----------------------------------------------------------------------------------------------------

YEARS = st.integers(2021, LAST)


def optional(**keys: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional=keys)


def whom(city: City) -> st.SearchStrategy[dict[str, Any]]:
    areas, groups = city.coords["area"], city.coords["nationality"]
    oldest = city.open_age
    bands = st.tuples(st.integers(0, oldest - 1), st.integers(0, oldest - 1)).map(lambda b: f"{min(b)}-{max(b)}")
    return optional(
        gebiete=st.lists(st.sampled_from([*areas, "0*", "@typ"]), min_size=1, max_size=2, unique=True),
        staatsangehoerigkeit=st.sampled_from(list(groups)),
        geschlecht=st.sampled_from(["w", "m"]),
        alter=bands | st.integers(0, oldest).map(lambda a: f"{a}+"),
    )


def when() -> st.SearchStrategy[dict[str, Any]]:
    spans = st.tuples(YEARS, YEARS).map(lambda s: {"von": min(s), "bis": max(s)})
    return st.just({}) | spans | YEARS.map(lambda y: {"von": y}) | st.integers(1, 6).map(lambda d: {"dauer": d})


def joined(*parts: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[dict[str, Any]]:
    return st.tuples(*parts).map(lambda found: {k: v for part in found for k, v in part.items()})


def fixed(**values: Any) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({k: v if isinstance(v, st.SearchStrategy) else st.just(v) for k, v in values.items()})


def levels(city: City) -> st.SearchStrategy[dict[str, Any]]:
    quantity = st.sampled_from(["geburten", "sterblichkeit", "zuzuege", "fortzuege"])
    size = fixed(prozent=st.floats(-60, 40)) | fixed(faktor=st.floats(0.3, 1.4))
    said = joined(fixed(groesse=quantity), size, whom(city), when(), optional(verlauf=st.sampled_from(["sprung", "jaehrlich", "gleitend"])))
    return said.map(_possible)


def _possible(said: dict[str, Any]) -> dict[str, Any]:
    """The same without what a document may not say together."""
    if said["groesse"] == "geburten":
        said.pop("geschlecht", None)
    if said.get("verlauf") == "gleitend" and "bis" not in said and "dauer" not in said:
        said["bis"] = LAST
        said.pop("von", None)
    return said


def goals(city: City) -> st.SearchStrategy[dict[str, Any]]:
    """At most one goal of a quantity, so that none contradicts another."""
    births = fixed(groesse="geburten", ziel=st.floats(0.4, 3.0))
    inward = fixed(groesse="zuzuege", ziel=st.floats(1.0, 5000.0))
    outward = fixed(groesse="fortzuege", ziel=st.floats(0.1, 3.0))
    return joined(births | inward | outward, when(), optional(verlauf=st.just("sprung")))


def arrivals(city: City) -> st.SearchStrategy[dict[str, Any]]:
    profile = optional(profil=st.sampled_from(["zuzuege", "standard"]))
    return joined(fixed(name="Ereignis", personen=st.floats(1, 900)), whom(city), when(), profile)


def dwellings(city: City) -> st.SearchStrategy[dict[str, Any]]:
    shares = st.sampled_from([{"0+": 1.0}, {"0-3": 0.4, "4+": 0.6}])
    return joined(
        fixed(name="Neubau", gebiet=st.sampled_from(list(city.coords["area"])), wohnungen=st.floats(1, 90), alter=shares,
              anteil_von_aussen=st.sampled_from([0.0, 0.3, 1.0]), von=st.integers(2020, LAST - 1)),
        optional(einzug=st.sampled_from([[0.6, 0.4], [0.1, 0.2, 0.7]]), personen_je_wohnung=st.floats(1, 4)),
    )  # fmt: skip


def homes(city: City) -> st.SearchStrategy[dict[str, Any]]:
    return joined(
        fixed(name="Heim", gebiet=st.sampled_from(list(city.coords["area"])), alter={"3+": 1.0},
              plaetze=st.dictionaries(st.integers(2022, 2025).map(str), st.floats(1, 60), min_size=1, max_size=3)),
        st.just({}) | fixed(schliesst=2027, bleibeanteil=st.sampled_from([0.25, 1.0])),
    )  # fmt: skip


def documents(city: City) -> st.SearchStrategy[dict[str, Any]]:
    """Everything that agrees to the bit."""
    kept = joined(fixed(prozent=st.floats(1, 90)), whom(city), when())
    drawn = joined(fixed(prozent=st.floats(1, 90)) | fixed(personen=st.floats(1, 900)), whom(city), when())
    return st.fixed_dictionaries(
        {"name": st.just("zufall"), "gebietstypen": st.just({"typ": [city.coords["area"][-1]]})},
        optional={
            "annahme": st.tuples(st.lists(levels(city), max_size=3), st.lists(goals(city), max_size=1)).map(lambda p: p[0] + p[1]),
            "halten": st.lists(kept, max_size=2), "anziehen": st.lists(drawn, max_size=2),
            "ereignis": st.lists(arrivals(city), max_size=2), "erstbezug": st.lists(dwellings(city), max_size=3),
            "sondergruppe": st.lists(homes(city), max_size=1),
        },
    )  # fmt: skip


@st.composite
def questions(draw: st.DrawFn) -> tuple[Prepared, dict[str, Any]]:
    """A case and a document; a few towns have more areas than one block of a sum."""
    size = {"areas": 70, "open_age": 6} if draw(st.integers(0, 9)) == 0 else {"open_age": draw(st.integers(6, 30))}
    city = draw(st.builds(City, st.just(size.get("areas", 0)) if "areas" in size else st.integers(1, 6), st.integers(1, 3),
                          st.just(size["open_age"]), st.integers(0, 2**32 - 1)))  # fmt: skip
    years = range(2021, LAST + 1) if draw(st.booleans()) else None
    rates = rates_of(city, years)
    if city.areas > 1 and draw(st.booleans()):
        rates = with_moves(rates, city, "pool")
    return prepare(stock_of(city, 1.0), rates, until=LAST), draw(documents(city))


@given(questions())
@settings(max_examples=150)
def test_every_stock_and_flow_has_the_bits_of_the_engine(script: MiniRacer, question: tuple[Prepared, dict[str, Any]]) -> None:
    case, document = question
    load(script, case)
    try:
        wanted = expected(case, document)
    except ZwkError:
        event("refused")
        return  # what the engine refuses the page need not know
    found = differences(answer(script, document), wanted)
    assert all(count == 0 for count, _ in found.values()), found


@st.composite
def solved_questions(draw: st.DrawFn) -> tuple[Prepared, dict[str, Any]]:
    """A life expectancy, or Eckwerte that share no cell: near what comes without them, so that they can be met."""
    city = draw(st.builds(City, st.integers(2, 5), st.integers(1, 3), st.integers(8, 30), st.integers(0, 2**32 - 1)))
    case = prepare(stock_of(city, 1.0), rates_of(city), until=LAST)
    if draw(st.booleans()):
        years = st.floats(1.0, 8.0).map(lambda e: {"ziel": e})
        said = draw(joined(fixed(groesse="sterblichkeit", geschlecht=st.sampled_from(["w", "m"])), years, whom(city).map(_areas_only)))
        return case, {"name": "leben", "gebietstypen": {"typ": ["00"]}, "annahme": [said]}
    people = case.population(by="area")
    first, *others = city.coords["area"]
    held = []
    for areas in ([first], others):
        end = draw(st.integers(2022, LAST))
        near = float(people.sel(year_end=end, area=areas).sum()) * draw(st.floats(0.9, 1.1))
        held.append({"gebiete": areas, "personen": {str(end): near}, "verlauf": draw(st.sampled_from(["stufe", "gleitend"]))})
    return case, {"name": "eckwerte", "eckwert": held}


def _areas_only(said: dict[str, Any]) -> dict[str, Any]:
    return {k: v for k, v in said.items() if k in ("gebiete", "staatsangehoerigkeit")}


@given(solved_questions())
@settings(max_examples=60)
def test_what_is_solved_step_by_step_is_solved_alike(script: MiniRacer, question: tuple[Prepared, dict[str, Any]]) -> None:
    case, document = question
    load(script, case)
    try:
        wanted = expected(case, document)
    except ZwkError:
        event("refused")
        return
    found = differences(answer(script, document), wanted)
    assert all(gap <= SOLVED for _, gap in found.values()), found
