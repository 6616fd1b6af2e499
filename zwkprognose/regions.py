"""What a whole and its parts are called: Stadt and Gebiet, Landkreis and Gemeinde, with their articles."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

#: Ending of a kind's name → gender, ending of the genitive, plural of the ending.
_ENDINGS = {
    "stadt": ("f", "", "städte"), "gemeinde": ("f", "", "gemeinden"), "region": ("f", "", "regionen"),
    "schaft": ("f", "", "schaften"), "ung": ("f", "", "ungen"), "lage": ("f", "", "lagen"),
    "zelle": ("f", "", "zellen"), "zone": ("f", "", "zonen"), "einheit": ("f", "", "einheiten"),
    "konferenz": ("f", "", "konferenzen"),
    "insel": ("f", "", "inseln"), "fläche": ("f", "", "flächen"),
    "kreis": ("m", "es", "kreise"), "bezirk": ("m", "s", "bezirke"), "teil": ("m", "s", "teile"),
    "ort": ("m", "es", "orte"), "raum": ("m", "s", "räume"), "verband": ("m", "es", "verbände"),
    "block": ("m", "s", "blöcke"), "kiez": ("m", "es", "kieze"), "kanton": ("m", "s", "kantone"),
    "sprengel": ("m", "s", "sprengel"), "bereich": ("m", "s", "bereiche"), "distrikt": ("m", "s", "distrikte"),
    "land": ("n", "es", "länder"), "viertel": ("n", "s", "viertel"), "quartier": ("n", "s", "quartiere"),
    "gebiet": ("n", "s", "gebiete"), "amt": ("n", "es", "ämter"), "dorf": ("n", "es", "dörfer"),
}  # fmt: skip
#: Kinds with which names begin (Landkreis Rostock); „Neustadt an der Orla“ is none.
_BEGINNINGS = (
    "Stadt", "Landeshauptstadt", "Hansestadt", "Universitätsstadt", "Kreisstadt", "Landkreis", "Kreis", "Region",
    "Gemeinde", "Samtgemeinde", "Verbandsgemeinde", "Verwaltungsgemeinschaft", "Ortsgemeinde", "Amt", "Land", "Kanton",
    "Bezirk", "Stadtteil", "Ortsteil",
)  # fmt: skip
#: Gender → nominative, accusative, genitive, dative of the article; in, to; "a" and "no" in the nominative.
_ARTICLES = {
    "f": ("die", "die", "der", "der", "in der", "zur", "eine", "keine"),
    "m": ("der", "den", "des", "dem", "im", "zum", "ein", "kein"),
    "n": ("das", "das", "des", "dem", "im", "zum", "ein", "kein"),
}


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of region with its forms.

    Examples
    --------
    >>> [f"{kind.of_the}, {kind.in_the}, {kind.plural}" for kind in map(kind_of, ("Landkreis", "Stadt", "Amt"))]
    ['des Landkreises, im Landkreis, Landkreise', 'der Stadt, in der Stadt, Städte', 'des Amtes, im Amt, Ämter']
    """

    singular: str
    plural: str
    gender: str
    genitive: str

    @property
    def the(self) -> str:
        """Nominative: ``die Stadt``."""
        return self._with(0)

    @property
    def the_object(self) -> str:
        """Accusative: ``die Stadt``, ``den Landkreis``."""
        return self._with(1)

    @property
    def of_the(self) -> str:
        """Genitive: ``der Stadt``, ``des Landkreises``."""
        return f"{_ARTICLES[self.gender][2]} {self.genitive}"

    @property
    def to_the(self) -> str:
        """Dative: ``der Stadt``, ``dem Landkreis``."""
        return self._with(3)

    @property
    def in_the(self) -> str:
        """``in der Stadt``, ``im Landkreis``."""
        return self._with(4)

    @property
    def up_to_the(self) -> str:
        """``zur Stadt``, ``zum Landkreis``."""
        return self._with(5)

    @property
    def one(self) -> str:
        """``eine Stadt``, ``ein Landkreis``."""
        return self._with(6)

    @property
    def none(self) -> str:
        """``keine Stadt``, ``kein Landkreis``."""
        return self._with(7)

    @property
    def plural_dative(self) -> str:
        """``Städten``, ``Landkreisen``, ``Gemeinden``."""
        return self.plural if self.plural.endswith(("n", "s")) else f"{self.plural}n"

    def _with(self, case: int) -> str:
        return f"{_ARTICLES[self.gender][case]} {self.singular}"


