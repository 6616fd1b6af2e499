"""Re-encode the published national tables into the package: ``python -m zwkprognose.national.encode FOLDER``.

FOLDER holds the original exports of GENESIS tables 12621-0001 (death probabilities) and 12612-0008
(births per 1,000 women by age). Figures are copied as printed, signs included; only the layout changes.
"""

from __future__ import annotations

import csv
import re
import sys
from collections.abc import Iterator
from pathlib import Path

DEATH_PROB_FILE = "12621-0001_qx_1991-93_bis_2022-24.csv"
FERTILITY_FILE = "12612-0008_raw.csv"
SEXES = {"männlich": "male", "weiblich": "female"}
HERE = Path(__file__).parent / "data"


def encode(source: Path, target: Path) -> None:
    """Write ``death_prob.csv`` and ``fertility_rate.csv`` into ``target``."""
    _write(target / "death_prob.csv", _wide(_death_probs(source / DEATH_PROB_FILE), ("sex", "age")))
    _write(target / "fertility_rate.csv", _wide(_fertility_rates(source / FERTILITY_FILE), ("age",)))


def _death_probs(path: Path) -> Iterator[tuple[str, tuple[str, ...], str]]:
    """(period, (sex, age), printed value) from blocks headed by the period and, on its first row, the sex."""
    period = sex = ""
    for cells in _rows(path):
        if re.fullmatch(r"\d{4}/\d{2}", cells[0]):
            period = cells[0]
        sex = SEXES.get(cells[0], sex)
        age = re.match(r"(\d+) Jahr", cells[1]) if period and len(cells) > 2 else None
        if age:
            yield period, (sex, age[1]), cells[2].replace(",", ".")


def _fertility_rates(path: Path) -> Iterator[tuple[str, tuple[str, ...], str]]:
    """(year, (age,), printed births per 1,000 women); a quality column follows every year."""
    years: list[str] = []
    for cells in _rows(path):
        if re.fullmatch(r"\d{4}", cells[1] if len(cells) > 1 else ""):
            years = cells[1::2]
        age = re.match(r"(\d+) years", cells[0])
        if age and years:
            yield from ((year, (age[1],), value) for year, value in zip(years, cells[1::2], strict=False))


def _rows(path: Path) -> Iterator[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        yield from (row for row in csv.reader(file, delimiter=";") if row)


def _wide(cells: Iterator[tuple[str, tuple[str, ...], str]], keys: tuple[str, ...]) -> list[list[str]]:
    """One row per key, one column per period, as printed."""
    rows: dict[tuple[str, ...], dict[str, str]] = {}
    periods: dict[str, None] = {}
    for period, key, value in cells:
        periods[period] = None
        rows.setdefault(key, {})[period] = value
    return [[*keys, *periods], *([*key, *(row[p] for p in periods)] for key, row in rows.items())]


def _write(path: Path, rows: list[list[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=";", lineterminator="\n").writerows(rows)


if __name__ == "__main__":
    encode(Path(sys.argv[1]), HERE)
