"""Official keys that a reform has changed, so that old and new tables name the same place differently."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Reform:
    """The key of a place before and after a date."""

    old: str
    new: str
    name: str
    since: str


#: Reforms that tables of the last twenty years meet in the middle of a series (official register of places).
REFORMS = (
    Reform("05313", "05334", "Städteregion Aachen", "21.10.2009"),
    Reform("05354", "05334", "Städteregion Aachen", "21.10.2009"),
    Reform("05313000", "05334002", "Aachen", "21.10.2009"),
    Reform("03152", "03159", "Landkreis Göttingen", "1.11.2016"),
    Reform("03156", "03159", "Landkreis Göttingen", "1.11.2016"),
    Reform("03152012", "03159016", "Göttingen", "1.11.2016"),
    Reform("16056", "16063", "Wartburgkreis mit Eisenach", "1.7.2021"),
    Reform("16056000", "16063105", "Eisenach", "1.7.2021"),
)


def reforms_among(keys: set[str]) -> list[Reform]:
    """Reforms whose old and new key both occur.

    >>> [reform.name for reform in reforms_among({"16056000", "16063105", "16063"})]
    ['Eisenach']
    """
    return [reform for reform in REFORMS if reform.old in keys and reform.new in keys]
