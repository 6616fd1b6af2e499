"""Pages as PDF, without a browser: one layout of all pages, cut into one file for each."""

from __future__ import annotations

import gc
import logging
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from zwkprognose.errors import MissingExtraError, OutputError
from zwkprognose.output.files.extras import require

#: What must be said where the library is missing: nothing is written in its stead.
REMEDY = "pip install 'zwkprognose[pdf]', oder nur HTML schreiben: --nur-html (pdf=False)"


def require_pdf() -> None:
    """Refuse before any work is done if PDF files cannot be written here.

    Raises
    ------
    MissingExtraError
        Says what to install, also where the library is there and a part of the system is not.
    """
    require("weasyprint", extra="pdf", remedy=REMEDY)
    try:
        import weasyprint  # noqa: F401
    except OSError as error:
        library = re.search(r"library '([^']+)'", str(error))
        raise MissingExtraError(
            f"WeasyPrint ist da, aber ein Teil des Systems fehlt ihm{f' ({library[1]})' if library else ''}.",
            remedy="Pango installieren (Debian: apt install libpango-1.0-0 libpangoft2-1.0-0), oder --nur-html.",
        ) from error


def laid_out(html_of: Callable[[frozenset[str]], str], anchors: Sequence[str]) -> Any:
    """The document with one page for each place; it fetches nothing.

    Parameters
    ----------
    html_of : callable
        The document in which the places with these anchors are set more closely.
    anchors : sequence of str
        Anchor of every place in order.

    Raises
    ------
    OutputError
        If a profile does not fit its page even then; single files would hold the wrong one.
    """
    document = _rendered(html_of(frozenset()))
    if long := _too_long(document, anchors):
        document = _rendered(html_of(long))
    if long := _too_long(document, anchors):
        raise OutputError(
            f"{len(long)} von {len(anchors)} Profilen passen nicht auf eine Seite.",
            remedy="Lange Namen, Titel oder Quellen kürzen, oder nur HTML schreiben (--nur-html).",
        )
    return document


def _rendered(html: str) -> Any:
    import weasyprint

    logging.getLogger("weasyprint").setLevel(logging.ERROR)
    logging.getLogger("fontTools").setLevel(logging.ERROR)
    with _without_collecting():
        return weasyprint.HTML(string=html, url_fetcher=_nothing).render()


def _too_long(document: Any, anchors: Sequence[str]) -> frozenset[str]:
    """Places that run over their page: a page on which no place begins belongs to the one before."""
    found, last = set(), anchors[0]
    for page in document.pages:
        here = [anchor for anchor in anchors if anchor in page.anchors]
        found |= {last} if not here else set(here[:-1])
        last = here[-1] if here else last
    return frozenset(found)


def write_all(document: Any, path: Path) -> None:
    """All pages as one file."""
    with _without_collecting():
        document.write_pdf(path)


def write_each(document: Any, paths: Sequence[Path]) -> None:
    """Every page as a file of its own."""
    for page, path in zip(document.pages, paths, strict=True):
        document.copy([page]).write_pdf(path)


@contextmanager
def _without_collecting() -> Iterator[None]:
    """No search for cycles meanwhile: a layout makes millions of objects that stay, a third of its time goes there."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def _nothing(url: str, *_: Any, **__: Any) -> Any:
    raise ValueError(f"profiles fetch nothing, not {url}")
