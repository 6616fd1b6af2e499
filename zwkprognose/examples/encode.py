"""Re-encode the published originals into the bundled examples: ``python -m zwkprognose.examples.encode FOLDER``.

FOLDER holds ``berlin_ortsteile/``, ``bremen/``, ``konstanz/`` and ``geometrie/`` with the publishers' files. Figures
are copied, only the layout changes; running the script again gives the same bytes. One exception is stated in
:func:`_borsigwalde`.
"""

from __future__ import annotations

import gzip
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from zwkprognose.tables import Table, concat_tables, read_table

if TYPE_CHECKING:
    import pandas as pd

HERE = Path(__file__).parent / "data"
SEX = {"male": "m", "female": "w"}
NATIONALITY = {"german": "D", "foreign": "A"}
EVENT = {"births": "geburten", "deaths": "sterbefaelle", "in_moves": "zuzuege", "out_moves": "fortzuege"}
BREMERHAVEN_YEARS = (1980, 1990, 2000, 2010, 2020, 2021, 2022, 2023)
#: Years in which the pyramids of Konstanz count main residences only, without a gap.
KONSTANZ_YEARS = range(2010, 2026)
KONSTANZ_OPEN_AGE = 100
#: Berlin's area 1210: named "Wittenau und Borsigwalde" in the source; by its counts it is these two.
JOINED, JOINED_NAME = "1210", "Märkisches Viertel und Borsigwalde"


def encode(source: Path, target: Path) -> None:
    """Write all bundled tables into ``target``."""
    _write(target / "berlin_bestand.csv.gz", _stock(_berlin(source / "berlin_ortsteile")))
    _write_outlines(source / "geometrie" / "berlin_ortsteile_94.geojson", target / "berlin_ortsteile.geojson")
    _write(target / "bremerhaven_bestand.csv.gz", _stock(_bremerhaven(source / "bremen")))
    konstanz = source / "konstanz" / "bevoelkerung"
    _write(target / "konstanz_bestand.csv.gz", _stock(_konstanz_stock(konstanz)))
    _write(target / "konstanz_ereignisse.csv.gz", _events(_konstanz_events(konstanz).cells))


def _berlin(folder: Path) -> pd.DataFrame:
    """Berlin's Ortsteile with one border for all years; key 1210 gets the name of what it counts."""
    cells = read_table(folder / "ortsteile_94_alter5_geschlecht_nationalitaet.csv").cells
    cells = _borsigwalde(cells, _original_2014(folder / "EWR_Ortsteile_2014-12-31.csv"))
    return cells.assign(area_name=cells["area_name"].mask(cells["area"] == JOINED, JOINED_NAME))


def _borsigwalde(cells: pd.DataFrame, original: pd.DataFrame) -> pd.DataFrame:
    """Move Borsigwalde in 2011 from Wittenau to the area that counts it in the other years.

    Borsigwalde became an Ortsteil of its own in 2012. From 2014 on the source counts it with the Märkisches
    Viertel (1210), in 2011 with Wittenau (1209): a break of 6,300 persons that would pass for migration. Its
    share of the two in 2014, cell by cell (sex, nationality, age group), is taken out of Wittenau in 2011.
    """
    import pandas as pd

    keys = list(original.index.names)
    both = original["1209"] + original["1211"]
    share = (original["1211"] / both).where(both > 0, 0.0)  # where nobody lives, nobody moves
    wittenau = cells[(cells["year"] == 2011) & (cells["area"] == "1209")].set_index(keys)["value"]
    moved = (wittenau * share.loc[wittenau.index]).round()
    changes = pd.concat({"1209": -moved, JOINED: moved}, names=["area"]).rename("change").reset_index()
    joined = cells.merge(changes.assign(year=2011), on=["year", "area", *keys], how="left")
    return joined.assign(value=joined["value"] + joined["change"].where(joined["change"].notna(), 0.0))


def _original_2014(path: Path) -> pd.DataFrame:
    """Persons by sex, nationality and age group (rows) and area (columns) in the publisher's file of 2014."""
    cells = read_table(path).cells
    return cells.pivot(index=["sex", "nationality", "age_from"], columns="area", values="value")


