"""Official keys, and zeros that a spreadsheet ate."""

from __future__ import annotations

import pytest

from zwkprognose.tables.areas.keys import ars_to_ags, is_official, level_of, parent_of, zeros_lost


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
