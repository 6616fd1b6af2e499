"""One area at a time: chosen from a list, with its time line and its pyramid as charts of the workbook itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from zwkprognose.german import HIDDEN
from zwkprognose.output.content.numbers import Numbers
from zwkprognose.output.figures.colours import colour
from zwkprognose.output.tables.cross import milestones
from zwkprognose.output.workbook.book import AXIS, BLUE, CHOICE, COUNT, GREY, GRID, TOP, YEAR, Book, subtitle
from zwkprognose.output.workbook.rows import Column
from zwkprognose.output.workbook.sheets import LINES

NAME, DATA = "Gebietsprofil", "Profildaten"
DATA_TITLE = "Grundlage des Gebietsprofils: Bevölkerung und Altersaufbau je Szenario"
#: Years of age over which the open band is drawn.
_OPEN_WIDTH = 5
#: Largest number of areas that the sheet holds.
LARGEST = 1500
#: Cells of the choice (row, column).
_AREA, _SCENARIO, _YEAR = (TOP, 1), (TOP + 1, 1), (TOP + 2, 1)
_LINES_TOP = TOP + 5
MEN, WOMEN, BASE = colour("blue"), colour("red"), colour("black")


@dataclass(frozen=True, slots=True)
class _Layout:
    """Where the numbers of an area stand: a block of rows per scenario, a block of columns per year of the ages."""

    numbers: Numbers
    years: tuple[int, ...]

    @property
    def areas(self) -> int:
        return len(self.numbers.facts.areas)

    @property
    def bands(self) -> int:
        return len(self.numbers.bands)

    @property
    def ages_column(self) -> int:
        """First column of the table of ages, one beside the scenarios."""
        return len(self.numbers.facts.scenarios) + 2

    def totals(self, y: int) -> int:
        """Column of a total."""
        return 2 + y

    def ages(self, m: int, sex: int, band: int) -> int:
        """Column of an age band: ``m`` counts the years to choose from."""
        return 2 + len(self.numbers.years) + (m * 2 + sex) * self.bands + band

    def labels(self) -> list[str]:
        """What the list to choose from shows."""
        return [name if name == key else f"{name} ({key})" for key, name in self.numbers.facts.areas.items()]

    def row(self, scenario: int, area: int) -> int:
        return TOP + 1 + scenario * self.areas + area


def has_picker(numbers: Numbers) -> bool:
    """Whether there are several areas, and not more than a list holds."""
    return 1 < len(numbers.facts.areas) <= LARGEST


def write_picker(book: Book, numbers: Numbers) -> None:
    """The sheet with the choice, the tables and the charts; its numbers come from :func:`write_picker_data`."""
    facts = numbers.facts
    layout = _Layout(numbers, milestones(facts.base_year, facts.target_year))
    sheet = book.sheet(NAME, f"{facts.kind.singular} auswählen: Bevölkerung und Altersaufbau", subtitle(facts))
    _write_choice(book, sheet, layout)
    _write_lines(book, sheet, layout)
    _line_chart(book, sheet, layout)
    if len(numbers.sexes) == 2:
        _write_ages(book, sheet, layout)
        _pyramid_chart(book, sheet, layout)
    sheet.set_column(0, 0, 18)
    sheet.set_column(1, 1, 26)
    sheet.set_column(2, layout.ages_column - 2, 15)
    sheet.set_column(layout.ages_column, layout.ages_column + 4, 12)


def write_picker_data(book: Book, numbers: Numbers) -> None:
    """One row per scenario and area: totals of all years, ages by sex of the years to choose from."""
    facts = numbers.facts
    layout = _Layout(numbers, milestones(facts.base_year, facts.target_year))
    sheet = book.sheet(DATA, DATA_TITLE, subtitle(facts))
    head = book.head()
    for column, title in enumerate((facts.kind.singular, "Szenario")):
        sheet.write_string(TOP, column, title, book.head(left=True))
    for y, year in enumerate(numbers.years.tolist()):
        sheet.write_number(TOP, layout.totals(y), year, book.head(year=True))
    sexes = ("Frauen", "Männer") if len(numbers.sexes) == 2 else ()
    for m, year in enumerate(layout.years):
        for sex, people in enumerate(sexes):
            for b, band in enumerate(numbers.bands):
                sheet.write_string(TOP, layout.ages(m, sex, b), f"{year} {people} {band.label}", head)
    at = [numbers.year(year) for year in layout.years]
    ages = numbers.by_age[:, at].transpose(0, 2, 1, 3, 4) if sexes else None
    rows: list[list[str | float]] = []
    for s, scenario in enumerate(facts.scenarios):
        for a, name in enumerate(layout.labels()):
            known = [] if ages is None else ages[s, a].ravel().tolist()
            rows.append([name, scenario.title, *numbers.total[s, :, a].tolist(), *known])
    looks = Column(number=book.look(num_format=COUNT), hidden=book.look(align="right"))
    sheet.write_rows(TOP + 1, rows, [looks] * len(rows[0]))
    sheet.set_column(0, 1, 28)
    sheet.freeze_panes(TOP + 1, 2)


def _write_choice(book: Book, sheet: Any, layout: _Layout) -> None:
    """Three cells with lists; they begin with the first area, the main scenario and the last year."""
    facts = layout.numbers.facts
    label = book.look(bold=True, font_color=BLUE)
    cell = book.look(bg_color=CHOICE, border=1, border_color=GREY, align="left")
    titles = [scenario.title for scenario in facts.scenarios]
    first = f"={DATA}!$A${layout.row(0, 0) + 1}:$A${layout.row(0, layout.areas - 1) + 1}"
    choices: list[tuple[str, tuple[int, int], Any, Any]] = [
        (facts.kind.singular, _AREA, layout.labels()[0], first),
        ("Szenario", _SCENARIO, facts.main.title, _list_of(titles, _LINES_TOP)),
        ("Jahr", _YEAR, layout.years[-1], list(map(str, layout.years))),
    ]
    for text, (row, column), value, source in choices:
        sheet.write_string(row, 0, text, label)
        if isinstance(value, str):
            sheet.write_string(row, column, value, cell)
        else:
            sheet.write_number(
                row, column, value, book.look(bg_color=CHOICE, border=1, border_color=GREY, align="left")
            )
        sheet.data_validation(
            row, column, row, column,
            {
                "validate": "list", "source": source, "error_title": "Auswahl", "input_title": text,
                "input_message": "Aus der Liste wählen; Tabellen und Diagramme folgen.",
                "error_message": "Bitte einen Eintrag der Liste wählen.",
            },
        )  # fmt: skip


def _list_of(titles: Sequence[str], top: int) -> str:
    """The heads of the time line are the list of the scenarios; a text of them could be too long for Excel."""
    return f"={NAME}!$B${top + 1}:${_letter(len(titles))}${top + 1}"


def _letter(column: int) -> str:
    from xlsxwriter.utility import xl_col_to_name

    return str(xl_col_to_name(column))


def _position(layout: _Layout, scenario: str) -> str:
    """Formula of the row within the block of data: the area's place, after the blocks of other scenarios."""
    first, last = layout.row(0, 0) + 1, layout.row(0, layout.areas - 1) + 1
    return f"({scenario}-1)*{layout.areas}+MATCH($B${_AREA[0] + 1},{DATA}!$A${first}:$A${last},0)"


