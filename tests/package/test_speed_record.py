"""Records of the benchmarks: what is compared, what is marked, and that those kept can be read."""

from __future__ import annotations

import copy
import importlib.util
import json
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

SPEED = Path(__file__).parents[2] / "benchmarks" / "speed"
RECORDS = sorted((SPEED / "records").glob("*.json"))


@pytest.fixture(scope="module")
def record() -> ModuleType:
    spec = importlib.util.spec_from_file_location("speed_record", SPEED / "record.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def kept(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def test_there_is_a_record() -> None:
    assert RECORDS


@pytest.mark.parametrize("path", RECORDS, ids=lambda path: path.stem)
def test_a_record_can_be_shown_and_is_like_itself(record: ModuleType, path: Path) -> None:
    found = kept(path)
    assert found["machine"]["roof_GBps"] > 0
    text, grew = record.compare(found, found)
    assert not grew
    assert all(line.split()[-1] == "1.00" for line in text.splitlines()[1:])
    assert record.page(found).count("\n") == len(found["rows"]) + 3


def test_a_ratio_that_grew_is_marked_and_seconds_of_another_machine_are_not_compared(record: ModuleType) -> None:
    old = kept(RECORDS[-1])
    new = copy.deepcopy(old)
    row = next(row for row in new["rows"] if "ratio_mapped" in row)
    row["ratio_mapped"] *= 1.3
    text, grew = record.compare(old, new)
    assert grew
    assert [line for line in text.splitlines() if line.endswith("1.30 !")]
    new["machine"]["processor"] = "anderer"
    text, grew = record.compare(old, new)
    assert grew
    assert "seconds" not in text
    assert "Verschiedene Prozessoren" in text
