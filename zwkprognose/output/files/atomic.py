"""Files that exist whole or not at all: written beside the target, then renamed."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkstemp

from zwkprognose.errors import OutputError, system_words

_CAUSES = {
    errno.ENOSPC: ("auf dem Datenträger ist kein Platz mehr", "Platz schaffen oder einen anderen Ordner angeben."),
    errno.EDQUOT: ("das Speicherkontingent ist erschöpft", "Platz schaffen oder einen anderen Ordner angeben."),
    errno.EFBIG: ("die Datei ist größer, als hier erlaubt ist", "Einen anderen Ordner angeben."),
    errno.EACCES: ("die Berechtigung fehlt", "Die Berechtigung prüfen oder einen anderen Ordner angeben."),
    errno.EPERM: ("die Berechtigung fehlt", "Die Berechtigung prüfen oder einen anderen Ordner angeben."),
    errno.EROFS: ("der Datenträger ist schreibgeschützt", "Einen anderen Ordner angeben."),
    errno.ENOENT: ("der Ordner ist nicht vorhanden", "Den Ordner anlegen oder den Pfad prüfen."),
    errno.ENOTDIR: ("ein Teil des Pfads ist kein Ordner", "Den Pfad prüfen."),
    errno.EISDIR: ("dort liegt ein Ordner", "Einen Dateinamen angeben."),
    errno.ENAMETOOLONG: ("der Name ist zu lang", "Einen kürzeren Namen angeben."),
}


@contextmanager
def whole_file(path: str | Path) -> Iterator[Path]:
    """Give a temporary path beside ``path``; when the block ends well it becomes ``path``.

    Raises
    ------
    OutputError
        If the system refuses to write. Nothing is left behind and an older file stays as it was.
    """
    target = Path(path)
    temporary: Path | None = None
    try:
        handle, name = mkstemp(prefix=f".{target.name[:40]}.", suffix=target.suffix, dir=target.parent)
        os.close(handle)
        temporary = Path(name)
        yield temporary
        temporary.chmod(0o666 & ~umask())
        os.replace(temporary, target)
    except OSError as error:
        raise write_error(target, error) from error
    finally:
        if temporary is not None:
            temporary.unlink(missing_ok=True)


def write_error(target: Path, error: OSError) -> OutputError:
    """The German error for a refusal of the system to write ``target``."""
    unusual = (system_words(error), "Den Pfad prüfen oder einen anderen Ordner angeben.")
    cause, remedy = _CAUSES.get(error.errno or 0, unusual)
    return OutputError(f"{target} kann nicht geschrieben werden: {cause}.", remedy=remedy)


def umask() -> int:
    """Permissions that this process does not give to new files."""
    mask = os.umask(0)
    os.umask(mask)
    return mask
