"""Musterstadt: an invented town of twenty quarters whose true rates are known, with a register of every event.

The persons of a cell fare independently of each other: each dies, leaves the town, moves to another quarter or stays,
with the probabilities of the true rates, and movers share half of the deaths of a year; in-moves and births are
Poisson. On average a year of it is a year of :func:`zwkprognose.project` with the true rates, so that estimates,
look-backs and intervals can be held against the truth.
"""

from __future__ import annotations

import json
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from zwkprognose import national
from zwkprognose.errors import InputError

if TYPE_CHECKING:
    import xarray as xr
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Counts = NDArray[np.int64]

#: The first 31.12. of the register, and the years before it that nobody recorded.
FIRST_YEAR, UNRECORDED = 2013, 10
OPEN_AGE = 95
GROUPS, SEXES = ("german", "foreign"), ("female", "male")
#: Share of the year for which those who come or go share its deaths; newborns longer.
MOVERS, NEWBORNS = 0.5, 2 / 3
GIRLS = 100 / 205
#: Children of foreign mothers who are foreign.
FOREIGN_CHILDREN = 0.55
#: Factors of Germans and foreigners, and of women and men, on the town's schedules.
FERTILITY_OF = (0.98, 1.25)
MOBILITY_OF = (1.0, 1.9)
MOBILITY_BY_SEX = (0.96, 1.04)
#: In-moves per out-move at the start, by group.
INWARD = (0.98, 1.12)
CELL = ("area", "nationality", "sex", "age")


@dataclass(frozen=True)
class Musterstadt:
    """The town and its truth; from :func:`musterstadt`.

    Attributes
    ----------
    inputs : xr.Dataset
        What a register would give: stocks, births, deaths, in-moves, out-moves and moves between the quarters.
    rates : xr.Dataset
        The true rates, as :func:`zwkprognose.project` takes them.
    kinds : dict of area key to str
        What kind of quarter each is, in German.
    """

    inputs: xr.Dataset
    rates: xr.Dataset
    kinds: dict[str, str]


def musterstadt(seed: int = 1, *, years: int = 10) -> Musterstadt:
    """Let chance play in the town, always the same for one seed.

    Parameters
    ----------
    seed : int
        Another seed is another chance; rates and quarters stay.
    years : int
        Years with events from 2014 on; more years continue the same history.

    Returns
    -------
    Musterstadt
        Whole persons.

    Raises
    ------
    InputError
        If ``seed`` or ``years`` is no whole number that is possible.

    Examples
    --------
    >>> town = musterstadt(years=2)
    >>> town.inputs["area"].size, town.inputs["year_end"].values.tolist(), town.kinds["03"]
    (20, [2013, 2014, 2015], 'Studierendenquartier')
    """
    for name, value, least in (("seed", seed, 0), ("years", years, 1)):
        if isinstance(value, bool) or not isinstance(value, int | np.integer) or value < least:
            raise InputError(f"{name}={value} ist keine ganze Zahl ab {least}.", remedy=f"{name}=10 angeben.")
    truth = _truth()
    stock = _first_stock(np.random.default_rng([seed, 0]))
    for year in range(FIRST_YEAR - UNRECORDED + 1, FIRST_YEAR + 1):
        stock = _year(stock, truth, np.random.default_rng([seed, year]))["population"]
    history = [{"population": stock}]
    for year in range(FIRST_YEAR + 1, FIRST_YEAR + years + 1):
        history.append(_year(history[-1]["population"], truth, np.random.default_rng([seed, year])))
    kinds = {key: str(_town()["arten"][one["art"]]["titel"]) for key, one in _town()["quartiere"].items()}
    return Musterstadt(_labelled(history, seed), _true_rates(truth), kinds)


def outlines() -> dict[str, Any]:
    """A map of the quarters as hexagons, in metres."""
    angles = np.radians(np.arange(0, 361, 60) + 30)
    ring = 600 * np.column_stack([np.cos(angles), np.sin(angles)])
    features = []
    for key, one in _town()["quartiere"].items():
        column, row = one["lage"]
        centre = np.array([np.sqrt(3) * 600 * (column + row % 2 / 2), 900.0 * row])
        shape = {"type": "Polygon", "coordinates": [(ring + centre).round(1).tolist()]}
        features.append({"type": "Feature", "properties": {"area": key, "name": one["name"]}, "geometry": shape})
    return {"type": "FeatureCollection", "features": features}


@dataclass(frozen=True)
class _Truth:
    """True rates as arrays [area, group, sex, age]; ``fertility`` [area, group, age], ``destination`` [from, to]."""

    death: Floats
    out: Floats
    move: Floats
    in_moves: Floats
    fertility: Floats
    destination: Floats


@cache
def _town() -> dict[str, Any]:
    path = Path(__file__).parent / "data" / "musterstadt.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))


def _quarters(field: str) -> Floats:
    """What the kinds of the quarters say, one row each."""
    return np.array([_town()["arten"][one["art"]][field] for one in _town()["quartiere"].values()], dtype=float)