def _write_outlines(source: Path, target: Path) -> None:
    """The outlines with repaired umlauts (the file is UTF-8 that was encoded twice) and the name of 1210."""
    outlines = json.loads(source.read_text(encoding="utf-8"))
    for feature in outlines["features"]:
        properties = feature["properties"]
        repaired = {key: text.encode("latin-1").decode("utf-8") for key, text in properties.items()}
        feature["properties"] = repaired | ({"name": JOINED_NAME} if repaired["area"] == JOINED else {})
    target.write_text(json.dumps(outlines, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")


def _bremerhaven(folder: Path) -> pd.DataFrame:
    """Bremerhaven is the Land Bremen less the Stadt Bremen; the row itself is printed since 2022 only."""
    cells = read_table([folder / f"12411-03-03-{year}.csv" for year in BREMERHAVEN_YEARS]).cells
    keys = ["year", "sex", "nationality", "age_from", "age_to"]
    land, town = (
        cells[cells["area"] == key].set_index(keys)["value"].sort_index() for key in ("04", "04011")
    )
    rest = (land - town).rename("value").reset_index()
    parts = rest[(rest["sex"] != "total") & (rest["nationality"] != "total")]
    parts = parts[~((parts["age_from"] == 0) & parts["age_to"].isna())]
    return parts.assign(area="04012", area_name="Bremerhaven")


def _konstanz_stock(folder: Path) -> pd.DataFrame:
    """Pyramids up to 99 years, 100 and over together."""
    files = [folder / "pyramiden" / f"pyramide_{year}.csv" for year in KONSTANZ_YEARS]
    cells = read_table(files).cells
    cells = cells.assign(age_from=cells["age_from"].mask(cells["age_from"] > KONSTANZ_OPEN_AGE, KONSTANZ_OPEN_AGE))
    keys = ["area", "area_name", "year", "sex", "nationality", "age_from"]
    counts = cells.groupby(keys, as_index=False)["value"].sum()
    upper = (counts["age_from"] + 1).mask(counts["age_from"] == KONSTANZ_OPEN_AGE)
    return counts.assign(age_to=upper)


def _konstanz_events(folder: Path) -> Table:
    return concat_tables([read_table(folder / f"{name}.csv") for name in ("natuerliche_entwicklung", "zu_und_wegzug")])


def _stock(cells: pd.DataFrame) -> pd.DataFrame:
    """The tidy form of a stock; the last age of a group is printed, not the first of the next."""
    groups = {"geschlecht": cells["sex"].map(SEX), "staatsangehoerigkeit": cells["nationality"].map(NATIONALITY)}
    ages = {"alter_von": cells["age_from"], "alter_bis": cells["age_to"] - 1}
    frame = _tidy(cells, {**groups, **ages})
    return frame.sort_values(list(frame.columns[:6]), ignore_index=True)


def _events(cells: pd.DataFrame) -> pd.DataFrame:
    frame = _tidy(cells, {"ereignis": cells["variable"].map(EVENT)})
    return frame.sort_values(["jahr", "ereignis"], ignore_index=True)


def _tidy(cells: pd.DataFrame, groups: dict[str, pd.Series]) -> pd.DataFrame:
    import pandas as pd

    areas = {"jahr": cells["year"], "gebiet": cells["area"], "name": cells["area_name"]}
    return pd.DataFrame({**areas, **groups, "anzahl": cells["value"].astype("int64")})


def _write(path: Path, frame: pd.DataFrame) -> None:
    text = frame.to_csv(index=False, sep=";", lineterminator="\n")
    # no file name and no time in the header: the same figures give the same bytes
    with path.open("wb") as raw, gzip.GzipFile("", "wb", 9, raw, mtime=0) as file:
        file.write(text.encode("utf-8"))


def main(arguments: Sequence[str]) -> None:
    """Encode the folder named on the command line into the package."""
    encode(Path(arguments[0]), HERE)


if __name__ == "__main__":
    main(sys.argv[1:])
