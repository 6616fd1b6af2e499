"""What is read is never written over: the files of a project are no place for its results."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from zwkprognose.errors import OutputError


def keep_sources(sources: Iterable[str | Path], targets: Iterable[str | Path]) -> None:
    """Refuse to write over a file that is read, whatever it is called there (links included).

    Raises
    ------
    OutputError
        Names the file.
    """
    read = [Path(source) for source in sources if Path(source).exists()]
    for target in map(Path, targets):
        if target.exists() and any(target.samefile(source) for source in read):
            raise OutputError(
                f"{target} wird gelesen und deshalb nicht überschrieben.",
                remedy="Für die Ergebnisse einen anderen Ordner oder Namen angeben.",
            )
