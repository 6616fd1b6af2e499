"""The result as one long table for Excel and for machines, in the tidy form that the package also reads."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import xarray as xr

from zwkprognose.errors import OutputError
from zwkprognose.german import written
from zwkprognose.names import label
from zwkprognose.output.content.facts import area_names
from zwkprognose.output.files.atomic import whole_file
from zwkprognose.output.files.endings import require_ending
from zwkprognose.output.files.extras import require
from zwkprognose.output.publication.districts import district_tables
from zwkprognose.output.publication.publish import publish
from zwkprognose.tables.files.cell_text import neutral

if TYPE_CHECKING:
    import pandas as pd

    from zwkprognose.tables import Findings

HEADER = (
    "szenario", "jahr", "gebiet", "name", "geschlecht", "staatsangehoerigkeit", "alter_von", "alter_bis", "anzahl",
    "gliederung",
)  # fmt: skip
#: Codes of the tidy form; any other group keeps its own key, "not split" is empty.
CODES = {"female": "w", "male": "m", "german": "D", "foreign": "A", "total": ""}


def write_csv(
    projection: xr.Dataset, path: str | Path, *, internal: bool = False, districts: Mapping[str, str] | None = None
) -> Path:
    """Write the population as a long CSV table that Excel opens by double click.

    Semicolon, decimal comma, byte order mark; one row per scenario, 31.12., area, sex, nationality and age
    band. Values are those of :func:`publish`: where a split must not be shown, the row of the coarser one
    stands instead, so that the rows of every area and year always add up to its total. The column ``gliederung``
    says which split an area is shown in; it is the same in all years and scenarios.

    Parameters
    ----------
    projection : xr.Dataset
        Result of the engine.
    path : path
        Target file.
    internal : bool
        True: no protection of small numbers. For use inside the statistics office only.
    districts : mapping of area key to district, optional
        The districts are written to a second file (:func:`districts_path`); areas are protected so that it does
        not give them away.

    Raises
    ------
    OutputError
        If the file cannot be written.
    """
    published = publish(projection, internal=internal, districts=districts)
    larger = district_tables(published)
    if larger is not None:
        write_rows(districts_path(path), HEADER, _lines(larger))
    return write_rows(path, HEADER, _lines(published))


def write_parquet(
    projection: xr.Dataset, path: str | Path, *, internal: bool = False, districts: Mapping[str, str] | None = None
) -> Path:
    """Write the same table as Parquet: keys are texts, ages and persons are whole numbers.

    Parameters
    ----------
    projection, internal, districts
        As for :func:`write_csv`; the districts are not written, areas are protected beside them.
    path : path
        Target ``.parquet``.

    Raises
    ------
    OutputError
        If the file cannot be written.
    """
    require("pyarrow", extra="parquet")
    require_ending(path, ".parquet")
    table = long_table(projection, internal=internal, districts=districts)
    with whole_file(path) as temporary:
        table.to_parquet(temporary, index=False)
    return Path(path)


def long_table(
    projection: xr.Dataset, *, internal: bool = False, districts: Mapping[str, str] | None = None
) -> pd.DataFrame:
    """The same table as a DataFrame; keys are texts, what is hidden is missing. Parameters as for :func:`write_csv`."""
    import pandas as pd

    text = "\r\n".join([";".join(HEADER), *_lines(publish(projection, internal=internal, districts=districts))])
    whole = dict.fromkeys(("jahr", "alter_von", "alter_bis", "anzahl"), "Int64")
    kinds: Any = dict.fromkeys(HEADER, "string") | whole
    missing: Any = {name: [""] for name in whole}
    return pd.read_csv(io.StringIO(text), sep=";", dtype=kinds, keep_default_na=False, na_values=missing)


def districts_path(path: str | Path) -> Path:
    """Where the districts of a long table are written.

    Examples
    --------
    >>> districts_path("bevoelkerung.csv").name
    'bevoelkerung-bezirke.csv'
    """
    return Path(path).with_stem(f"{Path(path).stem}-bezirke")


def write_findings(findings: Findings, path: str | Path) -> Path:
    """Write the Befunde of a check as CSV for Excel; ``findings.frame`` has one row per Befund."""
    require_ending(path, ".csv")
    _keep_others(Path(path))
    keys: pd.DataFrame = findings.frame
    words = {name: [_word(name, key) for key in keys[name]] for name in _KEYED if name in keys}
    frame = keys.assign(**words)
    rows = (";".join(field(value) for value in row) for row in frame.itertuples(index=False, name=None))
    return write_rows(path, [_GERMAN.get(str(column), str(column)) for column in frame.columns], rows)


def _keep_others(path: Path) -> None:
    """Refuse to replace a file that holds anything else than findings."""
    if not path.is_file():
        return
    head = ";".join(_GERMAN[name] for name in ("severity", "rule"))
    with path.open("rb") as file:
        if not file.read(200).decode("utf-8-sig", "replace").startswith(head):
            raise OutputError(
                f"{path} gibt es schon, und darin stehen keine Befunde.", remedy="Eine andere Datei angeben."
            )


#: Columns of the findings that hold keys of the package, which have German words.
_KEYED = ("severity", "sex", "nationality")


def _word(column: str, key: Any) -> Any:
    """What people say for a key; what is no text (missing) stays as it is."""
    return label(column, key) if isinstance(key, str) else key


_GERMAN = {
    "severity": "schwere", "rule": "regel", "area": "gebiet", "year": "jahr", "sex": "geschlecht",
    "nationality": "staatsangehoerigkeit", "age": "alter", "value": "wert", "message": "befund", "remedy": "was_tun",
}  # fmt: skip


def write_rows(path: str | Path, header: Sequence[str], lines: Iterable[str]) -> Path:
    """Write finished lines below a header, whole or not at all."""
    with whole_file(path) as temporary, temporary.open("w", encoding="utf-8-sig", newline="") as file:
        file.write(";".join(field(name) for name in header) + "\r\n")
        file.writelines(line + "\r\n" for line in lines)
    return Path(path)


def field(value: Any) -> str:
    """One CSV field: texts quoted where needed and never a formula, numbers with decimal comma.

    Examples
    --------
    >>> field("=1+1"), field(2.5), field(7.0), field('Alt"stadt'), field(float("nan"))
    ("'=1+1", '2,5', '7', '"Alt""stadt"', '')
    """
    if isinstance(value, str):
        return _quoted(neutral(value))
    if value is None or (isinstance(value, float) and math.isnan(value)) or str(value) == "<NA>":
        return ""
    if isinstance(value, float | np.floating):
        return written(float(value))
    return _quoted(neutral(str(value)))


def _quoted(text: str) -> str:
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=";", lineterminator="").writerow([text])
    return buffer.getvalue() if text else ""


@dataclass(frozen=True, slots=True)
class _Rung:
    """One table of the ladder: its name, fields of its cells, values [scenario, y, area, cell], areas it shows."""

    name: str
    splits: list[str]
    values: np.ndarray
    shown: np.ndarray

    def lines(self, head: str, values: np.ndarray) -> list[str]:
        """Lines of one scenario, year and area."""
        if np.isnan(values).any():
            return [f"{head};{split};;{_HIDDEN}" for split in self.splits]
        whole = values.astype(np.int64).tolist()
        return [f"{head};{split};{value};{self.name}" for split, value in zip(self.splits, whole, strict=True)]


#: Tables from the finest to the coarsest with what the column ``gliederung`` says of their rows, and their dimensions.
_LADDER = (
    ("population", "Alter, Geschlecht, Staatsangehörigkeit", ("nationality", "sex", "age_group")),
    ("by_age", "Alter, Geschlecht", ("sex", "age_group")),
    ("by_broad_age", "grobes Alter, Geschlecht", ("sex", "broad_group")),
    ("broad", "grobes Alter", ("broad_group",)),
    ("total", "insgesamt", ()),
)
_HIDDEN = "geheim gehalten"


def _lines(published: xr.Dataset) -> Iterator[str]:
    """Rows of every scenario, year and area at the finest split that is shown, one block of lines per area.

    The last column says which split it is.
    """
    ladder = [_rung(published, *steps) for steps in _LADDER]
    rungs = [next((rung for rung in ladder if rung.shown[a]), ladder[-1]) for a in range(published.sizes["area"])]
    areas = _name_fields(published)
    for s, scenario in enumerate(published["scenario"].values):
        for y, year in enumerate(published["year_end"].values):
            for a, (name, rung) in enumerate(zip(areas, rungs, strict=True)):
                head = f"{field(str(scenario))};{year};{name}"
                yield "\r\n".join(rung.lines(head, rung.values[s, y, a]))


def _rung(published: xr.Dataset, name: str, title: str, dims: tuple[str, ...]) -> _Rung:
    values = published[name].transpose("scenario", "year_end", "area", *dims).values
    values = values.reshape(*values.shape[:3], -1)
    return _Rung(title, _splits(published, dims), values, ~np.isnan(values).any(axis=(0, 1, 3)))


def _splits(published: xr.Dataset, dims: tuple[str, ...]) -> list[str]:
    """Fields sex; nationality; age from; age to of all cells, in the order of the array."""
    groups = _codes(published, "nationality") if "nationality" in dims else [""]
    sexes = _codes(published, "sex") if "sex" in dims else [""]
    ages = _age_fields(published, "age" if "age_group" in dims else "broad") if dims else ["0;"]
    return [f"{sex};{group};{age}" for group in groups for sex in sexes for age in ages]


def _codes(published: xr.Dataset, dim: str) -> list[str]:
    return [CODES.get(str(key), field(str(key))) for key in published[dim].values]


def _age_fields(published: xr.Dataset, prefix: str) -> list[str]:
    ends = zip(published[f"{prefix}_from"].values, published[f"{prefix}_to"].values, strict=True)
    return [f"{low};{'' if math.isnan(high) else int(high)}" for low, high in ends]


def _name_fields(published: xr.Dataset) -> list[str]:
    return [f"{field(key)};{field(name)}" for key, name in area_names(published).items()]
