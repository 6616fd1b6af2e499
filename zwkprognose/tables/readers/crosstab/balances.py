"""Balances and changes that are printed beside their parts: compared with them, and left out.

What a column is made of is told by its heading where that leaves no doubt („Natürlicher Saldo“: births less deaths). A
heading such as „Veränderung“ may mean several things: then it is the one that nearly all rows agree with, and the few
that do not are wrong. Columns that nothing beside them explains are named as not checked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from typing import Any

import numpy as np

from zwkprognose.tables.dates import years_in
from zwkprognose.tables.files.document import Document
from zwkprognose.tables.ledger import Contradiction
from zwkprognose.tables.readers.crosstab.columns import Columns
from zwkprognose.tables.readers.crosstab.footnotes import without_marks
from zwkprognose.tables.readers.crosstab.layout import Layout
from zwkprognose.tables.rounding import step_of
from zwkprognose.tables.signs import PERCENT, decimal_mark, read_cells
from zwkprognose.tables.words import plain

_NATURAL = re.compile(r"natürlich|gebor|geburt|gestorb|sterbe")
_MIGRATION = re.compile(r"wander|zuz[uü]g|zugezog|fortz[uü]g|wegz[uü]g")
#: Within a town, across its border into abroad, or of some people only: no difference of all who came and went.
_OTHER_MOVES = re.compile(r"binnen|umz[uü]g|innerstäd|innerhalb|ausland|inland|umland|kreis|land")
_BALANCE = re.compile(r"sald|überschuss|bilanz")
_WHOLE = re.compile(r"gesamt|insgesamt|bevölkerung|einwohner")
_REVERSED = re.compile(r"sterbe\w*überschuss|(?:fort|weg)zugs?überschuss|abnahme|rückgang")
_RATE = re.compile(r"\bje\b|‰|promille|rate\b|index|messzahl|ziffer|\bpro\b")
_SIGNED = re.compile(r"^(?:(?P<minus>[–−‐-])|\+|±)\s*(?=\d)")
_DIGITS = re.compile(r"[,.](\d+)\D*$")
#: Keys of a group that say who is counted.
_WHO = ("sex", "nationality", "age")
_NAMES = {"births": "Geburten", "deaths": "Sterbefälle", "in_moves": "Zuzüge", "out_moves": "Fortzüge"}
_EXACT = 1e-6
#: Share of the rows that may be wrong where only the figures tell what a column is made of.
_FEW = 0.1


@dataclass(frozen=True)
class Formula:
    """What a column may be made of, in words and row by row."""

    parts: str
    values: np.ndarray
    counts: int
    #: How far rounding of the parts may move it.
    rounding: float | np.ndarray = 0.0


def share_of(words: str, share: np.ndarray, halves: np.ndarray | float, whole: np.ndarray) -> Iterator[Formula]:
    """A share in percent, and of one as sheets keep it; ``halves`` is how far rounding may move its count."""
    rounding = np.divide(halves, whole, out=np.zeros(len(whole)), where=whole > 0)
    yield Formula(f"{words}, in %", 100 * share, 2, 100 * rounding)
    yield Formula(f"{words}, als Anteil", share, 2, rounding)


@dataclass(frozen=True)
class Beside:
    """A crosstab as far as balances need it: the texts, what the columns hold, and how the rows are labelled."""

    document: Document
    layout: Layout
    columns: Columns
    rows: Mapping[str, Any]
    variables: Mapping[int, str]
    scales: Mapping[int, float]
    year: int | None
    legend: frozenset[str]

    def compare(self) -> tuple[str, ...]:
        """Note every balance that the figures beside it contradict; headings of those that nothing explains."""
        unknown = []
        for column, name in self.columns.balances.items():
            formula = self._formula(column)
            if formula is None:
                unknown.append(name)
            else:
                self.note(column, formula, name)
        return tuple(unknown)

    def note(self, column: int, formula: Formula, name: str, *, is_share: bool = False) -> None:
        """Note every row that contradicts what a column is made of, or agrees only because of rounding."""
        printed = self.values(column)
        gaps = self._gaps(column, formula)
        by_rounding = np.zeros(len(gaps), dtype=bool)
        if self._step > 1 and not self._is_percent(column):
            by_rounding = (gaps <= _EXACT) & (np.abs(printed - formula.values) > _EXACT)
        for i in np.flatnonzero((gaps > _EXACT) | by_rounding).tolist():
            year = self.rows["year"][i] if "year" in self.rows else self._year_of(column)
            said = Contradiction(
                file=self.document.origin,
                name=name,
                area=self._area(i),
                year=None if year is None else int(year),
                line=int(self.layout.lines[i]),
                column=column - self.document.fates.offset,
                parts=formula.parts,
                printed=float(printed[i]),
                reckoned=round(float(formula.values[i]), 6),
                counts=formula.counts + 1,
                rounded=self._step if by_rounding[i] else 0,
                is_share=is_share,
            )
            self.document.fates.contradictions.append(said)

    def _area(self, i: int) -> str:
        names = self.rows.get("area_name", self.rows.get("area"))
        return "" if names is None else str(names[i])

    def _year_of(self, column: int) -> int | None:
        own = self._groups[column].get("year", self.year)
        latest = [group["year"] for group in self.columns.figures.values() if "year" in group]
        return own if own is not None else max(latest, default=None)

    def _formula(self, column: int) -> Formula | None:
        """What the column is made of; ``None`` if nothing printed beside it says."""
        name = plain(self.columns.balances[column])
        if _RATE.search(name):
            return None
        is_percent = self._is_percent(column)
        found = list(self._changes(column, name, is_percent=True) if is_percent else self._possible(column, name))
        if not found:
            return None
        if len(found) == 1 and self._is_certain(name):
            return found[0]
        return self.best(column, found)

    def best(self, column: int, found: Sequence[Formula]) -> Formula | None:
        """The formula that nearly all rows agree with; ``None`` if there is none."""
        if not found:
            return None
        right, wrong = zip(*(self._fit(column, formula) for formula in found), strict=True)
        best = int(np.argmax(np.array(right) - np.array(wrong)))
        few = max(1.0, _FEW * (right[best] + wrong[best]))
        return found[best] if right[best] >= max(wrong[best], 1) and wrong[best] <= few else None

    def _is_certain(self, name: str) -> bool:
        """Whether the heading leaves no other reading.

        A change may be one since a year that is not printed, and a balance of moves or of everything may contain
        moves inside the town, corrections or changes of nationality that are not.
        """
        pair = len({g["year"] for g in self.columns.figures.values() if "year" in g}) == 2 and not years_in(name)
        return bool(_NATURAL.search(name)) or (pair and "year" not in self.rows)

    def _fit(self, column: int, formula: Formula) -> tuple[int, int]:
        """How many rows agree, and how many do not."""
        gaps = self._gaps(column, formula)
        return int((gaps <= _EXACT).sum()), int((gaps > _EXACT).sum())

    def _gaps(self, column: int, formula: Formula) -> np.ndarray:
        """How far each printed number lies from the formula beyond rounding; ``NaN`` where one is no number."""
        allowed = formula.rounding + self.half_unit(column)
        return np.maximum(np.abs(self.values(column) - formula.values) - allowed, 0.0)

    def _possible(self, column: int, name: str) -> Iterator[Formula]:
        if _OTHER_MOVES.search(name):
            return
        is_natural, is_migration = _NATURAL.search(name), _MIGRATION.search(name)
        is_plain = not is_natural and not is_migration
        for wanted, terms in ((is_natural, (("births", "deaths"),)), (is_migration, (("in_moves", "out_moves"),))):
            if wanted or is_plain:
                yield from self._differences(column, terms, both_ways=bool(_REVERSED.search(name)))
        if is_plain or (is_natural and is_migration):
            yield from self._wholes(column)
        if is_plain:
            yield from self._changes(column, name, is_percent=False)

    def _differences(
        self, column: int, terms: Sequence[tuple[str, str]], *, both_ways: bool = False
    ) -> Iterator[Formula]:
        """Sum of what comes less what goes."""
        found = [(self._part(column, plus), self._part(column, minus)) for plus, minus in terms]
        if any(None in pair for pair in found):
            return
        plus, minus = zip(*found, strict=True)
        words = " + ".join(f"{_NAMES[a]} − {_NAMES[b]}" for a, b in terms)
        formula = self._sum(words, plus, minus)
        yield formula
        if both_ways:
            back = " + ".join(f"{_NAMES[b]} − {_NAMES[a]}" for a, b in terms)
            yield Formula(back, -formula.values, formula.counts, formula.rounding)

    def _wholes(self, column: int) -> Iterator[Formula]:
        """All events together, with the moves within the town where their balance is printed, or printed balances."""
        whole = list(self._differences(column, (("births", "deaths"), ("in_moves", "out_moves"))))
        names = self._balances_like(column)
        inner = [c for c, said in names.items() if _OTHER_MOVES.search(said)]
        for formula in whole:
            yield formula
            if inner:
                more = self._sum("", inner, ())
                words = " + ".join([formula.parts, *(f"„{self.columns.balances[c]}“" for c in inner)])
                yield Formula(words, formula.values + more.values, formula.counts + more.counts, formula.rounding)
        natural = [c for c, said in names.items() if _NATURAL.search(said) and not _MIGRATION.search(said)]
        moved = [c for c, said in names.items() if _MIGRATION.search(said) and c not in inner]
        if not whole and len(natural) == 1 and len(moved) == 1:
            for columns in ([*natural, *moved], *([[*natural, *moved, *inner]] if inner else [])):
                yield self._sum(" + ".join(f"„{self.columns.balances[c]}“" for c in columns), columns, ())

    def _balances_like(self, column: int) -> dict[int, str]:
        """The other balances of the same people, and no rates or shares."""
        groups = self.columns.balance_groups
        who = self._who(groups[column])
        names = {c: plain(said) for c, said in self.columns.balances.items() if c != column}
        alike = {c: said for c, said in names.items() if self._who(groups[c]) == who and not self._is_percent(c)}
        return {c: said for c, said in alike.items() if not _RATE.search(said)}

    def _changes(self, column: int, name: str, *, is_percent: bool) -> Iterator[Formula]:
        """From one printed year to another, side by side or in the row of the year before."""
        group = self.columns.balance_groups[column]
        spoken = {int(year) for year in years_in(name)}
        alike = [c for c, g in self.columns.figures.items() if self._who(g) == self._who(group) and not g.get("share")]
        if "variable" in group:
            alike = [c for c in alike if self.variables[c] == group["variable"]]
        dated = [(self.columns.figures[c]["year"], c) for c in alike if "year" in self.columns.figures[c]]
        for (first, old), (last, new) in combinations(sorted(dated), 2):
            same = self.variables[old] == self.variables[new] and first < last
            if same and (spoken <= {first, last} if spoken else "vorjahr" not in name or last == first + 1):
                yield from self._change(f"{last} − {first}", self.values(old), new, (old,), is_percent=is_percent)
        if "year" in self.rows:
            for c in (c for c in alike if self.variables[c] == group.get("variable", "population")):
                words = f"„{self.layout.heading(c)}“ − Vorjahr"
                yield from self._change(words, self._year_before(c), c, (c,), is_percent=is_percent)

    def _change(
        self, words: str, old: np.ndarray, new: int, other: tuple[int, ...], *, is_percent: bool
    ) -> Iterator[Formula]:
        """The change in persons, or in percent; sheets keep percent also as shares of one."""
        change = self.values(new) - old
        if not is_percent:
            yield Formula(words, change, 2, self.half_unit(new) + sum(map(self.half_unit, other)))
            return
        share = np.divide(change, old, out=np.full(len(old), np.nan), where=old > 0)
        halves = self.half_unit(new) + (1 + np.abs(share)) * sum(map(self.half_unit, other))
        yield from share_of(words, share, halves, old)

    def _year_before(self, column: int) -> np.ndarray:
        """The figures of the row with the same labels one year earlier."""
        labels = [values for name, values in self.rows.items() if name != "year"]
        keys = list(zip(*(np.asarray(values, dtype=object) for values in labels), strict=True)) or [()] * self._height
        years = [int(year) for year in self.rows["year"]]
        at = {(str(key), year): i for i, (key, year) in enumerate(zip(keys, years, strict=True))}
        before = [at.get((str(key), year - 1)) for key, year in zip(keys, years, strict=True)]
        values = self.values(column)
        return np.array([np.nan if i is None else values[i] for i in before], dtype=float)

    @property
    def _groups(self) -> dict[int, dict[str, Any]]:
        """What every column holds that may be compared."""
        return {**self.columns.figures, **self.columns.balance_groups, **self.columns.shares}

    @property
    def _height(self) -> int:
        return len(self.layout.rows)

    def _part(self, column: int, variable: str) -> int | None:
        """The one column of a variable that counts the people and the year of a balance."""
        people, year = self._who(self.columns.balance_groups[column]), self.columns.balance_groups[column].get("year")
        counted = {c: group for c, group in self.columns.figures.items() if self.variables[c] == variable}
        found = [c for c, group in counted.items() if self._who(group) == people and group.get("year") == year]
        return found[0] if len(found) == 1 else None

    @staticmethod
    def _who(group: Mapping[str, Any]) -> tuple[Any, ...]:
        return tuple(group.get(key) for key in _WHO)

    def _sum(self, words: str, plus: Sequence[Any], minus: Sequence[Any]) -> Formula:
        values = np.zeros(self._height)
        for sign, columns in ((1, plus), (-1, minus)):
            for column in columns:
                values = values + sign * self.values(column)
        rounding = sum(self.half_unit(column) for column in (*plus, *minus))
        return Formula(words, values, len(plus) + len(minus), rounding)

    def values(self, column: int) -> np.ndarray:
        """The printed numbers of a column, ``NaN`` where one is none."""
        return self._read[column][0]

    def half_unit(self, column: int) -> float:
        """Half of the last printed digit, or of the step that all whole numbers are rounded to."""
        printed = self._read[column][1]
        is_rounded = self._step > 1 and printed == 0.0
        return 0.5 * self._step if is_rounded else printed

    @cached_property
    def _read(self) -> dict[int, tuple[np.ndarray, float]]:
        """Values and half of the last printed digit of every column of figures or balances."""
        mark = self.document.decimal or decimal_mark([t for c in self.columns.figures for t in self._texts(c)]) or ","
        read = {}
        for column in self._groups:
            texts = self._texts(column)
            own = mark if column in self.columns.figures else decimal_mark(texts) or mark
            cells, bad = read_cells(texts, own, self.document.options.signs)
            printed_percent = (cells["flag"] == PERCENT).to_numpy()
            values = np.where(bad, np.nan, cells["value"].to_numpy() * np.where(printed_percent, 100.0, 1.0))
            digits = max((len(m[1]) for t in texts if own in t and (m := _DIGITS.search(t))), default=0)
            scale = self.scales.get(column, 1.0)
            is_whole = digits == 0 and scale == 1.0 and not self._is_percent(column)
            read[column] = (values * scale, 0.0 if is_whole else 0.5 * scale / 10**digits)
        return read

    @cached_property
    def _step(self) -> int:
        """The step that all figures and balances are rounded to, if they are."""
        counted = [c for c in self._read if not self._is_percent(c) and self.scales.get(c, 1.0) == 1.0]
        counted = [c for c in counted if not _RATE.search(plain(self.columns.balances.get(c, "")))]
        return step_of(np.concatenate([self._read[c][0] for c in counted])) if counted else 1

    def _is_percent(self, column: int) -> bool:
        name = self.columns.balances.get(column, "").casefold()
        return "share" in self._groups.get(column, {}) or "%" in name or "prozent" in name

    def _texts(self, column: int) -> list[str]:
        """Printed figures, with a plain minus and without a plus in front."""
        texts = (without_marks(row[column], self.legend).strip() for row in self.layout.rows)
        return [_SIGNED.sub(lambda sign: "-" if sign["minus"] else "", text) for text in texts]
