"""A file is what its name says: no page under the name of a PDF."""

from __future__ import annotations

from pathlib import Path

from zwkprognose.errors import OutputError
from zwkprognose.inputs.handed import handed


def require_ending(path: str | Path, *endings: str) -> None:
    """Refuse a name with another ending than that of the format.

    Examples
    --------
    >>> require_ending("bericht.html", ".html", ".htm")

    Raises
    ------
    OutputError
        Names the ending and what is written instead.
    """
    if not isinstance(path, str | Path):
        raise OutputError(
            f"Der Name der Datei fehlt; an seiner Stelle steht {handed(path)}.",
            remedy=f'Zuerst die Vorausberechnung angeben, dann den Pfad, zum Beispiel "ergebnis{endings[0]}".',
        )
    suffix = Path(path).suffix
    if suffix.lower() not in endings:
        raise OutputError(
            f"{Path(path).name}: Geschrieben wird {endings[0]}, nicht {suffix or 'eine Datei ohne Endung'}.",
            remedy=f"Einen Dateinamen mit der Endung {endings[0]} angeben"
            + ("; ein PDF entsteht im Browser mit „Drucken“." if suffix.lower() == ".pdf" else "."),
        )
