"""How fast tables are read and checked: ``python benchmarks/speed/tables.py [FOLDER] [--records N]``.

Best of several runs, beside a plain ``pandas.read_csv`` or ``python_calamine`` of the same file in the same run: the
machine's speed cancels in the ratio. FOLDER is the folder with the published originals; without it only files made
here are timed. The records are written to a temporary file, one person a line.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from zwkprognose.examples import tables_of
from zwkprognose.tables import Source, Table, check, read_register, read_table
from zwkprognose.tables.counts import KEY
from zwkprognose.tables.frame import cells_frame

LAYOUT: dict[str, Any] = {
    "art": "bestand",
    "stichtag": 2024,
    "felder": {"gebiet": "ORT", "geschlecht": "GES", "staatsangehoerigkeit": "STA", "alter": "ALTER"},
    "werte": {"geschlecht": {"1": "m", "2": "w"}, "staatsangehoerigkeit": {"000": "D", "sonst": "A"}},
}


class Case(NamedTuple):
    """One file: what reads it here, and the plainest way to read it at all."""

    name: str
    rows: int
    ours: Callable[[], Any]
    plain: Callable[[], Any]


def best(call: Callable[[], Any], runs: int) -> float:
    """Shortest of several runs, in seconds."""
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        call()
        times.append(time.perf_counter() - start)
    return min(times)


def csv_case(name: str, path: Path, encoding: str, skip: int = 0) -> Case:
    """A delimited file beside pandas, everything as text."""
    plain = lambda: pd.read_csv(  # noqa: E731
        path, sep=";", dtype=str, encoding=encoding, header=None, skiprows=skip, on_bad_lines="skip"
    )
    return Case(name, len(plain()), lambda: read_table(path), plain)


def workbook_case(folder: Path, rows: int) -> Case:
    """A workbook in the tidy form beside the bare reader of the cells."""
    import python_calamine
    import xlsxwriter

    path = folder / "bestand.xlsx"
    frame = pd.read_csv(tables_of("berlin")[0], sep=";", dtype=str, nrows=rows).fillna("")
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        for i, row in enumerate([list(frame.columns), *frame.to_numpy().tolist()]):
            sheet.write_row(i, 0, row)
    bare = lambda: python_calamine.CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()  # noqa: E731
    return Case("Excel, einfache Tabelle", len(frame), lambda: read_table(path), bare)


def register_case(folder: Path, records: int) -> Case:
    """Single records, counted on reading, beside pandas reading all of them at once."""
    path = folder / "register.csv"
    random = np.random.default_rng(1)
    with path.open("w", encoding="utf-8") as file:
        file.write("ORT;GES;STA;ALTER\n")
        for first in range(0, records, 1_000_000):
            size = min(1_000_000, records - first)
            columns = {
                "o": random.integers(1, 95, size), "g": random.integers(1, 3, size),
                "s": np.where(random.random(size) < 0.8, "000", "163"), "a": random.integers(0, 100, size),
            }  # fmt: skip
            pd.DataFrame(columns).to_csv(file, sep=";", header=False, index=False)
    return Case(
        "Einzelsätze", records, lambda: read_register(path, LAYOUT), lambda: pd.read_csv(path, sep=";", dtype=str)
    )


def check_case(areas: int, years: int = 10, ages: int = 91) -> Case:
    """The check of a large town by single ages, sexes and nationalities, beside one sum over every cell of it."""
    random = np.random.default_rng(1)
    shape = (areas, years, 2, 2, ages)
    sizes = np.exp(random.uniform(1.0, 3.5, (areas, 1, 1, 1, 1)))
    counts = random.poisson(sizes * np.exp(-(((np.arange(ages) - 40) / 40) ** 2)), shape).astype(float).ravel()
    at = np.indices(shape).reshape(len(shape), -1)
    keys = np.array([f"{i:04d}" for i in range(1, areas + 1)], dtype=object)[at[0]]
    cells = cells_frame(
        {
            "area": keys, "area_name": keys, "year": 2014 + at[1],
            "sex": np.array(["female", "male"], dtype=object)[at[2]],
            "nationality": np.array(["german", "foreign"], dtype=object)[at[3]],
            "age_from": at[4].astype(float), "age_to": np.where(at[4] == ages - 1, np.nan, at[4] + 1.0),
            "variable": "population", "value": counts,
            "status": np.where(counts > 0, "number", "zero").astype(object), "file": "stadt.csv",
        }
    )  # fmt: skip
    table = Table(cells, Source("stadt.csv", "tidy"))
    return Case(
        f"Prüfung, {areas} Gebiete", len(cells), lambda: check(table),
        lambda: cells.groupby(KEY, dropna=False, sort=False)["value"].sum(),
    )  # fmt: skip


def cases(folder: Path, originals: Path | None, records: int) -> Iterator[Case]:
    """All files to be timed."""
    if originals is not None:
        kreise = originals / "kreise" / "12411-04-02-4_2020-12-31.csv"
        yield csv_case("Kreise nach Altersjahren (3 MB)", kreise, "latin-1", skip=7)
        yield csv_case("Bremen 12411-03-03", originals / "bremen" / "12411-03-03-2023.csv", "latin-1", skip=4)
    yield csv_case("Berlin, einfache Tabelle (gz)", tables_of("berlin")[0], "utf-8")
    yield workbook_case(folder, 60_000)
    yield register_case(folder, records)
    yield check_case(500)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--records", type=int, default=1_000_000)
    arguments = parser.parse_args()
    print(f"{'Datei':36} {'Zeilen':>10} {'s':>8} {'einfach s':>10} {'Verhältnis':>11}")
    with tempfile.TemporaryDirectory() as folder:
        for case in cases(Path(folder), arguments.folder, arguments.records):
            runs = 1 if case.rows > 500_000 else 3
            ours, peak = best(case.ours, runs), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            plain = best(case.plain, runs)
            print(f"{case.name:36} {case.rows:>10} {ours:8.2f} {plain:10.2f} {ours / plain:11.1f}   ≤ {peak:.0f} MiB")


if __name__ == "__main__":
    main()
