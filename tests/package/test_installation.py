"""What the pages say about installing can be done: every extra that they name exists, on both systems alike."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = ["README.md", "CONTRIBUTING.md", "docs/installation.md", "notebooks/README.md"]


@pytest.mark.parametrize("page", PAGES)
def test_every_extra_that_a_page_installs_is_one_of_the_project(page: str) -> None:
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    named = re.findall(r"(?:zwkprognose|\.)\[([a-z,]+)\]", (ROOT / page).read_text(encoding="utf-8"))
    assert named
    assert {extra for one in named for extra in one.split(",")} <= set(extras)


def test_nothing_is_installed_by_a_name_that_no_index_has() -> None:
    for page in PAGES:
        for line in (ROOT / page).read_text(encoding="utf-8").splitlines():
            if "zwkprognose[" in line:
                assert "--find-links" in line, f"{page}: {line}"


def test_windows_has_the_same_steps_as_linux() -> None:
    page = (ROOT / "docs/installation.md").read_text(encoding="utf-8")
    (windows,) = re.findall(r"```powershell\n(.*?)```", page, re.S)
    linux = re.findall(r"```sh\n(.*?)```", page, re.S)[0]
    of_windows = windows.replace("py -m", "python3 -m").replace("\\", "/").replace("/Scripts/", "/bin/")
    assert of_windows == linux
