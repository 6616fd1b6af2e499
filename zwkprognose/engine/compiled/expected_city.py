"""A city as the kernel of the expected year takes it: what is given for each of its years, in tables."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property, partial
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from zwkprognose.engine import reference
from zwkprognose.engine.arrays import Array
from zwkprognose.engine.compiled.tables import NOBODY, NOWHERE, RATES, Rows, birth_rows, fertile_ages, matrix_of, rows
from zwkprognose.engine.features.margins import Margin
from zwkprognose.engine.features.pieces import Pieces, pieces_of
from zwkprognose.engine.features.special import Special
from zwkprognose.engine.model import Model, YearInputs
from zwkprognose.engine.years import year_inputs

Whole = NDArray[np.int64]
#: Variables that Eckwerte hold, by the number that the kernels know them by.
HELD = ("population", "births", "deaths", "in_moves", "out_moves")
#: Kind, and what it is laid out of.
Source: TypeAlias = tuple[tuple[Any, ...], tuple[Any, ...]]
BIRTHS = ("fertility", "birth_group", "birth_sex")
EXITS = ("death", "out", "naturalisation", "move_out")


class Layout:
    """What is laid out of given arrays, each once, however many years and models share it.

    What turns out to be the same is one and the same object, whatever it was laid out of: two models agree in a year
    where they have the same objects.
    """

    def __init__(self) -> None:
        self._known: dict[tuple[Any, ...], tuple[Any, Any]] = {}
        self._laid_out: dict[tuple[Any, ...], list[Any]] = {}

    def of(self, kind: tuple[Any, ...], given: tuple[Any, ...], lay_out: Callable[[], Any]) -> Any:
        """What is laid out of the given; that is kept, so that no other has its identity."""
        key = (*kind, *map(id, given))
        if key not in self._known:
            made, before = lay_out(), self._laid_out.setdefault(kind, [])
            found = next((one for one in before if _alike(one, made)), made)
            if found is made:
                before.append(made)
            self._known[key] = given, found
        return self._known[key][1]


def _alike(one: Any, other: Any) -> bool:
    """The same to the last bit, inside of tuples too."""
    if one is other:
        return True
    if isinstance(one, tuple) and isinstance(other, tuple):
        return len(one) == len(other) and all(map(_alike, one, other))
    if isinstance(one, np.ndarray) and isinstance(other, np.ndarray):
        return np.array_equal(one, other)
    return isinstance(one, np.integer | int) and bool(one == other)


class Levels(NamedTuple):
    """Eckwerte of the flows of a year: (variable, columns, first target, targets) of each set; the row of each area and
    the column of each cell in it, −1 for none; the values, not a number where there is no cell."""

    margins: Whole
    rows: Whole
    columns: Whole
    values: Array


class Homes(NamedTuple):
    """Facilities in a year: residents before and after, and those released who stay where they arrive."""

    special: Special
    before: Rows
    after: Rows
    released: Rows


@dataclass(frozen=True)
class Tables:
    """The rates of a year as tables: of all cells and of those born in the year, births, shares of a matrix and for how
    many cells each stands, and the largest probabilities of each area."""

    whole: tuple[Rows, ...]
    young: tuple[Rows, ...]
    births: tuple[Rows, ...]
    matrix: tuple[Rows, Rows, int]
    limits: Array

    @cached_property
    def identity(self) -> tuple[int, ...]:
        """Rates with the same are the same."""
        return tuple(map(id, (*self.whole, *self.young, self.births, self.matrix)))


@dataclass(frozen=True)
class Year:
    """What is given for a year, as the kernel takes it; ``profile`` is that of new dwellings, if anybody moves in."""

    inputs: Callable[[], YearInputs]
    rates: Tables
    persons: tuple[Array, Array]
    profile: Array | None
    homes: Homes | None
    levels: Levels
    pieces: Pieces | None

    @cached_property
    def given(self) -> YearInputs:
        """The same as the reference takes it."""
        return self.inputs()

    @property
    def before(self) -> Rows:
        """Residents of facilities at the start."""
        return NOWHERE if self.homes is None else self.homes.before

    @property
    def after(self) -> Rows:
        """Residents of facilities at the end."""
        return NOWHERE if self.homes is None else self.homes.after

    @property
    def released(self) -> Rows:
        """Residents of closing facilities who stay in the city."""
        return NOWHERE if self.homes is None else self.homes.released

    @property
    def flows_held(self) -> bool:
        """Are there Eckwerte of flows?"""
        return len(self.levels.margins) > 0

    @cached_property
    def identity(self) -> tuple[int, ...]:
        """Years with the same make the same of the same stock."""
        parts = (self.persons, self.profile, self.homes, self.levels, self.pieces)
        return (*self.rates.identity, *map(id, parts))


class Expected:
    """A city and all its years, shared by threads.

    Parameters
    ----------
    model : Model
    layout : Layout, optional
        Tables that are shared with other models.
    special_of : function of the number of a year, optional
        Residents of facilities, where they are not those of the model.
    """

    def __init__(
        self, model: Model, layout: Layout | None = None, special_of: Callable[[int], Special] | None = None
    ) -> None:
        self.model, self.shape, self.special_of = model, model.start.shape[1:], special_of
        self.layout = Layout() if layout is None else layout
        groups, sexes, _ = self.shape
        self.young_shape = (groups, max(sexes, 2), 1)  # a table with one column stands for nothing
        self.order = model.area_order.astype(np.uintp)
        self.years = [self._year(t) for t in range(len(model.years))]
        self.flows_held = any(year.flows_held for year in self.years)

    @property
    def areas(self) -> int:
        """Number of areas."""
        return len(self.model.start)

    @cached_property
    def size(self) -> tuple[np.uintp, ...]:
        """Sizes and switches, as the kernel takes them."""
        model, rates = self.model, self.model.rates
        moving = 0 if rates.move_out is None else 1 if rates.destination is None else 2
        run = self.years[0].rates.matrix[2]
        given = (self.shape[0], model.citizens, moving, model.housing is not None, run, model.female, self.shape[2])
        return tuple(np.uintp(n) for n in given)

    @cached_property
    def fertile(self) -> tuple[np.uintp, np.uintp]:
        """First age at which anybody bears children, and the one after the last."""
        return fertile_ages(self.model.rates)

    @cached_property
    def homes(self) -> tuple[Array, Array]:
        """Profiles of those who move into new dwellings: all cells, and those born in the year."""
        if self.model.housing is None:
            return NOBODY, NOBODY
        profile = self.model.housing.profile
        young = np.zeros((len(profile), *self.young_shape))
        young[:, :, : self.shape[1], 0] = profile[..., 0]
        return np.ascontiguousarray(profile).reshape(len(profile), -1), young.reshape(len(profile), -1)

    def identity(self, t: int) -> tuple[Any, ...]:
        """Cities with the same make the same of the same stock in a year."""
        return self.size, self.fertile, self.years[t].identity

    def released(self, given: YearInputs) -> Array:
        """Residents of closing facilities who stay in the city, where they arrive."""
        return reference.released(given, self.model, reference.ALL)

    def _year(self, t: int) -> Year:
        of, housing, facilities, margins = self.layout.of, self.model.housing, self.model.facilities, self.model.margins
        given = cache(partial(_inputs, self.model, t, self.special_of))  # without the city, which knows the year
        # what is not planned is the same in all years, as are rates without years
        built, lived, held = (t if there else 0 for there in (housing is not None, facilities is not None, margins))
        persons = of(("persons", built), (housing,), lambda: self._persons(given()))
        return Year(
            inputs=given,
            rates=of(("tables", t if self._yearly else 0), self._source, lambda: self._tables(t, given)),
            persons=persons,
            profile=of(("profile", built), (housing,), lambda: self._profile(persons)),
            homes=of(("homes", lived), self._ways_home, lambda: self._homes(given())),
            levels=of(("levels", held), (margins,), lambda: self._levels(t)),
            pieces=of(("pieces", held), (margins,), lambda: self._pieces(given())),
        )

    @cached_property
    def _yearly(self) -> bool:
        """Do rates change from year to year?"""
        return any(values is not None and len(values) > 1 for values in self._source)

    @cached_property
    def _source(self) -> tuple[Any, ...]:
        """What the tables of the rates are laid out of."""
        return (self.model.exists, *(getattr(self.model.rates, name) for name in (*RATES, *BIRTHS, "destination")))

    @cached_property
    def _ways_home(self) -> tuple[Any, ...]:
        """What facilities and the ways of those whom they release are laid out of."""
        rates = self.model.rates
        return self.model.facilities, self.special_of, rates.move_in_share, rates.destination, self.model.exists

    def _tables(self, t: int, given: Callable[[], YearInputs]) -> Tables:
        of = self.layout.of

        def rates(*names: str) -> Source:
            return self._rates(names, t, given)

        def exits() -> Array:
            return _limits([getattr(given().rates, name) for name in EXITS], self.areas)

        return Tables(
            whole=tuple(self._table(name, self.shape, rates(name), given) for name in RATES),
            young=tuple(self._table(name, self.young_shape, rates(name), given) for name in RATES),
            births=of(*rates(*BIRTHS), lambda: birth_rows(given().rates, "i")),
            matrix=of(*rates("destination"), lambda: self._matrix(given().rates.destination)),
            limits=of(*rates(*EXITS), exits),
        )

    def _rates(self, names: tuple[str, ...], t: int, given: Callable[[], YearInputs]) -> Source:
        """Rates of a year: the arrays of the model and the number of the year in them; else those of the year."""
        if self.model.exists is not None:
            return names, tuple(getattr(given().rates, name) for name in names)
        values = [getattr(self.model.rates, name) for name in names]
        return (*names, *(0 if v is None or len(v) == 1 else t for v in values)), tuple(values)

    def _table(self, name: str, cells: tuple[int, ...], source: Source, given: Callable[[], YearInputs]) -> Rows:
        """A rate as a table, for the cells of all ages or of the newborn."""
        kind, values = source
        if values[0] is None:
            return NOWHERE

        def lay_out() -> Rows:
            rate = getattr(given().rates, name)
            return rows(rate if rate.shape[-1] == 1 else rate[..., : cells[-1]], "i", cells)

        table: Rows = self.layout.of((*kind, *cells), values, lay_out)
        return table

    def _matrix(self, destination: Array | None) -> tuple[Rows, Rows, int]:
        if destination is None:
            return NOWHERE, NOWHERE, 1
        shares, run = matrix_of(destination, self.shape)
        return rows(shares, "yi"), rows(destination[..., :1], "yi", self.young_shape), run

    def _persons(self, given: YearInputs) -> tuple[Array, Array]:
        """Persons (area, type) who move into new dwellings, from inside and from outside the city."""
        inside, outside, _ = given.arrivals or (NOBODY, NOBODY, NOBODY)
        return np.ascontiguousarray(inside), np.ascontiguousarray(outside)

    def _profile(self, persons: tuple[Array, Array]) -> Array | None:
        housing = self.model.housing
        return None if housing is None or not any(p.any() for p in persons) else housing.profile

    def _homes(self, given: YearInputs) -> Homes | None:
        special = given.special
        if special is None:
            return None
        return Homes(special, rows(special.before, "i"), rows(special.after, "i"), rows(self.released(given), "i"))

    def _levels(self, t: int) -> Levels:
        given = self.model.margins[t] if self.model.margins else ()
        return levels_of([m for m in given if m.of != HELD[0]], self.model.start.shape)

    def _pieces(self, given: YearInputs) -> Pieces | None:
        return pieces_of(given.margins, self.areas, self.shape) if given.margins else None


def _limits(exits: Sequence[Array | None], areas: int) -> Array:
    """Largest probabilities of each area: of death, of leaving the city, of the other exits."""
    largest = [np.zeros(areas) if r is None else np.broadcast_to(r.max(axis=(1, 2, 3)), (areas,)) for r in exits]
    return np.stack([*largest[:2], sum(largest[2:], np.zeros(areas))], axis=1)


def levels_of(margins: Sequence[Margin], shape: tuple[int, ...]) -> Levels:
    """The Eckwerte of the flows of a year, for areas and cells of a shape."""
    areas, cell = shape[0], shape[1:]
    first = np.cumsum([0, *(m.target.size for m in margins)]).tolist()
    table = [(HELD.index(m.of), m.target.shape[1], a, m.target.size) for m, a in zip(margins, first, strict=False)]
    values = [np.where(m.present, m.target, np.nan).ravel() for m in margins]
    columns = [np.broadcast_to(m.cells, cell).ravel() for m in margins]
    return Levels(
        np.array(table, dtype=np.int64).reshape(-1, 4),
        np.array([m.areas for m in margins], dtype=np.int64).reshape(-1, areas),
        np.array(columns, dtype=np.int64).reshape(-1, int(np.prod(cell))),
        np.concatenate([np.zeros(0), *values]).reshape(1, -1),
    )


def _inputs(model: Model, t: int, special_of: Callable[[int], Special] | None) -> YearInputs:
    """What is given for a year, with the residents of facilities that a draw has."""
    given = year_inputs(model, t)
    if special_of is None or given.special is None:
        return given
    return replace(given, special=special_of(t))
