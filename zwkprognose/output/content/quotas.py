"""Quotas: which share of an age group needs a service, with the source of every number."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from zwkprognose.errors import OutputError
from zwkprognose.german import number_text

_SEXES = ("female", "male")
#: First age from which an open group may be divided as the national life table is.
OLD = 75
#: The last age of the national life table, open.
_OLDEST = 100
#: A quota whose last age lies from here on speaks of the old, and should speak of the oldest.
_ENDS = 64


@dataclass(frozen=True, slots=True)
class Rate:
    """Share of one group: completed ages ``first`` to ``last`` inclusive (None: open), one sex or all."""

    first: int
    last: int | None
    share: float
    sex: str | None = None


@dataclass(frozen=True, slots=True)
class Quota:
    """A service and who needs it.

    Attributes
    ----------
    name, title : str
        Short key and German title.
    rates : tuple of Rate
        Shares by age and sex; ages without a rate need nothing.
    source : str
        Publisher, table, year. Stands beside every result.
    path : tuple of (year, factor)
        Course of the level: factors between two years are interpolated, before and after they stay. Empty: constant.
    small_margin : float
        Relative error that an area below 10,000 persons has from chance alone; 0 if none is known.
    bias : str
        What is known to be off, in sentences. Stands beside the source.
    """

    name: str
    title: str
    rates: tuple[Rate, ...]
    source: str
    path: tuple[tuple[int, float], ...] = ()
    small_margin: float = 0.0
    bias: str = ""

    def __post_init__(self) -> None:
        _check(self)

    def rising(self, factor: float, *, start: int, end: int, name: str | None = None) -> Quota:
        """The same quota with a level that goes evenly from 1 in ``start`` to ``factor`` in ``end``."""
        title = f"{self.title}, bis {end} auf das {number_text(factor)}-Fache"
        return replace(self, name=name or f"{self.name}_{factor:g}", title=title, path=((start, 1.0), (end, factor)))

    def shares(self, ages: NDArray[np.int64], sexes: Sequence[str]) -> NDArray[np.float64]:
        """Shares [sex, age] in the base level; the open group of the old is divided as the national life table is.

        Raises
        ------
        OutputError
            If the quota differs by sex and the population is not split by sex, or cuts an open group of younger ages,
            or ends within the open group.
        """
        if any(rate.sex for rate in self.rates) and not set(sexes) <= set(_SEXES):
            raise OutputError(
                f"Die Quote „{self.title}“ unterscheidet Frauen und Männer, die Bevölkerung nicht.",
                remedy="Eine Quote ohne Geschlecht oder eine Bevölkerung nach Geschlecht verwenden.",
            )
        open_age = int(ages[-1])
        if self.cuts(open_age) and (open_age < OLD or not self._goes_on(sexes)):
            raise OutputError(
                f"Die Quote „{self.title}“ trennt Alter ab {open_age} Jahren, die Bevölkerung fasst sie zusammen.",
                remedy="Die oberste Gruppe der Quote offen lassen oder nach mehr Altersjahren gliedern.",
            )
        result = self._by_age(np.asarray(ages), sexes)
        result[:, -1] = self.open_share(open_age, sexes)
        return result

    def cuts(self, open_age: int) -> bool:
        """Whether ages of an open group are treated differently."""
        older = (rate for rate in self.rates if rate.last is None or rate.last >= open_age)
        return any(rate.first > open_age or rate.last is not None for rate in older)

    def open_share(self, open_age: int, sexes: Sequence[str]) -> NDArray[np.float64]:
        """Share [sex] of an open group, its single years weighing as the person-years of the national life table."""
        if not self.cuts(open_age):
            return self._by_age(np.array([open_age]), sexes)[:, 0]
        from zwkprognose.inputs.graduation import split_open_group

        if any(rate.sex for rate in self.rates) and not set(sexes) <= set(_SEXES):
            return np.full(len(sexes), np.nan)
        by_age = self._by_age(np.arange(open_age, _OLDEST + 1), sexes)
        if set(sexes) <= set(_SEXES):
            weights = split_open_group(np.ones(2), open_age, _OLDEST)[[_SEXES.index(sex) for sex in sexes]]
        else:
            weights = split_open_group(np.ones(1), open_age, _OLDEST)
        return np.asarray((by_age * weights).sum(axis=1))

    def uncovered(self) -> tuple[tuple[int, int | None], ...]:
        """Ages between and above the rates for which no share is said; below the first one nobody is expected."""
        gaps: set[tuple[int, int | None]] = set()
        for sex in _SEXES:
            own = sorted((rate for rate in self.rates if rate.sex in (None, sex)), key=lambda rate: rate.first)
            for one, two in pairwise(own):
                if one.last is not None and two.first > one.last + 1:
                    gaps.add((one.last + 1, two.first - 1))
            if own and own[-1].last is not None and own[-1].last >= _ENDS:
                gaps.add((own[-1].last + 1, None))
        return tuple(sorted(gaps, key=lambda gap: gap[0]))

    def _by_age(self, ages: NDArray[np.int64], sexes: Sequence[str]) -> NDArray[np.float64]:
        """Shares [sex, age] of completed ages."""
        result = np.zeros((len(sexes), len(ages)))
        for rate in self.rates:
            inside = (ages >= rate.first) & (ages <= (np.inf if rate.last is None else rate.last))
            for s, sex in enumerate(sexes):
                if rate.sex in (None, sex):
                    result[s, inside] = rate.share
        return result

    def _goes_on(self, sexes: Sequence[str]) -> bool:
        """Whether the quota says something of the oldest of every sex."""
        return all(any(rate.last is None and rate.sex in (None, sex) for rate in self.rates) for sex in sexes)

    def factors(self, years: NDArray[np.int64]) -> NDArray[np.float64]:
        """Level [year] relative to the base level."""
        if not self.path:
            return np.ones(len(years))
        known = np.array(self.path)
        return np.interp(years, known[:, 0], known[:, 1])


def default_quota(name: str) -> Quota:
    """A national quota that comes with the package, with its source line.

    Parameters
    ----------
    name : {"pflege", "kita_u3", "kita_ue3", "grundschule", "einschulung", "demenz"}

    Raises
    ------
    OutputError
        If there is no quota of that name.

    Examples
    --------
    >>> default_quota("pflege").source.split(":")[0]
    'Statistisches Bundesamt, Pflegestatistik 2021 (Gesundheitsberichterstattung des Bundes)'
    """
    known = _catalogue()
    if name not in known:
        raise OutputError(f"Die Quote „{name}“ gibt es nicht.", remedy="Mitgeliefert sind: " + ", ".join(known) + ".")
    entry = known[name]
    rates = tuple(Rate(r["von"], r.get("bis"), r["anteil"], r.get("geschlecht")) for r in entry["quote"])
    return Quota(
        name, entry["titel"], rates, entry["quelle"], small_margin=entry.get("spanne_klein", 0.0),
        bias=entry.get("abweichung", ""),
    )  # fmt: skip


def default_quotas() -> tuple[str, ...]:
    """Names of the quotas that come with the package."""
    return tuple(_catalogue())


def school_entry(
    before_cut_off: float, *, entering: float = 1.0, source: str = "Stichtagsregelung des Landes"
) -> Quota:
    """Children who start school in a year, from the two birth years that meet at the cut-off date.

    Of those who turn six in the year the share ``before_cut_off`` has its birthday before the cut-off date and
    starts; of those who turn seven, the rest: q·(w·cohort(t−6) + (1−w)·cohort(t−7)).

    Parameters
    ----------
    before_cut_off : float
        0.5 for 30 June, 0.75 for 30 September.
    entering : float
        Entry quota q: share of the children of school age who really start.

    Examples
    --------
    >>> [(rate.first, rate.share) for rate in school_entry(0.75).rates]
    [(6, 0.75), (7, 0.25)]
    """
    rates = (Rate(6, 6, entering * before_cut_off), Rate(7, 7, entering * (1 - before_cut_off)))
    return Quota("einschulung", "Einschulungen", rates, source)


def _check(quota: Quota) -> None:
    wrong = [rate for rate in quota.rates if not 0 <= rate.share <= 1 or rate.sex not in (None, *_SEXES)]
    if wrong:
        raise OutputError(
            f"Die Quote „{quota.title}“ enthält Unmögliches.",
            cells=[{"age": rate.first, "sex": rate.sex, "anteil": rate.share} for rate in wrong],
            remedy="Anteile zwischen 0 und 1 angeben, Geschlecht female, male oder keines.",
        )
    for sex in _SEXES:
        taken: list[tuple[int, float]] = []
        for rate in (r for r in quota.rates if r.sex in (None, sex)):
            last = np.inf if rate.last is None else rate.last
            if any(rate.first <= b and last >= a for a, b in taken):
                raise OutputError(
                    f"Die Quote „{quota.title}“ nennt das Alter {rate.first} zweimal.",
                    remedy="Jedes Alter und Geschlecht nur einmal angeben.",
                )
            taken.append((rate.first, last))


@cache
def _catalogue() -> Mapping[str, Any]:
    text = resources.files("zwkprognose.output").joinpath("data", "quotas.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)
