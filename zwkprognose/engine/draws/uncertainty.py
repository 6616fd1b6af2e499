"""What is uncertain in a projection, and by how much."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Self

import numpy as np
import xarray as xr

from zwkprognose.engine.arrays import Array
from zwkprognose.errors import EngineError

#: Components in the order of the kernels.
COMPONENTS = ("death", "out", "in", "birth")

#: Component → its level among the diagnostics of rates, and that of the moves inside the city that it stands for.
LEVELS = {"death": ("mortality", ""), "out": ("out", "move"), "in": ("in", "arrived"), "birth": ("fertility", "")}
#: Largest relative standard deviation of a level that is taken from an estimate.
LARGEST = 0.95


@dataclass(frozen=True)
class Uncertainty:
    """Two layers that can be switched: events given the rates, and the rates themselves.

    A rate of area i in year t is multiplied by level θ_i · exp(common c_t + own u_it), each factor with mean
    one. θ_i is drawn once for the whole projection from a gamma distribution (the posterior of a level that
    was estimated from few events); c_t, the same for all areas, and u_it are annual errors that carry over
    from year to year.

    Parameters
    ----------
    events : bool
        Draw whole persons: binomial deaths and exits, Poisson births and in-moves.
    rates : bool
        Draw the factors below; without them every draw has the rates as they are.
    common, own : mapping of component to float
        Standard deviation of the annual error of the city and of an area, on the log scale. Components are
        ``death``, ``out``, ``in`` and ``birth``. The defaults give errors of the size that hindcasts show.
    persistence : float, 0 … below 1
        Correlation of an error with that of the year before.
    levels : mapping of component to float or xr.DataArray [area]
        Relative standard deviation of the areas' levels, below one.

    Examples
    --------
    >>> from zwkprognose import estimate_rates, load_example, project
    >>> inputs = load_example("bremerhaven")
    >>> chance = Uncertainty.of_events()  # rates are certain, events are not
    >>> drawn = project(inputs, estimate_rates(inputs), until=2024, draws=20, uncertainty=chance)
    >>> bool((drawn["drawn_sd"] >= 0).all())
    True
    """

    events: bool = True
    rates: bool = True
    common: Mapping[str, float] = field(default_factory=lambda: {"death": 0.03, "out": 0.06, "in": 0.1, "birth": 0.04})
    own: Mapping[str, float] = field(default_factory=lambda: {"death": 0.05, "out": 0.1, "in": 0.15, "birth": 0.08})
    persistence: float = 0.7
    levels: Mapping[str, float | xr.DataArray] = field(default_factory=dict)

    def __post_init__(self) -> None:
        _check_components(self)
        _check_sizes(self)

    @classmethod
    def of_events(cls) -> Self:
        """Chance alone: rates are certain."""
        return cls(rates=False)

    @classmethod
    def of_estimate(cls, rates: xr.Dataset) -> Self:
        """Chance, and what the counted events leave open of the areas' levels; no other error of the rates.

        Parameters
        ----------
        rates : xr.Dataset
            As ``estimate_rates`` made them from births, deaths or a register of moves. Levels by age and group are
            taken together; the errors of moves inside the city, which draws leave as they are, count among those of
            moves across its line.

        Raises
        ------
        EngineError
            If no level was estimated from events.
        """
        known = {component: parts for component, parts in LEVELS.items() if _is_estimated(rates, parts[0])}
        if not known:
            raise EngineError(
                "Die Raten enthalten keine Niveaus, deren Fehler bekannt wäre.",
                remedy="Raten aus Geburten, Sterbefällen oder einem Register schätzen oder levels angeben.",
            )
        none = dict.fromkeys(COMPONENTS, 0.0)
        levels = {component: _spread_of_level(rates, *parts) for component, parts in known.items()}
        return cls(common=none, own=none, levels=levels)

    def without_events(self) -> Self:
        """The same without whole persons."""
        return replace(self, events=False)

    def annual(self, kind: str) -> Array:
        """Standard deviations of ``common`` or ``own`` errors [component]."""
        given: Mapping[str, float] = getattr(self, kind)
        return np.array([float(given.get(c, 0.0)) if self.rates else 0.0 for c in COMPONENTS])

    def level_spread(self, areas: xr.DataArray) -> Array:
        """Relative standard deviation of levels [area, component]."""
        out = np.zeros((areas.size, len(COMPONENTS)))
        for k, name in enumerate(COMPONENTS):
            if self.rates and name in self.levels:
                out[:, k] = _by_area(self.levels[name], areas, name)
        return out


def _by_area(spread: float | xr.DataArray, areas: xr.DataArray, name: str) -> Array:
    if not isinstance(spread, xr.DataArray):
        return np.full(areas.size, float(spread))
    missing = [a for a in areas.values.tolist() if a not in spread["area"].values.tolist()]
    if missing:
        raise EngineError(
            f"Unsicherheit des Niveaus ({name}): Gebiete fehlen.",
            cells=[{"area": a} for a in missing],
            remedy="Für jedes Gebiet einen Wert angeben oder eine Zahl für alle.",
        )
    return np.asarray(spread.sel(area=areas.values).values, dtype=float)


def _is_estimated(rates: xr.Dataset, name: str) -> bool:
    return f"{name}_spread" in rates and bool(rates[f"{name}_expected"].sum() > 0)


def _spread_of_level(rates: xr.Dataset, name: str, inside: str) -> xr.DataArray:
    """Relative standard deviation of the events of an area [area], those of moves inside the city included."""
    events = _events(rates, name, "level")
    variance = _events(rates, name, "spread", squared=True)
    if f"{inside}_spread" in rates:
        variance = variance + _events(rates, inside, "spread", squared=True)
    elif f"move_{inside}" in rates:
        variance = variance + rates[f"move_{inside}"]  # counts vary by their root
    relative = np.sqrt(variance.values) / np.where(events > 0, events.values, np.inf)
    return events.copy(data=np.minimum(relative, LARGEST))


def _events(rates: xr.Dataset, name: str, part: str, squared: bool = False) -> xr.DataArray:
    """Sum over the parts of an area of expected events times level or spread."""
    with xr.set_options(arithmetic_join="exact"):
        each = rates[f"{name}_expected"] * rates[f"{name}_{part}"]
        each = each * each if squared else each
    return each.sum([dim for dim in each.dims if dim != "area"])


def _check_components(given: Uncertainty) -> None:
    unknown = [k for part in (given.common, given.own, given.levels) for k in part if k not in COMPONENTS]
    if unknown:
        raise EngineError(
            f"Unsicherheit: {', '.join(unknown)} gibt es nicht.", remedy=f"Komponenten sind {', '.join(COMPONENTS)}."
        )


def _check_sizes(given: Uncertainty) -> None:
    values = [*given.common.values(), *given.own.values()]
    spreads = [float(np.max(v)) for v in given.levels.values()] + [float(np.min(v)) for v in given.levels.values()]
    if min(values, default=0.0) < 0 or min(spreads, default=0.0) < 0 or max(spreads, default=0.0) >= 1:
        raise EngineError(
            "Unsicherheit: Standardabweichungen müssen mindestens 0 sein, die der Niveaus unter 1.",
            remedy="Relative Standardabweichungen angeben, zum Beispiel 0.1 für zehn Prozent.",
        )
    if not 0 <= given.persistence < 1:
        raise EngineError(
            "Unsicherheit: persistence liegt nicht zwischen 0 und 1.", remedy="Zum Beispiel 0.7 angeben (unter 1)."
        )
