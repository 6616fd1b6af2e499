"""Folders of results that exist whole or not at all: written beside the target, then moved there.

A draft is a hidden folder beside the target that only its owner can read. When it is whole, the old results move into
it, and the new ones out of it: renames on one file system, so no disk can be full then. Whoever is stopped between two
renames leaves a draft with the old results; the next run puts them back and removes the draft.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp

from zwkprognose.errors import OutputError
from zwkprognose.output.files.atomic import umask, write_error

#: Folder in a draft that holds the old results while the new ones move in.
_OLD = "vorher"
#: File in it that says that all of the old results are there.
_ALL = ".alle"
#: Drafts that this process is at work on.
_LIVE: set[Path] = set()
#: Seconds after which a draft of an unknown process is left over, and a lock is.
_LEFT_OVER, _LOCKED = 24 * 3600, 60


@contextmanager
def whole_folder(
    folder: str | Path, names: Sequence[str], *, force: bool = True, what: str = "Ergebnisse"
) -> Iterator[Path]:
    """Give a draft folder; when the block ends well, its files ``names`` are in ``folder``.

    Files of ``folder`` with other names are left alone; one of ``names`` that the block does not make is removed.

    Raises
    ------
    OutputError
        If the system refuses to write, or another run has written results meanwhile and ``force`` is not given.
        Nothing is left behind, and errors name the target, not the draft.
    """
    target = Path(folder).absolute()
    recover(target, names)
    draft = _draft_for(target)
    try:
        yield draft
        with _alone(target):
            refuse_results(target, names, force=force, what=what)
            _move_in(draft, target, names)
    except OSError as error:
        raise write_error(Path(folder), error) from error
    except OutputError as error:
        message = error.message.replace(str(draft), str(folder)).replace(str(target), str(folder))
        raise OutputError(message, cells=error.cells, remedy=error.remedy) from error
    finally:
        _LIVE.discard(draft)
        if not (draft / _OLD).exists():
            shutil.rmtree(draft, ignore_errors=True)


def refuse_results(
    folder: str | Path,
    names: Iterable[str],
    *,
    force: bool,
    what: str = "Ergebnisse",
    ours: Callable[[Path], bool] = lambda _: True,
) -> None:
    """Refuse a folder that already has results, before any work is done.

    Raises
    ------
    OutputError
        If one of ``names`` is there and ``force`` is not given or they are not ``ours``, or the path is a file.
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
    if present and not ours(target):
        raise OutputError(
            f"Im Ordner {target} liegen Dateien, die so heißen wie Ergebnisse, aber nicht von einem Lauf stammen: "
            f"{', '.join(present)}.",
            remedy="Einen anderen Ordner angeben; --force ersetzt nur Ergebnisse.",
        )


def recover(folder: str | Path, names: Sequence[str]) -> None:
    """Put back what a run that was stopped while it moved its results has left, and remove its draft."""
    target = Path(folder).absolute()
    for draft in sorted(target.parent.glob(f".{target.name[:40]}.*.entwurf")):
        if _is_alive(draft):
            continue
        _put_back(draft, target, names)
        shutil.rmtree(draft, ignore_errors=True)


def _draft_for(target: Path) -> Path:
    """A hidden folder beside the target, on the same file system; its name says which process it belongs to."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        draft = Path(mkdtemp(prefix=f".{target.name[:40]}.{os.getpid()}.", suffix=".entwurf", dir=target.parent))
    except OSError as error:
        raise write_error(target, error) from error
    _LIVE.add(draft)
    return draft


def _is_alive(draft: Path) -> bool:
    """Whether the process that made a draft may still be at work."""
    process = draft.name.removesuffix(".entwurf").split(".")[-2]
    if draft in _LIVE:
        return True
    if os.name != "posix" or not process.isdigit():
        return time.time() - draft.stat().st_mtime < _LEFT_OVER
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return int(process) != os.getpid()


def _move_in(draft: Path, target: Path, names: Sequence[str]) -> None:
    """Rename the whole draft if the target is new, else file by file; whatever happens, old or new are there whole.

    A result that is not made this time is removed: it would not belong to the others.
    """
    if not target.exists():
        draft.chmod(0o777 & ~umask())
        os.rename(draft, target)
        return
    made = [name for name in names if (draft / name).exists()]
    try:
        (draft / _OLD).mkdir()
        for name in names:
            if (target / name).exists():
                os.replace(target / name, draft / _OLD / name)
        (draft / _OLD / _ALL).touch()
        for name in made:
            os.replace(draft / name, target / name)
    except BaseException:
        _put_back(draft, target, names)
        raise
    shutil.rmtree(draft / _OLD)


def _put_back(draft: Path, target: Path, names: Sequence[str]) -> None:
    """The old results are where they were and the new ones gone, unless all of these had moved already."""
    old = draft / _OLD
    if not old.exists():
        return
    if any((draft / name).exists() for name in names):
        if (old / _ALL).exists():
            moved = [name for name in names if not (draft / name).exists() and not (old / name).exists()]
            for name in moved:
                (target / name).unlink(missing_ok=True)
            (old / _ALL).unlink()
        for one in old.iterdir():
            os.replace(one, target / one.name)
    shutil.rmtree(old)


@contextmanager
def _alone(target: Path) -> Iterator[None]:
    """Wait until no other run moves its results into the same target."""
    lock = target.parent / f".{target.name[:40]}.sperre"
    deadline = time.monotonic() + _LOCKED
    while not _locked(lock):
        if time.monotonic() > deadline:
            raise OutputError(
                f"Ein anderer Lauf schreibt gerade nach {target}.",
                remedy=f"Warten, oder {lock} löschen, wenn keiner läuft.",
            )
        time.sleep(0.05)
    try:
        yield
    finally:
        lock.unlink(missing_ok=True)


def _locked(lock: Path) -> bool:
    """Whether this call has made the lock; one that was left over is removed first."""
    try:
        if time.time() - lock.stat().st_mtime > _LOCKED:
            lock.unlink(missing_ok=True)
    except FileNotFoundError:
        pass
    try:
        os.close(os.open(lock, os.O_CREAT | os.O_EXCL | os.O_WRONLY))
    except FileExistsError:
        return False
    return True
