"""What can be turned to reach a target: in-moves, dwellings, people who stay."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Literal, Protocol

import numpy as np

from zwkprognose.engine.features.housing import Housing
from zwkprognose.engine.grid import Grid
from zwkprognose.engine.model import Model
from zwkprognose.evaluation.shapley import Floats
from zwkprognose.german import decimal
from zwkprognose.scenarios.measures import PERSONS_PER_DWELLING

LeverName = Literal["zuzuege", "wohnungen", "halten"]
#: Largest number of arrivals that is tried, per cent of the population a year.
MOST_ARRIVALS = 20.0


@dataclass(frozen=True)
class Ground:
    """Where a lever works: the run, the areas and ages, and what is known of moves."""

    grid: Grid
    areas: tuple[str, ...]
    everywhere: bool
    ages: str | None
    has_moves: bool

    @property
    def population(self) -> float:
        """Persons at the start."""
        return float(self.grid.start.sel(area=list(self.areas)).sum())

    @property
    def selection(self) -> dict[str, Any]:
        """Filter of a statement."""
        areas: dict[str, Any] = {} if self.everywhere else {"gebiete": list(self.areas)}
        return areas | ({"alter": self.ages} if self.ages else {})


class Lever(Protocol):
    """Something that can be turned; a higher setting gives more people."""

    @property
    def unit(self) -> str:
        """What a setting counts."""
        ...

    @property
    def dative(self) -> str:
        """The same after "mit"."""
        ...

    def largest(self, ground: Ground) -> float:
        """Largest setting that is tried."""
        ...

    def statements(self, setting: float, ground: Ground) -> dict[str, Any]:
        """The setting as statements of a scenario document."""
        ...

    def assumed(self, ground: Ground) -> str:
        """What is assumed, as a half-sentence."""
        ...


@dataclass(frozen=True)
class Arrivals:
    """Additional in-moves a year."""

    unit: str = "zusätzliche Zuzüge im Jahr"
    dative: str = "zusätzlichen Zuzügen im Jahr"

    def largest(self, ground: Ground) -> float:
        """A fifth of the population a year."""
        return MOST_ARRIVALS / 100 * ground.population

    def statements(self, setting: float, ground: Ground) -> dict[str, Any]:
        """One statement of attraction."""
        profile = "zuzuege" if ground.has_moves else "standard"
        return {"anziehen": [{"personen": setting, "profil": profile, **ground.selection}]}

    def assumed(self, ground: Ground) -> str:
        """Their ages."""
        if ground.has_moves:
            return "die zusätzlichen Zuzüge sind im Alter verteilt wie die des Basiszeitraums"
        return "die zusätzlichen Zuzüge sind im Alter nach dem Modell von Rogers und Castro verteilt"


@dataclass(frozen=True)
class Dwellings:
    """New dwellings a year, in the areas by their population."""

    outside_share: float
    unit: str = "neue Wohnungen im Jahr"
    dative: str = "neuen Wohnungen im Jahr"

    def largest(self, ground: Ground) -> float:
        """Dwellings for a fifth of the population a year."""
        return MOST_ARRIVALS / 100 * ground.population / PERSONS_PER_DWELLING["gemischt"]

    def statements(self, setting: float, ground: Ground) -> dict[str, Any]:
        """One building project for every area in which somebody lives."""
        people = ground.grid.start.sel(area=list(ground.areas)).sum(["nationality", "sex", "age"])
        shares = dict(zip(ground.areas, (people / people.sum()).values.tolist(), strict=True))
        years = ground.grid.years
        common = {"name": "Ziel", "von": int(years[0]), "bis": int(years[-1]), "anteil_von_aussen": self.outside_share}
        return {
            "erstbezug": [
                {**common, "gebiet": area, "wohnungen": setting * share * len(years)}
                for area, share in shares.items()
                if share > 0
            ]
        }

    def assumed(self, ground: Ground) -> str:
        """Who moves in, and from where."""
        persons, outside = decimal(PERSONS_PER_DWELLING["gemischt"]), decimal(100 * self.outside_share)
        return f"je Wohnung ziehen {persons} Personen ein, {outside} % davon von außerhalb"


@dataclass(frozen=True)
class Staying:
    """A share of those who would leave and stay."""

    unit: str = "% der Fortziehenden bleiben"
    dative: str = "% weniger Fortzügen"

    def largest(self, ground: Ground) -> float:
        """All of them."""
        return 100.0

    def statements(self, setting: float, ground: Ground) -> dict[str, Any]:
        """One statement of retention."""
        return {"halten": [{"prozent": setting, **ground.selection}]}

    def assumed(self, ground: Ground) -> str:
        """What that means."""
        return "die Fortzugswahrscheinlichkeiten sinken um diesen Anteil"


def lever_of(name: LeverName, outside_share: float) -> Lever:
    """The lever of a name."""
    levers: dict[str, Lever] = {"zuzuege": Arrivals(), "wohnungen": Dwellings(outside_share), "halten": Staying()}
    return levers[name]


def between(without: Model, one: Model, setting: float) -> Model:
    """The model with a lever at a setting, from those at zero and at one.

    In-moves, probabilities to leave and dwellings change in a straight line, so that nothing has to be
    built and checked again for every setting that is tried.
    """
    rates = replace(
        without.rates,
        in_moves=_line(without.rates.in_moves, one.rates.in_moves, setting),
        out=_line(without.rates.out, one.rates.out, setting),
    )
    return replace(without, rates=rates, housing=_housing(without.housing, one.housing, setting))


def _housing(without: Housing | None, one: Housing | None, setting: float) -> Housing | None:
    """Dwellings of the case and of the lever; the types of the case come first."""
    if one is None:
        return None
    inside = _line(_padded(without and without.inside, one.inside), one.inside, setting)
    outside = _line(_padded(without and without.outside, one.outside), one.outside, setting)
    return Housing(inside, outside, one.profile)


def _padded(values: Floats | None, like: Floats) -> Floats:
    """Values by type of dwelling, zero for the types that are not there."""
    padded = np.zeros_like(like)
    if values is not None:
        padded[..., : values.shape[-1]] = values
    return padded


def _line(without: Floats, one: Floats, setting: float) -> Floats:
    return without if without is one else without + setting * (one - without)
