"""How far assumptions went in the past: by hand, from counted events, and where a slider shows it."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
import xarray as xr
from py_mini_racer import MiniRacer

from zwkprognose import estimate_rates, load_example
from zwkprognose.lab.filling import WORDS, screen_script
from zwkprognose.lab.observed import observed

CELL = ("area", "nationality", "sex", "age")
LABELS = {"area": ["1"], "nationality": ["german"], "sex": ["female"], "age": [0, 1, 2]}


def by_hand() -> tuple[xr.Dataset, xr.Dataset]:
    """The same stock of 10, 20 and 30 persons on four 31.12., and events of the three years between."""
    ends, years = [2020, 2021, 2022, 2023], [2021, 2022, 2023]
    stock = np.broadcast_to(np.array([10.0, 20.0, 30.0]), (4, 1, 1, 1, 3))
    inputs = xr.Dataset(
        {
            "population": (("year_end", *CELL), stock),
            "deaths": ("year", [11.0, 12.1, 5.5]), "births": ("year", [3.0, 2.0, 4.0]),
            "in_moves": ("year", [50.0, 40.0, 60.0]), "out_moves": ("year", [np.nan, 6.0, 7.0]),
        },
        {"year_end": ends, "year": years, **LABELS},
    )  # fmt: skip
    rates = xr.Dataset(
        {
            "death_prob": (CELL, np.array([0.0, 0.1, 0.2]).reshape(1, 1, 1, 3)),
            "fertility_rate": (("area", "nationality", "age"), np.array([0.0, 0.0, 0.05]).reshape(1, 1, 3)),
            "in_moves": (CELL, np.full((1, 1, 1, 3), 50.0 / 3)), "out_prob": (CELL, np.full((1, 1, 1, 3), 0.1)),
        },
        LABELS,
    )  # fmt: skip
    return inputs, rates


def test_levels_are_events_beside_those_expected_of_the_stocks() -> None:
    """Deaths expected: 10·0.1 + (20+30)·0.2 = 11; births: ((20+30) + 30)/2·0.05 = 2."""
    levels = observed(*by_hand(), [], internal=True)["levels"]
    assert (levels["sterblichkeit"]["low"], levels["sterblichkeit"]["high"]) == pytest.approx((-50.0, 10.0))
    assert (levels["geburten"]["low"], levels["geburten"]["high"]) == pytest.approx((0.0, 100.0))
    assert (levels["zuzuege"]["low"], levels["zuzuege"]["high"]) == pytest.approx((-20.0, 20.0))
    assert levels["zuzuege"]["text"] == "2021–2023"
    assert "fortzuege" not in levels, "two years are no range"


def test_events_are_not_among_the_published_numbers() -> None:
    assert observed(*by_hand(), [], internal=False)["levels"] == {}


def test_growth_is_that_of_the_counts() -> None:
    past = [(2000, 100.0), (2010, 200.0), (2020, 100.0), (2021, 150.0)]
    growth = observed(*by_hand(), past, internal=False)["growth"]
    assert growth == {
        "low": pytest.approx(0.5**0.1), "high": 1.5, "start": 150, "base": 2021, "when": "2000–2021"
    }  # fmt: skip
    assert observed(*by_hand(), past[:3], internal=False)["growth"] is None


def test_a_town_that_counts_knows_how_far_its_events_went() -> None:
    inputs = load_example("konstanz")
    found = observed(inputs, estimate_rates(inputs), [], internal=True)["levels"]
    assert set(found) == {"geburten", "sterblichkeit", "zuzuege", "fortzuege"}
    for one in found.values():
        assert -40 < one["low"] < 0 < one["high"] < 40, "the rates are estimated of some of these years"


@pytest.fixture(scope="module")
def script() -> MiniRacer:
    context = MiniRacer()
    context.eval(screen_script(("refusal", "statements", "levers")))
    return context


def seen(script: MiniRacer, section: str, said: dict[str, Any]) -> Any:
    known = observed(*by_hand(), [(2000, 100.0), (2010, 200.0), (2020, 100.0), (2021, 150.0)], internal=True)
    town = json.dumps({"people": 150, "words": WORDS, "observed": known})
    statement = json.dumps({"section": section, "said": said})
    return json.loads(
        str(script.eval(f"JSON.stringify(levers.of({statement}, {{ ...{town}, nameOf: (key) => key }}).seen)"))
    )


def test_a_slider_shows_what_was_seen_in_its_own_unit(script: MiniRacer) -> None:
    percent = seen(script, "annahme", {"groesse": "zuzuege", "prozent": 0})
    assert (percent["low"], percent["high"]) == pytest.approx((-20, 20))
    factor = seen(script, "annahme", {"groesse": "zuzuege", "faktor": 1})
    assert (factor["low"], factor["high"]) == pytest.approx((0.8, 1.2))
    births = seen(script, "annahme", {"groesse": "geburten", "ziel": 1.4})
    assert births["text"] == "in Deutschland seit 1972"
    control = seen(script, "eckwert", {"personen": {"2031": 160}})
    assert (control["low"], control["high"]) == pytest.approx((75, 150 * 1.5**10))


def test_of_a_part_of_the_town_nothing_was_seen(script: MiniRacer) -> None:
    assert seen(script, "annahme", {"groesse": "zuzuege", "prozent": 0, "gebiete": ["1"]}) is None
    assert seen(script, "annahme", {"groesse": "sterblichkeit", "prozent": -1, "verlauf": "jaehrlich"}) is None
    assert seen(script, "eckwert", {"personen": {"2031": 160}, "gebiete": ["1"]}) is None
    assert seen(script, "halten", {"prozent": 5}) is None
