"""Pieces of a profile that other steps may bring; what is missing is a blank with its reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

#: Label, number of the base year and of the last year.
Row = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Section:
    """A short list for every place, or the reason why there is none.

    Attributes
    ----------
    title : str
    rows : mapping of area key ("" is the whole) to rows
        Texts as they are printed: whoever fills a section protects its numbers.
    note : str
        Source and known bias; stands below the rows.
    reason : str
        Stands where a place has no rows.
    """

    title: str
    rows: Mapping[str, tuple[Row, ...]] = field(default_factory=dict)
    note: str = ""
    reason: str = "Dazu enthält das Projekt keine Angaben."

    def of(self, key: str) -> tuple[Row, ...]:
        """Rows of one place; none where there are none."""
        return self.rows.get(key, ())


#: What a care profile says of people who live alone as long as nobody brings it.
LIVING_ALONE = Section(
    "Alleinlebende und Alleinlebende ab 80 Jahren",
    reason="Nicht angegeben: Das Projekt nennt keine Quoten der Haushalte ([haushalte]); ohne sie wird hier nichts "
    "geschätzt.",
)
