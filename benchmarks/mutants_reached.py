"""Called in a marked copy, before each statement that will be changed: notes which test came by.

Nothing but the standard library: processes that a test starts load it too, and write to the same file.
"""

from __future__ import annotations

import os
from contextlib import suppress

_known: set[tuple[str, str]] = set()


def at(number: int) -> None:
    """One line for the number and the running test, once."""
    reached = str(number), os.environ.get("RUNNING_TEST", "")
    if reached not in _known and "MUTANTS_REACHED" in os.environ:
        _known.add(reached)
        with suppress(OSError), open(os.environ["MUTANTS_REACHED"], "a", encoding="utf-8") as file:
            file.write("\t".join(reached) + "\n")  # a test may let the system refuse to write
