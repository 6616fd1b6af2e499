"""The total of the city as somebody else has forecast it, such as the statistical office of the Land."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import xarray as xr

from zwkprognose.arithmetic import total
from zwkprognose.errors import RatesError
from zwkprognose.rates.totals.estimate import check_told
from zwkprognose.rates.totals.past import past_of


@dataclass(frozen=True)
class CityTotals:
    """Official totals of the city: a path that the areas share, and how far off it must be expected to be.

    Attributes
    ----------
    persons : mapping of year to persons
        On 31.12. of years after the last stock, the last of them at or after the last year of the projection. Between
        them, and from the stock to the first, the path is a straight line.
    error : float, optional
        Standard error per year ahead, as a share: 0.003 for a forecast that was usually within three percent after ten
        years. None if nobody has stated one; limits then hold if the path comes true.
    source : str
        Who says so; stands in every output.

    Examples
    --------
    >>> CityTotals({2030: 1100.0}).path(2025, 1000.0, [2026, 2030])
    {2026: 1020.0, 2030: 1100.0}
    """

    persons: Mapping[int, float]
    error: float | None = None
    source: str = ""

    @classmethod
    def of(cls, record: Mapping[str, Any] | None) -> CityTotals | None:
        """The same from what :meth:`record` has kept; None of nothing."""
        if not record:
            return None
        persons = {int(year): float(value) for year, value in record["persons"].items()}
        return cls(persons, record.get("error"), record.get("source", ""))

    def record(self) -> dict[str, Any]:
        """Everything in it as plain values, for the record of a projection."""
        persons = {str(year): float(value) for year, value in sorted(self.persons.items())}
        return {"persons": persons, "error": self.error, "source": self.source}

    @property
    def yearly_error(self) -> float:
        """The error per year ahead with which limits are computed: none where none is stated."""
        return self.error or 0.0

    def after(self, year: int) -> CityTotals:
        """What is left of it when the stock of a year is known."""
        return CityTotals({y: n for y, n in self.persons.items() if y > year}, self.error, self.source)

    def path_from(self, inputs: xr.Dataset, years: Sequence[int]) -> dict[int, float]:
        """Persons in each of the years, from the last stock of some inputs on."""
        past = past_of(inputs)
        return self.path(past.launch, float(total(past.last)), years)

    def path(self, launch: int, start: float, years: Sequence[int]) -> dict[int, float]:
        """Persons in each of the years, from the persons at the launch on.

        Raises
        ------
        RatesError
            If it begins before the launch, ends too early, or its numbers cannot be those of this city.
        """
        self._check_years(launch, max(years))
        check_told(self.persons, start, "Der amtliche Eckwert")
        known = {launch: start} | {int(year): float(value) for year, value in self.persons.items()}
        at = sorted(known)
        return {int(year): _between(known, at[max(1, bisect_left(at, year)) - 1 :][:2], int(year)) for year in years}

    def _check_years(self, launch: int, last: int) -> None:
        early = [year for year in sorted(self.persons) if year <= launch]
        if early:
            raise RatesError(
                f"Der amtliche Eckwert beginnt {early[0]}, der letzte Bestand ist aber vom 31.12.{launch}.",
                cells=[{"year_end": year, "value": self.persons[year]} for year in early],
                remedy=f"Nur Jahre ab {launch + 1} angeben. Weicht die amtliche Zahl von {launch} vom Bestand ab, die "
                "späteren mit Bestand ÷ amtliche Zahl malnehmen.",
            )
        if not self.persons or max(self.persons) < last:
            end = f"endet {max(self.persons)}" if self.persons else "ist leer"
            raise RatesError(
                f"Der amtliche Eckwert {end}, die Prognose reicht aber bis {last}.",
                remedy=f"Den Eckwert bis {last} angeben oder die Prognose früher enden lassen.",
            )


def _between(known: dict[int, float], ends: Sequence[int], year: int) -> float:
    """On the straight line between two years."""
    low, high = ends
    return known[low] + (known[high] - known[low]) * ((year - low) / (high - low))
