"""What to say of Eckwerte that cannot be met: which of them, of whom, by how many persons."""

from __future__ import annotations

from typing import Any

import numpy as np

from zwkprognose.engine.arrays import Array, Index
from zwkprognose.engine.features.margins import LEAST, MOST, Margin, called
from zwkprognose.engine.features.pieces import Pieces
from zwkprognose.errors import EngineError
from zwkprognose.german import amount_text

#: Multipliers that are none.
SMALL = 1e-7
#: Statements that a remedy names; the cells name all of them.
NAMED = 6
BOUND = {LEAST: "mindestens", MOST: "höchstens"}


def unreachable(pieces: Pieces, numbers: Index, fixed: Array) -> EngineError:
    """Targets that no move can meet, with what there is at least, or at most: too few come, or too few can go."""
    cells, missing = [], 0.0
    for number, border in zip(numbers.tolist(), fixed.tolist(), strict=True):
        _, label = _of(pieces, number)
        wanted = float(pieces.wanted[number])
        said = {"Eckwert": round(wanted, 3), "mindestens" if wanted < border else "höchstens": round(border, 3)}
        cells.append(label | said | {"Abstand": round(abs(wanted - border), 3) or abs(wanted - border)})
        missing += abs(wanted - border)
    return EngineError(
        f"{called(_of(pieces, int(numbers[0]))[0].name)} ist mit Zu- und Fortzügen nicht erreichbar, es fehlen "
        f"{amount_text(missing)} Personen.",
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
        least, most = (pieces.of_all_targets(values)[involved] for values in (lowest, highest))
        return unreachable(pieces, np.array(involved), np.where(pieces.wanted[involved] < least, least, most))
    cells, names = [], []
    for number in involved:
        margin, label = _of(pieces, number)
        said = BOUND.get(margin.sense, "Eckwert")
        cells.append(label | {"Angabe": margin.name, said: round(float(pieces.wanted[number]), 3)})
        names.append(margin.name)
    margin, _ = _of(pieces, involved[int(np.argmax(abs(gap[involved])))])
    named = list(dict.fromkeys(names))
    more = f" und {len(named) - NAMED} weitere" if len(named) > NAMED else ""
    return EngineError(
        f"Die Eckwerte widersprechen sich: {called(margin.name)} wird um {amount_text(amount)} Personen verfehlt.",
        cells=[cell | {"Abstand": round(amount, 3) or amount} for cell in cells],
        remedy=f"Die Summen der Eckwerte aufeinander abstimmen: {', '.join(named[:NAMED])}{more}.",
    )


def _least_miss(pieces: Pieces, lowest: Array, highest: Array) -> tuple[float, Array]:
    """Smallest sum of gaps with stocks between the borders, and by how much each target pulls at it.

    A linear program; its solution is only told, never computed with.
    """
    from scipy.optimize import linprog
    from scipy.sparse import csr_array, eye_array, hstack

    count, size = len(pieces.wanted), lowest.size
    column, row = pieces.shared.counted
    sums = csr_array((np.ones(len(row)), (row, column)), shape=(count, size))
    # more than wanted costs nothing for what is bound from below, less for what is bound from above
    cost = np.concatenate([np.zeros(size), 1.0 * (pieces.sense != MOST), 1.0 * (pieces.sense != LEAST)])
    bounds = [*zip(lowest.ravel(), highest.ravel(), strict=True), *([(0, None)] * (2 * count))]
    wanted = np.where(pieces.present, pieces.wanted, 0.0)
    found = linprog(cost, A_eq=hstack([sums, eye_array(count), -eye_array(count)]), b_eq=wanted, bounds=bounds)
    if found.status != 0:
        return 0.0, np.zeros(count)
    return float(found.fun), np.asarray(found.eqlin.marginals)


def _of(pieces: Pieces, number: int) -> tuple[Margin, dict[str, Any]]:
    """The margin of a target, and what the target is called in it."""
    index = int(np.searchsorted(pieces.first, number, side="right")) - 1
    margin = pieces.margins[index]
    return margin, margin.label(*divmod(number - pieces.first[index], margin.target.shape[1]))
