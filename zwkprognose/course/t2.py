"""Tasks of T2, a messy table of one's own: from a workbook as offices keep it to a checked stock."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import xarray as xr

from zwkprognose.course.answers import Task
from zwkprognose.course.town import town
from zwkprognose.course.workbooks import GROUPS, messy_workbook
from zwkprognose.inputs import build_inputs
from zwkprognose.tables import Table, read_table, resolve_status

_YEAR, _CAMPUS = 2023, "03"


@cache
def _table() -> Table:
    with TemporaryDirectory() as folder:
        return read_table(messy_workbook(Path(folder) / "einwohner_2023.xlsx"))


@cache
def _inputs() -> xr.Dataset:
    return build_inputs(resolve_status(_table(), hidden="midpoint", largest_hidden=2))


def _printed() -> float:
    return float(_table().cells["value"].sum())


def _hidden() -> int:
    return int((_table().cells["status"] == "hidden").sum())


def _truth() -> float:
    return float(town().inputs["population"].sel(year_end=_YEAR).sum())


def _campus(first: int, last: int, area: str | None = _CAMPUS) -> float:
    people = _inputs()["population"].sel(year_end=_YEAR, age=slice(first, last))
    return float((people if area is None else people.sel(area=area)).sum())


TASKS = {
    "T2.1": Task(
        lambda: float(_table().cells["area"].nunique()),
        "Im Satz von understood steht die Zahl der Gebiete.",
        (
            (lambda: float(len(_table().cells)), "Das sind Zellen. Jedes Quartier hat viele davon."),
            (
                lambda: float(_table().cells["area"].nunique() * len(GROUPS)),
                "Das sind Zeilen des Blatts: Je Quartier steht dort eine für jede Altersgruppe.",
            ),
        ),
        within=0,
    ),
    "T2.2": Task(
        lambda: float(_hidden()),
        "Die Übersicht value_counts() zählt die Zellen nach dem, was in ihnen steht.",
        (
            (
                lambda: float(len(_table().cells) - _hidden()),
                "Das sind die Zellen mit einer Zahl. Gefragt sind die anderen.",
            ),
        ),
        within=0,
    ),
    "T2.3": Task(
        lambda: "T13",
        "In der Übersicht der Befunde die Zeile mit der Art „Warnung“ suchen und das Kürzel ihrer Regel angeben.",
        ((lambda: "T17", "T17 ist ein Hinweis, keine Warnung."),),
    ),
    "T2.4": Task(
        lambda: _printed() + 1.5 * _hidden(),
        "Jede geheime Zahl ist 1 oder 2, in der Mitte also 1,5; dazu kommen alle gedruckten Zahlen.",
        (
            (_printed, "Das ist die Summe, wenn die geheimen Zellen null wären."),
            (lambda: _printed() + _hidden(), "Das wäre richtig, wenn jede geheime Zahl eine Eins wäre."),
            (lambda: _printed() + 2 * _hidden(), "Das wäre richtig, wenn jede geheime Zahl eine Zwei wäre."),
        ),
        within=0.1,
    ),
    "T2.5": Task(
        lambda: _truth() - _printed(),
        "Alle Personen am 31.12.2023, wie load_example sie kennt, minus die Summe der gedruckten Zahlen.",
        (
            (lambda: 1.5 * _hidden(), "Das ist die Schätzung. Gefragt ist, wie viele es wirklich sind."),
            (_truth, "Das sind alle Personen. Gefragt sind nur die geheim gehaltenen."),
        ),
        within=0.1,
    ),
    "T2.6": Task(
        lambda: _campus(0, 2),
        "Alter 0, 1 und 2 im Campus (Schlüssel 03) aus den Eingaben addieren: age=slice(0, 2).",
        (
            (lambda: _campus(0, 3), "slice(0, 3) nimmt auch das Alter 3 mit; beide Enden gehören dazu."),
            (lambda: _campus(0, 2, None), "Das ist die ganze Stadt. Gefragt ist der Campus."),
            (lambda: _campus(0, 0), "Das sind nur die Kinder unter einem Jahr."),
        ),
    ),
}
