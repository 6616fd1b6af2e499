"""A full disk, a kill or a second run at any moment: the old results or the new ones are there, whole."""

from __future__ import annotations

import errno
import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from zwkprognose.errors import OutputError
from zwkprognose.output.files import folder as rooms
from zwkprognose.output.files.folder import recover, whole_folder

NAMES = ("a.csv", "b.csv", "c.csv", "d.csv")
OLD = {"a.csv": "alt", "b.csv": "alt", "d.csv": "alt", "eigene.txt": "bleibt"}
NEW = {"a.csv": "neu", "b.csv": "neu", "c.csv": "neu"}


def _files(target: Path) -> dict[str, str]:
    return {path.name: path.read_text() for path in target.iterdir()}


@pytest.fixture
def results(tmp_path: Path) -> Path:
    """A folder with old results and a file of the user."""
    target = tmp_path / "ergebnisse"
    target.mkdir()
    for name, text in OLD.items():
        (target / name).write_text(text)
    return target


def _write(target: Path, *, force: bool = True) -> None:
    with whole_folder(target, NAMES, force=force) as draft:
        for name, text in NEW.items():
            (draft / name).write_text(text)


def _stopping(monkeypatch: pytest.MonkeyPatch, after: int, stop: Callable[[], None]) -> None:
    """Let the rename number ``after`` be the last that happens."""
    count, replace = iter(range(1000)), os.replace

    def counted(source: Path, goal: Path) -> None:
        if next(count) == after:
            stop()
        replace(source, goal)

    monkeypatch.setattr(rooms.os, "replace", counted)


def test_new_results_replace_the_old_ones_and_nothing_else(results: Path) -> None:
    _write(results)
    assert _files(results) == NEW | {"eigene.txt": "bleibt"}
    assert [path.name for path in results.parent.iterdir()] == ["ergebnisse"]


@pytest.mark.parametrize("after", range(6))
@pytest.mark.parametrize("kind", [OSError, KeyboardInterrupt])
def test_what_fails_half_way_is_undone(
    results: Path, monkeypatch: pytest.MonkeyPatch, after: int, kind: type[BaseException]
) -> None:
    def stop() -> None:
        raise OSError(errno.ENOSPC, "No space left on device") if kind is OSError else KeyboardInterrupt

    _stopping(monkeypatch, after, stop)
    with pytest.raises(OutputError if kind is OSError else KeyboardInterrupt):
        _write(results)
    assert _files(results) == OLD
    assert [path.name for path in results.parent.iterdir()] == ["ergebnisse"]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
@pytest.mark.parametrize("after", range(7))
def test_what_is_killed_half_way_is_undone_by_the_next_run(
    results: Path, monkeypatch: pytest.MonkeyPatch, after: int
) -> None:
    child = os.fork()
    if child == 0:
        _stopping(monkeypatch, after, lambda: os._exit(9))
        _write(results)
        os._exit(0)
    os.waitpid(child, 0)
    left = [path for path in results.parent.iterdir() if path.name.endswith(".entwurf")]
    assert all(path.stat().st_mode & 0o077 == 0 for path in left), "others cannot read a draft"
    recover(results, NAMES)
    assert _files(results) == (OLD if after < 6 else NEW | {"eigene.txt": "bleibt"})
    for lock in results.parent.glob(".*.sperre"):  # younger than a minute: it may still be held
        os.utime(lock, (time.time() - 100,) * 2)
    _write(results)
    assert _files(results) == NEW | {"eigene.txt": "bleibt"}
    assert [path.name for path in results.parent.iterdir()] == ["ergebnisse"]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
def test_a_run_that_is_killed_while_it_writes_leaves_no_results(tmp_path: Path) -> None:
    child = os.fork()
    if child == 0:
        with whole_folder(tmp_path / "neu", NAMES) as draft:
            (draft / "a.csv").write_text("halb")
            os._exit(9)
    os.waitpid(child, 0)
    assert not (tmp_path / "neu").exists()
    _write(tmp_path / "neu")
    assert _files(tmp_path / "neu") == NEW
    assert [path.name for path in tmp_path.iterdir()] == ["neu"]


def test_of_two_runs_at_once_the_second_finds_the_results_of_the_first(tmp_path: Path) -> None:
    target = tmp_path / "neu"

    def second() -> None:
        with whole_folder(target, NAMES, force=False) as draft:
            (draft / "a.csv").write_text("zweiter")
            _write(target, force=False)  # the first one is done meanwhile

    with pytest.raises(OutputError, match="liegen schon"):
        second()
    assert _files(target) == NEW
    assert [path.name for path in tmp_path.iterdir()] == ["neu"]


def test_a_draft_of_a_living_run_is_left_alone(tmp_path: Path) -> None:
    target = tmp_path / "neu"
    with whole_folder(target, NAMES) as draft:
        (draft / "a.csv").write_text("erster")
        _write(target)
        assert (draft / "a.csv").read_text() == "erster"
    assert _files(target) == {"a.csv": "erster"}
