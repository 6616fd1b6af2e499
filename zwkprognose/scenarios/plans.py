"""Scenarios from tables that offices keep anyway: a building programme, target values, another forecast."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from zwkprognose.arithmetic import summed
from zwkprognose.errors import ScenarioError, system_words
from zwkprognose.scenarios.controls import Path as Course
from zwkprognose.scenarios.documents import kind_of
from zwkprognose.scenarios.scenario import Scenario

if TYPE_CHECKING:
    import xarray as xr

HOUSING_COLUMNS = ("name", "gebiet", "wohnungen", "von", "anteil_von_aussen")
HOUSING_OPTIONAL = ("bis", "typ", "personen_je_wohnung", "text")
_WHOLE = ("von", "bis")
_DECIMAL = ("wohnungen", "anteil_von_aussen", "personen_je_wohnung")


def housing_plan(path: str | Path, *, name: str = "wohnungsbau", title: str = "Wohnungsbau wie geplant") -> Scenario:
    """A scenario from a building programme.

    Parameters
    ----------
    path : path
        CSV with semicolons: ``name; gebiet; wohnungen; von; anteil_von_aussen`` and, if known, ``bis; typ;
        personen_je_wohnung; text``. One project a line, decimal comma.
    name, title : str
        Of the scenario.

    Raises
    ------
    ScenarioError
        If a column is missing or a value cannot be read; names the line.
    """
    rows = _rows(Path(path))
    missing = [c for c in HOUSING_COLUMNS if c not in (rows[0] if rows else {})]
    if missing:
        raise ScenarioError(
            f"{path}: Die Spalte „{missing[0]}“ fehlt.", remedy=f"Nötig sind {'; '.join(HOUSING_COLUMNS)}."
        )
    projects = [_project(row, line, Path(path)) for line, row in enumerate(rows, start=2)]
    return Scenario.from_document({"name": name, "titel": title, "erstbezug": projects})


def totals_of(
    projection: xr.Dataset, years: Sequence[int], *, name: str = "eckwerte", course: Course = "gleitend"
) -> Scenario:
    """A scenario that holds the total of another forecast as Eckwert.

    Parameters
    ----------
    projection : xr.Dataset
        With ``population`` of one scenario; all areas together give the total.
    years : sequence of int
        31.12. of these years.
    course : {"gleitend", "stufe"}
        Whether the population goes to them in a straight line from the base year on, or the single years are met.

    Raises
    ------
    ScenarioError
        If there are several scenarios, or a year is not in the projection.
    """
    whole = summed(_single(projection), ["area", "nationality", "sex", "age"])
    values = {str(year): float(whole.sel(year_end=year)) for year in _of_these(years, whole["year_end"])}
    title = "Gesamtzahl nach einer anderen Vorausberechnung"
    return Scenario.from_document({"name": name, "titel": title, "eckwert": [{"personen": values, "verlauf": course}]})


def _single(projection: xr.Dataset) -> xr.DataArray:
    """The stocks of the only scenario of a projection."""
    people = getattr(projection, "data_vars", {}).get("population")
    if people is None:
        raise ScenarioError(
            f"Hier ist eine Vorausberechnung nötig, nicht {kind_of(projection)}.",
            remedy="Das Ergebnis von project(…) angeben.",
        )
    if people.sizes.get("scenario", 1) > 1:
        names = ", ".join(f"„{name}“" for name in people["scenario"].values.tolist())
        raise ScenarioError(
            f"Die Vorausberechnung enthält mehrere Szenarien: {names}.",
            remedy="Eines davon wählen: projection.sel(scenario=…).",
        )
    return people.isel(scenario=0, drop=True) if "scenario" in people.dims else people


def _of_these(years: Any, there: xr.DataArray) -> list[int]:
    """Years that are all among those of a projection."""
    known = [int(year) for year in there.values.tolist()]
    several = isinstance(years, Iterable) and not isinstance(years, str)
    wrong = [year for year in years if year not in known] if several else [years]
    if wrong:
        raise ScenarioError(
            f"Einen Bestand am 31.12. des Jahres {kind_of(wrong[0])} enthält die Vorausberechnung nicht."
            if several else f"Hier muss eine Liste von Jahren stehen, nicht {kind_of(years)}.",
            remedy=f"Jahre von {known[0]} bis {known[-1]} nennen, zum Beispiel [{known[-1]}].",
        )  # fmt: skip
    return [int(year) for year in years]


def _rows(path: Path) -> list[dict[str, str]]:
    import csv

    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file, delimiter=";"))
    except OSError as error:
        raise ScenarioError(
            f"{path} lässt sich nicht lesen: {system_words(error)}.", remedy="Den Pfad prüfen."
        ) from None
    except UnicodeDecodeError as error:
        raise ScenarioError(
            f"{path} ist nicht in UTF-8 gespeichert (Byte {error.start}).",
            remedy="Die Datei im Editor mit der Kodierung UTF-8 speichern.",
        ) from None


def _project(row: dict[str, str], line: int, path: Path) -> dict[str, Any]:
    """Values of one line in the types of the document."""
    unknown = [key for key in row if key not in (*HOUSING_COLUMNS, *HOUSING_OPTIONAL)]
    if unknown:
        raise ScenarioError(f"{path}, Zeile {line}: Die Spalte „{unknown[0]}“ ist unbekannt.", remedy="Sie löschen.")
    filled = {key: text.strip() for key, text in row.items() if text and text.strip()}
    try:
        return {key: _value(key, text) for key, text in filled.items()}
    except ValueError:
        raise ScenarioError(
            f"{path}, Zeile {line}: Eine Zahl lässt sich nicht lesen: {'; '.join(filled.values())}",
            remedy="Jahre als ganze Zahl, Anteile mit Dezimalkomma zwischen 0 und 1 angeben.",
        ) from None


def _value(key: str, text: str) -> Any:
    if key in _WHOLE:
        return int(text)
    return float(text.replace(".", "").replace(",", ".")) if key in _DECIMAL else text
