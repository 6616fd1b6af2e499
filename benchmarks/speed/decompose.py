"""How long the decomposition of two projections takes: ``python benchmarks/speed/decompose.py``.

Berlin's 94 Ortsteile over 20 years; the two projections differ in all nine parts (jump-off, fertility, mortality,
out-moves, in-moves, moves inside the city, dwellings, facilities, Eckwerte), so that 2^9 runs are made.
"""

from __future__ import annotations

import time

import xarray as xr

from zwkprognose.evaluation import Case, decompose
from zwkprognose.examples import load_example
from zwkprognose.rates import estimate_rates
from zwkprognose.scenarios import Scenario

UNTIL = 2040
PLANS = """
name = "{0}"
[[erstbezug]]
name = "Quartier"
gebiet = "0101"
wohnungen = {1}
von = 2028
anteil_von_aussen = 0.5
[[sondergruppe]]
name = "Heim"
gebiet = "0102"
plaetze = {{ 2026 = {2}, 2030 = 150 }}
alter = {{ "65-79" = 0.3, "80+" = 0.7 }}
[[eckwert]]
personen = {{ 2025 = {3}, 2030 = {3}, 2035 = {3}, 2040 = {3} }}
"""
CHANGES = """
[[annahme]]
groesse = "geburten"
faktor = 1.1
[[annahme]]
groesse = "sterblichkeit"
prozent = -1
verlauf = "jaehrlich"
[[annahme]]
groesse = "zuzuege"
faktor = 1.1
[[annahme]]
groesse = "fortzuege"
faktor = 0.95
[[annahme]]
groesse = "umzuege"
faktor = 1.2
"""


def cases() -> tuple[Case, Case]:
    """Two projections that have nothing in common but the city."""
    inputs = load_example("berlin")
    rates = _with_moves(estimate_rates(inputs), inputs["population"].isel(year_end=-1, drop=True))
    other = inputs.assign(population=1.001 * inputs["population"])
    one = Scenario.from_toml(PLANS.format("eins", 300, 80, 3_850_000))
    two = Scenario.from_toml(PLANS.format("zwei", 600, 100, 3_950_000) + CHANGES)
    return Case(inputs, rates, one), Case(other, rates, two)


def _with_moves(rates: xr.Dataset, stock: xr.DataArray) -> xr.Dataset:
    """Three per cent of everybody move inside the city, to the areas by their population."""
    people = stock.sum(["nationality", "sex", "age"])
    share = (people / people.sum()) * xr.ones_like(rates["out_prob"])
    return rates.assign(move_out_prob=xr.full_like(rates["out_prob"], 0.03), move_in_share=share)


def main() -> None:
    """Warm up, then the best of three."""
    one, other = cases()
    decompose(one, other, until=UNTIL, method="kernel")
    walls, works = [], []
    for _ in range(3):
        wall, work = time.perf_counter(), time.process_time()
        result = decompose(one, other, until=UNTIL, method="kernel")
        walls.append(time.perf_counter() - wall)
        works.append(time.process_time() - work)
    gap = result["contribution"].sum("component") - (result["other"] - result["one"])
    print(f"2^9 runs, 94 areas, 20 years: {min(walls):.2f} s (processor time {min(works):.2f} s)")
    print(f"contributions add up to {float(abs(gap).max()):.1e} persons")


if __name__ == "__main__":
    main()
