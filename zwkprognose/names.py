"""Every dimension, variable and unit of the project, said once.

The registry below is the contract between the rooms: it documents, labels and (in
:mod:`zwkprognose.inputs.schema`) validates every array that passes a door.
German labels live in ``labels/de.toml`` and are looked up through :func:`label`.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Literal

DatasetKind = Literal["inputs", "rates", "projection"]

#: Version of this contract: counts changes after which a program that knows the version before would go wrong.
CONTRACT = 1
#: Dimensions in the order in which arrays carry them.
DIMS: tuple[str, ...] = (
    "scenario", "draw", "year_end", "year", "area", "origin", "destination",
    "nationality", "nationality_child", "sex", "age",
)  # fmt: skip

SEXES: tuple[str, ...] = ("female", "male")
NATIONALITIES: tuple[str, ...] = ("german", "foreign")
#: No year later than this can be meant.
LAST_YEAR = 2300
#: Coordinate of a dimension that the source does not split.
TOTAL = "total"


@dataclass(frozen=True, slots=True)
class Variable:
    """One array of the contract.

    ``dims`` are all dimensions the variable may have, in order; those in ``broadcast``
    may be missing, which means "the same for all". ``bounds`` are the values allowed.
    """

    dataset: DatasetKind
    name: str
    dims: tuple[str, ...]
    unit: str
    broadcast: tuple[str, ...] = ()
    bounds: tuple[float, float] = (0.0, float("inf"))
    required: bool = False

    @property
    def label(self) -> str:
        """German label of the variable."""
        return label("variables", self.name)


_CELL = ("area", "nationality", "sex", "age")
_YEARLY = ("year", *_CELL)
_PROB = (0.0, 1.0)
_INF = float("inf")


def _projection(name: str, dims: tuple[str, ...], lower: float = 0.0, required: bool = True) -> Variable:
    """Projection arrays may carry a scenario and a draw in front."""
    return Variable(
        "projection", name, ("scenario", "draw", *dims), "persons", ("scenario", "draw"), (lower, _INF), required
    )


VARIABLES: tuple[Variable, ...] = (
    # inputs: stocks on 31.12., flows in the year
    Variable("inputs", "population", ("year_end", *_CELL), "persons", required=True),
    Variable("inputs", "births", ("year", "area", "nationality", "age"), "persons", ("area", "nationality", "age")),
    Variable("inputs", "deaths", _YEARLY, "persons", _CELL),
    Variable("inputs", "in_moves", _YEARLY, "persons", _CELL),
    Variable("inputs", "out_moves", _YEARLY, "persons", _CELL),
    Variable("inputs", "moves", ("year", "origin", "destination", "nationality", "sex", "age"), "persons",
             ("nationality", "sex", "age")),
    # rates: by age reached at the end of the year
    Variable("rates", "death_prob", _YEARLY, "probability", ("year", *_CELL[:3]), _PROB, True),
    Variable("rates", "out_prob", _YEARLY, "probability", ("year", *_CELL[:3]), _PROB, True),
    Variable("rates", "move_out_prob", _YEARLY, "probability", ("year", *_CELL[:3]), _PROB),
    Variable("rates", "naturalisation_prob", _YEARLY, "probability", ("year", *_CELL[:3]), _PROB),
    Variable("rates", "fertility_rate", ("year", "area", "nationality", "age"), "births per woman and year",
             ("year", "area", "nationality"), required=True),
    Variable("rates", "in_moves", _YEARLY, "persons", ("year",), required=True),
    Variable("rates", "out_moves", _YEARLY, "persons", ("year",)),
    Variable("rates", "move_in_share", _YEARLY, "share", ("year", "nationality", "sex", "age"), _PROB),
    Variable("rates", "destination_share", ("year", "origin", "destination", "nationality", "sex", "age"), "share",
             ("year", "nationality", "sex", "age"), _PROB),
    Variable("rates", "area_exists", ("year", "area"), "yes/no", ("year",), _PROB),
    Variable("rates", "birth_group_share", ("year", "area", "nationality", "nationality_child"), "share",
             ("year", "area"), _PROB),
    Variable("rates", "female_birth_share", ("year", "area"), "share", ("year", "area"), _PROB),
    # projection: the population and every component; births and newborn flows are those of the child
    _projection("population", ("year_end", *_CELL)),
    _projection("births", ("year", "area", "nationality", "sex")),
    _projection("deaths", _YEARLY),
    _projection("in_moves", _YEARLY),
    _projection("out_moves", _YEARLY),
    _projection("moves_in", _YEARLY, required=False),
    _projection("moves_out", _YEARLY, required=False),
    _projection("naturalisations", _YEARLY, lower=-_INF, required=False),
    _projection("erstbezug", _YEARLY, lower=-_INF, required=False),
    _projection("sondergruppe", _YEARLY, lower=-_INF, required=False),
)  # fmt: skip


def variable(dataset: DatasetKind, name: str) -> Variable:
    """The record of one variable; ``KeyError`` if the contract has none of that name."""
    return _index()[dataset, name]


def variables(dataset: DatasetKind) -> tuple[Variable, ...]:
    """All records of one Dataset, in the order of the contract."""
    return tuple(v for v in VARIABLES if v.dataset == dataset)


def label(section: str, key: str) -> str:
    """German label of a dimension, variable, unit, sex, nationality … (section of ``labels/de.toml``).

    A key without a label, such as a group that a user named, is its own label.
    """
    return str(labels().get(section, {}).get(key, key))


@cache
def labels() -> dict[str, dict[str, Any]]:
    """The whole label file, read once."""
    text = resources.files("zwkprognose").joinpath("labels", "de.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@cache
def _index() -> dict[tuple[str, str], Variable]:
    return {(v.dataset, v.name): v for v in VARIABLES}
