"""What was understood of each file, in two German lines: what was read, and what was not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pandas as pd

from zwkprognose.german import number_text
from zwkprognose.names import TOTAL, label
from zwkprognose.tables.agesets import finest, top
from zwkprognose.tables.counts import COUNTS, OPEN, counts
from zwkprognose.tables.ledger import FATES, Account, Fate, Ledger
from zwkprognose.tables.margins import age_sets
from zwkprognose.tables.table import Table
from zwkprognose.tables.universe import area_totals

_SHORT = {"sex": "m/w", "nationality": "D/A"}
#: What was printed and is no value, worth a word.
_LEFT = (Fate.SUM, Fate.CHANGE, Fate.SHARE, Fate.NUMBERING, Fate.LEFT_OUT)


def understood(table: Table) -> list[str]:
    """Lines for people: one for each file that was read, one for what was not, one for all files together.

    Examples
    --------
    >>> from zwkprognose.examples import tables_of
    >>> from zwkprognose.tables import read_table
    >>> understood(read_table(tables_of("bremerhaven")))[0].split(" · ")[1]
    'Stichtage 1980, 1990, 2000, 2010, 2020–2023'
    """
    files = table.cells["file"].unique().tolist()
    lines = [line for file in files for line in _lines_of(table, str(file))]
    if len(files) > 1:
        lines.append(f"Zusammen gelesen: {_read(table)}")
    return lines + [f"Nicht gelesen: „{one.file}“ ({one.why}; {_figures(one.figures)})" for one in table.ledger.unread]


def _lines_of(table: Table, file: str) -> Iterator[str]:
    own = table.with_cells(table.cells[table.cells["file"] == file])
    yield f"„{file}“, gelesen: {_read(own)}"
    left = _left([account for account in table.ledger.accounts if account.file == file])
    if left:
        yield f"  nicht verwendet: {left}"


def _read(table: Table) -> str:
    cells = counts(table.cells)
    stock = cells[cells["variable"] == "population"]
    parts = [*_areas(cells), *_stock(table, stock), *_events(cells)]
    others = sorted(set(table.cells["variable"].unique()) - set(COUNTS))
    parts += [f"außerdem {', '.join(label('variables', name) for name in others[:4])}{' …' if len(others) > 4 else ''}"]
    return " · ".join(parts if others else parts[:-1])


def _areas(cells: pd.DataFrame) -> Iterator[str]:
    number = cells.loc[cells["area"] != "", "area"].nunique()
    if number:
        yield "1 Gebiet" if number == 1 else f"{number_text(number)} Gebiete"


def _stock(table: Table, stock: pd.DataFrame) -> Iterator[str]:
    if stock.empty:
        return
    years = sorted(map(int, stock["year"].unique()))
    yield f"Stichtag {years[0]}" if len(years) == 1 else f"Stichtage {_years_text(years)}"
    yield from _ages(stock)
    yield from (short for name, short in _SHORT.items() if (stock[name] != TOTAL).any())
    persons = area_totals(table)
    persons = persons[persons.index.get_level_values("area") != ""] if len(persons) > 1 else persons
    last = persons.xs(years[-1], level="year").sum(skipna=False) if len(persons) else float("nan")
    known = "Personen mit Zeichen statt Zahlen" if pd.isna(last) else f"{number_text(last)} Personen"
    yield f"{known} am 31.12.{years[-1]}"


def _ages(stock: pd.DataFrame) -> Iterator[str]:
    sets = [finest(spans) for spans in age_sets(stock).unique()]
    most = max(sets, key=len, default=())
    if not most:
        yield "ohne Alter"
        return
    single = all(end - start == 1 for start, end in most if end < OPEN)
    word = "Altersjahre" if single else "Altersgruppen"
    is_open = top(most) == OPEN
    yield f"{len(most)} {word}, {f'offen ab {most[-1][0]}' if is_open else f'bis {most[-1][1] - 1}'}"


def _events(cells: pd.DataFrame) -> Iterator[str]:
    events = cells[cells["variable"] != "population"]
    for years, names in _by_years(events).items():
        yield f"{', '.join(label('variables', name) for name in names)} {_years_text(years)}"


def _by_years(events: pd.DataFrame) -> dict[tuple[int, ...], list[str]]:
    found: dict[tuple[int, ...], list[str]] = {}
    for name in COUNTS:
        years = tuple(sorted(map(int, events.loc[events["variable"] == name, "year"].unique())))
        if years:
            found.setdefault(years, []).append(name)
    return found


def _years_text(years: Sequence[int]) -> str:
    """Years with runs of more than two drawn together.

    >>> _years_text([2014, 2019, 2024]), _years_text([2015, 2016, 2017, 2020])
    ('2014, 2019, 2024', '2015–2017, 2020')
    """
    runs: list[list[int]] = []
    for year in years:
        if runs and year == runs[-1][-1] + 1:
            runs[-1].append(year)
        else:
            runs.append([year])
    texts = [f"{run[0]}–{run[-1]}" if len(run) > 2 else ", ".join(map(str, run)) for run in runs]
    return ", ".join(texts)


def _left(accounts: Sequence[Account]) -> str:
    ledger = Ledger(tuple(accounts))
    return ", ".join(f"{FATES[fate]} ({_figures(ledger.figures(fate))})" for fate in _LEFT if ledger.figures(fate))


def _figures(number: int) -> str:
    return "1 Zahl" if number == 1 else f"{number_text(number)} Zahlen"
