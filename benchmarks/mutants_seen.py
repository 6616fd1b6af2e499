"""A copy of the checkout for changes, and which tests reach the statements that will be changed.

Also a plugin of pytest that names the running test, to processes that it starts too.
"""

from __future__ import annotations

import hashlib
import importlib
import json
import multiprocessing
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import accumulate
from pathlib import Path
from typing import Any

import pytest

#: Longest run of the tests of a change, in seconds: one that never ends is noticed.
LONGEST = 1800
IGNORED = shutil.ignore_patterns(".git", "__pycache__", ".*_cache", ".hypothesis", "ergebnisse*", "_build")
#: What every test needs: imported once, before the tests of a change run in a fork.
HEAVY = ("numpy", "pandas", "xarray", "scipy.optimize", "scipy.special", "numba", "pydantic", "openpyxl", "xlsxwriter",
         "jinja2", "typer")  # fmt: skip
#: A statement that will be changed: its number, its file, and the line (from 0) before which it is marked.
Mark = tuple[int, str, int]


class Seen:
    """Seconds of each test, and the tests that reach each statement."""

    def __init__(self, notes: list[dict[str, Any]]) -> None:
        self._seconds = {test: seconds for note in notes for test, seconds in note["seconds"].items()}
        self._reached = {(int(number), test) for note in notes for number, test in note["reached"]}

    def of(self, number: int) -> tuple[list[str], bool]:
        """Tests that reach a statement, the shortest first; is it reached outside of tests too?"""
        found = {test for one, test in self._reached if one == number}
        return [test for test in self.shortest_first() if test in found], "" in found

    def shortest_first(self) -> list[str]:
        """All tests."""
        return sorted(self._seconds, key=self._seconds.__getitem__)

    def within(self, tests: list[str], seconds: float) -> list[str]:
        """The first of the tests, as many as took so long together."""
        together = accumulate(self._seconds[test] for test in tests)
        return [test for test, took in zip(tests, together, strict=True) if took <= seconds]


