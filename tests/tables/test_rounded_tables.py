"""Tables whose figures are rounded to 5 or 10 without a word: rounding is no error, a wrong figure still is one."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.office_files import STAND, office_table

from zwkprognose.tables import Table, check

TITLE = "Bevölkerungsbewegung 2023 nach Stadtteilen"
HEAD = "Stadtteil;Geburten;Sterbefälle;Natürlicher Saldo;Zuzüge;Fortzüge;Wanderungssaldo"


def said(table: Table, severity: str) -> list[str]:
    frame = check(table).frame
    return frame.loc[(frame["rule"] == "T06") & (frame["severity"] == severity), "message"].tolist()


def moved(seed: int, step: int, areas: int = 6) -> list[list[int]]:
    """Events of areas with their balances, each number rounded by itself."""
    rng = random.Random(seed)
    rows = []
    for _ in range(areas):
        births, deaths, into, away = (rng.randint(20, 900) for _ in range(4))
        printed = (births, deaths, births - deaths, into, away, into - away)
        rows.append([step * round(number / step) for number in printed])
    return rows


def written(rows: list[list[int]]) -> list[str]:
    return [";".join([f"Ort{i}", *map(str, row)]) for i, row in enumerate(rows)]


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from([5, 10]))
def test_balances_that_were_rounded_are_accepted_and_said(
    tmp_path_factory: pytest.TempPathFactory, seed: int, step: int
) -> None:
    rows = moved(seed, step)
    table = office_table(tmp_path_factory.mktemp("t"), TITLE, HEAD, *written(rows))
    assert said(table, "error") == []
    off = sum(row[2] != row[0] - row[1] for row in rows) + sum(row[5] != row[3] - row[4] for row in rows)
    remarks = said(table, "info")
    assert len(remarks) == (off > 0)
    if off:
        assert f": {off}, höchstens um {step} " in remarks[0]


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from([5, 10]), st.integers(0, 5))
def test_a_wrong_figure_among_rounded_ones_is_found(
    tmp_path_factory: pytest.TempPathFactory, seed: int, step: int, at: int
) -> None:
    rows = moved(seed, step)
    rows[at][2] += 4 * step  # three figures, each off by half a step, explain no more than one and a half
    (error,) = said(office_table(tmp_path_factory.mktemp("t"), TITLE, HEAD, *written(rows)), "error")
    assert f"„Natürlicher Saldo“, Ort{at}" in error


def test_a_sign_that_was_lost_is_found(tmp_path: Path) -> None:
    rows = moved(3, 5)
    rows[1] = [60, 90, 30, 300, 310, -10]
    assert len(said(office_table(tmp_path, TITLE, HEAD, *written(rows)), "error")) == 1


def test_one_figure_that_is_not_rounded_ends_it(tmp_path: Path) -> None:
    rows = ["Mitte;100;80;15;500;450;55", "Nord;60;90;-30;300;310;-10", "Süd;65;95;-30;305;316;-10"]
    assert len(said(office_table(tmp_path, TITLE, HEAD, *rows), "error")) > 0


def test_few_round_figures_say_nothing(tmp_path: Path) -> None:
    rows = ("Stadtteil;Geburten;Sterbefälle;Natürlicher Saldo", "Mitte;100;80;25", "Nord;60;90;-30")
    assert len(said(office_table(tmp_path, TITLE, *rows), "error")) == 1


def test_sums_of_men_and_women_may_be_rounded_too(tmp_path: Path) -> None:
    head = "Stadtteil;insgesamt;männlich;weiblich"
    rows = ("Au;105;50;50", "Berg;200;105;100", "Tal;300;150;155", "Nord;{};150;150")
    assert said(office_table(tmp_path, STAND, head, *rows[:3], rows[3].format(300)), "error") == []
    (remark,) = said(office_table(tmp_path, STAND, head, *rows[:3], rows[3].format(300)), "info")
    assert "Vielfache von 5" in remark
    assert ": 3, höchstens um 5 (Bevölkerung, Au" in remark
    (error,) = said(office_table(tmp_path, STAND, head, *rows[:3], rows[3].format(310)), "error")
    assert "Nord" in error


def test_changes_in_percent_of_rounded_figures(tmp_path: Path) -> None:
    """From 1,000 to 1,100, each rounded to 5: 9.6 to 10.5 percent."""
    head = ("Einwohner am 31.12.", "Stadtteil;2022;2023;Veränderung;in %")
    rows = ["Au;1000;1100;95;9,6", "Berg;3000;2700;-300;-10,1", "Tal;700;720;25;3,2", "Nord;700;720;20;2,8"]
    assert said(office_table(tmp_path, *head, *rows), "error") == []
    (error,) = said(office_table(tmp_path, *head, *rows[:3], "Nord;700;720;20;8,2"), "error")
    assert "„in %“, Nord" in error
