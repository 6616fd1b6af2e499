"""Events (births, deaths, moves) of the base period, year by year and as far as the source splits them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import xarray as xr

from zwkprognose.arithmetic import summed, total
from zwkprognose.errors import RatesError
from zwkprognose.names import label
from zwkprognose.rates.base import BASE_PERIOD_YEARS, Base
from zwkprognose.rates.weights import recency, usual_years


@dataclass(frozen=True)
class YearlyEvents:
    """Events of several years.

    Attributes
    ----------
    years : list of int
    weight : np.ndarray [year]
        How much each year counts, scaled so that weighted counts vary like Poisson counts of their size.
    cells : np.ndarray [year, …], persons
    """

    years: list[int]
    weight: np.ndarray
    cells: np.ndarray

    def total(self) -> np.ndarray:
        """Weighted sum over the years."""
        return weighted(self.cells, self.weight)

    def per_year(self) -> np.ndarray:
        """Weighted mean per year."""
        return self.total() / total(self.weight)


def weighted(yearly: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Weighted sum over the first axis."""
    return total(weight.reshape(-1, *[1] * (yearly.ndim - 1)) * yearly, 0)


def has_events(inputs: xr.Dataset, *names: str) -> bool:
    """Whether the inputs carry all of these flows."""
    return all(name in inputs for name in names)


def splits(inputs: xr.Dataset, name: str, dims: Iterable[str]) -> bool:
    """Whether a flow is known by all of these dimensions; one with a single value needs no split."""
    return name in inputs and all(d in inputs[name].dims or inputs.sizes.get(d, 1) == 1 for d in dims)


def yearly_events(inputs: xr.Dataset, name: str, base: Base, dims: tuple[str, ...]) -> YearlyEvents:
    """Events of the base years by some dimensions, summed over the others.

    Parameters
    ----------
    inputs : xr.Dataset
    name : str
        ``births``, ``deaths``, ``in_moves``, ``out_moves`` or ``moves``.
    base : Base
    dims : tuple of str
        Dimensions to keep; one that the source does not split must have a single value.

    Raises
    ------
    RatesError
        If the flow is absent, has no year in the base period, or holds missing or negative values.
    """
    years = event_years(inputs, name, base)
    flow = inputs[name].sel(year=years)
    _check_cells(flow, name)
    flow = summed(flow, [d for d in flow.dims if d not in ("year", *dims)])
    flow = flow.expand_dims([d for d in dims if d not in flow.dims]).transpose("year", *dims)
    cells = flow.to_numpy().astype(float)
    city = total(cells.reshape(len(years), -1), 1)
    weight = recency(np.array(years), base.half_life) * usual_years(city, base.outliers)
    return YearlyEvents(years, weight * total(weight) / total(weight * weight), cells)


def area_events(inputs: xr.Dataset, name: str, base: Base, expected: np.ndarray) -> YearlyEvents:
    """Events by area [year, area]; those of a whole city are spread over its areas like ``expected`` [area].

    Every area then has the city's level.
    """
    if splits(inputs, name, ("area",)):
        return yearly_events(inputs, name, base, ("area",))
    city = yearly_events(inputs, name, base, ())
    return YearlyEvents(city.years, city.weight, city.cells[:, None] * expected / total(expected))


def years_of_moves(base: Base) -> list[int]:
    """Years whose moves across the city line count.

    A single stock has no base period: moves of the years before it say how many come and go.
    """
    if len(base.stocks.years) > 1:
        return base.years
    last = base.stocks.years[0]
    return [*range(last - BASE_PERIOD_YEARS + 1, last + 1)]


def event_years(inputs: xr.Dataset, name: str, base: Base) -> list[int]:
    """Years of the base period in which events are known; at least one, or an error that names the years."""
    if name not in inputs:
        raise RatesError(
            f"Die Eingaben enthalten keine Angaben zu: {label('variables', name)}.",
            remedy='Eine Tabelle mit diesen Bewegungen ergänzen oder "auto" wählen.',
        )
    known = [int(y) for y in inputs[name]["year"].values]
    years = years_of_moves(base) if name in ("in_moves", "out_moves") else base.years
    common = [y for y in known if y in years]
    if not common:
        raise RatesError(
            f"{label('variables', name)}: in den Basisjahren {base.years} liegen keine Bewegungen "
            f"(vorhanden: {known}).",
            cells=[{"year": y} for y in base.years],
            remedy="base_years so wählen, dass Bestände und Bewegungen sich überschneiden, "
            "oder eine Methode wählen, die diese Bewegungen nicht braucht.",
        )
    return common


def by_age_reached(cells: np.ndarray, basis: str, newborn_share: float = 0.5) -> np.ndarray:
    """Events by the age that the cohort reaches in the year.

    Events by completed age x are shared between the cohort that reaches x and the one that reaches x + 1; at
    age 0 the cohort born in the year has ``newborn_share``. Events by year of birth stay as they are.

    Parameters
    ----------
    cells : np.ndarray [..., age], persons
    basis : str
        ``"reached"`` (year of birth) or ``"completed"``, as the flow's attribute ``age_basis`` says.

    Examples
    --------
    >>> by_age_reached(np.array([8.0, 4.0, 2.0]), "completed")
    array([4., 6., 4.])
    """
    if basis == "reached":
        return cells
    share = np.full(cells.shape[-1], 0.5)
    share[0], share[-1] = newborn_share, 1.0
    later = np.zeros_like(cells)
    later[..., 1:] = (cells * (1 - share))[..., :-1]
    return np.asarray(cells * share + later)


def age_basis(inputs: xr.Dataset, name: str) -> str:
    """``"completed"`` unless the flow says that its ages are reached ones."""
    return str(inputs[name].attrs.get("age_basis", "completed"))


def _check_cells(flow: xr.DataArray, name: str) -> None:
    """Before anything is summed, so that the cell itself is named."""
    values = flow.to_numpy()
    if values.size == 0 or (values.min() >= 0 and values.max() < np.inf):
        return
    raise RatesError(
        f"{label('variables', name)}: Werte fehlen oder sind negativ.",
        cells=[
            {
                str(d): flow[d].values[i] if d in flow.coords else int(i) + 1
                for d, i in zip(flow.dims, cell, strict=True)
            }
            for cell in np.argwhere(~(np.isfinite(values) & (values >= 0)))
        ],
        remedy="Die genannten Stellen klären oder die Jahre mit exclude_years auslassen.",
    )
