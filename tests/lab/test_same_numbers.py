"""The year in the page against the engine: random cities and documents, the same bits of every stock and flow."""

from __future__ import annotations

import json
from typing import Any

import pytest
import xarray as xr
from hypothesis import event, given, settings
from py_mini_racer import MiniRacer
from support.cities import START, City, plan_of, rates_of, stock_of, with_moves
from support.lab_questions import SOLVED, Question, differences, expected, questions, solved_questions

from zwkprognose import Scenario, estimate_rates, load_example, prepare
from zwkprognose.engine import Eckwert
from zwkprognose.engine.features.timing import Timing
from zwkprognose.engine.prepare import Prepared
from zwkprognose.errors import EngineError, ZwkError
from zwkprognose.lab.filling import engine_script
from zwkprognose.lab.payload import payload


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


@given(questions())
@settings(max_examples=80)
def test_every_stock_and_flow_has_the_bits_of_the_engine(script: MiniRacer, question: Question) -> None:
    found = compared(script, question)
    assert all(count == 0 for count, _ in found.values()), found


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


TOWN = City(areas=3, groups=2, open_age=30, seed=5)
TARGET = Eckwert("x", xr.DataArray([[90.0]], {"year_end": [START + 1], "area": ["01"]}))


@pytest.mark.parametrize(
    ("plan", "said"),
    [
        ({"timing": "even"}, "eine andere Zeitkonvention als „cohort“"),
        ({"timing": Timing(by_completed_age=True)}, "eine andere Zeitkonvention"),
        ({"timing": Timing(late_mothers=False)}, "eine andere Zeitkonvention"),
        ({"eckwerte": [TARGET]}, "Eckwerte, Erstbezug oder Sondergruppen außerhalb eines Szenarios"),
        ({"erstbezug": plan_of(TOWN)["erstbezug"]}, "Eckwerte, Erstbezug oder Sondergruppen"),
        ({"sondergruppen": plan_of(TOWN)["sondergruppen"]}, "Eckwerte, Erstbezug oder Sondergruppen"),
        ({"moves": "matrix"}, "Umzüge nach einer Matrix"),
        ({"moves": "matrix", "timing": "even"}, "Umzüge nach einer Matrix, eine andere Zeitkonvention"),
    ],
)
def test_what_the_page_cannot_compute_is_refused(plan: dict[str, Any], said: str) -> None:
    """Each alone; without any of them the same town is carried."""
    stock, rates = stock_of(TOWN, 1.0), rates_of(TOWN)
    payload(prepare(stock, rates, until=START + 2).base())
    given = {name: value for name, value in plan.items() if name != "moves"}
    case = prepare(stock, with_moves(rates, TOWN, "matrix") if "moves" in plan else rates, until=START + 2, **given)
    with pytest.raises(EngineError, match="Das Labor kann diesen Fall nicht rechnen: " + said):
        payload(case.base())
