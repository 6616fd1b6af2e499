"""Progress of a run on stderr."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from zwkprognose.projects.run import Progress


@contextmanager
def progress_bar() -> Iterator[Progress]:
    """A bar of steps that names the present one; shown only where somebody can see it."""
    from tqdm import tqdm

    bar = tqdm(total=0, disable=None, leave=False, bar_format="{desc:<40}|{bar:20}| Schritt {n_fmt} von {total_fmt}")

    def tell(step: str, done: int, total: int) -> None:
        bar.total = total
        bar.set_description_str(step, refresh=False)
        bar.update(done + 1 - bar.n)
        bar.refresh()

    try:
        yield tell
    finally:
        bar.close()