class Copy:
    """A checkout beside which lies what lies beside the original; each change is undone."""

    def __init__(self, root: Path, folder: Path) -> None:
        self.root, self.folder, self.top = root, folder.resolve(), folder.resolve() / root.name
        for name in os.listdir(root):
            if name not in IGNORED(str(root), [name]):
                _replace(root / name, self.top / name)
        shared = root.parent / "shared"
        if shared.exists() and not (self.folder / "shared").exists():
            (self.folder / "shared").symlink_to(shared.resolve())
        for module in HEAVY:
            importlib.import_module(module)

    def note(self, tests: Path, marks: list[Mark]) -> Seen:
        """Let the tests of a folder or file say which statements they reach; what is known already is not run again."""
        files = sorted(tests.rglob("test_*.py")) if tests.is_dir() else [tests]
        support = [one for one in (self.root / "tests").rglob("*.py") if not one.name.startswith("test_")]
        marked = {self.root / file for _, file, _ in marks}
        kept = {
            str(file.relative_to(self.root)): self.folder / "seen" / f"{_digest([file, *support, *marked], marks)}.json"
            for file in files
        }
        self._observe([file for file, note in kept.items() if not note.exists()], marks, kept)
        return Seen([json.loads(note.read_text(encoding="utf-8")) for note in kept.values()])

    def _observe(self, files: list[str], marks: list[Mark], kept: dict[str, Path]) -> None:
        if not files:
            return
        seconds, reached = self.folder / "seconds.json", self.folder / "reached.txt"
        reached.write_text("")
        environment = self._environment() | {"SECONDS_OF_TESTS": str(seconds), "MUTANTS_REACHED": str(reached)}
        command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "-p", __name__, *files]
        with self._marked(marks):
            done = subprocess.run(command, cwd=self.top, env=environment, capture_output=True, text=True, check=False)
        if done.returncode:
            raise SystemExit(f"Schon ohne Änderung schlägt etwas fehl:\n{done.stdout[-3000:]}{done.stderr[-1000:]}")
        by_test = json.loads(seconds.read_text(encoding="utf-8"))
        pairs = [line.split("\t") for line in reached.read_text(encoding="utf-8").splitlines()]
        for file in files:
            note = {
                "seconds": {test: took for test, took in by_test.items() if test.startswith(f"{file}::")},
                "reached": [pair for pair in pairs if not pair[1] or pair[1].startswith(f"{file}::")],
            }
            kept[file].parent.mkdir(parents=True, exist_ok=True)
            kept[file].write_text(json.dumps(note), encoding="utf-8")

    @contextmanager
    def _marked(self, marks: list[Mark]) -> Iterator[None]:
        """The copy while it says which statements are reached."""
        files = {file for _, file, _ in marks}
        for file in files:
            lines = (self.root / file).read_text(encoding="utf-8").splitlines(keepends=True)
            for number, _, line in sorted((mark for mark in marks if mark[1] == file), key=lambda m: -m[2]):
                indent = lines[line][: len(lines[line]) - len(lines[line].lstrip())]
                lines.insert(line, f"{indent}import mutants_reached; mutants_reached.at({number})\n")
            (self.top / file).write_text("".join(lines), encoding="utf-8")
        try:
            yield
        finally:
            for file in files:
                shutil.copy2(self.root / file, self.top / file)

    def _environment(self) -> dict[str, str]:
        paths = os.pathsep.join([str(self.top), str(Path(__file__).parent)])
        own = {"PYTHONPATH": paths, "NUMBA_CACHE_DIR": str(self.folder / "numba"), "PYTHONDONTWRITEBYTECODE": "1"}
        return os.environ | own

    @contextmanager
    def changed(self, file: str, text: str, machine_code: bool) -> Iterator[None]:
        """The copy while a file has another text; machine code of that time is forgotten."""
        compiled, before = self.folder / "numba", self.folder / "numba-before"
        if machine_code:
            compiled.mkdir(exist_ok=True)
            shutil.rmtree(before, ignore_errors=True)
            shutil.copytree(compiled, before)
        (self.top / file).write_text(text, encoding="utf-8")
        try:
            yield
        finally:
            shutil.copy2(self.root / file, self.top / file)
            if machine_code:
                shutil.rmtree(compiled)
                before.rename(compiled)

    def fails(self, tests: list[str]) -> bool:
        """Does one of the tests fail, or never end?"""
        if not tests:
            return False
        process = multiprocessing.get_context("fork").Process(target=self._pytest, args=(tests,))
        process.start()
        process.join(LONGEST)
        if process.is_alive():
            process.kill()
            process.join()
            return True
        return process.exitcode not in {0, pytest.ExitCode.NO_TESTS_COLLECTED}

    def _pytest(self, tests: list[str]) -> None:
        os.environ.update(self._environment())
        os.chdir(self.top)
        sys.path.insert(0, str(self.top))
        sys.dont_write_bytecode = True
        for stream in (1, 2):
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream)
        importlib.import_module("numba").config.reload_config()
        os._exit(int(pytest.main(["-q", "-x", "-p", "no:cacheprovider", *tests])))


def _replace(source: Path, target: Path) -> None:
    """Copy, times included: what has not changed is not compiled anew."""
    if source.is_dir():
        if source.name in {"tests", "zwkprognose"}:
            shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(source, target, ignore=IGNORED, dirs_exist_ok=True)
    else:
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(source, target)


def _digest(files: Iterable[Path], marks: list[Mark]) -> str:
    parts = [file.read_bytes() for file in sorted(files)]
    return hashlib.sha256(b"".join([*parts, repr(marks).encode()])).hexdigest()[:16]


@contextmanager
def _running(test: str) -> Iterator[None]:
    before = os.environ.get("RUNNING_TEST", "")
    os.environ["RUNNING_TEST"] = test
    try:
        yield
    finally:
        os.environ["RUNNING_TEST"] = before


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Name the test, here and in processes that it starts."""
    with _running(item.nodeid):
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(fixturedef: pytest.FixtureDef[Any]) -> Iterator[None]:
    """What several tests share belongs to none of them."""
    if fixturedef.scope == "function":
        return (yield)
    with _running(""):
        return (yield)


_seconds: dict[str, float] = {}


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Note how long a test took, with what it set up."""
    _seconds[report.nodeid] = _seconds.get(report.nodeid, 0.0) + report.duration


def pytest_sessionfinish() -> None:
    """Write it down."""
    if "SECONDS_OF_TESTS" in os.environ:
        Path(os.environ["SECONDS_OF_TESTS"]).write_text(json.dumps(_seconds), encoding="utf-8")
