"""A page to read as HTML and Markdown, with the tables behind it: looks back and comparisons are written alike."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from zwkprognose.output.files.extras import require
from zwkprognose.output.files.folder import refuse_results, whole_folder
from zwkprognose.output.files.long_table import field, write_rows


def write_reading(
    folder: str | Path, names: Sequence[str], page: Callable[[], tuple[str, str]], tables: Callable[[Path], None],
    *, force: bool,
) -> Path:  # fmt: skip
    """Write HTML and Markdown (the first two names) and what ``tables`` writes beside them, whole or not at all.

    Raises
    ------
    OutputError
        If the folder already has them and ``force`` is not given, or the system refuses to write.
    """
    require("jinja2", extra="report")
    refuse_results(folder, names, force=force, ours=is_ours(names[0]))
    html, markdown = page()
    with whole_folder(folder, names, force=force) as draft:
        (draft / names[0]).write_text(html, encoding="utf-8")
        (draft / names[1]).write_text(markdown, encoding="utf-8")
        tables(draft)
    return Path(folder)


def is_ours(name: str) -> Callable[[Path], bool]:
    """Whether the page of that name in a folder is one of this program."""

    def check(folder: Path) -> bool:
        page = folder / name
        return page.is_file() and b"zwkprognose" in page.read_bytes()[:4096]

    return check


def write_table(path: Path, head: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """A CSV table with at most three decimals."""
    write_rows(path, head, (";".join(field(_short(cell)) for cell in row) for row in rows))


def _short(value: Any) -> Any:
    return round(value, 3) if isinstance(value, float) else value
