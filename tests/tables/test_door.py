"""Whatever is handed to a function of the tables room ends in a result or in a German error."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from support.frames import town
from support.tidy_files import full_tidy, tidy, write

from zwkprognose.errors import ZwkError
from zwkprognose.inputs import build_inputs, check_dataset
from zwkprognose.tables import (
    Crosswalk,
    adjust_level,
    aggregate_areas,
    apply_crosswalk,
    area_totals,
    check,
    check_hierarchy,
    concat_tables,
    official_hierarchy,
    parts_only,
    rake,
    read_register,
    read_table,
    resolve_status,
    restore_zeros,
    with_universe,
)

TREE = official_hierarchy(["01", "02"])
CROSSWALK = Crosswalk(pd.DataFrame({"old": ["01"], "new": ["x"], "name": [""], "share": [1.0]}))
TAKERS: dict[str, Callable[[Any], Any]] = {
    "build_inputs": build_inputs,
    "check": check,
    "resolve_status": resolve_status,
    "restore_zeros": lambda table: restore_zeros(table, width=5),
    "apply_crosswalk": lambda table: apply_crosswalk(table, CROSSWALK),
    "adjust_level": lambda table: adjust_level(table, town()),
    "adjust_level, level": lambda table: adjust_level(town(), table),
    "rake": lambda table: rake(table, town()),
    "rake, margins": lambda table: rake(town(), table),
    "aggregate_areas": lambda table: aggregate_areas(table, TREE, depth=0),
    "check_hierarchy": lambda table: check_hierarchy(table, TREE),
    "concat_tables": lambda table: concat_tables([table]),
    "parts_only": parts_only,
    "area_totals": area_totals,
    "with_universe": lambda table: with_universe(table, "Melderegister"),
}


@pytest.mark.parametrize("taker", TAKERS.values(), ids=TAKERS)
@pytest.mark.parametrize(
    "given", ["bestand.csv", Path("bestand.csv"), None, 3, pd.DataFrame({"a": [1]}), ["bestand.csv"],
              build_inputs(town())],
    ids=["text", "path", "nothing", "number", "frame", "list", "dataset"],
)  # fmt: skip
def test_what_is_no_table_is_told_what_to_do(taker: Callable[[Any], Any], given: Any) -> None:
    with pytest.raises(ZwkError) as caught:
        taker(given)
    assert caught.value.remedy


@pytest.mark.parametrize("taker", TAKERS.values(), ids=TAKERS)
@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, 1e300])
def test_numbers_that_are_none_are_refused_by_every_door(taker: Callable[[Any], Any], value: float) -> None:
    cells = town().cells
    cells.loc[3, "value"] = value
    with pytest.raises(ZwkError, match=r"keine mögliche Zahl|Zellen der Tabelle sind unmöglich"):
        taker(town().with_cells(cells))


@pytest.mark.parametrize(
    "call",
    [
        lambda: build_inputs(town(), areas=[1, 2]), lambda: build_inputs(town(), areas=1),
        lambda: build_inputs(town(), areas=[]), lambda: build_inputs(town(), open_age="90"),
        lambda: build_inputs(town(), open_age=-1), lambda: build_inputs(town(), open_age=200),
        lambda: build_inputs(town(), open_age=float("nan")), lambda: build_inputs(town(), last_age=3),
        lambda: resolve_status(town(), hidden="quatsch"), lambda: resolve_status(town(), unlisted="quatsch"),
        lambda: resolve_status(town(), largest_hidden=-2), lambda: resolve_status(town(), largest_hidden=float("nan")),
        lambda: restore_zeros(town(), width="8"), lambda: restore_zeros(town(), width=float("nan")),
        lambda: apply_crosswalk(town(), None), lambda: Crosswalk(pd.DataFrame({"old": ["01"]})),
        lambda: Crosswalk(CROSSWALK.frame.assign(share=np.nan)), lambda: Crosswalk(CROSSWALK.frame.assign(share="1")),
        lambda: aggregate_areas(town(), TREE, depth=-3), lambda: with_universe(town(), None),
        lambda: check_dataset("x", "inputs"), lambda: check_dataset(build_inputs(town()), "quatsch"),
        lambda: read_table(None), lambda: read_table(3), lambda: read_table(town()), lambda: read_register("x", None),
        lambda: build_inputs(), lambda: check(),
    ],
)  # fmt: skip
def test_choices_that_mean_nothing_are_refused(call: Callable[[], Any]) -> None:
    with pytest.raises(ZwkError) as caught:
        call()
    assert caught.value.remedy


def test_a_table_made_by_hand_is_checked_like_one_that_was_read() -> None:
    assert "file" not in town().cells
    assert len(check(town()).errors) == 0


@pytest.mark.parametrize(("day", "is_early"), [((2026, 6, 1), False), ((2023, 12, 31), False), ((2023, 12, 30), True)])
def test_a_stock_that_lies_ahead_is_refused(day: tuple[int, int, int], is_early: bool) -> None:
    today = date(*day)
    assert ("T30" in set(check(town(), today=today).errors.frame["rule"])) == is_early
    if is_early:
        with pytest.raises(ZwkError, match="noch nicht zu Ende"):
            build_inputs(town(), today=today)
        stated = with_universe(town(), "Vorausberechnung der Stadt")
        assert len(check(stated, today=today).errors) == 0
        assert build_inputs(stated, today=today).sizes["year_end"] == 2
    else:
        assert build_inputs(town(), today=today).sizes["year_end"] == 2


def test_events_of_a_year_that_is_not_over_are_refused(tmp_path: Path) -> None:
    rows = [f"{year};{area};geburten;5" for year in (2020, 2024) for area in ("0101", "0102")]
    events = read_table(write(tmp_path, tidy(rows, "jahr;gebiet;ereignis;anzahl")))
    stock = read_table(write(tmp_path, tidy(full_tidy()), "bestand.csv"))
    (error,) = check(stock, events, today=date(2024, 11, 5)).errors.frame.query("rule == 'T30'")["message"]
    assert "Geburten 2024" in error
    assert "T30" not in set(check(stock, events, today=date(2025, 1, 1)).frame["rule"])
