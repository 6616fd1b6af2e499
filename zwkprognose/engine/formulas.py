"""One year, line by line: what every writing of it computes, for a cell or for arrays of cells.

Cells are indexed by the age reached at the end of the year, so that an index is a birth cohort. ``J`` are those who are
there at the start, a year older, or the births; ``q`` the probability of death, ``w`` the share of the year for which a
mover is exposed to it; ``inside`` the net entries that do not cross the city line in both directions: moves between
areas, changes of group, new dwellings, residents released by a facility.

Plain arithmetic only, in a stated order, hence the same bits wherever a line is computed: no powers, no ``exp``, no
sums. The compiled loops write the lines into their machine code, the reference applies them to whole arrays.
"""

from __future__ import annotations

from typing import Any

#: A number, or an array of numbers.
Number = Any

#: An Eckwert is met when the gap is below this share of it (of one person for those below one).
MET = 1e-11
#: Steps after which Eckwerte that are still not met cannot be met together.
STEPS = 500
#: Share of the survivors that may move out: all but rounding.
ALMOST_ALL = 1 - 1e-12
#: Share of a cohort up to which nobody lives elsewhere: the whole less the own then holds few digits but of rounding.
NOBODY_ELSE = 1e-9


def early(w: Number, movers: Number) -> Number:
    """Movers who are there, or gone, from the start of the year and share all its deaths; the others share none."""
    return w * movers


def deaths(q: Number, J: Number, net_early: Number, inside_early: Number) -> Number:
    """Deaths of those at the start and of early movers: net across the city line, and inside the city."""
    return q * (J + net_early + inside_early)


def stock(J: Number, dead: Number, net: Number, inside: Number) -> Number:
    """Stock at the end of the year; ``net`` are in-moves less out-moves across the city line."""
    return J - dead + net + inside


def survivors(J: Number, q: Number, w: Number, inside: Number) -> Number:
    """The stock at the end of the year without moves across the city line."""
    return J - q * (J + w * inside) + inside


def weighted(movers: Number, q: Number, early: Number) -> Number:
    """Movers without those of them who die in the year, of the early ones among them."""
    return movers - q * early


def mothers(start_weight: Number, J: Number, end: Number) -> Number:
    """Women who may give birth, from those at the start and those at the end of the year."""
    return start_weight * J + (1.0 - start_weight) * end


def surviving(q: Number, w: Number) -> Number:
    """Share of those who come in the year and are alive at its end."""
    return 1.0 - w * q


def dying(q: Number, w: Number, leave: Number) -> Number:
    """Probability to die in the year before leaving; ``leave`` is that to leave in any way."""
    return q * (1.0 - w * leave)


def gone(q: Number, w: Number, leave: Number) -> Number:
    """Probability to be gone at the end of the year: to leave, or to die before; at most one is possible."""
    return leave + q * (1.0 - w * leave)


def asked(persons: Number, elsewhere: Number) -> Number:
    """Persons who move into new dwellings of an area for each who lives in another."""
    return persons / elsewhere


def given(J: Number, called: Number, own: Number) -> Number:
    """Persons whom an area gives to the new dwellings of others, of what all together ask for."""
    return J * (called - own)


def crowded(death: Number, out: Number, rest: Number, more: Number, further: Number) -> Number:
    """What death and leaving under their factors are divided by, so that both together never take more than there are.

    Each is multiplied in its odds against staying, among those whom nothing else takes.
    """
    return 1.0 + ((more - 1.0) * death + (further - 1.0) * out) / (1.0 - rest)


def by_odds(rate: Number, factor: Number, among: Number) -> Number:
    """A probability under a factor where otherwise nobody would be left; ``among`` is that of :func:`crowded`."""
    return factor * rate / among


def discriminant(gap: Number, inward: Number, outward: Number) -> Number:
    """G² + 4·I·O of the Eckwert formula f·I − O/f = G."""
    return gap * gap + 4.0 * inward * outward


def factor_up(gap: Number, both: Number, inward: Number) -> Number:
    """Its solution f where more must come than go; ``both`` is the root of the discriminant."""
    return (gap + both) / (2.0 * inward)


def factor_down(gap: Number, both: Number, outward: Number) -> Number:
    """The same solution where more must go than come, without cancellation."""
    return 2.0 * outward / (both - gap)
