"""Re-encode the published files that the accuracy benchmark needs: integers, compact, the same bytes every time.

    python benchmarks/accuracy/encode.py FOLDER_WITH_PUBLISHED_FILES

Berlin: the yearly matrices of the 447 Planungsräume become one table, a row per area and age class, a
column per year. Planungsraum 09041403, cut out of 09041301 in 2019, is added to it again, so that all years
compare; the nameless row without inhabitants of 2009 is left out. Konstanz: totals of the Stadtteile.
"""

from __future__ import annotations

import gzip
import sys
from pathlib import Path

import pandas as pd

HERE = Path(__file__).parent / "data"
YEARS = range(2001, 2021)
#: Areas that exist in some years only → area they were cut out of.
CUT_OUT = {"09041403": "09041301"}
KONSTANZ = "bevoelkerung/nach_stadtteilen.csv"


def encode(published: Path, target: Path = HERE) -> None:
    """Write both tables."""
    berlin = pd.concat([berlin_year(published / "berlin_planungsraeume", y) for y in YEARS], axis=1)
    if berlin.isna().any(axis=None):
        raise ValueError(f"Gebiete fehlen in einzelnen Jahren: {berlin.index[berlin.isna().any(axis=1)].tolist()}")
    _write_gz(target / "berlin_planungsraeume.csv.gz", berlin.astype("int64").reset_index())
    konstanz = pd.read_csv(published / "konstanz" / KONSTANZ)
    (target / "konstanz_stadtteile.csv").write_text(konstanz.to_csv(sep=";", index=False), encoding="utf-8")


def berlin_year(folder: Path, year: int) -> pd.Series:
    """Persons by area and first age of the class."""
    raw = pd.read_csv(folder / f"EWR{year}12E_Matrix.csv", sep=";", dtype=str, encoding="latin-1")
    raw = raw[raw["RAUMID"].notna()]
    area = raw["RAUMID"].str.zfill(8).replace(CUT_OUT)
    classes = raw.filter(regex=r"^E_E\d\d_\d+$")
    persons = classes.apply(lambda c: c.str.removesuffix(",00").astype("int64")).groupby(area).sum()
    persons.columns = pd.Index([int(c[3:5]) for c in persons.columns], name="alter_von")
    long = persons.stack().rename(str(year))
    return long.rename_axis(["gebiet", "alter_von"])


def _write_gz(path: Path, frame: pd.DataFrame) -> None:
    text = frame.to_csv(index=False, sep=";", lineterminator="\n")
    # no file name and no time in the header: the same figures give the same bytes
    with path.open("wb") as raw, gzip.GzipFile("", "wb", 9, raw, mtime=0) as file:
        file.write(text.encode("utf-8"))


if __name__ == "__main__":
    encode(Path(sys.argv[1]))