def _own(field: str) -> Floats:
    """What the quarters say of themselves."""
    return np.array([one[field] for one in _town()["quartiere"].values()], dtype=float)


def _by_band(levels: Floats) -> Floats:
    """Levels [area, band] on ages [area, 1, 1, age]."""
    band = np.searchsorted(_town()["baender"], np.arange(OPEN_AGE + 1), side="right") - 1
    return levels[:, None, None, band]


@cache
def _truth() -> _Truth:
    death = _scaled(_death_schedule()[None, None], _quarters("sterblichkeit")[:, None, None, None])
    mobile = np.array(MOBILITY_OF)[:, None, None] * np.array(MOBILITY_BY_SEX)[:, None] * _leaving()
    out, move = (_scaled(share * mobile[None], _by_band(_quarters("fortzug"))) for share in (0.6, 0.4))
    people = _expected_stock()
    inward = np.array(INWARD)[:, None, None] * (people * out).sum(axis=0)
    pull = _by_band(_quarters("zuzug")) * people.sum(axis=(1, 2, 3), keepdims=True)
    in_moves = pull / pull.sum(axis=0) * inward
    births = national.fertility_rate(2022)
    schedule = np.zeros(OPEN_AGE + 2)
    schedule[births["age"].to_numpy()] = births.to_numpy()
    reached = (schedule[:-1] + np.concatenate([[0.0], schedule[:-2]])) / 2
    fertility = _quarters("geburten")[:, None, None] * np.array(FERTILITY_OF)[:, None] * reached
    pull_inside = (_by_band(_quarters("zuzug"))[:, 0, 0] * people.sum(axis=(1, 2))).sum(axis=1)
    destination = np.tile(pull_inside, (len(pull_inside), 1)) * (1 - np.eye(len(pull_inside)))
    death = np.broadcast_to(death, out.shape)
    return _Truth(death, out, move, in_moves, fertility, destination / destination.sum(axis=1, keepdims=True))


def _scaled(probability: Floats, level: Floats) -> Floats:
    """A probability whose hazard is multiplied."""
    return np.asarray(1 - (1 - probability) ** level)


def _death_schedule() -> Floats:
    """The German table by the age reached at the end of a year [sex, age]; the open group as it dies in the table."""
    table = national.death_prob("2020/22").sel(sex=list(SEXES)).to_numpy()
    reached = np.concatenate([table[:, :1], (table[:, 1:] + table[:, :-1]) / 2], axis=1)
    alive = np.cumprod(1 - reached, axis=1)[:, OPEN_AGE:]
    oldest = (reached[:, OPEN_AGE:] * alive).sum(axis=1) / alive.sum(axis=1)
    return np.column_stack([reached[:, :OPEN_AGE], oldest])


def _leaving() -> Floats:
    """Probability of leaving a quarter by age, Germans in a quarter like the town."""
    age = np.arange(OPEN_AGE + 1.0)
    young = 0.15 * np.exp(-(((age - 24) / np.where(age < 24, 4.5, 10.0)) ** 2))
    return np.asarray(0.022 + 0.075 * np.exp(-0.13 * age) + young + 0.03 / (1 + np.exp(-(age - 84) / 2.5)))


def _expected_stock() -> Floats:
    """The first stock on average, [area, group, sex, age]."""
    age = np.arange(OPEN_AGE + 1.0)
    alive = np.cumprod(1 - _death_schedule(), axis=1)
    shapes = []
    for one in _town()["quartiere"].values():
        bumps = _town()["arten"][one["art"]]["alter"]
        bumped = 1 + sum(height * np.exp(-(((age - at) / width) ** 2)) for at, width, height in bumps)
        shapes.append(alive * bumped)
    young = np.exp(-(((age - 30) / 18) ** 2)) + 0.35
    by_group = np.stack([np.stack([shape, shape * young]) for shape in shapes])
    by_group /= by_group.sum(axis=(2, 3), keepdims=True)
    foreign = _own("auslaender")
    persons = _own("personen")[:, None] * np.stack([1 - foreign, foreign], axis=1)
    return np.asarray(persons[:, :, None, None] * by_group)


def _first_stock(rng: np.random.Generator) -> Counts:
    return rng.poisson(_expected_stock())


def _year(stock: Counts, truth: _Truth, rng: np.random.Generator) -> dict[str, Counts]:
    """What happens in a year, and the stock at its end."""
    start = np.concatenate([np.zeros_like(stock[..., :1]), stock[..., :-1]], axis=-1)
    start[..., -1] += stock[..., -1]
    older = _cohorts(start, truth, MOVERS, rng, slice(1, None))
    women = (start[:, :, 0, 1:] + older["population"][:, :, 0]) / 2
    births = rng.poisson(truth.fertility[..., 1:] * women)
    born = np.zeros_like(start)
    born[..., 0] = _children(births.sum(axis=-1), rng)
    young = _cohorts(born, truth, NEWBORNS, rng, slice(0, 1))
    year = {name: np.concatenate([young[name], older[name]], axis=-1) for name in older}
    return year | {"births": np.concatenate([np.zeros_like(births[..., :1]), births], axis=-1)}


