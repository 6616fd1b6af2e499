"""The compiled loops run as plain Python too, on a small town: what a debugger or a measure of coverage sees."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

TESTS = Path(__file__).parents[1]
CODE = """
import sys, warnings
sys.path.insert(0, {tests!r})
warnings.simplefilter("error")
warnings.filterwarnings("ignore", "divide by zero|invalid value")  # as the compiler has it
from zwkprognose.errors import ScenarioWarning
warnings.simplefilter("ignore", ScenarioWarning)  # the run is shorter than its plan
import numba
import numpy as np
import xarray as xr
from support.cities import START, City, eckwerte_near, plan_of, rates_of, stock_of, with_moves
from zwkprognose import project
from zwkprognose.engine import Eckwert, Uncertainty, check_balance, draw_trajectories, project_draws

assert numba.config.DISABLE_JIT
until = START + 3
town = City(areas=3, groups=2, open_age=7, seed=3)
stock, rates = np.floor(stock_of(town, least=3.0)), rates_of(town)


def same(rates, **given):
    one, other = (project(stock, rates, until=until, method=m, threads=2, **given) for m in ("kernel", "reference"))
    for name in other:
        np.testing.assert_array_equal(one[name].values, other[name].values, name)


same(rates)
changing = with_moves(rates, town, "pool")["naturalisation_prob"]
first = town.coords["nationality"][0]
same(rates.assign(naturalisation_prob=changing, out_moves=0.05 * rates["in_moves"]), citizens=first)
same(rates, timing="even")
CERTAIN = Uncertainty(events=False, common={{}}, own={{}})
for kind in ("pool", "matrix"):
    moving = with_moves(rates, town, kind).assign(out_moves=0.05 * rates["in_moves"])
    plan = {{"citizens": "german"}} | plan_of(town)
    free = project(stock, moving, until=until, **plan)
    births = 1.02 * free["births"].sum(["nationality", "sex"])
    deaths = 1.02 * free["deaths"].sum(["area", "nationality", "sex", "age"])
    stocks = plan | {{"eckwerte": eckwerte_near(free, town)}}
    for wanted in (Uncertainty(levels={{"in": 0.3}}), Uncertainty().without_events()):
        for given in (plan, stocks):
            project_draws(stock, moving, until=until, draws=2, uncertainty=wanted, **given)
    plan["eckwerte"] = [*stocks["eckwerte"], Eckwert("Sterbefälle", deaths, of="deaths"),
                        Eckwert("Geburten", births, of="births")]
    same(moving, **plan)
    expected = project(stock, moving, until=until, **plan)
    drawn = draw_trajectories(stock, moving, until=until, draws=2, uncertainty=CERTAIN, **plan)
    for name in expected.data_vars:
        np.testing.assert_allclose(drawn[name].isel(draw=1), expected[name], rtol=1e-7, atol=1e-7)
    for wanted in (Uncertainty(), Uncertainty().without_events()):
        project_draws(stock, moving, until=until, draws=2, uncertainty=wanted, **plan)
    persons = draw_trajectories(stock, moving, until=until, draws=2, **plan)
    assert max(check_balance(persons.isel(draw=d)) for d in range(2)) == 0.0
drawn = draw_trajectories(stock, rates, until=until, draws=2, uncertainty=CERTAIN)
np.testing.assert_allclose(drawn["population"][1], project(stock, rates, until=until)["population"], rtol=1e-12)
persons = draw_trajectories(stock, rates, until=until, draws=3)
assert max(check_balance(persons.isel(draw=d)) for d in range(3)) == 0.0
many = stock.assign(population=300 * stock["population"])
large = draw_trajectories(many, rates.assign(in_moves=80 * rates["in_moves"]), until=START + 1, draws=2)
assert max(check_balance(large.isel(draw=d)) for d in range(2)) == 0.0
rates = rates.assign(naturalisation_prob=changing)
certain = draw_trajectories(many, rates, until=START + 1, draws=2, uncertainty=Uncertainty.of_events(),
                           citizens=first)
assert max(check_balance(certain.isel(draw=d)) for d in range(2)) == 0.0
more = City(areas=5, groups=1, open_age=6, seed=4)
stock, rates = stock_of(more, least=3.0), rates_of(more)
same(with_moves(rates, more, "matrix"))
print("same")
"""


def test_kernels_and_draws_run_uncompiled() -> None:
    code, environment = CODE.format(tests=str(TESTS)), os.environ | {"NUMBA_DISABLE_JIT": "1"}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False)
    assert done.stdout.strip().endswith("same"), done.stderr[-3000:]