def _column(layout: _Layout, column: int) -> str:
    """The cells of one column of the data."""
    last = layout.row(len(layout.numbers.facts.scenarios) - 1, layout.areas - 1) + 1
    return f"{DATA}!${_letter(column)}${layout.row(0, 0) + 1}:${_letter(column)}${last}"


def _write_lines(book: Book, sheet: Any, layout: _Layout) -> None:
    """Population of the chosen area in every year, scenarios side by side."""
    numbers, count = layout.numbers, book.look(num_format=COUNT)
    sheet.write_string(_LINES_TOP - 1, 0, "Bevölkerung am 31.12. nach Szenarien", book.look(bold=True, font_color=BLUE))
    sheet.write_string(_LINES_TOP, 0, "Stichtag 31.12.", book.head(left=True))
    for s, scenario in enumerate(numbers.facts.scenarios):
        sheet.write_string(_LINES_TOP, 1 + s, scenario.title, book.head())
    sheet.set_row(_LINES_TOP, 34)
    for y, year in enumerate(numbers.years.tolist()):
        row = _LINES_TOP + 1 + y
        sheet.write_number(row, 0, year, book.look(num_format=YEAR, align="left"))
        for s in range(len(numbers.facts.scenarios)):
            formula = f"=INDEX({_column(layout, layout.totals(y))},{_position(layout, str(s + 1))})"
            sheet.write_formula(row, 1 + s, formula, count, _shown(numbers.total[s, y, 0]))


def _shown(value: float) -> Any:
    """What a cell shows before anybody recalculates."""
    return value if value == value else HIDDEN


