"""A copy of the checkout for changes, and which lines of the package each test executes there.

Also a plugin of pytest that names the running test to the measure of coverage, in processes that a test starts too.
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
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import coverage
import pytest

#: Longest run of the tests of a change, in seconds: one that never ends is noticed.
LONGEST = 1800
IGNORED = shutil.ignore_patterns(".git", "__pycache__", ".*_cache", ".hypothesis", "ergebnisse*", "_build")
#: What every test needs: imported once, before the tests of a change run in a fork.
HEAVY = ("numpy", "pandas", "xarray", "scipy.optimize", "numba", "pydantic", "xlsxwriter", "jinja2", "typer")
SETTINGS = """\
[run]
source = {package}
data_file = {data}
parallel = true
patch = subprocess
context = ${{RUNNING_TEST-}}
disable_warnings = no-data-collected, module-not-imported
"""


class Seen:
    """Seconds of each test, and the tests of each line of each file."""

    def __init__(self, notes: list[dict[str, Any]]) -> None:
        self.seconds = {test: seconds for note in notes for test, seconds in note["seconds"].items()}
        self._notes = notes

    def of_lines(self, file: str, lines: range) -> tuple[list[str], bool]:
        """Tests of any of the lines, the shortest first; does one of the lines run outside of tests too?"""
        found: set[str] = set()
        for note in self._notes:
            of_file = note["lines"].get(file, {})
            found.update(*(of_file.get(str(line), []) for line in lines))
        return sorted(found & self.seconds.keys(), key=self.seconds.__getitem__), "" in found

    def shortest_first(self) -> list[str]:
        """All tests."""
        return sorted(self.seconds, key=self.seconds.__getitem__)


class Copy:
    """A checkout beside which lies what lies beside the original; each change is undone."""

    def __init__(self, root: Path, folder: Path) -> None:
        self.root, self.folder, self.top = root, folder.resolve(), folder.resolve() / root.name
        self._seen: dict[Path, Seen] = {}
        if _digest((self.top / "zwkprognose").rglob("*.py")) != _digest((root / "zwkprognose").rglob("*.py")):
            shutil.rmtree(self.folder, ignore_errors=True)
        for name in os.listdir(root):
            if name not in IGNORED(str(root), [name]):
                _replace(root / name, self.top / name)
        shared = root.parent / "shared"
        if shared.exists() and not (self.folder / "shared").exists():
            (self.folder / "shared").symlink_to(shared.resolve())
        for module in HEAVY:
            importlib.import_module(module)

    def note(self, tests: Path, until: float) -> bool:
        """Let the tests of a folder or file say which lines they execute, as far as the time allows; is all known?"""
        files = sorted(tests.rglob("test_*.py")) if tests.is_dir() else [tests]
        notes = [self._of_file(file) for file in files if tests not in self._seen and time.monotonic() < until]
        if len(notes) == len(files):
            self._seen[tests] = Seen(notes)
        return tests in self._seen

    def seen(self, tests: Path) -> Seen:
        """What was noted."""
        return self._seen[tests]

    def _of_file(self, file: Path) -> dict[str, Any]:
        support = [one for one in (self.root / "tests").rglob("*.py") if not one.name.startswith("test_")]
        kept = self.folder / "seen" / f"{file.parent.name}-{file.stem}-{_digest([file, *support])}.json"
        if not kept.exists():
            kept.parent.mkdir(parents=True, exist_ok=True)
            kept.write_text(json.dumps(self._observed(str(file.relative_to(self.root)))), encoding="utf-8")
        note: dict[str, Any] = json.loads(kept.read_text(encoding="utf-8"))
        return note

    def _observed(self, file: str) -> dict[str, Any]:
        work = self.folder / "coverage"
        shutil.rmtree(work, ignore_errors=True)
        work.mkdir(parents=True)
        settings, seconds = work / "settings.ini", work / "seconds.json"
        settings.write_text(SETTINGS.format(package=self.top / "zwkprognose", data=work / "data"), encoding="utf-8")
        command = [sys.executable, "-m", "coverage", "run", f"--rcfile={settings}", "-m", "pytest", "-q", "-x",
                   "-p", "no:cacheprovider", "-p", __name__, file]  # fmt: skip
        environment = self._environment() | {"SECONDS_OF_TESTS": str(seconds)}
        done = subprocess.run(command, cwd=self.top, env=environment, capture_output=True, text=True, check=False)
        if done.returncode:
            raise SystemExit(f"{file} schlägt schon ohne Änderung fehl:\n{done.stdout[-3000:]}{done.stderr[-1000:]}")
        data = coverage.CoverageData(str(work / "all"))
        for part in work.glob("data.*"):
            one = coverage.CoverageData(str(part))
            one.read()
            data.update(one)
        lines = {str(Path(path).relative_to(self.top)): data.contexts_by_lineno(path) for path in data.measured_files()}
        return {"seconds": json.loads(seconds.read_text(encoding="utf-8")), "lines": lines}

    def _environment(self) -> dict[str, str]:
        paths = os.pathsep.join([str(self.top), str(Path(__file__).parent)])
        own = {"PYTHONPATH": paths, "NUMBA_CACHE_DIR": str(self.folder / "numba"), "PYTHONDONTWRITEBYTECODE": "1"}
        return os.environ | own

    @contextmanager
    def changed(self, file: str, text: str) -> Iterator[None]:
        """The copy while a file has another text; machine code of that time is forgotten."""
        compiled, before = self.folder / "numba", self.folder / "numba-before"
        compiled.mkdir(exist_ok=True)
        shutil.rmtree(before, ignore_errors=True)
        shutil.copytree(compiled, before)
        (self.top / file).write_text(text, encoding="utf-8")
        try:
            yield
        finally:
            shutil.copy2(self.root / file, self.top / file)
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
        return process.exitcode != 0

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
        if source.name == "tests":
            shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(source, target, ignore=IGNORED, dirs_exist_ok=True)
    else:
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(source, target)


def _digest(files: Iterable[Path]) -> str:
    return hashlib.sha256(b"".join(file.read_bytes() for file in sorted(files))).hexdigest()[:12]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Name the test to the measure, here and in processes that it starts."""
    measure = coverage.Coverage.current()
    os.environ["RUNNING_TEST"] = item.nodeid
    if measure:
        measure.switch_context(item.nodeid)
    try:
        return (yield)
    finally:
        os.environ["RUNNING_TEST"] = ""
        if measure:
            measure.switch_context("")


_seconds: dict[str, float] = {}


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Note how long a test took, with what it set up."""
    _seconds[report.nodeid] = _seconds.get(report.nodeid, 0.0) + report.duration


def pytest_sessionfinish() -> None:
    """Write it down."""
    if "SECONDS_OF_TESTS" in os.environ:
        Path(os.environ["SECONDS_OF_TESTS"]).write_text(json.dumps(_seconds), encoding="utf-8")
