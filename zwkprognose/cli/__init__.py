"""The commands: ``zwkprognose demo | run | check | hindcast | compare | report | lab | profile | cluster | new``."""

from __future__ import annotations

import sys
from collections.abc import Sequence

#: Exit codes: done; the inputs contain errors or a step failed; the call itself is wrong.
DONE, FAILED, WRONG_CALL = 0, 1, 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return the exit code.

    Errors are German text on stderr, never a traceback.
    """
    from zwkprognose.errors import MissingExtraError

    try:
        _require_extra()
    except MissingExtraError as error:
        print(error, file=sys.stderr)
        return FAILED
    from zwkprognose.cli.app import execute
    from zwkprognose.cli.console import speak_plainly

    speak_plainly()
    return execute(list(sys.argv[1:] if arguments is None else arguments))


def _require_extra() -> None:
    from importlib.util import find_spec

    from zwkprognose.errors import MissingExtraError

    missing = [name for name in ("typer", "tqdm") if find_spec(name) is None]
    if missing:
        raise MissingExtraError(
            f"Für die Befehle werden die Pakete {' und '.join(missing)} gebraucht.",
            remedy="pip install 'zwkprognose[full]'",
        )
