"""One year later: what was projected and what was counted, as a page to read and as tables. For internal use."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Protocol

import pandas as pd
import xarray as xr

from zwkprognose.german import number, percent, signed
from zwkprognose.names import label
from zwkprognose.output.files.extras import require
from zwkprognose.output.files.folder import refuse_results, whole_folder
from zwkprognose.output.files.long_table import field, write_rows
from zwkprognose.output.report.markdown import to_html
from zwkprognose.output.report.pages import render

#: Files of a comparison in the order in which they are written.
INTERIM = (
    "zwischenbilanz.html", "zwischenbilanz.md", "zwischenbilanz.csv", "zwischenbilanz-ziele.csv",
    "zwischenbilanz-zerlegung.csv",
)  # fmt: skip
NOTICE = "**Nur intern:** Die Zahlen sind nicht gerundet gerechnet, und kleine Zahlen sind nicht geschützt."
#: Column of the goals → head of the table.
GOALS = {
    "name": "ziel", "year": "jahr", "unit": "einheit", "direction": "richtung", "target": "zielwert",
    "value_before": "bisher", "met_before": "bisher_erreicht", "since_before": "bisher_ab",
    "value_now": "jetzt", "met_now": "jetzt_erreicht", "since_now": "jetzt_ab",
}  # fmt: skip


class Compared(Protocol):
    """What is written: sentences, projected and observed by area, goals, and why the forecast moved."""

    @property
    def title(self) -> str: ...
    @property
    def year(self) -> int: ...
    @property
    def sentences(self) -> Sequence[str]: ...
    @property
    def table(self) -> pd.DataFrame: ...
    @property
    def goals(self) -> pd.DataFrame | None: ...
    @property
    def decomposition(self) -> xr.Dataset: ...


def write_interim(
    folder: str | Path, found: Compared, *, force: bool = False, created: datetime.date | None = None
) -> Path:
    """Write a comparison as ``zwischenbilanz.html`` and ``.md`` to read, and as CSV tables.

    Raises
    ------
    OutputError
        If the folder already has one and ``force`` is not given, or the system refuses to write.
    """
    require("jinja2", extra="report")
    refuse_results(folder, INTERIM, force=force, ours=is_interim)
    page = page_of(found)
    with whole_folder(folder, INTERIM, force=force) as draft:
        title = f"{found.title}, 31.12.{found.year}"
        html = render(
            "review.html.j2", created, kind="Zwischenbilanz", kicker="Was erwartet war und was gezählt wurde",
            title=title, content=to_html(page),
        )  # fmt: skip
        (draft / INTERIM[0]).write_text(html, encoding="utf-8")
        (draft / INTERIM[1]).write_text(page, encoding="utf-8")
        _write(draft / INTERIM[2], ("gebiet", "name", "bestandteil", "erwartet", "gezaehlt", "abweichung", "prozent"),
               _compared(found.table))  # fmt: skip
        if found.goals is not None:
            goals = found.goals[list(GOALS)].itertuples(index=False, name=None)
            _write(draft / INTERIM[3], tuple(GOALS.values()), (tuple(map(_said, row)) for row in goals))
        _write(draft / INTERIM[4], ("jahr", "gebiet", "altersgruppe", "ursache", "personen"),
               _causes(found.decomposition))  # fmt: skip
    return Path(folder)


def is_interim(folder: Path) -> bool:
    """Whether the page in a folder is one of this program."""
    page = folder / INTERIM[0]
    return page.is_file() and b"zwkprognose" in page.read_bytes()[:4096]


def page_of(found: Compared) -> str:
    """The page as Markdown."""
    parts = [
        f"# {found.title}: Zwischenbilanz zum 31.12.{found.year}",
        NOTICE,
        *found.sentences,
        "## Bestandteile",
        _grid(("Bestandteil", *_HEADS), _city(found.table)),
    ]
    places = found.table.query("area != '' and component == 'population'")
    if len(places) > 1:
        parts += ["## Gebiete", _grid(("Gebiet", *_HEADS), ((row["name"] or row["area"], *_numbers(row))
                                                           for row in places.to_dict("records")))]  # fmt: skip
    if found.goals is not None:
        parts += ["## Ziele", _grid(("Ziel", "Jahr", "Zielwert", "bisher", "jetzt"), _goals(found.goals))]
    end = int(found.decomposition["year_end"][-1])
    parts += [
        f"## Warum sich die Zahl für den 31.12.{end} ändert",
        _grid(("Ursache", "Personen"), _largest_first(found.decomposition)),
    ]
    return "\n\n".join(parts) + "\n"


_HEADS = ("erwartet", "gezählt", "Abweichung", "in %")


def _city(table: pd.DataFrame) -> Iterator[tuple[str, ...]]:
    for row in table[table["area"] == ""].to_dict("records"):
        yield label("variables", row["component"]), *_numbers(row)


def _numbers(row: dict[Any, Any]) -> tuple[str, ...]:
    """Projected, observed and their difference; what was not counted has no number."""
    if row["observed"] != row["observed"]:
        return number(row["projected"]), "nicht gezählt", "", ""
    off = percent(row["percent"]) if row["percent"] == row["percent"] else ""
    return number(row["projected"]), number(row["observed"]), signed(row["deviation"]), off


def _goals(goals: pd.DataFrame) -> Iterator[tuple[str, ...]]:
    for row in goals.to_dict("records"):
        digits = 1 if row["unit"].startswith("je 100") else 0
        told = [
            f"{number(row[f'value_{when}'], digits)} ({'erreicht' if row[f'met_{when}'] else 'nicht erreicht'})"
            for when in ("before", "now")
        ]
        wanted = f"{row['direction'].replace('oe', 'ö')} {number(row['target'], digits)} {row['unit']}"
        yield row["name"], str(row["year"]), wanted, *told


def _largest_first(decomposition: xr.Dataset) -> Iterator[tuple[str, str]]:
    parts = decomposition["contribution"].isel(year_end=-1).sum(["area", "age_group"])
    found = dict(zip(parts["component"].values.tolist(), parts.values.tolist(), strict=True))
    for name, persons in sorted(found.items(), key=lambda item: -abs(item[1])):
        if persons:
            yield label("components", name), signed(persons)
    yield "zusammen", signed(float(parts.sum()))


def _compared(table: pd.DataFrame) -> Iterator[tuple[Any, ...]]:
    for row in table.to_dict("records"):
        yield (row["area"], row["name"], label("variables", row["component"]), row["projected"], row["observed"],
               row["deviation"], row["percent"])  # fmt: skip


def _causes(decomposition: xr.Dataset) -> Iterator[tuple[Any, ...]]:
    last = decomposition["contribution"].isel(year_end=-1).transpose("area", "age_group", "component")
    year = int(last["year_end"])
    bands, causes = last["age_group"].values.tolist(), [label("components", c) for c in last["component"].values]
    for area, of_area in zip(last["area"].values.tolist(), last.values.tolist(), strict=True):
        for band, of_band in zip(bands, of_area, strict=True):
            yield from ((year, area, band, cause, persons) for cause, persons in zip(causes, of_band, strict=True))


def _said(value: Any) -> Any:
    """A goal's field: years without decimals, yes or no in words."""
    if isinstance(value, bool) or str(type(value).__name__) == "bool":
        return "ja" if value else "nein"
    return value


def _grid(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table of Markdown."""
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join(f"| {' | '.join(str(cell).replace('|', '/') for cell in line)} |" for line in lines)


def _write(path: Path, head: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    write_rows(path, head, (";".join(field(_short(cell)) for cell in row) for row in rows))


def _short(value: Any) -> Any:
    return round(value, 3) if isinstance(value, float) else value
