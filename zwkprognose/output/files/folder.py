"""Folders of results that exist whole or not at all: written beside the target, then moved there."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp

from zwkprognose.errors import OutputError
from zwkprognose.output.files.atomic import umask, write_error


@contextmanager
def whole_folder(folder: str | Path, names: Sequence[str]) -> Iterator[Path]:
    """Give a draft folder; when the block ends well, its files ``names`` are in ``folder``.

    Files of ``folder`` with other names are left alone; one of ``names`` that the block does not make is removed.

    Raises
    ------
    OutputError
        If the system refuses to write. Nothing is left behind, and errors name the target, not the draft.
    """
    target = Path(folder)
    draft = _draft_for(target)
    try:
        yield draft
        _move_in(draft, target, names)
    except OSError as error:
        raise write_error(target, error) from error
    except OutputError as error:
        message = error.message.replace(str(draft), str(target))
        raise OutputError(message, cells=error.cells, remedy=error.remedy) from error
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def refuse_results(folder: str | Path, names: Iterable[str], *, force: bool, what: str = "Ergebnisse") -> None:
    """Refuse a folder that already has results, before any work is done.

    Raises
    ------
    OutputError
        If one of ``names`` is there and ``force`` is not given, or the path is a file.
    """
    target = Path(folder)
    if target.exists() and not target.is_dir():
        raise OutputError(f"{target} ist eine Datei, kein Ordner.", remedy="Einen anderen Ordner angeben.")
    present = [name for name in names if (target / name).exists()]
    if present and not force:
        raise OutputError(
            f"Im Ordner {target} liegen schon {what}: {', '.join(present)}.",
            remedy="Einen anderen Ordner angeben oder mit --force (force=True) ersetzen.",
        )


def _draft_for(target: Path) -> Path:
    """A hidden folder beside the target, on the same file system."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        return Path(mkdtemp(prefix=f".{target.name[:40]}.", dir=target.parent))
    except OSError as error:
        raise write_error(target, error) from error


def _move_in(draft: Path, target: Path, names: Sequence[str]) -> None:
    """Rename the whole draft if the target is new, else file by file: no copy, so no disk can be full.

    A result that is not made this time is removed: it would not belong to the others.
    """
    if not target.exists():
        draft.chmod(0o777 & ~umask())
        os.rename(draft, target)
        return
    for name in names:
        if (draft / name).exists():
            os.replace(draft / name, target / name)
        else:
            (target / name).unlink(missing_ok=True)
