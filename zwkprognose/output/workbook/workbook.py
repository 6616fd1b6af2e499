"""The workbook: Hinweise first, then tables for people, then the long data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import xarray as xr

from zwkprognose.german import number
from zwkprognose.output.content.goals import goal_table
from zwkprognose.output.content.households import HouseholdPlan, Households
from zwkprognose.output.content.material import Material, gather
from zwkprognose.output.content.numbers import Numbers
from zwkprognose.output.content.services import Need, Service
from zwkprognose.output.content.spans import CITY, Spans, fan_of
from zwkprognose.output.files.atomic import whole_file, write_error
from zwkprognose.output.files.endings import require_ending
from zwkprognose.output.files.extras import require
from zwkprognose.output.tables.cross import (
    CrossTable,
    age_structure,
    area_ages,
    area_components,
    area_nationalities,
    area_overview,
    components,
    named_once,
    population_by_scenario,
)
from zwkprognose.output.tables.households import alone_table, dwelling_table, household_table, size_table
from zwkprognose.output.tables.needs import need_table
from zwkprognose.output.tables.ranges import age_spans, total_spans
from zwkprognose.output.tables.ratios import area_ratios
from zwkprognose.output.workbook import data, picker
from zwkprognose.output.workbook.book import Book, sheet_name, sheet_of
from zwkprognose.output.workbook.sheets import with_limits, write_chart, write_notes, write_table
from zwkprognose.output.workbook.tables import OPTIONS

if TYPE_CHECKING:
    import pandas as pd


def write_excel(
    projection: xr.Dataset,
    path: str | Path,
    *,
    inputs: xr.Dataset | None = None,
    internal: bool = False,
    services: Sequence[Service] = (),
    districts: Mapping[str, str] | None = None,
    milestones: pd.DataFrame | None = None,
    households: HouseholdPlan | None = None,
) -> Path:
    """Write the workbook of a projection.

    Sheets: *Hinweise* (source, Stichtag, method, scenarios, signs), *Gebietsprofil* (an area to choose, with charts),
    *Stadt*, *Altersgruppen*, *Komponenten*, the same by area, *Spannen* that past errors allow, *Bedarf*, and *Daten*
    as one long table. Every text is a text, never a formula; formulas stand in *Gebietsprofil* only.

    Parameters
    ----------
    projection : xr.Dataset
        Result of the engine.
    path : path
        Target ``.xlsx``; an older file is replaced only when the new one is complete.
    inputs : xr.Dataset, optional
        For the sources, if the projection does not carry them, and for the limits.
    internal : bool
        True: no protection of small numbers. For use inside the statistics office only.
    services : sequence of Service
        Services whose demand is shown; one sheet each.
    districts : mapping of area key to district, optional
        Adds sheets of the districts; areas are protected so that the districts do not give them away.
    milestones : pandas.DataFrame, optional
        Answers of :func:`zwkprognose.evaluation.evaluate_milestones`; one sheet.
    households : HouseholdPlan, optional
        Quotas of households, known households and dwellings.

    Raises
    ------
    OutputError
        If the file cannot be written, or its name does not end in ``.xlsx``.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import mkdtemp
    >>> from zwkprognose import estimate_rates, load_example, project
    >>> inputs = load_example("bremerhaven")
    >>> projection = project(inputs, estimate_rates(inputs), until=2026)
    >>> write_excel(projection, Path(mkdtemp()) / "prognose.xlsx", inputs=inputs).name
    'prognose.xlsx'
    """
    require("xlsxwriter", extra="excel")
    require_ending(path, ".xlsx")
    material = gather(projection, inputs, internal=internal, services=services, districts=districts,
                      milestones=milestones, households=households)  # fmt: skip
    return fill_workbook(material, path)


def fill_workbook(material: Material, path: str | Path) -> Path:
    """Write the workbook of what is gathered already."""
    with whole_file(path) as temporary:
        _fill(temporary, material)
    return Path(path)


def _fill(path: Path, material: Material) -> None:
    """Write all sheets to ``path``."""
    import xlsxwriter
    from xlsxwriter.exceptions import XlsxWriterException

    workbook, facts, numbers = xlsxwriter.Workbook(str(path), OPTIONS), material.facts, material.numbers
    workbook.set_properties({"title": facts.title, "comments": facts.source_line, "keywords": "Bevölkerungsprognose"})
    book, tables = Book(workbook, facts), _all_tables(material)
    contents = [(sheet, table.title) for sheet, table in tables.items()]
    chosen = picker.has_picker(numbers)
    if chosen:
        contents = [(picker.NAME, f"{facts.kind.plural} zum Auswählen: Zeitreihe, Szenarien, Altersaufbau"), *contents]
    long = [(data.NAME, data.TITLE)] if data.has_data(numbers) else []
    extra = [*long, *([(picker.DATA, picker.DATA_TITLE)] if chosen else [])]
    write_notes(book, material.notes, [*contents, *extra], _left_out(numbers))
    if chosen:
        picker.write_picker(book, numbers)
    for sheet, table in tables.items():
        write_table(book, sheet, table)
    whole = facts.regions.whole.singular
    write_chart(book, whole, tables[whole], numbers.main)
    if long:
        data.write_data(book, numbers)
    if chosen:
        picker.write_picker_data(book, numbers)
    try:
        workbook.close()
    except XlsxWriterException as error:
        raise write_error(path, _cause(error)) from error


def _left_out(numbers: Numbers) -> list[str]:
    """What a workbook of many areas does not hold, and where it stands."""
    said = []
    if not data.has_data(numbers):
        said.append("Die lange Tabelle aller Szenarien und Jahre steht in der CSV-Datei; hier wäre sie zu groß.")
    if len(numbers.facts.areas) > picker.LARGEST:
        many, most = numbers.facts.kind.plural, number(picker.LARGEST)
        said.append(
            f"Das Blatt „{picker.NAME}“ zum Auswählen fehlt; es fasst höchstens {most} {many}. Jahre und Altersgruppen "
            f"aller {many} stehen in der CSV-Datei."
        )
    return said




def _all_tables(material: Material) -> dict[str, CrossTable]:
    """Every sheet in its order."""
    numbers, facts = material.numbers, material.facts
    limits = _span_tables(numbers, material.spans)
    if material.districts is not None and material.spans.districts is not None:
        larger = _span_tables(material.districts, material.spans.districts, f" {facts.regions.district.plural}")
        limits |= {sheet: named_once(table) for sheet, table in larger.items()}
    goals = {} if material.goals is None else {"Meilensteine": goal_table(material.goals)}
    needs = _need_tables(numbers, material.needs)
    households = {} if material.households is None else _household_tables(numbers, material.households)
    whole = facts.regions.whole.singular
    tables = _tables(numbers)
    tables[whole] = with_limits(tables[whole], fan_of(material.spans, CITY))
    return tables | _district_tables(material.districts) | limits | needs | households | goals


def _household_tables(numbers: Numbers, found: Households) -> dict[str, CrossTable]:
    """Sheets of the households: the whole, its parts, who lives alone, dwellings."""
    dwellings = dwelling_table(numbers, found)
    return {
        "Haushalte": size_table(numbers, found),
        sheet_of("Haushalte", numbers.facts.unit[1]): household_table(numbers, found),
        "Alleinlebende": alone_table(numbers, found),
        **({} if dwellings is None else {"Wohnungen": dwellings}),
    }


def _tables(numbers: Numbers) -> dict[str, CrossTable]:
    city = {
        numbers.facts.regions.whole.singular: population_by_scenario(numbers),
        "Altersgruppen": age_structure(numbers),
        "Komponenten": components(numbers),
    }
    groups = {"Staatsangehörigkeit": area_nationalities(numbers)} if len(numbers.nationalities) > 1 else {}
    return city | _area_tables(numbers) | groups


def _area_tables(numbers: Numbers) -> dict[str, CrossTable]:
    """Sheets with one row per area, or per district."""
    name = numbers.facts.unit[1]
    ratios = area_ratios(numbers)
    return {
        sheet_name(name, []): area_overview(numbers),
        sheet_of("Altersgruppen", name): area_ages(numbers),
        sheet_of("Komponenten", name): area_components(numbers),
        **({} if ratios is None else {sheet_of("Kennzahlen", name): ratios}),
    }


def _district_tables(numbers: Numbers | None) -> dict[str, CrossTable]:
    """The same with one row per district."""
    return {} if numbers is None else {sheet: named_once(table) for sheet, table in _area_tables(numbers).items()}


def _span_tables(numbers: Numbers, spans: Spans, of: str = "") -> dict[str, CrossTable]:
    """Sheets of the limits that are known; ``of`` ends their names."""
    found = {f"Spannen{of}": total_spans(numbers, spans), f"Spannen Alter{of or 'sgruppen'}": age_spans(numbers, spans)}
    return {sheet_name(sheet, []): table for sheet, table in found.items() if table is not None}


def _need_tables(numbers: Numbers, needs: Sequence[Need]) -> dict[str, CrossTable]:
    """One sheet per service."""
    found: dict[str, CrossTable] = {}
    for need in needs:
        found[sheet_name(f"Bedarf {need.title}", found)] = need_table(numbers, need)
    return found


def _cause(error: Any) -> OSError:
    """The refusal of the system behind an error of the workbook."""
    cause = error.args[0] if error.args else error
    return cause if isinstance(cause, OSError) else OSError(str(error))
