"""Official keys, and zeros that a spreadsheet ate."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.office_files import office_table

from zwkprognose.tables import check, read_table, restore_zeros
from zwkprognose.tables.areas.keys import (
    KREISE,
    ars_to_ags,
    is_official,
    level_of,
    parent_of,
    zeros_all_lost,
    zeros_lost,
)


def test_regional_key_holds_the_municipal_key() -> None:
    assert ars_to_ags("083350043043") == "08335043"  # Konstanz
    assert ars_to_ags("040110000000") == "04011000"  # Bremen
    with pytest.raises(ValueError, match="zwölfstelliger"):
        ars_to_ags("08335043")


@pytest.mark.parametrize(
    ("key", "level", "parent"),
    [
        ("DG", "bund", ""),
        ("08", "land", "DG"),
        ("083", "regierungsbezirk", "08"),
        ("08335", "kreis", "08"),
        ("08335043", "gemeinde", "08335"),
        ("083350043043", "gemeinde", "083350043"),
        ("0101", "", ""),
        ("altstadt", "", ""),
    ],
)
def test_levels_and_parents(key: str, level: str, parent: str) -> None:
    assert level_of(key) == level
    assert parent_of(key) == parent


def test_there_are_sixteen_states() -> None:
    assert is_official("16077")
    assert not is_official("17001")


@pytest.mark.parametrize(
    ("keys", "lost"),
    [
        (["1001", "1002", "16077"], ["1001", "1002"]),
        (["1011101", "12304314"], ["1011101"]),
        (["01001", "16077"], []),
        (["1", "2", "12"], []),
        (["11", "101"], []),
        (["nord", "1001", "16077"], []),
        ([], []),
    ],
)
def test_lost_zeros_are_noticed(keys: list[str], lost: list[str]) -> None:
    assert zeros_lost(keys) == lost


def _sheet(keys: list[str]) -> list[str]:
    rows = [f"{key};Ort {i};{sex};{90 + i};{300 - i};100" for i, key in enumerate(keys) for sex in ("m", "w")]
    return ["Bevölkerung am 31.12.2023", "Schlüssel;Gemeinde;Geschlecht;unter 18;18 bis 64;65 und älter", *rows]


def test_keys_of_gemeinden_that_all_lost_their_zero_get_it_back(tmp_path: Path) -> None:
    table = office_table(tmp_path, *_sheet(["8111000", "8115003", "9162000"]))
    assert sorted(table.cells["area"].unique()) == ["08111000", "08115003", "09162000"]
    assert "8111000 → 08111000" in check(table).warnings.summary()
    own = office_table(tmp_path, *_sheet(["8111000", "8999003"]))  # there is no Kreis 08999
    assert sorted(own.cells["area"].unique()) == ["8111000", "8999003"]


def test_keys_of_kreise_without_their_zero_may_be_a_citys_own(tmp_path: Path) -> None:
    table = office_table(tmp_path, *_sheet(["8111", "8115"]))
    assert sorted(table.cells["area"].unique()) == ["8111", "8115"]
    (message,) = check(table).warnings.frame.query("rule == 'T08'")["message"]
    assert "8111" in message
    assert sorted(restore_zeros(table, width=5).cells["area"].unique()) == ["08111", "08115"]
    assert "T08" not in set(check(office_table(tmp_path, *_sheet(["1101", "1102"]))).frame["rule"])


def test_every_level_gets_its_own_zero(tmp_path: Path) -> None:
    table = office_table(tmp_path, *_sheet(["8", "8111", "8111000", "8111001"]))
    assert sorted(restore_zeros(table, width=8).cells["area"].unique()) == ["08", "08111", "08111000", "08111001"]


@pytest.mark.shared
def test_every_kreis_without_its_zero_is_recognised(shared: Path) -> None:
    table = read_table(shared / "data/kreise/12411-04-02-4_2020-12-31.csv")
    keys = [key for key in table.cells["area"].unique() if len(key) == 5 and key.startswith("0")]
    assert len(keys) > 300
    assert zeros_all_lost(key[1:] for key in keys)


@pytest.mark.shared
def test_every_range_of_kreise_begins_and_ends_with_a_kreis(shared: Path) -> None:
    today = set(read_table(shared / "data/kreise/12411-04-02-4_2020-12-31.csv").cells["area"])
    # Hamburg is printed as a Land alone; Hannover (to 2001) and Aachen (to 2009) were Kreise of their own
    known = today | {"02000", "03201", "05313"}
    ends = {f"0{land}{end:03d}" for land, ranges in KREISE.items() for span in ranges for end in span}
    assert ends <= known
