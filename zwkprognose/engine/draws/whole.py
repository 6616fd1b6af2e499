"""Whole persons from real numbers: what draws of events begin with."""

from __future__ import annotations

import numpy as np

from zwkprognose.engine.arrays import Array, aged
from zwkprognose.engine.features.special import Facilities, Special
from zwkprognose.engine.model import Model


def whole(stock: Array) -> Array:
    """Whole persons that keep the rounded total of each area (largest remainders)."""
    flat = stock.reshape(len(stock), -1)
    down = np.floor(flat)
    missing = np.rint(flat.sum(axis=1) - down.sum(axis=1)).astype(int)
    order = np.argsort(down - flat, axis=1, kind="stable")
    rank = np.empty_like(order)
    np.put_along_axis(rank, order, np.arange(flat.shape[1])[None], axis=1)
    return np.asarray((down + (rank < missing[:, None])).reshape(stock.shape))


def whole_special(facilities: Facilities, index: int) -> Special:
    """Residents of facilities before and after a year and those who stay in the city, each facility rounded."""
    before, after = (_residents(facilities, index + k) for k in (0, 1))
    ends = (facilities.residents[index] > 0) & (facilities.residents[index + 1] == 0)
    staying = whole(np.where(ends, facilities.stay, 0.0)[:, None, None, None] * before)
    return Special(_by_area(facilities, before), _by_area(facilities, after), aged(_by_area(facilities, staying)))


def start_of(model: Model, events: bool) -> Array:
    """The stock with which every draw begins; whole persons, of facilities and of others, if events are drawn."""
    if not events:
        return model.start
    if model.facilities is None:
        return whole(model.start)
    others = model.start - model.facilities.of_year(0).before
    return whole(others) + whole_special(model.facilities, 0).before


def _residents(facilities: Facilities, index: int) -> Array:
    """Whole residents (facility, group, sex, age) at the end of a year."""
    return whole(facilities.residents[index][:, None, None, None] * facilities.profile)


def _by_area(facilities: Facilities, residents: Array) -> Array:
    stock = np.zeros(facilities.cells)
    np.add.at(stock, facilities.areas, residents)
    return stock
