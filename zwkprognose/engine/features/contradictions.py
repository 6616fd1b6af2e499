"""What to say of Eckwerte that cannot be met: which of them, of whom, by how many persons."""

from __future__ import annotations

from typing import Any

import numpy as np

from zwkprognose.engine.arrays import Array, Mask
from zwkprognose.engine.features.margins import LEAST, MOST, Margin
from zwkprognose.engine.features.pieces import Pieces
from zwkprognose.errors import EngineError
from zwkprognose.german import number_text

#: Multipliers that are none.
SMALL = 1e-7
BOUND = {LEAST: "mindestens", MOST: "höchstens"}


def unreachable(margin: Margin, where: Mask, fixed: Array, gap: Array) -> EngineError:
    """Targets of one margin that no move can meet: too few come, or too few can go."""
    cells = []
    for number in np.flatnonzero(where).tolist():
        reach = "mindestens" if gap[number] < 0 else "höchstens"
        persons, border, missing = (float(v.ravel()[number]) for v in (margin.target, fixed, gap))
        found = {"Eckwert": round(persons, 3), reach: round(border, 3), "Abstand": round(abs(missing), 3)}
        cells.append(_named(margin, number) | found)
    return EngineError(
        f"Eckwert „{margin.name}“ ist mit Zu- und Fortzügen nicht erreichbar, es fehlen "
        f"{number_text(round(float(abs(gap[where]).sum()), 1))} Personen.",
        cells=cells,
        remedy="Den Eckwert prüfen oder Zuzüge und Fortzüge vorgeben, die ihn erlauben.",
    )


def contradiction(pieces: Pieces, lowest: Array, highest: Array, gap: Array) -> EngineError:
    """The fewest persons by which the targets are missed together, and the targets that rule each other out.

    ``lowest`` and ``highest`` are the stocks of each piece if all leave and nobody comes, and the other way round;
    ``gap`` is what was missing in the end, for targets that are on the very border of what is possible.
    """
    amount, pulls = _least_miss(pieces, lowest, highest)
    clear = amount > float(pieces.tolerance.max())
    if not clear:
        amount, pulls = float(abs(gap).max()), np.where(abs(gap) > pieces.tolerance, 1.0, 0.0)
    involved = np.flatnonzero(abs(pulls) > SMALL).tolist()
    if clear and len(involved) == 1:
        return _alone(pieces, involved[0], lowest, highest)
    cells, names = [], []
    for number in involved:
        margin, own = _of(pieces, number)
        said = BOUND.get(margin.sense, "Eckwert")
        cells.append(_named(margin, own) | {"Angabe": margin.name, said: round(float(pieces.wanted[number]), 3)})
        names.append(margin.name)
    margin, own = _of(pieces, involved[int(np.argmax(abs(gap[involved])))])
    named = list(dict.fromkeys(names))
    return EngineError(
        f"Die Eckwerte widersprechen sich: „{margin.name}“ wird um {number_text(round(amount, 1))} Personen verfehlt.",
        cells=[cell | {"Abstand": round(amount, 3)} for cell in cells],
        remedy="Die Summen der Eckwerte aufeinander abstimmen: " + ", ".join(named) + ".",
    )


def _alone(pieces: Pieces, number: int, lowest: Array, highest: Array) -> EngineError:
    """A target that is out of reach by itself."""
    margin, own = _of(pieces, number)
    index = pieces.margins.index(margin)
    least, most = (pieces.by_target(values, index) for values in (lowest, highest))
    wanted = margin.target.ravel()
    border = np.where(wanted < least, least, most)
    where = np.arange(len(wanted)) == own
    return unreachable(margin, where, border, wanted - np.where(np.isfinite(border), border, wanted))


def _least_miss(pieces: Pieces, lowest: Array, highest: Array) -> tuple[float, Array]:
    """Smallest sum of gaps with stocks between the borders, and by how much each target pulls at it.

    A linear program; its solution is only told, never computed with.
    """
    from scipy.optimize import linprog
    from scipy.sparse import csr_array, eye_array, hstack

    count, size = len(pieces.wanted), lowest.size
    at = [(k.ravel()[k.ravel() >= 0], np.flatnonzero(k.ravel() >= 0)) for k in pieces.targets]
    row, column = (np.concatenate(part) for part in zip(*at, strict=True))
    sums = csr_array((np.ones(len(row)), (row, column)), shape=(count, size))
    # more than wanted costs nothing for what is bound from below, less for what is bound from above
    cost = np.concatenate([np.zeros(size), 1.0 * (pieces.sense != MOST), 1.0 * (pieces.sense != LEAST)])
    bounds = [*zip(lowest.ravel(), highest.ravel(), strict=True), *([(0, None)] * (2 * count))]
    wanted = np.where(pieces.present, pieces.wanted, 0.0)
    found = linprog(cost, A_eq=hstack([sums, eye_array(count), -eye_array(count)]), b_eq=wanted, bounds=bounds)
    if found.status != 0:
        return 0.0, np.zeros(count)
    return float(found.fun), np.asarray(found.eqlin.marginals)


def _of(pieces: Pieces, number: int) -> tuple[Margin, int]:
    """The margin of a target, and the number of the target in it."""
    index = int(np.searchsorted(pieces.first, number, side="right")) - 1
    return pieces.margins[index], number - pieces.first[index]


def _named(margin: Margin, number: int) -> dict[str, Any]:
    row, column = divmod(number, margin.target.shape[1])
    return margin.label(row, column)
