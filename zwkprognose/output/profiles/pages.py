"""Profiles as pages: every place one page of A4, one document for all of them or one for each."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from zwkprognose.output.content.material import Material
from zwkprognose.output.figures.choropleth import outline
from zwkprognose.output.profiles.arrivals import STAYING, Arrivals, ArrivalSheet, arrival_sheet
from zwkprognose.output.profiles.care import Care, CareSheet, care_sheet
from zwkprognose.output.profiles.indices import FLOW_YEARS
from zwkprognose.output.profiles.kommunal import KommunalSheet, kommunal_sheet
from zwkprognose.output.profiles.peers import distance_text
from zwkprognose.output.profiles.thresholds import Thresholds
from zwkprognose.output.publication.rounding import Floats
from zwkprognose.output.report.pages import policy, render, text_of

Sheet: TypeAlias = KommunalSheet | CareSheet | ArrivalSheet
STYLE = "profiles.css"
#: Distance, in units of a map 640 wide, below which a point of an outline is left out.
COARSE = 12
HIDDEN_PLACE = (
    "Für dieses Gebiet wird keine Zahl gezeigt (Schutz kleiner Zahlen): Hier oder, durch Abziehen, andernorts stünden "
    "weniger Personen, als veröffentlicht werden dürfen."
)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of profile: key, title, and how its files begin."""

    key: str
    title: str
    plural: str
    file: str


KINDS: dict[str, Kind] = {
    kind.key: kind
    for kind in (
        Kind("kommunal", "Kommunalprofil", "Kommunalprofile", "kommunalprofil"),
        Kind("versorgung", "Gesundheits- und Versorgungsprofil", "Gesundheits- und Versorgungsprofile",
             "versorgungsprofil"),
        Kind("ankommen", "Profil Ankommen und Bleiben", "Profile Ankommen und Bleiben", "ankommensprofil"),
    )
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Page:
    """One place: name, key (empty: the whole), its sheet, or the reason why it has none."""

    key: str
    name: str
    anchor: str
    lead: str
    sheet: Sheet | None
    reason: str = ""
    foot: str = ""


@dataclass(frozen=True, slots=True)
class Locator:
    """A map too small to read: where an area lies in the whole, as one path and one for every area."""

    width: int
    height: int
    whole: str
    places: Mapping[str, str]


@dataclass(frozen=True, slots=True, eq=False)
class Contents:
    """What profiles are made of: published numbers, and what was collected for each kind."""

    material: Material
    values: Mapping[str, Floats]
    thresholds: Thresholds
    care: Care
    arrivals: Arrivals
    geometry: Mapping[str, Any] | None = None
    created: datetime.date | None = None

    def pages(self, kind: Kind) -> list[Page]:
        """The whole first, then every area."""
        places: list[int | None] = [None, *range(len(self.material.facts.areas))]
        return [self.page(kind, place) for place in places]

    def page(self, kind: Kind, area: int | None) -> Page:
        """The page of one place."""
        facts, numbers = self.material.facts, self.material.numbers
        key = "" if area is None else list(facts.areas)[area]
        name = facts.regions.total if area is None else facts.areas[key]
        anchor = "gesamt" if area is None else f"gebiet-{slugs(list(facts.areas))[key]}"
        if not numbers.shown(area):
            return Page(key, name, anchor, "", None, HIDDEN_PLACE)
        sheet = self._sheet(kind, area)
        lead = sheet.sentence
        foot = f"Schwellen: {self.thresholds.title or 'eigene'}." if isinstance(sheet, KommunalSheet) else ""
        return Page(key, name, anchor, lead, sheet, foot=foot)

    def _sheet(self, kind: Kind, area: int | None) -> Sheet:
        if kind.key == "kommunal":
            return kommunal_sheet(self.material, self.values, self.thresholds, area)
        if kind.key == "versorgung":
            return care_sheet(self.care, self.material, area)
        return arrival_sheet(self.arrivals, self.material, area)


def html_of(
    contents: Contents, kind: Kind, pages: Sequence[Page], drawn: Locator | None, *, listed: bool = True,
    dense: frozenset[str] = frozenset(),
) -> str:  # fmt: skip
    """One HTML document of some pages; it needs nothing beside it.

    ``listed``: with a list of its places; ``dense``: anchors of those that are set more closely.
    """
    css, facts = text_of(STYLE), contents.material.facts
    years = min(FLOW_YEARS, facts.target_year - facts.base_year)
    return render(
        "profiles.html.j2", contents.created, facts=facts, internal=contents.material.internal, kind=kind, pages=pages,
        map=drawn, listed=listed, dense=dense, policy=policy(css=css), css=css, level=1 if len(pages) == 1 else 2,
        flow_years=f"{facts.base_year + 1}–{facts.base_year + years}", staying_note=STAYING,
        distance=distance_text(contents.values, contents.material.numbers),
    )  # fmt: skip


def locator_of(contents: Contents) -> Locator | None:
    """The small map, where outlines are known and there is more than one area."""
    keys = list(contents.material.facts.areas)
    if contents.geometry is None or len(keys) < 2:
        return None
    drawn = outline(contents.geometry, keys)
    places = {shape.key: _coarse(shape.path) for shape in drawn.shapes}
    return Locator(drawn.width, drawn.height, "".join(places.values()), places)


def _coarse(path: str) -> str:
    """Outline without the points that nobody sees on a map of the width of two thumbs."""
    rings = (ring.rstrip("Z").split("L") for ring in path.split("M")[1:])
    return "".join(_ring([tuple(map(float, point.split())) for point in ring]) for ring in rings)


def _ring(points: Sequence[tuple[float, ...]]) -> str:
    kept = [points[0]]
    for point in points[1:]:
        if abs(point[0] - kept[-1][0]) + abs(point[1] - kept[-1][1]) >= COARSE:
            kept.append(point)
    return "M" + "L".join(f"{round(x)} {round(y)}" for x, y in kept) + "Z"


def slugs(keys: Sequence[str]) -> dict[str, str]:
    """Area key → what stands for it in names of files and addresses, each once.

    Examples
    --------
    >>> slugs(["0101", "Süd/West", "Süd West"])
    {'0101': '0101', 'Süd/West': 'Süd-West', 'Süd West': 'Süd-West-2'}
    """
    return dict(zip(keys, _distinct(re.sub(r"[^\w-]+", "-", key).strip("-") or "gebiet" for key in keys), strict=True))


def _distinct(words: Iterable[str]) -> Iterator[str]:
    seen: dict[str, int] = {}
    for word in words:
        same = word.casefold()
        seen[same] = seen.get(same, 0) + 1
        yield word if seen[same] == 1 else f"{word}-{seen[same]}"
