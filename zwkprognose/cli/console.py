"""What a console cannot show is shown plainly instead of ending the program: code pages of Windows lack some signs."""

from __future__ import annotations

import codecs
import io
import sys

#: Signs that old code pages lack → what stands for them.
_PLAIN = {
    "\u202f": " ", "\u2009": " ", "\u00a0": " ", "−": "-", "–": "-", "•": "*", "·": "-", "…": "...", "„": '"', "“": '"',
    "»": '"', "«": '"', "×": "x", "≤": "<=", "≥": ">=", "→": "->", "½": "1/2", "Σ": "Summe", "³": "3", "²": "2",
}  # fmt: skip
_NAME = "zwkprognose.plain"


def speak_plainly() -> None:
    """Let standard output and error write every text, whatever their code page."""
    codecs.register_error(_NAME, _plainly)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=_NAME)


def _plainly(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(_PLAIN.get(sign, "?") for sign in error.object[error.start : error.end]), error.end
