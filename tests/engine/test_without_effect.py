"""What a call plans for years that are not computed is refused or warned of, like the statements of a scenario."""

from __future__ import annotations

import json

import numpy as np
import pytest
import xarray as xr
from support.cities import START, City, profile_of, rates_of, stock_of

from zwkprognose import project
from zwkprognose.engine import Eckwert, Erstbezug, Sondergruppe
from zwkprognose.errors import EngineError, ScenarioWarning
from zwkprognose.scenarios import Scenario
from zwkprognose.scenarios.said import assumptions_of

TOWN = City(areas=2, groups=1, open_age=20, seed=3)
UNTIL = START + 3


def run(**plan: object) -> xr.Dataset:
    return project(stock_of(TOWN, least=3.0), rates_of(TOWN), until=UNTIL, **plan)  # type: ignore[arg-type]


def eckwert(*years: int) -> Eckwert:
    whole = float(stock_of(TOWN, least=3.0)["population"].sum())
    return Eckwert("Stadt", xr.DataArray(np.full(len(years), whole), {"year_end": list(years)}))


def dwellings(**by_year: float) -> Erstbezug:
    years = {int(year[1:]): count for year, count in by_year.items()}
    built = xr.DataArray([[n] for n in years.values()], {"year": list(years), "area": TOWN.coords["area"][:1]})
    return Erstbezug(built, 2.0, profile_of(TOWN), 0.5, (0.6, 0.4))


def home(**places: float) -> Sondergruppe:
    capacity = {int(year[1:]): count for year, count in places.items()}
    return Sondergruppe("Heim", TOWN.coords["area"][0], capacity, profile_of(TOWN))


@pytest.mark.parametrize(
    ("plan", "said"),
    [
        ({"eckwerte": [eckwert(START)]}, f"Eckwert „Stadt“: Gerechnet wird 2021 bis {UNTIL}; 2020 bleibt ohne Wirkung"),
        ({"erstbezug": dwellings(y2030=5)}, "Erstbezug: Bezogen wird 2030 bis 2031, gerechnet wird aber"),
        ({"erstbezug": dwellings(y2021=0)}, "Erstbezug: Niemand zieht ein"),
        ({"sondergruppen": [home(y2040=3)]}, "Sondergruppe „Heim“: „Heim“ hat Plätze ab 31.12.2040"),
    ],
)
def test_nothing_left_is_refused(plan: dict[str, object], said: str) -> None:
    with pytest.raises(EngineError) as caught:
        run(**plan)
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("plan", "said", "persons"),
    [
        ({"eckwerte": [eckwert(2022, 2050)]}, "2050 bleibt ohne Wirkung", None),
        # 10 dwellings of 2023, of which 4 fill a year later with 2 persons each
        ({"erstbezug": dwellings(y2023=10)}, "Von 10 Wohnungen werden 6 in den", 8.0),
        ({"sondergruppen": [home(y2022=3, y2050=9)]}, "9 Plätze ab 31.12.2050 bleiben ohne Wirkung", 6.0),
    ],
)
def test_a_lost_part_is_warned_of_and_kept(plan: dict[str, object], said: str, persons: float | None) -> None:
    with pytest.warns(ScenarioWarning, match=said):
        projection = run(**plan)
    (record,) = json.loads(projection.attrs["without_effect"])
    assert said in record["message"]
    assert record["persons"] == (persons if persons is None else pytest.approx(persons))


def test_a_projection_keeps_what_its_scenarios_assume_and_lose() -> None:
    late = Scenario.from_toml('name = "spaet"\n[[annahme]]\ngroesse = "zuzuege"\nprozent = 10\nvon = 2022\nbis = 2050')
    projection = run(scenario=[Scenario.bundled("middle"), late])
    assert assumptions_of(projection) == {
        "middle": ["Die Sterbewahrscheinlichkeiten sinken ab dem ersten Prognosejahr jedes Jahr um 1 %."],
        "spaet": ["Die Zuzüge sind von 2022 bis 2050 um 10 % höher als im Basiszeitraum."],
    }
    (record,) = json.loads(projection.attrs["without_effect"])
    assert (record["scenario"], record["place"]) == ("spaet", "Szenario „spaet“, Zeile 6, annahme 1: bis")
    assert "without_effect" not in run(scenario=Scenario.bundled("middle")).attrs
