"""Run and look back killed, or without space, at any moment of their writing: old or new results are whole."""

from __future__ import annotations

import errno
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.support.town import write_town
from zwkprognose.errors import OutputError
from zwkprognose.output.files.folder import recover
from zwkprognose.projects import review_project, run_project

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
#: What changes something on the disk; the interpreter tells every call before it is made.
CHANGING = ("os.rename", "os.remove", "os.rmdir", "os.mkdir", "os.chmod")
#: Stands at the end of what was there before.
OLD = b"<!-- alt -->"
#: One handler for the whole process: handlers cannot be taken away.
_WATCH: list[Callable[[str, tuple[Any, ...]], None]] = []


def _handler(event: str, values: tuple[Any, ...]) -> None:
    for watch in _WATCH:
        watch(event, values)


sys.addaudithook(_handler)


def _changes(event: str, values: tuple[Any, ...], inside: Path) -> bool:
    """Whether a call of the system is about to change something in a folder."""
    if event == "open":
        path, mode, flags = (*values, None, None, None)[:3]
        writing = (isinstance(mode, str) and not {*mode}.isdisjoint("wxa+")) or bool((flags or 0) & os.O_CREAT)
        return writing and str(path).startswith(str(inside))
    return event in CHANGING and str(values[0]).startswith(str(inside))


def _stopping(inside: Path, after: int, stop: Callable[[], None]) -> list[int]:
    """Stop at change number ``after``; the changes are counted."""
    count = [0]

    def watch(event: str, values: tuple[Any, ...]) -> None:
        if _changes(event, values, inside):
            count[0] += 1
            if count[0] == after:
                stop()

    _WATCH.append(watch)
    return count


def _read(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()} if folder.exists() else {}


def _count(year: int, area: str, age: int) -> int:
    return 12 + (year + 7 * int(area) + 3 * age) % 9


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("stadt")
    return write_town(folder, _count, range(0, 95, 5), {"middle": None}, years=range(2012, 2021))


def _run(town: Path, out: Path) -> None:
    run_project(town / "PROJEKT.toml", out=out, force=True)


def _review(town: Path, out: Path) -> None:
    review_project(town / "PROJEKT.toml", out=out, force=True)


COMMANDS = {"run": _run, "hindcast": _review}


@pytest.fixture(scope="module", params=COMMANDS)
def written(request: pytest.FixtureRequest, town: Path, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A command, its results, and how many changes it makes to write them."""
    work, folder = COMMANDS[request.param], tmp_path_factory.mktemp(request.param) / "aus"
    work(town, folder)
    count = _stopping(folder.parent, -1, lambda: None)
    work(town, folder)
    _WATCH.clear()
    return work, folder, count[0]


@pytest.mark.parametrize(
    ("kind", "part"), [*(("kill", part) for part in (0.3, 0.85, 0.93, 1.0)), *(("full", part) for part in (0.5, 0.9))]
)
def test_whatever_stops_it_the_old_or_the_new_results_are_whole(
    written: Any, town: Path, tmp_path: Path, kind: str, part: float
) -> None:
    work, example, changes = written
    folder = tmp_path / "aus"
    shutil.copytree(example, folder)
    for path in folder.iterdir():
        path.write_bytes(path.read_bytes() + OLD)
    (folder / "eigenes.txt").write_text("bleibt")
    before = _read(folder)
    child = os.fork()
    if child == 0:
        _stopping(tmp_path, 1 + round(part * (changes - 1)), _killed if kind == "kill" else _full)
        try:
            work(town, folder)
        except OutputError:
            os._exit(3)
        os._exit(0)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert code == 9 if kind == "kill" else code in (0, 3)
    recover(folder, sorted(before.keys() - {"eigenes.txt"}))
    after = _read(folder)
    assert after.pop("eigenes.txt") == b"bleibt"
    assert after.keys() == before.keys() - {"eigenes.txt"}
    assert {content.endswith(OLD) for content in after.values()} in ({True}, {False})
    assert [path.name for path in tmp_path.iterdir() if path.name.endswith(".entwurf")] == []


def test_after_a_kill_the_next_run_is_as_good_as_the_first(written: Any, town: Path, tmp_path: Path) -> None:
    work, example, changes = written
    folder = tmp_path / "aus"
    for part in (0.4, 0.97):
        child = os.fork()
        if child == 0:
            _stopping(tmp_path, 1 + round(part * (changes - 1)), _killed)
            work(town, folder)
            os._exit(0)
        os.waitpid(child, 0)
    for lock in tmp_path.glob(".*.sperre"):  # younger than a minute: it may still be held
        os.utime(lock, (0, 0))
    work(town, folder)
    assert _read(folder).keys() == _read(example).keys()
    assert [path.name for path in tmp_path.iterdir()] == ["aus"]


def _killed() -> None:
    os._exit(9)


def _full() -> None:
    raise OSError(errno.ENOSPC, "No space left on device")
