"""Random cities for the engine: any number of areas, groups and ages, every probability may vary."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import xarray as xr
from hypothesis import strategies as st

from zwkprognose.engine import Eckwert, Erstbezug, Sondergruppe, age_bands

CELL = ("area", "nationality", "sex", "age")
GROUPS = {1: ["total"], 2: ["german", "foreign"], 3: ["german", "eu", "other"]}
START = 2020


@dataclass(frozen=True)
class City:
    """A city by its size and a seed; the same seed is the same city."""

    areas: int
    groups: int
    open_age: int
    seed: int

    @property
    def coords(self) -> dict[str, Sequence[object]]:
        """Labels of its cells."""
        areas = [f"{k:02d}" for k in range(self.areas)]
        return dict(zip(CELL, (areas, GROUPS[self.groups], ["female", "male"], range(self.open_age + 1)), strict=True))

    def random(self, salt: int, without: Sequence[str] = (), years: range | None = None) -> xr.DataArray:
        """Random numbers from 0 to 1 for each cell, a tenth of them exactly 0."""
        coords = {d: list(v) for d, v in self.coords.items() if d not in without}
        coords = coords if years is None else {"year": list(years)} | coords
        rng = np.random.default_rng([self.seed, salt])
        values = rng.random([len(v) for v in coords.values()])
        return xr.DataArray(np.where(values < 0.1, 0.0, values), coords)


def cities(**fixed: int) -> st.SearchStrategy[City]:
    """Cities of 1–20 areas, 1–3 groups and an open age of 5–110; ``fixed`` gives some of it."""
    ranges = {"areas": (1, 20), "groups": (1, 3), "open_age": (5, 110), "seed": (0, 2**32 - 1)}
    drawn = {name: st.integers(*limits) for name, limits in ranges.items() if name not in fixed}
    return st.builds(City, **drawn, **{name: st.just(value) for name, value in fixed.items()})


def stock_of(city: City, least: float = 0.0) -> xr.Dataset:
    """Persons, at least ``least`` in each cell."""
    people = 100 * city.random(0) ** 3 + least
    return people.expand_dims(year_end=[START]).to_dataset(name="population")


def rates_of(city: City, years: range | None = None) -> xr.Dataset:
    """Deaths, births and moves across the city line; together they never take more than everybody."""
    groups, ages = list(city.coords["nationality"]), np.arange(city.open_age + 1)
    fertile = xr.DataArray((ages >= min(15, city.open_age // 2)) & (ages < 50), {"age": ages})
    share = np.random.default_rng([city.seed, 9]).dirichlet(np.ones(len(groups)), len(groups))
    return xr.Dataset(
        {
            "death_prob": 0.3 * city.random(1, years=years),
            "out_prob": 0.3 * city.random(2, years=years),
            "in_moves": 3 * city.random(3, years=years),
            "fertility_rate": 0.2 * city.random(4, ["sex"], years) * fertile,
            "birth_group_share": (("nationality", "nationality_child"), share),
            "female_birth_share": 0.4 + 0.2 * city.random(5, CELL[1:]),
        }
    ).assign_coords(nationality_child=groups)


def naturalised(rates: xr.Dataset, city: City) -> xr.Dataset:
    """The rates, with a change of nationality in a city of several."""
    first, *others = city.coords["nationality"]
    change = 0.1 * city.random(6, ["area"])
    return rates.assign(naturalisation_prob=change.where(change["nationality"] != first, 0.0)) if others else rates


def with_moves(rates: xr.Dataset, city: City, kind: str) -> xr.Dataset:
    """The rates, with naturalisation and moves inside the city by "pool" or "matrix"."""
    rates, areas = naturalised(rates, city), city.coords["area"]
    more = {"move_out_prob": 0.2 * city.random(7)}
    if kind == "pool":
        share = city.random(8) + 0.1
        return rates.assign(more | {"move_in_share": share / share.sum("area")})
    weights = np.random.default_rng([city.seed, 10]).random([len(areas), *(len(city.coords[d]) for d in CELL)]) + 0.1
    own = {"origin": areas, "destination": areas} | {d: list(city.coords[d]) for d in CELL[1:]}
    return rates.assign(more | {"destination_share": xr.DataArray(weights / weights.sum(axis=1, keepdims=True), own)})


def profile_of(city: City, salt: int = 20) -> xr.DataArray:
    """Shares of the cells of an area from age 1, which sum to one."""
    shares = city.random(salt, ["area"]) + 0.1
    shares = shares.where(shares["age"] > 0, 0.0)
    return shares / shares.sum()


def plan_of(city: City) -> dict[str, object]:
    """New dwellings in the first area, a home in the last that opens, grows and closes."""
    areas = list(city.coords["area"])
    built = xr.DataArray([[2.0], [1.0]], {"year": [START + 1, START + 3], "area": areas[:1]})
    outside = 1.0 if len(areas) == 1 else 0.3
    home = Sondergruppe("Heim", areas[-1], {START + 2: 5.0, START + 3: 8.0}, profile_of(city, 21), START + 5, 0.5)
    return {"erstbezug": Erstbezug(built, 2.0, profile_of(city), outside, (0.6, 0.4)), "sondergruppen": [home]}


def eckwerte_near(projection: xr.Dataset, city: City) -> list[Eckwert]:
    """Targets for areas and for ages together that a few per cent more or fewer movers meet."""
    oldest = city.open_age
    bands = age_bands({"0": (0, 0), "jung": (1, oldest // 2), "alt": (oldest // 2 + 1, None)})
    group = xr.DataArray([bands[1][a] for a in range(oldest + 1)], {"age": range(oldest + 1)}, name="band")
    wanted = projection["population"].isel(year_end=slice(1, None)).sum(["nationality", "sex"])
    wanted = (wanted * (0.98 + 0.04 * city.random(11, ["nationality", "sex"]))).groupby(group).sum()
    return [
        Eckwert("Alter", wanted.sum("area"), groups={"band": bands}),
        Eckwert("Gebiete ohne Neugeborene", wanted.drop_sel(band="0").sum("band").expand_dims(ab=["1"], axis=-1),
                groups={"ab": ("age", dict.fromkeys(range(1, oldest + 1), "1"))}),
    ]  # fmt: skip
