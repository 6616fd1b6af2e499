"""What the README promises is what runs."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def _command(mark: str, page: str = README) -> str:
    block = re.search(rf"<!-- {mark} -->\n```sh\n(.*?)\n```", page, re.DOTALL)
    assert block, f"Befehl <!-- {mark} --> fehlt"
    return block[1]


def test_two_commands_need_only_python_and_git() -> None:
    demo, tests = _command("demo"), _command("tests")
    assert demo.startswith("python3 -m venv .venv && ")
    assert demo.endswith("zwkprognose demo")
    assert tests.endswith("-m pytest")
    assert "\n" not in demo + tests


@pytest.mark.parametrize(
    ("page", "mark"),
    [
        ("README.md", "demo"),
        ("README.md", "tests"),
        ("docs/installation.md", "collect"),
        ("docs/installation.md", "offline"),
    ],
)
def test_ci_runs_the_commands_of_the_pages(page: str, mark: str) -> None:
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert f"{mark}=$(command_of {page} {mark})" in script
    assert f'eval "${mark}"' in script
    bash = shutil.which("bash")
    assert bash
    function = re.search(r"command_of\(\) \{.*?\n\}", script, re.DOTALL)
    assert function
    said = subprocess.check_output([bash, "-c", f"{function[0]}\ncommand_of {page} {mark}"], cwd=ROOT, text=True)
    assert said.strip() == _command(mark, (ROOT / page).read_text(encoding="utf-8"))


def test_the_program_is_installed_and_speaks_german() -> None:
    said = subprocess.check_output([sys.executable, "-m", "zwkprognose", "--help"], text=True)
    assert "Bevölkerungsprognose" in said
    assert all(command in said for command in ("demo", "run", "check", "new"))
