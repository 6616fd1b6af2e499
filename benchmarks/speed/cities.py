"""Invented cities of any size, as the arrays that the engine computes with."""

from __future__ import annotations

import numpy as np
import xarray as xr

from zwkprognose.engine.features.housing import Housing
from zwkprognose.engine.features.margins import Margin
from zwkprognose.engine.model import Model
from zwkprognose.engine.rates import Rates

AGES, SEXES, GROUPS, YEARS = 101, 2, 2, 30
CELL = (GROUPS, SEXES, AGES)


def city(areas: int, seed: int = 1) -> Model:
    """Births, deaths, in-moves and out-moves of two groups; out- and in-moves differ by area."""
    rng = np.random.default_rng(seed)
    fertility = np.zeros((1, areas, GROUPS, AGES))
    fertility[..., 16:50] = rng.random((1, areas, GROUPS, 34)) * 0.08
    age = np.arange(AGES)
    death = 0.0005 + 0.4 / (1 + np.exp((95 - age) / 8))
    return Model(
        start=rng.random((areas, *CELL)) * 50,
        years=np.arange(2021, 2021 + YEARS),
        rates=Rates(
            death=np.ascontiguousarray(np.broadcast_to(death, (1, 1, 1, SEXES, AGES))),
            out=rng.random((1, areas, *CELL)) * 0.1,
            in_moves=rng.random((1, areas, *CELL)) * 2,
            fertility=fertility,
            birth_group=np.array([[1.0, 0.0], [0.4, 0.6]])[None, None],
            birth_sex=np.array([[[100 / 205, 105 / 205]]]),
        ),
    )


def busy_city(areas: int, target: np.ndarray | None = None) -> Model:
    """The same with a pool of moves, new dwellings and an Eckwert for every cohort and year.

    Every year a tenth of the areas have new dwellings, of which three tenths go to people from outside.
    """
    model, rng = city(areas), np.random.default_rng(2)
    share = rng.random((1, areas, 1, 1, 1)) + 0.5
    pool = {
        "move_out": rng.random((1, areas, *CELL)) * 0.05,
        "move_in_share": np.ascontiguousarray(np.broadcast_to(share / share.sum(), (1, areas, 1, 1, AGES))),
    }
    profile = np.zeros((1, *CELL))
    profile[..., :70] = 1 / (GROUPS * SEXES * 70)
    homes = rng.random((YEARS, areas, 1)) * 30 * (rng.random((YEARS, areas, 1)) < 0.1)
    rates = Rates(**{**vars(model.rates), **pool})
    margins = () if target is None else tuple((_cohorts(areas, t),) for t in target)
    return Model(
        start=model.start, years=model.years, rates=rates, housing=Housing(0.7 * homes, 0.3 * homes, profile),
        margins=margins,
    )  # fmt: skip


def matrix_city(areas: int) -> Model:
    """Moves by an origin–destination matrix of every year, age and sex."""
    model, rng = city(areas), np.random.default_rng(3)
    matrix = rng.random((YEARS, areas, areas, 1, SEXES, AGES))
    matrix /= matrix.sum(axis=2, keepdims=True)
    rates = Rates(**{**vars(model.rates), "move_out": rng.random((1, areas, *CELL)) * 0.05, "destination": matrix})
    return Model(start=model.start, years=model.years, rates=rates)


def labelled_city(areas: int) -> tuple[xr.Dataset, xr.Dataset]:
    """Stock and rates of :func:`city` as Datasets, for the public door."""
    model = city(areas)
    labels = {"area": [f"{k:03d}" for k in range(areas)], "nationality": ["german", "foreign"],
              "sex": ["female", "male"], "age": np.arange(AGES)}  # fmt: skip
    stock = xr.DataArray(model.start[None], {"year_end": [2020]} | labels)
    r, cell = model.rates, tuple(labels)
    rates = xr.Dataset(
        {"death_prob": (cell[2:], r.death[0, 0, 0]), "out_prob": (cell, r.out[0]), "in_moves": (cell, r.in_moves[0]),
         "fertility_rate": (("area", "nationality", "age"), r.fertility[0]),
         "birth_group_share": (("nationality", "nationality_child"), r.birth_group[0, 0])},
        labels | {"nationality_child": labels["nationality"]},
    )  # fmt: skip
    return stock.to_dataset(name="population"), rates


def _cohorts(areas: int, target: np.ndarray) -> Margin:
    cells = np.arange(np.prod(CELL), dtype=np.intp).reshape(CELL)
    return Margin("Kohorten", "population", np.zeros(areas, np.intp), cells, target.reshape(1, -1), lambda r, c: {})