def _cohorts(
    start: Counts, truth: _Truth, exposed: float, rng: np.random.Generator, ages: slice
) -> dict[str, Counts]:
    """Those who are there at the start of the year (or born in it) and those who come, of some of the ages."""
    q, out, move = truth.death[..., ages], truth.out[..., ages], truth.move[..., ages]
    dying = q * (1 - exposed * (out + move))
    fates = rng.multinomial(start[..., ages], np.stack([dying, out, move, 1 - dying - out - move], axis=-1))
    dead, left, moved, stayed = (fates[..., k] for k in range(4))
    moves = _destinations(moved, truth.destination, rng)
    come = rng.poisson(truth.in_moves[..., ages])
    arrived = come + moves.sum(axis=0)
    late = rng.binomial(arrived, exposed * q)
    return {
        "population": stayed + arrived - late,
        "deaths": dead + late,
        "in_moves": come,
        "out_moves": left,
        "moves": moves,
    }


def _destinations(moved: Counts, shares: Floats, rng: np.random.Generator) -> Counts:
    """Where those go who leave each area for another [from, to, group, sex, age]."""
    someone = np.nonzero(moved)
    moves = np.zeros((*moved.shape, len(shares)), dtype=np.int64)
    moves[someone] = rng.multinomial(moved[someone], shares[someone[0]])
    return np.moveaxis(moves, -1, 1)


def _children(by_mother: Counts, rng: np.random.Generator) -> Counts:
    """Children by their own group and sex [area, group, sex] from births by the mother's group."""
    german, foreign = by_mother[:, 0], by_mother[:, 1]
    kept = rng.binomial(foreign, FOREIGN_CHILDREN)
    children = np.stack([german + foreign - kept, kept], axis=1)
    girls = rng.binomial(children, GIRLS)
    return np.stack([girls, children - girls], axis=-1)


def _coords() -> dict[str, Any]:
    quarters = _town()["quartiere"]
    return {
        "area": list(quarters), "nationality": list(GROUPS), "sex": list(SEXES), "age": np.arange(OPEN_AGE + 1),
        "area_name": ("area", [one["name"] for one in quarters.values()]),
    }  # fmt: skip


def _labelled(history: list[dict[str, Counts]], seed: int) -> xr.Dataset:
    """The history as checked inputs."""
    import xarray as xr

    from zwkprognose.inputs import check_dataset

    ends = np.arange(FIRST_YEAR, FIRST_YEAR + len(history))
    dims: dict[str, tuple[str, ...]] = dict.fromkeys(("deaths", "in_moves", "out_moves"), CELL)
    dims |= {"births": ("area", "nationality", "age"), "moves": ("origin", "destination", *CELL[1:])}
    stocks = np.stack([one["population"] for one in history]).astype(float)
    arrays: dict[str, Any] = {"population": (("year_end", *CELL), stocks)}
    for name, own in dims.items():
        counts = np.stack([one[name] for one in history[1:]]).astype(float)
        arrays[name] = (("year", *own), counts, {"age_basis": "reached"})
    coords = _coords() | {"year_end": ends, "year": ends[1:]}
    keys = coords["area"]
    source = {
        "file": "musterstadt", "kind": "erzeugt", "title": "Musterstadt, eine erfundene Stadt",
        "publisher": "zwkprognose", "licence": "BSD-3-Clause", "universe": "Hauptwohnung",
        "notes": [f"Zufall mit dem Startwert {seed}."],
    }  # fmt: skip
    attrs = {"title": "Musterstadt", "sources": json.dumps([source], ensure_ascii=False)}
    inputs = xr.Dataset(arrays, coords | {"origin": keys, "destination": keys}, attrs)
    check_dataset(inputs, "inputs")
    return inputs


def _true_rates(truth: _Truth) -> xr.Dataset:
    import xarray as xr

    share = [[1.0, 0.0], [1 - FOREIGN_CHILDREN, FOREIGN_CHILDREN]]
    arrays = {
        "death_prob": (CELL, truth.death),
        "out_prob": (CELL, truth.out),
        "move_out_prob": (CELL, truth.move),
        "in_moves": (CELL, truth.in_moves),
        "fertility_rate": (("area", "nationality", "age"), truth.fertility),
        "destination_share": (("origin", "destination"), truth.destination),
        "birth_group_share": (("nationality", "nationality_child"), share),
        "female_birth_share": ((), GIRLS),
    }
    keys = _coords()["area"]
    more = {"origin": keys, "destination": keys, "nationality_child": list(GROUPS)}
    return xr.Dataset(arrays, _coords() | more, {"title": "Musterstadt: die wahren Raten"})
