"""The usual slips at every public name: a German sentence that says what was handed on and what to do instead."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import zwkprognose as zwk
from zwkprognose.errors import ZwkError
from zwkprognose.evaluation import Case
from zwkprognose.examples import example_tables, geometry
from zwkprognose.output import default_quota

INPUTS = zwk.load_example("berlin")
RATES = zwk.estimate_rates(INPUTS)
OTHER_RATES = zwk.estimate_rates(zwk.load_example("bremerhaven"))
PROJECTION = zwk.project(INPUTS, RATES, until=2022)
TABLE = example_tables("berlin")[0]
QUOTA = default_quota("kita_u3")
CASE = Case(INPUTS, RATES)
LIMITS = zwk.intervals(INPUTS, [2025], levels=[0.8])
OUTLINES: Any = geometry("berlin")
ANY: Any = zwk

#: Public name → slips: a call and what the answer must say.
SLIPS: dict[str, list[tuple[Callable[[], object], str]]] = {
    "load_example": [(lambda: zwk.load_example("Berlin"), "vielleicht „berlin“")],
    "read_table": [
        (lambda: zwk.read_table("gibtsnicht.csv"), "gibt es nicht"),
        (lambda: ANY.read_table(INPUTS), "Dataset"),
    ],
    "check": [(lambda: ANY.check("bestand.csv"), "read_table"), (lambda: ANY.check(INPUTS), "Dataset")],
    "build_inputs": [
        (lambda: ANY.build_inputs("x.csv"), r"„x\.csv“.*\n.*read_table"),
        (lambda: ANY.build_inputs([TABLE]), r"\*tabellen"),
        (lambda: ANY.build_inputs(TABLE, areas=[1, 2]), "kein Text"),
        (lambda: zwk.build_inputs(TABLE, areas=["Moabitt"]), "„0102“ für „Moabitt“"),
    ],
    "estimate_rates": [
        (lambda: ANY.estimate_rates(TABLE), r"eine Tabelle .*\n.*build_inputs"),
        (lambda: zwk.estimate_rates(PROJECTION), "eine Vorausberechnung"),
    ],
    "Scenario": [
        (lambda: zwk.Scenario.bundled("mitlere"), "„middle“"),
        (lambda: zwk.Scenario.from_toml("gibtsnicht.toml"), "gibt es nicht"),
    ],
    "project": [
        (lambda: zwk.project(INPUTS, RATES, until=2400), r"2400.*\n.*2300"),
        (lambda: ANY.project(INPUTS, RATES, until="2030"), "keine ganze Zahl"),
        (lambda: zwk.project(INPUTS, RATES, until=2010), "schon vom 31.12.2020"),
        (lambda: zwk.project(RATES, INPUTS, until=2030), "Bestand"),
        (lambda: ANY.project(INPUTS, RATES, "mittlere", until=2030), r"Scenario\.bundled"),
        (lambda: ANY.project(INPUTS, None, until=2030), r"Ohne Raten.*\n.*estimate_rates"),
        (lambda: ANY.project(INPUTS, TABLE, until=2030), "Ohne Raten"),
        (lambda: zwk.project(INPUTS, INPUTS, until=2022), "In den Raten fehlt"),
        (lambda: zwk.project(INPUTS, OTHER_RATES, until=2022), "04012"),
        (lambda: ANY.project(INPUTS, RATES, until=[2022]), "keine ganze Zahl"),
        (lambda: ANY.project(INPUTS, RATES, until=2022, totals="geschrumpft"), "shrunk"),
    ],
    "prepare": [
        (lambda: ANY.prepare(TABLE, RATES, until=2022), "Bestand|Dataset|nötig"),
        (lambda: zwk.prepare(INPUTS, RATES, until=2400), r"2400.*\n.*2300"),
        (lambda: ANY.prepare(INPUTS, RATES, until="2030"), "keine ganze Zahl"),
        (lambda: zwk.prepare(INPUTS, INPUTS, until=2022), "In den Raten fehlt"),
        (lambda: zwk.prepare(INPUTS, OTHER_RATES, until=2022), "04012"),
        (lambda: ANY.prepare(INPUTS, None, until=2022), "Ohne Raten"),
    ],
    "check_balance": [(lambda: zwk.check_balance(INPUTS), "Vorausberechnung nötig")],
    "aggregate": [
        (lambda: zwk.aggregate(PROJECTION, by="alter"), "gegliedert"),
        (lambda: ANY.aggregate(PROJECTION, ages="0-18"), "ersten Alter"),
        (lambda: ANY.aggregate(PROJECTION, ages=18), "die Zahl 18"),
        (lambda: ANY.aggregate(PROJECTION, areas=["0101"]), "Wörterbuch"),
        (lambda: zwk.aggregate(RATES), "nicht addieren"),
    ],
    "indicators": [
        (lambda: ANY.indicators(TABLE), "Vorausberechnung nötig"),
        (lambda: zwk.indicators(PROJECTION, rates=INPUTS), "Schätzung der Raten"),
    ],
    "demand": [
        (lambda: ANY.demand(PROJECTION, "kita_u3"), r"„kita_u3“.*\n.*default_quota"),
        (lambda: ANY.demand(PROJECTION, QUOTA, capacity=[3]), "gehören zu Gebieten"),
    ],
    "hindcast": [
        (lambda: zwk.hindcast(INPUTS, 2050, 5), "2050"),
        (lambda: ANY.hindcast(INPUTS, "2016", 4), "„2016“"),
        (lambda: zwk.hindcast(INPUTS, 2016, 4, "lineal"), "lineal"),
    ],
    "score": [(lambda: zwk.score(PROJECTION), "Rückblick")],
    "intervals": [
        (lambda: ANY.intervals(INPUTS, 2030), "Liste"),
        (lambda: zwk.intervals(INPUTS, [2400]), "2400"),
        (lambda: ANY.intervals(INPUTS, ["2030"]), "ganze Zahl"),
        (lambda: zwk.intervals(INPUTS, [2010]), "31.12.2010|2010"),
    ],
    "decompose": [
        (lambda: ANY.decompose(PROJECTION, PROJECTION, until=2022), r"Case\("),
        (lambda: zwk.decompose(CASE, CASE, until=2400), "2400"),
        (lambda: Case(RATES, INPUTS), "Ohne Bestand"),
        (lambda: ANY.decompose(CASE, CASE, until="2022"), "ganze Zahl"),
    ],
    "publish": [
        (lambda: zwk.publish(INPUTS), "Das ist keine Vorausberechnung|nötig"),
        (lambda: ANY.publish(PROJECTION, districts=["0101"]), "Wörterbuch"),
        (lambda: ANY.publish(PROJECTION, min_cell="5"), "ganze Zahl"),
    ],
    "profile": [
        (lambda: zwk.profile(PROJECTION, "Altstadt", "x.html"), "„Altstadt“ gibt es nicht"),
        (lambda: zwk.profile(PROJECTION, "Moabitt", "x.html"), r"„Moabit“ \(0102\)"),
        (lambda: ANY.profile(PROJECTION, 101, "x.html"), r"die Zahl 101.*\n.*führende Nullen"),
    ],
    "summary": [
        (lambda: zwk.summary(PROJECTION, "Moabitt"), r"„Moabit“ \(0102\)"),
        (lambda: zwk.summary(PROJECTION, years=2400), r"31\.12\.2400"),
    ],
    "trace": [
        (lambda: zwk.trace(PROJECTION, "Moabitt", 2000), r"„Moabit“ \(0102\)"),
        (lambda: zwk.trace(PROJECTION, None, 1800), "Jahrgang 1800"),
        (lambda: zwk.trace(PROJECTION, None, 2000, sex="Mann"), r'"male" \(männlich\)'),
    ],
    "write_excel": [
        (lambda: ANY.write_excel("x.xlsx", PROJECTION), "Dateiname|Name der Datei"),
        (lambda: ANY.write_excel(PROJECTION, "x.xlsx", inputs="eingaben.nc"), r"„eingaben\.nc“"),
    ],
    "write_report": [
        (lambda: ANY.write_report(PROJECTION, None), "Name der Datei"),
        (lambda: zwk.write_report(INPUTS, "x.html"), "keine Vorausberechnung"),
        (lambda: zwk.write_report(PROJECTION, "x.html", inputs=RATES), "Raten übergeben"),
        (lambda: ANY.write_report(PROJECTION, "x.html", inputs=TABLE), r"Bestand .*\n.*build_inputs"),
    ],
    "write_netcdf": [(lambda: ANY.write_netcdf("a", "b"), "Dataset nötig")],
    "open_netcdf": [(lambda: zwk.open_netcdf("gibtsnicht.nc"), "gibt es nicht")],
    "compare_year": [(lambda: zwk.compare_year("gibtsnicht", INPUTS), r"prognose\.nc")],
    "Findings": [(lambda: ANY.Findings("befunde.csv"), "Befunde")],
    "plot_pyramid": [
        (lambda: zwk.plot_pyramid(PROJECTION, "Moabitt"), "„Moabit“"),
        (lambda: zwk.plot_pyramid(PROJECTION, year=2400), r"31\.12\.2400"),
        (lambda: ANY.plot_pyramid(TABLE), "nötig"),
        (lambda: ANY.plot_pyramid(PROJECTION, ax=3), r"die Zahl 3.*\n.*subplots"),
        (lambda: ANY.plot_pyramid(PROJECTION, 101), "101"),
        (lambda: ANY.plot_pyramid("prognose.nc"), "„prognose.nc“"),
    ],
    "plot_trend": [(lambda: zwk.plot_trend(PROJECTION, "Altstatt"), "gibt es nicht")],
    "plot_components": [(lambda: zwk.plot_components(INPUTS), "nötig")],
    "plot_map": [(lambda: zwk.plot_map(PROJECTION, OUTLINES, year=2400), r"31\.12\.2400")],
    "plot_small_multiples": [(lambda: zwk.plot_small_multiples(PROJECTION, ["Moabitt"]), "„Moabit“")],
    "plot_decomposition": [(lambda: zwk.plot_decomposition(PROJECTION), "Zerlegung")],
    "plot_coverage": [(lambda: zwk.plot_coverage(LIMITS, INPUTS), "je Startpunkt")],
    "plot_lexis": [(lambda: zwk.plot_lexis(PROJECTION, birth_year=2400), "Jahrgang 2400")],
}


def test_every_public_name_has_its_slips() -> None:
    assert set(SLIPS) == {name for name in zwk.__all__ if not name.startswith("_")}


@pytest.mark.parametrize(("name", "slip"), [(name, k) for name, slips in SLIPS.items() for k in range(len(slips))])
def test_a_slip_is_answered_in_german(name: str, slip: int, tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.chdir(tmp_path)
    call, told = SLIPS[name][slip]
    with pytest.raises(ZwkError) as caught:
        call()
    assert re.search(told, str(caught.value)), caught.value
    assert caught.value.remedy
    assert list(tmp_path.iterdir()) == []