def kind_of(name: str) -> Kind:
    """The kind that a word names.

    Raises
    ------
    ValueError
        If the word is not one whose forms are known; the text says which endings are.
    """
    word = name.strip()
    known = [ending for ending in _ENDINGS if word.lower().endswith(ending)]
    if not known or not word.isalpha():
        raise ValueError(
            f"die Art „{name}“ ist nicht bekannt; möglich ist ein Wort, das auf eines von diesen endet: "
            + ", ".join(_ENDINGS)
        )
    ending = max(known, key=len)
    gender, genitive, plural = _ENDINGS[ending]
    singular = word[0].upper() + word[1:]
    many = singular[: -len(ending)] + plural
    return Kind(singular, many[0].upper() + many[1:], gender, singular + genitive)


@dataclass(frozen=True, slots=True)
class Regions:
    """The whole, its parts, and the larger parts between them; ``name`` is that of the whole, if it is known.

    Examples
    --------
    >>> regions = regions_of("Landkreis Rostock", ["Landkreis", "Amt", "Gemeinde"])
    >>> regions.total, regions.part.plural, regions.district.plural, regions.whole.in_the
    ('Landkreis Rostock insgesamt', 'Gemeinden', 'Ämter', 'im Landkreis')
    >>> regions_of().total
    'Stadt insgesamt'
    """

    whole: Kind
    part: Kind
    district: Kind
    name: str = ""

    @property
    def total(self) -> str:
        """What stands over the numbers of the whole."""
        return f"{self.name or self.whole.singular} insgesamt"

    def worded(self, text: str) -> str:
        """A text of the program in the words of this whole; what stands in quotation marks stays as it is.

        Examples
        --------
        >>> regions_of("Landkreis Rostock", ["Landkreis", "Gemeinde"]).worded("In 8 Gebieten: an die Stadt angelehnt")
        'In 8 Gemeinden: an den Landkreis angelehnt'
        """
        if (self.whole.singular, self.part.singular) == ("Stadt", "Gebiet"):
            return text
        pieces = re.split("(„[^“]*“)", text)
        return "".join(piece if piece.startswith("„") else self._said(piece) for piece in pieces)

    def _said(self, text: str) -> str:
        whole, part = self.whole, self.part
        every = {"f": "jede", "m": "jeder", "n": "jedes"}[part.gender]
        words = {
            "an die Stadt": f"an {whole.the_object}",
            "Stadttrend": f"Trend {whole.of_the}",
            "(Trend|Gesamtzahl) der Stadt": rf"\1 {whole.of_the}",
            "Stadt für alle": f"{whole.singular} für alle",
            "jedes Gebiet für sich": f"{every} {part.singular} für sich",
            "Nachbargebieten": "Nachbarn" if part.singular != "Gebiet" else "Nachbargebieten",
            "(1|je) Gebiet": rf"\1 {part.singular}",
            "ein Gebiet": part.one,
            "Gebieten": part.plural_dative,
            "Gebiete": part.plural,
        }
        for said, own in words.items():
            text = re.sub(rf"\b{said}\b" if said[0] != "(" else rf"{said}\b", own, text)
        return text

    def as_text(self) -> str:
        """The form that travels in the attributes of inputs and projections."""
        kinds = [self.whole.singular, self.district.singular, self.part.singular]
        return json.dumps({"gesamt": self.name, "ebenen": kinds}, ensure_ascii=False)


def regions_of(name: str = "", levels: Sequence[str] = ()) -> Regions:
    """The words for a whole of this name and its levels, from the largest to the smallest.

    Two levels are the whole and its parts; with three, the middle one are the larger areas. What is not said is Stadt,
    Bezirk and Gebiet, or the kind with which the name of the whole begins (``Landkreis Rostock``).

    Raises
    ------
    ValueError
        If there are not two or three levels, or a kind is not known.
    """
    if levels and len(levels) not in (2, 3):
        raise ValueError(f"nötig sind zwei oder drei Ebenen, vom Ganzen bis zu den Teilen, nicht {len(levels)}")
    first = name.split()[0] if name.split() else ""
    said = list(levels) or [first if first in _BEGINNINGS else "Stadt", "Gebiet"]
    kinds = [kind_of(word) for word in said]
    return Regions(kinds[0], kinds[-1], kinds[1] if len(kinds) == 3 else kind_of("Bezirk"), " ".join(name.split()))


def regions_in(*attributes: Mapping[Any, Any]) -> Regions:
    """The words that the attributes of a projection or of its inputs carry; the usual ones if they carry none."""
    found = next((attrs["regions"] for attrs in attributes if attrs.get("regions")), None)
    if found is None:
        return regions_of()
    said = json.loads(str(found))
    return regions_of(str(said.get("gesamt", "")), said.get("ebenen", ()))