def _line_chart(book: Book, sheet: Any, layout: _Layout) -> None:
    numbers = layout.numbers
    chart = book.workbook.add_chart({"type": "line"})
    top, last = _LINES_TOP + 1, _LINES_TOP + len(numbers.years)
    for k in range(len(numbers.facts.scenarios)):
        color, dash, width = LINES[0 if k == numbers.main else 1 + (k if k < numbers.main else k - 1) % 4]
        chart.add_series(
            {
                "name": [NAME, _LINES_TOP, 1 + k],
                "categories": [NAME, top, 0, last, 0],
                "values": [NAME, top, 1 + k, last, 1 + k],
                "line": {"color": color, "width": width, "dash_type": dash},
            }
        )
    chart.set_title({"name": f"={NAME}!$B${_AREA[0] + 1}", "name_font": {"size": 12}})
    chart.set_y_axis({"num_format": AXIS, "major_gridlines": {"visible": True, "line": {"color": GRID}}})
    chart.set_x_axis({"interval_unit": 5})
    chart.set_legend({"position": "bottom"})
    chart.set_size({"width": 760, "height": 380})
    alt = "Linien der Bevölkerung der Auswahl nach Szenarien; die Werte stehen in der Tabelle darüber."
    sheet.insert_chart(last + 2, 0, chart, {"description": alt})


def _write_ages(book: Book, sheet: Any, layout: _Layout) -> None:
    """Persons per year of age of the chosen year and scenario and of the base year; men are negative."""
    numbers, left = layout.numbers, layout.ages_column
    sheet.write_string(_LINES_TOP - 1, left, "Personen je Altersjahr", book.look(bold=True, font_color=BLUE))
    base = numbers.facts.base_year
    for k, title in enumerate(("Alter", "Männer", "Frauen", f"Männer {base}", f"Frauen {base}")):
        sheet.write_string(_LINES_TOP, left + k, title, book.head(left=k == 0))
    scenario = (
        f"MATCH($B${_SCENARIO[0] + 1},$B${_LINES_TOP + 1}:${_letter(len(numbers.facts.scenarios))}${_LINES_TOP + 1},0)"
    )
    year = f"MATCH(VALUE($B${_YEAR[0] + 1}),{{{';'.join(map(str, layout.years))}}},0)"
    look = book.look(num_format="#,##0.0;#,##0.0;0")
    last = layout.row(len(numbers.facts.scenarios) - 1, layout.areas - 1) + 1
    whole = (
        f"{DATA}!${_letter(layout.ages(0, 0, 0))}${layout.row(0, 0) + 1}:"
        f"${_letter(layout.ages(len(layout.years) - 1, 1, layout.bands - 1))}${last}"
    )
    shown = numbers.by_age[numbers.main, -1, 0], numbers.by_age[numbers.main, 0, 0]
    for b, band in enumerate(numbers.bands):
        row, width = _LINES_TOP + 1 + b, band.width or _OPEN_WIDTH
        sheet.write_string(row, left, band.label, book.look(align="left"))
        for k, (sex, sign, block) in enumerate(((1, -1, year), (0, 1, year), (1, -1, "1"), (0, 1, "1"))):
            place = f"({block}-1)*{2 * layout.bands}+{sex * layout.bands + b + 1}"
            value = f"INDEX({whole},{_position(layout, scenario)},{place})"
            known = float(shown[k // 2][sex, b])
            result = sign * known / width if known == known else HIDDEN
            formula = f'=IF(ISNUMBER({value}),{"-" if sign < 0 else ""}{value}/{width},"{HIDDEN}")'
            sheet.write_formula(row, left + 1 + k, formula, look, result)


def _pyramid_chart(book: Book, sheet: Any, layout: _Layout) -> None:
    chart = book.workbook.add_chart({"type": "bar"})
    top, last, left = _LINES_TOP + 1, _LINES_TOP + layout.bands, layout.ages_column
    looks: list[dict[str, Any]] = [
        {"fill": {"color": MEN}}, {"fill": {"color": WOMEN}},
        {"fill": {"none": True}, "border": {"color": BASE, "width": 1}},
        {"fill": {"none": True}, "border": {"color": BASE, "width": 1}},
    ]  # fmt: skip
    for k, look in enumerate(looks):
        chart.add_series(
            {
                "name": [NAME, _LINES_TOP, left + 1 + k],
                "categories": [NAME, top, left, last, left],
                "values": [NAME, top, left + 1 + k, last, left + 1 + k],
                "gap": 0, "overlap": 100, **look,
            }
        )  # fmt: skip
    chart.set_title({"name": f"={NAME}!$B${_AREA[0] + 1}", "name_font": {"size": 12}})
    chart.set_x_axis({"num_format": "#,##0;#,##0", "major_gridlines": {"visible": True, "line": {"color": GRID}}})
    chart.set_y_axis({"label_position": "low"})
    chart.set_legend({"position": "bottom"})
    chart.set_size({"width": 560, "height": 560})
    alt = (
        "Bevölkerungspyramide der Auswahl: Männer links, Frauen rechts; Umriss: Basisjahr. Werte in der Tabelle links."
    )
    sheet.insert_chart(_LINES_TOP, left + 6, chart, {"description": alt})
