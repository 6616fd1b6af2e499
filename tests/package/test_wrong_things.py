"""The wrong thing handed on to a public function is refused in German, whatever it is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

import zwkprognose as zwk
from zwkprognose.errors import ZwkError

INPUTS = zwk.load_example("bremerhaven")
RATES = zwk.estimate_rates(INPUTS)
START = int(INPUTS["year_end"][-1])
#: Public function → a call with something in the place of its first argument.
FIRST: dict[str, Callable[[Any], object]] = {
    "aggregate": zwk.aggregate,
    "build_inputs": zwk.build_inputs,
    "check": zwk.check,
    "check_balance": zwk.check_balance,
    "compare_year": lambda given: zwk.compare_year(given, INPUTS),
    "decompose": lambda given: zwk.decompose(given, given, until=START + 2),
    "demand": lambda given: zwk.demand(given, zwk.output.default_quota("kita_u3")),
    "estimate_rates": zwk.estimate_rates,
    "hindcast": lambda given: zwk.hindcast(given, 2016, 4),
    "indicators": zwk.indicators,
    "intervals": lambda given: zwk.intervals(given, [START + 5]),
    "load_example": zwk.load_example,
    "open_netcdf": zwk.open_netcdf,
    "prepare": lambda given: zwk.prepare(given, RATES, until=START + 2),
    "project": lambda given: zwk.project(given, RATES, until=START + 2),
    "publish": zwk.publish,
    "read_table": zwk.read_table,
    "score": zwk.score,
    "write_excel": lambda given: zwk.write_excel(given, "x.xlsx"),
    "write_netcdf": lambda given: zwk.write_netcdf(given, "x.nc"),
    "write_report": lambda given: zwk.write_report(given, "x.html"),
    "profile": lambda given: zwk.profile(given, "1", "x.html"),
    "summary": zwk.summary,
    "trace": lambda given: zwk.trace(given, None, 2000),
    "plot_components": zwk.plot_components,
    "plot_coverage": lambda given: zwk.plot_coverage(given, INPUTS),
    "plot_decomposition": zwk.plot_decomposition,
    "plot_lexis": zwk.plot_lexis,
    "plot_map": lambda given: zwk.plot_map(given, {}),
    "plot_pyramid": zwk.plot_pyramid,
    "plot_small_multiples": zwk.plot_small_multiples,
    "plot_trend": zwk.plot_trend,
}
WRONG = {"nothing": None, "a number": 3, "a list": [], "a mapping": {"a": 1}, "an object": object()}


def test_every_public_function_is_tried() -> None:
    functions = {name for name in zwk.__all__ if not name.startswith("_") and not isinstance(getattr(zwk, name), type)}
    assert functions == set(FIRST)


@pytest.mark.parametrize("what", WRONG)
@pytest.mark.parametrize("name", FIRST)
def test_the_first_argument_may_be_anything(name: str, what: str, tmp_path: Any, monkeypatch: Any) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ZwkError) as caught:
        FIRST[name](WRONG[what])
    assert caught.value.message
    assert list(tmp_path.iterdir()) == []


#: Results of another step where a projection, a look back or a stock is needed.
STEPS: list[tuple[str, Callable[[], object]]] = [
    ("check_balance", lambda: zwk.check_balance(INPUTS)),
    ("check_balance", lambda: zwk.check_balance(RATES)),
    ("indicators", lambda: zwk.indicators(RATES)),
    ("demand", lambda: zwk.demand(RATES, zwk.output.default_quota("kita_u3"))),
    ("demand", lambda: zwk.demand(INPUTS, None)),  # type: ignore[arg-type]
    ("publish", lambda: zwk.publish(RATES)),
    ("score", lambda: zwk.score(INPUTS)),
    ("hindcast", lambda: zwk.hindcast(RATES, 2016, 4)),
    ("intervals", lambda: zwk.intervals(RATES, [START + 5])),
    ("intervals", lambda: zwk.intervals(INPUTS, START + 5)),  # type: ignore[arg-type]
    ("project", lambda: zwk.project(RATES, INPUTS, until=START + 2)),
    ("estimate_rates", lambda: zwk.estimate_rates(RATES)),
]


@pytest.mark.parametrize(("name", "call"), STEPS)
def test_the_result_of_another_step_is_told(name: str, call: Callable[[], object]) -> None:
    with pytest.raises(ZwkError) as caught:
        call()
    assert caught.value.remedy, name
