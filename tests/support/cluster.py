"""Schedulers and workers as programs of their own on the loopback, small and ended for certain."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

#: Seconds in which a program must be there.
PATIENCE = 60


class Programs:
    """What was started here, and where it speaks."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.running = folder, list[subprocess.Popen[bytes]]()
        self.address = ""

    def scheduler(self) -> str:
        """Start a scheduler; gives its address."""
        told = self.folder / f"scheduler{len(self.running)}.json"
        arguments = ["--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", str(told)]
        self._start(["scheduler", *arguments], {}, None)
        self._wait(lambda: told.exists() and told.stat().st_size > 0)
        time.sleep(0.1)
        self.address = json.loads(told.read_text(encoding="utf-8"))["address"]
        return self.address

    def worker(
        self, name: str, environment: dict[str, str] | None = None, before: Callable[[], None] | None = None
    ) -> subprocess.Popen[bytes]:
        """Start a worker of one thread; it may have another environment, or limits set before it starts."""
        arguments = ["--nthreads", "1", "--no-nanny", "--no-dashboard", "--name", name, "--memory-limit", "0"]
        place = ["--local-directory", str(self.folder / name)]
        return self._start(["worker", self.address, *arguments, *place], environment or {}, before)

    def end(self) -> None:
        """End every program that was started here."""
        for program in reversed(self.running):
            program.kill()
        for program in self.running:
            program.wait(timeout=PATIENCE)

    def _start(
        self, words: list[str], environment: dict[str, str], before: Callable[[], None] | None
    ) -> subprocess.Popen[bytes]:
        with (self.folder / f"protokoll{len(self.running)}.txt").open("wb") as log:
            program = subprocess.Popen(
                [sys.executable, "-m", "dask", *words], env={**os.environ, **environment}, stdout=log, stderr=log,
                preexec_fn=before,
            )  # fmt: skip
        self.running.append(program)
        return program

    @staticmethod
    def _wait(ready: Callable[[], bool]) -> None:
        deadline = time.monotonic() + PATIENCE
        while not ready():
            if time.monotonic() > deadline:
                raise TimeoutError("the scheduler did not start")
            time.sleep(0.05)
