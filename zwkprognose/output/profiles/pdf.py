"""Pages as PDF, without a browser: one layout of all pages, cut into one file for each."""

from __future__ import annotations

import logging
from collections.abc import Sequence
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
        raise MissingExtraError(
            f"WeasyPrint ist da, aber ein Teil des Systems fehlt ihm: {error}.",
            remedy="Pango installieren (Debian: apt install libpango-1.0-0 libpangoft2-1.0-0), oder --nur-html.",
        ) from None


def laid_out(html: str) -> Any:
    """The document with its pages; it fetches nothing."""
    import weasyprint

    logging.getLogger("weasyprint").setLevel(logging.ERROR)
    return weasyprint.HTML(string=html, url_fetcher=_nothing).render()


def check_one_page_each(document: Any, count: int) -> None:
    """Refuse a layout in which places do not have one page each; single files would hold the wrong one.

    Raises
    ------
    OutputError
        If a profile runs over its page.
    """
    if len(document.pages) != count:
        raise OutputError(
            f"{count} Profile füllen {len(document.pages)} Seiten: Ein Profil passt nicht auf eine Seite.",
            remedy="Lange Namen, Titel oder Quellen kürzen, oder nur HTML schreiben (--nur-html).",
        )


def write_all(document: Any, path: Path) -> None:
    """All pages as one file."""
    document.write_pdf(path)


def write_each(document: Any, paths: Sequence[Path]) -> None:
    """Every page as a file of its own."""
    for page, path in zip(document.pages, paths, strict=True):
        document.copy([page]).write_pdf(path)


def _nothing(url: str, *_: Any, **__: Any) -> Any:
    raise ValueError(f"profiles fetch nothing, not {url}")
