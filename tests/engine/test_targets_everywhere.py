"""Random sets of Eckwerte: reference, kernel, draws without uncertainty and comparisons meet, or refuse, the same."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pytest
import xarray as xr
from hypothesis import example, given, settings
from hypothesis import strategies as st
from support.cities import CELL, START, City, cities, plan_of, rates_of, stock_of, with_moves

from zwkprognose.engine import Eckwert, Uncertainty, check_balance, draw_trajectories, project
from zwkprognose.engine.assemble import Plan
from zwkprognose.engine.case.base import Base
from zwkprognose.engine.compiled.comparisons import sums
from zwkprognose.engine.features.eckwerte import age_bands
from zwkprognose.engine.grid import grid_of
from zwkprognose.errors import EngineError
from zwkprognose.scenarios import Scenario

UNTIL = START + 3
CERTAIN = Uncertainty(events=False, common={}, own={})
DRAWS = {"draws": 2, "uncertainty": CERTAIN}


class Asked:
    """A city with everything on, and a random set of Eckwerte of its stock."""

    def __init__(self, city: City, kind: str, seed: int) -> None:
        rng = np.random.default_rng(seed)
        self.stock = np.floor(stock_of(city, least=3.0))
        self.rates = with_moves(rates_of(city), city, kind)
        self.plan = {"citizens": city.coords["nationality"][0]} | plan_of(city)
        free = project(self.stock, self.rates, until=UNTIL, **self.plan)["population"].isel(year_end=slice(1, None))
        wanted = free * np.exp(rng.normal(0.0, 0.03, free.shape))
        self.eckwerte = [_some(rng, number, wanted) for number in range(rng.integers(1, 5))]

    def project(self, method: str) -> xr.Dataset:
        return project(self.stock, self.rates, until=UNTIL, eckwerte=self.eckwerte, method=method, **self.plan)

    def draw(self, **options: object) -> xr.Dataset:
        given = {"until": UNTIL, "eckwerte": self.eckwerte} | self.plan | DRAWS | options
        return draw_trajectories(self.stock, self.rates, **given)

    def from_outside(self) -> list[float]:
        """Persons by whom new dwellings make the city grow, by year: all others leave another area of it."""
        plan, years = self.plan["erstbezug"], range(START + 1, UNTIL + 1)
        built = (plan.dwellings * plan.persons * plan.outside_share).sum("area").to_series().to_dict()
        return [sum(built.get(y - lag, 0.0) * part for lag, part in enumerate(plan.spread)) for y in years]

    def compared(self) -> np.ndarray:
        """Persons by area, year and age, as comparisons add them up."""
        grid = grid_of(self.stock["population"], UNTIL)
        plan = Plan(citizens=self.plan["citizens"], eckwerte=tuple(self.eckwerte), erstbezug=self.plan["erstbezug"],
                    sondergruppen=tuple(self.plan["sondergruppen"]))  # fmt: skip
        return sums([Base(self.stock, self.rates, grid, plan).model()], np.arange(grid.size("age")))[0]


def _some(rng: np.random.Generator, number: int, wanted: xr.DataArray) -> Eckwert:
    """Sums over random groups of areas, ages or nationalities, in some years; one in five is set at random."""
    groups: dict[str, tuple[str, object]] = {}
    sums_over = wanted.isel(year_end=np.flatnonzero(rng.random(wanted.sizes["year_end"]) < 0.7).tolist() or [0])
    if rng.random() < 0.5:
        sums_over = sums_over.sum("area")
    elif rng.random() < 0.5:
        areas = wanted["area"].values.tolist()
        groups["teil"] = "area", {area: str(rng.integers(2)) for area in areas}
        part = xr.DataArray([groups["teil"][1][a] for a in areas], {"area": areas}, name="teil")
        sums_over = sums_over.groupby(part).sum()
    if rng.random() < 0.5:
        sums_over = sums_over.sum("age")
    else:
        begin = int(rng.integers(0, wanted.sizes["age"] - 1))
        groups["band"] = age_bands({f"{begin}+": (begin, None)})
        sums_over = sums_over.sel(age=slice(begin, None)).sum("age").expand_dims(band=[f"{begin}+"])
    sums_over = sums_over.sum([d for d in ("nationality", "sex") if rng.random() < 0.8])
    if rng.random() < 0.2:
        sums_over = sums_over * rng.uniform(0.5, 1.5)
    bound = str(rng.choice(["exact", "exact", "least", "most"]))
    return Eckwert(f"E{number}", sums_over, groups=groups, bound=bound)


def answer(ask: Callable[[], object]) -> tuple[object, EngineError | None]:
    try:
        return ask(), None
    except EngineError as error:
        return None, error


def said(error: EngineError, without: Sequence[str] = ()) -> list[dict[str, object]]:
    """The cells that an error names, amounts to four digits: they are found by a linear program."""
    return [{k: float(f"{v:.4g}") if isinstance(v, float) else v for k, v in cell.items() if k not in without}
            for cell in error.cells]  # fmt: skip


TRIED = st.tuples(cities(open_age=12), st.sampled_from(["pool", "matrix"]), st.integers(0, 10_000))


@settings(max_examples=25)
@given(TRIED)
@example((City(areas=2, groups=2, open_age=12, seed=2), "pool", 1))  # nearly a whole cohort leaves one of the areas
def test_reference_kernel_draws_and_comparisons_agree(tried: tuple[City, str, int]) -> None:
    asked = Asked(*tried)
    wanted, refused = answer(lambda: asked.project("reference"))
    found, also = answer(lambda: asked.project("kernel"))
    drawn, in_draw = answer(asked.draw)
    compared, in_comparison = answer(asked.compared)
    if refused is not None:
        assert also is not None, refused
        assert in_draw is not None, refused
        assert in_comparison is not None, refused
        assert also.cells == refused.cells
        assert said(in_draw, ["draw", "year"]) == said(refused, ["draw", "year"])
        negative = "gehen mehr Personen" in refused.message
        assert said(in_comparison) == ([] if negative else said(refused))  # those are of no city that anybody asked for
        assert all(cell["draw"] == 0 for cell in in_draw.cells)
        return
    assert (also, in_draw, in_comparison) == (None, None, None)
    xr.testing.assert_identical(found, wanted)
    for name in wanted.data_vars:
        np.testing.assert_allclose(drawn[name].isel(draw=1), wanted[name], rtol=1e-8, atol=1e-8)
    by_age = wanted["population"].sum(["nationality", "sex"]).transpose("area", "year_end", "age")
    np.testing.assert_allclose(compared, by_age, rtol=1e-8, atol=1e-8)
    assert check_balance(wanted) < 1e-9
    assert check_balance(drawn.isel(draw=1)) < 1e-9
    for result in (wanted, drawn.isel(draw=1)):
        np.testing.assert_allclose(result["erstbezug"].sum(["area", *CELL[1:]]), asked.from_outside(), rtol=1e-9)


TOWN = City(areas=5, groups=2, open_age=60, seed=11)
STATEMENTS = {
    "each area": 'mindestens = {least}\nje = "gebiet"',
    "path": 'personen = {{ {until} = {total} }}\nverlauf = "gleitend"',
    "dwellings": 'gebiete = ["02"]\nwohnungen = {{ {until} = {dwellings} }}\npersonen_je_wohnung = 2\nleerstand = 0.05',
    "band": 'alter = "18+"\nhoechstens = {most}',
}


def town() -> tuple[xr.Dataset, xr.Dataset, Scenario]:
    """A path, bounds for each area and for a band, and dwellings, all at once and all asked for."""
    stock, rates = np.floor(stock_of(TOWN, least=2.0)), with_moves(rates_of(TOWN), TOWN, "pool")
    free = project(stock, rates, until=UNTIL)["population"]
    last = free.sel(year_end=UNTIL)
    values = {
        "until": UNTIL, "total": 1.02 * float(last.sum()), "least": 1.02 * float(last.sum(CELL[1:]).min()),
        "dwellings": 0.54 * float(last.sel(area="02").sum()),
        "most": 0.99 * float(last.sel(age=slice(18, None)).sum()),
    }  # fmt: skip
    text = "\n".join("[[eckwert]]\n" + s.format(**values) for s in STATEMENTS.values())
    return stock, rates, Scenario.from_toml(f'name = "x"\n{text}')


@pytest.mark.parametrize("uncertainty", [Uncertainty.of_events(), Uncertainty(), Uncertainty().without_events()])
def test_paths_bounds_and_dwellings_are_drawn(uncertainty: Uncertainty) -> None:
    """Nobody appears or vanishes; what is wanted is met, exactly where only rates are drawn, else in the mean."""
    stock, rates, scenario = town()
    drawn = draw_trajectories(stock, rates, scenario, until=UNTIL, draws=60, uncertainty=uncertainty)
    assert max(check_balance(drawn.isel(draw=d)) for d in range(60)) < 1e-9
    expected = project(stock, rates, scenario, until=UNTIL)["population"]
    people = drawn["population"].sel(year_end=UNTIL)
    assert (people >= 0).all()
    off = people.sum(CELL) / float(expected.sel(year_end=UNTIL).sum()) - 1
    assert abs(float(off.mean())) < 0.004
    if not uncertainty.events:
        assert float(abs(off).max()) < 1e-9
        least = project(stock, rates, until=UNTIL)["population"].sel(year_end=UNTIL).sum(CELL[1:]).min()
        assert float(people.sum(CELL[1:]).min()) > 1.02 * float(least) * (1 - 1e-9)
    else:
        assert (drawn["population"] == np.floor(drawn["population"])).all()


def test_impossible_bounds_are_named_in_a_draw() -> None:
    """A total of 10,000, but each of the five areas shall have at least 2,100: 500 persons too many."""
    stock, rates, _ = town()
    asked = Scenario.from_toml(
        f'name = "x"\n[[eckwert]]\npersonen = {{ {UNTIL} = 10000 }}\n[[eckwert]]\nmindestens = 2100\nje = "gebiet"'
    )
    with pytest.raises(EngineError, match="widersprechen") as refused:
        project(stock, rates, asked, until=UNTIL, draws=2)
    cells = [cell for cell in refused.value.cells if "mindestens" in cell]
    assert {cell["area"] for cell in cells} == {"00", "01", "02", "03", "04"}
    assert all(cell["Abstand"] == pytest.approx(500.0, abs=0.01) for cell in cells)
