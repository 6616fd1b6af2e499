"""When in the year people move, and which women give birth: one equation, several conventions.

Every convention is the same line, P = S·(J + M1) + M2: movers M1 are there from the start and share
the deaths of the whole year, movers M2 come at its end. The Swiss equations put half of each cohort's
movers into M1 and half into M2, the United Nations do the same by completed age ("even") or put
everybody into M2 ("end").
"""

from __future__ import annotations

from dataclasses import dataclass

from zwkprognose.errors import EngineError


@dataclass(frozen=True, slots=True)
class Timing:
    """A convention for movers, newborns and mothers.

    Parameters
    ----------
    early : float
        Share of the movers who are there from the start of the year (M1); deaths are q·(J + M1).
    newborn : float
        The same share for movers in the year of their birth. Two thirds follow from births and moves
        that are spread evenly over the year.
    by_completed_age : bool
        Are counts of movers and fertility rates given by age on the day (United Nations) instead of by
        age reached at the end of the year?
    mothers_start : float
        Weight of the women at the start of the year in the women who may give birth; the rest of the
        weight is on the women at its end.
    late_mothers : bool
        Do movers who come at the end (M2) count among the women at the end?
    """

    early: float = 0.5
    newborn: float = 2 / 3
    by_completed_age: bool = False
    mothers_start: float = 0.5
    late_mothers: bool = True


#: Named conventions. ``cohort``: Federal Statistical Office of Switzerland; ``even`` and ``end``: United Nations.
TIMINGS: dict[str, Timing] = {
    "cohort": Timing(),
    "even": Timing(newborn=0.0, by_completed_age=True),
    "end": Timing(early=0.0, newborn=0.0, by_completed_age=True, late_mothers=False),
}


def timing_of(timing: str | Timing) -> Timing:
    """The convention of that name; ``EngineError`` if there is none."""
    if isinstance(timing, Timing):
        return timing
    if timing not in TIMINGS:
        raise EngineError(
            f"Die Zeitkonvention „{timing}“ ist unbekannt.",
            remedy="Eine von " + ", ".join(TIMINGS) + " angeben oder ein eigenes Timing-Objekt übergeben.",
        )
    return TIMINGS[timing]
