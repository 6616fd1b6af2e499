"""Which files of a run may leave the house: said in the folder itself, where whoever passes it on will see it."""

from __future__ import annotations

from collections.abc import Iterable

#: Files that hold every number as it was computed or counted.
INTERNAL = ("prognose.nc", "eingaben.nc", "raten.nc", "haushalte.nc")
#: Where it is said.
NAME = "weitergabe.txt"


def passing_on(files: Iterable[str], *, internal: bool) -> str:
    """Sentences and names for the files of a folder; ``internal``: no file is protected.

    Examples
    --------
    >>> print(passing_on(["bericht.html", "prognose.nc"], internal=False))
    Was aus diesem Ordner weitergegeben werden darf
    <BLANKLINE>
    Gerundet und mit Schutz kleiner Zahlen, zum Weitergeben:
      bericht.html
    <BLANKLINE>
    NUR INTERN, ungerundet und ohne Schutz kleiner Zahlen, nicht weitergeben:
      prognose.nc
    <BLANKLINE>
    """
    names = list(files)
    kept = [name for name in names if internal or name in INTERNAL]
    given = [name for name in names if name not in kept]
    why = (
        "das Projekt verlangt keinen Schutz kleiner Zahlen" if internal else "ungerundet und ohne Schutz kleiner Zahlen"
    )
    lists = {
        "Gerundet und mit Schutz kleiner Zahlen, zum Weitergeben:": given,
        f"NUR INTERN, {why}, nicht weitergeben:": kept,
    }
    parts = ["\n".join([heading, *(f"  {name}" for name in names)]) for heading, names in lists.items() if names]
    return "\n\n".join(["Was aus diesem Ordner weitergegeben werden darf", *parts]) + "\n"
