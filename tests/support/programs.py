"""Programs of others that read what the package writes, from Debian's packages."""

from __future__ import annotations

import shutil
import subprocess
from functools import cache
from pathlib import Path

from zwkprognose.errors import MissingExtraError
from zwkprognose.output.profiles.pdf import require_pdf

PACKAGES = ("r-base-core", "r-cran-data.table", "r-cran-readr", "r-cran-ncdf4", "nco", "gdal-bin")


@cache
def programs_are_there() -> bool:
    """Whether all of them can be called on this machine."""
    if not all(map(shutil.which, ("Rscript", "ncwa", "ncks", "gdalinfo", "gdalmdiminfo", "gdalmdimtranslate"))):
        return False
    packages = "library(data.table); library(readr); library(ncdf4)"
    return subprocess.run(["Rscript", "-e", packages], capture_output=True, check=False).returncode == 0


@cache
def paper_can_be_set() -> bool:
    """Whether WeasyPrint finds the parts of the system with which it sets PDF files."""
    try:
        require_pdf()
    except MissingExtraError:
        return False
    return True


def told(command: str | list[str], folder: Path, *, complains: bool = False) -> str:
    """What a program answers in a folder; unless it is known to, it must not complain beside its answer."""
    shell = isinstance(command, str)
    done = subprocess.run(command, shell=shell, cwd=folder, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    assert complains == ("warning" in done.stderr.lower()), done.stderr
    return done.stdout


def r(script: str, folder: Path) -> str:
    """What R prints."""
    return told(["Rscript", "-e", script], folder)
