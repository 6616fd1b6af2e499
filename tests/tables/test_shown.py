"""Tables and findings in a notebook: what they hold, in German, and no text that a browser would run."""

from __future__ import annotations

import re
from dataclasses import replace

import pandas as pd
import pytest

from zwkprognose.errors import TableError
from zwkprognose.examples import example_tables
from zwkprognose.tables import Findings


def test_a_table_shows_its_source_its_extent_and_its_first_rows() -> None:
    table = example_tables("berlin")[0]
    shown = table._repr_html_()
    assert "94 Gebiete, 2011 bis 2020" in shown
    assert "Amt für Statistik Berlin-Brandenburg" in shown
    first = table.cells.iloc[0]
    assert f"<td>{first['area']}</td><td>{first['area_name']}</td>" in shown
    assert len(re.findall("<tr>", shown)) == 1 + 8


def test_marks_in_the_place_of_numbers_are_counted() -> None:
    table = example_tables("berlin")[0]
    cells = table.cells.copy()
    cells.loc[:2, "status"], cells.loc[:2, "value"] = "hidden", float("nan")
    assert "; 3 unbekannt oder geheim" in table.with_cells(cells)._repr_html_()


def test_findings_show_errors_first_with_what_to_do() -> None:
    rows = [
        {"rule": "T17", "severity": "info", "message": "Klein.", "remedy": ""},
        {"rule": "T01", "severity": "error", "message": "Doppelt.", "remedy": "Eine Zelle streichen."},
    ]
    shown = Findings.of(rows)._repr_html_()
    assert shown.index("Doppelt.") < shown.index("Klein.")
    assert "<td>Eine Zelle streichen.</td>" in shown
    assert "Keine Befunde" in Findings.of([])._repr_html_()


@pytest.mark.parametrize(("rows", "more"), [(8, None), (9, "… und 1 weitere Zelle"), (10, "… und 2 weitere Zellen")])
def test_cells_that_are_not_shown_are_counted(rows: int, more: str | None) -> None:
    table = example_tables("berlin")[0]
    shown = table.with_cells(table.cells.iloc[:rows])._repr_html_()
    assert len(re.findall("<tr>", shown)) == 1 + 8
    assert re.findall("… und [^<]*", shown) == [more] * (more is not None)


def errors(count: int) -> Findings:
    return Findings.of([{"rule": "T01", "severity": "error", "message": f"Nr. {k}."} for k in range(count)])


@pytest.mark.parametrize(("count", "more"), [(100, None), (101, "… und 1 weitere"), (102, "… und 2 weitere")])
def test_findings_that_are_not_shown_are_counted(count: int, more: str | None) -> None:
    shown = errors(count)._repr_html_()
    assert re.findall("… und [^<]*", shown) == [more] * (more is not None)
    assert ("Nr. 100." in shown, "Nr. 99." in shown) == (False, True)


@pytest.mark.parametrize(("count", "more"), [(3, []), (4, ["  – … und 1 weitere"]), (5, ["  – … und 2 weitere"])])
def test_a_summary_counts_what_it_leaves_out(count: int, more: list[str]) -> None:
    lines = errors(count).summary(shown=3).splitlines()
    assert [line for line in lines if "Nr." in line] == [f"  – Nr. {k}." for k in range(3)]
    assert [line for line in lines if "weitere" in line] == more


def test_texts_of_files_are_escaped() -> None:
    table = example_tables("berlin")[0]
    sly = replace(table.source, title="<script>alert(1)</script>")
    assert "<script>" not in table.with_cells(table.cells.assign(area_name="<b>"), sly)._repr_html_()
    findings = Findings.of([{"rule": "T01", "severity": "error", "message": "<img src=x>"}])
    assert "<img" not in findings._repr_html_()


@pytest.mark.parametrize("given", ["befunde.csv", None, pd.DataFrame({"a": [1]})])
def test_findings_are_made_of_findings(given: object) -> None:
    with pytest.raises(TableError, match="Befunde sind eine Tabelle"):
        Findings(given)  # type: ignore[arg-type]
