"""Somebody who ages what was published backwards: in a scenario without moves the later years are the counted stock.

Knows every survival exactly, the births that were published and by how much the published numbers are rounded at
most, and asks what a hidden cell of the base year [area, sex, age] can be at most. Independent of the code that
protects.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

import numpy as np
import xarray as xr
from scipy.optimize import linprog
from scipy.sparse import csr_array

OPEN_AGE = 95
SURVIVAL = 1 - np.minimum(5e-5 * np.exp(0.092 * np.arange(OPEN_AGE + 1)), 0.4)
#: Tables by age and the coordinates of their first and last ages.
BANDS = {"by_age": "age", "by_broad_age": "broad", "broad": "broad"}


def without_moves(sizes: tuple[float, ...], start: np.ndarray, years: int) -> xr.Dataset:
    """Projection of counted persons [area, nationality, sex, age] by births and deaths alone."""
    stocks, flows = [start], {name: [] for name in ("births", "deaths", "in_moves", "out_moves")}
    for _ in range(years):
        aged = np.zeros_like(start)
        aged[..., 1:] = stocks[-1][..., :-1]
        aged[..., -1] += stocks[-1][..., -1]
        births = stocks[-1][:, :, :1, 20:40].sum(-1) * 0.05 * np.array([100, 105]) / 205
        end = aged * SURVIVAL
        end[..., 0] += births
        for name, values in zip(flows, (births, aged - aged * SURVIVAL, aged * 0, aged * 0), strict=True):
            flows[name].append(values)
        stocks.append(end)
    cell = ("area", "nationality", "sex", "age")
    arrays = {name: (("year", *cell[: values[0].ndim]), np.stack(values)) for name, values in flows.items()}
    return xr.Dataset(
        arrays | {"population": (("year_end", *cell), np.stack(stocks))},
        {
            "year_end": np.arange(2020, 2021 + years),
            "year": np.arange(2021, 2021 + years),
            "area": [f"{k:04d}" for k in range(1, len(sizes) + 1)],
            "area_name": ("area", [f"Dorf {k}" for k in range(1, len(sizes) + 1)]),
            "nationality": ["german", "foreign"],
            "sex": ["female", "male"],
            "age": np.arange(OPEN_AGE + 1),
        },
    )


class Ageing:
    """What one publication tells of the counted stock [sex, age] of one area that shows its total."""

    def __init__(self, published: xr.Dataset, exact: xr.Dataset, area: int) -> None:
        self.published, self.area = published.isel(area=area), area
        self.base = exact["population"].isel(area=area, year_end=0).sum("nationality").transpose("sex", "age").values

    def most(self, sex: int, first: int, last: int) -> float:
        """Largest number of persons of one sex and these ages that all that is known allows."""
        goal = np.zeros(self.base.shape)
        goal[sex, first : last + 1] = -1
        weights, values, slack = self._known
        solved = linprog(
            goal.ravel(),
            A_ub=csr_array(np.vstack([weights, -weights])),
            b_ub=np.concatenate([values + slack, slack - values]),
            method="highs",
        )
        assert solved.status == 0, solved.message
        return -float(solved.fun)

    @cached_property
    def _known(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        rows, values, later = zip(*self._rows(), strict=True)
        weights, numbers, later = np.stack(rows), np.array(values), np.array(later)
        away = np.abs(weights @ self.base.ravel() - numbers)[later].max()
        return weights, numbers, np.where(later, away + 1e-3, 1e-5)

    def _rows(self) -> Iterator[tuple[np.ndarray, float, bool]]:
        """Weights on the cells [sex, age] of the base year, what they sum to, whether it is rounded."""
        for year in range(self.published.sizes["year_end"]):
            total = self.published["total"].isel(scenario=0, year_end=year)
            tables = [self.published[name].isel(scenario=0, year_end=year) for name in BANDS]
            for name, table in zip(BANDS, tables, strict=True):
                dim, first = f"{BANDS[name]}_group", table[f"{BANDS[name]}_from"].values.astype(int)
                ends = [*first[1:], OPEN_AGE + 1]
                for group, (low, high) in enumerate(zip(first, ends, strict=True)):
                    for sexes in ([0], [1]) if "sex" in table.dims else ([0, 1],):
                        value = float(table.isel({dim: group, **({"sex": sexes[0]} if "sex" in table.dims else {})}))
                        if not np.isnan(value) and (low >= year or len(sexes) > 1):
                            row, born = self._aged(low, high, year, sexes)
                            yield row, value - born, year > 0
            if year == 0:
                yield np.ones(self.base.size), float(total), False

    def _aged(self, low: int, high: int, year: int, sexes: list[int]) -> tuple[np.ndarray, float]:
        """Share of every cell of the base year that is in the band after some years; those born since and alive."""
        row = np.zeros(self.base.shape)
        for age in range(OPEN_AGE + 1):
            path = np.minimum(np.arange(age + 1, age + year + 1), OPEN_AGE)
            if low <= min(age + year, OPEN_AGE) < high:
                row[sexes, age] = SURVIVAL[path].prod()
        born = self.published["births"].isel(scenario=0).values
        alive = [born[year - 1 - age] * SURVIVAL[1 : age + 1].prod() for age in range(low, min(high, year))]
        return row.ravel(), float(sum(alive))
